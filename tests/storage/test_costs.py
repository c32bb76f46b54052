"""What rows cost, in instructions of SQLite's virtual machine: the same on every computer, busy or
not."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import open_database
from tests.conftest import NOON

_POSTS = 100
_WRITE = f"""INSERT INTO delivery (kind, content, state, urgency, chat_id, due_at, created_at)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {_POSTS})
  SELECT 'post', 'article', 'claimed', 2, 1, {NOON}, {NOON} FROM n"""


@pytest.fixture
async def raw(tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    path = tmp_path / "kabar.db"
    await (await open_database(f"sqlite:///{path}")).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "INSERT INTO chat (id, telegram_id, kind, created_at) VALUES (1, 1, 'private', 1)"
        )
        yield raw


def _instructions(raw: sqlite3.Connection, sql: str) -> int:
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    raw.set_progress_handler(count, 1)
    raw.execute(sql)
    raw.set_progress_handler(None, 0)
    return counted


async def test_the_rules_of_the_delivery_table_cost_a_broadcast_next_to_nothing(
    raw: sqlite3.Connection,
) -> None:
    for sql in (_WRITE, "UPDATE delivery SET state = 'sent'"):
        with_rules = _instructions(raw, sql)
        raw.execute("PRAGMA ignore_check_constraints = ON")
        without = _instructions(raw, sql)
        raw.execute("PRAGMA ignore_check_constraints = OFF")
        assert (with_rules - without) / _POSTS < 25, sql
