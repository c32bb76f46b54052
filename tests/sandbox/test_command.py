"""`kabar sandbox` as a newcomer meets it: one address, a living scene, a clean end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, ViewportSize, expect

from bot.sandbox.newsroom import feed
from bot.sandbox.newsroom.newsroom import Newsroom
from tests.support.browser import PHONE, Chromium, Command, command, needs_browser, shoot, visit

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]
FIRST_POST_S = 90
"""Generous: checks run on busy machines. `make bench` and the notes have the real figure."""


class Eye:
    """Watches the stand-in from outside, through /control."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def get(self, path: str) -> Any:
        async with self._session.get(self._url + path) as answer:
            return await answer.json()

    async def people(self) -> dict[str, int]:
        """Name or title -> number of the chat."""
        shown = await self.get("control/snapshot")
        names = {user["first_name"]: user["id"] for user in shown["users"]}
        return names | {chat["title"]: chat["id"] for chat in shown["chats"] if "title" in chat}

    async def until(self, chat: int, words: str, kind: str = "") -> Any:
        """The first message of a chat that has the words and is of that kind (a late picture joins
        its post): woken by events, no clock."""
        try:
            async with asyncio.timeout(FIRST_POST_S):
                return await self._found(chat, words, kind)
        except TimeoutError:
            seen = [one["text"] for one in await self.get(f"control/messages/{chat}")]
            trouble = (await self.get("page/scene"))["trouble"]
            raise AssertionError(f"{words!r} is not among {seen}; {trouble}") from None

    async def _found(self, chat: int, words: str, kind: str) -> Any:
        async with self._session.get(f"{self._url}control/events") as stream:
            while True:
                for message in await self.get(f"control/messages/{chat}"):
                    if words in message["text"] and kind in {"", message["kind"]}:
                        return message
                await stream.content.readline()


@asynccontextmanager
async def watching(started: Command) -> AsyncIterator[Eye]:
    async with aiohttp.ClientSession() as session:
        yield Eye(session, started.url)


def children(pid: int) -> list[int]:
    """Processes that a process started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list children")
    return [int(word) for word in listed.read_text().split()]


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return [file.name for file in folder.iterdir()]


# --- the terminal ---------------------------------------------------------------------------------


async def test_one_address_a_first_post_and_a_clean_end(tmp_path: Path) -> None:
    """A newcomer's own environment and .env belong to the real bot, and do no harm."""
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    (home / ".env").write_text("KABAR_TOKEN=1:real\nKABAR_NO_SUCH=1\n")
    foreign = {"KABAR_TOKEN": "1:real", "KABAR_LANGUAGE": "xx", "PWD": str(home)}
    async with command(TMPDIR=str(scratch), **foreign) as started, watching(started) as eye:
        people = await eye.people()
        for chat in ("Sari", "Budi", "Kabar Contoh", "Warga Teluk Melati"):
            post = await eye.until(people[chat], "Hujan Pertama Turun", "photo")
            assert post["mine"]
        for reader in ("Sari", "Budi"):  # the newest one as an example, then what is new
            example = await eye.until(people[reader], "Feri Listrik Pertama")
            assert example["mine"]
        assert names(scratch) != []
        (bot,) = children(started.process.pid)
        assert await started.end() == 0
        with pytest.raises(ProcessLookupError):
            os.kill(bot, 0)
    assert len(re.findall(rb"http://", started.said)) == 1
    assert started.complained == b""
    assert names(scratch) == []


async def test_a_port_in_use_gets_a_sentence_and_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with command("--port", str(port)) as started:
            assert started.url != f"http://127.0.0.1:{port}/"
            await started.end()
        assert f"Port {port} is in use".encode() in started.complained


