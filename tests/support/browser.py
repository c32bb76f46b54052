"""A real browser for the tests of the page, and the whole sandbox as a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = ViewportSize(width=1200, height=800)
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
"""Seconds: the real bot has work to do meanwhile, on a busy machine."""
_ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+/")

needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="there is no Chromium here"
)
in_browser = [pytest.mark.browser, needs_browser]


class Chromium:
    """One browser for all tests of a worker; each page is in a context of its own, so that nothing
    is remembered."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @asynccontextmanager
    async def page(
        self,
        *,
        width: ViewportSize = WIDE,
        dark: bool = False,
        locale: str = "en-GB",
        phone: bool = False,
    ) -> AsyncIterator[Page]:
        """An empty page. Whatever error it reports fails the test."""
        wrong: list[str] = []
        context = await self._browser.new_context(
            viewport=width,
            color_scheme="dark" if dark else "light",
            locale=locale,
            is_mobile=phone,
            has_touch=phone,
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security" in said.text else None,
        )
        try:
            yield page
        finally:
            await context.close()
        assert wrong == []


@asynccontextmanager
async def started() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(ARGUMENTS)
        )
        yield Chromium(browser)
        await browser.close()


async def visit(page: Page, url: str) -> Page:
    """Open the chat page and wait until it has drawn everything."""
    await page.goto(url)
    await page.wait_for_selector("body.ready")
    return page


async def shoot(page: Page, name: str) -> Path:
    """Keep a screenshot among the artefacts, once all pictures have loaded."""
    ARTEFACTS.mkdir(exist_ok=True)
    await page.wait_for_function("() => [...document.images].every((one) => one.complete)")
    file = ARTEFACTS / f"{name}.png"
    await page.screenshot(path=file, animations="disabled")
    return file


class Command:
    """`kabar sandbox` as a user starts it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = b""
        self.complained = b""
        self.url = ""
        self._words: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Wait for the one address."""
        assert self.process.stdout is not None
        while not (found := _ADDRESS.search(self.said)):
            line = await self.process.stdout.readline()
            if not line:
                await self.end()
                raise AssertionError(self.complained.decode())
            self.said += line
        self.url = found[0].decode()

    async def end(self) -> int:
        """Ctrl-C; the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        said, complained = await self.process.communicate()
        self.said += said
        self.complained += complained
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def command(*words: str, **environment: str) -> AsyncIterator[Command]:
    """The command with no browser of its own, on a free port unless told otherwise."""
    port = () if "--port" in words else ("--port", "0")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--no-browser", *port, *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    started = Command(process)
    try:
        await started.ready()
        yield started
    finally:
        await started.end()
