"""The news desk: an entry as it came -> a story as an editor would give it. Knows taste, no format.

    headline | picture with caption and credit | body -> source, byline, noise, dateline -> lead
    and the key by which the entry is known again
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.core import address, flow, lead, picture, source
from bot.core.entry import Entry
from bot.core.flow import Flow, Paragraph
from bot.core.html import plain
from bot.core.model import Picture, Story
from bot.core.times import parse_moment

_HEADLINE = 500
_BODY = 200_000
_REDIRECTS = re.compile(r"(^|\.)(feedproxy\.google\.com|feedsportal\.com|feeds\.feedburner\.com|feedblitz\.com)$")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of the feed an entry stands in."""

    title: str
    site: str
    language: str

    @property
    def names(self) -> tuple[str, ...]:
        """How the paper may call itself in a dateline."""
        host = address.host(self.site)
        parts = re.split(r"\s+[-–—|»:]\s+|\s*[|»]\s*", self.title)
        return (self.title, host, host.partition(".")[0], *parts)


def story(entry: Entry, paper: Paper, *, now: int) -> Story:
    """What one entry says, ready to be shown."""
    link = _link(entry)
    chosen, items = _text(entry)
    headline = _headline(entry)
    body, named, writer = cleaned(items, headline, paper)
    published, updated = _times(entry, now)
    said = source.tidy(plain(entry.source))
    return Story(
        key="",
        headline=headline or _from_text(body),
        link=link,
        lead=lead.first_sentences([one.text for one in body if not one.heading]),
        body="\n\n".join(one.text for one in body)[:_BODY],
        picture=chosen,
        source=_other_than(paper, said) or _other_than(paper, named),
        author=source.author([plain(one) for one in entry.authors]) or writer,
        topics=_topics(entry),
        published=published,
        updated=updated,
        language=language(entry.language or paper.language),
        guid=entry.guid,
    )


def cleaned(items: Flow, headline: str, paper: Paper) -> tuple[list[Paragraph], str, str]:
    """The article's own paragraphs, the source they name and the byline among them."""
    paragraphs = [one for one in items if isinstance(one, Paragraph)]
    texts = [one.text for one in paragraphs]
    heads = {one.text for one in paragraphs if one.heading}
    named, texts = source.named(texts)
    writer = ""
    kept = []
    for at, text in enumerate(texts):
        if at < 3 and not writer and (by := source.byline(text)):
            writer = by
        elif not source.is_desk_line(text):
            kept.append(text)
    kept = lead.without_noise(kept, headline)
    if kept:
        first, wire = lead.dateline(kept[0], paper.names)
        kept[0], named = first, named or wire
    return [Paragraph(text, heading=text in heads) for text in kept], named, writer


def with_keys(stories: Sequence[Story], paper: Paper) -> tuple[Story, ...]:
    """Stories with keys that are unique in the feed; of one entry stated twice the newest stays."""
    front = address.canonical(paper.site)
    links = Counter(one.link for one in stories)
    positions = _are_positions([one.guid for one in stories])
    heads: dict[str, set[str]] = {}
    for one in stories:
        heads.setdefault(_guid_key(one, positions), set()).add(one.link or one.headline)
    kept: dict[str, Story] = {}
    for one in stories:
        key = _guid_key(one, positions)
        if key and len(heads[key]) > 1 and not one.guid.startswith(("tag:", "urn:")):
            key = ""
        if not key and one.link and one.link != front and _identifies(one, stories, links):
            key = one.link
        key = key or _hash(one.headline, str(one.published or ""), "" if one.published else one.body)
        before = kept.get(key)
        if before is None or (one.updated or one.published or 0) > (
            before.updated or before.published or 0
        ):
            kept[key] = replace(one, key=key)
    return tuple(kept.values())


def _identifies(one: Story, stories: Sequence[Story], links: Counter[str]) -> bool:
    if links[one.link] == 1:
        return True
    return len({other.headline for other in stories if other.link == one.link}) == 1


def _are_positions(guids: Sequence[str]) -> bool:
    """Guids that only number the entries of the moment (1, 2, 3 ...)."""
    numbers = [int(one) for one in guids if one.isascii() and one.isdigit() and len(one) < 7]
    return bool(numbers) and max(numbers) <= 2 * len(guids) + 1


def _guid_key(one: Story, positions: bool) -> str:
    guid = one.guid.strip()
    if guid.startswith(("http://", "https://")):
        parts = urlsplit_or_none(guid)
        if parts is None or (parts.path in {"", "/"} and not parts.query):
            return ""
        fragment = parts.fragment
        whole = address.canonical(guid)
        return whole if not fragment or re.fullmatch(r"\d{1,2}", fragment) else f"{whole}#{fragment}"
    if guid.startswith(("tag:", "urn:")):
        return _short(guid)
    if guid.isdigit():
        return "" if positions or len(guid) < 5 else _short(guid)
    return _short(guid) if len(guid) >= 8 else ""


def urlsplit_or_none(text: str):  # type: ignore[no-untyped-def]
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _short(guid: str) -> str:
    return guid if len(guid) <= 400 else _hash(guid)


def _hash(*parts: str) -> str:
    return "hash:" + hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _link(entry: Entry) -> str:
    whole = [address.absolute(one, entry.base) for one in [*entry.links, entry.permalink]]
    good = [one for one in whole if one]
    direct = [one for one in good if not _REDIRECTS.search(address.host(one))]
    return address.canonical((direct or good or [""])[0])


def _headline(entry: Entry) -> str:
    text = " ".join(plain(entry.headline).split())
    return text if len(text) <= _HEADLINE else lead.first_sentences([text])[:_HEADLINE]


def _from_text(body: Sequence[Paragraph]) -> str:
    """Entries without a title (notes, channels) are known by their first sentence."""
    if not body:
        return ""
    first = body[0].text.replace("\n", " ")
    end = next(lead.ends(first))
    text = first[:end].strip()
    return text if len(text) <= 120 else text[:119].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _text(entry: Entry) -> tuple[Picture | None, Flow]:
    """The picture, and the longer of content and summary (a summary that is no teaser of it)."""
    whole = flow.read(entry.content) if entry.content else []
    chosen, items = picture.choose(whole, entry.media, entry.base)
    if not _letters(items) and entry.summary:
        short = flow.read(entry.summary)
        other, items = picture.choose(short, entry.media, entry.base)
        chosen = chosen or other
    elif chosen is None and "<img" in entry.summary:
        chosen, _ = picture.choose(flow.read(entry.summary), (), entry.base)
    return chosen, items


def _letters(items: Flow) -> int:
    return sum(len(one.text) for one in items if isinstance(one, Paragraph))


def _times(entry: Entry, now: int) -> tuple[int | None, int | None]:
    """When it was published and changed; a time to come is now."""
    updated = parse_moment(entry.updated, now=now)
    published = parse_moment(entry.published, now=now)
    published = updated if published is None else published
    return (
        None if published is None else min(published, now),
        None if updated is None else min(updated, now),
    )


def _topics(entry: Entry) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for one in entry.topics:
        text = " ".join(plain(one).split())
        if text and len(text) <= 80 and text.casefold() not in {"uncategorized", "uncategorised"}:
            found.setdefault(text.casefold(), text)
    return tuple(list(found.values())[:30])


def _other_than(paper: Paper, name: str) -> str:
    same = {_same(one) for one in paper.names if one}
    return "" if _same(name) in same or len(name) > 90 else name


def _same(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def language(tag: str) -> str:
    found = re.match(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?", tag.strip())
    return found[0].replace("_", "-") if found else ""
