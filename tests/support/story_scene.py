"""A scene for stories: the real program, the stand-in, a site, and everybody who takes part."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox import Sandbox, User, WorldChat
from tests.support.feed_site import Item, Site, item, open_site
from tests.support.program import Program

Shown = dict[str, Any]
OLD = item("lama", published=1_400_000_000)
"""An entry of a first poll: whatever comes after it is news, also when it was written long ago."""
PATIENCE = 90
"""Seconds: a program that starts anew on a busy machine is slow; nobody waits for all of them."""


@dataclass
class Everybody:
    """Who takes part, whatever the program runs in."""

    telegram: Sandbox
    site: Site
    ani: User
    anna: User
    rudi: User
    group: WorldChat
    channel: WorldChat
    desk: WorldChat

    async def next(self, place: User | WorldChat, text: str, **more: Any) -> Shown:
        """The bot's next message there that holds this text."""
        more.setdefault("timeout_s", PATIENCE)
        return await self.telegram.next_message(place, lambda one: text in one["text"], **more)

    async def becomes(self, place: User | WorldChat, message_id: int, text: str) -> Shown:
        """That message, once a text or a button of it holds this."""

        def found() -> Shown | None:
            for one in self.telegram.messages(place):
                buttons = [button["text"] for row in one["buttons"] for button in row]
                if one["id"] == message_id and any(
                    text in part for part in [one["text"], *buttons]
                ):
                    return one
            return None

        return await self.telegram.wait_for(found, PATIENCE)

    async def pictured(self, place: User | WorldChat, message: Shown) -> Shown:
        """That message, once it has its picture: one that is late joins it."""

        def found() -> Shown | None:
            now = next(one for one in self.telegram.messages(place) if one["id"] == message["id"])
            return now if now["files"] else None

        return await self.telegram.wait_for(found, PATIENCE)

    async def press(self, who: User, where: User | WorldChat, message: Shown, button: str) -> Shown:
        label = next(
            one["text"] for row in message["buttons"] for one in row if button in one["text"]
        )
        return await self.telegram.ask_button(
            who, self.telegram.chat(where.id), message["id"], label
        )

    def count(self, place: User | WorldChat, text: str) -> int:
        return sum(text in one["text"] for one in self.telegram.said(place))

    async def first_look(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.site.looked.wait()

    async def everybody_subscribes(self) -> None:
        self.telegram.people.say(self.ani, "/subscribe")
        await self.next(self.ani, "🔔")
        self.telegram.people.say(self.anna, "/subscribe@kabar_bot", self.group)
        await self.next(self.group, "🔔")
        self.telegram.people.say(self.anna, "/subscribe @kanalkabar")
        await self.next(self.anna, "@kanalkabar")


@dataclass
class Scene(Everybody):
    """And the program, a process of its own."""

    program: Program

    async def first_look(self) -> None:
        """Until it is stored, too: killed before that, the program would look for the first time
        again, and what is there by then would be no news."""
        await super().first_look()
        async with asyncio.timeout(PATIENCE):
            while '"feed.read"' not in self.program.said():  # noqa: ASYNC110 - a log file
                await asyncio.sleep(0.02)


def fresh(name: str) -> Item:
    """An entry that was written after the program first asked for an empty feed."""
    return item(name, published=int(time.time()) + 2)


@asynccontextmanager
async def gathered(
    *entries: Item, language: str = "id", basic_desk: bool = False
) -> AsyncIterator[Everybody]:
    """Everybody in place. `entries`: what the feed has at the first poll; `basic_desk`: the
    moderators' chat is a basic group, which may become a supergroup later."""
    async with Sandbox() as telegram, open_site(*entries) as site:
        ani, anna, rudi = (
            telegram.create_user(name, language, username=name.lower())
            for name in ("Ani", "Anna", "Rudi")
        )
        group = telegram.create_supergroup("Warga", anna)
        channel = telegram.create_channel("Kanal Kabar", anna, username="kanalkabar")
        create = telegram.create_group if basic_desk else telegram.create_supergroup
        desk = create("Meja redaksi", anna)
        telegram.people.join(rudi, desk)
        for chat in (group, channel, desk):
            telegram.add_bot(chat, as_admin=True)
        yield Everybody(telegram, site, ani, anna, rudi, group, channel, desk)


@asynccontextmanager
async def open_scene(
    folder: Path,
    *,
    database_url: str = "sqlite:///kabar.db",
    entries: tuple[Item, ...] = (),
    **more: str,
) -> AsyncIterator[Scene]:
    """Everybody in place and the program started; `more` are further settings."""
    async with gathered(*entries) as everybody:
        settings = {
            "KABAR_DATABASE_URL": database_url,
            "KABAR_TOKEN": everybody.telegram.token,
            "KABAR_TELEGRAM_URL": everybody.telegram.url,
            "KABAR_FEEDS": everybody.site.feed,
            "KABAR_MODERATORS_CHAT": str(everybody.desk.id),
            "KABAR_POLL_SECONDS": "1",
            "KABAR_GRACE_SECONDS": "0",
            "KABAR_LANGUAGE": "id",
            "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
            **more,
        }
        async with Program(folder, settings) as program:
            yield Scene(**vars(everybody), program=program)
            print(program.said()[-8000:])  # shown beside a story that failed
