"""`python -m bot.sandbox`: the bare server as a process of its own, for benchmarks and crash tests.

Prints one line of JSON with its address when it is ready, and ends at SIGINT or SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

import orjson

from bot.sandbox.control import Control
from bot.sandbox.limits import RateLimits
from bot.sandbox.sandbox import TOKEN, Sandbox


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument(
        "--rate", type=float, default=30, help="messages a second overall (default 30)"
    )
    parser.add_argument("--no-rate-limits", action="store_true")
    parser.add_argument("--lean", action="store_true", help="keep counts, not messages")
    parser.add_argument(
        "--auto-chats", action="store_true", help="every positive chat id is a person who started"
    )
    parser.add_argument("--no-log", action="store_true", help="keep no log of the calls")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    limits = None if arguments.no_rate_limits else RateLimits(overall_per_second=arguments.rate)
    lean = bool(arguments.lean)
    sandbox = Sandbox(
        arguments.token,
        rate_limits=limits,
        port=arguments.port,
        lean=lean,
        auto_chats=arguments.auto_chats,
        log_calls=0 if lean or arguments.no_log else 10_000,
    )
    sandbox.app.add_routes(Control(sandbox).routes())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with sandbox:
        ready = {"url": sandbox.url, "port": sandbox.port, "token": sandbox.token}
        sys.stdout.write(orjson.dumps(ready).decode() + "\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
