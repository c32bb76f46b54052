"""Commenting as its reader sees it: asked, written, received, decided, looked up, taken back."""

from __future__ import annotations

from bot.sandbox import User
from tests.handlers.conftest import Room, Shown
from tests.support.feed_site import jpeg


def labels(message: Shown) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def heard(room: Room, who: User, text: str, **more: int) -> Shown:
    return await room.telegram.next_message(who, lambda one: text in one["text"], **more)


async def asked(room: Room, who: User, article: int = 1) -> Shown:
    """The prompt behind 💬."""
    before = await room.last(who)
    room.telegram.people.start(who, f"c_{article}")
    return await heard(room, who, "Komentar Anda untuk", after=before)


async def commented(room: Room, who: User, text: str) -> Shown:
    """The card of a comment on the first article."""
    await asked(room, who)
    room.telegram.people.say(who, text)
    return await room.telegram.next_message(room.desk, lambda one: text in one["text"])


async def becomes(room: Room, message: Shown, text: str) -> Shown:
    def found() -> Shown | None:
        now = room.again(message)
        return now if text in now["text"] else None

    return await room.telegram.wait_for(found)


async def test_after_a_prompt_the_next_message_is_the_comment(room: Room) -> None:
    await asked(room, room.ani, 1)
    room.telegram.people.say(room.ani, "Tanpa membalas.")
    receipt = await heard(room, room.ani, "diterima")
    assert "Berita a" in receipt["text"]
    room.telegram.people.say(room.ani, "Dan satu lagi.")  # nobody asked for this one
    which = await heard(room, room.ani, "artikel yang mana")
    assert "Berita a" in labels(which)[0]  # not the newest: the one that was asked about last
    assert "Berita b" in labels(which)[1]


async def test_also_where_a_read_button_stands_in_the_prompt(room: Room) -> None:
    card = await commented(room, room.ani, "Yang pertama")
    await room.press(room.anna, card, "✅")
    await heard(room, room.ani, "sudah tayang")
    budi = room.telegram.create_user("Budi")
    prompt = await asked(room, budi)
    assert labels(prompt) == ["📖 Baca 1 komentar"]
    room.telegram.people.say(budi, "Yang kedua")
    assert "Berita a" in (await heard(room, budi, "diterima"))["text"]


async def test_who_cannot_write_reads_all_the_same(room: Room) -> None:
    card = await commented(room, room.ani, "Layak dibaca")
    await room.press(room.anna, card, "✅")
    await heard(room, room.ani, "sudah tayang")
    await room.press(room.anna, card, "💬")
    prompt = await room.telegram.next_message(room.desk, lambda one: bool(one["keyboard"]))
    room.telegram.people.say(room.anna, "/comments@kabar_bot off", room.desk, reply_to=card["id"])
    budi = room.telegram.create_user("Budi")
    await room.telegram.next_message(room.desk, lambda one: "🔒" in one["text"], after=prompt["id"])
    room.telegram.people.start(budi, "c_1")
    page = await heard(room, budi, "Layak dibaca")
    assert "ditutup" in page["text"]
    assert "1. 👍" in labels(page)
    assert "💬 Tulis komentar" not in labels(page)


async def test_the_banned_read_too(room: Room) -> None:
    card = await commented(room, room.ani, "Kasar")
    menu = await room.press(room.anna, card, "🚫")
    assert menu is not None
    await room.telegram.wait_for(lambda: "Ya, blokir" in str(room.again(card)["buttons"]) or None)
    await room.press(room.anna, card, "🚫")
    await becomes(room, card, "diblokir")
    room.telegram.people.start(room.ani, "c_1")
    page = await heard(room, room.ani, "Belum ada komentar")
    assert "tidak bisa lagi berkomentar" in page["text"]
    assert labels(page) == []


