"""`kabar erase`: nothing about people is left, in the tables and in the file; articles stay."""

from __future__ import annotations

from pathlib import Path

from storage import Database, erasure, inbox, open_database, sqlite_copies, topic_labels
from tests.conftest import NOON
from tests.support.sending import add_article, add_chats, announce

SECRET = "Saya Ani dan ini kata-kata saya"


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname AS name FROM pg_trigger WHERE tgenabled <> 'D'",
}


async def names(db: Database, question: dict[str, str]) -> set[str]:
    async with db.reading() as cx:
        return {row["name"] for row in await cx.rows(question)}


ERASED = {
    "answer", "ban_memory", "blocked_word", "broadcast", "canned_reply", "chat", "comment",
    "comment_message", "complaint", "consent", "count_change", "deadline", "decision",
    "delivery", "desk_prompt", "finding", "forum", "forum_topic", "inbox", "kept_back", "note",
    "reader", "removal", "report", "revision", "search_query", "set_aside", "subscription",
    "subscription_topic", "thread", "thread_comment", "ticker", "vote",
}  # fmt: skip


async def test_a_table_is_erased_unless_it_is_the_archives(db: Database) -> None:
    async with db.reading() as cx:
        found = set(await erasure.about_people(cx))
    assert found >= ERASED
    assert not found & (erasure.KEPT | {"search_text", "search_row", "search_name"})


async def people(db: Database) -> None:
    await add_article(db)
    await add_chats(db, 1, 2, -3)
    await announce(db, 1)
    async with db.transaction() as tx:
        await inbox.keep(tx, [inbox.Received(1, 7, SECRET)], now=NOON)
        await tx.run(
            "INSERT INTO decision (at, actor_id, actor, action) VALUES (:now, 7, :name, 'approve')",
            now=NOON,
            name=SECRET,
        )
        await tx.run(
            "INSERT INTO correction (article_id, kind, at, actor, actor_id)"
            " VALUES (1, 'corrected', :now, :name, 7)",
            now=NOON,
            name=SECRET,
        )
        await tx.run("UPDATE article SET comments = 3")
        await topic_labels.ensure_topics(tx, [SECRET])  # /subscribe with a label of nobody
        await tx.run("INSERT INTO memo (key, value) VALUES ('moderators', '-3')")
        await tx.run(
            "INSERT INTO memo (key, value) VALUES ('search.stemmer', 'x')"
            " ON CONFLICT (key) DO NOTHING"
        )


async def test_articles_stay_and_nobody_else_does(db: Database) -> None:
    await people(db)
    counts = await erasure.erase(db)
    assert counts["chat"] == 3
    assert counts["decision"] == 1
    async with db.reading() as cx:
        for name in await erasure.about_people(cx):
            assert await cx.value(f"SELECT COUNT(*) FROM {name}") == 0
        assert await cx.value("SELECT COUNT(*) FROM article WHERE comments = 0") == 1
        assert await cx.value("SELECT COUNT(*) FROM correction WHERE actor = ''") == 1
        assert await topic_labels.numbers(cx, [SECRET]) == {}
        memos = await cx.rows("SELECT key FROM memo")
        assert {row["key"].partition(".")[0] for row in memos} == {"search"}
    await add_chats(db, 1)  # it goes on working
    await announce(db, 1)
    assert {"decision_kept", "decision_stays"} <= await names(db, _TRIGGERS)


async def test_no_trace_is_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "kabar.db"
    db = await open_database(f"sqlite:///{path}")
    await people(db)
    await erasure.erase(db)
    await db.close()
    sqlite_copies.shred(path)
    assert _files_with(SECRET.encode(), tmp_path) == []


def _files_with(words: bytes, folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if words in one.read_bytes()]
