"""Text -> words -> stems: the one way for articles and queries alike. Knows no index, no query.

    "Kementerian Pertahanan" -> words: kementerian, pertahanan -> stems: teri, tahan

A word is a run of letters and digits, without case, accents and invisible characters. Its stem is
Snowball's Indonesian one and then Porter's English one, whatever its language: each leaves the
other's words nearly alone, so nobody has to guess which language a text is in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import Stemmer

STEMMER = f"snowball-{Stemmer.version()} indonesian>english, rules 4"
"""Names all that decides about a stem: an index made by anything else has to be made anew."""

_LONGEST = 64  # letters of a word that count; what is longer is no word

# Marks and invisible characters belong to the word around them: vowel points, joiners.
_SIGNS = [chr(n) for n in chain(range(0x80, 0x3100), range(0xA800, 0xAC00), range(0xFE00, 0x10000))]
_INVISIBLE = "".join(char for char in _SIGNS if unicodedata.category(char) == "Cf")
_MARKS = "".join(char for char in _SIGNS if unicodedata.category(char) in {"Mn", "Mc", "Me"})
_RUN = re.compile(rf"(?:[^\W_]+[{_MARKS}{_INVISIBLE}]*)+")
_GAP = re.compile(rf"(?:[^\w{_MARKS}{_INVISIBLE}]|_)+")
_ASCII_RUN = re.compile(r"[a-z0-9]+")
_COMMON_GAPS = "“”‘’–—…•\xa0"  # without them, most articles are ASCII, which is read much faster
_DROPPED = re.compile(f"[\u0300-\u036f{_INVISIBLE}]+")

_indonesian = Stemmer.Stemmer("indonesian")
_english = Stemmer.Stemmer("english")


class Token(NamedTuple):
    """A word in its place: `text[start:end]` reads as `word`."""

    word: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    for sign in _COMMON_GAPS:
        text = text.replace(sign, " ")
    runs = _ASCII_RUN.findall(text.lower()) if text.isascii() else _RUN.findall(_fold(text))
    return [run[:_LONGEST] for run in runs]


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [stem(word) for word in words(text)]


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with where they stand in it."""
    for run in _RUN.finditer(text):
        for word in _in_run(run.group()[:_LONGEST]):
            yield Token(word, run.start(), run.end())


def key(name: str) -> str:
    """A name in the form in which names are compared: its words, joined by spaces."""
    return " ".join(words(name))


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """The stem of a word as `words` gives it; never empty."""
    if not (3 < len(word) <= 40 and word.isascii() and word.isalpha()):
        return word
    return _in_english(_in_indonesian(word))


@lru_cache(1 << 16)
def _in_run(run: str) -> tuple[str, ...]:
    return tuple(words(run))


def _in_indonesian(word: str) -> str:
    # Until it settles: one pass takes `kementerian` to `menteri`, but `menteri` to `teri`.
    while len(word) > 3:
        shorter: str = _indonesian.stemWord(word)
        if shorter == word or len(shorter) < 3:
            break
        word = shorter
    return word


def _in_english(word: str) -> str:
    # `asing` (foreign) would become `ase`, and meet ASEAN there; `saing` would become `sa`.
    shorter: str = _english.stemWord(word)
    if len(shorter) < 3 or (len(shorter) == 3 and not word.startswith(shorter)):
        return word
    return shorter


def _fold(text: str) -> str:
    """Without case, accents and invisible characters."""
    if text.isascii():
        return text.lower()
    # Characters go first, else `Kabar™` would become `kabartm`.
    letters = unicodedata.normalize("NFKD", _GAP.sub(" ", text)).casefold()
    return unicodedata.normalize("NFKC", _DROPPED.sub("", letters))
