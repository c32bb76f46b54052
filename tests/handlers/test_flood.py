"""Somebody who asks more than can be answered is told once, and is in nobody's way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import app
from bot.core.posts.rate_limit import GROUP_PERIOD
from bot.sandbox import WorldChat
from tests.handlers.conftest import HASTY, Room


@pytest.fixture
def timing() -> app.Timing:
    """With Telegram's limit for groups, which is what these tests are about."""
    return replace(HASTY, group_period=GROUP_PERIOD)


def group_of(room: Room) -> WorldChat:
    group = room.telegram.create_supergroup("Warung kopi", room.anna)
    room.telegram.add_bot(group)
    return group


async def test_a_group_that_asks_too_much_is_told_once_and_left(room: Room) -> None:
    group = group_of(room)
    await room.telegram.next_message(group)
    for number in range(1, 40):
        room.telegram.people.say(room.anna, f"/latest {number % 20 + 1}", group)
    told = await room.telegram.next_message(group, lambda one: "Telegram membatasi" in one["text"])
    assert told["buttons"][0][0]["url"].startswith("https://t.me/")
    texts = [one["text"] for one in await room.said(group)]
    assert len(texts) <= 20
    assert sum("Telegram membatasi" in text for text in texts) == 1
    assert "Berita b" in (await room.say(room.anna, "/latest"))["text"]


async def test_news_reach_a_group_that_asks_too_much(room: Room) -> None:
    group = group_of(room)
    await room.say(room.anna, "/subscribe", group)
    for number in range(1, 20):
        room.telegram.people.say(room.anna, f"/latest {number}", group)
    await room.telegram.next_message(group, lambda one: "Telegram membatasi" in one["text"])
    await room.publish("c")
    await room.telegram.next_message(group, lambda one: "Berita c" in one["text"])


@pytest.mark.long
async def test_moderators_wait_instead(room: Room) -> None:
    for number in range(1, 19):
        room.telegram.people.say(room.anna, f"/log {number}", room.desk)
    await room.telegram.next_message(room.desk, lambda one: "#14" in one["text"])
    said = room.telegram.said(room.desk)  # the rest takes the rest of the minute
    assert not any("Telegram membatasi" in one["text"] for one in said)


async def test_who_asks_without_end_is_told_once(room: Room) -> None:
    for number in range(1, 60):
        room.telegram.people.say(room.ani, f"/search kata{number}")
    told = await room.telegram.next_message(room.ani, lambda one: "terlalu banyak" in one["text"])
    assert "Berita b" in (await room.say(room.anna, "/latest"))["text"]
    texts = [one["text"] for one in await room.said(room.ani) if one["id"] > told["id"]]
    assert not any("terlalu banyak" in text for text in texts)
