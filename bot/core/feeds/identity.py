"""Identifies the entries of a feed, even when guids are missing, reused or duplicated. Knows no
format.

A good guid is an address, a `tag:` or `urn:`, or too long to be a mere position; without one, the
canonical link is used; failing that, the entry's content. Two entries that share a key are one
entry.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.core.articles import urls as addresses
from bot.core.model import Story

_SHORT = 3
"""Numbers of up to so many digits may be positions in the feed: Tempo's are 1 to 9, and reused. The
meaning of longer ones may change too: `bot.core.feeds.recognition` checks that."""
_ADDRESS_INSIDE = re.compile(r"https?://[^\s/]+(?=[\s/]|$)", re.IGNORECASE)
"""In Drupal's guids: `4711 at https://paper.example`."""


def keyed(stories: Sequence[Story]) -> tuple[Story, ...]:
    """The stories of one feed with their keys, each entry once: of duplicates the one updated last,
    in the place of the first."""
    shared = _meaningless(stories)
    links = Counter(story.link for story in stories if story.link)
    kept: dict[str, Story] = {}
    for story in stories:
        key = _key(story, shared, links)
        if key not in kept or _age(story) > _age(kept[key]):
            kept[key] = replace(story, key=key)
    return tuple(kept.values())


def is_trusted(guid: str) -> bool:
    """Whether a guid can be the name of one entry forever."""
    guid = guid.strip()
    if re.match(r"(?:tag|urn|uuid|info|doi):", guid, re.IGNORECASE):
        return True
    if re.match(r"https?://", guid, re.IGNORECASE):
        path = re.sub(r"https?://[^/?#]*", "", guid, count=1, flags=re.IGNORECASE)
        return len(path) > 1
    if guid.isdigit():
        return len(guid) >= _SHORT
    return len(guid) >= 8


def _key(story: Story, shared: set[str], links: Counter[str]) -> str:
    guid = story.guid.strip()
    if is_trusted(guid) and guid not in shared:
        return _short(addresses.identity(guid) or _ADDRESS_INSIDE.sub(_bare, guid))
    if story.link and links[story.link] == 1:
        return _short(addresses.identity(story.link))
    return _digest(story.link, story.headline, str(story.dated or story.body[:500]))


def _short(key: str) -> str:
    return key if len(key) <= 300 else _digest(key)


def _bare(found: re.Match[str]) -> str:
    return addresses.identity(found.group()).rstrip("/")


def _meaningless(stories: Sequence[Story]) -> set[str]:
    """Guids shared by different entries: these have neither link nor headline in common, or neither
    headline nor text, and are not versions of one (each version has its own time)."""
    of: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        of[story.guid.strip()].append(story)
    return {
        guid
        for guid, same in of.items()
        if len({one.headline for one in same}) > 1
        and (len({one.link for one in same}) > 1 or not _are_versions(same))
    }


def _are_versions(stories: Sequence[Story]) -> bool:
    """Whether stories under one guid and link are versions of one: they say when each was changed,
    or have a text in common."""
    times = [story.updated for story in stories if story.updated is not None]
    return len(set(times)) > 1 or len({story.body for story in stories}) < len(stories)


def _age(story: Story) -> int:
    return story.updated or story.published or 0


def _digest(*parts: str) -> str:
    return "sha:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
