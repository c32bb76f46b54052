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
from bot.core.markup import Block, Image, Piece
from bot.core.noise import is_noise
from bot.core.picture import Found

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
    pictures: tuple[Found, ...] = ()


def read(pieces: Sequence[Piece], *, names: Sequence[str] = (), headline: str = "") -> Body:
    """The text and the pictures of an article. `names` are the paper's own, as it may call itself
    in a dateline; a first paragraph that repeats the headline is left out."""
    pictures, blocks = _apart(pieces)
    named, kept = _without_source(blocks)
    good = [block for block in map(_quiet, kept) if block.text]
    if len(good) > 1 and headline and leads.same(good[0].text) == leads.same(headline):
        good = good[1:]
    if not good and not headline:
        good = kept
    agency = ""
    first = next((n for n, block in enumerate(good) if block.kind not in _NO_PROSE), None)
    if first is not None:
        text, agency = leads.undated(good[first].text, names)
        good[first] = replace(good[first], text=text)
    paragraphs = tuple(block.text for block in good)
    prose = [block.text for block in good if block.kind not in _NO_PROSE]
    telling = leads.telling(prose or [block.text for block in good if block.kind != "heading"])
    return Body(paragraphs, tuple(telling), named or source.in_text(prose), agency, pictures)


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
        if marked or (below_picture and captions.is_caption(piece.text)):
            if not found[-1].below:
                found[-1] = replace(found[-1], below=piece.text)
        else:
            blocks.append(piece)
            above += len(piece.text)
        below_picture = False
    return tuple(found), blocks


def _without_source(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """The source that a line of its own names, and the text without such lines."""
    named = ""
    kept: list[Block] = []
    for block in blocks:
        lines = []
        for line in block.text.split("\n"):
            here = source.in_line(line) or source.in_byline(line)
            named = named or here
            if not here:
                lines.append(line)
        if lines:
            kept.append(replace(block, text="\n".join(lines)))
    return named, kept


def _quiet(block: Block) -> Block:
    """A block without the lines that are about the page."""
    if block.kind == "pre":
        return block
    lines = [line for line in block.text.split("\n") if not is_noise(line)]
    return replace(block, text="\n".join(lines))
