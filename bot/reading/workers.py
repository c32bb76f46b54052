"""Keeps the reading workers: started when needed, killed when late, ended when idle.

    ask -> a free worker, or a new one (at most `most`), or wait -> frame -> answer within `seconds`

A worker that takes longer, dies or answers nonsense is killed, and that is reported as a fault of
the feed or page; the next task gets a fresh one.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import structlog

from bot.core.errors import FeedError
from bot.reading.frames import HEAD, packed, unpacked
from bot.reading.reader import Tasks
from bot.runtime import beside_loop

log = structlog.get_logger("reading")

_MEMORY = 1536 * 1024 * 1024
"""Bytes of a worker's address space: a feed of 16 MB with its tree needs a quarter of that."""
_SECONDS = 10.0
_IDLE_SECONDS = 120.0
_MOST = 2
_LONGEST = 256 * 1024 * 1024
"""The most bytes of an answer."""
_PIECE = 256 * 1024
"""Bytes that are handed to a pipe at once: what it does not take is copied."""
_ANY_FEED = b"<rss><channel><title>x</title><item><title>x</title></item></channel></rss>"
_ANY_OPTIONS = {"address": "http://a.example/", "now": 0}
Frame = tuple[bytes, bytes]
"""The words of a task, and the untrusted bytes that follow them."""
_DIED = (OSError, EOFError, ValueError, pickle.UnpicklingError)


class ReadingError(Exception):
    """A bug of ours in a worker; its text is the traceback there."""


class InWorker(Tasks):
    """Reads in worker processes. An async context manager: leaving it ends them.

    `seconds` is how long one task may take, `memory` how many bytes a worker may use, `idle` after
    how many seconds without a task it ends, `most` how many there may be at once. `warm`: in place
    of those that end a new one waits that has read a feed, for news that cannot wait for a start.
    """

    def __init__(
        self,
        *,
        seconds: float = _SECONDS,
        memory: int = _MEMORY,
        idle: float = _IDLE_SECONDS,
        most: int = _MOST,
        warm: bool = False,
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._idle = idle
        self._warm = warm
        self._warming: asyncio.Task[None] | None = None
        self._places = asyncio.Semaphore(most)
        self._free: list[asyncio.subprocess.Process] = []
        self._ending: list[asyncio.subprocess.Process] = []
        self._timer: asyncio.TimerHandle | None = None
        self.started = 0
        """How many workers have been started."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all idle workers, and wait for those that were to end."""
        if self._timer is not None:
            self._timer.cancel()
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        ending, self._free, self._ending = [*self._free, *self._ending], [], []
        for worker in ending:
            await _end(worker)

    @property
    def alive(self) -> int:
        """How many workers are idle."""
        return len(self._free)

    @property
    def pids(self) -> set[int]:
        """The system's numbers of the idle workers."""
        return {worker.pid for worker in self._free}

    def kill_idle(self) -> None:
        """Kill the idle workers, as the system does when memory is short."""
        for worker in self._free:
            worker.kill()

    async def _ask(self, task: str, body: bytes | str, **more: Any) -> Any:
        address = more.get("address", "this picture")
        frame = _framed(task, body, more)
        async with self._places:
            try:
                try:
                    answer = await self._exchange(frame)
                except TimeoutError:  # which is an OSError too
                    raise
                except _DIED as error:  # perhaps long ago, while idle: a fresh one will tell
                    log.warning("reading.died", task=task, address=address, reason=str(error))
                    answer = await self._exchange(frame, fresh=True)
            except TimeoutError:
                log.warning("reading.late", task=task, address=address, seconds=self._seconds)
                raise FeedError(
                    f"{address} could not be read within {self._seconds:.0f} s."
                ) from None
            except _DIED:
                raise FeedError(f"{address} could not be read: reading it broke off.") from None
            self._rest()
        return _said(answer, address)

    async def _exchange(self, frame: Frame, *, fresh: bool = False) -> Any:
        """One task for one worker; any failure ends that worker."""
        worker = await self._worker(fresh=fresh)
        try:
            async with asyncio.timeout(self._seconds):
                answer = await _exchange(worker, frame)
        except BaseException:
            await asyncio.shield(_end(worker))
            raise
        self._free.append(worker)
        return answer

    async def _worker(self, *, fresh: bool) -> asyncio.subprocess.Process:
        while self._free and not fresh:
            worker = self._free.pop()
            if worker.returncode is None:
                return worker
        self.started += 1
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.reading.worker",
            str(self._memory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1024 * 1024,
        )

    def _rest(self) -> None:
        """End the workers after a while without tasks."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._idle, self._retire)

    def _retire(self) -> None:
        if self._warm:
            self._warming = asyncio.create_task(self._renew())
        else:
            self._dismiss(self._free)

    async def _renew(self) -> None:
        """Have a new worker ready before the old ones end, with what they kept in memory."""
        old = [*self._free]
        async with self._places:
            with contextlib.suppress(TimeoutError, *_DIED):
                await self._exchange(_framed("feed", _ANY_FEED, _ANY_OPTIONS), fresh=True)
        self._dismiss([one for one in old if one in self._free])

    def _dismiss(self, workers: Sequence[asyncio.subprocess.Process]) -> None:
        self._free = [one for one in self._free if one not in workers]
        self._ending = [*(one for one in self._ending if one.returncode is None), *workers]
        for worker in workers:
            if worker.stdin is not None:
                worker.stdin.close()  # it reads the end of its input and exits


def _framed(task: str, body: bytes | str, options: Mapping[str, Any]) -> Frame:
    if isinstance(body, str):
        return packed((task, body, options)), b""
    return packed((task, len(body), options)), body


async def _exchange(worker: asyncio.subprocess.Process, frame: Frame) -> Any:
    assert worker.stdin is not None  # both are pipes
    assert worker.stdout is not None
    head, body = frame
    worker.stdin.write(head)
    for begin in range(0, len(body), _PIECE):
        worker.stdin.write(body[begin : begin + _PIECE])
        await worker.stdin.drain()
    await worker.stdin.drain()
    length = HEAD.unpack(await worker.stdout.readexactly(HEAD.size))[0]
    if length > _LONGEST:
        raise ValueError(f"an answer of {length} bytes")
    return await beside_loop(length, unpacked, await worker.stdout.readexactly(length))


def _said(answer: Any, address: str) -> Any:
    match answer:
        case ("read", value):
            return value
        case ("refused", str(sentence), bool(gone), int(status)):
            raise FeedError(sentence, gone=gone, status=status)
        case ("memory",):
            raise FeedError(f"{address} needs too much memory to be read.")
        case ("bug", str(text)):
            raise ReadingError(text)
    raise FeedError(f"{address} could not be read: the answer was none.")


async def _end(worker: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()
