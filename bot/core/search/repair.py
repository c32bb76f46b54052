"""A word that is not in the archive -> the words that may have been meant. Knows no archive.

    penmbang -> neighbours (one slip away), openings (of words two slips away), splits (a space is
    missing) -> those of them in the archive's vocabulary -> best, most likely first

A slip is a letter too many, a missing or wrong letter, or two neighbours swapped. How many slips a
word may have follows Meilisearch's rule, except that four letters are enough for one: a word gets
here only if the archive has nothing else to offer for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

BEST = 3
"""How many words replace one mistyped word; more if it is the only word."""
BEST_ALONE = 7
_SHORTEST, _LONGEST, _TWO_SLIPS = 4, 32, 9  # letters of a word that is repaired; for two slips
_ALIKE = 0.6  # share of letters in common from which words are alike
_PART = 3  # letters of either part, where a space is missing
_SLIP, _SLIP_USES = 30, 3  # a word this many times rarer than its neighbour may be a slip

_ALIKE_SOUNDS = (("oe", "u"), ("tj", "c"), ("ks", "x"), ("ph", "f"), ("kw", "qu"), ("sh", "sy"))
"""Spelled either way, two slips apart."""
_OLD = re.compile("oe|tj|dj|sj|nj|ch|j")
_NEW = {"oe": "u", "tj": "c", "dj": "j", "sj": "sy", "nj": "ny", "ch": "kh", "j": "y"}
"""Indonesian spelling before 1972 and since."""

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяєіґ",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "ءابتثجحخدذرزسشصضطظعغفقكلمنهوىةيپچژکگی",
    "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
)


@dataclass(frozen=True, slots=True)
class Repair:
    """What is searched for in place of a word as typed (`besides`: in addition to it)."""

    typed: str
    words: tuple[str, ...]
    besides: bool = False


def alphabet(word: str) -> str:
    """The alphabet of a word; empty if it has none or several (or digits: 2024 is not a slip for
    2025), or is too short or too long for slips to be recognised."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return ""
    return next((one for one in _ALPHABETS if all(sign in one for sign in word)), "")


def neighbours(word: str) -> set[str]:
    """All strings that are one slip away from a word."""
    letters = alphabet(word)
    if not letters:
        return set()
    near = {word[:at] + sign + word[at:] for at in range(len(word) + 1) for sign in letters}
    for at in range(len(word)):
        head, tail = word[:at], word[at + 1 :]
        near.add(head + tail)
        near.update(head + sign + tail for sign in letters)
        if tail:
            near.add(head + tail[0] + word[at] + tail[1:])
    near.discard(word)
    return near


def spellings(word: str) -> set[str]:
    """Other ways to spell a word that sound alike: in one place, or all in today's spelling."""
    if not alphabet(word) or not word.isascii():
        return set()
    found = {_OLD.sub(lambda old: _NEW[old[0]], word)}
    for one, other in _ALIKE_SOUNDS:
        for here, there in ((one, other), (other, one)):
            pieces = word.split(here)
            found.update(
                here.join(pieces[:at]) + there + here.join(pieces[at:])
                for at in range(1, len(pieces))
            )
    return found - {word}


def near(word: str) -> set[str]:
    """All strings that are one slip or another spelling away from a word."""
    return neighbours(word) | spellings(word)


def openings(word: str) -> list[str]:
    """The beginnings of words that may be two slips away, at most one of these in the first half.
    Empty for words that are too short for that."""
    letters = alphabet(word)
    if len(word) < _TWO_SLIPS or not letters:
        return []
    half = len(word) // 2 + 1
    begin = word[:half]
    found = {begin}
    for at in range(half):
        head, tail = word[:at], word[at + 1 :]
        found.add((head + tail)[:half])
        found.add((head + tail[:1] + word[at] + tail[1:])[:half])
        for sign in letters:
            found.add((head + sign + word[at:])[:half])
            found.add((head + sign + tail)[:half])
    return sorted(found)


def lengths(word: str) -> tuple[int, int]:
    """The shortest and the longest word that may have been meant."""
    most = _slips(word)
    return len(word) - most, len(word) + most


def splits(word: str) -> list[tuple[str, str]]:
    """The word as two, where a space may be missing."""
    if not alphabet(word):
        return []
    return [(word[:at], word[at:]) for at in range(_PART, len(word) - _PART + 1)]


def best(typed: str, uses: Mapping[str, int]) -> list[tuple[int, str]]:
    """Those of the known words that may have been meant, with their distance: fewest slips first (a
    wrong first letter counts double: people notice it), then the most used. Another spelling counts
    as one slip and comes before others: it is no accident."""
    most, spelled = _slips(typed), spellings(typed) & uses.keys()
    close = process.extract(typed, list(uses), scorer=OSA.distance, score_cutoff=most, limit=None)
    found = [
        (int(slips) + (word[0] != typed[0]), True, -uses[word], word)
        for word, slips, _ in close
        if slips and word not in spelled
    ]
    found += [(1, False, -uses[word], word) for word in spelled]
    return [(distance, word) for distance, *_, word in sorted(found)]


def alike(typed: str, uses: Mapping[str, int]) -> list[str]:
    """The known words most similar to one that has no neighbours."""
    least = _ALIKE
    close = process.extract(
        typed, list(uses), scorer=OSA.normalized_similarity, score_cutoff=least, limit=None
    )
    ranked = sorted((-likeness, -uses[word], word) for word, likeness, _ in close if word != typed)
    return [word for *_, word in ranked[:BEST]]


def maybe_a_slip(uses: int, other: int) -> bool:
    """Whether a word with so many uses is rare enough, compared with its neighbour, to suggest that
    one."""
    return uses <= _SLIP_USES and other >= _SLIP * max(1, uses)


def _slips(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS else 1
