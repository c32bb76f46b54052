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

from bot.core.callbacks import Kind, pattern
from handlers import (
    articles,
    comments,
    editors,
    inline,
    language,
    members,
    moderation,
    search,
    start,
    subscriptions,
    threads,
)
from handlers.errors import make_error_handler
from handlers.turn import Desk, Handler, bind

_COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": start.help_,
    "latest": articles.latest,
    "search": search.search,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "language": language.language,
    **editors.COMMANDS,
    **comments.COMMANDS,
    **moderation.COMMANDS,
}
_BUTTONS: tuple[tuple[Kind, Handler], ...] = (
    (Kind.SUBSCRIBE, subscriptions.subscribe),
    (Kind.LANGUAGE, language.choose),
    (Kind.OPEN, articles.open_article),
    (Kind.SEARCH, search.turn_page),
    (Kind.SEARCH_KEPT, search.turn_page),
    *editors.BUTTONS,
    *comments.BUTTONS,
    *moderation.BUTTONS,
)
_MOVED = filters.StatusUpdate.MIGRATE
_TOPIC = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED
_SPOKEN = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST


def register(application: Application[Any, Any, Any, Any, Any, Any], desk: Desk) -> None:
    """Put the table into python-telegram-bot's application."""
    application.add_handlers([*_table(desk)])
    application.add_error_handler(make_error_handler(desk))


def _table(desk: Desk) -> list[BaseHandler[Update, Any, Any]]:
    table: list[BaseHandler[Update, Any, Any]] = [
        ChatMemberHandler(bind(desk, members.membership), ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(_MOVED, bind(desk, members.migration)),
        MessageHandler(_TOPIC, bind(desk, members.topic)),
        InlineQueryHandler(bind(desk, inline.answer)),
    ]
    for wanted, handler in threads.messages():
        table.append(MessageHandler(wanted, bind(desk, handler)))
    for name, handler in _COMMANDS.items():
        table.append(CommandHandler(name, bind(desk, handler), filters=_SPOKEN))
    for kind, handler in _BUTTONS:
        table.append(CallbackQueryHandler(bind(desk, handler), pattern=pattern(kind)))
    table.append(CallbackQueryHandler(bind(desk, start.unknown_button)))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    table.append(MessageHandler(private & filters.COMMAND, bind(desk, start.unknown_command)))
    for wanted, handler in comments.messages() + moderation.messages():
        table.append(MessageHandler(wanted, bind(desk, handler)))
    return table
