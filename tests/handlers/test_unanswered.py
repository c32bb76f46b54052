"""When Telegram does not answer our questions: no handler ends in silence."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import WorldChat
from tests.handlers.conftest import Room, Shown
from tests.handlers.test_acceptance import comment, shown

# PTB warns of its own attribute whenever Telegram says 429.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after.*")
FAULTS: list[dict[str, Any]] = [
    {"error": (502, "Bad Gateway")},
    {"error": (429, "Too Many Requests: retry after 1", {"retry_after": 1})},
    {"error": (500, "<html>")},
    {"drop": "before"},
]


async def prompt_for_an_answer(room: Room) -> Shown:
    card = await comment(room, room.ani, "Bagaimana harga beras?")
    await room.press(room.anna, card, "💬")
    return await shown(room, room.desk, "balasan Anda dikirim ke")


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_a_moderators_answer_survives_one_failure(room: Room, fault: dict[str, Any]) -> None:
    prompt = await prompt_for_an_answer(room)
    room.telegram.faults.add("getChatMember", **fault)
    room.telegram.people.say(room.anna, "Turun bulan depan.", room.desk, reply_to=prompt["id"])
    await shown(room, room.ani, "Turun bulan depan.")


async def test_a_moderators_answer_comes_again_until_telegram_answers(room: Room) -> None:
    prompt = await prompt_for_an_answer(room)
    room.telegram.faults.add("getChatMember", times=4, error=(502, "Bad Gateway"))
    room.telegram.people.say(room.anna, "Turun bulan depan.", room.desk, reply_to=prompt["id"])
    await shown(room, room.ani, "Turun bulan depan.")
    assert len(room.telegram.faults) == 0


def group_of(room: Room) -> WorldChat:
    group = room.telegram.create_supergroup("Warung kopi", room.anna)
    room.telegram.add_bot(group)
    return group


async def test_subscribing_in_a_group_survives_failures(room: Room) -> None:
    group = group_of(room)
    await room.telegram.next_message(group)
    room.telegram.faults.add("getChatMember", times=2, error=(502, "Bad Gateway"))
    assert "🔔" in (await room.say(room.anna, "/subscribe", group))["text"]


async def test_an_answer_that_could_not_leave_is_given_later(room: Room) -> None:
    room.telegram.faults.add("sendMessage", room.ani.id, times=4, error=(502, "Bad Gateway"))
    assert "Berita" in (await room.say(room.ani, "/latest"))["text"]
