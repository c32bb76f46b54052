"""Ports for programs that are told where to listen."""

from __future__ import annotations

import os
import socket
from itertools import count

_numbers = count()


def free_port() -> int:
    """A free port of 127.0.0.1, outside the range from which the system gives out ports by itself:
    nobody else gets it before the program listens."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = 10_000 + 1_000 * (worker % 20) + (os.getpid() + next(_numbers)) % 1_000
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
