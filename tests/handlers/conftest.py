"""The real bot in this process, against the stand-in: what a person types and what comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import app
from bot.reading.reader import InThread
from bot.sandbox import Sandbox, User, WorldChat
from bot.settings import FeedSource, Settings
from storage import Connection, Database, desk, kept_back, outbox
from tests.conftest import JAKARTA
from tests.support import databases
from tests.support.feed_site import Site, item, open_site

Shown = dict[str, Any]
HASTY = app.Timing(chat_period=0.05, group_period=1, discussion=0.05, delivery=0.1, profile=3600)
"""The stand-in counts no messages, so no chat need be spared; and the hundred questions and answers
of a bot's profile would cost more than most tests."""
FAR = f"{(datetime.now(JAKARTA).hour + 12) % 24:02}"
"""An hour that does not begin at the newsroom while the tests run: for what has to wait."""
PATIENCE = 60
"""Seconds: a busy machine is slow; nobody waits for all of them."""


@dataclass
class Room:
    """The stand-in, the site, the bot, and two people."""

    telegram: Sandbox
    site: Site
    kabar: app.Kabar
    ani: User
    anna: User
    desk: WorldChat

    @property
    def db(self) -> Database:
        return self.kabar.db

    async def say(self, user: User, text: str, chat: WorldChat | None = None, **more: Any) -> Shown:
        """Say something and wait for the bot's next message in that chat."""
        before = await self.last(chat or user)
        self.telegram.people.say(user, text, chat, **more)
        return await self.telegram.next_message(chat or user, after=before)

    async def quiet(
        self, user: User, text: str, chat: WorldChat | None = None, **more: Any
    ) -> None:
        """Say something that gets no answer in that chat."""
        await self.calm()
        message = self.telegram.people.say(user, text, chat, **more)
        assert await self.last(chat or user) == message.id

    async def press(self, user: User, message: Shown, button: str) -> Shown:
        """Press the first button that holds this text, once nothing is on its way any more;
        returns the bot's answer to the press."""
        await self.calm()
        return await self.press_at_once(user, message, button)

    async def press_at_once(self, user: User, message: Shown, button: str) -> Shown:
        """The same, whatever is on its way."""
        label = next(
            one["text"]
            for row in self.again(message)["buttons"]
            for one in row
            if button in one["text"]
        )
        chat = self.telegram.chat(message["chat"])
        return await self.telegram.ask_button(user, chat, message["id"], label)

    async def last(self, place: User | WorldChat) -> int:
        """The number of the newest message there, once nothing is on its way any more."""
        await self.calm()
        messages = self.telegram.raw_messages(place)
        return messages[-1].id if messages else 0

    async def said(self, place: User | WorldChat) -> list[Shown]:
        """All that the bot has said there, once nothing is on its way any more."""
        await self.calm()
        return self.telegram.said(place)

    async def now(self, message: Shown) -> Shown:
        """A message as it is once nothing is on its way any more."""
        await self.calm()
        return self.again(message)

    def again(self, message: Shown) -> Shown:
        """A message as it is at this moment, for whoever waits for a change of it."""
        chat = self.telegram.chat(message["chat"])
        return next(one for one in self.telegram.messages(chat) if one["id"] == message["id"])

    async def calm(self) -> None:
        """Until nothing is on its way any more: every update is handled, the loops have seen what
        that changed, and all that was due has been sent. What is counted before that depends on
        luck."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.telegram.settled()  # the bot has taken all updates
                seen = self.telegram.activity.events.serial
                await self._handled()
                await self._loops_turn()
                async with self.db.reading() as cx:
                    waits = await on_its_way(cx)
                if not waits and seen == self.telegram.activity.events.serial:
                    break

    async def _handled(self) -> None:
        """Until every update that was taken is done with."""
        while True:
            async with self.db.reading() as cx:
                if not await cx.value("SELECT EXISTS (SELECT 1 FROM inbox WHERE done_at IS NULL)"):
                    return
            await asyncio.sleep(0.01)

    async def _loops_turn(self) -> None:
        """Until each loop about comments has begun after now, and ended: it then begins again."""
        for _ in range(2):
            began = time.monotonic()
            while self._still(began):  # noqa: ASYNC110 - nobody is told when a loop turns
                await asyncio.sleep(0.01)

    def _still(self, since: float) -> set[str]:
        """Loops about comments that have not begun anew since then."""
        ages, limit = self.kabar.watch.health.ages(), time.monotonic() - since
        return {one for one in self.kabar.discussion.concerns if ages.get(one, limit) >= limit}

    async def changed(self, message: Shown) -> Shown:
        """A message as it is once it says something else: a press may be answered before that."""

        def found() -> Shown | None:
            now = self.again(message)
            return now if now["text"] != message["text"] else None

        return await self.telegram.wait_for(found)

    async def publish(self, name: str, **more: Any) -> None:
        self.site.items.insert(0, item(name, **more))
        await self.look()

    async def look(self) -> None:
        """Have the feed read now."""
        async with self.db.transaction() as tx:
            await tx.run("UPDATE feed SET due_at = 0")
        await self.kabar.poller.tick()
        await self.kabar.poller.settled()

    async def forge(self, user: User, message: Shown, data: str, number: int = 0) -> None:
        """A press of a button that was never there, as a modified client could send it; each
        further one in a test needs another `number`."""
        person = {"id": user.id, "is_bot": False, "first_name": user.first_name}
        update = {
            "update_id": 900_000 + len(self.telegram.raw_messages(user)) + number,
            "callback_query": {
                "id": "1", "from": person, "chat_instance": "1", "data": data,
                "message": message["data"],
            },
        }  # fmt: skip
        await self.kabar.updates.keep([update])
        await self.kabar.updates.drain()


async def on_its_way(cx: Connection) -> bool:
    """Is anything on its way that is not waiting for a later time?"""
    now = int(time.time())
    held = "SELECT EXISTS (SELECT 1 FROM comment WHERE state = 'held' AND due_at <= :now)"
    answers = " OR EXISTS (SELECT 1 FROM answer WHERE state = 'waiting' AND due_at <= :now)"
    claimed = " OR EXISTS (SELECT 1 FROM delivery WHERE state = 'claimed')"
    return (
        await outbox.waits(cx, now=now)
        or bool(await cx.value(held + answers + claimed, now=now))
        or bool(await desk.due(cx, now=now, limit=1))
        or bool(await kept_back.due(cx, now=now, limit=1))
    )


def settings(telegram: Sandbox, site: Site, folder: Path, **more: Any) -> Settings:
    values: dict[str, Any] = {
        "token": SecretStr(telegram.token),
        "feeds": (FeedSource(site.feed),),
        "telegram_url": telegram.url,
        "database_url": databases.empty(folder / "kabar.db"),
        "grace_seconds": 0,
        "poll_seconds": 3600,
        "allow_private_addresses": True,
        "fetch_pages": False,
    }
    return Settings(**(values | more))


@asynccontextmanager
async def running(room_settings: Settings, timing: app.Timing = HASTY) -> AsyncIterator[app.Kabar]:
    async with app.build(room_settings, timing, reader=InThread()) as kabar:
        stop = asyncio.Event()
        task = asyncio.create_task(kabar.run(stop))
        try:
            yield kabar
        finally:
            stop.set()
            await task


@pytest.fixture
def timing() -> app.Timing:
    return HASTY


@pytest.fixture
async def room(tmp_path: Path, timing: app.Timing) -> AsyncIterator[Room]:
    async with (
        Sandbox() as telegram,
        open_site(item("b"), item("a")) as site,
    ):
        ani, anna = (telegram.create_user(name, username=name.lower()) for name in ("Ani", "Anna"))
        desk = telegram.create_supergroup("Meja redaksi", anna)
        telegram.add_bot(desk, as_admin=True)
        wanted = settings(telegram, site, tmp_path, moderators_chat=desk.id)
        async with running(wanted, timing) as kabar:
            room = Room(telegram, site, kabar, ani, anna, desk)
            await room.look()
            await telegram.next_message(desk)  # the greeting of the chat that we were added to
            yield room
