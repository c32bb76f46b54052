"""The moderators' chat changes under the real bot: topics, rights, another kind of chat, another
chat. The names say which point of the list of what must not break it they show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox import Sandbox, WorldChat
from bot.sandbox.people import BOT_ADMIN_RIGHTS
from tests.handlers.conftest import PATIENCE, Room, Shown, running, settings
from tests.support.feed_site import Site, item, open_site

WITHOUT_TOPICS = {**BOT_ADMIN_RIGHTS, "can_manage_topics": False}


@asynccontextmanager
async def opened(
    telegram: Sandbox, site: Site, folder: Path, desk: WorldChat
) -> AsyncIterator[Room]:
    """The bot at work, its chat seen."""
    anna = next(one.user for one in desk.members.values() if one.status == "creator")
    ani = telegram.create_user("Ani")
    async with running(settings(telegram, site, folder, moderators_chat=desk.id)) as kabar:
        room = Room(telegram, site, kabar, ani, anna, desk)
        await room.look()
        await telegram.wait_for(lambda: telegram.counts["getchat"] or None)
        await room.calm()
        yield room


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[tuple[Sandbox, Site, Path]]:
    async with Sandbox() as telegram, open_site(item("a")) as site:
        yield telegram, site, tmp_path


@pytest.fixture
async def forum(city: tuple[Sandbox, Site, Path]) -> AsyncIterator[Room]:
    """A room whose moderators meet in a forum."""
    telegram, site, folder = city
    anna = telegram.create_user("Anna")
    desk = telegram.create_supergroup("Meja redaksi", anna, forum=True)
    telegram.add_bot(desk, as_admin=True)
    async with opened(telegram, site, folder, desk) as room:
        yield room


async def comment(room: Room, text: str) -> None:
    """A reader whom nobody knows yet writes about the article."""
    reader = room.telegram.create_user(f"Pembaca {text[:20]}")
    room.telegram.people.start(reader, "c_1")
    prompt = await room.telegram.next_message(reader, lambda one: bool(one["keyboard"]))
    room.telegram.people.say(reader, text, reply_to=prompt["id"])
    await room.telegram.next_message(reader, after=prompt["id"])  # it is stored


async def card(room: Room, text: str, desk: WorldChat | None = None, *, after: int = 0) -> Shown:
    return await room.telegram.next_message(
        desk or room.desk, lambda one: text in one["text"], after=after
    )


def topics(room: Room) -> list[str]:
    return [one.name for one in room.desk.topics.values()]


@pytest.mark.long
async def test_7_topic_renamed_deleted_closed_the_next_card_arrives(forum: Room) -> None:
    telegram, desk = forum.telegram, forum.desk
    await comment(forum, "Kabar pertama")
    first = await card(forum, "Kabar pertama")
    assert first["topic"] == "📥 Antrean"

    telegram.people.rename_topic(desk, first["thread"], "Meja pagi")
    await comment(forum, "Sesudah ganti nama")
    assert (await card(forum, "Sesudah ganti nama"))["topic"] == "Meja pagi"

    telegram.people.delete_topic(desk, first["thread"])
    await comment(forum, "Sesudah dihapus")
    anew = await card(forum, "Sesudah dihapus")
    assert anew["topic"] == "📥 Antrean"
    assert (await card(forum, "Kabar pertama"))["thread"] == anew["thread"]
    assert topics(forum) == ["📥 Antrean"]

    telegram.people.set_member(desk, telegram.bot, "administrator", WITHOUT_TOPICS)
    telegram.people.close_topic(desk, anew["thread"])
    await forum.calm()
    await comment(forum, "Sesudah ditutup")
    assert (await card(forum, "Sesudah ditutup"))["thread"] == anew["thread"]
    desk.topics[anew["thread"]].closed = True  # and the bot has not heard of it
    await comment(forum, "Ditutup lagi")
    assert (await card(forum, "Ditutup lagi"))["thread"] == 0
    assert telegram.counts["reopenforumtopic"] == 1


async def test_a_lost_answer_makes_one_topic_too_many_and_never_one_per_card(
    forum: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum.telegram.faults.add("createForumTopic", drop="after")
    for n in range(3):
        await comment(forum, f"Nomor {n}")
    shown = [await card(forum, f"Nomor {n}") for n in range(3)]
    assert topics(forum) == ["📥 Antrean"] * 2
    assert {one["thread"] for one in shown} == {[*forum.desk.topics][1]}
    assert shown == sorted(shown, key=lambda one: int(one["id"]))


async def test_a_lost_right_leads_to_general_and_back(forum: Room) -> None:
    telegram, desk = forum.telegram, forum.desk
    telegram.people.set_member(desk, telegram.bot, "administrator", WITHOUT_TOPICS)
    await forum.calm()
    await comment(forum, "Tanpa hak")
    assert (await card(forum, "Tanpa hak"))["thread"] == 0
    telegram.people.set_member(desk, telegram.bot, "restricted", {"can_send_messages": False})
    await comment(forum, "Tanpa suara")
    await telegram.wait_for(
        lambda: [c for c in telegram.calls if "not enough rights to send" in c.description] or None
    )
    await until(forum, "SELECT COUNT(*) FROM chat WHERE closed_at IS NOT NULL")
    telegram.people.set_member(desk, telegram.bot, "administrator")
    await card(forum, "Tanpa suara")
    await until(forum, "SELECT COUNT(*) FROM forum WHERE manages = 1")
    await comment(forum, "Dengan hak")
    assert (await card(forum, "Dengan hak"))["topic"] == "📥 Antrean"


async def until(room: Room, true: str) -> None:
    """Until that is written down."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with room.db.reading() as cx:
                if await cx.value(true):
                    return
            await asyncio.sleep(0.01)


