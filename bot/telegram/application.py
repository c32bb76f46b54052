"""python-telegram-bot's application as we use it: no polling and no jobs of its own.

update as JSON -> telegram.Update -> the registered handlers
"""

from __future__ import annotations

from typing import Any

import telegram
from telegram.ext import Application

from bot.core.errors import OperatorError, StorageError, Unanswered
from bot.telegram.backlog import Update


class KabarApplication(Application):  # type: ignore[type-arg]
    """PTB's application, with one difference: errors go back to the inbox.

    A full disk, or a question that Telegram does not answer, is not the handler's fault: the inbox
    tries again. For anything else the person is told here, and the inbox sets the update aside.
    """

    async def process_error(
        self, update: object, error: Exception, *args: Any, **more: Any
    ) -> bool:
        if not isinstance(error, StorageError | OperatorError | Unanswered):
            await super().process_error(update, error, *args, **more)
        raise error

    async def handle(self, update: Update) -> None:
        """Hand one update to its handlers. Raises StorageError, Unanswered, OperatorError, and any
        exception for an unreadable update."""
        try:
            readable = telegram.Update.de_json(update, self.bot)
        except Exception as error:
            who = _writer(update)
            if who is not None:
                await self.process_error(telegram.Update.de_json(who, self.bot), error)
            raise
        await self.process_update(readable)


def _writer(update: Update) -> Update | None:
    """The sender of a private message that cannot be read, who has to be told."""
    message = update.get("message")
    if not isinstance(message, dict):
        return None
    chat = message.get("chat")
    if not isinstance(chat, dict) or chat.get("type") != "private":
        return None
    known = {name: message.get(name) for name in ("message_id", "date", "chat", "from")}
    return {"update_id": update["update_id"], "message": known}


def application_of(bot: telegram.Bot) -> KabarApplication:
    """An application around a bot that is already initialised."""
    application = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .application_class(KabarApplication)
        .build()
    )
    application._initialized = True  # noqa: SLF001 - the bot is ours and initialised already
    assert isinstance(application, KabarApplication)  # named above
    return application
