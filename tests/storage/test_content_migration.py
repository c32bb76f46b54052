"""Deliveries of a database that the version before wrote, after the upgrade: every kind of them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.model import TelegramId
from bot.core.posts.content import (
    AnswerCard,
    AnswerMedia,
    AnswerNotice,
    CardMedia,
    CardPart,
    CommentCard,
    Content,
    CopySource,
    DecisionLog,
    DecisionNotice,
    NewTopic,
    Nothing,
    QueueReminder,
    QueueSummary,
    ReviewedComment,
    ReviewMedia,
    ShownArticle,
    ThreadMessage,
    TopicReopening,
    UndoneNotice,
    decode,
)
from bot.core.posts.content_kinds import ContentKind, TopicKind
from bot.core.posts.delivery import Delivery, DeliveryKind
from storage import Database, migrate, open_database, outbox, removals
from tests.conftest import NOON
from tests.support.schema import REFUSED

_BEFORE = 7
"""The last migration of that version."""

_MEDIA = CopySource(TelegramId(501), (7, 8))
_OLD: list[tuple[str, object, int | None, Content]] = [
    ("post", "", None, ShownArticle()),
    ("copy", "", None, ShownArticle()),
    ("card", "", 1, CommentCard()),
    ("card", "", None, Nothing()),  # its group had moved before it left
    ("card", {"part": 2}, 1, CardPart(2)),
    ("card", {"copy": {"chat": 501, "messages": [7, 8]}}, 1, CardMedia(_MEDIA)),
    ("card", {"copy": {}}, 1, CardMedia(None)),  # a question, or its reader was forgotten
    ("card", {"answer": 4}, 1, AnswerCard(4)),
    ("card", {"topic": "queue"}, None, NewTopic(TopicKind.QUEUE)),
    ("card", {"reopen": 77}, None, TopicReopening(77)),
    ("card", {"log": [3, 9]}, None, DecisionLog(3, 9)),
    ("card", {"queue": 1}, None, QueueSummary()),
    ("card", {"reminder": 1}, None, QueueReminder()),
    ("notice", {"decisions": [1, 2]}, 1, DecisionNotice((1, 2))),
    ("notice", {"undone": 5}, 1, UndoneNotice(5)),
    ("notice", {"answer": 4}, 1, AnswerNotice(4)),
    (
        "notice",
        {"copy": {"chat": 501, "messages": [7, 8]}, "answer": 4},
        1,
        AnswerMedia(4, _MEDIA),
    ),
    ("notice", {"thread": 6}, 1, ThreadMessage(6)),
    ("notice", {"desk": 1}, 1, ReviewedComment()),
    ("notice", {"copy": {}, "sent": [17, 18]}, 1, ReviewMedia()),
    ("notice", "", None, Nothing()),
]


def _write_old(path: Path) -> None:
    """With the migrations of then, and rows as that version wrote them."""
    raw = sqlite3.connect(path)
    raw.execute(
        "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        " checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)"
    )
    for one in migrate.available("sqlite")[:_BEFORE]:
        raw.executescript(one.text)
        raw.execute(
            "INSERT INTO migration VALUES (?, ?, ?, 0)", (one.number, one.name, one.checksum)
        )
    raw.execute(
        "INSERT INTO chat (id, telegram_id, kind, created_at) VALUES (1, -5, 'supergroup', 0)"
    )
    raw.execute(
        "INSERT INTO article (id, content_key, fingerprint, headline, first_seen_at, sort_at,"
        " origin) VALUES (1, 'k', 'f', 'Banjir', 0, 0, 'feed')"
    )
    raw.execute("INSERT INTO reader (id, telegram_id, created_at) VALUES (1, 501, 0)")
    raw.execute(
        "INSERT INTO comment (id, reader_id, state, due_at, created_at)"
        " VALUES (1, 1, 'withdrawn', 0, 0)"
    )
    for kind, payload, comment, _ in _OLD:
        raw.execute(
            "INSERT INTO delivery (kind, state, chat_id, article_id, comment_id, payload, due_at,"
            " created_at) VALUES (?, 'due', 1, ?, ?, ?, 0, 0)",
            (
                kind,
                1 if kind in {"post", "copy"} else None,
                comment,
                json.dumps(payload, separators=(",", ":")) if payload else "",
            ),
        )
    raw.commit()
    raw.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    _write_old(path)
    return path


@pytest.fixture
async def upgraded(old: Path) -> AsyncIterator[Database]:
    db = await open_database(f"sqlite:///{old}")
    await migrate.upgrade(db)
    yield db
    await db.close()


async def _claimed(db: Database) -> list[Delivery]:
    async with db.transaction() as tx:
        found = await outbox.claim(tx, 100, now=NOON, lease=60)
    return sorted(found, key=lambda one: one.id)


async def test_every_message_says_what_it_said(upgraded: Database) -> None:
    claimed = await _claimed(upgraded)
    assert [one.content for one in claimed] == [content for *_, content in _OLD]
    kinds = {one.kind for one in claimed}
    assert kinds == {DeliveryKind.POST, DeliveryKind.SEND}
    async with upgraded.reading() as cx:
        albums = await cx.rows("SELECT content, album FROM delivery WHERE album <> ''")
    assert [(row["content"], row["album"]) for row in albums] == [("review_media", "[17,18]")]


async def test_edits_and_answers_keep_their_targets(old: Path) -> None:
    raw = sqlite3.connect(old)
    thread = [content for *_, content in _OLD].index(ThreadMessage(6)) + 1
    raw.execute("UPDATE delivery SET state = 'sent', message_id = id")
    raw.executemany(
        "INSERT INTO delivery (kind, state, chat_id, target_id, payload, due_at, created_at)"
        " VALUES (?, 'due', 1, ?, ?, 0, 0)",
        [("edit", 1, ""), ("card_edit", 3, ""), ("card_edit", thread, '{"remove":1}')],
    )
    raw.execute(
        "INSERT INTO delivery (kind, state, chat_id, payload, due_at, created_at)"
        " VALUES ('card', 'due', 1, '{\"answer\":4,\"reply_to\":99}', 0, 0)"
    )
    raw.commit()
    raw.close()
    db = await open_database(f"sqlite:///{old}")
    await migrate.upgrade(db)
    post, card, taken_back, answer = await _claimed(db)
    assert (post.kind, post.content, post.removes) == (DeliveryKind.EDIT, ShownArticle(), False)
    assert (card.kind, card.content, card.removes) == (DeliveryKind.EDIT, CommentCard(), False)
    assert (taken_back.kind, taken_back.content) == (DeliveryKind.EDIT, ThreadMessage(6))
    assert taken_back.removes
    assert (answer.content, answer.reply_to) == (AnswerCard(4), 99)
    await db.close()


async def test_what_a_reader_took_back_is_found_in_old_rows_too(old: Path) -> None:
    raw = sqlite3.connect(old)
    raw.execute("UPDATE delivery SET state = 'sent', message_id = id + 1000")
    raw.commit()
    raw.close()
    db = await open_database(f"sqlite:///{old}")
    await migrate.upgrade(db)
    async with db.transaction() as tx:
        await removals.ask(tx, 1, now=NOON)
        rows = await removals.waiting(tx, 1)
        await tx.run("UPDATE removal SET by_hand_at = 1")
        left = await removals.left(tx, 1)
    await db.close()
    contents = [_OLD[row["delivery_id"] - 1][3] for row in rows]
    assert contents == [
        CommentCard(),
        CardPart(2),
        CardMedia(_MEDIA),
        CardMedia(None),
        AnswerCard(4),
        ThreadMessage(6),
        ReviewedComment(),
        ReviewMedia(),
    ]
    assert left == 5


async def test_the_column_takes_every_kind_and_no_other(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO chat (telegram_id, kind, created_at) VALUES (1, 'private', 0)")
        for kind in ContentKind:
            await tx.run(
                "INSERT INTO delivery (kind, content, state, chat_id, due_at, created_at)"
                " VALUES ('send', :kind, 'due', 1, 0, 0)",
                kind=kind.value,
            )
    with pytest.raises(REFUSED, match=re.compile("check", re.IGNORECASE)):
        async with db.transaction() as tx:
            await tx.run("UPDATE delivery SET content = 'pamphlet' WHERE id = 1")


async def test_a_damaged_row_keeps_no_other_from_its_chat(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO chat (telegram_id, kind, created_at) VALUES (1, 'private', 0)")
        for data in ('{"number":', '{"number":2}'):
            await tx.run(
                "INSERT INTO delivery (kind, content, data, state, chat_id, due_at, created_at)"
                " VALUES ('send', 'card_part', :data, 'due', 1, 0, 0)",
                data=data,
            )
        damaged, whole = await outbox.claim(tx, 10, now=NOON, lease=60)
    with pytest.raises(ValueError, match="content"):
        decode("card_part", '{"number":')
    assert damaged.content != whole.content == CardPart(2)
