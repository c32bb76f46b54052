"""python-telegram-bot's application as we use it: no polling and no jobs of its own.

update as JSON -> telegram.Update -> the registered handlers
"""

from __future__ import annotations

from typing import Any

import structlog
import telegram
from telegram.ext import Application

from bot.core.errors import OperatorError, StorageError
from bot.telegram.updates import Update

log = structlog.get_logger("updates")


class KabarApplication(Application):  # type: ignore[type-arg]
    """PTB's application, with one difference: a full disk is not the handler's fault, so it goes
    back to the inbox, which tries again."""

    async def process_error(
        self, update: object, error: Exception, *args: Any, **more: Any
    ) -> bool:
        if isinstance(error, StorageError | OperatorError):
            raise error
        return await super().process_error(update, error, *args, **more)

    async def handle(self, update: Update) -> None:
        """Hand one update to its handlers. Raises StorageError and OperatorError."""
        try:
            known = telegram.Update.de_json(update, self.bot)
        except (KeyError, TypeError, ValueError):
            log.exception("update.unreadable", update=update.get("update_id"))
            return
        await self.process_update(known)


def application_of(bot: telegram.Bot) -> KabarApplication:
    """An application around a bot that is initialised already."""
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
