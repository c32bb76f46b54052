"""The updates of each chat that wait for a handler: in order, repeats merged, with a limit. Pure.

    /start /start /start          repeats become one
    an edit, and another          of one message, or of an inline query: only the last one
    more than may wait            left out; the person is told once, and every button is answered

Messages in groups that are not commands are never left out: editors' answers are among them, and
they cost next to nothing. Chats are served one update each, new ones first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

Update = dict[str, Any]

MOST_ASKED = 30
"""The most waiting commands and presses of one chat: half a minute's answers."""
MOST_SAID = 100
"""The most other messages of one private chat: albums, and long comments that a client splits."""
_CROWD = 64
"""Chats: if more than these wait, some of the latest are served before the first."""
LARGEST_ID = 1 << 31
"""Update ids are below this."""
_LARGEST_CHAT = 1 << 52
"""Telegram's numbers of chats and people are smaller; databases store no more than 63 bits."""
_LAST_COUNTS = ("edited_message", "edited_channel_post", "inline_query")
_MESSAGES = ("message", "channel_post")


@dataclass(slots=True)
class Item:
    """One waiting update. `update` is None if it is to be read again from the inbox in its turn."""

    place: int
    update: Update | None
    repeat: Hashable = None
    kind: str = ""
    left_out: bool = False
    """Not to be handled: its sender is only told so."""
    tries: int = 0


class Backlog:
    """The updates of one chat."""

    __slots__ = ("_counts", "_items", "_told")

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._counts = {"asked": 0, "said": 0}
        self._told = False

    def __len__(self) -> int:
        return len(self._items)

    def add(self, place: int, update: Update) -> list[int]:
        """Add it at the end; returns the places of updates that will no longer be handled."""
        name, content = named(update)
        item = Item(place, update, _repeat(name, content), _limited(name, content))
        last = self._items[-1] if self._items else None
        if item.repeat is not None and last is not None and last.repeat == item.repeat:
            if name not in _LAST_COUNTS:
                return [place]
            replaced, last.place, last.update = last.place, place, update
            return [replaced]
        if item.kind and self._counts[item.kind] >= (
            MOST_ASKED if item.kind == "asked" else MOST_SAID
        ):
            return self._leave_out(item, pressed=name == "callback_query")
        if item.kind:
            self._counts[item.kind] += 1
        self._items.append(item)
        return []

    def _leave_out(self, item: Item, *, pressed: bool) -> list[int]:
        if self._told and not pressed:
            return [item.place]
        self._told = self._told or not pressed
        item.left_out, item.kind, item.repeat = True, "", None
        self._items.appendleft(item)  # it costs nothing, and has to be heard at once
        return []

    def forget(self, place: int) -> None:
        """Drop the last one's content, which is in the inbox; it is read again when its turn
        comes."""
        if self._items and self._items[-1].place == place:
            self._items[-1].update = None

    def take(self) -> Item:
        """The next one."""
        item = self._items.popleft()
        if item.kind:
            self._counts[item.kind] -= 1
        return item

    def put_back(self, item: Item) -> None:
        """Put an update back to be handled again, before the others."""
        if item.kind:
            self._counts[item.kind] += 1
        self._items.appendleft(item)


class Backlogs:
    """The backlogs of all chats, and which of them is served next."""

    def __init__(self) -> None:
        self._of: dict[int, Backlog] = {}
        self._fresh: deque[int] = deque()
        self._again: deque[int] = deque()
        self._picks = 0

    def __bool__(self) -> bool:
        return bool(self._fresh or self._again)

    def add(self, place: int, update: Update) -> tuple[int, list[int]]:
        """Add an update after those of its chat; returns how many more wait, and the places of
        updates that will no longer be handled."""
        key = chat_of(update)
        if key not in self._of:
            self._of[key] = Backlog()
            self._fresh.append(key)
        backlog = self._of[key]
        before = len(backlog)
        left_out = backlog.add(place, update)
        return len(backlog) - before, left_out

    def forget(self, place: int, update: Update) -> None:
        """Drop its content, which is in the inbox; it is read again when its turn comes."""
        self._of[chat_of(update)].forget(place)

    def take(self) -> tuple[int, Item]:
        """The chat whose turn it is, and its next update; it is served until `served` is called."""
        key = self._next()
        return key, self._of[key].take()

    def _next(self) -> int:
        """Two of three turns go to chats that have just come, and in a crowd half of those to the
        latest: strictly in order, everybody would be late."""
        self._picks += 1
        if not self._fresh or (self._again and not self._picks % 3):
            return self._again.popleft()
        newest = len(self._fresh) > _CROWD and self._picks % 3 == 1
        return self._fresh.pop() if newest else self._fresh.popleft()

    def served(self, key: int) -> None:
        """One of the chat's updates has been handled: it waits for its next turn."""
        if self._of[key]:
            self._again.append(key)
        else:
            del self._of[key]

    def put_back(self, key: int, item: Item) -> None:
        """Put an update back to be handled again, before the others of its chat."""
        if key not in self._of:
            self._of[key] = Backlog()
            self._again.append(key)
        self._of[key].put_back(item)


def named(update: Update) -> tuple[str, Mapping[str, Any]]:
    """The kind of an update, and its content; empty if that cannot be read."""
    for name, content in update.items():
        if name != "update_id" and isinstance(content, dict):
            return name, content
    return "", {}


def chat_of(update: Update) -> int:
    """The key within which order is kept: an update's chat, or its person if it has no chat."""
    name, content = named(update)
    message = content.get("message") if name == "callback_query" else content
    for holder in (message, content):
        if isinstance(holder, dict) and (number := _number(holder.get("chat"))):
            return number
    for sender in ("from", "user", "voter_chat", "actor_chat"):
        if number := _number(content.get(sender)):
            return number
    return 0


def _number(holder: Any) -> int:
    found = holder.get("id") if isinstance(holder, dict) else None
    return found if isinstance(found, int) and abs(found) < _LARGEST_CHAT else 0


def _repeat(name: str, content: Mapping[str, Any]) -> Hashable:
    """Equal for consecutive updates of which one is enough; None if there is no such repeat."""
    sender = _number(content.get("from"))
    if name == "inline_query":
        return name, sender
    if name in _LAST_COUNTS:
        return name, str(content.get("message_id"))
    text = content.get("text")
    if name in _MESSAGES and _command(text) and "reply_to_message" not in content:
        return name, sender, str(content.get("message_thread_id")), hash(text)
    return None


def _limited(name: str, content: Mapping[str, Any]) -> str:
    """Which limit it counts against, if any."""
    private = chat_of({name: content}) > 0
    if name == "callback_query" or (name in _MESSAGES and _command(content.get("text"))):
        return "asked"
    spoken = name in {*_MESSAGES, *_LAST_COUNTS}
    return "said" if private and spoken else ""


def _command(text: Any) -> bool:
    return isinstance(text, str) and text.startswith("/")


def number_of(update: Any) -> int:
    """Telegram's update id. Raises TypeError, KeyError, ValueError if there is none."""
    number = update["update_id"]
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError("no number")
    if not 0 <= number < LARGEST_ID:
        raise ValueError("out of range")
    return number


def numbers_of(updates: Sequence[Any]) -> list[int]:
    """The ids of those updates that have one."""
    found = []
    for one in updates:
        with suppress(TypeError, KeyError, ValueError):
            found.append(number_of(one))
    return found
