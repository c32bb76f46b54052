"""What a page says about its article outside the text: Open Graph, JSON-LD, `<meta>`, headings.

Knows schema.org's and the Open Graph's names; reads no body text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any

from bot.core.articles import jsonld, markup, picture, source, story
from bot.core.articles import urls as addresses
from bot.core.articles.date_style import parse_moment
from bot.core.articles.language_codes import language_of
from bot.core.model import LEAST_SIDE
from bot.core.text import same, whole_number

_TITLES = ("og:title", "twitter:title", "title")
_AUTHORS = (
    "author", "article:author", "dable:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl",
)  # fmt: skip
_TIMES = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "date", "dc.date",
    "og:published_time", "content_publisheddate",
)  # fmt: skip
_PICTURES = (
    "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src",
)  # fmt: skip
_PEOPLE = 5
_NO_PERSON = re.compile(
    r"^(?:PT|CV)\b|[@/]|\b(?:media|cyber|network|studios?|designs?|development|templates?|themes?"
    r"|blogger|wordpress|powered|copyright|agenturen|user(?:name)?|unknown|updated|profile?)\b",
    re.IGNORECASE,
)
_EDITED = re.compile(r"(?:editor|redaktur|penyunting|uploader)\s+[A-Z]", re.IGNORECASE)
_SIGNED = re.compile(r"(?:^|\s)vcard(?:\s|$)", re.IGNORECASE)
_BESIDE = re.compile(r"comment|profile|related|sidebar|widget", re.IGNORECASE)
"""Where others are named: comments, related articles, the site's own staff."""
_NAME = 4
"""The most words of a name."""
_MONTH = re.compile(
    r"(?<=\w\s)(?P<name>\S+)\s(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Januari|Februari|Maret|Mei|Juni|Juli|Agustus|Oktober|Desember)$"
)
"""What is left after the name of a day."""
_DAY = 86_400
_NUMBERS = re.compile(r"\d+")
_NO_DAY = 2
"""A date with so few numbers names no day."""
_HEADING_CLASS = re.compile(
    r"(?:post|entry|article|news|read)[-_]*title|judul|headline", re.IGNORECASE
)
_SUFFIX = re.compile(r"^(?P<title>.{11,}?\S)\s++[|–—·:»›-]++\s++(?P<site>[^|]{2,60})$")
_PREFIX = re.compile(r"^(?P<site>[^:|]{1,59}?[^:|\s])\s*+[:|]\s++(?P<title>.{12,})$")


