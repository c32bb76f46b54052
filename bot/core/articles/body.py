"""The text of an article: pieces of markup -> paragraphs, the source they name, what a lead can
use.

    pieces -> captions go to their pictures -> noise, source and dateline are dropped -> Body

Knows how articles are built in newsrooms' systems; no feed, no page, no message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.core.articles import caption as captions
from bot.core.articles import dateline, source
from bot.core.articles import lead as leads
from bot.core.articles.boilerplate import is_links, is_noise
from bot.core.articles.counters import without_counters
from bot.core.articles.img import Image
from bot.core.articles.markup import Block, Piece
from bot.core.articles.picture import Found
from bot.core.text import same

_OPENING = 6
"""A dateline is looked for in the first so many paragraphs: a date or a title may come before it.
"""
_CLOSING = 3
"""Lines that a paper may put after an article."""
_EDGE = 3
"""So many paragraphs at either end may be bare addresses, which are not part of the text."""
_LAST = 2
"""So many last paragraphs count as the close of an article that has more before them."""
_NO_PROSE = frozenset(("heading", "cell", "pre"))
_CAPTION = 250
"""The longest first paragraph that may be the caption of a picture named elsewhere."""
_SIGNED = re.compile(
    r"(?<=[.!?”\"’])\s*(?:\((?:red(?:aksi)?|tim(?: redaksi)?|[a-z]{1,5}(?:[/-][a-z]{1,6}){0,3})\)"
    r"\s*\.?|\*+)\s*$",
    re.IGNORECASE,
)
"""Initials of whoever wrote and read it, as they close an article: `(bs/ant)`, `(Red)`, `***`."""


@dataclass(frozen=True, slots=True)
class Refrains:
    """Lines that a paper says in more than one article."""

    often: frozenset[str] = frozenset()
    """In so many articles that they belong to none of them."""
    closing: frozenset[str] = frozenset()
    """In fewer, but still so many that no article really ends with them."""
    again: frozenset[str] = frozenset()
    """In at least two articles."""


NO_REFRAINS = Refrains()


@dataclass(frozen=True, slots=True)
class Body:
    """What an article's markup says."""

    paragraphs: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    """The paragraphs that a lead can be made of: no headings, tables, code, bare addresses or lone
    names."""
    source: str = ""
    """Named in a line of its own or in running text."""
    agency: str = ""
    """The agency named in the dateline, or the paper that the article was copied from."""
    byline: str = ""
    """The people named in a line of their own."""
    pictures: tuple[Found, ...] = ()
    caption: str = ""
    """A first paragraph that is the caption of a picture outside the text."""
    targets: tuple[str, ...] = ()
    """Where the links in its paragraphs lead, as written."""


def read_body(
    pieces: Sequence[Piece],
    *,
    names: Sequence[str] = (),
    headline: str = "",
    refrains: Refrains = NO_REFRAINS,
    pictured: bool = False,
    witness: Callable[[Block], bool] | None = None,
) -> Body:
    """The text and the pictures of an article. `names` are the paper's own, as it may call itself
    in a dateline; a first paragraph that repeats the headline is left out. `pictured`: a picture is
    named beside the text. `witness`: tells whether a paragraph is the article's own."""
    pictures, blocks = _apart(pieces)
    caption = _loose_caption(blocks) if pictured and not pictures else ""
    named, wrote, kept = _without_names(blocks[1:] if caption else blocks)
    kept = list(filter(witness, kept)) if witness else kept
    good = _quiet(kept, names, refrains.again)
    good = _without_refrains(good, refrains) or good
    if len(good) > 1 and leads.is_footer(good[-1].text, headline, names):
        good.pop()
    if not good and not headline:
        good = kept
    agency = _undate(good, names)
    named = _unsign(good) or named
    prose = [
        block.text for block in good if block.kind not in _NO_PROSE and not is_links(block.text)
    ]
    if not prose:
        prose = [block.text for block in good if block.kind != "heading"]
    return Body(
        paragraphs=tuple(block.text for block in good),
        telling=tuple(leads.telling(prose, headline)),
        source=named or source.agency_of(wrote) or source.in_text(prose),
        agency=agency,
        byline=wrote,
        pictures=pictures,
        caption=caption,
        targets=tuple(one for block in good for one in block.targets),
    )


def _undate(blocks: list[Block], names: Sequence[str]) -> str:
    """Takes the paper's name out of the dateline; returns the agency that it names."""
    agency = ""
    for n in [n for n, block in enumerate(blocks) if block.kind not in _NO_PROSE][:_OPENING]:
        text, said = dateline.undated(blocks[n].text, names, blocks[n].opening)
        blocks[n] = _saying(blocks[n], text)
        agency = agency or said
    return agency


