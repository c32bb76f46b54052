"""Shows why an article was found: matching words marked, the best passage. Knows text, no
markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.search.wording import Wording
from bot.core.search.words import Token, stem, tokens_like
from bot.core.text import border

LENGTH = 160
"""Characters of an excerpt, about."""
_READ = 20_000  # characters of a text in which a passage is looked for
_NEAR = 30  # within so many characters of the start, the passage is the start


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; `marked` if it matches the query."""

    text: str
    marked: bool = False


Marked = tuple[Segment, ...]


class Marker:
    """Tells which words of a text the query asks for."""

    def __init__(self, wording: Wording) -> None:
        terms = wording.query.terms
        self._forms = {word for term in terms if term.exact for word in term.words}
        loose = [word for term in terms if not term.exact for word in term.words]
        self._stems = {one for word in loose for form in wording.of(word) for one in form.stems}

    def found(self, text: str) -> list[Token]:
        """The words of a text that were asked for, in order."""
        return tokens_like(text, self._stems, self._forms)

    def mark(self, text: str) -> Marked:
        """The whole text, what was asked for marked."""
        return _segments(text, self.found(text), 0, len(text))

    def excerpt(self, text: str, length: int = LENGTH) -> Marked:
        """The passage that holds the most different words asked for; the beginning if none."""
        text = " ".join(text[: border(text, _READ)].split())
        found = self.found(text)
        first, last = _densest(found, length)
        begin, end = _borders(text, first, last, length)
        before = (Segment("… "),) if begin else ()
        after = (Segment(" …"),) if end < len(text) else ()
        return (*before, *_segments(text, found, begin, end), *after)


def plain(marked: Marked) -> str:
    """The text without marks."""
    return "".join(segment.text for segment in marked)


def _densest(found: Sequence[Token], length: int) -> tuple[int, int]:
    """Where the passage with the most different words begins and ends; the earliest of equals."""
    best, place, right = (0, 0), (0, 0), 0
    for left, first in enumerate(found):
        while right < len(found) and found[right].end <= first.start + length:
            right += 1
        held = found[left:right]
        worth = (len({stem(one.word) for one in held}), len(held))
        if worth > best:
            best, place = worth, (first.start, held[-1].end)
    return place


def _borders(text: str, first: int, last: int, length: int) -> tuple[int, int]:
    """The passage with its surroundings, cut at word boundaries if there are any."""
    begin = max(0, min(first - (length - (last - first)) // 2, len(text) - length))
    begin = 0 if begin < _NEAR else begin
    end = min(len(text), max(begin + length, last))
    if begin:
        space = text.find(" ", begin, first)
        begin = space + 1 if space >= 0 else border(text, begin)
    if end < len(text):
        space = text.rfind(" ", last, end)
        end = space if space > begin else border(text, end)
    return begin, end


def _segments(text: str, found: Sequence[Token], begin: int, end: int) -> Marked:
    pieces: list[Segment] = []
    at = begin
    for start, stop in _joined(text, [one for one in found if begin <= one.start < one.end <= end]):
        pieces += [Segment(text[at:start]), Segment(text[start:stop], marked=True)]
        at = stop
    pieces.append(Segment(text[at:end]))
    return tuple(piece for piece in pieces if piece.text)


def _joined(text: str, found: Sequence[Token]) -> list[tuple[int, int]]:
    """Neighbours as one: `kapal selam` is marked once."""
    places: list[tuple[int, int]] = []
    for one in found:
        if places and (one.start < places[-1][1] or text[places[-1][1] : one.start] in {" ", "-"}):
            places[-1] = (places[-1][0], one.end)
        else:
            places.append((one.start, one.end))
    return places
