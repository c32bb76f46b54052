"""Questions to Telegram and what its answers mean, including nonsensical ones.

until_answered   what the program cannot do without: asked until there is an answer
AskingBot        what handlers ask: a few times, then `Unanswered`; the update is handled again
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.core.errors import OperatorError, Unanswered
from bot.telegram.places import away

log = structlog.get_logger("telegram")

_T = TypeVar("_T")
_LONGEST_PAUSE = 30.0
_LONGEST_HOLD = 3600.0
_PAUSES = (0.3, 1.0)
"""Seconds between the tries of a handler's question."""
_PATIENCE = 5.0
NONSENSE = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)
"""What PTB raises for an answer of the wrong shape."""


async def until_answered(
    ask: Callable[[], Awaitable[_T]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> _T:
    """Ask Telegram, and wait while the network is down, while a 429 lasts (as long as Telegram
    says, an hour at most) and while answers make no sense. Raises OperatorError if Telegram does
    not accept the token."""
    pause = 1.0
    while True:
        try:
            return await ask()
        except InvalidToken:
            raise OperatorError(
                "KABAR_TOKEN: Telegram does not accept this token; ask @BotFather for it again."
            ) from None
        except RetryAfter as error:
            wait = min(max(pause, seconds_of(error)), _LONGEST_HOLD)
            log.warning("telegram.holds_us", again_in=wait)
        except TelegramError as error:
            wait = pause
            log.warning("telegram.unreachable", reason=str(error), again_in=wait)
        except NONSENSE as error:
            wait = pause
            log.warning("telegram.makes_no_sense", reason=type(error).__name__, again_in=wait)
        await sleep(wait)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def introduce(bot: telegram.Bot) -> None:
    """Ask who we are. Raises what PTB raises, and ValueError for an answer that names nobody."""
    await bot.initialize()
    me: Any = bot.bot  # whatever Telegram said: PTB checks no types
    if not (isinstance(me.id, int) and me.is_bot is True and isinstance(me.username, str)):
        await bot.shutdown()  # or it would not ask again
        raise ValueError("no bot")


class AskingBot(telegram.Bot):
    """PTB's bot, whose questions are asked again when Telegram does not answer.

    Raises `Unanswered` if it still does not, so that no handler ends in silence; BadRequest and
    Forbidden as usual.
    """

    async def get_chat(self, *args: Any, **more: Any) -> telegram.ChatFullInfo:
        return await _ask(super().get_chat, *args, **more)

    async def get_chat_member(self, *args: Any, **more: Any) -> telegram.ChatMember:
        return await _ask(super().get_chat_member, *args, **more)


async def _ask(
    question: Callable[..., Awaitable[_T]], chat: int | str, *rest: Any, **more: Any
) -> _T:
    reason = ""
    with away():
        for pause in (*_PAUSES, None):
            wait = pause
            try:
                return await question(chat, *rest, **more)
            except (BadRequest, Forbidden):
                raise
            except ChatMigrated as error:
                chat = error.new_chat_id
                reason = "the chat moved"
            except RetryAfter as error:
                if seconds_of(error) > _PATIENCE:
                    raise Unanswered("Telegram asks us to wait.") from None
                wait = None if pause is None else seconds_of(error)
                reason = "too many requests"
            except TelegramError as error:
                reason = str(error)
            except NONSENSE as error:
                reason = type(error).__name__
            if wait is not None:
                await asyncio.sleep(wait)
    raise Unanswered(f"Telegram does not answer: {reason}")


def seconds_of(error: RetryAfter) -> float:
    """How long a 429 asks us to wait."""
    value = error.retry_after
    return float(value if isinstance(value, int | float) else value.total_seconds())
