"""From what a request says (text, parse mode, entities) to what a message shows.

    markup -> text + entities -> cleaned -> trimmed -> found links added -> measured

Knows the Bot API's parameters for texts; knows no chat. Lengths are Unicode code points, offsets
UTF-16 units. Rules: TDLib's fix_formatted_text, the Bot API server's get_formatted_text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bot.sandbox import detect, htmlparse, links
from bot.sandbox.entities import MOST, Entity, fix, merge_found, utf16_length
from bot.sandbox.errors import Unsupported, bad_request
from bot.sandbox.params import as_array, as_number, as_object

TEXT_MOST = 4096
CAPTION_MOST = 1024
RAW_MOST = 32768
"""Bytes of a text before parsing."""

_CLEAN = re.compile("[\0-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a\u200e\u200f]")
_GONE = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANK = re.compile("[\0-\x09\x0b-\x1f]")
_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EMPTY = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]*\\Z"
)
_SIMPLE_KINDS = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
    }
)


_ARGUMENTS = {
    "pre": "language",
    "custom_emoji": "custom_emoji_id",
    "date_time": "date_time_format",
}


@dataclass(slots=True)
class Formatted:
    """A text as a message shows it."""

    text: str = ""
    entities: list[Entity] = field(default_factory=list)

    def put(self, data: dict[str, Any], name: str, users: dict[int, Any]) -> None:
        """Add it to a message under `name` ("text" or "caption")."""
        if not self.text:
            return
        data[name] = self.text
        shown = [_shown(entity, users) for entity in self.entities]
        if shown := [one for one in shown if one is not None]:
            data["entities" if name == "text" else "caption_entities"] = shown


def read(
    text: str,
    parse_mode: str,
    given: Any = None,
    *,
    commands: bool = True,
) -> Formatted:
    """The text of a request as a message shows it; empty when nothing is left of it.

    `given` are entities that came as such (they count only where there is no parse mode). The
    result may be shared: read it, do not change it.
    """
    given = as_array(given, "entities")
    if given and parse_mode.lower() in {"", "none"}:
        return _read(text, parse_mode, given, commands=commands)
    return _remembered(text, parse_mode, commands=commands)


@lru_cache(maxsize=256)
def _remembered(text: str, parse_mode: str, *, commands: bool) -> Formatted:
    """A broadcast says the same to everybody: the same text is parsed once."""
    return _read(text, parse_mode, [], commands=commands)


def _read(text: str, parse_mode: str, given: list[Any], *, commands: bool) -> Formatted:
    if len(text.encode("utf-8", "surrogatepass")) > RAW_MOST:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if not mode or mode == "none":
        entities = _given(given)
    elif mode == "html":
        try:
            text, entities = htmlparse.parse(text)
        except htmlparse.MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from error
        _check_arguments(entities)
    elif mode in {"markdown", "markdownv2"}:
        raise Unsupported(f"parse mode {parse_mode}; use HTML")
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = cleaned(text, entities)
    text, entities = _trimmed(text, entities)
    if _EMPTY.match(text):
        return Formatted()
    entities = merge_found(entities, detect.find(text, commands))
    return Formatted(text, entities[:MOST])


def checked_text(shown: Formatted) -> Formatted:
    """A message's text: not empty, not too long."""
    if not shown.text:
        raise bad_request("message text is empty")
    if len(shown.text) > TEXT_MOST:
        raise bad_request("message is too long")
    return shown


def checked_caption(shown: Formatted) -> Formatted:
    """A caption: not too long."""
    if len(shown.text) > CAPTION_MOST:
        raise bad_request("message caption is too long")
    return shown


def _shown(entity: Entity, users: dict[int, Any]) -> dict[str, Any] | None:
    data = entity.json()
    if entity.type == "text_mention":
        user = users.get(entity.number)
        if user is None:
            return None  # nobody we know: the server drops the mention
        data["user"] = user.json()
    return data


def _check_arguments(entities: list[Entity]) -> None:
    """References in attributes may name halves of surrogate pairs, which no text can hold."""
    for entity in entities:
        if _SURROGATE.search(entity.argument):
            name = "TextUrl.url" if entity.type == "text_link" else "PreCode.language"
            raise bad_request(f"MessageEntity{name} must be encoded in UTF-8")


def _given(values: list[Any]) -> list[Entity]:
    """Entities that came as such. Kinds that Telegram finds by itself are ignored."""
    found = (_one_given(value) for value in values)
    return [entity for entity in found if entity is not None]


def _one_given(value: Any) -> Entity | None:
    value = as_object(value, "MessageEntity")
    kind, offset, length = str(value.get("type")), value.get("offset"), value.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('can\'t parse MessageEntity: field "offset" must be of type Number')
    if not 0 <= offset <= 1_000_000 or not 0 <= length <= 1_000_000:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if kind == "text_link":
        return _given_link(str(value.get("url") or ""), offset, length)
    argument, number = str(value.get(_ARGUMENTS.get(kind, "")) or ""), 0
    if kind == "text_mention":
        number = as_number(as_object(value.get("user"), "User").get("id"))
    elif kind == "date_time":
        number = as_number(value.get("unix_time"))
    elif kind not in _SIMPLE_KINDS and kind not in _ARGUMENTS:
        return None
    return Entity(kind, offset, length, argument, number)


def _given_link(url: str, offset: int, length: int) -> Entity:
    if user := links.user_of(url):
        return Entity("text_mention", offset, length, number=user)
    try:
        return Entity("text_link", offset, length, links.check(url))
    except links.LinkError as error:
        raise bad_request(f"entity URL '{url}' is invalid: {error}") from error


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Control characters out, entities moved accordingly and made to nest. Raises ApiError."""
    entities = fix(entities)
    if entities:
        _check_borders(text, entities)
    if not _CLEAN.search(text):
        return text, entities
    if entities and _GONE.search(text):
        _close_gaps(text, entities)
    text = _BLANK.sub(" ", _GONE.sub("", text))
    text = _MARKS.sub(lambda run: "\u200c" * len(run[0]), text)
    return text, fix(entities)


def _close_gaps(text: str, entities: list[Entity]) -> None:
    gone = [utf16_length(text[: match.start()]) for match in _GONE.finditer(text)]
    for entity in entities:
        before, within = bisect_left(gone, entity.offset), bisect_left(gone, entity.end)
        entity.length -= within - before
        entity.offset -= before


def _check_borders(text: str, entities: list[Entity]) -> None:
    size = utf16_length(text)
    for entity in entities:
        if entity.offset > size:
            raise bad_request(
                f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
            )
        if entity.end > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the "
                f"text at UTF-16 offset {entity.end}"
            )
    if size == len(text):
        return
    inside = _second_halves(text)
    for entity in entities:
        if entity.offset in inside:
            raise bad_request("entity begins in a middle of a UTF-16 symbol")
        if entity.end in inside:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity.offset} ends in a middle of a "
                "UTF-16 symbol"
            )


def _second_halves(text: str) -> set[int]:
    halves, offset = set(), 0
    for char in text:
        if char > "\uffff":
            offset += 1
            halves.add(offset)
        offset += 1
    return halves


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space off both ends; at the beginning only as far as no entity covers it."""
    text = text.rstrip(" \n")
    if not entities:
        return text.lstrip(" \n"), []
    size = utf16_length(text)
    for entity in entities:
        entity.length = min(entity.length, size - entity.offset)
    entities = fix(entities)
    lead = len(text) - len(text.lstrip(" \n"))
    if entities:
        lead = min(lead, entities[0].offset)
    for entity in entities:
        entity.offset -= lead
    return text[lead:], entities
