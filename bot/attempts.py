"""One bad row must not hold up others: each is tried by itself, and set aside if it fails.

    each(rows) -> one after the other -> done
                       '-> a fault of ours: logged with its context, set aside with a count,
                           tried again after 1, 2, 4 ... at most 60 minutes, also after a restart

    for_ever(step) -> a loop that waits while the database cannot be written; with `once` as its
                      step, what fails in it as a whole is set aside too

What is not the row's fault (the database cannot be written, the token is wrong, the program ends)
is raised to the caller as usual.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

import structlog

from bot.core.errors import OperatorError, StorageError
from bot.health import Beat
from storage import Database, set_aside
from storage.set_aside import SetAside

log = structlog.get_logger(__name__)

_T = TypeVar("_T")
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 3600
_NO_DATABASE_PAUSE = 5.0
_FORGOTTEN_AFTER = 7 * 86_400
_ROOT = Path(__file__).resolve().parent.parent


class Attempts:
    """Attempts at the items of one concern. `concern` names it in the log, in `set_aside`, in
    `kabar stats` and in metrics; `pause` is the first, in seconds."""

    def __init__(
        self,
        db: Database,
        concern: str,
        *,
        clock: Callable[[], int],
        pause: int = _FIRST_PAUSE,
    ) -> None:
        self._db = db
        self._concern = concern
        self._clock = clock
        self._pause = pause
        self._failed: dict[str, SetAside] | None = None
        """What is set aside, as far as this process knows; read once."""
        self._forgotten = False

    async def known(self) -> int:
        """How many items of this concern are set aside: whoever fetches the first hundred of a
        queue has to fetch so many more."""
        return len(await self._aside())

    async def _aside(self) -> dict[str, SetAside]:
        if self._failed is None:
            async with self._db.reading() as cx:  # a caller may be within a transaction
                self._failed = await set_aside.of(cx, self._concern)
        return self._failed

    async def _forget(self) -> None:
        """Once, at the start: drop items that were due for another try long ago and no longer
        exist."""
        if self._forgotten:
            return
        old = self._clock() - _FORGOTTEN_AFTER
        async with self._db.transaction() as tx:
            await set_aside.forget(tx, self._concern, before=old)
        self._failed, self._forgotten = None, True

    async def each(
        self,
        found: Iterable[_T],
        do: Callable[[_T], Awaitable[object]],
        *,
        key: Callable[[_T], object] = str,
    ) -> int:
        """Do something for each of them, in order, leaving out those whose time has not come. `key`
        identifies an item, the same way each time. Returns how many succeeded. Not to be called
        within a transaction: each begins its own."""
        await self._forget()
        aside = await self._aside()
        done = 0
        for one in found:
            name = str(key(one))
            before = aside.get(name)
            if before is None or before.retry_at <= self._clock():
                done += await self._try(one, do, name, before)
        return done

    async def waits(self, key: object) -> bool:
        """Whether an item is set aside and its time has not come."""
        before = (await self._aside()).get(str(key))
        return before is not None and before.retry_at > self._clock()

    async def failed(self, key: object, error: Exception) -> None:
        """Set an item aside: for callers that cannot try each by itself."""
        await self._put_aside(str(key), (await self._aside()).get(str(key)), error)

    async def succeeded(self, key: object) -> None:
        """Note that an item, which may have been set aside, is done."""
        if str(key) in await self._aside():
            async with self._db.transaction() as tx:
                await set_aside.done(tx, self._concern, str(key))
            (await self._aside()).pop(str(key), None)

    async def once(self, key: object, do: Callable[[], Awaitable[object]]) -> bool:
        """The same for a single item; False if it failed or its time has not come."""
        return bool(await self.each([key], lambda _: do(), key=str))

    async def _try(
        self, one: _T, do: Callable[[_T], Awaitable[object]], key: str, before: SetAside | None
    ) -> bool:
        try:
            await do(one)
        except (StorageError, OperatorError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this one row
            await self._put_aside(key, before, error)
            return False
        if before is not None:
            await self.succeeded(key)
        return True

    async def _put_aside(self, key: str, before: SetAside | None, error: Exception) -> None:
        failures = before.failures if before else 0
        now, pause = self._clock(), pause_after(failures, first=self._pause)
        log_fault(
            "set_aside",
            error,
            concern=self._concern,
            key=key,
            failures=failures + 1,
            again_in=pause,
        )
        async with self._db.transaction() as tx:
            row = await set_aside.put(
                tx, self._concern, key, reason=reason(error), retry_at=now + pause, now=now
            )
        (await self._aside())[key] = row


async def for_ever(
    step: Callable[[], Awaitable[object]], *, name: str, beat: Beat, every: float
) -> None:
    """Repeat a step every `every` seconds; while the database is unavailable, every 5 seconds."""
    while True:
        beat()
        pause = every
        try:
            await step()
        except StorageError as error:
            log.warning("loop.postponed", loop=name, reason=str(error))
            pause = _NO_DATABASE_PAUSE
        await asyncio.sleep(pause)


def pause_after(failures: int, *, first: int = _FIRST_PAUSE) -> int:
    """Seconds until something that has failed once more, after `failures` earlier times, is tried
    again."""
    return int(min(_LONGEST_PAUSE, first * 2 ** min(failures, 16)))


def reason(error: BaseException) -> str:
    """An exception's kind and place, in one line, without its message: that may quote people's
    words."""
    places = _places(error)
    return f"{type(error).__name__} in {places[-1]}" if places else type(error).__name__


def log_fault(event: str, error: BaseException, **fields: object) -> None:
    """The same with the call stack, as a log line."""
    log.error(event, fault=type(error).__name__, way=_places(error), **fields)


def _places(error: BaseException) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
