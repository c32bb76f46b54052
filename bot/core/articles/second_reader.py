"""What a second reader of pages finds: trafilatura, with htmldate for the day. Imported only here.

Used where newsrooms' own markup says nothing, and as a second opinion where it does. Imported when
needed: it takes 11 MB and a sixth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from bot.core.text import same

_MOST = 30_000
"""The most elements of a page that it is given: a hostile page with more would take it minutes."""
_MOST_AGAIN = 5_000
"""The most elements of a page that its fall-backs are given: one of them is quadratic. One article
in two hundred has more."""
_ONLY_YEAR = "-01-01"
"""How it ends a date made from the year in a copyright line."""
_SHORT = 800
"""Characters: a shorter text may be only a part."""
_MUCH = 1.3
_CHUNK = 16
"""Texts are compared by runs of so many letters, which works in any script."""
_LINE = 24
_FEW_LINES = 3
_SOME = 0.2
_SCRAP = 600
_PART = 0.3


@dataclass(frozen=True)
class SecondReading:
    """What trafilatura finds in a page; empty where it finds nothing."""

    text: str = ""
    author: str = ""
    day: str = ""
    """When it was published, as `2026-11-26`."""

    @cached_property
    def _letters(self) -> str:
        return same(self.text)

    @cached_property
    def _lines(self) -> frozenset[str]:
        return frozenset(map(same, self.text.split("\n")))

    def tells(self, text: str) -> bool:
        """Whether it found this paragraph too, or most of it; a short line has to be a line of its
        own."""
        letters = same(text)
        if len(letters) > _LINE:
            return _found(letters, self._letters) >= 0.5
        if len(self._lines) <= _FEW_LINES:  # trafilatura lost them
            return letters in self._letters
        return all(same(line) in self._lines for line in text.split("\n"))

    def shared(self, paragraphs: Sequence[str]) -> bool:
        """Whether its text is about the same article as these paragraphs, and more than a scrap of
        it."""
        letters = same("".join(paragraphs))
        scrap = len(self.text) < _SCRAP and len(self._letters) < 0.6 * len(letters)
        if not self._letters or not letters or scrap:
            return False
        return max(_found(letters, self._letters), _found(self._letters, letters)) >= _SOME

    def is_much_longer(self, paragraphs: Iterable[str]) -> bool:
        """Whether these paragraphs are only a small part of the article."""
        return sum(map(len, paragraphs)) < _PART * len(self.text)

    def is_not_longer(self, paragraphs: Iterable[str]) -> bool:
        """Whether it found hardly more than these paragraphs, so that it is no better source."""
        return sum(map(len, paragraphs)) >= 0.8 * len(self.text)


NOTHING = SecondReading()


def read(text: str, *, address: str, now: int, elements: int = 0) -> SecondReading:
    """What it finds in a page with so many elements; nothing if there are too many. Never raises: a
    stranger's page must not end the poll of a feed."""
    if elements > _MOST:
        return NOTHING
    import trafilatura  # noqa: PLC0415 - see above

    latest = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    dates = {"original_date": True, "extensive_search": True, "max_date": latest}
    try:
        found = trafilatura.bare_extraction(
            text,
            url=address,
            fast=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params=dates,
            with_metadata=True,
        )
        said = {} if not found else found if isinstance(found, dict) else found.as_dict()
        again = elements <= _MOST_AGAIN
        full = again and trafilatura.extract(text, include_comments=False, include_tables=True)
    except Exception:  # noqa: BLE001 - see above
        return NOTHING
    day = said.get("date") or ""
    told = _better(said.get("text") or "", full or "")
    return SecondReading(told, said.get("author") or "", "" if day.endswith(_ONLY_YEAR) else day)


def _better(fast: str, full: str) -> str:
    """Its own text, or that of its fall-backs; if one is much longer, it holds more than the
    article, and the other is taken."""
    much = len(full) > _MUCH * len(fast)
    return fast if much and len(fast) >= _SHORT else full or fast


def _found(letters: str, other: str) -> float:
    """How much of one text is contained in another, from 0 to 1."""
    chunks = [letters[at : at + _CHUNK] for at in range(0, len(letters), _CHUNK)]
    return sum(chunk in other for chunk in chunks) / len(chunks)
