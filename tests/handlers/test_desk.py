"""The editor's desk over the stand-in: hold, schedule, words, one decision, kill and restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.handlers.conftest import FAR, Room, Shown, running, settings
from tests.support.feed_site import Site, item, jpeg, open_site


@asynccontextmanager
async def opened(telegram: Sandbox, site: Site, folder: Path, **more: Any) -> AsyncIterator[Room]:
    ani, anna = (telegram.create_user(name, username=name.lower()) for name in ("Ani", "Anna"))
    desk = telegram.create_supergroup("Meja redaksi", anna)
    telegram.add_bot(desk, as_admin=True)
    wanted = settings(telegram, site, folder, moderators_chat=desk.id, **more)
    async with running(wanted) as kabar:
        room = Room(telegram, site, kabar, ani, anna, desk)
        await room.look()
        await telegram.next_message(desk)
        await room.say(ani, "/subscribe")
        yield room


@pytest.fixture
async def held(tmp_path: Path) -> AsyncIterator[Room]:
    async with (
        Sandbox() as telegram,
        open_site(item("b"), item("a")) as site,
        opened(telegram, site, tmp_path, hold="all") as room,
    ):
        yield room


async def card_of(room: Room, name: str) -> Shown:
    await room.publish(name)
    return await room.telegram.next_message(
        room.desk, lambda one: f"Berita {name}" in one["text"] and "🗂" in one["text"]
    )


async def got(room: Room, name: str) -> list[str]:
    return [one["text"] for one in await room.said(room.ani) if f"Berita {name}" in one["text"]]


async def test_a_held_article_waits_for_its_editor_and_is_found_only_then(held: Room) -> None:
    card = await card_of(held, "c")
    assert "→ 👤 1" in (await held.say(held.anna, "/desk", held.desk))["text"]  # where it will go
    assert "Berita c" not in (await held.say(held.ani, "/latest"))["text"]
    assert "Berita c" not in (await held.say(held.ani, "/search berita"))["text"]
    assert not await got(held, "c")
    await held.press(held.anna, card, "🚀")
    await held.telegram.next_message(held.ani, lambda one: "Berita c" in one["text"])
    assert "Berita c" in (await held.say(held.ani, "/latest"))["text"]
    await held.telegram.wait_for(lambda: "1 chat" in held.again(card)["text"] or None)
    assert "🚀" not in str((await held.now(card))["buttons"])


async def test_only_editors_decide(held: Room) -> None:
    card = await card_of(held, "c")
    held.telegram.people.join(held.ani, held.desk)
    refused = await held.press(held.ani, card, "🚀")
    assert "admin" in refused["text"]
    assert not await got(held, "c")


async def test_two_editors_make_one_decision(held: Room) -> None:
    card = await card_of(held, "c")
    stale = held.again(card)
    held.telegram.people.set_member(held.desk, held.ani, "administrator")
    await held.press(held.anna, card, "⛔")
    asked = await held.telegram.wait_for(
        lambda: held.again(card) if "⛔ Ya" in str(held.again(card)["buttons"]) else None
    )
    both = (held.press_at_once(who, asked, "⛔ Ya") for who in (held.anna, held.ani, held.anna))
    told = [one["text"] for one in await asyncio.gather(*both)]
    assert told == [
        "✓ dihentikan",
        "Editor lain lebih dulu memutuskan. Anna: menghentikannya",
        "Sudah berubah sejak Anda melihatnya: dihentikan",
    ]
    now = await held.changed(card)
    data = stale["data"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await held.forge(held.anna, now, data)
    assert not await got(held, "c")
    await held.press(held.anna, card, "↩")
    await held.telegram.wait_for(lambda: "🚀" in str(held.again(card)["buttons"]) or None)


async def test_words_of_an_editor_go_out_and_survive_the_feeds_edits(held: Room) -> None:
    card = await card_of(held, "c")
    await held.press(held.anna, card, "✏️")
    asked = await held.telegram.wait_for(
        lambda: held.again(card) if "Judul" in str(held.again(card)["buttons"]) else None
    )
    before = await held.last(held.desk)
    await held.press(held.anna, asked, "Judul")
    prompt = await held.telegram.next_message(held.desk, after=before)
    await held.say(held.anna, "Judul dari redaksi", held.desk, reply_to=prompt["id"])
    await held.telegram.wait_for(lambda: "Judul dari redaksi" in held.again(card)["text"] or None)
    await held.press(held.anna, card, "🚀")
    post = await held.telegram.next_message(
        held.ani, lambda one: "Judul dari redaksi" in one["text"]
    )
    held.site.items[
        0
    ].body = "Jakarta - Isi yang lain sama sekali, juga cukup panjang untuk dibaca."
    await held.look()
    again = await held.changed(post)
    assert "Judul dari redaksi" in again["text"]
    assert "Isi yang lain" in again["text"]
    listed = (await held.say(held.anna, "/desk", held.desk))["text"]
    assert "Judul dari redaksi" in listed
    found = await held.say(held.ani, "/search judul redaksi")
    assert "1. Judul dari redaksi" in found["text"]


async def test_a_time_in_the_past_is_one_sentence(held: Room) -> None:
    card = await card_of(held, "c")
    await held.press(held.anna, card, "⏰")
    menu = await held.telegram.wait_for(
        lambda: held.again(card) if "⌨️" in str(held.again(card)["buttons"]) else None
    )
    before = await held.last(held.desk)
    await held.press(held.anna, menu, "⌨️")
    prompt = await held.telegram.next_message(held.desk, after=before)
    said = await held.say(held.anna, "01.01.2020 10:00", held.desk, reply_to=prompt["id"])
    assert "lewat" in said["text"]
    said = await held.say(held.anna, "kapan-kapan", held.desk, reply_to=prompt["id"])
    assert "18:30" in said["text"]


async def test_a_schedule_survives_a_restart_and_goes_out_once(tmp_path: Path) -> None:
    async with Sandbox() as telegram, open_site(item("b"), item("a")) as site:
        async with opened(telegram, site, tmp_path, hold="all") as room:
            card = await card_of(room, "c")
            await room.press(room.anna, card, "⏰")
            menu = await telegram.wait_for(
                lambda: room.again(card) if "⌨️" in str(room.again(card)["buttons"]) else None
            )
            await room.press(room.anna, menu, "⏰")
            await room.changed(card)
            async with room.db.transaction() as tx:
                await tx.run("UPDATE article SET release_at = 1 WHERE hold = 'scheduled'")
        async with running(
            settings(telegram, site, tmp_path, moderators_chat=room.desk.id, hold="all")
        ) as kabar:
            again = replace(room, kabar=kabar)
            await telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])
            assert len(await got(again, "c")) == 1


async def test_held_articles_go_out_by_themselves(tmp_path: Path) -> None:
    async with (
        Sandbox() as telegram,
        open_site(item("b"), item("a")) as site,
        opened(telegram, site, tmp_path, hold="all", hold_minutes=30) as room,
    ):
        card = await card_of(room, "c")
        assert "sendiri" in card["text"]
        async with room.db.transaction() as tx:
            await tx.run("UPDATE article SET release_at = 1 WHERE hold = 'held'")
        await telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])


async def test_breaking_news_by_its_label_passes_a_digest(tmp_path: Path) -> None:
    async with (
        Sandbox() as telegram,
        open_site(item("b"), item("a")) as site,
        opened(telegram, site, tmp_path, breaking_topics="Gempa") as room,
    ):
        await room.say(room.ani, f"/digest {FAR}:00")
        await room.publish("c", labels=("Gempa",))
        await telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])
        await room.publish("d")
        assert not await got(room, "d")


async def test_a_card_says_where_its_article_goes_and_why_not_elsewhere(held: Room) -> None:
    for title, topic in (("Warta", ""), ("Olahraga", " Olahraga")):
        channel = held.telegram.create_channel(title, held.anna, username=title.lower())
        held.telegram.add_bot(channel, as_admin=True)
        held.telegram.people.say(held.anna, f"/subscribe @{title.lower()}{topic}")
        await held.calm()
    card = await card_of(held, "c")
    before = await held.last(held.desk)
    await held.press(held.anna, card, "🧭")
    told = await held.telegram.next_message(held.desk, after=before)
    assert "✓ 📣 Warta (@warta): sebagai kiriman" in told["text"]
    assert "✗ 📣 Olahraga (@olahraga): hanya Olahraga" in told["text"]


async def asked_for(room: Room, card: Shown, *buttons: str) -> Shown:
    """The question that buttons lead to, one after the other."""
    for button in buttons[:-1]:
        before = room.again(card)["buttons"]
        await room.press(room.anna, card, button)
        await room.telegram.wait_for(
            lambda seen=before: room.again(card)["buttons"] != seen or None  # type: ignore[misc]
        )
    last = await room.last(room.desk)
    await room.press(room.anna, card, buttons[-1])
    return await room.telegram.next_message(room.desk, after=last)


async def test_a_picture_is_chosen_by_its_number(held: Room) -> None:
    page = "<html><body><article><p>Isi.</p>"
    told = "<p>Jakarta - Isi berita yang cukup panjang untuk dibaca orang banyak.</p>"
    for number, colour in enumerate(("red", "green", "blue"), 1):
        held.site.files[f"/foto-{number}.jpg"] = jpeg(colour)
        page += f'<img src="/foto-{number}.jpg" width="640">'
        if number < 3:  # the feed has two of them
            told += f'<img src="{held.site.address}/foto-{number}.jpg" width="640">'
    held.site.files["/c.html"] = page.encode()
    await held.publish("c", link=f"{held.site.address}/c.html", body=told)
    card = await held.telegram.next_message(held.desk, lambda one: "🗂" in one["text"])
    del held.site.files["/c.html"]
    choices = await asked_for(held, card, "🖼")
    assert "1. foto-1.jpg (127.0.0.1)\n2. foto-2.jpg (127.0.0.1)" in choices["text"]
    assert "3." not in choices["text"]
    held.site.files["/c.html"] = page.encode()
    choices = await asked_for(held, card, "🖼")
    assert "2. foto-2.jpg (127.0.0.1)\n3. foto-3.jpg (127.0.0.1)" in choices["text"]
    await held.press(held.anna, choices, "2")
    pictured = await held.telegram.next_message(
        held.desk, lambda one: "🗂" in one["text"] and "photo" in one["data"]
    )
    assert "Berita c" in pictured["text"]
    chosen = await held.telegram.wait_for(
        lambda: held.again(choices) if "✓ 2" in str(held.again(choices)["buttons"]) else None
    )
    await held.press(held.anna, chosen, "🖼 Tanpa")
    await held.telegram.wait_for(lambda: "✓" not in str(held.again(choices)["buttons"]) or None)
    del held.site.files["/foto-1.jpg"]
    refused = await held.press(held.anna, choices, "1")
    assert "20 MB" in refused["text"]


def strange(kind: str) -> bytes:
    whole = jpeg("red")
    match kind:
        case "just-small-enough.jpg":
            return whole + bytes(_MOST - len(whole))
        case "too-large.jpg":
            return whole + bytes(_MOST + 1 - len(whole))
        case "torn.jpg":
            return whole[: len(whole) // 3]
        case "drawing.svg":
            return b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>'
        case _:
            return b"%PDF-1.7 nothing to see"


_MOST = 20 * 1024 * 1024
"""Bytes of a picture that is downloaded."""


async def test_a_picture_at_the_limits_is_taken_or_refused_in_one_sentence(held: Room) -> None:
    card = await card_of(held, "c")
    picture = await asked_for(held, card, "🖼")
    last = await held.last(held.desk)
    await held.press(held.anna, picture, "🖼 Kirim")
    question = await held.telegram.next_message(held.desk, after=last)
    for name, told in (
        ("too-large.jpg", "20 MB"),
        ("torn.jpg", "20 MB"),
        ("drawing.svg", "20 MB"),
        ("paper.pdf", "20 MB"),
        ("just-small-enough.jpg", "🖼 Sudah diubah"),
    ):
        held.site.files[f"/{name}"] = strange(name)
        address = f"{held.site.address}/{name}"
        answer = await held.say(held.anna, address, held.desk, reply_to=question["id"])
        assert told in answer["text"], name
        assert "\n" not in answer["text"]


async def test_what_cannot_be_taken_is_one_clear_sentence(held: Room) -> None:
    card = await card_of(held, "c")
    picture = await asked_for(held, card, "🖼")
    last = await held.last(held.desk)
    await held.press(held.anna, picture, "🖼 Kirim")
    question = await held.telegram.next_message(held.desk, after=last)
    for said, told in (
        ("bukan alamat", "https://"),
        ("https://", "https://"),
        ("ftp://paper.example/a.jpg", "https://"),
        (f"{held.site.address}/tidak-ada.jpg", "20 MB"),
    ):
        answer = await held.say(held.anna, said, held.desk, reply_to=question["id"])
        assert told in answer["text"]
    for kind, album, told in (
        ("document", "", "foto"),
        ("photo", "7", "album"),
        ("photo", "7", ""),
    ):
        last = await held.last(held.desk)
        sent = held.telegram.people.send_file(
            held.anna, kind, jpeg("red"), held.desk, album=album, reply_to=question["id"]
        )
        if told:
            answer = await held.telegram.next_message(held.desk, after=last)
            assert told in answer["text"]
        else:
            assert await held.last(held.desk) == sent.id  # the rest of an album gets no answer
    words = await asked_for(held, card, "✏️", "Judul")
    answer = await held.say(held.anna, "kata " * 60, held.desk, reply_to=words["id"])
    assert "250" in answer["text"]
    async with held.db.reading() as cx:
        assert not await cx.value("SELECT own_headline FROM article WHERE id = 3")
    await held.forge(held.anna, card, "ed:zz:0:now")  # an article that is no more
    await held.forge(held.anna, card, "ed:3:0:pic9", 1)
    await held.forge(held.anna, card, "ed:3:0:at1", 2)
    assert not await got(held, "c")


async def test_the_log_of_an_article_names_everything_that_was_done(held: Room) -> None:
    card = await card_of(held, "c")
    words = await asked_for(held, card, "✏️", "Judul")
    await held.say(held.anna, "Judul redaksi", held.desk, reply_to=words["id"])
    await held.telegram.wait_for(lambda: "Judul redaksi" in held.again(card)["text"] or None)
    await held.press(held.anna, card, "🔕")
    await held.telegram.wait_for(lambda: "✓" in str(held.again(card)["buttons"]) or None)
    await held.press(held.anna, card, "🚀")
    await held.telegram.next_message(held.ani, lambda one: "Judul redaksi" in one["text"])
    told = await held.say(held.anna, "/log", held.desk, reply_to=card["id"])
    done = [line.split(" · ", 1)[1] for line in told["text"].splitlines()[1:]]
    assert done == [
        "Anna: mengubah teksnya",
        "Anna: mengubah bunyinya",
        "Anna: mengirimkannya",
    ]
    with pytest.raises(Exception, match="only added"):
        async with held.db.transaction() as tx:
            await tx.run("DELETE FROM decision")
