"""Tunes what Python itself does beside our work: garbage collection, thread switches.

Knows the interpreter only. Figures: `python -m benchmarks delivery latency`.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar

_T = TypeVar("_T")

_YOUNG, _MIDDLE, _OLD = 10_000, 10, 10
"""Thresholds of the garbage collector. Python's default of 700 new objects is a dozen messages: at
a thousand a second it would run every few milliseconds. Most of our objects die by reference count
anyway."""
_SWITCH_SECONDS = 0.001
"""Seconds that a database thread waits for the loop to release the interpreter (Python's default: 5
ms). It waits at each statement, with all other writers behind it."""


class _Absent(ModuleType):
    """Stands in for a library that is not used; every name in it is a class, for annotations."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def hastening() -> Iterator[None]:
    """For the imports of a program that has to start quickly. A tenth of their time went to
    collecting garbage when there is none (until `freeze_garbage` none is collected), a tenth to
    libraries of libraries: python-telegram-bot has a client of its own, for which it needs httpx
    (ours goes over aiohttp, `bot.telegram.transport`), and structlog draws tracebacks with rich if
    it can (ours are plain, `bot.logs`)."""
    gc.disable()
    unused = [name for name in ("httpx", "rich") if name not in sys.modules]
    sys.modules.update((name, _Absent(name)) for name in unused)
    try:
        yield
    finally:
        for name in unused:  # later imports get the real ones
            del sys.modules[name]


def freeze_garbage() -> None:
    """Called once everything runs. What lives as long as the program is never scanned again:
    walking through half a million objects of libraries held everybody up for 0.1 s, again and
    again. The price: garbage cycles among them would stay, so they are collected first."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    gc.enable()
    sys.setswitchinterval(_SWITCH_SECONDS)


LARGE = 500_000
"""Bytes that may be hashed, unpacked or decoded without yielding to the loop: some 5 ms."""


async def beside_loop(size: int, do: Callable[..., _T], *arguments: Any) -> _T:
    """Call a function; in a thread if it works on so many bytes that the loop would stop for it."""
    if size <= LARGE:
        return do(*arguments)
    return await asyncio.to_thread(do, *arguments)
