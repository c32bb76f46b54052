"""Everything moves from one database to another, both ways, and is compared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.errors import OperatorError
from bot.core.model import Story
from bot.core.posts.content import CommentCard
from bot.core.search.query import parse
from storage import (
    Database,
    articles,
    deliveries,
    moving,
    open_database,
    reindexing,
    search,
)
from tests.conftest import JAKARTA, NOON
from tests.support import databases
from tests.support.postgres import PostgresServer
from tests.support.schema import tables
from tests.support.sending import add_chats, announce


@pytest.fixture
async def other(engine: str, tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[Database]:
    """An empty database of the other kind."""
    url = postgres.create() if engine == "sqlite" else databases.empty(tmp_path / "other.db")
    db = await open_database(url)
    yield db
    await db.close()


async def fill(db: Database) -> None:
    async with db.transaction() as tx:
        for number in range(1, 6):
            story = Story(f"k{number}", f"Berita {number}", f"https://paper.example/{number}")
            await articles.add(tx, story, feed_id=None, origin="import", now=NOON)
    await reindexing.ensure_index(db)
    await add_chats(db, *range(1, 2501), now=NOON)
    await announce(db, 1, now=NOON)
    async with db.transaction() as tx:
        first = await deliveries.enqueue(tx, CommentCard(), 1, comment_id=1, now=NOON)
        await tx.run("UPDATE chat SET discussion_id = 2500 WHERE id = 1")  # a later row
        await tx.run("UPDATE delivery SET target_id = id WHERE id = :id", id=first)
        await tx.run("INSERT INTO memo (key, value) VALUES ('announcement', 'é 🎉 \\ \t \n')")


def ignore(table: str, done: int, total: int) -> None:
    """Nobody watches the bar."""


async def everything(db: Database) -> dict[str, list[dict[str, object]]]:
    found = {}
    async with db.reading() as cx:
        for name in await tables(cx):
            if name.startswith("search_") or name in {"process", "role"}:
                continue
            rows = await cx.rows(f"SELECT * FROM {name}")
            found[name] = sorted(
                ({key: row[key] for key in sorted(row.keys())} for row in rows), key=str
            )
    return found


async def test_everything_arrives_and_numbers_go_on(db: Database, other: Database) -> None:
    await fill(db)
    seen: list[tuple[str, int, int]] = []
    moved = await moving.move(db, other, lambda *told: seen.append(told))
    assert {one.table: one.rows for one in moved}["chat"] == 2500
    assert ("chat", 2000, 2500) in seen
    here, there = await everything(db), await everything(other)
    here["memo"] = [one for one in here["memo"] if not str(one["key"]).startswith("search.")]
    assert here == there
    assert await reindexing.ensure_index(other) == 5
    async with other.reading() as cx:
        page = await search.search(cx, parse("berita 3", JAKARTA), now=NOON)
    assert page.hits[0].headline == "Berita 3"
    await add_chats(other, 9999, now=NOON)  # its number is free
    async with other.reading() as cx:
        assert await cx.value("SELECT max(id) FROM chat") == 2501


async def test_a_target_that_holds_something_is_refused(db: Database, other: Database) -> None:
    await fill(db)
    await add_chats(other, 7, now=NOON)
    before = await everything(other)
    with pytest.raises(OperatorError, match="holds something already"):
        await moving.move(db, other, ignore)
    assert await everything(other) == before


async def test_what_arrives_otherwise_than_it_left_is_undone(db: Database, other: Database) -> None:
    await fill(db)
    before = await everything(other)
    async with other.transaction() as tx:  # somebody's trigger gets in between
        await tx.script(_MEDDLER[other.dialect])
    async with db.transaction() as tx:
        await tx.run("INSERT INTO topic (key, name) VALUES ('a', 'A')")
    with pytest.raises(OperatorError, match="topic did not arrive as it left"):
        await moving.move(db, other, ignore)
    assert await everything(other) == before


_MEDDLER = {
    "sqlite": """CREATE TRIGGER meddler AFTER INSERT ON topic
      BEGIN UPDATE topic SET name = 'B'; END;""",
    "postgresql": """CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.name = 'B'; RETURN NEW; END $$;
      CREATE TRIGGER meddler BEFORE INSERT ON topic FOR EACH ROW EXECUTE FUNCTION meddle();""",
}
