"""A complaint from the first word to the correction that answers it, as both sides see it."""

from __future__ import annotations

from tests.handlers.conftest import Room, Shown


async def filed(room: Room, *, article: str = "Berita b") -> tuple[Shown, Shown]:
    """What the reader sees of it, and its card."""
    asked = await room.say(room.ani, "Angka di paragraf dua salah, mohon dikoreksi.")
    await room.press(room.ani, asked, "⚖️")
    kinds = await room.changed(asked)
    await room.press(room.ani, kinds, "Hak koreksi")
    which = await room.changed(kinds)
    before = await room.last(room.desk)
    await room.press(room.ani, which, article)
    receipt = await room.changed(which)
    card = await room.telegram.next_message(
        room.desk, lambda one: one["text"].startswith("⚖️"), after=before
    )
    return receipt, card


async def test_a_free_text_becomes_a_complaint_and_a_correction_answers_it(room: Room) -> None:
    receipt, card = await filed(room)
    assert "Pengaduan #1" in receipt["text"]
    assert "WIB" in receipt["text"]
    assert "Hak koreksi: Berita b" in card["text"]
    assert "WIB" in (await room.say(room.ani, "/mycomments"))["text"]
    before = await room.last(room.desk)
    await room.press(room.anna, card, "✏️")
    question = await room.telegram.next_message(room.desk, after=before)
    await room.say(room.anna, "Angka 12 seharusnya 21", room.desk, reply_to=question["id"])
    told = await room.telegram.next_message(room.ani, lambda one: "Angka 12" in one["text"])
    assert "✏️" in told["text"]
    assert "Pengaduan" in (await room.changed(receipt))["text"]
    assert "Angka 12 seharusnya 21" in (await room.say(room.ani, "/corrections"))["text"]
    mine = await room.say(room.ani, "/mycomments")
    assert "ralat" in mine["text"]
    assert "Ralat" not in str((await room.now(card))["buttons"])


async def test_words_answer_it_and_the_reader_can_write_back(room: Room) -> None:
    receipt, card = await filed(room)
    before = await room.last(room.desk)
    await room.press(room.anna, card, "💬")
    question = await room.telegram.next_message(room.desk, after=before)
    before = await room.last(room.ani)
    await room.say(room.anna, "Kami periksa: angkanya benar.", room.desk, reply_to=question["id"])
    told = await room.telegram.next_message(
        room.ani, lambda one: "angkanya benar" in one["text"], after=before
    )
    assert "pengaduan Anda #1" in told["text"]
    assert "redaksi sudah menjawab" in (await room.changed(receipt))["text"]
    assert "sudah dijawab" in (await room.say(room.ani, "/mycomments"))["text"]
    room.telegram.people.say(room.ani, "Tetapi tabelnya tidak.", reply_to=told["id"])
    await room.telegram.next_message(room.desk, lambda one: "tabelnya tidak" in one["text"])
    assert "💬 #1" in (await room.now(card))["text"]


async def test_correct_as_an_answer_to_its_card_and_a_button_for_the_others(room: Room) -> None:
    _, first = await filed(room)
    _, second = await filed(room)
    said = await room.say(room.anna, "/correct Nama salah", room.desk, reply_to=first["id"])
    assert "Berita b" in said["text"]
    assert "#2" in str(said["buttons"])
    await room.press(room.anna, said, "#2")
    await room.telegram.wait_for(
        lambda: (
            len([o for o in room.telegram.messages(room.ani) if "Nama salah" in o["text"]]) == 2
            or None
        )
    )
    assert "✏️ #2" in (await room.changed(second))["text"]


async def test_a_complaint_about_no_article_asks_for_its_address(room: Room) -> None:
    _, card = await filed(room, article="teks saya")
    assert "Hak koreksi" in card["text"]
    refused = await room.press(room.anna, card, "✏️")
    assert "/correct" in refused["text"]
    link = "https://paper.example/2023/08/b.html"
    await room.say(room.anna, f"/correct {link} Salah nama", room.desk, reply_to=card["id"])
    await room.telegram.next_message(room.ani, lambda one: "Salah nama" in one["text"])


async def faults(room: Room) -> int:
    """Updates that could not be handled by a fault of ours."""
    async with room.db.reading() as cx:
        return int(await cx.value("SELECT count(*) FROM set_aside"))


async def test_the_way_back_and_strangers_buttons(room: Room) -> None:
    asked = await room.say(room.ani, "Sebuah surat.")
    await room.press(room.ani, asked, "⚖️")
    kinds = await room.changed(asked)
    await room.press(room.ani, kinds, "◀")
    again = await room.changed(kinds)
    assert "✉️" in str(again["buttons"])
    before = await room.last(room.anna)
    hello = await room.say(room.anna, "/start")
    await room.forge(room.anna, hello, "cp:1:0:correction!")
    assert not any("Pengaduan" in one["text"] for one in await room.said(room.anna))
    await room.forge(room.ani, again, "cp:1:zzz:correction!", 1)  # an article that is none
    await room.forge(room.ani, again, "w:1:zzz", 2)
    await room.calm()
    async with room.db.reading() as cx:
        assert await cx.value("SELECT state FROM comment") == "draft"
    assert await faults(room) == 0
    assert await room.last(room.anna) > before


async def test_a_pasted_address_is_offered_first(room: Room) -> None:
    link = "https://paper.example/2023/08/a.html"
    asked = await room.say(room.ani, f"Tentang {link} ini.")
    assert "Berita a" in asked["buttons"][0][0]["text"]
