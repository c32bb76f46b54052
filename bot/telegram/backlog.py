"""What of each chat waits for its handler: in order, repeats merged, with a limit. Pure.

    /start /start /start          the same again is one
    an edit, and another          of one message, or of what somebody types inline: the last one
    more than may wait            left out; the person is told once, and every button is answered

Messages of groups that are no command are never left out: the editors' answers are among them, and
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
"""Commands and presses of one chat: half a minute's answers."""
MOST_SAID = 100
"""Other messages of one private chat: albums, and long comments that a client cuts."""
_CROWD = 64
"""Chats: when more than these wait, some of the last to come are served before the first."""
LARGEST_ID = 1 << 31
"""Numbers of updates are below this."""
_LAST_COUNTS = ("edited_message", "edited_channel_post", "inline_query")
_MESSAGES = ("message", "channel_post")


@dataclass(slots=True)
class Item:
    """One update that waits. `update` is None when it is read again from the inbox in its turn."""

    place: int
    update: Update | None
    repeat: Hashable = None
    kind: str = ""
    left_out: bool = False
    """Not to be handled: only its sender is told so."""
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
        """Put it behind the others; returns the places of what is not handled any more."""
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
        self._items.appendleft(item)  # it costs nothing, and is to be heard at once
        return []

    def forget(self, place: int) -> None:
        """The words of the last one are in the inbox; they are read again when its turn comes."""
        if self._items and self._items[-1].place == place:
            self._items[-1].update = None

    def take(self) -> Item:
        """The next one."""
        item = self._items.popleft()
        if item.kind:
            self._counts[item.kind] -= 1
        return item

    def put_back(self, item: Item) -> None:
        """It has to be handled again, before the others."""
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
        """Put an update behind those of its chat; returns how many more wait, and the places of
        what is not handled any more."""
        key = chat_of(update)
        if key not in self._of:
            self._of[key] = Backlog()
            self._fresh.append(key)
        backlog = self._of[key]
        before = len(backlog)
        left_out = backlog.add(place, update)
        return len(backlog) - before, left_out

    def forget(self, place: int, update: Update) -> None:
        """Its words are in the inbox; they are read again when its turn comes."""
        self._of[chat_of(update)].forget(place)

    def take(self) -> tuple[int, Item]:
        """The chat whose turn it is, and its next update; it is served until `served` is called."""
        key = self._next()
        return key, self._of[key].take()

    def _next(self) -> int:
        """Two of three turns are for chats that have just come, and in a crowd half of those for
        the last of them: one after the other everybody would be late."""
        self._picks += 1
        if not self._fresh or (self._again and not self._picks % 3):
            return self._again.popleft()
        newest = len(self._fresh) > _CROWD and self._picks % 3 == 1
        return self._fresh.pop() if newest else self._fresh.popleft()

    def served(self, key: int) -> None:
        """One of its updates is handled: it waits for its next turn."""
        if self._of[key]:
            self._again.append(key)
        else:
            del self._of[key]

    def put_back(self, key: int, item: Item) -> None:
        """An update has to be handled again, before the others of its chat."""
        if key not in self._of:
            self._of[key] = Backlog()
            self._again.append(key)
        self._of[key].put_back(item)


def named(update: Update) -> tuple[str, Mapping[str, Any]]:
    """What kind of update it is, and what it carries; nothing, where that cannot be read."""
    for name, content in update.items():
        if name != "update_id" and isinstance(content, dict):
            return name, content
    return "", {}


def chat_of(update: Update) -> int:
    """What keeps its order: the chat of an update, or the person of one without a chat."""
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
    return found if isinstance(found, int) else 0


def _repeat(name: str, content: Mapping[str, Any]) -> Hashable:
    """Equal for updates of which one is enough, if they follow each other; else None."""
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
    """Its number at Telegram. Raises TypeError, KeyError, ValueError for what has none."""
    number = update["update_id"]
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError("no number")
    if not 0 <= number < LARGEST_ID:
        raise ValueError("out of range")
    return number


def numbers_of(updates: Sequence[Any]) -> list[int]:
    """Of those that have one."""
    found = []
    for one in updates:
        with suppress(TypeError, KeyError, ValueError):
            found.append(number_of(one))
    return found
