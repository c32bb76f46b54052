"""Questions to Telegram that the program cannot go on without: asked until there is an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.core.errors import OperatorError

log = structlog.get_logger("telegram")

_T = TypeVar("_T")
_LONGEST_PAUSE = 30.0
_LONGEST_HOLD = 3600.0


async def until_answered(
    ask: Callable[[], Awaitable[_T]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> _T:
    """Ask Telegram. A network that is down is waited for, and so is the end of a 429, as long as
    Telegram says (an hour at most). Raises OperatorError when it does not accept the token."""
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
        except NetworkError as error:
            wait = pause
            log.warning("telegram.unreachable", reason=str(error), again_in=wait)
        await sleep(wait)
        pause = min(pause * 2, _LONGEST_PAUSE)


def seconds_of(error: RetryAfter) -> float:
    """How long a 429 asks us to wait."""
    value = error.retry_after
    return float(value if isinstance(value, int | float) else value.total_seconds())
