"""The editors' side and kill -9: what was decided stays decided, and goes out once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.core.editorial.desk import Hold
from bot.core.errors import StorageError
from bot.core.model import Actor, CorrectionKind, TelegramId
from bot.core.posts.delivery import DeliveryKind
from bot.core.posts.outcome import Judged, Sent
from bot.core.posts.sponsors import Sponsor
from bot.editorial.editing import Editing
from storage import (
    Database,
    articles,
    corrections,
    deliveries,
    desk,
    open_database,
    outbox,
    outcomes,
    sponsors,
)
from tests.conftest import JAKARTA, NOON, Clock
from tests.support.faulty import FaultyDatabase
from tests.support.feed_site import item
from tests.support.program import Program
from tests.support.sending import add_article, add_chats
from tests.support.story_scene import OLD, PATIENCE, Scene, open_scene

ANNA = Actor(TelegramId(71), "Anna")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- one real kill --------------------------------------------------------------------------------


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncIterator[Scene]:
    async with open_scene(
        tmp_path, database_url=database_url, entries=(OLD,), KABAR_HOLD="all"
    ) as opened:
        yield opened


@pytest.mark.story
async def test_held_edited_scheduled_killed_and_posted_once_at_its_time(
    scene: Scene, engine: str, tmp_path: Path, database_url: str
) -> None:
    await scene.first_look()
    scene.telegram.people.say(scene.ani, "/subscribe")
    await scene.next(scene.ani, "🔔")
    scene.site.items = [item("gempa")]
    card = await scene.next(scene.desk, "Berita gempa")
    await scene.press(scene.anna, scene.desk, card, "✏️")
    words = await scene.becomes(scene.desk, card["id"], "Judul")
    await scene.press(scene.anna, scene.desk, words, "Judul")
    question = await scene.telegram.next_message(
        scene.desk, lambda one: bool(one["keyboard"]), after=card["id"], timeout_s=PATIENCE
    )
    scene.telegram.people.say(scene.anna, "Gempa di Nias", scene.desk, reply_to=question["id"])
    edited = await scene.becomes(scene.desk, card["id"], "Gempa di Nias")
    await scene.press(scene.anna, scene.desk, edited, "⏰")
    times = await scene.becomes(scene.desk, card["id"], "⌨️")
    await scene.press(scene.anna, scene.desk, times, "⏰")  # in half an hour
    await scene.becomes(scene.desk, card["id"], "akan dikirim")
    await scene.program.kill()
    due = int(time.time()) + 2
    db = await open_database(database_url)
    async with db.transaction() as tx:
        assert await tx.run(
            "UPDATE article SET release_at = :due WHERE hold = 'scheduled'", due=due
        )
    await db.close()
    async with AsyncExitStack() as stack:
        await scene.program.start()
        if engine == "postgresql":  # a second process works beside it
            folder = tmp_path / "second"
            folder.mkdir()
            await stack.enter_async_context(Program(folder, scene.program.settings))
        await scene.next(scene.ani, "Gempa di Nias")
        assert time.time() >= due
        await scene.becomes(scene.desk, card["id"], "ke 1 chat")
        await scene.telegram.settled(quiet_s=0.5)
        assert scene.count(scene.ani, "Gempa di Nias") == 1
        assert scene.count(scene.ani, "Berita gempa") == 0


# --- a death at every statement -------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["article SET hold", "search_", "INTO broadcast", "INTO decision"]
)
async def test_a_release_that_dies_half_way_is_whole_the_next_time(
    db: Database, clock: Clock, words: str
) -> None:
    await add_chats(db, 1)
    article = await add_article(db)
    async with db.transaction() as tx:
        await desk.hold(tx, article, release_at=NOON)

    def editing(database: Database) -> Editing:
        return Editing(database, clock=clock, wake=lambda: None, zone=JAKARTA)

    broken = FaultyDatabase(db)
    broken.faults[words] = StorageError("died here")
    with pytest.raises(StorageError):
        await editing(broken).tick()
    async with db.reading() as cx:
        standing = await desk.get(cx, article)
        assert standing is not None
        assert (standing.hold, standing.out) == (Hold.HELD, False)
        assert not await cx.value("SELECT count(*) FROM decision")
    await editing(db).tick()
    await editing(db).tick()
    async with db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM broadcast WHERE kind = 'news'") == 1
        assert await cx.value("SELECT count(*) FROM decision WHERE action = 'release'") == 1


async def test_what_is_handled_twice_after_a_kill_is_done_once(db: Database, clock: Clock) -> None:
    await add_chats(db, 1)
    article = await add_article(db)
    async with db.transaction() as tx:
        await desk.hold(tx, article, release_at=None)
    editing = Editing(db, clock=clock, wake=lambda: None, zone=JAKARTA)
    for _ in range(2):
        seen = await editing.get(article)
        assert seen is not None
        assert (await editing.schedule(seen, NOON + 3600, by=ANNA)).done
        await editing.put_words(article, by=ANNA, headline="Judul")
        await editing.put_picture(article, "https://paper.example/a.jpg", by=ANNA)
    sponsor = Sponsor(0, "https://toko.example", "Kopi", NOON, NOON + 86_400, 5)
    async with db.transaction() as tx:
        assert [await sponsors.add(tx, sponsor, now=NOON) for _ in range(2)] == [1, 1]
        done = await tx.rows("SELECT action FROM decision ORDER BY id")
        assert [row["action"] for row in done] == ["schedule", "words", "picture"]
        assert await tx.value("SELECT revision FROM article") == 3


# --- a correction on a thousand posts -------------------------------------------------------------


async def test_a_correction_reaches_a_thousand_posts_though_the_sender_is_killed(
    db: Database,
) -> None:
    """Each post is edited; twice only where the sender died between sending and writing down."""
    dice, edits, killed = random.Random(1), Counter[int](), 0
    await add_chats(db, *range(1, 1001))
    article = await add_article(db)
    async with db.transaction() as tx:
        await deliveries.announce(tx, article, now=NOON)
        posts = await outbox.claim(tx, 1000, now=NOON, lease=60)
        sent = [Judged(one, Sent(one.id), revision=1) for one in posts]
        await outcomes.record(tx, sent, now=NOON)
        await corrections.add(
            tx, article, CorrectionKind.CORRECTED, reason="Angka salah", actor="Anna", now=NOON
        )
        await articles.say_anew(tx, article)
        await deliveries.announce_edit(tx, article, now=NOON, correction=True)
    assert len(posts) == 1000
    lost_words = 0
    for now in range(NOON + 1, NOON + 200):
        async with db.transaction() as tx:
            await outbox.recover(tx, now=now, alone=True)
            batch = await outbox.claim(tx, 100, now=now, lease=60)
        if not batch:
            break
        assert {one.kind for one in batch} == {DeliveryKind.EDIT}
        flown = batch if killed >= 5 else batch[: dice.randrange(len(batch))]
        written = flown if killed >= 5 else flown[: dice.randrange(len(flown) + 1)]
        edits.update(one.chat_id for one in flown)
        lost_words += len(flown) - len(written)
        killed += killed < 5
        async with db.transaction() as tx:
            told = [Judged(one, Sent(one.target_message_id or 0), revision=2) for one in written]
            await outcomes.record(tx, told, now=now)
    assert len(edits) == 1000
    assert sum(edits.values()) - 1000 == lost_words  # doubled: in flight at a kill
    async with db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM delivery WHERE kind = 'edit'") == 0
        assert await cx.value("SELECT min(revision) FROM delivery") == 2
