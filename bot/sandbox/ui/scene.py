"""Who is on the page at the start: two readers, a group, a channel, the moderators; and the
opening.

The opening is played by real messages to the real bot. Knows the bot's commands, none of its code.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from bot.sandbox.errors import ControlError
from bot.sandbox.newsroom.newsroom import NAME
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Json, User, WorldChat

CHANNEL, GROUP, MODERATORS = "kabar_contoh", "Warga Teluk Melati", "Moderator"
PATIENCE_S = 8
"""How long the opening waits for one answer before it goes on without."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and chats of the scene."""

    sari: User
    budi: User
    anna: User
    rudi: User
    group: WorldChat
    channel: WorldChat
    moderators: WorldChat

    def json(self) -> Json:
        """For the page: who may be played, and which chats stand under which heading."""
        readers, desk = [self.sari.id, self.budi.id], [self.anna.id, self.rudi.id]
        return {
            "people": readers + desk,
            "sections": [
                {"name": "readers", "chats": readers},
                {"name": "public", "chats": [self.channel.id, self.group.id]},
                {"name": "newsroom", "chats": [self.moderators.id, *desk]},
            ],
        }


def assemble(sandbox: Sandbox) -> Cast:
    """Create everybody; the numbers are the same in every run."""
    sari = sandbox.create_user("Sari", username="sari")
    budi = sandbox.create_user("Budi", username="budi")
    anna = sandbox.create_user("Anna", username="anna")
    rudi = sandbox.create_user("Rudi", username="rudi")
    group = sandbox.create_supergroup(GROUP, budi)
    channel = sandbox.create_channel(NAME, anna, username=CHANNEL)
    moderators = sandbox.create_supergroup(MODERATORS, anna)
    for chat, user in ((group, sari), (group, rudi), (channel, sari), (moderators, rudi)):
        sandbox.people.set_member(chat, user, "member", by=user)
    sandbox.add_bot(group)
    sandbox.add_bot(channel, as_admin=True)
    sandbox.add_bot(moderators, as_admin=True)
    return Cast(sari, budi, anna, rudi, group, channel, moderators)


def recall(sandbox: Sandbox) -> Cast:
    """The same people in a world that was kept. Raises ControlError when one is missing."""
    sari, budi, anna, rudi = (sandbox.user(number) for number in range(1001, 1005))
    named = {chat.title: chat for chat in sandbox.activity.world.chats.values() if not chat.private}
    try:
        chats = [named[title] for title in (GROUP, NAME, MODERATORS)]
    except KeyError as error:
        raise ControlError(f"the kept world has no chat {error}") from error
    return Cast(sari, budi, anna, rudi, *chats)


def enter(sandbox: Sandbox, cast: Cast) -> None:
    """Everybody presses START; the bot hears it when it comes up."""
    for person in (cast.sari, cast.budi, cast.anna):
        sandbox.people.start(person)


async def subscribe(sandbox: Sandbox, cast: Cast) -> None:
    """The bot has greeted them: two readers, the group and the channel subscribe."""
    await _answered(sandbox, dict.fromkeys((cast.sari, cast.budi, cast.anna), 0))
    asked: dict[User | WorldChat, int] = {
        person: sandbox.people.say(person, "/subscribe").id for person in (cast.sari, cast.budi)
    }
    asked[cast.group] = sandbox.people.say(cast.budi, "/subscribe", cast.group).id
    asked[cast.anna] = sandbox.people.say(cast.anna, f"/subscribe @{CHANNEL}").id
    await _answered(sandbox, asked)


async def _answered(sandbox: Sandbox, asked: dict[User, int] | dict[User | WorldChat, int]) -> None:
    """Wait for the bot's word in each place, after the message of that number."""
    waits = [
        sandbox.next_message(place, after=after, timeout_s=PATIENCE_S)
        for place, after in asked.items()
    ]
    with suppress(TimeoutError):
        await asyncio.gather(*waits)
