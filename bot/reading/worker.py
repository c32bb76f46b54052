"""The worker: `python -m bot.reading.worker`. Reads one frame after the other until its input ends.

    (task, text, options), or (task, size, options) and so many bytes
        -> "read" value | "refused" sentence, gone, status | "memory" | "bug" text

Knows pure functions only; it opens no socket and writes no file. Limits are set before the first
untrusted byte is read.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
import traceback
from typing import Any, BinaryIO

from bot.core.errors import FeedError
from bot.reading.frames import HEAD, packed
from bot.reading.reader import function

_LEAST_MEMORY = 256 * 1024 * 1024


def main() -> int:
    """Work until the program closes the pipe."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is not a frame
    _limit(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    while (frame := _next(asked)) is not None:
        answers.write(packed(_answer(*frame)))
        answers.flush()
    return 0


def _limit(memory: int) -> None:
    """At most so many bytes of memory (0: no limit), and no file of any size."""
    if memory:
        most = max(memory, _LEAST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _next(asked: BinaryIO) -> tuple[str, bytes | str, dict[str, Any]] | None:
    head = asked.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    body = asked.read(HEAD.unpack(head)[0])
    task, content, options = pickle.loads(body)  # noqa: S301 - the program's own words
    if isinstance(content, int):  # so many bytes follow
        size, content = content, asked.read(content)
        if len(content) < size:
            return None
    return task, content, options


def _answer(task: str, content: bytes | str, options: dict[str, Any]) -> tuple[Any, ...]:
    try:
        return "read", function(task)(content, **options)
    except FeedError as error:
        return "refused", str(error), error.gone, error.status
    except MemoryError:
        return ("memory",)
    except Exception:  # noqa: BLE001 - told to the program, which logs it
        return "bug", traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main())
