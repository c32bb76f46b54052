"""How many handlers work at once; one that waits for something else gives its place to the next.

    taken() -> working ── away() -> waiting (the rate limiter, Telegram) -> working -> done

Without this, seventy groups at their limit would hold every place, and nobody else would be heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_here: ContextVar[_Place | None] = ContextVar("place", default=None)


class Places:
    """So many work at once, and so many more wait, which costs memory. `freed` is called whenever
    one more may begin."""

    def __init__(self, working: int, waiting: int, freed: Callable[[], None]) -> None:
        self._most_working, self._most_waiting = working, waiting
        self._freed = freed
        self.working = 0
        self.waiting = 0

    @property
    def free(self) -> bool:
        return self.working < self._most_working and self.waiting < self._most_waiting

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place for the current task and those that it starts."""
        place = _Place(self)
        self.working += 1
        token = _here.set(place)
        try:
            yield
        finally:
            _here.reset(token)
            place.close()
            self._freed()


class _Place:
    """The place of one handler, which may have several tasks waiting at once."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._away = 0
        self._closed = False

    def leave(self) -> None:
        self._away += 1
        if self._away == 1 and not self._closed:
            self._places.working -= 1
            self._places.waiting += 1
            self._places._freed()  # noqa: SLF001 - two halves of one thing

    def come_back(self) -> None:
        """Resume work at once: there is room, since only a few come back at a time."""
        self._away -= 1
        if not self._away and not self._closed:
            self._places.waiting -= 1
            self._places.working += 1

    def close(self) -> None:
        self._closed = True
        if self._away:
            self._places.waiting -= 1
        else:
            self._places.working -= 1


@contextmanager
def away() -> Iterator[None]:
    """While this is entered, another handler may have the current one's place (if it has any)."""
    place = _here.get()
    if place is None:
        yield
        return
    place.leave()
    try:
        yield
    finally:
        place.come_back()