class Metadata:
    """The metadata of one page. `address` is where the page came from."""

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
        """The article's title without the site's name before or after it."""
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
        """The canonical address, else where the page came from: templates without one of their own
        name the site's front page."""
        links = self._root.iter("link")
        named = (one for one in links if (one.get("rel") or "").lower() == "canonical")
        told = next((one.get("href") for one in named if one.get("href")), "")
        found = addresses.canonical(told or self._first("og:url") or self._address, self._address)
        lost = addresses.is_front_page(found) and not addresses.is_front_page(self._address)
        return addresses.canonical(self._address) if lost else found

    def description(self) -> str:
        """The summary that a page offers for sharing."""
        return story.headline_of(self._first("og:description", "description"))

    def author(self, other: str = "") -> str:
        """The people who wrote it. `other`: those that the second reader found, separated by `;`,
        used if the page's own metadata name nobody, or fewer. The site's own name is the last
        resort."""
        said = self._data.get("author")
        people: list[str] = []
        for value in said if isinstance(said, list) else [said]:
            name = value.get("name") if isinstance(value, dict) else value
            people += [self._person(one) for one in (name if isinstance(name, list) else [name])]
        people = list(dict.fromkeys(filter(None, people))) or [self._person(self._first(*_AUTHORS))]
        found = [source.person_of(story.headline_of(one)) for one in other.split(";")]
        found = [_MONTH.sub(r"\g<name>", one) for one in found if not _NO_PERSON.search(one)]
        wrote = [one for one in found if not _EDITED.match(one)]
        more = [one for one in wrote or found if one and not self._is_site(one)]
        if len(more) > len(people) and same("".join(people)) in same("".join(more)):
            people = more
        told = list(filter(None, people)) or more or self._signed() or list(filter(None, found))
        return ", ".join(told[:_PEOPLE])

    def _signed(self) -> list[str]:
        """The author named beside the text, if there is exactly one; several belong to other
        articles."""
        marked = (
            markup.text_of(one)
            for one in self._root.iter("a", "span", "p", "div", "address")
            if ({one.get("rel"), one.get("itemprop")} & {"author"} or _SIGNED.search(_classes(one)))
            and not any(_BESIDE.search(_classes(up)) for up in (one, *one.iterancestors()))
        )
        said = {self._person(one) for one in islice(marked, 20) if len(one.split()) <= _NAME}
        names = {one for one in said if one and not _NO_PERSON.search(one)}
        return list(names) if len(names) == 1 else []

    def _person(self, name: object) -> str:
        """The name if it is a person's, else empty."""
        person = source.person_of(story.headline_of(name)) if isinstance(name, str) else ""
        return "" if person.startswith("@") or self._is_site(person) else person

    def topics(self) -> tuple[str, ...]:
        tags = self._meta.get("article:tag", []) or self._meta.get("article:section", [])
        section = self._data.get("articleSection")
        said = section if isinstance(section, list) else [section]
        return story.topics_of(tags or [one for one in said if isinstance(one, str)])

    def published(self, now: int, zone: tzinfo = UTC, day: str = "") -> int | None:
        """When it was published; `day` is what the second reader found (`2026-11-26`). Where both
        agree, that is taken; else, in this order, JSON-LD, the second reader, plain meta elements,
        the times in the text."""

        def moment(written: object) -> int | None:
            return parse_moment(written, now=now, zone=zone) if isinstance(written, str) else None

        written = (one for name in _TIMES for one in self._meta.get(name, ()))
        days = (one for one in written if len(_NUMBERS.findall(one)) > _NO_DAY)
        metas = [found for one in islice(days, 5) if (found := moment(one)) is not None]
        shown = (one.get("datetime") or one.get("title") for one in self._root.iter("time", "abbr"))
        times = [found for one in islice(shown, 3) if (found := moment(one)) is not None]
        said = moment(self._data.get("datePublished"))
        named = next(iter(metas), None)
        other = moment(day)
        own = [one for one in (said, *metas, *times) if one is not None]
        agreed = (
            one for one in own if other is not None and other - _DAY <= one < other + 2 * _DAY
        )
        rest = (said, other if named is not None else None, named, *times[:1], other)
        return next((one for one in (*agreed, *rest) if one is not None), None)

    def language(self) -> str:
        said = self._root.get("lang") or self._first("og:locale", "language", "content-language")
        return language_of(said)

    def picture(self) -> str:
        """The address of the picture for sharing; empty if it cannot be shown."""
        written = [one for name in _PICTURES for one in self._meta.get(name, ())]
        written += jsonld.pictures(self._data)
        found = [address for one in written if (address := picture.showable(one, self._address))]
        own = [address for address in found if address not in self._logos()]
        return "" if self._says_small() else next(iter(own), "")

    def _logos(self) -> set[str]:
        """The publisher's logos."""
        found: set[str] = set()
        for one in (self._data.get("publisher"), self._data.get("sourceOrganization")):
            logo = one.get("logo") if isinstance(one, dict) else None
            said = logo.get("url") if isinstance(logo, dict) else logo
            if isinstance(said, str):
                found.add(picture.showable(said, self._address))
        return found

    def _says_small(self) -> bool:
        """Whether both sides of the picture for sharing are given and too short for it to be
        shown."""
        sides = [self._first(f"og:image:{side}") for side in ("width", "height")]
        return all(0 < (whole_number(side) or 0) < LEAST_SIDE for side in sides)

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
        """Whether a name is the site's own: its title or its host's name."""
        host = addresses.host(self.link())
        labels = [label for label in host.split(".")[:-1] if len(label) > 3]
        plain = same(name)
        return plain == same(self.site_name()) or any(same(label) in plain for label in labels)


def _classes(one: Any) -> str:
    return f"{one.get('class') or ''} {one.get('id') or ''}"


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    """The articles in a page's JSON-LD (schema.org)."""
    for script in root.iter("script"):
        if jsonld.is_one(script):
            yield from (one for one in jsonld.articles(script) if one.get("headline"))
