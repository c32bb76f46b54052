"""The command menus that Telegram shows, for each scope and language."""

from __future__ import annotations

import structlog
import telegram
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeChat
from telegram.error import TelegramError

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

log = structlog.get_logger("menu")


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


async def set_menus(bot: telegram.Bot, languages: Languages, moderators: TelegramId | None) -> None:
    """Tell Telegram. A menu is a convenience: without it the commands work all the same."""
    commenting = moderators is not None
    try:
        for code in (None, *languages.codes):
            tr = languages.of(code or languages.default)
            mine = everybody(tr, commenting=commenting, private=True)
            ours = everybody(tr, commenting=commenting, private=False)
            await bot.set_my_commands(_commands(mine), language_code=code)
            await bot.set_my_commands(
                _commands(ours), scope=BotCommandScopeAllGroupChats(), language_code=code
            )
            about = tr.gettext(
                "Our news as soon as it's out, with pictures and sources. Search the archive, "
                "comment, and hear back from the editors."
            )
            await bot.set_my_description(about, language_code=code)
        if moderators is not None:
            tr = languages.of(languages.default)
            ours = desk.menu(tr) + moderation.menu(tr) + origins.menu(tr) + report.menu(tr)
            ours += sponsors.menu(tr) + everybody(tr, commenting=True, private=False)
            await bot.set_my_commands(_commands(ours), scope=BotCommandScopeChat(moderators))
    except TelegramError as error:
        log.warning("menu.not_set", reason=str(error))


def _commands(rows: list[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(name, text) for name, text in rows]
