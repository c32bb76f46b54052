"""What a script of JSON-LD says (schema.org): its articles and their pictures. Never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.core.articles import charset

_ARTICLES = re.compile(r"Article|Posting|Report|Review", re.IGNORECASE)
_AROUND = re.compile(r"(?:^|(?<=\n))\s*+(?://|/\*)?\s*+(?:<!\[CDATA\[|\]\]>)(?:\s*\*/)?")
"""What used to hide scripts from XML parsers."""
_DEPTH = 3


def is_one(script: Any) -> bool:
    """Whether a `<script>` holds JSON-LD."""
    return "ld+json" in (script.get("type") or "")


def articles(script: Any) -> Iterator[dict[str, Any]]:
    """The articles that a `<script>` describes."""
    text = _AROUND.sub("", script.text or "")
    try:
        data = json.loads(text, strict=False)
        if "\\ud" in text.lower():  # perhaps a lone surrogate, which nothing can store
            data = json.loads(charset.clean(json.dumps(data, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return
    for one in _objects(data, _DEPTH):
        if _ARTICLES.search(str(one.get("@type"))):
            yield one


def pictures(article: dict[str, Any]) -> list[str]:
    """The addresses of an article's pictures, as written."""
    value = article.get("image")
    found = []
    for one in value if isinstance(value, list) else [value]:
        said = (one.get("url") or one.get("contentUrl")) if isinstance(one, dict) else one
        found += [said] if isinstance(said, str) else []
    return found


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield one
            if depth:
                yield from _objects(one.get("@graph") or [], depth - 1)
