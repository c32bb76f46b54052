"""A feed of thousands is stored in pieces: others write in between, and the program may end there.

Each poll is killed after its first piece, until one gets to the end. What is there then is what one
poll that nobody disturbed would have stored.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from bot.core.editorial.desk import policy
from bot.core.model import ChatKind, TelegramId
from bot.fetch import Fetcher
from bot.news.ingest import EditorsPolicy
from storage import Connection, Database, chats, open_database
from tests.conftest import NOON, Clock
from tests.news.conftest import DAY, HOUR, piece
from tests.support import databases
from tests.support.feed_site import Site, open_site
from tests.support.looks import Looks

TEAM = -100_500


class Killed(BaseException):
    """The program ends here."""


class Mortal:
    """A real database for a program that ends when it begins its next transaction but `left`."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.dialect = real.dialect
        self.left: int | None = None

    @asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Connection]:
        if self.left == 0:
            raise Killed
        async with self._real.transaction(durable=durable) as tx:
            yield tx
        if self.left is not None:
            self.left -= 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def first(site: Site) -> None:
    """The feed before anything is known of it: with one article in two sections, one pinned, one
    without a date."""
    site.items = [
        piece("pinned", published=NOON - 900 * DAY),
        *(piece(f"lama{n}", hours=-n, labels=("Kota",)) for n in range(1, 5)),
        piece("tanpa-tanggal", published=None),
        piece("banjir", hours=-6, labels=("Kota",)),
    ]
    again = replace(site.items[-1], guid="lain", link="https://paper.example/air/banjir.html")
    site.items.append(replace(again, labels=("Cuaca",)))


def next_day(site: Site) -> None:
    """News, one of it in two sections; corrections; a new guid; a list that goes further back."""
    old = site.items
    old[1].title += " yang benar"
    old[2].body += " Ini ralat berita kemarin."
    old[3] = replace(old[3], guid="baru", labels=("Ekonomi",))
    news = [piece(f"baru{n}", hours=1 + n, labels=("Kota",)) for n in range(3)]
    again = replace(news[0], guid="baru-lagi", link="https://paper.example/air/baru0.html")
    below = [piece(f"bawah{n}", hours=-10 - n) for n in range(4)]
    site.items = [*reversed(news), replace(again, labels=("Cuaca",)), *old, *below]


def moved(site: Site) -> None:
    """Everything has another address, guid and date, and there is news."""
    site.items = [
        replace(
            one,
            link=one.link.replace("paper.example", "koran.example"),
            guid=one.guid.replace("paper.example", "koran.example"),
            published=NOON + HOUR,
        )
        for one in site.items
        if one.guid != "lain"  # its article may then have either address
    ]
    site.items[:0] = [piece("baru", hours=2), piece("segar", hours=3)]


Change = Callable[[Site], None]
CHANGES: dict[str, tuple[str, tuple[Change, ...]]] = {
    "next day": ("none", (first, next_day)),
    "next day, with an editor": ("Kota", (first, next_day)),
    "moved": ("none", (first, moved)),
}
"""What is held for an editor, and how the feed changes."""
ROWS = {
    "articles": "SELECT headline, lead, link, revision, hold, missing, earlier, posted, sort_at,"
    " origin, first_seen_at FROM article ORDER BY headline, id",
    "posts": "SELECT kind, headline FROM broadcast JOIN article ON article.id = article_id"
    " ORDER BY kind, broadcast.id",
    "cards": "SELECT content, headline FROM delivery JOIN article ON article.id = article_id"
    " ORDER BY delivery.id",
    "entries": "SELECT key, headline, entry.published_at, seen_at, told, told_link, told_at, place,"
    " walked FROM entry JOIN article ON article.id = article_id"
    " JOIN feed ON feed.id = entry.feed_id"
    " WHERE seen_at >= read_at ORDER BY key",
    "topics": "SELECT headline, name FROM article_topic JOIN topic ON topic.id = topic_id"
    " JOIN article ON article.id = article_id ORDER BY headline, name",
    "found": "SELECT headline, words FROM search_row JOIN article ON article.id = article_id"
    " ORDER BY headline",
    "words": "SELECT articles, words FROM search_total",
    "feed": "SELECT title, etag <> '' AS etag, oldest_at, habit, first_look_at, read_at, due_at,"
    " news_at, asked_at, failures FROM feed",
}


async def stored(looks: Looks) -> dict[str, list[dict[str, Any]]]:
    return {name: [dict(row) for row in await looks.rows(sql)] for name, sql in ROWS.items()}


@pytest.fixture
async def another(engine: str, tmp_path_factory: Any, request: Any) -> AsyncIterator[Database]:
    """A second database of the same kind."""
    if engine == "sqlite":
        url = databases.empty(tmp_path_factory.mktemp("other") / "kabar.db")
    else:
        url = request.getfixturevalue("postgres").create()
    opened = await open_database(url)
    yield opened
    await opened.close()
    if engine != "sqlite":
        request.getfixturevalue("postgres").drop(url)


async def follow(db: Database, site: Site, fetcher: Fetcher, hold: str) -> Looks:
    looks = Looks(db, fetcher, Clock())
    editors = EditorsPolicy(policy(hold), TelegramId(TEAM))
    async with db.transaction() as tx:
        await chats.see(tx, TelegramId(TEAM), kind=ChatKind.GROUP, title="Redaksi", now=NOON)
    looks.restart(editors=editors)
    await looks.follow(site.feed)
    return looks


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_poll_killed_at_every_piece_is_stored_once(
    db: Database, another: Database, site: Site, change: str
) -> None:
    hold, steps = CHANGES[change]
    mortal = Mortal(db)
    async with Fetcher(allow_private=True) as fetcher:
        looks = await follow(mortal, site, fetcher, hold)
        calm = await follow(another, site, fetcher, hold)
        for number, step in enumerate(steps):
            step(site)
            kills = 20 * number
            site.validators = True
            while True:
                # Some steps leave no trace if the program ends then, and are taken again.
                mortal.left = max(1, kills - 20 * (number + 1))
                looks.restart(piece=0.0)
                with suppress(Killed):
                    await looks.poller.tick()
                    break
                kills += 1
            mortal.left = None
            await calm.poller.tick()
            assert await stored(looks) == await stored(calm)
            looks.clock.pass_(DAY)
            calm.clock.pass_(DAY)
            assert kills > 20 * number + 5


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_two_feeds_stored_in_turns_post_what_both_bring_once(
    db: Database, clock: Clock, site: Site
) -> None:
    """Between two pieces of one poll, the other one stores the same articles."""
    async with open_site(*site.items) as second, Fetcher(allow_private=True) as fetcher:
        looks = Looks(db, fetcher, clock)
        await looks.follow(site.feed, second.feed)
        await looks.look()
        looks.restart(piece=0.0)
        news = [piece(f"baru{n}", hours=1 + n) for n in range(8)]
        for paper in (site, second):
            paper.items[:0] = [replace(one, guid=f"{paper.address}{one.guid}") for one in news]
        await looks.look(2)
        posted = await looks.posted()
        assert sorted(posted) == sorted(one.title for one in news)
        assert len(await looks.kept()) == len(news) + 3
