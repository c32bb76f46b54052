"""`kabar run` without its second of imports: `python -m tests.support.prepared SOCKET` does them
once, and each connection to its socket forks a process that continues as the program does.

A connection sends one line: {"cwd": ..., "env": {...}, "log": ...}. It is answered with the number
of the process, and with its exit status when that has ended. It ends with its standard input.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot import runtime
from bot.__main__ import main

ROOT = Path(__file__).parents[2]


@functools.cache
def server() -> Path:
    """The socket of one that runs until this process ends."""
    folder = tempfile.TemporaryDirectory(prefix="kabar-")
    path = Path(folder.name) / "run"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.prepared", str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def end() -> None:
        process.communicate()  # closes its standard input
        folder.cleanup()

    atexit.register(end)
    assert process.stdout is not None
    process.stdout.readline()  # it listens
    return path


def become(asked: dict[str, Any]) -> int:
    """What `python -m bot run` is once it has been imported."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in enumerate((nothing, log, log)):
        os.dup2(source, target)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = ["kabar", "run"]
    return main()


class Forks:
    """Starts processes and tells how they ended."""

    def __init__(self, path: str) -> None:
        self._asking = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen()
        self._died, self._dying = socket.socketpair()
        self._running: dict[int, socket.socket] = {}
        for one in (self._died, self._dying):
            one.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._dying.fileno())
        for what in (sys.stdin.fileno(), self._listener, self._died):
            self._asking.register(what, selectors.EVENT_READ)

    def serve(self) -> dict[str, Any] | None:
        """Returns None at the end of standard input, and in each fork what it was asked for."""
        while True:
            ready = [key.fileobj for key, _ in self._asking.select()]
            if self._died in ready:
                self._died.recv(4096)
                self._bury()
            if self._listener in ready and (asked := self._start(self._listener.accept()[0])):
                return asked
            if sys.stdin.fileno() in ready:
                for pid in self._running:
                    os.kill(pid, signal.SIGKILL)
                return None

    def _start(self, connection: socket.socket) -> dict[str, Any] | None:
        with connection.makefile("rb") as words:
            asked: dict[str, Any] = json.loads(words.readline())
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for one in (
                connection,
                self._listener,
                self._died,
                self._dying,
                *self._running.values(),
            ):
                one.close()
            self._asking.close()
            return asked
        connection.sendall(b"%d\n" % pid)
        self._running[pid] = connection
        return None

    def _bury(self) -> None:
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = found
                with suppress(OSError), self._running.pop(pid) as connection:
                    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _serve() -> int:
    with runtime.hastening():
        for name in ("bot.cli.operate", "storage.postgres_opening"):
            importlib.import_module(name)
    forks = Forks(sys.argv[1])
    print("listening", flush=True)
    asked = forks.serve()
    return 0 if asked is None else become(asked)


if __name__ == "__main__":
    sys.exit(_serve())
