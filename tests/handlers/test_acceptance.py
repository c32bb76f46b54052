"""The list of hard cases of comments and moderation, each with the test that shows it.

 1 two presses in the same millisecond      here; discussion/test_life: two_moderators_at_once
 2 an edit between card and press           here; discussion/test_life: a_changed_text
 3 killed after the send                    test_crash (cards and posts)
 4 an album of ten from a new reader        discussion/test_hard_cases; test_comment_story: an_album
 5 hostile names                            discussion/test_hard_cases; core/test_cards
 6 group becomes supergroup in mid-queue    discussion/test_hard_cases; test_comment_story;
                                            test_forum: test_6_group_becomes_a_supergroup
 7 a topic is deleted, closed, renamed      test_forum: test_7_topic; discussion/test_forum: topic_
 8 the reader blocks the bot and returns    discussion/test_talk: blocked; test_comment_story
 9 200 comments in a minute                 here, against the stand-in's own limits
10 moderators talk by replies               test_comment_story: answers_go_both_ways
11 anonymous administrators                 here
12 undo within the grace time               discussion/test_life: undo_within_the_grace_time
13 withdrawn while being approved           discussion/test_hard_cases
14 a published comment edited to an advert  discussion/test_life: an_edit_after_approval
15 a clock that jumps, days of backlog      discussion/test_hard_cases
16 a kind of message nobody has heard of    here
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.comments.aliases import alias
from bot.sandbox import Sandbox, User, WorldChat
from bot.sandbox.limits import RateLimits
from tests.handlers.conftest import PATIENCE, Room, Shown, running, settings
from tests.support.feed_site import item, open_site

GROUP_BOT = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


async def shown(room: Room, place: User | WorldChat, text: str, **more: Any) -> Shown:
    """The bot's message there that holds this text."""
    return await room.telegram.next_message(place, lambda one: text in one["text"], **more)


async def becomes(room: Room, place: User | WorldChat, message: Shown, text: str) -> Shown:
    """That message, once its text or a button holds this."""

    def found() -> Shown | None:
        one = next((one for one in room.telegram.messages(place) if one["id"] == message["id"]), {})
        buttons = [button["text"] for row in one.get("buttons", ()) for button in row]
        return one if any(text in part for part in [one.get("text", ""), *buttons]) else None

    return await room.telegram.wait_for(found)


async def comment(room: Room, who: User, text: str) -> Shown:
    """A comment on the first article by its deep link; returns its card."""
    room.telegram.people.start(who, "c_1")
    prompt = await shown(room, who, "Komentar Anda")
    room.telegram.people.say(who, text, reply_to=prompt["id"])
    return await shown(room, room.desk, text)


async def test_01_two_presses_at_once_are_one_decision_and_the_loser_hears_whose(
    room: Room,
) -> None:
    rudi = room.telegram.create_user("Rudi")
    room.telegram.people.join(rudi, room.desk)
    card = await comment(room, room.ani, "Diperebutkan")
    await room.calm()
    answers = await asyncio.gather(
        room.press_at_once(room.anna, card, "✅"), room.press_at_once(rudi, card, "✅")
    )
    texts = [one["text"] for one in answers]
    assert "✅ Disetujui" in texts
    winner = next(text for text in texts if "menyetujuinya" in text).split(" ")[0]
    await becomes(room, room.desk, card, f"disetujui oleh {winner}")
    async with room.db.reading() as cx:
        actions = await cx.rows("SELECT action, actor FROM decision")
        published = await cx.value("SELECT comments FROM article WHERE id = 1")
    assert [(row["action"], row["actor"]) for row in actions] == [("approve", winner)]
    assert published == 1


