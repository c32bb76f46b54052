"""PostgreSQL's connections break at the worst moments: what was stored is known to be, once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from bot.core.errors import StorageError
from storage import Database, SharedDatabase
from storage.postgres_opening import open_postgres
from tests.support.postgres import PostgresServer
from tests.support.postgres_wire import Relay, listening


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def relay(database_url: str) -> AsyncIterator[Relay]:
    async with listening(Relay(database_url)) as opened:
        yield opened


@pytest.fixture
async def far(relay: Relay, database_url: str) -> AsyncIterator[Database]:
    """The database, behind the relay."""
    opened = await open_postgres(relay.url(database_url))
    yield opened
    await opened.close()


async def note(db: Database, key: str) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO memo (key, value) VALUES (:key, 'x')", key=key)


async def noted(db: Database) -> list[str]:
    async with db.reading() as cx:
        rows = await cx.rows("SELECT key FROM memo WHERE value = 'x' ORDER BY key")
    return [row["key"] for row in rows]


async def test_a_snapshot_is_one_moment(db: Database) -> None:
    assert isinstance(db, SharedDatabase)
    async with db.snapshot() as cx:
        assert await cx.value("SELECT count(*) FROM memo WHERE value = 'x'") == 0
        await note(db, "a")
        assert await cx.value("SELECT count(*) FROM memo WHERE value = 'x'") == 0
        with pytest.raises(StorageError, match="read-only"):
            await cx.run("DELETE FROM memo")
    assert await noted(db) == ["a"]


async def _swallow(db: Database, postgres: PostgresServer) -> None:
    """The connection dies within a transaction, and who works in it takes no notice."""
    async with db.transaction() as tx:
        here = await tx.value("SELECT pg_backend_pid()")
        postgres.admin(f"SELECT pg_terminate_backend({here}, 5000)")
        for key in ("a", "b"):
            with contextlib.suppress(StorageError):
                await tx.run("INSERT INTO memo (key, value) VALUES (:key, 'x')", key=key)


async def test_a_transaction_stays_with_its_connection(
    db: Database, postgres: PostgresServer
) -> None:
    with pytest.raises(StorageError, match="lost"):
        await _swallow(db, postgres)
    assert await noted(db) == []
    await note(db, "c")
    assert await noted(db) == ["c"]


async def _idle_within(db: Database, postgres: PostgresServer) -> None:
    """As a process does that is paused within a transaction."""
    async with db.transaction() as tx:
        here = await tx.value("SELECT pg_backend_pid()")
        await tx.run("SET LOCAL idle_in_transaction_session_timeout = 1")
        while postgres.admin(f"SELECT 1 FROM pg_stat_activity WHERE pid = {here}"):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
        await tx.run("INSERT INTO memo (key, value) VALUES ('a', 'x')")


async def test_a_transaction_that_was_paused_too_long_may_be_tried_again(
    db: Database, postgres: PostgresServer
) -> None:
    """It is no fault of ours: what was being done waits, and is not given up."""
    with pytest.raises(StorageError):  # in words of the server, or as a connection that is gone
        await _idle_within(db, postgres)
    assert await noted(db) == []
    await note(db, "c")
    assert await noted(db) == ["c"]


async def test_a_connection_that_died_in_idle_is_no_fault(
    db: Database, postgres: PostgresServer
) -> None:
    await note(db, "a")
    postgres.admin(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE application_name = 'kabar'"
    )
    await note(db, "b")
    assert await noted(db) == ["a", "b"]


def commits(statement: bytes) -> bool:
    return statement == b"COMMIT"


async def test_the_answer_to_a_commit_is_lost(far: Database, relay: Relay) -> None:
    """The server has stored it: nobody is told otherwise, and nobody does it again."""
    relay.lose = commits
    noting = asyncio.create_task(note(far, "a"))
    await relay.lost.wait()
    relay.lose = lambda _: False
    await noting
    await note(far, "b")
    assert await noted(far) == ["a", "b"]


async def test_a_commit_that_never_arrived(
    far: Database, db: Database, relay: Relay, postgres: PostgresServer
) -> None:
    """The connection dies just before: nothing is stored, and that is said."""
    with pytest.raises(StorageError, match="lost"):
        await _die_before_the_commit(far, postgres)
    assert await noted(db) == []
    await note(far, "b")
    assert await noted(db) == ["b"]


async def _die_before_the_commit(db: Database, postgres: PostgresServer) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO memo (key, value) VALUES ('a', 'x')")
        here = await tx.value("SELECT pg_backend_pid()")
        postgres.admin(f"SELECT pg_terminate_backend({here}, 5000)")


async def test_in_doubt_while_the_server_is_away(far: Database, relay: Relay) -> None:
    """The answer is lost and nobody can be asked: whoever stores waits, until somebody knows."""
    relay.lose = commits
    noting = asyncio.create_task(note(far, "a"))
    await relay.lost.wait()
    await relay.close()
    relay.lose = lambda _: False
    await asyncio.wait([noting], timeout=0.05)
    assert not noting.done()
    await relay.open()
    await noting
    assert await noted(far) == ["a"]


async def _lock_both(db: Database, theirs: Callable[[], None]) -> None:
    async with db.transaction() as tx:
        await tx.run("UPDATE memo SET value = 'z' WHERE key = 'a'")
        theirs()
        await tx.run("UPDATE memo SET value = 'z' WHERE key = 'b'")


async def test_a_deadlock_is_said_and_leaves_nothing(db: Database, database_url: str) -> None:
    """Somebody else works on our tables, and locks them the other way round."""
    await note(db, "a")
    await note(db, "b")
    change = "UPDATE memo SET value = 'y' WHERE key = %s"
    other = await psycopg.AsyncConnection.connect(database_url)
    async with other:
        await other.execute("SET deadlock_timeout = '1h'")  # so that we are the one
        await other.execute(change, ["b"])
        waiting: list[asyncio.Task[None]] = []

        async def lock_a() -> None:
            await other.execute(change, ["a"])

        with pytest.raises(StorageError, match="deadlock"):
            await _lock_both(db, lambda: waiting.append(asyncio.create_task(lock_a())))
        await asyncio.gather(*waiting)
    async with db.transaction() as tx:
        await tx.run("UPDATE memo SET value = 'x' WHERE key IN ('a', 'b')")
    assert await noted(db) == ["a", "b"]
