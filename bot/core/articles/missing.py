"""Tells that an article's page is gone on sites that answer with some other page instead of 404.

shows       a page is about this article
is_headed   a page is headed by this article's headline
are_alike   two pages say the same: one is the answer to an address that never existed
made_up     such an address, made from the article's own
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit, urlunsplit

from bot.core.articles import charset
from bot.core.articles.likeness import digest
from bot.core.text import same

_LONGEST = 300_000
"""Bytes of a page that are examined."""
_UNSEEN = re.compile(r"(?is)<(script|style|template)\b.*?(?:</\1\s*+>|\Z)")
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"(?is)<title\b[^<>]*>([^<]*)")
_HEADS = re.compile(r"(?is)<(?:title|h1)\b[^<>]*>(.{0,2000}?)</(?:title|h1)\s*>")
_TOLD = 12
"""A headline of so many letters appears on no page by chance."""
_SAME, _SAME_UNDER_ONE_TITLE = 0.95, 0.8


def shows(body: bytes, content_type: str, headline: str) -> bool:
    """Whether a page holds this headline, in its text or its metadata."""
    told = same(headline)
    return len(told) >= _TOLD and told in same(_text(body, content_type))


def is_headed(body: bytes, content_type: str, headline: str) -> bool:
    """Whether a page has this headline in its title or its first heading, and not only among the
    articles that it names beside another, or beside none."""
    told, text = same(headline), _text(body, content_type)
    return len(told) >= _TOLD and any(told in same(head) for head in _HEADS.findall(text))


def are_alike(one: bytes, other: bytes, content_type: str = "") -> bool:
    """Whether two pages are the same but for a word here and there (the address, the time)."""
    ours, theirs = _text(one, content_type), _text(other, content_type)
    here, there = Counter(_words(ours)), Counter(_words(theirs))
    common = sum((here & there).values())
    share = common / max(here.total(), there.total()) if here or there else 1
    titles = [same(found[1]) for found in map(_TITLE.search, (ours, theirs)) if found]
    titled = len(titles) == 2 and titles[0] == titles[1] != ""
    return share >= (_SAME_UNDER_ONE_TITLE if titled else _SAME)


def made_up(link: str) -> str:
    """An address like an article's own that leads to no article: other words, other numbers."""
    parts = urlsplit(link)
    code = digest(link)
    number = str(int(code[:12], 16))[:9].rjust(9, "7")

    def another(found: re.Match[str]) -> str:
        return number[: max(len(found.group()), 6)]

    folder, _, name = parts.path.rstrip("/").rpartition("/")
    stem, dot, ending = name.partition(".")
    path = f"{re.sub(r'[0-9]{5,}', another, folder)}/{f'tidak-ada-{code[:10]}' if stem else ''}"
    query = re.sub(r"(?<==)\w+", another, parts.query)
    slash = "/" if parts.path.endswith("/") and stem else ""
    return urlunsplit((parts.scheme, parts.netloc, path + dot + ending + slash, query, ""))


def _text(body: bytes, content_type: str) -> str:
    return unescape(_UNSEEN.sub(" ", charset.decode(body[:_LONGEST], content_type)))


def _words(text: str) -> list[str]:
    return _TAG.sub(" ", text).casefold().split()
