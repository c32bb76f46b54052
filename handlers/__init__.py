"""Everything a person can do: thin functions that parse, call once, render and reply.

`register` is the table, in order: the first line that fits an update handles it.
"""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.core.callbacks import PressKind, pattern
from handlers import (
    alerts,
    articles,
    channels,
    comments,
    complaints,
    corrections,
    desk,
    digest_pages,
    editors,
    flood,
    inline,
    language,
    members,
    moderation,
    origins,
    preferences,
    reading,
    report,
    search,
    settings,
    sponsors,
    start,
    subscriptions,
    threads,
    ticker,
    topic_choice,
    typed,
)
from handlers.access import meant_for_others
from handlers.context import Deps, Handler, bind
from handlers.errors import make_error_handler

_COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": start.help_,
    "latest": articles.latest,
    "search": search.search,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "language": language.language,
    **topic_choice.COMMANDS,
    **settings.COMMANDS,
    **preferences.COMMANDS,
    **ticker.COMMANDS,
    **alerts.COMMANDS,
    **corrections.COMMANDS,
    **desk.COMMANDS,
    **report.COMMANDS,
    **sponsors.COMMANDS,
    **origins.COMMANDS,
    **editors.COMMANDS,
    **comments.COMMANDS,
    **moderation.COMMANDS,
}
_MODERATORS = {
    *sponsors.COMMANDS,
    *desk.COMMANDS,
    *editors.COMMANDS,
    *moderation.COMMANDS,
    "correct",
    "retract",
}
"""Commands of the moderators' chat whose names other bots use too."""
_BUTTONS: tuple[tuple[PressKind, Handler], ...] = (
    (PressKind.SUBSCRIBE, subscriptions.pressed),
    (PressKind.INSTEAD, subscriptions.chosen),
    (PressKind.CHANNEL, channels.pressed),
    (PressKind.LANGUAGE, language.choose),
    (PressKind.OPEN, articles.open_article),
    *reading.BUTTONS,
    (PressKind.SEARCH, search.turn_page),
    (PressKind.SEARCH_KEPT, search.turn_page),
    *corrections.BUTTONS,
    *desk.BUTTONS,
    *alerts.BUTTONS,
    *digest_pages.BUTTONS,
    *topic_choice.BUTTONS,
    *settings.BUTTONS,
    *editors.BUTTONS,
    *comments.BUTTONS,
    *complaints.BUTTONS,
    *moderation.BUTTONS,
)
_MOVED = filters.StatusUpdate.MIGRATE
_TOPIC = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED
_SPOKEN = filters.UpdateType.MESSAGE  # subscribers would see a command posted in a channel


def register(application: Application[Any, Any, Any, Any, Any, Any], deps: Deps) -> None:
    """Put the table into python-telegram-bot's application."""
    application.add_handlers([*_table(deps)])
    application.add_error_handler(make_error_handler(deps))


def _table(deps: Deps) -> list[BaseHandler[Update, Any, Any]]:
    table: list[BaseHandler[Update, Any, Any]] = [
        ChatMemberHandler(bind(deps, members.membership), ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(_MOVED, bind(deps, members.migration)),
        MessageHandler(_TOPIC, bind(deps, members.topic)),
        InlineQueryHandler(bind(deps, inline.answer)),
    ]
    for wanted, handler in typed.messages():
        table.append(MessageHandler(wanted, bind(deps, handler, unless=(flood.leaves,))))
    for wanted, handler in threads.messages():
        table.append(MessageHandler(wanted, bind(deps, handler)))
    for name, handler in _COMMANDS.items():
        unless = (meant_for_others, flood.leaves) if name in _MODERATORS else (flood.leaves,)
        command = bind(deps, handler, unless=unless)
        table.append(CommandHandler(name, command, filters=_SPOKEN))
    for kind, handler in _BUTTONS:
        press = bind(deps, handler, unless=(flood.leaves,))
        table.append(CallbackQueryHandler(press, pattern=pattern(kind)))
    table.append(CallbackQueryHandler(bind(deps, start.unknown_button)))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    table.append(MessageHandler(private & filters.COMMAND, bind(deps, start.unknown_command)))
    for wanted, handler in comments.messages() + moderation.messages():
        table.append(MessageHandler(wanted, bind(deps, handler)))
    return table