async def test_a_receipt_says_what_became_of_the_comment(room: Room) -> None:
    card = await commented(room, room.ani, "Ditunggu")
    receipt = await heard(room, room.ani, "menunggu ditinjau")
    assert "↩ Tarik" in labels(receipt)
    await room.press(room.anna, card, "✅")
    published = await becomes(room, receipt, "sudah tayang")
    assert labels(published) == []
    await room.press(room.anna, await becomes(room, card, "disetujui"), "↩")
    assert "↩ Tarik" in labels(await becomes(room, receipt, "menunggu ditinjau"))
    reasons = await room.telegram.wait_for(lambda: _with(room, card, "❌"))
    await room.press(room.anna, reasons, "❌")
    chosen = await room.telegram.wait_for(lambda: _with(room, card, "Di luar topik"))
    await room.press(room.anna, chosen, "Di luar topik")
    refused = await becomes(room, receipt, "tidak ditayangkan")
    assert "di luar topik artikel" in refused["text"]
    assert labels(refused) == []
    listed = (await room.say(room.ani, "/mycomments"))["text"]
    assert "tidak ditayangkan · " in listed  # and when it was written
    assert "di luar topik artikel" in listed


def _with(room: Room, message: Shown, button: str) -> Shown | None:
    now = room.again(message)
    return now if any(button in label for label in labels(now)) else None


async def test_a_letter_is_a_letter_and_gets_no_verdict(room: Room) -> None:
    room.telegram.people.say(room.ani, "Kepada redaksi yang terhormat")
    which = await heard(room, room.ani, "artikel yang mana")
    await room.press(room.ani, which, "✉️")
    await becomes(room, which, "Surat #1 diterima")
    card = await room.telegram.next_message(room.desk, lambda one: "yang terhormat" in one["text"])
    await room.press(room.anna, card, "❌")
    chosen = await room.telegram.wait_for(lambda: _with(room, card, "Lainnya"))
    await room.press(room.anna, chosen, "Lainnya")
    await becomes(room, card, "ditolak")
    assert "sudah dibaca redaksi" in (await room.say(room.ani, "/mycomments"))["text"]
    assert not any("✖️" in one["text"] for one in (await room.said(room.ani))[:-1])


async def test_pictures_of_published_comments_can_be_opened(room: Room) -> None:
    await asked(room, room.ani)
    room.telegram.people.send_photo(room.ani, jpeg("red"), caption="Lihat ini")
    receipt = await heard(room, room.ani, "diterima")
    assert "Lampirannya ikut ditayangkan" in receipt["text"]
    card = await room.telegram.next_message(room.desk, lambda one: "1 lampiran" in one["text"])
    await room.press(room.anna, card, "✅")
    await heard(room, room.ani, "sudah tayang")
    budi = room.telegram.create_user("Budi")
    room.telegram.people.start(budi, "r_1")
    page = await heard(room, budi, "Lihat ini")
    await room.press(budi, page, "1. 📎")
    opened = await room.telegram.next_message(budi, lambda one: bool(one["files"]))
    assert opened["text"] == ""  # words are read on the page, as they were approved


async def test_forgetting_can_be_thought_better_of(room: Room) -> None:
    question = await room.say(room.ani, "/forgetme")
    assert "Hapus semua data Anda?" in question["text"]
    await room.press(room.ani, question, "Tidak")
    assert (await room.changed(question))["text"] == "Tidak ada yang dihapus."


async def test_what_was_withdrawn_comes_back_by_a_button(room: Room) -> None:
    await asked(room, room.ani)
    room.telegram.people.say(room.ani, "Lebih baik tidak.")
    receipt = await heard(room, room.ani, "diterima")
    await room.press(room.ani, receipt, "↩")
    receipt = await becomes(room, receipt, "sudah ditarik")
    await room.press(room.ani, receipt, "Batalkan")
    await becomes(room, receipt, "diterima")
    await room.telegram.next_message(room.desk, lambda one: "Lebih baik tidak." in one["text"])
