"""What reading a feed costs, from bytes to stories, beside feedparser's time for its parsing alone.

The limit for `pub-bbc-world-rss2-01.xml` is 1.5 times feedparser's own time. CPU of one thread,
median of several runs; then all real feeds once, and what was found in them.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections import Counter
from collections.abc import Callable

import feedparser

from bot.core.errors import FeedError
from bot.core.feeds import parse
from tests.support.shared import SHARED, feed_files

_ONE = "pub-bbc-world-rss2-01.xml"
_RUNS = 25
_NOW = 1_800_000_000
_ADDRESS = "https://paper.example/feed"


def main() -> None:
    files = feed_files()
    if not files:
        print(f"No feeds in {SHARED / 'feeds'}; nothing measured.")
        return
    bodies = {path.name: path.read_bytes() for path in files}
    one = bodies[_ONE]
    ours = _median(lambda: parse.parse(one, address=_ADDRESS, now=_NOW))
    theirs = _median(lambda: feedparser.parse(one))
    same = _median(lambda: hashlib.sha256(one).hexdigest())
    print(f"{_ONE}: stories {ours:.1f} ms, feedparser's parsing alone {theirs:.1f} ms,")
    print(f"  {ours / theirs:.2f} times (limit 1.5); an unchanged body is known in {same:.3f} ms")
    print(f"all {len(bodies)} feeds: {_all(_read, bodies):.2f} s,", end=" ")
    print(f"feedparser's parsing alone {_all(_parsed, bodies):.2f} s")
    print(_found(bodies))


def _median(work: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    work()
    times = []
    for _ in range(_RUNS):
        began = time.thread_time()
        work()
        times.append((time.thread_time() - began) * 1000)
    return statistics.median(times)


def _all(work: Callable[[bytes], object], bodies: dict[str, bytes]) -> float:
    began = time.thread_time()
    for body in bodies.values():
        work(body)
    return time.thread_time() - began


def _read(body: bytes) -> object:
    try:
        return parse.parse(body, address=_ADDRESS, now=_NOW)
    except FeedError:
        return None


def _parsed(body: bytes) -> object:
    return feedparser.parse(body)


def _found(bodies: dict[str, bytes]) -> str:
    """What was found in all feeds together, with feedparser's count of entries for comparison."""
    counts: Counter[str] = Counter()
    for body in bodies.values():
        counts["feedparser's entries"] += len(feedparser.parse(body).entries)
        try:
            stories = parse.parse(body, address=_ADDRESS, now=_NOW).stories
        except FeedError:
            counts["feeds with a reason instead"] += 1
            continue
        counts["entries"] += len(stories)
        for story in stories:
            shot = story.picture
            counts["pictures"] += shot is not None
            counts["captions"] += bool(shot and shot.caption)
            counts["credits"] += bool(shot and shot.credit)
            counts["sources named"] += bool(story.source)
            counts["authors"] += bool(story.author)
            counts["dates"] += story.published is not None
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    main()
