"""Entities of a text and their order: what may nest, what merges, what is cut. Knows no markup.

Offsets and lengths are UTF-16 units, as everywhere in the Bot API. The rules are those of TDLib's
MessageEntity.cpp: bold and its kin are split so that everything nests, links and code never
overlap, block quotes hold others but not each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
PRE = frozenset({"pre", "code", "date_time"})
"""They hold nothing else, and sit in nothing but a block quote."""
CONTINUOUS = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "text_link",
        "text_mention",
        "custom_emoji",
    }
)
MOST = 100
"""Entities that a message keeps; further ones are dropped by the server."""

_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 48,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


@dataclass(slots=True)
class Entity:
    """One entity. `argument` is an address, a language, an emoji id or a date format."""

    type: str
    offset: int
    length: int
    argument: str = ""
    number: int = 0
    """The user of a text_mention, the time of a date_time."""

    @property
    def end(self) -> int:
        return self.offset + self.length

    def order(self) -> tuple[int, int, int]:
        """Outer before inner, then by kind."""
        priority = _PRIORITY.get(self.type, 50)
        if self.type == "pre" and self.argument:
            priority = 10
        return self.offset, -self.length, priority

    def json(self) -> dict[str, Any]:
        """As MessageEntity; the user of a text_mention is filled in by the caller."""
        data: dict[str, Any] = {"offset": self.offset, "length": self.length, "type": self.type}
        if self.type == "text_link":
            data["url"] = self.argument
        elif self.type == "pre" and self.argument:
            data["language"] = self.argument
        elif self.type == "custom_emoji":
            data["custom_emoji_id"] = self.argument
        elif self.type == "date_time":
            data["unix_time"] = self.number
            if self.argument:
                data["date_time_format"] = self.argument
        return data


def utf16_length(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def sort(entities: list[Entity]) -> None:
    """Outer before inner, in place."""
    entities.sort(key=Entity.order)


def fix(entities: list[Entity]) -> list[Entity]:
    """Sorted entities of which any two nest properly; consumes the given list."""
    entities = [entity for entity in entities if entity.length > 0]
    sort(entities)
    if _valid(entities):
        return entities
    return _assembled(entities, [])


def merge_found(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Entities of the markup together with those found in the text, which give way."""
    return _assembled(entities, found) if found else entities


def _assembled(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    splittable = [entity for entity in entities if entity.type in SPLITTABLE]
    quotes = _without_overlaps(entity for entity in entities if entity.type in QUOTES)
    solid = _without_overlaps(
        entity for entity in entities if entity.type not in SPLITTABLE and entity.type not in QUOTES
    )
    solid = _outside_or_within(solid, quotes)
    solid = _filled_up(solid, _outside_or_within(found, quotes)) + quotes
    sort(solid)
    if not splittable:
        return solid
    result = solid + _Splitter(splittable, solid).run()
    sort(result)
    return result


def _valid(entities: list[Entity]) -> bool:
    """Does every entity nest as Telegram wants it, with nothing to merge?"""
    stack: list[Entity] = []
    ends: dict[str, int] = {}
    for entity in entities:
        while stack and entity.offset >= stack[-1].end:
            stack.pop()
        if stack and not _may_nest(entity, stack):
            return False
        if entity.type in SPLITTABLE:
            if ends.get(entity.type, -1) >= entity.offset:
                return False
            ends[entity.type] = entity.end
        stack.append(entity)
    return True


def _may_nest(entity: Entity, stack: list[Entity]) -> bool:
    around = {outer.type for outer in stack}
    if entity.end > stack[-1].end or stack[-1].type in PRE or not around.isdisjoint(SPLITTABLE):
        return False
    if entity.type in around or (entity.type in QUOTES and around & QUOTES):
        return False
    if entity.type in PRE and around - QUOTES:
        return False
    return not ((entity.type in CONTINUOUS or entity.type in QUOTES) and around & CONTINUOUS)


def _without_overlaps(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _outside_or_within(entities: list[Entity], quotes: list[Entity]) -> list[Entity]:
    """Those that cross the border of no block quote."""
    return [entity for entity in entities if not any(_crosses(entity, quote) for quote in quotes)]


def _crosses(entity: Entity, quote: Entity) -> bool:
    if quote.end <= entity.offset or entity.end <= quote.offset:
        return False
    return quote.end < entity.end or entity.offset < quote.offset


def _filled_up(old: list[Entity], new: list[Entity]) -> list[Entity]:
    """The old ones, and the new ones where no old one is."""
    free = [
        entity
        for entity in new
        if not any(entity.offset < one.end and one.offset < entity.end for one in old)
    ]
    return old + free


class _Splitter:
    """Cuts bold and its kin at the borders of the solid entities, merging what touches."""

    def __init__(self, splittable: list[Entity], solid: list[Entity]) -> None:
        self._waiting = splittable[::-1]
        self._solid = solid
        self._open: dict[str, list[int]] = {}
        self._result: list[Entity] = []

    def run(self) -> list[Entity]:
        """The pieces."""
        stack: list[Entity] = []
        for border in self._solid:
            self._advance(stack, border.offset)
            stack.append(border)
        self._advance(stack, 1 << 31)
        return self._result

    def _advance(self, stack: list[Entity], offset: int) -> None:
        while stack and offset >= stack[-1].end:
            left = stack.pop()
            size = len(self._result)
            self._take(left.end)
            if left.type in PRE:
                del self._result[size:]
        self._take(offset)

    def _take(self, end: int) -> None:
        while self._waiting and self._waiting[-1].offset < end:
            entity = self._waiting.pop()
            span = self._open.get(entity.type)
            if span is not None and entity.offset <= span[1]:
                span[1] = max(span[1], entity.end)
            else:
                self._flush(entity.offset)
                self._open[entity.type] = [entity.offset, entity.end]
        self._flush(end)

    def _flush(self, offset: int) -> None:
        for kind in SPLITTABLE:
            span = self._open.get(kind)
            if span is None or span[0] >= offset:
                continue
            begin, end = span
            if end <= offset:
                self._result.append(Entity(kind, begin, end - begin))
                del self._open[kind]
            else:
                self._result.append(Entity(kind, begin, offset - begin))
                span[0] = offset
