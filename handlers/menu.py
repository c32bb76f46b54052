"""The command menus that Telegram shows, for each scope and language. Makes no calls."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeDefault,
)

from bot.core.language import Translator
from bot.core.model import TelegramId
from bot.i18n import Languages
from handlers import (
    alerts,
    comments,
    corrections,
    desk,
    moderation,
    origins,
    preferences,
    report,
    settings,
    sponsors,
    ticker,
    topic_choice,
)

_FOR_MEMBERS = frozenset({"latest", "search", "corrections", "help"})
"""Commands that everybody in a group may use; all others are for its administrators."""


def everybody(tr: Translator, *, commenting: bool, private: bool) -> list[tuple[str, str]]:
    """Commands that work in a private chat, or in a group, with what each does, in the order of
    /help."""
    found = [
        ("latest", tr.gettext("the latest headlines")),
        ("search", tr.gettext("search the archive")),
        ("subscribe", tr.gettext("get all news, or news on a topic")),
        ("unsubscribe", tr.gettext("stop all news, or news on a topic")),
        *topic_choice.menu(tr),
        *preferences.menu(tr),
        *alerts.menu(tr),
        *ticker.menu(tr),
        *corrections.menu(tr),
        ("language", tr.gettext("choose this chat's language")),
        *settings.menu(tr),
    ]
    if commenting:
        found += comments.menu(tr, private=private)
    return [*found, ("help", tr.gettext("all commands"))]


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands of one scope, in one language (empty: for all languages without a menu of their
    own)."""

    scope: BotCommandScope
    language: str
    commands: tuple[BotCommand, ...]


def menus(languages: Languages, moderators: TelegramId | None) -> list[Menu]:
    """All menus. Telegram shows the one of the narrowest scope, in a person's language if there is
    one: private chats, groups, their administrators, the moderators' chat and its editors."""
    found = []
    for code in ("", *languages.codes):
        tr = languages.of(code or languages.default)
        for scope, rows in _scopes(tr, moderators):
            found.append(Menu(scope, code, tuple(BotCommand(*row) for row in rows)))
    return found


def _scopes(
    tr: Translator, moderators: TelegramId | None
) -> list[tuple[BotCommandScope, list[tuple[str, str]]]]:
    commenting = moderators is not None
    ours = everybody(tr, commenting=commenting, private=False)
    found: list[tuple[BotCommandScope, list[tuple[str, str]]]] = [
        (BotCommandScopeDefault(), everybody(tr, commenting=commenting, private=True)),
        (BotCommandScopeAllGroupChats(), [row for row in ours if row[0] in _FOR_MEMBERS]),
        (BotCommandScopeAllChatAdministrators(), ours),
    ]
    if moderators is not None:
        work = moderation.menu(tr)
        desks = desk.menu(tr) + work + origins.menu(tr) + report.menu(tr) + sponsors.menu(tr)
        found += [
            (BotCommandScopeChat(moderators), work + ours),
            (BotCommandScopeChatAdministrators(moderators), desks + ours),
        ]
    return found