def _unsign(blocks: list[Block]) -> str:
    """Takes initials and the source off the last paragraph; returns that source."""
    if not blocks or blocks[-1].kind in _NO_PROSE:
        return ""
    text, named = source.last_words(blocks[-1].text)
    if text.endswith((")", ").", "*")) and not source.in_text([text]):
        text = _SIGNED.sub("", text)
    blocks[-1] = _saying(blocks[-1], text)
    return named


def _loose_caption(blocks: Sequence[Block]) -> str:
    """A short first paragraph that ends with a picture credit, if more paragraphs follow."""
    if len(blocks) < 2 or len(blocks[0].text) > _CAPTION:
        return ""
    return blocks[0].text if captions.is_caption(blocks[0].text) else ""


def _apart(pieces: Sequence[Piece]) -> tuple[tuple[Found, ...], list[Block]]:
    """Pictures with the line below them (those that are never shown come last), and the blocks that
    are not captions."""
    found: list[Found] = []
    blocks: list[Block] = []
    above = 0
    last = -1
    below_picture = False
    for piece in pieces:
        if isinstance(piece, Image):
            beside = piece.unseen and below_picture and not found[last].image.unseen
            found.append(Found(piece, above))
            last = last if beside else len(found) - 1
            below_picture = True
            continue
        marked = piece.kind == "caption" and bool(found)
        if found and captions.is_credit(piece.text):
            first = next((n for n, one in enumerate(found) if not one.image.unseen), 0)
            credit = found[first].credit or captions.tidy(piece.text)
            found[first] = replace(found[first], credit=credit)
        elif marked or (below_picture and captions.is_caption(piece.text)):
            if not found[last].below:
                found[last] = replace(found[last], below=piece.text)
        else:
            blocks.append(piece)
            above += len(piece.text)
        below_picture = False
    return tuple(sorted(found, key=lambda one: one.image.unseen)), blocks


def _without_names(blocks: Sequence[Block]) -> tuple[str, str, list[Block]]:
    """The source and the people named in lines of their own, and the text without those lines."""
    named = wrote = ""
    kept: list[Block] = []
    for block in blocks:
        lines = []
        for line in block.text.split("\n"):
            from_whom, by_whom = source.in_line(line), source.byline(line)
            named = named or from_whom
            wrote = wrote or by_whom
            if not from_whom and not by_whom:
                lines.append(line)
        if lines:
            kept.append(_saying(block, "\n".join(lines)))
    return named, wrote, kept


def _without_refrains(blocks: Sequence[Block], refrains: Refrains) -> list[Block]:
    """The text between what the paper puts before and after its articles."""
    kept = list(blocks)
    for end, known, most in ((-1, refrains.closing, _CLOSING), (0, refrains.often, len(kept))):
        dropped = 0
        while known and kept and dropped < most:
            lines = kept[end].text.split("\n")
            while lines and dropped < most and lines[end] in known and not _is_listed(lines, end):
                lines.pop(end)
                dropped += 1
            if lines:
                kept[end] = _saying(kept[end], "\n".join(lines))
                break
            kept.pop(end)
    return kept


def _is_listed(lines: Sequence[str], end: int) -> bool:
    """Whether a line at one end belongs to a list of facts: `Alarm: 09.15`, and one above it."""
    beside = lines[-2] if end and len(lines) > 1 else ""
    return ": " in lines[end] and ": " in beside


def _quiet(blocks: Sequence[Block], names: Sequence[str], again: Collection[str]) -> list[Block]:
    """The blocks without the lines that are about the page."""
    own = [name for name in map(same, names) if name]
    counts = Counter(line for block in blocks for line in block.text.split("\n"))
    twice = {line for line, count in counts.items() if count > 1}
    last = max(len(blocks) - _LAST, _LAST)
    good = []
    for n, block in enumerate(blocks):
        if block.kind == "pre":
            good.append(block)
            continue
        if (n < _EDGE or n >= len(blocks) - _EDGE) and is_links(block.text):
            continue
        lines = [
            without_counters(line)
            for line in block.text.split("\n")
            if not is_noise(
                line,
                links=block.links,
                names=own,
                again=again if line in again else twice,
                last=n >= last,
            )
        ]
        if text := "\n".join(filter(None, lines)):
            good.append(_saying(block, text))
    return good


def _saying(block: Block, text: str) -> Block:
    return block if text == block.text else replace(block, text=text)
