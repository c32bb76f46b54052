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
    """PTB's application, with one difference: what fails goes back to the inbox.

    A full disk, and a question that Telegram does not answer, are not the handler's fault: the
    inbox tries again. Of anything else the person is told here, and the inbox sets it aside.
    """

    async def process_error(
        self, update: object, error: Exception, *args: Any, **more: Any
    ) -> bool:
        if not isinstance(error, StorageError | OperatorError | Unanswered):
            await super().process_error(update, error, *args, **more)
        raise error

    async def handle(self, update: Update) -> None:
        """Hand one update to its handlers. Raises StorageError, Unanswered, OperatorError, and
        anything for what cannot be read."""
        await self.process_update(telegram.Update.de_json(update, self.bot))


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