@pytest.mark.long
async def test_presses_prompts_and_answers_stay_in_the_topic(forum: Room) -> None:
    await comment(forum, "Halo redaksi")
    shown = await card(forum, "Halo redaksi")
    await forum.press(forum.anna, shown, "💬")
    prompt = await card(forum, "balas pesan ini", after=shown["id"])
    assert prompt["keyboard"]["force_reply"]
    forum.telegram.people.say(forum.anna, "Terima kasih!", forum.desk, reply_to=prompt["id"])
    state = await card(forum, "✅ Balasan", after=prompt["id"])
    assert [prompt["thread"], state["thread"]] == [shown["thread"], shown["thread"]]
    log = await card(forum, "#1 · Anna: membalas pembaca", after=shown["id"])
    assert (log["topic"], log["silent"]) == ("🕘 Catatan keputusan", True)
    await forum.press(forum.anna, shown, "✅")
    await forum.telegram.wait_for(lambda: "Anna" in forum.again(shown)["text"] or None)


async def test_6_group_becomes_a_supergroup_in_mid_queue_in_order(
    city: tuple[Sandbox, Site, Path],
) -> None:
    telegram, site, folder = city
    anna = telegram.create_user("Anna")
    desk = telegram.create_group("Meja redaksi", anna)
    telegram.add_bot(desk, as_admin=True)
    async with opened(telegram, site, folder, desk) as room:
        await comment(room, "Nomor 0")
        await card(room, "Nomor 0")
        flood = (429, "Too Many Requests: retry after 2", {"retry_after": 2})
        telegram.faults.add("sendMessage", desk.id, error=flood)
        for n in (1, 2):  # the group takes no more for a moment: they wait
            await comment(room, f"Nomor {n}")
        moved = telegram.migrate(desk)
        await card(room, "Nomor 2", moved)
        there = [one["text"] for one in await room.said(moved) if "Nomor" in one["text"]]
        assert [f"Nomor {n}" in text for n, text in enumerate(there)] == [True] * 3
        assert not any("Nomor 2" in one["text"] for one in await room.said(desk))


async def test_another_chat_in_the_settings_gets_the_queue_and_old_buttons_do_nothing(
    city: tuple[Sandbox, Site, Path],
) -> None:
    telegram, site, folder = city
    anna = telegram.create_user("Anna")
    old, new = (telegram.create_supergroup(name, anna) for name in ("Lama", "Baru"))
    for desk in (old, new):
        telegram.add_bot(desk, as_admin=True)
    async with opened(telegram, site, folder, old) as room:
        await comment(room, "Di meja lama")
        shown = await card(room, "Di meja lama")
    async with opened(telegram, site, folder, new) as room:
        moved = await card(room, "Di meja lama", new)
        assert (await room.press(anna, shown, "✅"))["text"] == ""
        assert (await room.now(shown)) == shown
        telegram.people.say(anna, "/rebuild@kabar_bot", old)
        await card(room, "grup moderator", old)
        telegram.people.say(anna, "/rebuild@kabar_bot", new)
        again = await card(room, "Di meja lama", new, after=moved["id"])
        await room.press(anna, again, "✅")
        await telegram.wait_for(lambda: "Anna" in room.again(again)["text"] or None)
        assert (await room.now(shown)) == shown
