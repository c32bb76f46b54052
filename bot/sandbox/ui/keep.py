"""Keeps the stand-in's world in a folder between two runs: people, chats, messages, files.

Asks each part for its state; knows nothing of HTTP. After a run that was killed, the counters jump
ahead: no number that the bot may remember is given out twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import orjson

from bot.sandbox.errors import ControlError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Json, Member, Message, User, WorldChat, WorldTopic

JUMP = 10_000
EVERY_S = 1.0
_OPTIONS = orjson.OPT_NON_STR_KEYS
_PLAIN = tuple(
    one.name
    for one in fields(WorldChat)
    if one.name not in {"user", "members", "messages", "topics"}
)


class Keeper:
    """Saves one sandbox to a folder."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._seen = -1

    async def watch(self) -> None:
        """Save after whatever changes, at most once a second, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self._seen != self._sandbox.activity.events.serial:
                self.save()

    def save(self, *, ended: bool = False) -> None:
        """Write everything; the file is replaced in one step."""
        self._seen = self._sandbox.activity.events.serial
        kept = self._folder / "files"
        kept.mkdir(parents=True, exist_ok=True)
        activity = self._sandbox.activity
        for stored in activity.files.state():
            if not (kept / str(stored.number)).exists():
                (kept / str(stored.number)).write_bytes(stored.content)
        fresh = self._folder / "world.new"
        fresh.write_bytes(orjson.dumps(_state(self._sandbox, ended), option=_OPTIONS))
        fresh.replace(self._folder / "world.json")


def restore(sandbox: Sandbox, folder: Path) -> bool:
    """Fill a new sandbox with what was kept; False when nothing was. Raises ControlError."""
    file = folder / "world.json"
    if not file.exists():
        return False
    try:
        _fill(sandbox, orjson.loads(file.read_bytes()), folder / "files")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ControlError(f"{file} cannot be read; remove {folder} to begin anew.") from error
    return True


# --- writing --------------------------------------------------------------------------------------


def _state(sandbox: Sandbox, ended: bool) -> Json:
    activity, world = sandbox.activity, sandbox.activity.world
    return {
        "ended": ended,
        "users": [asdict(user) for user in world.users.values() if user is not world.bot],
        "chats": [_chat(chat) for chat in world.chats.values()],
        "shared_last": world.state(),
        **activity.updates.state(),
        "files": [
            {name: getattr(stored, name) for name in ("number", "kind", "name", "mime", "details")}
            for stored in activity.files.state()
        ],
    }


def _chat(chat: WorldChat) -> Json:
    return {
        **{name: getattr(chat, name) for name in _PLAIN},
        "user": chat.user.id if chat.user else 0,
        "members": [{**asdict(member), "user": member.user.id} for member in chat.members.values()],
        "topics": [asdict(topic) for topic in chat.topics.values()],
        "messages": [_message(message) for message in chat.messages.values()],
    }


def _message(message: Message) -> Json:
    return {
        "id": message.id,
        "data": message.data,
        "kind": message.kind,
        "sender": message.sender.id if message.sender else 0,
        "mine": message.mine,
        "topic": message.topic,
        "extra": message.extra,
        "reactions": message.reactions,
    }


# --- reading --------------------------------------------------------------------------------------


def _fill(sandbox: Sandbox, state: Json, kept: Path) -> None:
    activity, world = sandbox.activity, sandbox.activity.world
    jump = 0 if state["ended"] else JUMP
    for one in state["users"]:
        user = User(**one)
        world.users[user.id] = user
        world.name(user.username, user.id)
    for one in state["chats"]:
        chat = _read_chat(world.users, one, jump)
        world.chats[chat.id] = chat
        world.name(chat.username, chat.id)
    world.restore(state["shared_last"] + jump)
    activity.updates.restore(state["update"] + jump, state["updates"])
    activity.files.restore(
        {**one, "content": (kept / str(one["number"])).read_bytes()} for one in state["files"]
    )


def _read_chat(users: dict[int, User], state: Json, jump: int) -> WorldChat:
    chat = WorldChat(**{name: state[name] for name in _PLAIN})
    chat.user = users.get(state["user"])
    chat.last_id += jump
    for one in state["members"]:
        member = Member(**{**one, "user": users[one["user"]]})
        chat.members[member.user.id] = member
    chat.topics = {one["id"]: WorldTopic(**one) for one in state["topics"]}
    for one in state["messages"]:
        message = _read_message(chat, users, one)
        chat.messages[message.id] = message
    return chat


def _read_message(chat: WorldChat, users: dict[int, User], state: dict[str, Any]) -> Message:
    reactions = {int(user): marks for user, marks in state["reactions"].items()}
    return Message(
        **{**state, "chat": chat, "sender": users.get(state["sender"]), "reactions": reactions}
    )
