"""What Python itself does beside our work, and when: collecting garbage, changing threads.

Knows the interpreter only. Figures: `python -m benchmarks delivery latency`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_YOUNG, _MIDDLE, _OLD = 10_000, 10, 10
"""Python's 700 new objects are a dozen messages: at a thousand a second it would look after each
few milliseconds. Most of ours die by reference count anyway."""
_SWITCH_SECONDS = 0.001
"""How long a thread of the database waits for the loop to let go of the interpreter (Python: 5 ms).
It waits at each statement, with all other writers behind it."""


class _Absent(ModuleType):
    """Stands for a library that nobody uses; what is named in it is a class, for annotations."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def hastening() -> Iterator[None]:
    """For the imports of a program that is to be there soon. A tenth of their time went to
    collecting garbage where there is none (until it `settle`s, none is), a tenth to libraries of
    libraries: python-telegram-bot has a client of its own, for which it needs httpx (ours goes over
    aiohttp, `bot.telegram.transport`), and structlog draws tracebacks with rich if it can (ours are
    plain, `bot.logs`)."""
    gc.disable()
    unused = [name for name in ("httpx", "rich") if name not in sys.modules]
    sys.modules.update((name, _Absent(name)) for name in unused)
    try:
        yield
    finally:
        for name in unused:  # whoever needs them later gets the real ones
            del sys.modules[name]


def settle() -> None:
    """Called once everything runs. What lives as long as the program is never scanned again:
    walking through half a million objects of libraries held everybody up for 0.1 s, again and
    again. Cost: garbage in cycles among them would stay, so it is collected first."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    gc.enable()
    sys.setswitchinterval(_SWITCH_SECONDS)
