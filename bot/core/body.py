"""The text of an article: pieces of markup -> paragraphs, the source they name, what a lead tells.

    pieces -> captions go to their pictures -> noise, source and dateline go -> Body

Knows how articles are built in newsrooms' systems; no feed, no page, no message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import caption as captions
from bot.core import lead as leads
from bot.core import source
from bot.core.images import Image
from bot.core.markup import Block, Piece
from bot.core.noise import is_noise
from bot.core.picture import Found

_OPENING = 6
"""Paragraphs among which a dateline can stand: a date or a title may be above it."""
_NO_PROSE = frozenset(("heading", "cell", "pre"))


@dataclass(frozen=True, slots=True)
class Body:
    """What an article's markup says."""

    paragraphs: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    """Those of which a lead can be made: no headings, tables, code, names that stand alone."""
    source: str = ""
    """Named in a line of its own or in running text."""
    agency: str = ""
    """Named in the dateline."""
    byline: str = ""
    """The people that a line of its own names."""
    pictures: tuple[Found, ...] = ()


def read(pieces: Sequence[Piece], *, names: Sequence[str] = (), headline: str = "") -> Body:
    """The text and the pictures of an article. `names` are the paper's own, as it may call itself
    in a dateline; a first paragraph that repeats the headline is left out."""
    pictures, blocks = _apart(pieces)
    named, wrote, kept = _without_names(blocks)
    good = [block for block in map(_quiet, kept) if block.text]
    if not good and not headline:
        good = kept
    agency = ""
    for n in [n for n, block in enumerate(good) if block.kind not in _NO_PROSE][:_OPENING]:
        text, said = leads.undated(good[n].text, names)
        good[n] = replace(good[n], text=text)
        agency = agency or said
    prose = [block.text for block in good if block.kind not in _NO_PROSE]
    if not prose:
        prose = [block.text for block in good if block.kind != "heading"]
    return Body(
        paragraphs=tuple(block.text for block in good),
        telling=tuple(leads.telling(prose, headline)),
        source=named or source.agency_of(wrote) or source.in_text(prose),
        agency=agency,
        byline=wrote,
        pictures=pictures,
    )


def _apart(pieces: Sequence[Piece]) -> tuple[tuple[Found, ...], list[Block]]:
    """Pictures with the line below them, and the blocks that are no captions."""
    found: list[Found] = []
    blocks: list[Block] = []
    above = 0
    below_picture = False
    for piece in pieces:
        if isinstance(piece, Image):
            found.append(Found(piece, above))
            below_picture = True
            continue
        marked = piece.kind == "caption" and bool(found)
        if found and captions.is_credit(piece.text):
            found[0] = replace(found[0], credit=found[0].credit or captions.tidy(piece.text))
        elif marked or (below_picture and captions.is_caption(piece.text)):
            if not found[-1].below:
                found[-1] = replace(found[-1], below=piece.text)
        else:
            blocks.append(piece)
            above += len(piece.text)
        below_picture = False
    return tuple(found), blocks


def _without_names(blocks: Sequence[Block]) -> tuple[str, str, list[Block]]:
    """The source and the people that lines of their own name, and the text without such lines."""
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
            kept.append(replace(block, text="\n".join(lines)))
    return named, wrote, kept


def _quiet(block: Block) -> Block:
    """A block without the lines that are about the page."""
    if block.kind == "pre":
        return block
    lines = [line for line in block.text.split("\n") if not is_noise(line)]
    return replace(block, text="\n".join(lines))
