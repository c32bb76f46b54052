"""What is found in each of the real feeds, beside what feedparser alone finds: a table.

feedparser's pictures are those that it names (enclosures, Media RSS), for it reads no markup; it
knows no captions. `small`: pictures whose address says so, for which the article's page is read.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import feedparser

from bot.core.articles.sizes import looks_small
from bot.core.errors import FeedError
from bot.core.feeds import parse
from tests.support.shared import SHARED, feed_files

_NOW = 1_800_000_000
_ADDRESS = "https://paper.example/feed"
_COLUMNS = ("entries", "pictures", "small", "captions", "credits", "sources", "topics", "dates")
_REASONS = "feeds with a reason instead"
_THEIRS = ("entries", "pictures", "sources", "dates")


def main() -> None:
    files = feed_files()
    if not files:
        print(f"No feeds in {SHARED / 'feeds'}; nothing to show.")
        return
    totals: Counter[str] = Counter()
    heads = (f"{one} (fp)" if one in _THEIRS else one for one in _COLUMNS)
    print(f"{'':38}" + "".join(f"{head:>15}" for head in heads))
    for path in files:
        body = path.read_bytes()
        theirs = _feedparsers(body)
        ours, note = _ours(body)
        totals.update({f"fp {name}": count for name, count in theirs.items()})
        totals.update(ours or {})
        totals[_REASONS] += ours is None
        ours = ours or Counter()
        print(f"{path.name[:37]:38}{_row(ours, theirs)}  {note}".rstrip())
    ours = Counter({name: totals[name] for name in _COLUMNS})
    theirs = Counter({name: totals[f"fp {name}"] for name in _THEIRS})
    print(f"{f'all {len(files)} feeds':38}{_row(ours, theirs)}")
    print(f"feeds with one clear reason in the place of entries: {totals[_REASONS]}")


def _row(ours: Counter[str], theirs: Counter[str]) -> str:
    cells = (
        f"{ours[name]} ({theirs[name]})" if name in _THEIRS else str(ours[name])
        for name in _COLUMNS
    )
    return "".join(f"{cell:>15}" for cell in cells)


def _ours(body: bytes) -> tuple[Counter[str] | None, str]:
    """What Kabar finds, None if nothing, and what it says of the feed."""
    counts: Counter[str] = Counter()
    try:
        parsed = parse.parse(body, address=_ADDRESS, now=_NOW)
    except FeedError as error:
        return None, str(error).removeprefix(f"{_ADDRESS} is no feed: ")
    for story in parsed.stories:
        shot = story.picture
        counts["entries"] += 1
        counts["pictures"] += shot is not None
        counts["small"] += bool(shot and looks_small(shot.address))
        counts["captions"] += bool(shot and shot.caption)
        counts["credits"] += bool(shot and shot.credit)
        counts["sources"] += bool(story.source)
        counts["topics"] += bool(story.topics)
        counts["dates"] += story.published is not None
    return counts, " ".join(parsed.notes)


def _feedparsers(body: bytes) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in feedparser.parse(body).entries:
        counts["entries"] += 1
        counts["pictures"] += _names_picture(entry)
        counts["sources"] += bool(entry.get("source", {}).get("title"))
        counts["dates"] += bool(dict.get(entry, "published_parsed"))
    return counts


def _names_picture(entry: Any) -> bool:
    named = [*entry.get("enclosures", ()), *entry.get("media_content", ())]
    images = (one for one in named if "image" in f"{one.get('type')} {one.get('medium')}")
    return bool(entry.get("media_thumbnail")) or any(images)
