"""`kabar sandbox`: stand-in, sample newsroom and page in this process, the real bot as a child.

    browser ─> page, desk, /control ─┐
                                     ├─ one port on loopback <─ bot (`python -m bot run`)
    feed and pictures ───────────────┘

Everything lives in one folder, a temporary one unless `--keep` names another.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sys
import tempfile
import webbrowser
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.core.errors import OperatorError
from bot.sandbox import ControlError, RateLimits, Sandbox
from bot.sandbox.control import Control
from bot.sandbox.newsroom import seed
from bot.sandbox.newsroom.newsroom import DeskError, Newsroom
from bot.sandbox.newsroom.site import Site
from bot.sandbox.ui import keep, scene
from bot.sandbox.ui.page import ChatPage

PORTS = 50
"""How many ports after the wanted one are tried."""
STOP_S = 10
READ = b'"feed.read"'
FIRST_LOOK_S = 8
"""Seconds that the opening scene waits for the first poll; a visitor's own feed may be slow, or
broken."""
LAST_WORDS = 30
ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT.parent / "shared" / "seed" / "feed.xml"


def sandbox(options: argparse.Namespace) -> int:
    """Run until Ctrl-C; 1 if the bot ended by itself. Raises OperatorError."""
    feed = _own_feed(options.feed) if options.feed else None
    if not 0 <= options.port <= 65_535:
        raise OperatorError("--port: expected a number from 0 to 65535.")
    if options.keep is None:
        with tempfile.TemporaryDirectory(prefix="kabar-sandbox-") as folder:
            return asyncio.run(_run(options, Path(folder), feed))
    try:
        options.keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"--keep: {options.keep} cannot be made: {error.strerror}.") from error
    return asyncio.run(_run(options, options.keep.resolve(), feed))


def _own_feed(text: str) -> str | Path:
    """The visitor's own feed: an address or a file. Raises OperatorError."""
    parts = urlsplit(text)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return text
    file = Path(text).expanduser()
    if not file.is_file():
        raise OperatorError(f"--feed: {text} is neither an http(s) address nor a file.")
    return file.resolve()


@dataclass(slots=True)
class SandboxParts:
    """What runs in this process."""

    sandbox: Sandbox
    cast: scene.Cast
    page: ChatPage
    site: Site | None
    keeper: keep.Keeper
    again: bool
    """Whether the world was kept from an earlier run: then everybody is already in place."""
    feed: str
    """The feed that the bot reads."""


