"""Text -> words -> stems: done in one way for articles and queries. Knows no index, no query.

    "Kementerian Pertahanan" -> words: kementerian, pertahanan -> stems: teri, tahan

A word is a run of letters or one of digits and what follows them (`5g`), without case, accents,
vowel points and invisible characters: `covid19` and `Covid-19` have the same words. Apostrophes
inside a word and the points of initials are left out: `Qur'an` is quran, `B.J.` is bj. Where a
script puts no spaces between words (Thai, Chinese, Japanese) two neighbours are one. The
stem of a Latin word is Snowball's Indonesian one and then Porter's English one, whatever its
language: each hardly changes the other's words, so nobody has to guess a text's language. Other
languages in Latin script have their own stemmer where an article's language is known; other scripts
use that of their largest language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

import Stemmer

STEMMER = f"snowball-{Stemmer.version()} indonesian>english, rules 6"
"""Identifies everything that determines stems: an index made with anything else has to be
rebuilt."""

_OF_SYLLABLES = 3  # letters of the shortest Korean word with a particle
_LONGEST = 64  # the most letters of a word; anything longer is not a word

# Marks and invisible characters belong to the word around them: vowel points, joiners, soft
# hyphens.
_SIGNS = [chr(n) for n in chain(range(0x80, 0x3100), range(0xA800, 0xAC00), range(0xFE00, 0x10000))]
_INVISIBLE = "".join(char for char in _SIGNS if unicodedata.category(char) == "Cf")
_MARKS = "".join(char for char in _SIGNS if unicodedata.category(char) in {"Mn", "Mc", "Me"})
_APOSTROPHES = "'`’‘ʼʻ"
# What is inside a word: an apostrophe, but that of an elision (l'ancien, qu'il, dell'arte,
# un'altra), and the point between two initials. The sign comes first: it is found fastest.
_APOSTROPHE = re.compile(
    rf"[{_APOSTROPHES}](?<=[^\W\d_]{{2}}.)(?<![Qq]u.)(?<!ll.)(?<!\b[Uu]n.)(?=[^\W\d_])"
)
_POINT = re.compile(r"\.(?<=[^\W\d_]\.)(?<![^\W_][^\W\d_]\.)(?=[^\W\d_](?![^\W_]))")
_KEPT = "’"  # in the place of what is inside a word, where places count
_RUN = re.compile(rf"(?:[^\W_]+[{_MARKS}{_INVISIBLE}]*|{_APOSTROPHE.pattern}|{_POINT.pattern})+")
_GAP = re.compile(rf"(?:[^\w{_MARKS}{_INVISIBLE}]|_)+")
_SPACED = {n: " " for n in range(128) if not chr(n).isalnum()}
# Without them, most articles are ASCII, which is read much faster.
_COMMON = {**dict.fromkeys("“”–—…•\xa0", " "), "‘": "'", "’": "'"}
# Accents (but the breve that makes a letter of its own in Cyrillic), points of Hebrew, vowels of
# Arabic and its lengthening of lines.
_DROPPED = re.compile(
    rf"(?:(?!(?<=и)\u0306)[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    rf"\u064b-\u065f\u0670\u0640{_INVISIBLE}])+"
)
# Written with a space, a hyphen or without: Rp2,5 triliun, Covid-19, U17, Galaxy S24.
_FIRST_DIGIT = re.compile(r"[0-9](?<=[^\W\d_][0-9])")
# Letters that are no other letter with an accent, but are typed as one, and digits of all scripts.
_LIKE = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
     "ک": "ك", "ی": "ي"}
    | {sign: str(unicodedata.digit(sign)) for sign in _SIGNS if sign.isdecimal()}
)  # fmt: skip

_UNSPACED = (  # Thai, Lao, Burmese, Khmer (without their digits), kana, Chinese characters
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff\u1000-\u103f\u104a-\u108f\u109a-\u109f\u1780-\u17df"
    "\u17ea-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_SEGMENT = re.compile(rf"(?P<unspaced>[{_UNSPACED}][{_UNSPACED}{_MARKS}]*)|[^{_UNSPACED}]+")
_LETTER = re.compile(rf"[^{_MARKS}{_INVISIBLE}][{_MARKS}{_INVISIBLE}]*")

_indonesian = Stemmer.Stemmer("indonesian")
_english = Stemmer.Stemmer("english")
_LATIN = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip
# What Korean puts behind a word (topic, subject, object, place), and Hebrew before it (the, and,
# in, to, from, that, as).
_PARTICLES = re.compile(
    "(?<=..)(?:에서는|에서도|에게서|으로는|으로도|이라고|까지|부터|에서|에게|한테|으로|이나|라고|처럼|보다"
    "|마다|만큼|[은는이가을를의에도와과로만])$"
)
_HEBREW_PREFIXES = re.compile("^[והבלמשכ]+(?=...)")
_SCRIPTS = (
    ("\u0370", "\u03ff", "greek"),
    ("\u0400", "\u04ff", "russian"),
    ("\u0600", "\u06ff", "arabic"),
    ("\u0900", "\u097f", "hindi"),
    ("\u0b80", "\u0bff", "tamil"),
)


class Token(NamedTuple):
    """A word in its place: `text[start:end]` reads as `word`."""

    word: str
    start: int
    end: int


_START = attrgetter("start")


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    for sign, plain in _COMMON.items():
        text = text.replace(sign, plain)
    text = _inside(text, "")
    if text.isascii():
        return _cut(_apart(_spaced(text)).split())
    folded = _fold(text)
    if folded.isascii():
        return _cut(_apart(_spaced(folded)).split())
    folded = _apart(_GAP.sub(" ", folded))
    runs = _RUN.findall(folded)
    if _HAS_UNSPACED.search(folded):
        return [word for run in runs for word, _, _ in _pieces(run)]
    return _cut(runs)


def _cut(runs: list[str]) -> list[str]:
    if max(map(len, runs), default=0) <= _LONGEST:
        return runs
    return [run[:_LONGEST] for run in runs]


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with where they stand in it."""
    unspaced = _HAS_UNSPACED.search(text) is not None
    for run in _RUN.finditer(text):
        start, end = run.span()
        if unspaced and _HAS_UNSPACED.search(run.group()):
            for piece, first, last in _pieces(run.group()):
                for word in _in_run(piece):
                    yield Token(word, start + first, start + last)
            continue
        for word in _in_run(_whole(run.group())):
            yield Token(word, start, end)


