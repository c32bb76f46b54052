"""Reading an article inside Telegram: from a post, from a group, with buttons of all kinds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.callbacks import read_here
from bot.sandbox import Sandbox
from tests.handlers.conftest import HASTY, Room, Shown, running, settings
from tests.support.feed_site import item, open_site

BODY = "".join(f"<p>Paragraf {n}. {'Pelaku pasar tenang hari ini. ' * 12}</p>" for n in range(20))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """With KABAR_READ_HERE, an article of several pages, and a server that knows no rich
    messages."""
    async with Sandbox() as telegram, open_site(item("b", body=BODY)) as site:
        ani, anna = (telegram.create_user(name, username=name.lower()) for name in ("Ani", "Anna"))
        desk = telegram.create_supergroup("Meja redaksi", anna)
        telegram.add_bot(desk, as_admin=True)
        wanted = settings(telegram, site, tmp_path, moderators_chat=desk.id, read_here=True)
        async with running(wanted, HASTY) as kabar:
            room = Room(telegram, site, kabar, ani, anna, desk)
            await room.look()
            await telegram.next_message(desk)
            telegram.faults.add("sendRichMessage", error=(404, "Not Found: method not found"))
            yield room


async def test_a_post_opens_in_pages_that_are_turned_in_place(room: Room) -> None:
    await room.say(room.ani, "/latest")
    post = await room.say(room.ani, "/start a_1")
    await room.press(room.ani, post, "📄")
    first = await room.telegram.next_message(room.ani, after=post["id"])
    assert "Paragraf 0." in first["text"]
    assert "Sumber:" in first["text"]
    await room.press(room.ani, first, "▶")
    second = await room.changed(first)
    assert "Paragraf 0." not in second["text"]
    assert "2/" in second["buttons"][0][1]["text"]
    await room.press(room.ani, second, "◀")
    assert (await room.changed(second))["text"] == first["text"]


async def test_an_answer_to_a_page_is_a_comment_on_its_article(room: Room) -> None:
    first = await room.say(room.ani, "/start p_1")
    await room.press(room.ani, first, "▶")
    second = await room.changed(first)
    before = await room.last(room.desk)
    room.telegram.people.say(room.ani, "Pasar di sini sepi.", reply_to=second["id"])
    card = await room.telegram.next_message(room.desk, after=before)
    assert "Pasar di sini sepi." in card["text"]
    assert "Berita b" in card["text"]


async def test_in_a_group_it_leads_into_a_private_chat(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.ani)
    room.telegram.add_bot(group)
    link = await room.say(room.ani, "/start p_1")
    assert "Paragraf 0." in link["text"]
    hello = await room.say(room.ani, "/start@kabar_bot", group)
    post = await room.say(room.ani, "/latest@kabar_bot", group)
    opened = await room.press(room.ani, post, "1")
    assert opened is not None
    shown = await room.telegram.next_message(group, after=max(hello["id"], post["id"]))
    urls = [one.get("url", "") for row in shown["buttons"] for one in row]
    assert "https://t.me/kabar_bot?start=p_1" in urls


async def test_where_the_server_knows_rich_messages_an_article_is_one(room: Room) -> None:
    room.telegram.faults.clear()
    shown = await room.say(room.ani, "/start p_1")
    assert shown["kind"] == "rich"
    blocks = shown["data"]["rich_message"]["blocks"]
    assert blocks[0] == {"type": "heading", "text": "Berita b", "size": 1}
    assert all(f"Paragraf {n}." in shown["text"] for n in range(20))
    assert "Sumber:" in shown["text"]
    before = await room.last(room.desk)
    room.telegram.people.say(room.ani, "Pasar di sini sepi.", reply_to=shown["id"])
    card = await room.telegram.next_message(room.desk, after=before)
    assert "Berita b" in card["text"]


async def test_what_is_held_withdrawn_or_unknown_is_not_read(room: Room) -> None:
    first = await room.say(room.ani, "/start p_1")
    assert "tidak ada di arsip" in (await room.say(room.ani, "/start p_999"))["text"]
    async with room.db.transaction() as tx:
        await tx.run("UPDATE article SET hold = 'held'")
    for link in ("p_1", "a_1"):
        assert "Paragraf" not in (await room.say(room.ani, f"/start {link}"))["text"]
    async with room.db.transaction() as tx:
        await tx.run("UPDATE article SET hold = '', retracted_at = 1693458000")
    await room.press(room.ani, first, "▶")
    gone = await room.changed(first)
    assert "⛔" in gone["text"]
    assert gone["buttons"] == []


async def test_numbers_that_no_button_has_do_no_harm(room: Room) -> None:
    first = await room.say(room.ani, "/start p_1")
    await room.forge(room.ani, first, read_here(1, 2**62, "turn"))
    last = await room.changed(first)
    assert "▶" not in str(last["buttons"])
    for number, data in enumerate((read_here(2**62, 1, "turn"), "pg:1", "pg:zz:1:turn:x"), 1):
        await room.forge(room.ani, last, data, number)
    assert (await room.now(last))["text"] == last["text"]


async def test_an_article_is_read_as_it_is_told_now(room: Room) -> None:
    first = await room.say(room.ani, "/start p_1")
    room.site.items[0].body = BODY.replace("Paragraf", "Alinea")
    await room.look()
    await room.press(room.ani, first, "▶")
    second = await room.changed(first)
    assert "Alinea" in second["text"]
    assert "Paragraf" not in second["text"]


@pytest.mark.parametrize("rich", [False, True])
async def test_buttons_of_before_a_restart_still_turn_pages(tmp_path: Path, *, rich: bool) -> None:
    async with Sandbox() as telegram, open_site(item("b", body=BODY)) as site:
        ani = telegram.create_user("Ani", username="ani")
        if not rich:
            telegram.faults.add("sendRichMessage", error=(404, "Not Found: method not found"))
        wanted = settings(telegram, site, tmp_path, read_here=True)
        shown: list[Shown] = []
        for _ in range(2):
            async with running(wanted, HASTY) as kabar:
                room = Room(telegram, site, kabar, ani, ani, telegram.chat(ani.id))
                await room.look()
                if not shown:
                    shown.append(await room.say(ani, "/start p_1"))
                elif rich:
                    assert shown[0]["kind"] == "rich"
                    assert "Paragraf 19." in shown[0]["text"]
                    again = await room.say(ani, "/start p_1")
                    assert again["text"] == shown[0]["text"]
                else:
                    await room.press(ani, shown[0], "▶")
                    assert "2/" in str((await room.changed(shown[0]))["buttons"])
