"""Whether the first results are those that a reader would want: nDCG@7 of 61 judged queries.

    judged.tsv: query <TAB> wanted first (2) <TAB> good, too (1)

Articles stand there by the first 8 digits of their addresses' SHA-256; those that tell one story
are joined by `+`, and are worth something once. They were judged by reading what four finders
proposed over the shared corpus, as of its last day: nothing else counts as good.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

from benchmarks.archive import Text, corpus, store
from benchmarks.finders import PAGE, Finder, finders, prepare
from storage import Connection, Database, open_database, reindexing

_FILE = Path(__file__).with_name("judged.tsv")
_GAIN = {2: 3.0, 1: 1.0, 0: 0.0}


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, and for each article that answers it: how well, and which story it tells."""

    query: str
    grades: dict[int, tuple[int, int]]

    def ndcg(self, found: Sequence[int]) -> float:
        """How close the first 7 come to the best 7 that there are (1)."""
        told: set[int] = set()
        gained = []
        for number in found[:PAGE]:
            grade, story = self.grades.get(number, (0, -1))
            gained.append(_GAIN[0 if story in told else grade])
            told.add(story)
        best = sorted({story: _GAIN[grade] for grade, story in self.grades.values()}.values())
        return _discounted(gained) / _discounted(best[::-1][:PAGE])


def _discounted(gained: Sequence[float]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gained))


def judged(texts: Sequence[Text]) -> list[Judged]:
    """The judged queries over the corpus, whose articles are numbered from 1."""
    numbers = {digest(text.link): n for n, text in enumerate(texts, start=1) if text.link}
    queries = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        query, *columns = line.split("\t")
        stories = [(2 - n, story) for n, column in enumerate(columns) for story in column.split()]
        grades = {
            numbers[one]: (grade, place)
            for place, (grade, story) in enumerate(stories)
            for one in story.split("+")
        }
        queries.append(Judged(query, grades))
    return queries


def digest(link: str) -> str:
    """The name of an article in the file."""
    return hashlib.sha256(link.encode()).hexdigest()[:8]


async def measure(cx: Connection, find: Finder, queries: Sequence[Judged]) -> float:
    """The mean nDCG@7 of a finder."""
    worth = [one.ndcg(await find(cx, one.query)) for one in queries]
    return sum(worth) / len(worth)


async def report(db: Database, texts: Sequence[Text]) -> None:
    """Print the figures of all finders of an engine. The archive has to be empty."""
    await store(db, texts, dated=True)
    await reindexing.ensure_index(db)
    await prepare(db)
    queries = judged(texts)
    async with db.reading() as cx:
        for name, find in finders(db.dialect).items():
            ndcg = await measure(cx, find, queries)
            print(f"{name:10} {ndcg:8.3f}  nDCG@7 of {len(queries)} judged queries", flush=True)


async def run() -> None:
    """The judged set alone, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        db = await open_database(f"sqlite:///{folder}/kabar.db")
        try:
            await report(db, corpus())
        finally:
            await db.close()