def tokens_like(text: str, stems: AbstractSet[str], forms: AbstractSet[str]) -> list[Token]:
    """Those of the tokens that have one of the stems, or are one of the forms. Of most texts few
    are: this is much faster than to go through all `tokens`."""
    for sign, plain in _COMMON.items():  # each as long as what takes its place
        text = text.replace(sign, plain)
    if not text.isascii():
        return [one for one in tokens(text) if stem(one.word) in stems or one.word in forms]
    spaced = f" {_spaced(_inside(text, _KEPT))} "
    found = [
        Token(word, start, start + len(run))
        for run in set(spaced.split())
        for word in ((run,) if run.isalpha() and len(run) < _LONGEST else _in_run(_whole(run)))
        if stem(word) in stems or word in forms
        for start in _places(f" {run} ", spaced)
    ]
    return sorted(found, key=_START)


def _whole(run: str) -> str:
    """A run without what is inside it."""
    return _inside(run, "").replace(_KEPT, "")


def _inside(text: str, sign: str) -> str:
    """The text with this in the place of what is inside a word."""
    if any(map(text.__contains__, _APOSTROPHES)):
        text = _APOSTROPHE.sub(sign, text)
    return _POINT.sub(sign, text)


def _places(run: str, spaced: str) -> Iterator[int]:
    """Where a run stands in a text; both have a space before and behind."""
    at = spaced.find(run)
    while at >= 0:
        yield at
        at = spaced.find(run, at + len(run) - 1)


def _pieces(run: str) -> Iterator[tuple[str, int, int]]:
    """Parts of a run without spaces between words: each pair of neighbours, with its start and
    end."""
    for segment in _SEGMENT.finditer(run):
        start, end = segment.span()
        if segment["unspaced"] is None:
            yield segment.group()[:_LONGEST], start, end
            continue
        letters = [(start + one.start(), start + one.end()) for one in _LETTER.finditer(segment[0])]
        if len(letters) == 1:
            yield segment[0], start, end
        for (first, _), (_, last) in pairwise(letters):
            yield run[first:last], first, last


def _spaced(text: str) -> str:
    """ASCII text in lower case, with spaces for all that is neither letter nor digit."""
    return text.lower().translate(_SPACED)


def _apart(text: str) -> str:
    """Digits apart from letters before them."""
    return _FIRST_DIGIT.sub(r" \g<0>", text)


def key(name: str) -> str:
    """A name in the form in which names are compared: its words, joined by spaces."""
    return " ".join(words(name))


@lru_cache(1 << 16)
def stem(word: str, language: str = "") -> str:
    """The stem of a word as `words` gives it; never empty. `language` (as `fr`) is that of the
    article, if it is known."""
    if not (3 < len(word) <= 40 and word.isalpha()):
        return _PARTICLES.sub("", word) if len(word) == _OF_SYLLABLES else word
    if word.isascii():
        if name := _LATIN.get(language):
            return _in_language(word, name)
        return _in_english(_in_indonesian(word))
    for first, last, name in _SCRIPTS:
        if first <= word[0] <= last:
            return _in_language(word, name)
    return _HEBREW_PREFIXES.sub("", _PARTICLES.sub("", word))


def has_own_stems(language: str) -> bool:
    """Whether a language's words have other stems than Indonesian and English ones."""
    return language in _LATIN


@lru_cache(1 << 16)
def _in_run(run: str) -> tuple[str, ...]:
    return tuple(words(run))


def _in_language(word: str, name: str) -> str:
    if name == "arabic":
        if word.endswith("ه"):  # often written so where it should be ة
            word = word[:-1] + "ة"
        if word.startswith(("وال", "فال")):  # and the
            word = word[1:]
    found: str = _stemmer(name).stemWord(word)
    return found or word


@lru_cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


def _in_indonesian(word: str) -> str:
    # Until it is stable: one pass takes `kementerian` to `menteri`, but `menteri` to `teri`.
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
    """Without case, accents and invisible characters. Most words of most texts are ASCII."""
    return " ".join([one.lower() if one.isascii() else _folded(one) for one in text.split()])


def _folded(part: str) -> str:
    return _often(part) if len(part) <= _LONGEST else _letters(part)


def _letters(part: str) -> str:
    # Characters go first, else `Kabar™` would become `kabartm`.
    letters = unicodedata.normalize("NFKD", _GAP.sub(" ", part)).casefold()
    return unicodedata.normalize("NFKC", _DROPPED.sub("", letters)).translate(_LIKE)


_often = lru_cache(1 << 12)(_letters)
