"""What one entry of a feed carries, before it is interpreted. Knows no format and no newsroom.

RSS, RDF, Atom, JSON -> Entry -> (bot.core.articles.story) -> Story
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that an entry names beside its text. `address` is as written; sizes are in
    pixels."""

    address: str
    kind: str = "content"
    """enclosure, content, field (a plain element) or thumbnail."""
    type: str = ""
    width: int = 0
    height: int = 0
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Raw values; `title`, `content` and `summary` are markup, times are as written."""

    guid: str = ""
    title: str = ""
    link: str = ""
    content: str = ""
    summary: str = ""
    media: tuple[Media, ...] = ()
    published: str | float = ""
    updated: str | float = ""
    author: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()
    base: str = ""
    """The base of its relative addresses."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says about itself."""

    title: str = ""
    site: str = ""
    language: str = ""
    hub: str = ""
    itself: str = ""
    """The feed's own address, as it states it: a hub knows it by that."""
    next_page: str = ""
    dated: tuple[str, ...] = ()
    """When it says it was made, as written: this may show the zone of its clock."""


@dataclass(frozen=True, slots=True)
class Document:
    """A feed split into head and entries."""

    head: Head
    entries: list[Entry] = field(default_factory=list)
    notes: tuple[str, ...] = ()