async def _run(options: argparse.Namespace, folder: Path, feed: str | Path | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # no such thing on Windows: KeyboardInterrupt instead
            loop.add_signal_handler(number, stop.set)
    parts = await _open(options.port, folder, feed)
    try:
        async with _bot(parts, folder) as bot:
            print(f"Kabar sandbox: {parts.sandbox.url}/  (Ctrl-C ends it)", flush=True)
            if not options.no_browser and _has_screen(os.environ):
                await asyncio.to_thread(webbrowser.open, f"{parts.sandbox.url}/")
            return await _watch(parts, bot, stop)
    finally:
        parts.keeper.save(ended=True)
        await parts.sandbox.close()


async def _open(port: int, folder: Path, feed: str | Path | None) -> SandboxParts:
    """Listen on the wanted port, or say that it is taken and use the next free one."""
    for number in range(port, min(port + PORTS, 65_536)):
        parts = _build(number, folder, feed)
        try:
            await parts.sandbox.open()
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            continue
        if number != port:
            print(f"Port {port} is in use; taking {parts.sandbox.port}.", file=sys.stderr)
        if not parts.feed:
            parts.feed = parts.sandbox.url + "/feeds/" + ("posts/default" if parts.site else "own")
        return parts
    raise OperatorError(f"No port from {port} on is free; name another with --port.")


def _build(port: int, folder: Path, feed: str | Path | None) -> SandboxParts:
    sandbox = Sandbox(rate_limits=RateLimits(), port=port)
    keeper = keep.Keeper(sandbox, folder / "world")
    try:
        again = keep.restore(sandbox, folder / "world")
        cast = scene.recall(sandbox) if again else scene.assemble(sandbox)
    except ControlError as error:
        raise OperatorError(str(error)) from error

    def root() -> str:
        return sandbox.url

    site = None if feed else Site(_newsroom(folder), root)
    page = ChatPage(cast.json, site, root)
    sandbox.app.add_routes(Control(sandbox).routes())
    sandbox.app.add_routes(page.routes())
    if site is not None:
        sandbox.app.add_routes(site.routes())
    if isinstance(feed, Path):
        sandbox.app.router.add_get("/feeds/own", _serve(feed))
    address = feed if isinstance(feed, str) else ""
    return SandboxParts(sandbox, cast, page, site, keeper, again, address)


def _newsroom(folder: Path) -> Newsroom:
    try:
        newsroom = Newsroom(folder / "newsroom" / "state.json")
    except DeskError as error:
        raise OperatorError(str(error)) from error
    if (piece := seed.read(SEED)) is not None:
        newsroom.add(piece)
    return newsroom


def _serve(file: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Serve the visitor's own file as a feed, read anew at every poll."""

    async def own(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(file, headers={"Content-Type": "application/xml"})

    return own


# --- the bot --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Child:
    """The bot's process and what it said last."""

    process: asyncio.subprocess.Process
    said: deque[str]
    has_read: asyncio.Event
    """Set by the log line of a feed that was read and stored."""


@asynccontextmanager
async def _bot(parts: SandboxParts, folder: Path) -> AsyncIterator[Child]:
    """Runs the real program; at the end it is asked to stop, and killed if it does not."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=folder,
        env=_environment(parts, os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is sent to us; we tell the bot
    )
    child = Child(process, deque(maxlen=LAST_WORDS), asyncio.Event())
    reading = asyncio.create_task(_listen(child, folder / "bot.log"))
    try:
        yield child
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()
        await reading


async def _listen(child: Child, log: Path) -> None:
    """Keep the bot's output: all of it in the log, the last lines in memory."""
    stream = child.process.stdout
    assert stream is not None  # asked for above
    rest = b""
    with log.open("ab", buffering=0) as kept:
        while block := await stream.read(65_536):
            kept.write(block)
            *lines, rest = (rest + block).split(b"\n")
            rest = rest[-65_536:]
            child.said.extend(line.decode(errors="replace") for line in lines)
            if any(READ in line for line in lines):
                child.has_read.set()
    if rest:
        child.said.append(rest.decode(errors="replace"))


def _environment(parts: SandboxParts, given: Mapping[str, str]) -> dict[str, str]:
    """The environment for the bot: ours without any Kabar settings, plus the sandbox's."""
    kept = {name: value for name, value in given.items() if not name.upper().startswith("KABAR_")}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), given.get("PYTHONPATH"))))
    return kept | {
        "KABAR_TOKEN": parts.sandbox.token,
        "KABAR_TELEGRAM_URL": parts.sandbox.url,
        "KABAR_FEEDS": parts.feed,
        "KABAR_MODERATORS_CHAT": str(parts.cast.moderators.id),
        "KABAR_DATABASE_URL": "sqlite:///kabar.db",
        "KABAR_POLL_SECONDS": "1",
        "KABAR_GRACE_SECONDS": "3",
        "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
        "KABAR_LOG_FORMAT": "json",
    }


async def _watch(parts: SandboxParts, bot: Child, stop: asyncio.Event) -> int:
    """Play the opening scene, then wait for Ctrl-C; if the bot ends before that, say so."""
    opening = asyncio.create_task(_opening(parts, bot))
    keeping = asyncio.create_task(parts.keeper.watch())
    stopped = asyncio.create_task(stop.wait())
    ended = asyncio.create_task(bot.process.wait())
    try:
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            return 0
        _tell(parts, bot)
        await stopped
        return 1
    finally:
        tasks = (opening, keeping, stopped, ended)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _tell(parts: SandboxParts, bot: Child) -> None:
    words = [f"(exit status {bot.process.returncode})", *bot.said]
    parts.page.trouble = words
    parts.sandbox.activity.events.emit("bot", lines=words)
    print("The bot has stopped. Its last words:", *words, sep="\n  ", file=sys.stderr, flush=True)


async def _opening(parts: SandboxParts, bot: Child) -> None:
    """Put everybody in place; after the bot's first poll one more article appears."""
    if not parts.again:
        scene.enter(parts.sandbox, parts.cast)
    with suppress(TimeoutError):
        await asyncio.wait_for(bot.has_read.wait(), FIRST_LOOK_S)
    if not parts.again:
        await scene.subscribe(parts.sandbox, parts.cast)
    if parts.site is not None:
        parts.site.newsroom.release()


def _has_screen(given: Mapping[str, str]) -> bool:
    """Whether a browser window would be seen."""
    if given.get("CI") or given.get("SSH_CONNECTION"):
        return False
    return sys.platform in {"darwin", "win32"} or bool(
        given.get("DISPLAY") or given.get("WAYLAND_DISPLAY")
    )
