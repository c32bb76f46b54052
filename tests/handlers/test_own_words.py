"""What moderators say in their own words, or have at hand; and what they can take back."""

from __future__ import annotations

from tests.handlers.conftest import Room, Shown
from tests.handlers.test_acceptance import becomes, comment, shown


async def test_a_comment_is_rejected_in_a_moderators_own_words(room: Room) -> None:
    card = await comment(room, room.ani, "Sebut saja namanya.")
    await room.press(room.anna, card, "❌")
    card = await becomes(room, room.desk, card, "Alasan sendiri")
    await room.press(room.anna, card, "Alasan sendiri")
    prompt = await shown(room, room.desk, "mengapa komentar")
    await room.say(room.anna, "Nama anak tidak kami muat.", room.desk, reply_to=prompt["id"])
    await shown(room, room.ani, "Nama anak tidak kami muat.")
    rudi = room.telegram.create_user("Rudi")
    room.telegram.people.join(rudi, room.desk)
    late = await room.say(rudi, "Terlalu kasar.", room.desk, reply_to=prompt["id"])
    assert "Anna" in late["text"]


async def test_nobody_chooses_own_words_without_writing_any(room: Room) -> None:
    card = await comment(room, room.ani, "Halo.")
    buttons = [one for row in card["buttons"] for one in row]
    data = next(one["callback_data"] for one in buttons if "✅" in one["text"])
    forged = data.replace("approve", "own")
    assert forged != data
    await room.forge(room.anna, card, forged)
    assert "✅" in str((await room.now(card))["buttons"])


async def test_a_saved_reply_is_one_press(room: Room) -> None:
    await room.say(room.anna, "/reply add terima Terima kasih <3", room.desk)
    card = await comment(room, room.ani, "Bagus sekali.")
    await room.press(room.anna, card, "💬")
    card = await becomes(room, room.desk, card, "💬 terima")
    await room.press(room.anna, card, "💬 terima")
    data = next(
        one["callback_data"] for row in card["buttons"] for one in row if "terima" in one["text"]
    )
    await room.forge(room.anna, card, data)  # a second tap
    stranger = room.telegram.create_user("Orang lain")
    await room.forge(stranger, card, data)
    await room.forge(stranger, room.telegram.messages(room.ani)[-1], data)
    await shown(room, room.ani, "Terima kasih <3")
    told = [one for one in await room.said(room.ani) if "Terima kasih <3" in one["text"]]
    assert len(told) == 1
    prompt = await shown(room, room.desk, "balasan Anda dikirim ke")
    room.telegram.people.say(room.anna, "Sekali lagi.", room.desk, reply_to=prompt["id"])
    await shown(room, room.desk, "Anna sudah membalas")


async def test_a_second_reply_to_one_prompt_is_told_to_its_writer(room: Room) -> None:
    rudi = room.telegram.create_user("Rudi")
    room.telegram.people.join(rudi, room.desk)
    card = await comment(room, room.ani, "Kapan?")
    await room.press(room.anna, card, "💬")
    prompt = await shown(room, room.desk, "balasan Anda dikirim ke")
    room.telegram.people.say(room.anna, "Besok.", room.desk, reply_to=prompt["id"])
    await shown(room, room.ani, "Besok.")
    room.telegram.people.say(rudi, "Lusa.", room.desk, reply_to=prompt["id"])
    told = await shown(room, room.desk, "Anna sudah membalas")
    assert "Rudi" not in told["text"]


async def undone(room: Room, said: Shown, text: str) -> None:
    stranger = room.telegram.create_user("Orang lain")
    await room.forge(stranger, said, said["buttons"][0][0]["callback_data"])
    assert "↩" in str((await room.now(said))["buttons"])
    await room.press(room.anna, said, "↩")
    await becomes(room, room.telegram.chat(said["chat"]), said, text)


async def test_a_ban_and_closed_comments_and_a_withdrawal_are_taken_back_by_a_button(
    room: Room,
) -> None:
    card = await comment(room, room.ani, "Halo semua.")
    said = await room.say(room.anna, "/ban", room.desk, reply_to=card["id"])
    await undone(room, said, "bisa berkomentar lagi")
    said = await room.say(room.anna, "/comments off", room.desk, reply_to=card["id"])
    await undone(room, said, "dibuka")
    said = await room.say(room.anna, "/retract 1 Salah besar", room.desk)
    await undone(room, said, "Pencabutan")
    async with room.db.reading() as cx:
        assert await cx.value("SELECT retracted_at FROM article WHERE id = 1") is None


async def test_a_mute_from_a_desk_of_ones_own_is_taken_back_there(room: Room) -> None:
    await comment(room, room.ani, "Halo semua.")
    card = await room.say(room.anna, "/queue")
    await room.press(room.anna, card, "⋯")
    card = await becomes(room, room.anna, card, "7 hari")
    await room.press(room.anna, card, "7 hari")
    said = await shown(room, room.anna, "dibatasi sampai")
    await undone(room, said, "bisa berkomentar lagi")


async def test_a_note_about_a_reader_is_kept_with_what_they_wrote(room: Room) -> None:
    card = await comment(room, room.ani, "Halo semua.")
    await room.press(room.anna, card, "⋯")
    card = await becomes(room, room.desk, card, "📝")
    await room.press(room.anna, card, "📝")
    prompt = await shown(room, room.desk, "Hanya moderator yang melihatnya")
    kept = await room.say(room.anna, "Selalu sopan.", room.desk, reply_to=prompt["id"])
    assert "📝 Catatan tentang" in kept["text"]
    await room.press(room.anna, card, "👤")
    page = await shown(room, room.desk, "📝 Selalu sopan. — Anna")
    assert "Halo semua." in page["text"]
    await room.press(room.anna, card, "🕘")
    await shown(room, room.desk, "Belum ada keputusan")
    said = [one["text"] for one in await room.said(room.ani)]
    assert not any("sopan" in text for text in said)
