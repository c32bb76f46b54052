"""What happens when a handler fails: the log learns where, the person gets one polite sentence."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Update

from bot.core.errors import OperatorError, StorageError
from handlers.context import Deps, open_context

ErrorHandler = Callable[[object, Any], Coroutine[Any, Any, None]]

log = structlog.get_logger("handlers")


def make_error_handler(deps: Deps) -> ErrorHandler:
    """The error handler of python-telegram-bot. StorageError is none of its business: the update
    stays in the inbox and is handled again (see `bot.telegram.updates`)."""

    async def on_error(update: object, context: Any) -> None:
        error = context.error
        if isinstance(error, StorageError | OperatorError) or error is None:
            return
        known = update if isinstance(update, Update) else None
        log.error(
            "handler.failed",
            update=known.update_id if known else None,
            chat=known.effective_chat.id if known and known.effective_chat else None,
            exc_info=(type(error), error, error.__traceback__),
        )
        if known is not None and known.effective_chat is not None:
            await _apologise(deps, known)

    return on_error


async def _apologise(deps: Deps, update: Update) -> None:
    ctx = await open_context(deps, update)
    sentence = ctx.tr.gettext("Sorry, that didn't work. Please try again later.")
    if update.callback_query is not None:
        await ctx.toast(sentence, alert=True)
    elif ctx.private:
        await ctx.answer(sentence)
