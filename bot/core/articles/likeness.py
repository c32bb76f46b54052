"""What readers see of a story, in forms that can be compared: to find corrections and duplicates.

    fingerprint   headline, lead, picture, source, link: a different one is a correction
    content_key   equal for one story in two feeds of a newsroom
    headline_key  equal for one headline, however it is written

Cosmetic changes do not count: white space, counters, sizes and signatures of pictures, sessions.
"""

from __future__ import annotations

import hashlib
import re
from difflib import SequenceMatcher
from functools import lru_cache
from unicodedata import normalize

from bot.core.articles import counters
from bot.core.articles import urls as addresses
from bot.core.articles.charset import squeeze
from bot.core.articles.errata import erratum
from bot.core.model import Article, Picture, Story
from bot.core.text import holds_any, same

READING = 4
"""Version of how feeds are read. Fingerprints of different versions cannot be compared, so an
upgrade edits no posts."""

FIELDS = ("headline", "lead", "picture", "source", "link")
_COMPARED = 300
"""So many leading characters of two texts are compared."""
_ENOUGH = 40
"""Letters and digits: a shorter lead does not identify a story."""
_BEGINNING = 200
_QUOTES = dict.fromkeys('"‘’‚“”„«»‹›´', "'") | {"–": "-", "—": "-"}
"""Publishing systems use any of them."""
_SPACED_MARK = re.compile(r" +([.,!?])")
_SPACED_MARKS = (" .", " ,", " !", " ?")


def shown(story: Story | Article) -> tuple[str, ...]:
    """What a post shows of a story, as `FIELDS`, normalised so that cosmetic changes make no
    difference. A site that switches to https, drops its `www.` or a trailing slash has not moved
    its articles."""
    shot = story.picture or Picture("")
    address = addresses.picture_identity(shot.address) if shot.address else ""
    return (
        _even(story.headline),
        _even(story.lead) + _told_wrong(story),
        "\x1e".join((address, _even(shot.caption), _even(shot.credit))),
        _even(story.source),
        addresses.identity(story.link),
    )


def _told_wrong(story: Story | Article) -> str:
    """The text's own erratum: a new one is a correction, even below the lead. Empty without one, so
    that all other fingerprints stay as they are."""
    return f"\x1d{found}" if (found := erratum(f"{story.lead}\n{story.body}")) else ""


def fingerprint(story: Story | Article) -> str:
    """Changes with each correction; `changes` tells in which of `FIELDS`."""
    return ":".join((str(READING), *(digest(text)[:12] for text in shown(story))))


def changes(before: str, after: str) -> frozenset[str]:
    """The fields in which two fingerprints of one entry differ; none if they cannot be compared
    (one is missing, or made by another version of reading)."""
    ours, theirs = before.split(":"), after.split(":")
    if ours[0] != theirs[0] or len(ours) != len(theirs):
        return frozenset()
    pairs = zip(FIELDS, ours[1:], theirs[1:], strict=True)
    return frozenset(name for name, one, other in pairs if one != other)


def headline_key(story: Story | Article) -> str:
    """Equal for one headline, whatever its capitals and punctuation; empty without letters."""
    head = same(counters.without_number(counters.without_counters(story.headline)))
    return digest(head)[:32] if head else ""


def content_key(story: Story | Article) -> str:
    """Equal for the same story in two feeds of a newsroom. A story with too little text to be
    identified by gets a key of its own (from its link or date)."""
    head, text = same(_even(story.headline)), same(_even(story.lead))
    if len(text) < _ENOUGH:
        return digest("short", head, text, addresses.identity(story.link) or str(moment(story)))
    return digest("text", head, text[:_BEGINNING])


def says_enough(story: Story | Article) -> bool:
    """Whether its lead is long enough to identify it."""
    return len(same(_even(story.lead))) >= _ENOUGH


def same_text(one: str, other: str) -> bool:
    """Whether two texts begin with the same words."""
    ours, theirs = same(_even(one)), same(_even(other))
    return ours[:_BEGINNING] == theirs[:_BEGINNING] and bool(ours)


def similarity(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1: by words, in their order."""
    ours, theirs = (_even(text)[:_COMPARED].casefold().split() for text in (one, other))
    if not ours or not theirs:
        return 0.0
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def moment(story: Story | Article) -> int | None:
    """Its date as the feed gives it, which does not change: a date in the future is shown as the
    present time."""
    return story.dated if isinstance(story, Story) and story.dated is not None else story.published


def digest(*parts: str) -> str:
    """A short hash of texts: 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=512)
def _even(text: str) -> str:
    """Cached because a poll compares the same texts several times: before and while it stores."""
    if not text.isascii() or '"' in text:
        text = normalize("NFC", text)
        for mark, plain in _QUOTES.items():
            text = text.replace(mark, plain)
    text = counters.without_number(counters.without_counters(squeeze(text)))
    return _SPACED_MARK.sub(r"\1", text) if holds_any(text, _SPACED_MARKS) else text
