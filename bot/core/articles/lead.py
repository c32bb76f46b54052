"""The first sentences of an article, as an editor would take them. Knows paragraphs, no markup.

paragraphs -> no noise, no dateline of our own name -> whole sentences, 300 to 600 characters
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.articles import sentences
from bot.core.articles.boilerplate import without_links, without_tail
from bot.core.articles.source import AGENCIES, agency_of
from bot.core.text import cut

LIMIT = 600
"""The longest lead, in characters."""
ENOUGH = 300
"""A lead that is as long as this takes no further sentence."""
_WORTH = 80
"""Whole sentences shorter than this are not worth dropping a cut one behind them."""

_DATELINE = re.compile(
    r"^(?P<head>[^\n]{2,90}?)(?:\s*(?:--|[–—])\s*|\s+-\s*|\s*-\s+|\s*\|\|\s*|\s+:\s+)(?=\S)"
)
_POINTED = re.compile(r"^(?P<head>[^\n]{2,60}?)\.\s+(?=[A-Z\"“])")
_SITE = re.compile(
    r"\(?\b[\w-]+\.(?:com|co\.id|co|id|net|org|news|info|tv|my\.id|or\.id|go\.id|web\.id|biz|online|xyz|in|uk)\b\)?",
    re.IGNORECASE,
)
_PIPED = re.compile(r"^(?P<head>[^\n|]{2,60}?)\s*\|\s*(?=\S)")
_SITE_FIRST = re.compile(
    rf"^(?i:{_SITE.pattern}),\s+(?P<place>(?:(?:Kota|Kuala|Bandar|Banda|Tanjung|Hong|New|San|Los)\s)?"
    r"[A-Z][\w'’-]{2,20}(?:\s(?:Selatan|Utara|Timur|Barat|Pusat|Tengah|Lampung))?)"
    r"\s+(?=[A-Z\"“\d])"
)
"""No more words of it than are sure to be a place: the sentence begins right behind."""
_BEGINS = re.compile(r"[ –—-]*[A-Z\"“\d]")
_NO_LETTER = re.compile(r"[\W_]+")
_PLACE = re.compile(r"^[\w.'’ /-]{2,40}$")
_PARENTHESIS = re.compile(r"\(([^()]*)\)")


def of(paragraphs: Sequence[str], *, limit: int = LIMIT, enough: int = ENOUGH) -> str:
    """The lead: whole sentences, at most `limit` characters, none after `enough`.

    A text that was cut off loses its broken last sentence when enough stands before it; a sentence
    that is longer than the limit is cut behind a word and says so with an ellipsis.
    """
    taken: list[str] = []
    length = 0
    for paragraph in paragraphs:
        if taken and not sentences.is_whole(taken[-1]):
            taken[-1] += "\n"  # an unfinished line stays a line of its own
        text = without_links(without_tail(sentences.unglued(paragraph[: 8 * limit])))
        text = " ".join(text.split())
        for sentence in sentences.split(text):
            if length >= enough or (taken and length + 1 + len(sentence) > limit):
                return _finished(taken, limit)
            taken.append(sentence)
            length = len(sentences.join(taken))
            if sentences.is_excerpt(sentence):
                return _finished(taken, limit)  # what follows is about the page
    return _finished(taken, limit)


def telling(paragraphs: Sequence[str], headline: str = "") -> list[str]:
    """The paragraphs that a lead can be made of: each once, without the headline's repetition, and
    without titles, names and labels that stand alone, as long as something else is there."""
    once = [one for one in dict.fromkeys(paragraphs) if not _repeats(one, headline)]
    whole = [one for one in once if len(one) >= _WORTH // 2 and sentences.is_whole(one)]
    if not whole:
        return once
    return [one for one in once if len(one) >= _WORTH or sentences.is_whole(one)]


def _repeats(paragraph: str, headline: str) -> bool:
    """Whether it says no more than the headline, or the headline and who published it."""
    text, title = same(paragraph), same(headline)
    further = len(paragraph.split()) - len(headline.split())
    published = len(title) >= 20 and further <= 3 and text.startswith(title)
    inside = len(text) >= 15 and title.endswith(text)
    return not text or text == title or published or inside


def undated(text: str, names: Sequence[str] = (), opening: str = "") -> tuple[str, str]:
    """A first paragraph without the paper's own name in its dateline, and the agency it names.

    `MAJALAHJURNALIS.Com (Jakarta) - Amerika` -> `Jakarta - Amerika`; `names` are the paper's,
    `opening` is what is bold at its beginning: often paper and place, without a dash behind them.
    """
    own = {same(name) for name in names if name}
    matches = (pattern.match(text) for pattern in (_DATELINE, _POINTED, _PIPED))
    heads = [(found["head"], found.end()) for found in matches if found]
    if "," in opening and text.startswith(opening) and _BEGINS.match(text, len(opening)):
        heads.append((opening, len(opening)))
    for head, end in heads:
        places, agency, dropped = _places(head, own)
        rest = text[end:].lstrip(" ,.:|–—-")
        if dropped and rest and all(map(_is_place, places)) and len(places) <= 3:
            return _dated(rest, places, head), agency
    short = _SITE_FIRST.match(text)
    return (f"{short['place']} - {text[short.end() :]}" if short else text), ""


def _dated(rest: str, places: Sequence[str], head: str) -> str:
    """A text behind what is left of its dateline."""
    rest = rest[:1].upper() + rest[1:] if not places else rest
    comma = "، " if "،" in head else ", "
    return f"{comma.join(places)} - {rest}" if places else rest


def same(text: str) -> str:
    """Text for comparing: letters and digits only, no case."""
    return _NO_LETTER.sub("", text.casefold())


def is_footer(text: str, headline: str, names: Sequence[str]) -> bool:
    """Whether a last paragraph says where the article appeared, as WordPress does in every language
    (`Het bericht TITLE verscheen eerst op PAPER.`): it holds both and little else."""
    told, title = same(text), same(headline)
    if len(title) < 4 or title not in told:
        return False
    rest = told.replace(title, "", 1)
    own = (name for name in map(same, names) if name and name in rest)
    return any(len(rest) - len(name) < 50 for name in own)


def _places(head: str, own: set[str]) -> tuple[list[str], str, bool]:
    agency, dropped = "", False
    parts = [
        part.strip(" .")
        for piece in _PARENTHESIS.split(head)
        for part in re.split(r"\s*[,،、|]\s*", piece)
    ]
    kept = []
    for part in parts:
        named = agency_of(part) if part.casefold() in AGENCIES else ""
        if named:
            agency = named
        if named or _SITE.fullmatch(part) or (part and same(part) in own):
            dropped = True
        elif part:
            kept.append(part)
    return kept, agency, dropped


def _is_place(text: str) -> bool:
    return bool(_PLACE.match(text)) and len(text.split()) <= 4 and not text[:1].islower()


def _finished(taken: list[str], limit: int) -> str:
    if len(taken) > 1 and not taken[-2].endswith("\n") and not sentences.is_whole(taken[-1]):
        whole = sentences.join(taken[:-1])
        if len(whole) >= _WORTH and _broken(taken[-1]):
            return cut(whole, limit)
    text = sentences.join(taken).strip()
    if sentences.is_cut(text):
        text = re.sub(r"\s*[\[(]?\s*(?:\.\.\.|…)\s*[\])]?$", "", text).rstrip(" ,;:-–—") + "…"
    return cut(text, limit)


def _broken(sentence: str) -> bool:
    """Whether a last sentence was cut: by dots, or without any mark in a script that has them."""
    return sentences.is_cut(sentence) or (
        bool(sentence) and not sentences.is_whole(sentence) and sentence[-1].isalnum()
    )
