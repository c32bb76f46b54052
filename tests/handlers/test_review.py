"""A moderator's own desk: one comment after the other in a private chat."""

from __future__ import annotations

from tests.handlers.conftest import Room, Shown


def labels(message: Shown) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def waiting(room: Room, *texts: str) -> list[Shown]:
    """Comments of several readers, and their cards."""
    cards = []
    for n, text in enumerate(texts):
        reader = room.telegram.create_user(f"Pembaca {n}")
        room.telegram.people.start(reader, "c_1")
        await room.telegram.next_message(reader, lambda one: "Komentar Anda untuk" in one["text"])
        room.telegram.people.say(reader, text)
        cards.append(await card(room, text))
    return cards


async def card(room: Room, text: str) -> Shown:
    return await room.telegram.next_message(room.desk, lambda one: text in one["text"])


async def becomes(room: Room, message: Shown, text: str) -> Shown:
    def found() -> Shown | None:
        now = room.again(message)
        return now if text in now["text"] else None

    return await room.telegram.wait_for(found)


async def desk(room: Room) -> Shown:
    room.telegram.people.start(room.anna, "queue")
    return await room.telegram.next_message(room.anna, lambda one: "💬 #" in one["text"])


async def test_it_tells_the_place_and_has_all_buttons(room: Room) -> None:
    await waiting(room, "Satu", "Dua", "Tiga")
    shown = await desk(room)
    assert "1 dari 3" in shown["text"]
    assert labels(shown) == ["✅ Setujui", "❌ Tolak", "💬 Balas", "🚫 Blokir", "⋯", "⏭ Nanti"]
    await room.press(room.anna, shown, "⏭")
    assert "2 dari 3" in (await becomes(room, shown, "Dua"))["text"]


async def test_a_decision_is_undone_there_and_lies_there_again(room: Room) -> None:
    await waiting(room, "Satu", "Dua")
    shown = await desk(room)
    await room.press(room.anna, shown, "✅")
    following = await becomes(room, shown, "Dua")
    assert "1 dari 1" in following["text"]
    await room.press(room.anna, following, "↩")
    back = await becomes(room, shown, "Satu")
    assert "dari 2" in back["text"]  # it waits anew, behind or before the other
    assert "✅ Setujui" in labels(back)
    await room.press(room.anna, back, "✅")
    await room.press(room.anna, await becomes(room, shown, "Dua"), "✅")
    done = await becomes(room, shown, "Semua sudah ditinjau")
    assert labels(done) == ["↩ Batalkan #2"]


async def test_one_replies_from_there(room: Room) -> None:
    room.telegram.people.start(room.ani, "c_1")
    await room.telegram.next_message(room.ani, lambda one: "Komentar Anda untuk" in one["text"])
    room.telegram.people.say(room.ani, "Ada pertanyaan?")
    shown_card = await card(room, "Ada pertanyaan?")
    shown = await desk(room)
    await room.press(room.anna, shown, "💬")
    prompt = await room.telegram.next_message(room.anna, lambda one: bool(one["keyboard"]))
    room.telegram.people.say(room.anna, "Ada jawaban.", reply_to=prompt["id"])
    await room.telegram.next_message(room.ani, lambda one: "Ada jawaban." in one["text"])
    await room.telegram.next_message(room.anna, lambda one: "sudah sampai" in one["text"])
    assert "dibalas oleh Anna" in (await becomes(room, shown_card, "dibalas"))["text"]


async def test_what_somebody_else_handled_is_said_and_the_next_one_comes(room: Room) -> None:
    rudi = room.telegram.create_user("Rudi")
    room.telegram.people.join(rudi, room.desk)
    first, _ = await waiting(room, "Satu", "Dua")
    shown = await desk(room)
    await room.press(rudi, first, "✅")
    await becomes(room, first, "Rudi")
    answer = await room.press(room.anna, shown, "✅")
    assert "Rudi" in answer["text"] or answer["text"].startswith("Sudah ditangani")
    assert "Dua" in (await becomes(room, shown, "Dua"))["text"]
