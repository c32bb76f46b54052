"""Rebuilds the index if it is missing or was made with another stemmer; the old one answers
meanwhile.

    begin: empty tables beside the index -> batches in the order of time, stemmed in a thread and
    written -> take over: the tables change their names

What is stored, changed or retracted meanwhile goes into both (`storage.indexing`). It resumes where
it stopped: each transaction notes how far it has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from bot.core.search.words import STEMMER
from storage import alerts, memos
from storage.database import Connection, Database, in_both, numbers
from storage.index_tables import NAMES, NEXT, at, drop_old, make, take_over
from storage.indexing import MAKING, Prepared, prepare, read_articles, write

_DONE = "search.stemmer"  # the memo of the live index: which stemmer made it
BATCH = 250
"""Articles per transaction: others write in between."""
BATCH_ALONE = 1_000
"""The same if nobody else writes: each word of the vocabulary is counted once per batch."""

Progress = Callable[[int, int], None]
"""Called with how many articles are done, and of how many."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The last article that is done, in order of time."""

    sort_at: int = -(1 << 62)
    id: int = 0
    done: int = 0


async def is_made(cx: Connection) -> bool:
    """Whether there is a complete index, though perhaps an older one."""
    return bool(await memos.get(cx, _DONE))


async def note_fresh(db: Database) -> None:
    """Note that an archive without articles has a complete index."""
    async with db.reading() as cx:
        if await memos.get(cx, _DONE) or await cx.value("SELECT id FROM article LIMIT 1"):
            return
    async with db.transaction() as tx:
        if not await tx.value("SELECT id FROM article LIMIT 1"):
            await memos.put(tx, _DONE, STEMMER)


async def ensure_index(
    db: Database,
    *,
    progress: Progress | None = None,
    resting: float = 0.0,
    batch: int = BATCH_ALONE,
) -> int:
    """Rebuild the index if needed; returns how many articles were indexed. `resting` is the pause
    after each batch, as a multiple of the time that the batch took: 1 or more if people are being
    answered meanwhile. A complete index costs one query.
    """
    place = await _begin(db)
    if place is None:
        return 0
    async with db.reading() as cx:
        total = int(await cx.value("SELECT count(*) FROM article WHERE retracted_at IS NULL"))
    clock = asyncio.get_running_loop().time
    first = place.done
    begun = clock()
    while found := await _next(db, place, batch):
        last = found[-1].article
        place = _Place(last["sort_at"], last["id"], place.done + len(found))
        async with db.transaction(durable=False) as tx:
            await _add(tx, found)
            await memos.put(tx, MAKING, _told(place))
        if progress:
            progress(min(place.done, total), total)
        await asyncio.sleep(resting * (clock() - begun))
        begun = clock()
    await _finish(db)
    return place.done - first


async def _begin(db: Database) -> _Place | None:
    """Where to resume; None if there is nothing to do."""
    async with db.reading() as cx:
        if await memos.get(cx, _DONE) == STEMMER:
            return None
    async with db.transaction() as tx:
        stemmer, _, place = (await memos.get(tx, MAKING)).partition("|")
        if stemmer == STEMMER:
            return _Place(*map(int, place.split(",")))
        await make(tx, NEXT)
        await memos.put(tx, MAKING, _told(_Place()))
        return _Place()


def _told(place: _Place) -> str:
    return f"{STEMMER}|{place.sort_at},{place.id},{place.done}"


async def _next(db: Database, place: _Place, limit: int) -> list[Prepared]:
    """The next articles, ready to be written."""
    async with db.reading() as cx:
        found = await cx.rows(
            "SELECT id FROM article WHERE (sort_at, id) > (:sort_at, :id) AND hold = ''"
            " AND retracted_at IS NULL"
            " ORDER BY sort_at, id LIMIT :limit",
            sort_at=place.sort_at,
            id=place.id,
            limit=limit,
        )
        articles = await read_articles(cx, [one["id"] for one in found])
    return await asyncio.to_thread(lambda: [prepare(one, db.dialect) for one in articles])


async def _add(tx: Connection, batch: list[Prepared]) -> None:
    """Add those that have not been added or retracted since they were read."""
    ids = [one.article["id"] for one in batch]
    stale = at(
        NEXT,
        in_both(
            "SELECT id FROM article WHERE id IN {ids} AND (retracted_at IS NOT NULL OR hold <> ''"
            " OR EXISTS (SELECT 1 FROM search_row WHERE article_id = article.id))",
            ids=numbers("ids"),
        ),
    )
    left = {row["id"] for row in await tx.rows(stale, ids=orjson.dumps(ids).decode())}
    await write(tx, [one for one in batch if one.article["id"] not in left], NEXT)


async def _finish(db: Database) -> None:
    async with db.transaction() as tx:
        if await memos.get(tx, MAKING):
            await take_over(tx, NEXT)
            await alerts.renew(tx)
            await memos.put(tx, MAKING, "")
            await memos.put(tx, _DONE, STEMMER)
    async with db.transaction() as tx:
        await drop_old(tx)
    if db.dialect == "postgresql":
        # Nobody knows when the server would tidy up by itself, and until then searches take several
        # times as long. A reader's connection may do it, and holds up no writer.
        async with db.reading() as cx:
            await cx.run("ANALYZE article")
            for name in NAMES:
                await cx.run(f"VACUUM (ANALYZE) {name}")
