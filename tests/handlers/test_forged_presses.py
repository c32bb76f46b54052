"""A stranger with a modified client presses buttons that were never there, wherever possible."""

from __future__ import annotations

from tests.handlers.conftest import Room
from tests.handlers.test_acceptance import comment

FORGED = [
    "", ":", "d:", "d:1:1:1:own", "d:1:1:1:approve", "d:0:0:0:approve", "d:-1:1:1:undo",
    "un:zzzz", "un:1", "sr:1", "sr:1:x", "o:1:why", "o:1:mute7", "m:1:1:1:reject", "e:1:cancel",
    "e:1:publish", "q:1:undo", "q:0:start", "x" * 64, "\u202e", "ed:1:0:stop!", "ed:1:0:now",
    "in:1:2", "p:x", "ch:1:all", "co:999999", "h:1:1", "j:1:send", "d:1:1:1:ban",
]  # fmt: skip
_COUNTS = (
    "SELECT count(*) FROM decision",
    "SELECT count(*) FROM subscription WHERE active = 1",
    "SELECT count(*) FROM answer",
    "SELECT count(*) FROM comment WHERE state = 'pending'",
    "SELECT count(*) FROM comment_message WHERE role IN ('answer', 'note', 'question')",
    "SELECT count(*) FROM broadcast",
    "SELECT count(*) FROM set_aside",
)


async def counts(room: Room) -> list[int]:
    async with room.db.reading() as cx:
        return [int(await cx.value(one)) for one in _COUNTS]


async def test_forged_presses_change_nothing_and_stop_nothing(room: Room) -> None:
    card = await comment(room, room.ani, "Satu")
    group = room.telegram.create_supergroup("Warung", room.anna)
    room.telegram.add_bot(group)
    greeting = await room.telegram.next_message(group)
    stranger = room.telegram.create_user("Orang lain")
    await room.calm()
    before = await counts(room)
    person = {"id": stranger.id, "is_bot": False, "first_name": "Orang lain"}
    places = [one["data"] for one in (card, greeting)]
    presses = [
        {"id": str(n), "from": person, "chat_instance": "1", "data": data, "message": message}
        for n, data in enumerate(FORGED)
        for message in places
    ]
    await room.kabar.updates.keep(
        [{"update_id": 500_000 + n, "callback_query": one} for n, one in enumerate(presses)]
    )
    await room.kabar.updates.drain()
    assert await counts(room) == before
