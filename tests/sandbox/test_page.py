"""The chat page in a real browser, before a scripted bot: what is drawn, pressed and typed."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import expect

from bot.sandbox.newsroom.site import STATIC
from tests.sandbox.conftest import Scene, picture
from tests.support.browser import PHONE, Chromium, in_browser, shoot, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")  # which is the browser's


# --- the server -----------------------------------------------------------------------------------


async def test_the_page_runs_our_own_scripts_only(scene: Scene) -> None:
    async with aiohttp.ClientSession() as session, session.get(scene.url) as answer:
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?! type=\"module\" src=)|\son\w+=", await answer.text())


async def test_strangers_words_never_become_markup() -> None:
    for file in STATIC.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|DOMParser"
        assert not re.search(forbidden, text), file.name


async def test_both_languages_have_every_word() -> None:
    text = (STATIC / "i18n.js").read_text(encoding="utf-8")
    english, indonesian = text.split("\n};", 1)[0].split("\n  id: {", 1)
    keys = [
        set(re.findall(r"(?:^|[,{]) ?\s*(\w+): \"", part, re.MULTILINE))
        for part in (english, indonesian)
    ]
    assert keys[0] == keys[1]
    used = set()
    for file in STATIC.iterdir():
        if file.suffix in {".js", ".html"}:
            words = file.read_text(encoding="utf-8")
            used |= set(re.findall(r"\bt\(\"(\w+)\"", words))
            used |= set(re.findall(r"data-(?:t|title|label)=\"(\w+)\"", words))
    assert used <= keys[0]


@pytest.mark.parametrize("path", ["", "page/scene", "page/preview?url=x"])
@pytest.mark.parametrize(
    "headers", [{"Host": "rebound.example:80"}, {"Origin": "http://evil.example"}]
)
async def test_other_pages_cannot_look_in(scene: Scene, path: str, headers: dict[str, str]) -> None:
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(scene.url + path) as answer,
    ):
        assert answer.status == 403


@pytest.mark.parametrize("name", ["..%2fpage.py", "index.html", "nothing.js"])
async def test_only_listed_files_are_served(scene: Scene, name: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{scene.url}static/{name}") as answer,
    ):
        assert answer.status in {403, 404}


async def test_previews_know_the_newsroom_only(scene: Scene) -> None:
    piece = scene.site.newsroom.pieces[0]
    async with aiohttp.ClientSession() as session:

        async def preview(url: str) -> tuple[int, Any]:
            async with session.get(f"{scene.url}page/preview", params={"url": url}) as answer:
                return answer.status, await answer.json()

        status, seen = await preview(scene.sandbox.url + piece.path)
        assert (status, seen["title"]) == (200, piece.headline)
        for foreign in (f"http://127.0.0.1:1{piece.path}", "file:///etc/passwd", "", "http://["):
            assert (await preview(foreign))[0] == 404


# --- drawing --------------------------------------------------------------------------------------


# --- doing ----------------------------------------------------------------------------------------


class TestDoing:
    """What a person types and presses, as the bot hears it."""

    pytestmark = in_browser

    async def test_a_toast_and_an_alert(self, scene: Scene, chromium: Chromium) -> None:
        buttons = {"inline_keyboard": [[{"text": "Tekan", "callback_data": "x:1"}]]}
        await scene.tell(scene.cast.sari.id, "Pilih", reply_markup=buttons)
        async with chromium.page() as page:
            await visit(page, scene.url)
            press = page.locator(".buttons button", has_text="Tekan")
            async with scene.answering(callback_query={"text": "Sudah <b>"}) as heard:
                await press.click()
                await expect(page.locator(".toast")).to_have_text("Sudah <b>")
            assert heard[-1]["callback_query"]["data"] == "x:1"
            async with scene.answering(callback_query={"text": "Awas", "show_alert": True}):
                await press.click()
                await expect(page.locator("#alert p")).to_have_text("Awas")
                await page.keyboard.press("Enter")
                await expect(page.locator("#alert")).to_be_hidden()

    async def test_a_deep_link_leads_into_the_private_chat(
        self, scene: Scene, chromium: Chromium
    ) -> None:
        url = "https://t.me/kabar_bot?start=c_7"
        await scene.tell(
            scene.cast.channel.id,
            "Berita",
            reply_markup={"inline_keyboard": [[{"text": "Komentar", "url": url}]]},
        )
        async with chromium.page() as page:
            await visit(page, f"{scene.url}#{scene.cast.channel.id}/{scene.cast.sari.id}")
            await expect(page.locator("#instead")).to_contain_text("Only administrators")
            await page.locator(".buttons button").click()
            await expect(page.locator(".row.own").last).to_contain_text("/start c_7")
        assert scene.sandbox.messages(scene.cast.sari)[-1]["text"] == "/start c_7"

    async def test_answer_change_and_delete(self, scene: Scene, chromium: Chromium) -> None:
        await scene.tell(scene.cast.sari.id, "Ada kabar?")
        async with chromium.page() as page:
            await visit(page, scene.url)
            await page.locator(".row", has_text="Ada kabar?").hover()
            await page.locator(".row", has_text="Ada kabar?").locator(".dots").click()
            await page.get_by_role("menuitem", name="Reply").click()
            await expect(page.locator("#context")).to_contain_text("Reply to Kabar")
            await page.keyboard.type("Baik-baek saja")
            await page.keyboard.press("Enter")
            await expect(page.locator(".row.own").last).to_contain_text("Baik-baek saja")
            await expect(page.locator(".row.own .quote")).to_contain_text("Ada kabar?")
            await page.keyboard.press("ArrowUp")
            await page.locator("#composer-text").fill("Baik-baik saja")
            await page.keyboard.press("Enter")
            await expect(page.locator(".row.own").last).to_contain_text("Baik-baik saja")
            await page.locator(".row.own").last.locator(".dots").click()
            await page.get_by_role("menuitem", name="Delete").click()
            await expect(page.locator("#messages")).not_to_contain_text("Baik-baik")

    async def test_a_prompt_is_answered(self, scene: Scene, chromium: Chromium) -> None:
        asked = await scene.tell(
            scene.cast.sari.id,
            "Apa komentar Anda?",
            reply_markup={"force_reply": True, "input_field_placeholder": "Komentar Anda"},
        )
        async with chromium.page() as page:
            await visit(page, scene.url)
            await expect(page.locator("#context")).to_contain_text("Apa komentar Anda?")
            await expect(page.get_by_placeholder("Komentar Anda")).to_be_visible()
            await page.locator("#composer-text").fill("Bagus sekali")
            await page.locator("#send").click()
            await expect(page.locator("#context")).to_be_hidden()
        said = scene.sandbox.messages(scene.cast.sari)[-1]
        assert (said["text"], said["reply_to"]) == ("Bagus sekali", asked["message_id"])

    async def test_pictures_and_sound(self, scene: Scene, chromium: Chromium) -> None:
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        voice = {"name": "a.ogg", "mimeType": "audio/ogg", "buffer": b"OggS" + bytes(60)}
        async with chromium.page() as page:
            await visit(page, scene.url)
            for files, caption in (([photo], "Satu"), ([photo, photo], "Dua"), ([voice], "")):
                await page.locator("#files").set_input_files(files)  # type: ignore[arg-type]
                await expect(page.locator("#attached .chip")).to_have_count(len(files))
                await page.locator("#composer-text").fill(caption)
                await page.locator("#send").click()
                await expect(page.locator("#attached")).to_be_hidden()
            await expect(page.locator(".row.own .sound")).to_have_count(1)
            await expect(page.locator(".gallery.n2 img")).to_have_count(2)
        said = scene.sandbox.messages(scene.cast.sari)[-4:]
        assert [one["kind"] for one in said] == ["photo", "photo", "photo", "voice"]
        assert [one["text"] for one in said] == ["Satu", "Dua", "", ""]
        assert said[1]["album"] == said[2]["album"] != ""

    async def test_an_album_answers_a_prompt(self, scene: Scene, chromium: Chromium) -> None:
        asked = await scene.tell(
            scene.cast.sari.id, "Komentar?", reply_markup={"force_reply": True}
        )
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        async with chromium.page() as page:
            await visit(page, scene.url)
            await page.locator("#files").set_input_files([photo, photo, photo])  # type: ignore[arg-type]
            await page.locator("#send").click()
            await expect(page.locator(".gallery.n3 img")).to_have_count(3)
        said = scene.sandbox.messages(scene.cast.sari)[-3:]
        assert {one["reply_to"] for one in said} == {asked["message_id"]}
        assert len({one["album"] for one in said}) == 1

    async def test_the_command_menu_is_that_of_person_and_place(
        self, scene: Scene, chromium: Chromium
    ) -> None:
        for scope, language, words in (
            ({"type": "default"}, "", "for all"),
            ({"type": "all_private_chats"}, "", "private"),
            ({"type": "all_private_chats"}, "id", "pribadi"),
            ({"type": "chat", "chat_id": scene.cast.moderators.id}, "", "moderators"),
        ):
            command = {"command": "help", "description": words}
            await scene.api(
                "setMyCommands", commands=[command], scope=scope, language_code=language
            )
        async with chromium.page() as page:
            await visit(page, scene.url)
            for chat, words in (
                (scene.cast.sari, "pribadi"),
                (scene.cast.group, "for all"),
                (scene.cast.moderators, "moderators"),
            ):
                await page.locator(f'[data-chat="{chat.id}"]').click()
                await page.locator("#menu-button").click()
                await expect(page.get_by_role("option").first).to_contain_text(words)
                await page.keyboard.press("Escape")
            await page.locator("#composer-text").fill("/he")
            await page.keyboard.press("Enter")
            await expect(page.locator(".row.own").last).to_contain_text("/help")

    async def test_the_inline_query_box(self, scene: Scene, chromium: Chromium) -> None:
        result = {
            "type": "article",
            "id": "7",
            "title": "Feri listrik",
            "description": "Teluk Melati",
            "input_message_content": {"message_text": "Feri listrik berlayar"},
        }
        async with chromium.page() as page:
            await visit(page, f"{scene.url}#{scene.cast.group.id}/{scene.cast.sari.id}")
            button = {"text": "Open Kabar", "start_parameter": "s_inline"}
            shown = {"results": [result], "button": button, "next_offset": "1"}
            async with scene.answering(inline_query=shown) as heard:
                await page.locator("#composer-text").fill("@kabar_bot feri")
                await page.get_by_role("option", name="Feri listrik").click()
                await expect(page.locator(".row.own").last).to_contain_text("Feri listrik berlayar")
                await expect(page.locator(".row.own .via")).to_have_text("via @kabar_bot")
                await page.locator("#composer-text").fill("@kabar_bot lagi")
                await page.get_by_role("option", name="More").click()
                await expect(page.get_by_role("option", name="Feri listrik")).to_have_count(2)
                await page.get_by_role("option", name="Open Kabar").click()
                await expect(page.locator(".row.own").last).to_contain_text("/start s_inline")
            asked = [one["inline_query"] for one in heard if "inline_query" in one]
            assert [(one["query"], one["offset"]) for one in asked] == [
                ("feri", ""), ("lagi", ""), ("lagi", "1"),
            ]  # fmt: skip

    async def test_block_and_come_back(self, scene: Scene, chromium: Chromium) -> None:
        async with chromium.page() as page:
            await visit(page, scene.url)
            await page.locator("#talk-menu").click()
            await page.get_by_role("menuitem", name="Block the bot").click()
            await expect(page.locator("#instead")).to_contain_text("You have blocked the bot")
            assert scene.sandbox.chat(scene.cast.sari.id).blocked
            await page.locator("#instead button").click()
            await expect(page.locator("#form")).to_be_visible()
            assert not scene.sandbox.chat(scene.cast.sari.id).blocked

    async def test_a_person_who_never_wrote_presses_start(
        self, scene: Scene, chromium: Chromium
    ) -> None:
        async with chromium.page() as page:
            await visit(page, scene.url)
            await page.locator(f'[data-person="{scene.cast.rudi.id}"]').click()
            await page.get_by_role("button", name="Start", exact=True).click()
            await expect(page.locator(".row.own")).to_contain_text("/start")

    async def test_by_keyboard_alone(self, scene: Scene, chromium: Chromium) -> None:
        async with chromium.page() as page:
            await visit(page, scene.url)
            sari = page.locator(f'[data-person="{scene.cast.sari.id}"]')
            await sari.focus()
            await page.keyboard.press("ArrowRight")
            budi = page.locator(f'[data-person="{scene.cast.budi.id}"]')
            await expect(budi).to_be_focused()
            await expect(budi).to_have_attribute("aria-checked", "true")
            await page.locator(f'[data-chat="{scene.cast.budi.id}"]').focus()
            await page.keyboard.press("ArrowDown")
            await page.keyboard.press("Enter")
            await expect(page.locator("#talk-title h2")).to_have_text("Kabar Contoh")


class TestLooks:
    """Language, light, the small screen, and the paper's own pages."""

    pytestmark = in_browser

    async def test_the_paper_itself(self, scene: Scene, chromium: Chromium) -> None:
        async with chromium.page() as page:
            await page.goto(f"{scene.url}news")
            await expect(page.locator(".card")).to_have_count(12)
            await page.locator(".card").first.click()
            headline = scene.site.newsroom.pieces[0].headline
            await expect(page.locator("h1")).to_have_text(headline)
            await shoot(page, "article")

    async def test_language_and_light_are_remembered(
        self, scene: Scene, chromium: Chromium
    ) -> None:
        async with chromium.page(locale="id-ID") as page:
            await visit(page, scene.url)
            html = page.locator("html")
            await expect(page.locator("#chats h3").first).to_have_text("Pembaca")
            await expect(html).to_have_attribute("data-theme", "light")
            await page.locator("#language-button").click()
            await page.locator("#theme-button").click()
            await page.reload()
            await expect(page.locator("#chats h3").first).to_have_text("Readers")
            await expect(html).to_have_attribute("data-theme", "dark")

    async def test_everything_to_press_has_a_name(self, scene: Scene, chromium: Chromium) -> None:
        async with chromium.page() as page:
            await visit(page, scene.url)
            nameless = await page.evaluate(
                "() => [...document.querySelectorAll('button, input, textarea, a, img')].filter("
                "(one) => one.checkVisibility() && !one.textContent.trim() && !one.alt"
                " && one.getAttribute('alt') !== '' && !one.ariaLabel && !one.title)"
                ".map((one) => one.outerHTML)"
            )
            assert nameless == []

    async def test_on_a_phone(self, scene: Scene, chromium: Chromium) -> None:
        await scene.tell(scene.cast.sari.id, "Kabar untuk telepon")
        async with chromium.page(width=PHONE, phone=True) as page:
            await visit(page, scene.url)
            await expect(page.locator("#talk")).to_be_hidden()
            await page.locator(f'[data-chat="{scene.cast.sari.id}"]').tap()
            await expect(page.locator(".row").last).to_contain_text("Kabar untuk telepon")
            await expect(page.locator("#side")).to_be_hidden()
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide == PHONE["width"]
            await shoot(page, "phone-scripted")
            await page.locator("#back").tap()
            await expect(page.locator("#side")).to_be_visible()
