"""Where a page keeps its article: the element marked as such. Knows the names that Blogger,
WordPress and newsrooms' systems give it; reads no text."""

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
"""Share of a box's text: an inner box with this much of it holds the article, and the rest is
beside it."""


def of(root: Any) -> tuple[Any, ...]:
    """The elements marked as holding the article, if any: the innermost with most of its text;
    several of the same name where something, such as advertisements, comes between them."""
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
    """All boxes with the same name as the best one, unless they are articles of their own, with
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
    """Whether a box has a heading beside it, in a parent that it does not share."""
    branch = box
    for up in box.iterancestors():
        if up in common:
            break
        branch = up
    inside = set(box.iter("h1", "h2", "h3"))
    if any(one not in inside for one in branch.iter("h1", "h2", "h3")):
        return True
    return next(box.iter("h1"), None) is not None
