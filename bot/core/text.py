"""Plain text within limits: lengths in UTF-16, cutting, quotations, deep links; numbers that people
and servers write. Knows no markup.

Everything that shortens a text for readers cuts here: nothing ends inside a character as readers
see it (a grapheme cluster, Unicode UAX #29).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import regex

CAPTION_LIMIT = 1024
TEXT_LIMIT = 4096
"""What Telegram accepts in a caption and in a text message, counted after parsing (Bot API)."""

_KEEP_GIL = False
"""`regex` gives the GIL away for each match, and waits for it again up to 5 ms while another thread
is busy: far longer than any match here takes."""
_CLUSTER = regex.compile(r"\X")
_WORD = 40
"""The longest word: anything longer may be cut inside, since it is not a word or has no spaces."""
_SENTENCE_ENDS = (". ", "! ", "? ", ".\n", "。", "！", "？")
_TRAILING = " ,;:.–—-\n"
_PAIRS = {
    '"': '"”', "“": '”"', "„": '“”"', "«": "»", "»": "«", "「": "」", "『": "』", "《": "》",
}  # fmt: skip
"""Opening quotation mark -> the marks that can close it."""
_QUOTE = regex.compile('["“”„«»「」『』《》]')
_TELLING = 5
"""Letters of a word that says what a text is about; shorter ones are often mere connectives."""
_CONNECTIVES = (
    "about after against before between during their these those under until which while "
    "would antara dalam dengan karena menjelang sebelum selama sampai setelah supaya terhadap "
    "tentang untuk yakni antes cuando desde después donde durante entre hacia hasta mientras "
    "sobre вместо между перед после потому против через чтобы"
)
"""Longer words that say nothing about it either."""
_LETTERS = regex.compile(r"[^\W_]+")
_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}
"""The same for ASCII, in a fifth of the time."""


_MARKS = "“”’‘–—…\xa0"


def deep_link(bot_username: str, payload: str) -> str:
    """A link that opens the private chat with the bot (payload: 1-64 of `A-Za-z0-9_-`)."""
    return f"https://t.me/{bot_username}?start={payload}"


def fit(text: str, limit: int) -> str:
    """Plain text within a number of UTF-16 units: at the end of a sentence (and of the quotation it
    stands in), or else of a word."""
    if utf16(text) <= limit:
        return text
    if limit < 2:
        return ""
    kept = text[: longest(text, limit - 1)]
    for end in _ends_of_sentences(kept, limit // 2):
        if open_quotation(kept[:end]) < 0:
            return kept[:end].rstrip()
    return cut(text, len(kept) + 1)


def cut(text: str, limit: int) -> str:
    """Text of at most `limit` characters: as it is, or cut after a word, with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: border(text, limit - 1)]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    if space >= limit // 2 or 0 < space > limit - _WORD:
        kept = kept[:space]
    kept = kept.rstrip(_TRAILING)
    return f"{kept}…" if kept else ""


def split(text: str, first: int, rest: int) -> list[str]:
    """A text in pieces of at most so many UTF-16 units; joined they give the text again."""
    pieces, limit = [], first
    while utf16(text) > limit:
        end = longest(text, limit) or fitting(text, limit)  # a letter under a heap of accents
        space = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
        end = space if space > end // 2 else end
        pieces.append(text[:end])
        text, limit = text[end:], rest
    return [*pieces, text]


def border(text: str, at: int) -> int:
    """The last position at or before `at` where a text can be cut: between two grapheme
    clusters."""
    if at <= 0 or at >= len(text):
        return max(0, min(at, len(text)))
    if text[at].isalnum() and text[at].isascii() and text[at - 1].isascii():
        return at
    # A cluster begins with an ASCII character, wherever it stands.
    start = next((n for n in range(at - 1, 0, -1) if " " <= text[n] <= "~"), 0)
    last = start
    for cluster in _CLUSTER.finditer(text, start, concurrent=_KEEP_GIL):
        if cluster.end() > at:
            break
        last = cluster.end()
    return last


def longest(text: str, units: int) -> int:
    """How many characters fit into so many UTF-16 units without cutting a grapheme cluster: 0 if
    the first of those is too long."""
    return border(text, fitting(text, units))


def fitting(text: str, units: int) -> int:
    """How many characters fit into so many UTF-16 units, none of them halved."""
    end = min(len(text), max(units, 0))
    while end and (over := utf16(text[:end]) - units) > 0:
        end -= (over + 1) // 2
    return end


def one_spaced(text: str) -> str:
    """A text with single spaces for its white space, and none around it."""
    if "  " not in text and text.isprintable():  # most texts: it has no other white space then
        return text.strip()
    return " ".join(text.split())


def open_quotation(text: str) -> int:
    """Where the quotation that is still open at a text's end begins; -1 if there is none."""
    if '"' not in text and text.isascii():
        return -1
    opened, closing = -1, ""
    for found in _QUOTE.finditer(text, concurrent=_KEEP_GIL):
        at, char = found.start(), found.group()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        begins = not before or before.isspace() or before in "([{“-–—/"
        if opened >= 0:
            again = char == '"' and begins and bool(after) and not after.isspace()
            opened = -1 if char in closing and not again else opened
        elif char in _PAIRS and (char != '"' or begins):
            opened, closing = at, _PAIRS[char]
    return opened


def holds_any(text: str, parts: Sequence[str]) -> bool:
    """Whether a text contains one of the parts: a loop is faster than a pattern."""
    for part in parts:  # noqa: SIM110 - see above
        if part in text:
            return True
    return False


def same(text: str) -> str:
    """Text for comparing: letters and digits only, no case."""
    folded = text.casefold()
    if not folded.isascii():  # often for the marks that newsrooms set, and nothing else
        for mark in _MARKS:
            folded = folded.replace(mark, "")
    if folded.isascii():
        return folded.translate(_NO_LETTERS)
    return "".join(_LETTERS.findall(folded, concurrent=_KEEP_GIL))


def example_words(headline: str) -> str:
    """Two words of a headline that somebody might search for; empty if it has none."""
    words = [word.lower() for word in _LETTERS.findall(headline) if len(word) >= _TELLING]
    connectives = _CONNECTIVES.split()
    telling = [word for word in words if word not in connectives]
    return " ".join(telling[:2]) if len(telling) >= 2 else ""


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """A whole number as people write it: ASCII digits, at most so many (18 fit into a column). None
    for anything else, including what `isdigit` accepts and `int` does not (², ①, thousands of
    digits)."""
    if 0 < len(text) <= digits and text.isascii() and text.isdigit():
        return int(text)
    return None


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(value: Any) -> Any:
    """A value read from JSON, without characters that databases reject: NUL and lone surrogates
    become U+FFFD, which has the same length. Raises RecursionError for extremely deep nesting."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(name): storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    return value


def utf16(text: str) -> int:
    """Length in UTF-16 units: never less than what Telegram counts (code points)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _ends_of_sentences(text: str, least: int) -> list[int]:
    """Where sentences end after at least `least` characters, the last first."""
    ends: set[int] = set()
    for mark in _SENTENCE_ENDS:
        at = text.find(mark, least)
        while at >= 0:
            ends.add(at + 1)
            at = text.find(mark, at + 1)
    return sorted(ends, reverse=True)
