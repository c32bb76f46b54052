"""A message's formatting (Telegram's entities) as markup that we may send. Knows no messages.

    text, spans -> Html with the same words; unknown, overlapping and out-of-range spans are left
    out

Only what Telegram's parser takes comes out: tags nested in each other, links to http and https.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.html import Html, escape

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}
_ALONE = frozenset({"code", "pre"})
"""Telegram: nothing else is formatted within these."""
_LONGEST_LINK = 2048
_MOST_MARKUP = 16_000
"""Bytes: Telegram takes 32,768 in one message, and the answer shares it with other text."""


@dataclass(frozen=True, slots=True)
class Span:
    """One entity: `offset` and `length` in UTF-16 units, `url` for a `text_link`."""

    kind: str
    offset: int
    length: int
    url: str = ""


def marked_up(text: str, spans: Iterable[Span]) -> Html:
    """A text with its formatting; without any if that would be more than Telegram takes. Spans are
    not trusted: they may be in any order, overlap, and end out of range."""
    places = _places(text)
    known = [(one, *_range(one, places)) for one in spans if _sound(one)]
    known = [each for each in known if each[1] < each[2]]
    known.sort(key=lambda each: (each[1], -each[2]))
    marked = _nested(text, known)
    return marked if len(marked.encode("utf-8", "replace")) <= _MOST_MARKUP else escape(text)


def _sound(one: Span) -> bool:
    if one.kind != "text_link":
        return one.kind in _TAGS
    return one.url.startswith(("http://", "https://")) and len(one.url) <= _LONGEST_LINK


def _places(text: str) -> list[int]:
    """The index of the character that each UTF-16 unit belongs to, and the end as the last item."""
    found: list[int] = []
    for number, char in enumerate(text):
        found += [number] * (2 if ord(char) > 0xFFFF else 1)
    return [*found, len(text)]


def _range(one: Span, places: list[int]) -> tuple[int, int]:
    last = len(places) - 1
    start, end = max(0, one.offset), min(last, one.offset + one.length)
    return (places[start], places[end]) if start < end else (0, 0)


def _nested(text: str, known: list[tuple[Span, int, int]]) -> Html:
    """Tags properly nested. A span that crosses the end of the one around it, or is inside one that
    may contain none, is left out."""
    around: list[tuple[Span, int]] = []
    parts: list[str] = []
    at = 0

    def close(upto: int) -> None:
        nonlocal at
        while around and around[-1][1] <= upto:
            one, end = around.pop()
            parts.extend((escape(text[at:end]), f"</{_TAGS[one.kind]}>"))
            at = end

    for one, start, end in known:
        close(start)
        if around and not _fits(one, end, around):
            continue
        parts.extend((escape(text[at:start]), _opening(one)))
        at = start
        around.append((one, end))
    close(len(text))
    parts.append(escape(text[at:]))
    return Html("".join(parts))


def _fits(one: Span, end: int, around: list[tuple[Span, int]]) -> bool:
    tags = {_TAGS[outer.kind] for outer, _ in around}
    return end <= around[-1][1] and not tags & _ALONE and _TAGS[one.kind] not in tags


def _opening(one: Span) -> str:
    if one.kind == "text_link":
        return f'<a href="{escape(one.url)}">'
    if one.kind == "expandable_blockquote":
        return "<blockquote expandable>"
    return f"<{_TAGS[one.kind]}>"
