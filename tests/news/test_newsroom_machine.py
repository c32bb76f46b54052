"""A newsroom that publishes, corrects, reorders, truncates and moves, in any order: each article is
posted once, nothing old is posted, and posts are edited only for what was changed.

A state machine over the real reading of feeds, the real plan and a real database.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.articles import likeness
from bot.core.feeds import parse
from bot.news import planning
from bot.news.correcting import update_settled
from bot.news.ingest import Ingest, Rules
from storage import Connection, feeds, open_database
from tests.conftest import NOON
from tests.support import databases
from tests.support.feed_site import Item, Site

_T = TypeVar("_T")
HOUR, DAY = 3600, 86_400
SYLLABLES = ("ba", "ci", "du", "ga", "ja", "ko", "lu", "ma", "ni", "pe", "ra", "su", "ti", "wo")
SCHEMES = ("tag", "link", "none", "number", "hash", "short number")


@dataclass
class Piece:
    """An article as the newsroom has it. `mark` is a word that only it has."""

    number: int
    mark: str
    title: str
    text: str
    published: int
    slug: str
    old: bool = False
    changes: int = 0
    offered: bool = False
    """A poll could see it while it was new."""
    sections: list[str] = field(default_factory=lambda: [""])


class NewsroomMachine(RuleBasedStateMachine):
    """One paper with a feed of everything and a feed of one section."""

    dated: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "kabar.db"
        self.db = self.runner.run(open_database(databases.empty(path)))
        self.now = NOON
        self.pieces: list[Piece] = []
        self.listed: dict[str, list[Piece]] = {"all": [], "section": []}
        """Newest first."""
        self.window = {"all": 6, "section": 4}
        self.looked: set[str] = set()
        self.host = "https://paper.example"
        self.slash = ""
        self.looks = 0
        self.moves = 0
        self.edits_seen = 0
        self.allowed = 0
        """Edits for which the newsroom gave a reason."""

    @initialize(scheme=st.sampled_from(SCHEMES), seed=st.integers(0, 2**16), nonce=st.booleans())
    def open(self, scheme: str, seed: int, *, nonce: bool) -> None:
        self.scheme, self.nonce, self.random = scheme, nonce, random.Random(seed)
        for _ in range(8):
            self._publish(old=True, hours=self.random.randint(2, 4))
        self.run(lambda tx: feeds.configure(tx, [("http://a/all", ""), ("http://a/section", "")]))

    # --- the newsroom

    def _words(self, count: int) -> str:
        return " ".join(
            "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))
            for _ in range(count)
        )

    def _publish(self, *, old: bool = False, hours: int = 0) -> Piece:
        number = len(self.pieces)
        mark = f"tanda{number}x"
        title, text = self._words(6).capitalize(), f"{self._words(25).capitalize()} {mark}."
        self.now += hours * HOUR + 61
        one = Piece(number, mark, title, text, self.now, title.replace(" ", "-"), old=old)
        self.pieces.append(one)
        self.listed["all"].insert(0, one)
        if self.random.random() < 0.5:
            self.listed["section"].insert(0, one)
        return one

    @rule(count=st.integers(1, 3), minutes=st.integers(0, 300))
    def publish(self, count: int, minutes: int) -> None:
        self.now += minutes * 60
        for _ in range(count):
            self._publish()

    @rule()
    def publish_what_recurs(self) -> None:
        """Yesterday's headline and beginning, another date, link and guid."""
        model = self.random.choice(self.pieces)
        if model.changes or not self.dated or self.scheme == "hash":
            return
        self.now += DAY + 60
        one = self._publish()
        beginning = model.text.rpartition(" ")[0]
        one.title, one.text = model.title, f"{beginning} {beginning} {one.mark}."
        one.slug = f"{one.slug}-lagi"

    def _shown(self) -> list[Piece]:
        return self.listed["all"][: self.window["all"]]

    @precondition(lambda self: "all" in self.looked)
    @rule(slug=st.booleans())
    def correct_a_headline(self, *, slug: bool) -> None:
        one = self.random.choice(self._shown())
        words = one.title.split()
        words[self.random.randrange(1, len(words))] = self._words(1)
        one.title = " ".join(words)
        if slug:
            one.slug = one.title.replace(" ", "-")
        one.changes += 1
        self.allowed += 1
        self.now += 2 * HOUR
        self.look()

    @precondition(lambda self: "all" in self.looked)
    @rule()
    def correct_a_text(self) -> None:
        one = self.random.choice(self._shown())
        first, _, rest = one.text.partition(" ")
        one.text = f"{first} {self._words(1)} {rest}"
        one.changes += 1
        self.allowed += 1
        self.now += 2 * HOUR
        self.look()

    @rule(size=st.integers(2, 10), name=st.sampled_from(["all", "section"]))
    def another_window(self, size: int, name: str) -> None:
        self.window[name] = size

    @precondition(lambda self: self.dated and self.looked)
    @rule()
    def list_in_another_order(self) -> None:
        count = min(3, self.window["all"])
        first = self.listed["all"][:count]
        self.random.shuffle(first)
        self.listed["all"][:count] = first

    @rule(what=st.sampled_from(["tls", "www", "slash"]))
    def move(self, what: str) -> None:
        if what == "slash":
            self.slash = "" if self.slash else "/"
        elif what == "tls":
            self.host = (
                self.host.replace("https:", "http:")
                if "https" in self.host
                else (self.host.replace("http:", "https:"))
            )
        else:
            self.host = (
                self.host.replace("//www.", "//")
                if "www." in self.host
                else (self.host.replace("//", "//www."))
            )

    @rule()
    def put_into_a_second_section(self) -> None:
        one = self.listed["all"][0]
        if self.scheme in {"tag", "number"} and self.dated and len(one.sections) == 1:
            one.sections.append("kota")

    @rule()
    def withdraw(self) -> None:
        if len(self.listed["all"]) > 4:
            gone = self.listed["all"].pop(self.random.randrange(3))
            self.listed["section"] = [one for one in self.listed["section"] if one is not gone]

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * 60

    # --- the feeds

    def _item(self, one: Piece, section: str) -> Item:
        place = f"{section}/{one.slug}" if section else one.slug
        link = f"{self.host}/{place}.html{self.slash}"
        if self.nonce:
            link += f"?sid={self.looks:x}a{one.number:08x}"
        names = {
            "tag": f"tag:paper.example,2023:{section}{one.number}",
            "number": f"{700_000 + one.number * 10 + len(section)}",
            "short number": f"{4000 + one.number}",
            "hash": likeness.digest(one.title)[:16],
            "link": link,
            "none": "",
        }
        published = one.published if self.dated else None
        return Item(one.title, link, one.text, published, names[self.scheme])

    def _body(self, name: str) -> bytes:
        listed = self.listed[name][: self.window[name]]
        items = [self._item(one, section) for one in listed for section in one.sections]
        return Site(items).body()

    @rule()
    def look(self) -> None:
        self.looks += 1
        self.now += 61
        for name in ("all", "section"):
            body = self._body(name)
            for one in self.listed[name][: self.window[name]]:
                one.offered |= name in self.looked and not one.old
            self.run(partial(self._file, name=name, body=body))
            self.looked.add(name)
        if not self.dated:  # what no poll could see as new slides in from below later
            for one in self.pieces:
                one.old |= not one.offered
        elif self.looks == 1:
            for one in self.pieces:
                one.old = True

    async def _file(self, tx: Connection, name: str, body: bytes) -> None:
        row = next(one for one in await feeds.active(tx) if one.address.endswith(name))
        parsed = parse.parse(
            body, address=row.address, now=self.now, zone=UTC, before=row.own_parts
        )
        plan = await planning.plan(tx, row, parsed.stories, now=self.now)
        await Ingest(row, plan, None, Rules(60), now=self.now).go_on(tx)
        await update_settled(tx, now=self.now)
        await feeds.looked(
            tx, row.id, now=self.now, due_at=0, title="", language="", etag="", last_modified="",
            body_hash="", found="", oldest_at=plan.oldest, habit=plan.habit,
            own_parts=parsed.own_parts, empty=not parsed.stories,
        )  # fmt: skip

    def run(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        async def transaction() -> _T:
            async with self.db.transaction() as tx:
                return await work(tx)

        return self.runner.run(transaction())

    # --- what readers see

    @invariant()
    def each_is_posted_once_and_nothing_old(self) -> None:
        rows = self.run(
            lambda tx: tx.rows(
                "SELECT body FROM broadcast JOIN article ON article.id = article_id"
                " WHERE kind = 'news'"
            )
        )
        posted = sorted(row["body"].rstrip(".").rpartition(" ")[2] for row in rows)
        assert posted == sorted(one.mark for one in self.pieces if one.offered)

    @invariant()
    def posts_are_edited_for_a_reason(self) -> None:
        edits = self.run(lambda tx: tx.value("SELECT COALESCE(SUM(revision - 1), 0) FROM article"))
        assert edits <= self.allowed

    @invariant()
    def what_is_kept_is_what_the_newsroom_says(self) -> None:
        if not self.looked:
            return
        titles = {one.mark: one.title for one in self.pieces if one.changes}
        rows = self.run(lambda tx: tx.rows("SELECT headline, body FROM article"))
        for row in rows:
            mark = row["body"].rstrip(".").rpartition(" ")[2]
            assert titles.get(mark, row["headline"]) == row["headline"]

    def teardown(self) -> None:
        self.runner.run(self.db.close())
        self.runner.close()
        self.folder.cleanup()


class UndatedNewsroomMachine(NewsroomMachine):
    """The same without any date."""

    dated = False


TestNewsroom = pytest.mark.long(NewsroomMachine.TestCase)
TestNewsroom.settings = settings(
    max_examples=12, stateful_step_count=25, phases=[Phase.explicit, Phase.generate]
)
TestUndatedNewsroom = pytest.mark.long(UndatedNewsroomMachine.TestCase)
TestUndatedNewsroom.settings = settings(
    max_examples=8, stateful_step_count=25, phases=[Phase.explicit, Phase.generate]
)