async def test_a_bot_that_dies_has_last_words() -> None:
    async with command() as started, watching(started) as eye:
        people = await eye.people()
        await eye.until(people["Sari"], "Hujan Pertama Turun")
        (bot,) = children(started.process.pid)
        os.kill(bot, signal.SIGKILL)
        assert started.process.stderr is not None
        assert b"The bot has stopped" in await started.process.stderr.readline()
        scene = await eye.get("page/scene")
        assert scene["trouble"][0] == "(exit status -9)"
        assert any('"level"' in line for line in scene["trouble"])  # the end of its log
        assert await started.end() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--feed", "no-such-file.xml"), "neither an http(s) address nor a file"),
        (("--feed", "ftp://example.org/feed"), "neither an http(s) address nor a file"),
        (("--port", "70000"), "from 0 to 65535"),
        (("--keep", "/dev/null/x"), "cannot be made"),
    ],
)
async def test_a_mistake_is_one_sentence(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(AssertionError) as caught:
        async with command(*words):
            pass
    assert says in str(caught.value)
    assert str(caught.value).count("\n") == 1


async def test_ones_own_feed(tmp_path: Path) -> None:
    file = tmp_path / "mine.xml"
    text = feed.atom(Newsroom(), "http://127.0.0.1:1").replace("Kabar Contoh", "Koran Saya")
    file.write_text(text)
    async with command("--feed", str(file)) as started, watching(started) as eye:
        people = await eye.people()
        await eye.until(people["Sari"], "Koran Saya")
        assert (await eye.get("page/scene"))["desk"] is False
        await started.end()


async def test_what_is_kept_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        words = ("--keep", str(kept), "--port", str(free.getsockname()[1]))
    async with command(*words) as started, watching(started) as eye:
        people = await eye.people()
        first = await eye.until(people["Sari"], "Hujan Pertama Turun")
        assert await started.end() == 0
    async with command(*words) as started, watching(started) as eye:
        assert await eye.people() == people
        messages = await eye.get(f"control/messages/{people['Sari']}")
        assert first["text"] in [one["text"] for one in messages]
        form = {"headline": "Hari kedua", "text": "Isi."}
        async with aiohttp.ClientSession() as session:
            await session.post(f"{started.url}desk/publish", data=form)
        fresh = await eye.until(people["Sari"], "Hari kedua")
        assert fresh["id"] > messages[-1]["id"]
        await started.end()


# --- the browser ----------------------------------------------------------------------------------


def chat(page: Page, name: str) -> Any:
    return page.locator("#chats [data-chat]", has_text=name).first


async def type_in(page: Page, words: str) -> None:
    await page.locator("#composer-text").fill(words)
    await page.keyboard.press("Enter")


@pytest.mark.browser
@needs_browser
async def test_a_visit(chromium: Chromium) -> None:
    """The whole product within a minute, in a browser, by hand."""
    async with (
        command() as started,
        chromium.page(width=ViewportSize(width=1200, height=820)) as page,
    ):
        await visit(page, started.url)
        posts = page.locator(".row:has(.pictured)")
        post = posts.filter(has_text="Hujan Pertama Turun").first
        await expect(post.locator("img")).to_be_visible(timeout=FIRST_POST_S * 1000)
        await expect(post.get_by_role("button", name="📖")).to_be_visible()
        await shoot(page, "first-post")

        await type_in(page, "/latest")
        ticker = page.locator(".row", has_text="Feri Listrik Pertama").last
        await expect(ticker).to_contain_text("Terumbu Karang")
        await ticker.get_by_role("button", name="2", exact=True).click()
        await expect(posts.last).to_contain_text("Feri Listrik Pertama")

        await type_in(page, "/search listrik")
        hits = page.locator(".row").last
        await expect(hits).to_contain_text("Ladang Angin")
        await shoot(page, "search")

        await post.get_by_role("button", name="💬").click()
        await expect(page.locator("#context")).to_contain_text("Hujan Pertama")
        await type_in(page, "Payungnya <b>indah</b> sekali, semoga tahun depan lebih ramai!")
        await shoot(page, "comment")

        await chat(page, "Moderator").click()
        card = page.locator(".row", has_text="Payungnya").last
        await expect(card.locator("blockquote")).to_contain_text("<b>indah</b>")
        await shoot(page, "card")
        await card.get_by_role("button", name="✅").click()
        await expect(card.get_by_role("button", name="✅")).to_have_count(0)

        await chat(page, "Sari").click()
        await expect(post.get_by_role("button", name="💬 1")).to_be_visible()
        await chat(page, "Kabar Contoh").click()
        public = page.locator(".row", has_text="Hujan Pertama Turun").last
        await expect(public.get_by_role("button", name="💬 1")).to_be_visible()
        await shoot(page, "channel")


@pytest.mark.browser
@needs_browser
async def test_what_is_done_at_the_desk_reaches_the_posts(chromium: Chromium) -> None:
    """A new article, other words, another picture, and in the end a retraction."""
    size = ViewportSize(width=1440, height=860)
    async with command() as started, chromium.page(width=size, dark=True, locale="id-ID") as page:
        await visit(page, started.url)
        await expect(page.locator(".row img").last).to_be_visible(timeout=FIRST_POST_S * 1000)
        await page.locator("#desk-button").click()
        desk = page.frame_locator("#desk iframe")
        await desk.locator("input[name=headline]").fill("Jembatan Bambu Dibuka")
        await desk.locator("label[title=sea]").click()
        await desk.get_by_role("button", name="Terbitkan").click()
        post = page.locator(".row", has_text="Jembatan Bambu").last
        await expect(post.locator("img")).to_be_visible(timeout=FIRST_POST_S * 1000)
        await shoot(page, "desk-dark")

        entry = desk.locator("#list li").first
        await entry.get_by_role("button", name="Perbaiki").click()
        await entry.get_by_role("textbox").fill("Jembatan Bambu Dibuka Lebih Cepat")
        await page.keyboard.press("Enter")
        await expect(post).to_contain_text("Jembatan Bambu Dibuka Lebih Cepat")
        await shoot(page, "corrected-dark")

        picture = post.locator("img")
        before = await picture.get_attribute("src")
        drawn = await entry.locator("img").get_attribute("src")
        await entry.get_by_role("button", name="Ganti gambar").click()
        await expect(entry.locator("img")).not_to_have_attribute("src", str(drawn))
        await expect(picture).not_to_have_attribute("src", str(before))

        await entry.get_by_role("button", name="Tarik", exact=True).click()
        await entry.get_by_role("button", name="Sungguh tarik?").click()
        await expect(post.locator("s")).to_contain_text("Jembatan", timeout=FIRST_POST_S * 1000)
        await expect(desk.locator("#list li", has_text="Jembatan")).to_have_count(0)


@pytest.mark.browser
@needs_browser
async def test_on_a_phone(chromium: Chromium) -> None:
    async with command() as started, chromium.page(width=PHONE, phone=True, locale="id-ID") as page:
        await visit(page, started.url)
        within = FIRST_POST_S * 1000
        await expect(chat(page, "Sari")).to_contain_text("Hujan Pertama", timeout=within)
        await shoot(page, "phone-chats")
        await chat(page, "Kabar Contoh").tap()
        await expect(page.locator(".row img")).not_to_have_count(0)
        await shoot(page, "phone-channel")
        await page.locator(".buttons").last.get_by_role("button", name="💬").tap()
        await expect(page.locator("#context")).to_contain_text("Hujan Pertama")
        await shoot(page, "phone-comment")
