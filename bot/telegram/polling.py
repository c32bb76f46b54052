"""getUpdates, and what its errors mean. Knows the request, not what people said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import telegram
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.core.errors import OperatorError
from bot.health import Beat, no_beat
from bot.telegram.asking import seconds_of
from bot.telegram.backlog import Update
from bot.telegram.updates import ALLOWED_UPDATES, NetworkTrouble

_GRACE = 10
"""Seconds for the answer itself, in addition to the long poll's own time."""
_CONFLICT = 5


class LongPolling:
    """Asks for updates: a `bot.telegram.updates.Fetch`. `beat` is called at each answer,
    `on_conflict` to find out why another program gets the updates."""

    def __init__(
        self,
        bot: telegram.Bot,
        *,
        beat: Beat = no_beat,
        on_conflict: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._bot = bot
        self._beat = beat
        self._on_conflict = on_conflict

    async def __call__(self, offset: int | None, seconds: int) -> Sequence[Update]:
        """The updates from `offset` on, waiting at most so many seconds for the first. Raises
        NetworkTrouble if Telegram cannot be asked now, OperatorError for a wrong token."""
        request: dict[str, Any] = {"timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            request["offset"] = offset
        try:
            found = await self._bot.do_api_request(
                "getupdates", api_kwargs=request, read_timeout=seconds + _GRACE
            )
        except RetryAfter as error:
            raise NetworkTrouble("too many requests", seconds_of(error)) from None
        except (InvalidToken, EndPointNotFound):  # PTB raises this for a 401 from this call
            raise OperatorError("KABAR_TOKEN: Telegram does not accept this token.") from None
        except Conflict as error:
            if self._on_conflict is not None:
                with suppress(TelegramError):
                    await self._on_conflict()
            why = f"another program reads this bot's updates: {error}"
            raise NetworkTrouble(why, _CONFLICT) from None
        except TelegramError as error:
            raise NetworkTrouble(f"Telegram cannot be asked: {error}") from None
        if not isinstance(found, list):
            raise NetworkTrouble("Telegram's answer is no list of updates")
        self._beat()
        return found
