"""The real program as a process, for story tests: started, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


class Program:
    """`kabar run` with a database and a log of its own in `folder`."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self.log = folder / "kabar.log"
        self.settings = settings
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *words: str) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("KABAR_")
        }
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *(words or ("run",)),
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """The number that the system gave it."""
        assert self._process is not None  # started before
        return self._process.pid

    def libraries(self) -> set[str]:
        """The compiled libraries that its process has loaded, by their paths; none where the system
        does not tell."""
        maps = Path(f"/proc/{self.pid}/maps")
        lines = maps.read_text("utf-8", "replace").splitlines() if maps.exists() else []
        return {line.split()[-1] for line in lines if ".so" in line}

    async def end(self, by: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        assert self._process is not None  # started before
        if self._process.returncode is None:
            self._process.send_signal(by)
        return await self._process.wait()

    async def ended(self) -> int:
        """Wait until it ends by itself; returns the exit status."""
        assert self._process is not None  # started before
        return await self._process.wait()

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
