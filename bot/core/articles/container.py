"""Where a page keeps its article: the element that says so. Knows the names that Blogger, WordPress
and newsrooms' systems give it; reads no text."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from bot.core.articles import markup
from bot.core.articles.markup import Block, Piece

_NAMED = re.compile(
    r"(?:^|\s)(?:post-body|entry-content|article-content|article-body|article__body|article__content"
    r"|detail__body-text|read__content|itp_bodycontent|txt-article|td-post-content|post-content"
    r"|story-body|post_content|content-article|detail-text|detail_text)(?:$|\s)",
    re.IGNORECASE,
)
_IMAGES = 100
_MOST_OF = 0.6
"""Of a box's text: a box in it that holds so much holds the article; the rest is beside it."""


def of(root: Any) -> tuple[Any, ...]:
    """The elements that say they hold the article, none if none does: the innermost that holds most
    of its text; several of one name where something parts them, as advertisements do."""
    boxes = [
        one
        for one in root.iter("div", "section", "article", "span", "td")
        if one.get("itemprop") == "articleBody" or _NAMED.search(one.get("class") or "")
    ]
    lengths = {one: len(markup.text_of(one)) for one in boxes}
    best = max(boxes, key=lambda one: lengths[one], default=None)
    if best is None:
        return ()
    for one in boxes:  # in document order: outer ones first
        inside = one is not best and best in one.iterancestors()
        if inside and lengths[one] > _MOST_OF * lengths[best]:
            best = one
    return _parts(best, boxes)


def images(root: Any) -> list[Piece]:
    """The pictures of a page whose container is not known, with their captions."""
    box = next(root.iter("article", "main"), root)
    found = (one for one in markup.walk(box) if not isinstance(one, Block) or one.kind == "caption")
    return list(islice(found, _IMAGES))


def _parts(best: Any, boxes: list[Any]) -> tuple[Any, ...]:
    """All boxes that are called as the best one, unless they are articles of their own: those have
    headings beside them."""
    name = (best.tag, best.get("class"), best.get("itemprop"))
    alike = [one for one in boxes if (one.tag, one.get("class"), one.get("itemprop")) == name]
    above = [set(one.iterancestors()) for one in alike]
    nested = any(one in ups for one in alike for ups in above)
    if len(alike) < 2 or nested:
        return (best,)
    common = set.intersection(*above)
    headed = sum(_is_headed(one, common) for one in alike)
    return tuple(alike) if headed < 2 else (best,)


def _is_headed(box: Any, common: set[Any]) -> bool:
    """Whether a heading stands beside a box, in what is its alone."""
    branch = box
    for up in box.iterancestors():
        if up in common:
            break
        branch = up
    inside = set(box.iter("h1", "h2", "h3"))
    if any(one not in inside for one in branch.iter("h1", "h2", "h3")):
        return True
    return next(box.iter("h1"), None) is not None
