"""Remembers from poll to poll what a feed shows to be the paper's own: lines and pictures that
several entries have. A feed is a window of recent entries; another window may show other such
parts, so the same entry reads differently next to other entries, which is no correction.

    Paper -> remembered -> the next poll -> as_before: the entry read as in the last window
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.core.articles import likeness
from bot.core.articles import story as story_of
from bot.core.articles import urls as addresses
from bot.core.articles.body import Refrains
from bot.core.articles.markup import Block
from bot.core.articles.story import Draft, Paper
from bot.core.model import Story

_MOST = 300
_LONGEST = 500


def remembered(paper: Paper) -> str:
    """What is kept of a paper until the next poll, as JSON; never empty."""
    told = paper.refrains
    kinds = (paper.ornaments, told.often, told.closing, told.again, paper.endings)
    kept = [sorted(one for one in kind if len(one) <= _LONGEST)[:_MOST] for kind in kinds]
    return json.dumps(kept, ensure_ascii=False)


def with_window(paper: Paper, written: str) -> Paper:
    """A paper as the last poll knew it; unchanged if nothing was remembered."""
    try:
        ornaments, often, closing, again, endings = map(frozenset, json.loads(written))
    except (ValueError, TypeError):
        return paper
    known = Refrains(often, closing, again)
    return replace(paper, ornaments=ornaments, refrains=known, endings=endings)


def joined(paper: Paper, written: str) -> Paper:
    """A paper as this window and the last poll together show it: a push holds too few entries to
    tell."""
    last, told = with_window(paper, written), paper.refrains
    return replace(
        paper,
        ornaments=paper.ornaments | last.ornaments,
        endings=paper.endings | last.endings,
        refrains=Refrains(
            told.often | last.refrains.often,
            told.closing | last.refrains.closing,
            told.again | last.refrains.again,
        ),
    )


def in_light_of(
    before: str, paper: Paper, drafts: Sequence[Draft], stories: Sequence[Story], *, now: int
) -> list[Story]:
    """Stories with their fingerprints as the last window would have had them read
    (`Story.as_before`), where those differ. `before` is empty at a first poll: there was no window
    before it."""
    if not before:
        return list(stories)
    last = with_window(paper, before)
    ours, theirs = paper.refrains, last.refrains
    lines = (
        (ours.often ^ theirs.often) | (ours.closing ^ theirs.closing) | (ours.again ^ theirs.again)
    )
    pictures = paper.ornaments ^ last.ornaments
    titled = paper.endings != last.endings
    if not lines and not pictures and not titled:
        return list(stories)
    read = []
    for draft, story in zip(drafts, stories, strict=True):
        if titled or _holds(draft, lines, pictures):
            then = likeness.fingerprint(story_of.story(draft, last, now=now))
            story = replace(story, as_before=then)  # noqa: PLW2901 - the same story, told more of
        read.append(story)
    return read


def _holds(draft: Draft, lines: frozenset[str], pictures: frozenset[str]) -> bool:
    blocks = (piece for piece in (*draft.pieces, *draft.more) if isinstance(piece, Block))
    if any(line in lines for block in blocks for line in block.text.split("\n")):
        return True
    return bool(pictures) and any(
        addresses.picture_identity(one) in pictures for one in draft.pictures.values()
    )
