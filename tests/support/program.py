"""The real program as a process, for story tests: started, killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Self

from tests.support import prepared

ROOT = Path(__file__).parents[2]


class Program:
    """`kabar run` with a database and a log of its own in `folder`.

    It is a fork of a process that has done its imports, which take a second; `fresh`: started as
    operators start it.
    """

    def __init__(self, folder: Path, settings: dict[str, str], *, fresh: bool = False) -> None:
        self.folder = folder
        self.log = folder / "kabar.log"
        self.settings = settings
        self.pid = 0
        """The number that the system gave it."""
        self._fresh = fresh
        self._status: asyncio.Task[int] | None = None

    async def start(self, *words: str) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("KABAR_")
        }
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings}
        begin = self._execute if self._fresh or words else self._fork
        self._status = asyncio.create_task(await begin(environment, words or ("run",)))

    async def _execute(
        self, environment: dict[str, str], words: Sequence[str]
    ) -> Coroutine[Any, Any, int]:
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *words),
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.pid = process.pid
        return process.wait()

    async def _fork(self, environment: dict[str, str], _: object) -> Coroutine[Any, Any, int]:
        reader, writer = await asyncio.open_unix_connection(prepared.server())
        asked = {"cwd": str(self.folder), "env": environment, "log": str(self.log)}
        writer.write(json.dumps(asked).encode() + b"\n")
        self.pid = int(await reader.readline())

        async def status() -> int:
            try:
                return int(await reader.readline())
            finally:
                writer.close()

        return status()

    def libraries(self) -> set[str]:
        """The compiled libraries that its process has loaded, by their paths; none where the system
        does not tell."""
        maps = Path(f"/proc/{self.pid}/maps")
        lines = maps.read_text("utf-8", "replace").splitlines() if maps.exists() else []
        return {line.split()[-1] for line in lines if ".so" in line}

    async def end(self, by: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        assert self._status is not None  # started before
        if not self._status.done():
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, by)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it ends by itself; returns the exit status."""
        assert self._status is not None  # started before
        return await asyncio.shield(self._status)

    async def kill(self) -> None:
        """As a power cut would."""
        await self.end(signal.SIGKILL)

    async def stop(self) -> int:
        """As an operator would."""
        return await self.end(signal.SIGTERM)

    def said(self) -> str:
        """What it wrote to its log so far."""
        return self.log.read_text("utf-8") if self.log.exists() else ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
