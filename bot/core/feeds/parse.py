"""Bytes of a feed -> ParsedFeed. Knows which reader to use; never fetches, never asks the time.

    bytes -> text -> JSON or XML reader -> entries -> drafts (markup read) -> stories -> keys

Safe to call from several threads at once: calls share nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.core.articles import charset, dateline, windows
from bot.core.articles import story as story_of
from bot.core.articles import urls as addresses
from bot.core.articles.counters import without_shared_numbers
from bot.core.articles.date_style import order_of, zone_of
from bot.core.articles.dates import DateStyle
from bot.core.articles.entry import Document, Entry
from bot.core.articles.language_codes import language_of
from bot.core.articles.paper_name import paper_name
from bot.core.articles.story import Paper
from bot.core.errors import FeedError
from bot.core.feeds import identity, jsonfeed, syndication
from bot.core.feeds.xmltext import NoFeedError
from bot.core.model import ParsedFeed

MAX_BYTES = 16 * 1024 * 1024
"""The rest is not read: an endless body is cut off here."""

_ZONED = re.compile(r"(?:[+-]\d{2}:?\d{2}|Z|GMT|UTC)$")
_CLOSED = re.compile(r"</(?:[\w-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_TAIL = 2000
_ENTRY_BEGINS = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_ENDS = re.compile(r"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_SEARCH = re.compile(
    r"<(?:[\w-]+:)?(totalResults|startIndex|itemsPerPage)\b[^>]*>\s*(\d{1,9})\s*<", re.IGNORECASE
)


def parse(
    body: bytes,
    *,
    address: str,
    content_type: str = "",
    now: int,
    zone: tzinfo = UTC,
    limit: int = 2000,
    before: str = "",
    partial: bool = False,
) -> ParsedFeed:
    """What a feed carries now, its first `limit` entries in the feed's order.

    `now` (epoch seconds) keeps dates from lying in the future; dates without a zone are in the one
    that the feed's other dates show, else in `zone`, the newsroom's. A well-formed feed without
    entries is not an error. `before` is `ParsedFeed.own_parts` of the last poll; `partial`: it was
    pushed, and is only part of the feed. Raises FeedError with one sentence if nothing can be read.
    """
    if not body.strip():
        raise FeedError(f"{address} is no feed: it is empty.")
    text = charset.decode(body[:MAX_BYTES], content_type)
    torn = False
    read = jsonfeed.read_json_feed if jsonfeed.looks_like(text) else syndication.read_syndication
    if read is syndication.read_syndication:
        text, torn = without_torn_entry(text)
    try:
        document = read(text, limit=limit)
    except NoFeedError as error:
        raise FeedError(f"{address} is no feed: {error}.") from None
    if torn and not _ENTRY_ENDS.search(text):  # it breaks off in the first, or closes none of them
        document = replace(document, entries=document.entries[:-1])
    read_at = _Moment(now, zone, before, partial=partial)
    return replace(_parsed(document, text, address, read_at), torn=torn)


def without_torn_entry(text: str) -> tuple[str, bool]:
    """A feed's XML without the entry in which it breaks off, and whether it does: half an entry
    would be posted as half an article. Some systems never close the list; its last entry is
    complete all the same."""
    if _CLOSED.search(text, max(0, len(text) - _TAIL)) or _CLOSED.search(text):
        return text, False
    last = max((found.end() for found in _ENTRY_ENDS.finditer(text)), default=0)
    return (text[:last] if last and _ENTRY_BEGINS.search(text, last) else text), True


@dataclass(frozen=True, slots=True)
class _Moment:
    """When and where a feed is read; `before` is what the last poll remembered of it."""

    now: int
    zone: tzinfo
    before: str
    partial: bool


def _parsed(document: Document, text: str, address: str, at: _Moment) -> ParsedFeed:
    head = document.head
    base = address if address.startswith("http") else ""
    site = addresses.canonical(head.site, base)
    drafts = [story_of.draft(_placed(entry, base, site)) for entry in document.entries]
    paper = Paper(
        title=paper_name(story_of.headline_of(head.title)),
        site=site or base,
        language=head.language,
        ornaments=story_of.ornaments(drafts),
        refrains=story_of.refrains(drafts),
        lists=story_of.writes_lists(drafts),
        dates=_dates(document, at.now, at.zone),
    )
    headlines = [draft.headline for draft in drafts]
    paper = replace(paper, endings=dateline.endings(headlines, paper.names))
    if at.partial:
        paper = windows.joined(paper, at.before)
    stories = [story_of.story(draft, paper, now=at.now) for draft in drafts]
    stories = windows.in_light_of(at.before, paper, drafts, stories, now=at.now)
    told = [story for story in stories if story.headline or story.body or story.picture]
    told = without_shared_numbers(told)
    notes = document.notes
    if len(told) < len(stories):
        silent = len(stories) - len(told)
        notes = (
            *notes,
            f"Left out, for they say nothing: {silent} of {len(stories)} entries.",
        )
    return ParsedFeed(
        title=paper.title,
        site=site,
        language=language_of(head.language),
        stories=identity.keyed(told),
        hub=addresses.absolute(head.hub, base),
        itself=addresses.absolute(head.itself, base),
        next_page=addresses.absolute(head.next_page or _by_count(text, address), base),
        notes=notes,
        own_parts=windows.remembered(paper),
    )


def _placed(entry: Entry, base: str, site: str) -> Entry:
    """An entry whose link is absolute and whose base is known. Without one of its own the base is
    its page, as on the site, unless the link leads elsewhere: to a counter, or to the person it is
    about."""
    own = addresses.absolute(entry.base, base)
    link = addresses.absolute(entry.link, own or site or base)
    near = link and (not site or _are_near(addresses.host(link), addresses.host(site)))
    return replace(entry, link=link, base=own or (link if near else site or base))


def _are_near(one: str, other: str) -> bool:
    """Whether two hosts are the same, or one is a subdomain of the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _dates(document: Document, now: int, zone: tzinfo) -> DateStyle:
    """How the feed writes its dates: as they show, else in the newsroom's zone. The zone is not
    determined if every date names its own."""
    written = [(one.published, one.updated) for one in document.entries]
    dates = [date for pair in written for date in pair if isinstance(date, str) and date]
    order = order_of([one.published or one.updated for one in document.entries], now=now, live=True)
    if all(map(_ZONED.search, dates)):
        return DateStyle(zone, order, now)
    return DateStyle(zone_of(dates) or _clock(document.head.dated) or zone, order, now)


def _clock(written: Sequence[str]) -> tzinfo | None:
    """The zone of the newsroom's clock, as the feed's own dates show it. GMT there is what
    libraries write wherever they run: it says nothing about the entries."""
    here = timedelta()
    zones = (zone_of([one]) for one in written)
    return next((zone for zone in zones if zone and zone.utcoffset(None) != here), None)


def _by_count(text: str, address: str) -> str:
    """The next page of Blogger's RSS, which counts its entries and does not name that page
    (OpenSearch 1.1)."""
    if "blogger" not in text[:3000].lower():
        return ""
    counts = {name.lower(): int(number) for name, number in _SEARCH.findall(text[:20_000])}
    following = counts.get("startindex", 1) + counts.get("itemsperpage", 0)
    if not counts.get("itemsperpage") or following > counts.get("totalresults", 0):
        return ""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | {"start-index": str(following)}
    query.setdefault("max-results", str(counts["itemsperpage"]))
    return urlunsplit(parts._replace(query=urlencode(query)))
