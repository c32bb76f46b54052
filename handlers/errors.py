"""What happens when a handler fails: the person gets one polite sentence. The inbox logs it, and
sets it aside (`bot.telegram.updates`)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.attempts import log_fault
from handlers.access import is_member
from handlers.context import Context, Deps, open_context

ErrorHandler = Callable[[object, Any], Coroutine[Any, Any, None]]


def make_error_handler(deps: Deps) -> ErrorHandler:
    """The error handler for python-telegram-bot: for our own faults."""

    async def on_error(update: object, _: Any) -> None:
        if not isinstance(update, Update) or update.effective_chat is None:
            return
        try:
            await _apologise(await open_context(deps, update))
        except Exception as error:  # noqa: BLE001 - whatever failed before fails here again
            log_fault("handler.no_apology", error)

    return on_error


async def _apologise(ctx: Context) -> None:
    sentence = ctx.tr.gettext("Sorry, that didn't work. Please try again later.")
    if ctx.update.callback_query is not None:
        await ctx.toast(sentence, alert=True)
    elif ctx.private or _command(ctx) or await is_member(ctx):
        await ctx.answer(sentence)


def _command(ctx: Context) -> bool:
    message = ctx.update.effective_message
    return message is not None and (message.text or "").startswith("/")
