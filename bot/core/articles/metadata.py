"""What a page says of its article outside the text: Open Graph, JSON-LD, `<meta>`, headings.

Knows schema.org's and the Open Graph's names; reads no body text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Any

from bot.core.articles import charset, markup, picture, source, story
from bot.core.articles import urls as addresses
from bot.core.articles.date_style import parse_moment
from bot.core.text import same, whole_number

_ARTICLES = re.compile(r"Article|Posting|Report|Review", re.IGNORECASE)
_TITLES = ("og:title", "twitter:title", "title")
_AUTHORS = ("author", "article:author", "dable:author")
_TIMES = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "date", "dc.date",
    "og:published_time", "content_publisheddate",
)  # fmt: skip
_PICTURES = (
    "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src",
)  # fmt: skip
_HEADING_CLASS = re.compile(
    r"(?:post|entry|article|news|read)[-_]*title|judul|headline", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?P<title>.{12,}?)\s+[|–—·:»-]+\s+(?P<site>[^|]{2,60})$")
_PREFIX = re.compile(r"(?P<site>[^:|]{2,60}?)\s*[:|]\s+(?P<title>.{12,})$")


class Metadata:
    """The facts of one page. `address` is where it came from."""

    def __init__(self, root: Any, address: str) -> None:
        self._root = root
        self._address = address
        self._meta: dict[str, list[str]] = {}
        for one in root.iter("meta"):
            name = (one.get("property") or one.get("name") or one.get("itemprop") or "").lower()
            if name and (one.get("content") or "").strip():
                self._meta.setdefault(name, []).append(one.get("content").strip())
        self._data: dict[str, Any] = next(_articles(root), {})

    def headline(self) -> str:
        """The article's title without the site's name before or behind it."""
        title = self._text("headline") or self._first(*_TITLES)
        if not title:
            title = next((markup.text_of(one) for one in self._root.iter("title")), "")
        title = story.headline_of(title) or next(self._headings(), "")
        heading = next((one for one in self._headings() if same(one) and one in title), "")
        for pattern in (_SUFFIX, _PREFIX):
            found = pattern.match(title)
            if found and (heading == found["title"] or self._is_site(found["site"])):
                return found["title"]
        return title

    def site_name(self) -> str:
        return story.headline_of(self._first("og:site_name", "application-name"))

    def paper(self) -> story.Paper:
        return story.Paper(title=self.site_name(), site=self.link())

    def link(self) -> str:
        """The canonical address, else where the page came from."""
        for one in self._root.iter("link"):
            if (one.get("rel") or "").lower() == "canonical" and one.get("href"):
                return addresses.canonical(one.get("href"), self._address)
        return addresses.canonical(self._first("og:url") or self._address, self._address)

    def description(self) -> str:
        """The summary that a page gives for sharing."""
        return story.headline_of(self._first("og:description", "description"))

    def author(self) -> str:
        """A person; the site's own name is none."""
        said = self._data.get("author")
        for value in (*(said if isinstance(said, list) else [said]), self._first(*_AUTHORS)):
            name = value.get("name") if isinstance(value, dict) else value
            person = source.person_of(story.headline_of(name)) if isinstance(name, str) else ""
            if person and not self._is_site(person):
                return person
        return ""

    def topics(self) -> tuple[str, ...]:
        tags = self._meta.get("article:tag", []) or self._meta.get("article:section", [])
        section = self._data.get("articleSection")
        said = section if isinstance(section, list) else [section]
        return story.topics_of(tags or [one for one in said if isinstance(one, str)])

    def published(self, now: int, zone: tzinfo = UTC) -> int | None:
        written = [self._data.get("datePublished"), self._first(*_TIMES)]
        written += [
            one.get("datetime") or one.get("title") for one in self._root.iter("time", "abbr")
        ][:3]
        moments = (parse_moment(one, now=now, zone=zone) for one in written if isinstance(one, str))
        return next((moment for moment in moments if moment is not None), None)

    def language(self) -> str:
        said = self._root.get("lang") or self._first("og:locale", "language", "content-language")
        return story.language_of(said)

    def picture(self) -> str:
        """The address of the picture for sharing, empty if it is none that can be shown."""
        value = self._data.get("image")
        written = [one for name in _PICTURES for one in self._meta.get(name, ())]
        for one in value if isinstance(value, list) else [value]:
            said = one.get("url") if isinstance(one, dict) else one
            written += [said] if isinstance(said, str) else []
        found = [address for one in written if (address := picture.showable(one, self._address))]
        own = [address for address in found if address not in self._logos()]
        return "" if self._says_small() else next(iter(own), "")

    def _logos(self) -> set[str]:
        """The pictures that stand for the publisher."""
        found: set[str] = set()
        for one in (self._data.get("publisher"), self._data.get("sourceOrganization")):
            logo = one.get("logo") if isinstance(one, dict) else None
            said = logo.get("url") if isinstance(logo, dict) else logo
            if isinstance(said, str):
                found.add(picture.showable(said, self._address))
        return found

    def _says_small(self) -> bool:
        """Whether both sides of the picture for sharing are told, and too short to be shown."""
        sides = [self._first(f"og:image:{side}") for side in ("width", "height")]
        return all(0 < (whole_number(side) or 0) < picture.LEAST for side in sides)

    def _first(self, *names: str) -> str:
        return next((self._meta[name][0] for name in names if name in self._meta), "")

    def _text(self, name: str) -> str:
        value = self._data.get(name)
        return value if isinstance(value, str) else ""

    def _headings(self) -> Iterator[str]:
        for one in self._root.iter("h1", "h2", "h3"):
            if one.tag == "h1" or _HEADING_CLASS.search(one.get("class") or ""):
                yield story.headline_of(markup.text_of(one))

    def _is_site(self, name: str) -> bool:
        """Whether a name is the site's: as it calls itself, or its host's."""
        host = addresses.host(self.link())
        labels = [label for label in host.split(".")[:-1] if len(label) > 3]
        plain = same(name)
        return plain == same(self.site_name()) or any(same(label) in plain for label in labels)


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    """The articles in a page's JSON-LD (schema.org)."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        text = script.text or ""
        try:
            data = json.loads(text, strict=False)
            if "\\ud" in text.lower():  # perhaps half of a surrogate pair, which nothing can store
                data = json.loads(charset.clean(json.dumps(data, ensure_ascii=False)))
        except (ValueError, RecursionError):
            continue
        for one in _objects(data, 3):
            if _ARTICLES.search(str(one.get("@type"))) and one.get("headline"):
                yield one


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield one
            if depth:
                yield from _objects(one.get("@graph") or [], depth - 1)
