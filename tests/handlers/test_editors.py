"""What the moderators' chat is told, and what its administrators can do with articles."""

from __future__ import annotations

from functools import partial

from bot.sandbox import User, WorldChat
from tests.handlers.conftest import Room, Shown

LINK = "https://paper.example/2023/08/b.html?utm_source=chat"


async def test_retract_by_address_marks_every_post(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    post = await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    answer = await room.say(room.anna, f"/retract {LINK} Salah foto", room.desk)
    assert "Berita b" in answer["text"]
    await room.telegram.wait_for(lambda: "⛔ Dicabut" in room.again(post)["text"] or None)
    again = await room.say(room.anna, f"/retract {LINK} Salah foto", room.desk)
    assert again["text"] == "Berita b sudah dicabut sebelumnya."


async def test_only_administrators_of_the_moderators_chat_retract(room: Room) -> None:
    assert "moderator" in (await room.say(room.ani, f"/retract {LINK} Salah foto"))["text"]
    room.telegram.people.join(room.ani, room.desk)
    assert "admin" in (await room.say(room.ani, f"/retract {LINK} Salah foto", room.desk))["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM article WHERE retracted_at > 0") == 0


async def test_retract_asks_which_article(room: Room) -> None:
    for words, told in (
        ("/retract", "Sebutkan artikel"),
        ("/retract https://paper.example/nowhere.html", "Artikel ini sudah tidak ada di arsip."),
    ):
        assert (await room.say(room.anna, words, room.desk))["text"].startswith(told)


async def test_help_explains_the_desk_to_moderators_only(room: Room) -> None:
    assert "/retract" in (await room.say(room.anna, "/help", room.desk))["text"]
    assert "/retract" not in (await room.say(room.ani, "/help"))["text"]


WORDS = "Situs kami pindah\n\nMulai Senin: kabar.example. <b>Terima kasih</b> & sampai jumpa!"


async def shown_first(room: Room, words: str = WORDS) -> Shown:
    return await room.say(room.anna, f"/announce {words}", room.desk)


async def became(room: Room, place: User | WorldChat, text: str) -> Shown:
    return await room.telegram.next_message(place, lambda one: text in one["text"])


async def test_an_announcement_is_shown_sent_once_and_can_be_withdrawn(room: Room) -> None:
    budi = room.telegram.create_user("Budi")
    await room.say(room.ani, "/subscribe")
    await room.say(budi, "/subscribe ekonomi")
    preview = await shown_first(room)
    buttons = [one for row in preview["data"]["reply_markup"]["inline_keyboard"] for one in row]
    assert [one["text"] for one in buttons] == ["📣 Kirim ke 1 pelanggan", "✖ Jangan kirim"]
    await room.press(room.anna, preview, "📣")
    post = await became(room, room.ani, "Situs kami pindah")
    assert post["text"] == preview["text"]
    assert "<b>Terima kasih</b> & sampai jumpa!" in post["text"]
    assert "Sumber: Kabar Contoh" in post["text"]
    assert [one["text"] for row in post["buttons"] for one in row] == ["💬 Komentar"]
    await became(room, room.desk, "balas dengan /retract")
    before = await room.last(room.desk)
    await room.forge(room.anna, preview, buttons[0]["callback_data"])
    assert await room.last(room.desk) == before
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM broadcast WHERE kind = 'news'") == 1
        assert await cx.value("SELECT count(*) FROM delivery WHERE kind = 'post'") == 1
        assert await cx.value("SELECT group_concat(action) FROM decision") == "announce"

    await room.say(room.anna, "/retract Salah kirim", room.desk, reply_to=preview["id"])
    for shown in (post, preview):
        assert "⛔ Dicabut" in (await room.changed(shown))["text"]
    assert not any("Situs kami" in one["text"] for one in await room.said(budi))


async def test_an_announcement_that_is_not_wanted_goes_to_nobody(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    older = await shown_first(room, "Yang lama")
    preview = await shown_first(room)
    assert "sudah dikirim atau diganti" in (await room.press(room.anna, older, "📣"))["text"]
    await room.press(room.anna, preview, "✖")
    assert "tidak dikirim" in (await room.changed(preview))["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM broadcast") == 0


async def test_only_editors_announce_and_nothing_is_cut(room: Room) -> None:
    preview = await shown_first(room)
    room.telegram.people.join(room.ani, room.desk)
    assert "Hanya admin" in (await room.press(room.ani, preview, "📣"))["text"]
    assert "Hanya admin" in (await room.say(room.ani, "/announce Halo", room.desk))["text"]
    assert "moderator" in (await room.say(room.ani, "/announce Halo"))["text"]
    assert "baris pertama" in (await room.say(room.anna, "/announce", room.desk))["text"]
    answer = await room.say(room.anna, "/announce Judul\n" + "x" * 610, room.desk)
    assert "singkat 10" in answer["text"]
    longest = await room.say(room.anna, "/announce " + "J" * 250 + "\n" + "x" * 600, room.desk)
    assert "x" * 600 in longest["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM broadcast") == 0


async def test_closing_comments_from_a_card_offers_to_open_them_again(room: Room) -> None:
    room.telegram.people.start(room.ani, "c_1")
    prompt = await became(room, room.ani, "Komentar Anda")
    room.telegram.people.say(room.ani, "Cukup sudah", reply_to=prompt["id"])
    card = await became(room, room.desk, "Cukup sudah")
    await room.press(room.anna, card, "⋯")
    for button in ("🔒", "🔓", "🔒"):
        label = await room.telegram.wait_for(partial(offered, room, card, button))
        await room.telegram.ask_button(room.anna, room.desk, card["id"], label)


def offered(room: Room, card: Shown, sign: str) -> str | None:
    """The card's button that begins with this emoji."""
    labels = (one["text"] for row in room.again(card)["buttons"] for one in row)
    return next((label for label in labels if label.startswith(sign)), None)
