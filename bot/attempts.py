"""One bad row keeps no other from being done: each is tried by itself, and set aside if it fails.

    each(rows) -> one after the other -> done
                       '-> a fault of ours: logged with its context, set aside with a count,
                           tried again after 1, 2, 4 ... at most 60 minutes, also after a restart

What is not the row's fault (the database cannot be written, the token is wrong, the end of the
program) goes to the caller as ever.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

import structlog

from bot.core.errors import OperatorError, StorageError
from storage import Database, set_aside

log = structlog.get_logger(__name__)

_T = TypeVar("_T")
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 3600
_ROOT = Path(__file__).resolve().parent.parent


class Attempts:
    """Attempts at the things of one concern. `concern` names it in the log, in `set_aside`, in
    `kabar stats` and in metrics."""

    def __init__(self, db: Database, concern: str, *, clock: Callable[[], int]) -> None:
        self._db = db
        self._concern = concern
        self._clock = clock

    async def each(
        self,
        found: Iterable[_T],
        do: Callable[[_T], Awaitable[object]],
        *,
        key: Callable[[_T], object] = str,
    ) -> int:
        """Do something for each of them, in their order, leaving out those whose time has not come.
        `key` names one the same way each time. Returns how many succeeded."""
        wanted = list(found)
        if not wanted:
            return 0
        async with self._db.reading() as cx:
            failed = await set_aside.of(cx, self._concern)
        done = 0
        for one in wanted:
            name = str(key(one))
            before = failed.get(name)
            if before is not None and before.retry_at > self._clock():
                continue
            done += await self._try(one, do, name, before.failures if before else 0)
        return done

    async def once(self, key: object, do: Callable[[], Awaitable[object]]) -> bool:
        """The same for a single thing; False when it failed or its time has not come."""
        return bool(await self.each([key], lambda _: do(), key=str))

    async def _try(
        self, one: _T, do: Callable[[_T], Awaitable[object]], key: str, failures: int
    ) -> bool:
        try:
            await do(one)
        except (StorageError, OperatorError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this one row
            await self._failed(key, failures, error)
            return False
        if failures:
            async with self._db.transaction() as tx:
                await set_aside.done(tx, self._concern, key)
        return True

    async def _failed(self, key: str, failures: int, error: Exception) -> None:
        now, pause = self._clock(), pause_after(failures)
        log_fault(
            "set_aside",
            error,
            concern=self._concern,
            key=key,
            failures=failures + 1,
            again_in=pause,
        )
        async with self._db.transaction() as tx:
            await set_aside.put(
                tx, self._concern, key, reason=reason(error), retry_at=now + pause, now=now
            )


def pause_after(failures: int) -> int:
    """Seconds until something that failed so often before, and now again, is tried once more."""
    return int(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(failures, 16)))


def reason(error: BaseException) -> str:
    """A fault and where it was, in one line. Not its sentence: that may quote people's words."""
    places = _places(error)
    return f"{type(error).__name__} in {places[-1]}" if places else type(error).__name__


def log_fault(event: str, error: BaseException, **fields: object) -> None:
    """The same, with the way that led there, as a line of the log."""
    log.error(event, fault=type(error).__name__, way=_places(error), **fields)


def _places(error: BaseException) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
