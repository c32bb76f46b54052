"""How one program is watched: puts together its metrics, its health and what reports them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext

from bot.health import Health
from bot.http_server import HttpServer
from bot.monitoring.heartbeat import Heartbeat
from bot.monitoring.metrics import Metrics
from bot.monitoring.monitor import Monitor


class Watch:
    """`listen` is where /metrics is served, `heartbeat` the address to request while all is well
    (None: not at all). The loops get their hooks from `metrics` and `health`."""

    def __init__(
        self, *, listen: str | None, heartbeat: str | None, clock: Callable[[], int]
    ) -> None:
        self.metrics = Metrics()
        self.health = Health()
        self.monitor = Monitor(self.metrics, self.health, clock=clock)
        self._listen = listen
        self._heartbeat = (
            Heartbeat(
                heartbeat, self.monitor.silent, beat=self.health.beat("heartbeat", within=180)
            )
            if heartbeat
            else None
        )

    def server(self) -> AbstractAsyncContextManager[object]:
        """Serves while it is entered, even before the program is ready."""
        if self._listen is None:
            return nullcontext()
        return HttpServer(self._listen, self.monitor.routes(), setting="KABAR_METRICS_LISTEN")

    async def run(self) -> None:
        """The loops that watch the others, forever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.monitor.run())
            if self._heartbeat is not None:
                group.create_task(self._heartbeat.run())
