"""Faults on demand: which of the next calls fail, wait or lose their answer. Knows no method.

A test adds faults; each is used up by the calls that it fits, oldest fault first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.errors import ApiError

Drop = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """One fault. It fits a call whose method and chat are its own, None fitting any.

    `delay` seconds pass first; then the call is answered with `error`, or the connection drops
    before or after the request took effect, or (with a delay only) it goes on as usual.
    """

    method: str | None = None
    chat: int | str | None = None
    times: int = 1
    error: ApiError | None = None
    delay: float = 0.0
    drop: Drop | None = None

    def fits(self, method: str, chat: str) -> bool:
        """Is the call one that it is meant for?"""
        return (self.method is None or self.method.lower() == method) and (
            self.chat is None or str(self.chat) == chat
        )


class Faults:
    """The faults that wait for their calls."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(
        self,
        method: str | None = None,
        chat: int | str | None = None,
        *,
        times: int = 1,
        error: tuple[int, str] | tuple[int, str, dict[str, Any]] | None = None,
        delay: float = 0.0,
        drop: Drop | None = None,
    ) -> Fault:
        """Let the next `times` fitting calls fail; `error` is (code, description[, parameters]).

        A description is sent as it is, so write it with its prefix ("Bad Request: ...").
        """
        refusal = ApiError(*error) if error is not None else None
        fault = Fault(method, chat, times, refusal, delay, drop)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all of them."""
        self._waiting.clear()

    def take(self, method: str, chat: str) -> Fault | None:
        """The fault for a call, used up by one; `method` in lower case."""
        for fault in self._waiting:
            if fault.fits(method, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
