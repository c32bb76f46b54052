"""Folds several articles on one story into one result. Knows texts and times, no database.

    ranked candidates -> groups: the best of a story first, those that tell it again after it

Two articles tell one story when their headlines and beginnings share most of their stems within two
days, unless each headline has a number that the other lacks: "14 meninggal" and "38 meninggal" are
separate news, and so are the prayer times of two days. Articles written to a pattern (song texts,
weather, prices, results) are one story only if they name the same things. Measured on 3,900
headlines of eight newsrooms in one week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from bot.core.search.ranking import Candidate
from bot.core.search.words import stem, words

_SOON = 2 * 86_400  # seconds between two articles on one story
_ALIKE = 0.7  # shares of stems in common, of the headlines and of the beginnings, added up
_HEADLINES = 0.25  # the least share that headlines must have in common
_SHORTEST = 4  # letters of a stem that counts: `di`, `ke` and `dari` mean nothing
_BEGINNING, _STEMS = 300, 30  # of a text: characters that are read, stems that count
_ENOUGH = 4  # stems in common: two of three are easily the same
_PATTERNS = frozenset(
    map(
        stem,
        words(
            "lirik chord prakiraan prediksi ramalan jadwal jawaban resep harga kurs hasil klasemen"
            " streaming profil biodata doa arti cara tips lyrics weather forecast horoscope"
            " schedule recipe results price prices"
        ),
    )
)
"""First words of headlines that are written to a pattern."""
_OPENING = 3  # among so many first stems of a headline
_MONTHS = frozenset(
    map(
        stem,
        words(
            "januari februari maret april mei juni juli agustus september oktober november desember"
            " january february march may june july august october december"
        ),
    )
)
_DATED = [[month] for month in _MONTHS]
_COMMON = 30  # a stem in so many groups says nothing, like the query's own words


class _Told:
    """The parts of an article that are compared."""

    def __init__(self, one: Candidate) -> None:
        stems = one.title.split()
        self.when = one.when
        self.headline = frozenset(_telling(stems))
        numbers = [n for n, one in enumerate(stems) if one[0].isdigit() and not _year(one)]
        self.numbers = frozenset([stems[n] for n in numbers])
        self.amounts = frozenset([stems[n] for n in numbers if stems[n + 1 : n + 2] not in _DATED])
        self.pattern = next(filter(_PATTERNS.__contains__, stems[:_OPENING]), "")
        self._text = one.body

    @cached_property
    def beginning(self) -> frozenset[str]:
        stems = self._text[:_BEGINNING].split()[:_STEMS]
        return self.headline.union(_telling(stems))


def stories(candidates: Sequence[Candidate], order: Sequence[int]) -> list[list[int]]:
    """The positions of `order` grouped by story, each story where its first article is."""
    groups: list[list[int]] = []
    first: dict[int, _Told] = {}
    having: defaultdict[str, list[int]] = defaultdict(list)  # stem -> groups with it
    alone = _alone([candidates[place].when for place in order])
    for place in order:
        if candidates[place].when in alone:
            groups.append([place])
            continue
        one = _Told(candidates[place])
        since, until = one.when - _SOON, one.when + _SOON
        near = {
            n
            for word in one.headline
            if len(having[word]) < _COMMON
            for n in having[word]
            if since <= first[n].when <= until
        }
        group = next((n for n in sorted(near) if _same_story(first[n], one)), None)
        if group is not None:
            groups[group].append(place)
            continue
        for word in one.headline:
            having[word].append(len(groups))
        first[len(groups)] = one
        groups.append([place])
    return groups


def _alone(times: Sequence[int]) -> set[int]:
    """The times of articles that nothing else was written soon before or after."""
    ordered = sorted(times)
    soon = {when for pair in pairwise(ordered) if pair[1] - pair[0] <= _SOON for when in pair}
    return {*ordered} - soon


def _year(number: str) -> bool:
    return len(number) == 4 and number[:2] in {"19", "20"}


def _telling(stems: Sequence[str]) -> list[str]:
    return [stem for stem in stems if len(stem) >= _SHORTEST and not stem.isdigit()]


def _same_story(one: _Told, other: _Told) -> bool:
    """Whether two articles of the same days tell the same."""
    if not (one.numbers <= other.numbers or other.numbers <= one.numbers):
        return False
    if one.pattern and one.pattern == other.pattern and _of_others(one, other):
        return False
    headlines = _shared(one.headline, other.headline)
    if headlines < _HEADLINES:
        return False
    ours, theirs = one.beginning, other.beginning
    return headlines + _shared(ours, theirs) >= _ALIKE and len(ours & theirs) >= _ENOUGH


def _of_others(one: _Told, other: _Told) -> bool:
    """Whether two articles written to a pattern are about different things: each names some that
    the other lacks, and they share no amount."""
    if one.amounts & other.amounts:
        return False
    return not (one.headline <= other.beginning or other.headline <= one.beginning)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0
