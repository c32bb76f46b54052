"""The chat page in a real browser: what the bot says, as a reader sees it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.sandbox.conftest import Scene, picture
from tests.support.browser import Chromium, in_browser, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")  # which is the browser's


class TestDrawing:
    """What the bot says, as a reader sees it."""

    pytestmark = in_browser

    async def test_every_kind_of_markup(self, scene: Scene, chromium: Chromium) -> None:
        sari = scene.cast.sari.id
        await scene.tell(
            sari,
            "<b>tebal <i>miring</i></b> <u>garis</u> <s>coret</s> <code>kode</code>\n"
            "<pre>blok</pre><blockquote>kutipan</blockquote>"
            "<tg-spoiler>rahasia</tg-spoiler> 😀 <a href='http://example.org/x'>tautan</a> #topik "
            "&lt;img src=x onerror=alert(1)&gt; /help @kabar_bot",
        )
        async with chromium.page() as page:
            await visit(page, scene.url)
            text = page.locator(".row:last-child .text")
            for tag, words in (
                ("b >> nth=0", "tebal"),
                ("b i", "miring"),
                ("u", "garis"),
                ("s", "coret"),
                ("code >> nth=0", "kode"),
                ("pre code", "blok"),
                ("blockquote", "kutipan"),
                ("a[href='http://example.org/x']", "tautan"),
            ):
                await expect(text.locator(tag)).to_have_text(words)
            await expect(text).to_contain_text("<img src=x onerror=alert(1)>")
            assert await text.locator("img").count() == 0
            hidden = text.locator(".spoiler")
            await hidden.click()
            await expect(hidden).to_have_class(re.compile("shown"))
            await text.locator(".word", has_text="#topik").click()
            await expect(page.locator("#composer-text")).to_have_value("/search topik")

    async def test_a_photo_an_album_and_a_preview(self, scene: Scene, chromium: Chromium) -> None:
        sari, piece = scene.cast.sari, scene.site.newsroom.pieces[0]
        assert piece.drawing is not None
        link = scene.sandbox.url + piece.path
        await scene.tell(sari.id, link, link_preview_options={"prefer_large_media": True})
        scene.sandbox.people.send_album(
            sari, [picture(color=one) for one in ("red", "teal", "navy")]
        )
        async with chromium.page() as page:
            await visit(page, scene.url)
            await expect(page.locator(".preview strong")).to_have_text(piece.headline)
            await expect(page.locator(".gallery.n3 img")).to_have_count(3)
            await page.locator(".gallery .picture").first.click()
            await expect(page.locator("#lightbox")).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(page.locator("#lightbox")).to_be_hidden()

    async def test_names_in_groups_and_pinned_messages(
        self, scene: Scene, chromium: Chromium
    ) -> None:
        group = scene.cast.moderators
        scene.sandbox.people.say(scene.cast.rudi, "Selamat pagi semua", group)
        posted = await scene.tell(group.id, "Berita pagi")
        async with chromium.page() as page:
            await visit(page, f"{scene.url}#{group.id}/{scene.cast.anna.id}")
            await expect(page.locator(".row .name").first).to_have_text("Rudi")
            await expect(page.locator("#pinned")).to_be_hidden()
            await scene.api("pinChatMessage", chat_id=group.id, message_id=posted["message_id"])
            await expect(page.locator("#pinned")).to_contain_text("Berita pagi")
            scene.sandbox.people.set_forum(group)
            topic = scene.sandbox.people.create_topic(group, "Antrean")
            await scene.tell(group.id, "Kartu", message_thread_id=topic.id)
            await expect(page.locator(".bubble .topic")).to_have_text("Antrean")

    async def test_no_name_or_title_runs_as_script(self, scene: Scene, chromium: Chromium) -> None:
        """A reader's name, a topic's, a button's: what strangers choose stays text."""
        evil = "<img src=x onerror=alert(1)>"
        group = scene.cast.moderators
        scene.sandbox.people.set_forum(group)
        topic = scene.sandbox.people.create_topic(group, evil)
        stranger = scene.sandbox.create_user(evil)
        scene.sandbox.people.join(stranger, group)
        scene.sandbox.people.say(stranger, evil, group)
        keys = {"inline_keyboard": [[{"text": evil, "callback_data": "x"}]]}
        posted = await scene.tell(group.id, "Kartu", message_thread_id=topic.id, reply_markup=keys)
        await scene.api("pinChatMessage", chat_id=group.id, message_id=posted["message_id"])
        ran: list[str] = []
        async with chromium.page() as page:
            page.on("dialog", lambda dialog: ran.append(dialog.message))
            await visit(page, f"{scene.url}#{group.id}/{scene.cast.anna.id}")
            await expect(page.locator(".row .name", has_text=evil)).to_be_visible()
            await expect(page.locator(".bubble .topic", has_text=evil)).to_be_visible()
            await expect(page.get_by_role("button", name=evil)).to_be_visible()
            assert await page.locator("img[src='x']").count() == 0
        assert ran == []

    async def test_changes_arrive_by_themselves(self, scene: Scene, chromium: Chromium) -> None:
        sari = scene.cast.sari.id
        async with chromium.page() as page:
            await visit(page, scene.url)
            posted = await scene.tell(sari, "Judul lama")
            await expect(page.locator(".row").last).to_contain_text("Judul lama")
            await scene.api(
                "editMessageText", chat_id=sari, message_id=posted["message_id"], text="Judul baru"
            )
            await expect(page.locator(".row").last).to_contain_text("Judul baru")
            await expect(page.locator(".row").last).to_contain_text("edited")
            await scene.api("deleteMessage", chat_id=sari, message_id=posted["message_id"])
            await expect(page.locator("#messages")).not_to_contain_text("Judul baru")
            await scene.tell(scene.cast.budi.id, "Untuk Budi")
            budi = page.locator(f'[data-chat="{scene.cast.budi.id}"]')
            await expect(budi.locator(".count")).to_have_text("1")
            await budi.click()
            await expect(page.locator(f'[data-person="{scene.cast.budi.id}"]')).to_have_attribute(
                "aria-checked", "true"
            )
            await expect(budi.locator(".count")).to_have_count(0)
