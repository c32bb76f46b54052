"""Comments and moderation as the page shows them, with the real bot: cards, queue, desk, reading
view, my comments, the picture of /stats. Keeps a screenshot of each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot import app
from bot.core.comments.model import Decision
from bot.core.model import Actor, TelegramId
from bot.sandbox import Sandbox, User, WorldChat
from bot.sandbox.control import Control
from bot.sandbox.newsroom.newsroom import Newsroom
from bot.sandbox.newsroom.site import Site as SandboxSite
from bot.sandbox.ui import scene as opening
from bot.sandbox.ui.page import ChatPage
from storage import comments
from tests.handlers.conftest import running, settings
from tests.support.browser import Chromium, needs_browser, shoot, visit
from tests.support.feed_site import item, open_site

pytestmark = [pytest.mark.browser, needs_browser, pytest.mark.asyncio(loop_scope="session")]
HOSTILE = ["X (#id42)", "<3", "_*[", "\u202eمرحبا", "😀" * 64]
LONG = "Panjang, dan tiap kalimat ada gunanya. " * 102  # 3,978 characters
KIND = [
    "Semoga harga beras segera turun, ibu-ibu di pasar sudah mengeluh.",
    "Terima kasih atas liputannya. Sumber datanya dari mana, ya?",
    "Di desa kami malah naik dua kali lipat sejak puasa.",
    "Kalau panen raya nanti, apakah impor tetap jalan?",
    "Tolong liput juga nasib petaninya. <b>Mereka</b> & keluarganya jarang ditanya.",
]


class Scene:
    """The page, its people and the real bot."""

    def __init__(self, sandbox: Sandbox, cast: opening.Cast, kabar: app.Kabar) -> None:
        self.sandbox, self.cast, self.kabar = sandbox, cast, kabar

    async def comments(self, written: list[tuple[User, str]]) -> None:
        """Everybody comes through the link under a post; then they write one after the other."""
        for who, _ in written:
            self.sandbox.people.start(who, "c_1")
        prompts = await asyncio.gather(*map(self.prompt, (who for who, _ in written)))
        for n, ((who, text), prompt) in enumerate(zip(written, prompts, strict=True), 1):
            self.sandbox.people.say(who, text, reply_to=prompt["id"])
            async with asyncio.timeout(60):
                while await self.stored() < n:  # noqa: ASYNC110 - the database has no event
                    await asyncio.sleep(0.01)

    async def prompt(self, who: User) -> dict[str, Any]:
        return await self.sandbox.next_message(who, lambda one: "Komentar Anda" in one["text"])

    async def stored(self) -> int:
        async with self.kabar.db.reading() as cx:
            return int(await cx.value("SELECT count(*) FROM comment"))

    async def approve(self, *numbers: int) -> None:
        for number in numbers:
            async with self.kabar.db.reading() as cx:
                one = await comments.get(cx, number)
            assert one is not None
            await self.kabar.discussion.moderation.decide(
                number, revision=one.revision, version=one.version, decision=Decision.APPROVE,
                by=Actor(TelegramId(self.cast.anna.id), "Anna"),
            )  # fmt: skip

    async def a_month_passed(self) -> None:
        """Subscribers, posts, comments and decisions of 30 days, for the picture."""
        now = int(time.time())
        async with self.kabar.db.transaction() as tx:
            reader = await tx.value("SELECT min(id) FROM reader")
            for day in range(1, 30):
                at = now - day * 86_400
                await tx.run(
                    "INSERT INTO chat (telegram_id, kind, created_at) VALUES (:id, 'private', :at)",
                    id=10_000 + day, at=at,
                )  # fmt: skip
                await tx.run(
                    "INSERT INTO subscription (chat_id, created_at)"
                    " SELECT id, :at FROM chat WHERE telegram_id = :id",
                    id=10_000 + day, at=at,
                )  # fmt: skip
                await tx.run(
                    "INSERT INTO broadcast (kind, article_id, last, taken, delivered, created_at,"
                    " taken_at, done_at) SELECT 'news', id, 0, :n, :n, :at, :at, :at FROM article"
                    " WHERE NOT EXISTS (SELECT 1 FROM broadcast WHERE article_id = article.id)"
                    " LIMIT 1",
                    n=30 - day, at=at,
                )  # fmt: skip
                for n in range(3 + day * 7 % 11):
                    number = await tx.value(
                        "INSERT INTO comment (reader_id, state, due_at, created_at)"
                        " VALUES (:reader, 'erased', :at, :at) RETURNING id",
                        reader=reader, at=at - n,
                    )  # fmt: skip
                    await tx.run(
                        "INSERT INTO decision (at, actor_id, actor, action, comment_id)"
                        " VALUES (:at, 71, 'Anna', :action, :comment)",
                        at=at + 240, comment=number, action="reject" if n % 4 == 3 else "approve",
                    )  # fmt: skip


@asynccontextmanager
async def open_scene(folder: Path) -> AsyncIterator[Scene]:
    sandbox = Sandbox()
    sandbox.app.add_routes(Control(sandbox).routes())
    cast = opening.assemble(sandbox)
    site = SandboxSite(Newsroom(), lambda: sandbox.url)
    sandbox.app.add_routes(ChatPage(cast.json, site, lambda: sandbox.url).routes())
    sandbox.app.add_routes(site.routes())
    papers = [item(f"beras-{n}") for n in range(30)]
    papers[-1].title = "Harga Beras Naik Menjelang Panen Raya"
    async with sandbox, open_site(*papers) as paper:
        chosen = settings(sandbox, paper, folder, moderators_chat=cast.moderators.id)
        async with running(chosen) as kabar:
            await kabar.poller.tick()
            await kabar.poller.settled()
            opening.enter(sandbox, cast)
            yield Scene(sandbox, cast, kabar)


async def enter(page: Page, place: User | WorldChat) -> None:
    await page.locator(f"#chats [data-chat='{place.id}']").click()


@pytest.mark.long
async def test_from_a_comment_to_the_figures(tmp_path: Path, chromium: Chromium) -> None:
    async with open_scene(tmp_path) as scene, chromium.page(locale="id-ID") as page:
        create, anna = scene.sandbox.create_user, scene.cast.anna
        written = [(create(name), f"{name} & <lagi> nomor {n}") for n, name in enumerate(HOSTILE)]
        written.append((create("Ratna"), LONG))
        written += [(create(f"Pembaca {n}"), text) for n, text in enumerate(KIND)]
        written.append((scene.cast.sari, "Saya ikut senang membacanya."))
        await scene.comments(written)
        await visit(page, scene.sandbox.url + "/")

        await enter(page, scene.cast.moderators)
        scene.sandbox.people.say(anna, "/queue", scene.cast.moderators)
        queue = page.locator(".row", has_text="menunggu").last
        await expect(queue).to_contain_text("12 komentar menunggu")
        await shoot(page, "moderation-queue")
        await queue.get_by_role("button", name="▶").click()
        await enter(page, anna)
        desk = page.locator(".row", has_text="💬 #1").last
        await expect(desk.get_by_role("button", name="⏭")).to_be_visible()
        await shoot(page, "moderation-desk")

        await scene.approve(1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
        await enter(page, scene.cast.sari)
        scene.sandbox.people.start(scene.cast.sari, "r_1")
        view = page.locator(".row", has_text="11 komentar").last
        await expect(view.get_by_role("button", name="5. ⚑")).to_be_visible()
        await shoot(page, "moderation-reading")
        for number in (2, 3):
            await view.get_by_role("button", name="▶").click()
            await expect(view.get_by_role("button", name=f"{number}/3")).to_be_visible()
            await shoot(page, f"moderation-reading-{number}")
        scene.sandbox.people.say(scene.cast.sari, "/mycomments")
        mine = page.locator(".row", has_text="Komentar Anda").last
        await expect(mine.get_by_role("button", name="Tarik #12")).to_be_visible()
        await shoot(page, "moderation-mine")

        await scene.a_month_passed()
        await enter(page, scene.cast.moderators)
        scene.sandbox.people.say(anna, "/stats", scene.cast.moderators)
        picture = page.locator(".row:has(img)", has_text="30 hari").last
        await expect(picture.locator("img")).to_be_visible()
        await shoot(page, "moderation-stats")
        for number, name in ((2, "moderation-card"), (1, "moderation-decided")):
            card = page.locator(".row", has_text=f"#{number} ·" if number == 2 else "#1 ")
            await card.first.scroll_into_view_if_needed()
            await shoot(page, name)
        content = await picture.locator("img").get_attribute("src")
        await page.set_viewport_size({"width": 390, "height": 640})
        await page.goto(scene.sandbox.url + str(content))
        await shoot(page, "moderation-stats-phone")
