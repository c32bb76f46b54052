"""Archives to search in: the shared corpus, and as many articles around it as wanted.

What is added consists of the sentences and headlines of real articles, but never of those that are
looked for: half of an article tells one story, the rest comes from anywhere. A tail of made-up
words lets the vocabulary grow as it does with real archives.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from storage import Database, memos

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
NOW = 1_786_795_200
"""15 August 2026, 12:00 UTC: when the newest of the corpus was news."""
YEARS = 5
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
_CHUNK = 5_000
_TAIL = 600_000  # made-up words
_SYLLABLES = [a + b for a in "bcdfghjklmnprstwy" for b in ("a", "i", "u", "e", "o", "an", "ar")]


@dataclass(frozen=True, slots=True)
class Text:
    """An article. Those without a title go by their first words; `wanted` are looked for."""

    title: str
    body: str
    source: str
    titled: bool
    wanted: bool
    link: str = ""
    published: int | None = None
    """Where the corpus knows it, in epoch seconds."""


def corpus() -> list[Text]:
    """All articles that lie beside the checkout; empty where the data is absent."""
    found: list[Text] = []
    for path in sorted(CORPUS.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                body, title = record["body"], record["title"]
                source = record.get("source") or "Kabar"
                wanted = len(found) % 4 == 0
                link = record.get("url") or ""
                when = _moment(record.get("published") or "")
                shown = title or body[:90]
                found.append(Text(shown, body, source, bool(title), wanted, link, when))
    return found


def _moment(published: str) -> int | None:
    if not published:
        return None
    when = datetime.fromisoformat(published)
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


def around(texts: Sequence[Text], count: int) -> Iterator[Text]:
    """That many further articles."""
    rng = random.Random(7)
    others = [text for text in texts if not text.wanted and text.titled]
    told = [one for text in others if (one := _SENTENCE.split(text.body))]
    headlines = [text.title.split() for text in others]
    for _ in range(count):
        one, other = rng.choice(headlines), rng.choice(headlines)
        story = rng.choice(told)
        said = rng.sample(story, min(len(story), 6))
        said += [rng.choice(rng.choice(told)) for _ in range(rng.randrange(4, 10))]
        if rng.random() < 0.6:
            said.insert(1, f"{_made_up(rng)} {_made_up(rng)}")
        title = one[: len(one) // 2 + 1] + other[len(other) // 2 :]
        yield Text(" ".join(title), " ".join(said), "Kabar", titled=True, wanted=False)


def _made_up(rng: random.Random) -> str:
    # A third of the draws falls on few words, as in any language.
    number = int(_TAIL * rng.random() ** 3)
    word = ""
    for _ in range(3 + number % 2):
        number, place = divmod(number * 7919 + 13, len(_SYLLABLES))
        word += _SYLLABLES[place]
    return word


async def store(db: Database, texts: Sequence[Text], more: int = 0, *, dated: bool = False) -> None:
    """The corpus and `more` articles around it, over five years; not yet in the index. `dated`:
    articles whose date is known have it."""
    rng = random.Random(11)
    everything = enumerate(chain(texts, around(texts, more)), start=1)
    async with db.transaction() as tx:
        await memos.put(tx, "search.stemmer", "")  # what follows is not in the index
    while chunk := list(islice(everything, _CHUNK)):
        rows = [
            {
                "id": number,
                "title": text.title,
                "body": text.body,
                "link": text.link,
                "source": text.source,
                "at": (dated and text.published) or NOW - rng.randrange(YEARS * 365 * 86_400),
            }
            for number, text in chunk
        ]
        async with db.transaction(durable=False) as tx:
            await tx.run_many(
                "INSERT INTO article (id, headline, body, link, source, content_key, fingerprint,"
                " published_at, first_seen_at, sort_at, origin) VALUES"
                " (:id, :title, :body, :link, :source, :id, '', :at, :at, :at, 'import')",
                rows,
            )
