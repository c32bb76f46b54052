"""`kabar run`: until a signal says stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack

import structlog

from bot import runtime
from bot.app.building import build
from bot.app.program import Kabar
from bot.core.errors import KabarError, OperatorError, Superseded
from bot.settings import Settings

log = structlog.get_logger("kabar")

_SETTLE_SECONDS = 3.0
"""Seconds after which the work of every start is over. Settling takes a twentieth of a second."""


async def run(settings: Settings) -> None:
    """`kabar run`: until SIGTERM or SIGINT. Raises OperatorError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    while not stop.is_set():
        try:
            async with AsyncExitStack() as stack:
                kabar = await _begin(stack, settings, stop)
                if kabar is not None:
                    settling = loop.call_later(_SETTLE_SECONDS, runtime.freeze_garbage)
                    stack.callback(settling.cancel)
                    await kabar.run(stop)
                return
        except Superseded:
            log.warning("kabar.superseded")
        except ExceptionGroup as group:
            if _only(group, Superseded) is not None:
                log.warning("kabar.superseded")  # start over, as a process with another number
                continue
            fault = _only(group, OperatorError)
            if fault is None:
                raise
            raise fault from None


async def _begin(stack: AsyncExitStack, settings: Settings, stop: asyncio.Event) -> Kabar | None:
    """Build everything; None if told to stop before that is done: Telegram may be unreachable for
    long."""
    building = asyncio.create_task(stack.enter_async_context(build(settings)))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({building, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if building.done():
        return building.result()
    log.info("kabar.stopping")
    building.cancel()
    await asyncio.gather(building, return_exceptions=True)
    return None


def _only(group: BaseExceptionGroup[Exception], kind: type[KabarError]) -> Exception | None:
    """The exception of this kind among those that ended the loops, if any."""
    found, _ = group.split(kind)
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]  # type: ignore[assignment]
    return found