async def test_02_a_press_on_words_that_have_changed_since_is_refused(room: Room) -> None:
    card = await comment(room, room.ani, "Kata pertama")
    old = card["data"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    said = [one for one in room.telegram.raw_messages(room.ani) if not one.mine][-1]
    room.telegram.people.edit(room.ani, said.id, "Kata lain")
    await becomes(room, room.desk, card, "Kata lain")
    await room.forge(room.anna, card, old)
    answers = [one for one in room.telegram.calls if one.method.lower() == "answercallbackquery"]
    assert "sudah berubah" in answers[-1].params["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM decision") == 0


async def test_11_anonymous_administrators_get_a_hint_and_decide_nothing(room: Room) -> None:
    card = await comment(room, room.ani, "Siapa Anda?")
    await room.press(room.anna, card, "💬")
    prompt = await shown(room, room.desk, "balasan Anda dikirim ke")
    room.telegram.people.set_member(room.desk, room.anna, "administrator", {"is_anonymous": True})
    for button in ("✅", "❌", "🚫", "⋯", "💬"):
        hint = await room.press(room.anna, card, button)
        assert "admin anonim" in hint["text"]
    spoken = [("Dari siapa?", prompt), ("/ban@kabar_bot", card)]
    for number, (text, answered) in enumerate(spoken):
        await room.kabar.updates.keep([from_nobody(room, text, answered, number)])
    await room.kabar.updates.drain()
    hints = [one for one in await room.said(room.desk) if "admin anonim" in one["text"]]
    assert len(hints) == 2
    async with room.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM decision") == 0
        assert await cx.value("SELECT count(*) FROM answer") == 0
        assert await cx.value("SELECT count(*) FROM reader WHERE banned_at IS NOT NULL") == 0


async def test_numbers_that_are_none_mute_for_a_day_and_end_nothing(room: Room) -> None:
    await comment(room, room.ani, "Selamat pagi")
    for days in ("²", "①", "٣"):
        said = await room.say(room.anna, f"/mute {alias(1)} {days}", room.desk)
        assert alias(1) in said["text"]
    async with room.db.reading() as cx:
        reasons = await cx.rows("SELECT reason FROM decision WHERE action = 'mute'")
    assert {row["reason"] for row in reasons} == {"1 d"}


def from_nobody(room: Room, text: str, answered: Shown, number: int) -> dict[str, Any]:
    """What an anonymous administrator says, as Telegram reports it: from the group itself."""
    group = {"id": room.desk.id, "type": "supergroup", "title": room.desk.title}
    message = {
        "message_id": 900_000 + number, "date": 1_700_000_000, "chat": group, "sender_chat": group,
        "from": GROUP_BOT, "text": text, "reply_to_message": answered["data"],
    }  # fmt: skip
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {"update_id": 800_000 + number, "message": message}


async def test_16_a_kind_of_message_nobody_has_heard_of_is_held_and_not_lost(room: Room) -> None:
    room.telegram.people.start(room.ani, "c_1")
    prompt = await shown(room, room.ani, "Komentar Anda")
    me = {"id": room.ani.id, "is_bot": False, "first_name": "Ani"}
    message = {
        "message_id": 900_000, "date": 1_700_000_000, "from": me,
        "chat": {"id": room.ani.id, "type": "private", "first_name": "Ani"},
        "reply_to_message": prompt["data"], "hologram": {"blocks": ["?"]},
    }  # fmt: skip
    await room.kabar.updates.keep([{"update_id": 700_000, "message": message}])
    await room.kabar.updates.drain()
    await shown(room, room.desk, "isi tidak biasa")
    await shown(room, room.ani, "menunggu ditinjau redaksi")


# --- a full queue ---------------------------------------------------------------------------------

READERS, EACH, ROUNDS = 100, 2, 2


@asynccontextmanager
async def limited(folder: Path) -> AsyncIterator[Room]:
    """The stand-in refuses what Telegram would: more than 20 a minute to a group, haste in a chat.

    Overall it takes more than 30 a second, so that the minute of the story passes in seconds.
    """
    limits = RateLimits(overall_per_second=None)
    async with (
        Sandbox(rate_limits=limits) as telegram,
        open_site(item("b"), item("a")) as site,
    ):
        ani, anna = (telegram.create_user(name) for name in ("Ani", "Anna"))
        desk = telegram.create_supergroup("Meja redaksi", anna)
        telegram.add_bot(desk, as_admin=True)
        chosen = settings(
            telegram, site, folder, moderators_chat=desk.id, rate=1000, paid_broadcast=True
        )
        async with running(chosen) as kabar:
            room = Room(telegram, site, kabar, ani, anna, desk)
            await room.look()
            yield room


def in_review(message: Shown) -> int:
    found = re.search(r"#(\d+)", message["text"])
    assert found is not None, message["text"]
    return int(found[1])


def changed(room: Room, who: User, number: int, old: str) -> Shown | None:
    """A message once it says something else."""
    found = (one for one in room.telegram.messages(who) if one["id"] == number)
    return next((one for one in found if one["text"] != old), None)


async def work(room: Room, who: User) -> list[int]:
    """A moderator presses ▶ and then ✅, again and again; returns what he saw."""
    queue = await shown(room, room.desk, "📥")
    await room.press_at_once(who, queue, "▶")
    desk = await shown(room, who, "💬 #")
    seen = [in_review(desk)]
    for _ in range(ROUNDS):
        await room.press_at_once(who, desk, "✅")
        old = desk["text"]
        desk = await room.telegram.wait_for(partial(changed, room, who, desk["id"], old))
        seen.append(in_review(desk))
    return seen


@pytest.mark.long
async def test_09_two_hundred_comments_in_a_minute_and_three_moderators_at_once(
    tmp_path: Path,
) -> None:
    async with limited(tmp_path) as room:
        tele = room.telegram
        people = [tele.create_user(f"Pembaca {n}") for n in range(READERS)]
        team = [room.anna, *(tele.create_user(name) for name in ("Boris", "Citra"))]
        for one in team:
            tele.people.join(one, room.desk)
            tele.people.start(one)
        for who in people:
            tele.people.start(who, "c_1")
        for who in people:
            prompt = await shown(room, who, "Komentar Anda", timeout_s=PATIENCE)
            for n in range(EACH):
                tele.people.say(who, f"Pendapat {who.id}-{n}", reply_to=prompt["id"])
        for who in people:  # readers are told, each of them, for each comment
            await tele.wait_for(partial(thanked, room, who, EACH), PATIENCE)
        tele.people.say(room.anna, "/queue@kabar_bot", room.desk)
        seen = await asyncio.gather(*(work(room, one) for one in team))
        shared = Counter(number for numbers in seen for number in numbers)
        assert max(shared.values()) == 1
        async with room.db.reading() as cx:
            rows = await cx.rows("SELECT state, count(*) AS n FROM comment GROUP BY state")
        decided = len(team) * ROUNDS
        states = {row["state"]: row["n"] for row in rows}
        assert states == {"approved": decided, "pending": READERS * EACH - decided}
        assert tele.counts["status.429"] == 0
        cards = [one for one in await room.said(room.desk) if one["text"].startswith(("💬", "✅"))]
        assert len(cards) <= 20


def thanked(room: Room, who: User, times: int) -> bool:
    return times == sum("diterima" in one["text"] for one in room.telegram.said(who))
