"""Carries out what a poll of a feed means, in the caller's transactions. Uses no network.

plan -> articles, search rows, entries, broadcasts, pages that are still to be read

That may take several transactions: two thousand entries take seconds. Should the program end
between two of them, the next poll makes of the rest what this one would have made of it. So an
article comes with its entries, which do not count as found by a poll until all is stored; and a
correction with what its feed says now.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from bot.core.editorial.desk import Policy
from bot.core.errors import StorageError
from bot.core.feeds.plan import Correction, FeedPlan, Sighting
from bot.core.model import ArticleId, Story, TelegramId
from bot.core.posts.content import ArticleCard
from bot.news import retraction
from bot.news.correcting import correct
from bot.news.planning import Known, known
from bot.news.readings import Readings, leave_page, with_page
from storage import Connection, alerts, articles, deliveries, feeds, indexing, moderators
from storage import desk as held
from storage.feeds import FeedRow

_UTC = ZoneInfo("UTC")
_RECENT = 86_400
"""Seconds within which a story that a second feed also brings still reaches the readers of that
feed's topics."""
_MOST_QUIET = 100
"""So many articles of a quiet poll, the newest, have their pages read afterwards."""


@dataclass(frozen=True, slots=True)
class EditorsPolicy:
    """Which new articles wait for an editor, and the moderators' chat where their cards go."""

    policy: Policy
    chat: TelegramId | None = None
    zone: ZoneInfo = _UTC
    """The newsroom's time zone."""


NO_EDITORS = EditorsPolicy(Policy())


@dataclass(frozen=True, slots=True)
class Rules:
    """The newsroom's choices. `every` is the time between two polls of a feed (seconds); `mark`:
    posts say that they were updated."""

    every: int
    mark: bool = True
    editors: EditorsPolicy = NO_EDITORS


class StoryFault(Exception):  # noqa: N818 - a fault of ours with one story; its cause says which
    """A story could not be stored; `key` is its key in the feed, empty if it is one of several.
    Nothing of the transaction is stored."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


@contextmanager
def _of(key: str) -> Iterator[None]:
    """Attributes a failure in the block to this story."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        raise StoryFault(key) from error


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Step:
    kind: str
    story: Story
    take: Callable[[Connection], Awaitable[None]]


class Ingest:
    """A plan that is being carried out. `about` is what it was made from, needed where that takes
    several transactions; `partial`: it is about a push.

    `changed`: there is something to deliver; `stored`: how many stories of each kind the last
    transaction stored.
    """

    def __init__(
        self,
        row: FeedRow,
        what: FeedPlan,
        readings: Readings,
        rules: Rules,
        *,
        now: int,
        about: Known | None = None,
        partial: bool = False,
    ) -> None:
        self.what = what
        self.changed = False
        self.stored = Counter[str]()
        self._row, self._readings, self._rules = row, readings, rules
        self._now, self._about, self._partial = now, about, partial
        self._added: dict[str, ArticleId] = {}
        self._touched: set[ArticleId] = set()
        """Articles that differ from what the plan was made from because of itself."""
        self._unindexed: list[ArticleId] = []
        self._entries: dict[str | ArticleId, list[Sighting]] = defaultdict(list)
        """The entries of an article, by its number; of a new one by its story's key."""
        for one in what.sightings:
            self._entries[one.of or one.article_id or ""].append(one)
        self._steps = deque(self._all_steps())

    def _all_steps(self) -> Iterator[_Step]:
        what = self.what
        for behind, story in enumerate(what.quiet, -len(what.quiet)):
            yield _Step("quiet", story, partial(self._quiet, story, behind >= -_MOST_QUIET))
        for story in what.news:
            yield _Step("news", story, partial(self._news, story))
        for article_id, story in what.raised:
            yield _Step("raised", story, partial(self._raised, article_id, story))
        for sighting in what.sightings:
            if sighting.renewed and sighting.article_id is not None:
                further = partial(self._further, sighting.article_id, sighting)
                yield _Step("further", sighting.story, further)
        for one in what.corrected:
            yield _Step("corrected", one.story, partial(self._corrected, one))

    async def holds(self, tx: Connection, most: int) -> bool:
        """Whether what is known of the next `most` stories is still what the plan was made from:
        between two transactions another feed may have brought them, or an editor decided."""
        if self._about is None:
            return False
        stories = [step.story for step in islice(self._steps, most)]
        again = await known(tx, self._row, stories)
        return all(
            self._about.about(one.key, apart=self._touched)
            == again.about(one.key, apart=self._touched)
            for one in stories
        )

    async def go_on(
        self, tx: Connection, *, most: int | None = None, enough: Callable[[], bool] = _never
    ) -> bool:
        """Store stories until `enough`, at most so many, but at least one. Returns whether all is
        stored. Raises StoryFault."""
        stored: list[_Step] = []
        while self._steps and (not stored or (len(stored) != most and not enough())):
            step = self._steps.popleft()
            stored.append(step)
            with _of(step.story.key):
                await step.take(tx)
        if self._unindexed:
            with _of(stored[0].story.key if len(stored) == 1 else ""):
                await indexing.index_many(tx, self._unindexed)
            self._unindexed.clear()
        self.stored = Counter(step.kind for step in stored)
        if self._steps:
            await self._note(tx, stored)
            return False
        await self._finish(tx)
        return True

    async def _note(self, tx: Connection, stored: Sequence[_Step]) -> None:
        """Note what these stories are, without saying that a poll found them."""
        new = [(step.story.key, self._added.get(step.story.key)) for step in stored]
        entries = [(one, number) for key, number in new if number for one in self._entries[key]]
        await feeds.saw(tx, self._row.id, entries, now=self._now, unfinished=True)
        keys = {step.story.key for step in stored if step.kind == "corrected"}
        corrected = [one.article.id for one in self.what.corrected if one.story.key in keys]
        told = [(one, number) for number in corrected for one in self._entries[number]]
        await feeds.told(tx, self._row.id, told)

    async def _finish(self, tx: Connection) -> None:
        seen = [(one, one.article_id or self._added[one.of]) for one in self.what.sightings]
        await feeds.saw(tx, self._row.id, seen, now=self._now, partial=self._partial)
        self.changed |= await retraction.take_back(tx, self._row.id, now=self._now)

    async def _quiet(self, story: Story, page: bool, tx: Connection) -> None:
        article_id = await self._add(tx, story)
        if page:
            await leave_page(tx, article_id, story, self._readings, now=self._now)
        self._unindexed.append(article_id)
        await self._other_sections(tx, article_id, story)

    async def _news(self, story: Story, tx: Connection) -> None:
        article_id = await self._add(tx, story)
        await indexing.index(tx, article_id)
        await leave_page(tx, article_id, story, self._readings, now=self._now)
        await self._raised(article_id, story, tx)
        await self._other_sections(tx, article_id, story)

    async def _raised(self, article_id: ArticleId, story: Story, tx: Connection) -> None:
        """Send it to its readers, or to the editors first if it has to wait for them."""
        self.changed = True
        self._touched.add(article_id)
        editors, now = self._rules.editors, self._now
        breaking = editors.policy.is_breaking(story.topics)
        if breaking:
            await articles.set_breaking(tx, article_id)
        chat = None
        if editors.chat is not None and editors.policy.holds(story.topics):
            chat = await moderators.chat(tx, editors.chat)
        if chat is None:
            await alerts.match(tx, article_id, zone=editors.zone)
            await deliveries.announce(tx, article_id, breaking=breaking, now=now)
            return
        await held.hold(tx, article_id, release_at=editors.policy.release_at(now))
        await indexing.index(tx, article_id)
        await deliveries.enqueue(tx, ArticleCard(), chat.id, article_id=article_id, now=now)

    async def _add(self, tx: Connection, story: Story) -> ArticleId:
        whole = with_page(story, self._readings) or story
        added = await articles.add(
            tx, whole, of=story, feed_id=self._row.id, origin="feed", now=self._now
        )
        self._added[story.key] = added
        self._touched.add(added)
        return added

    async def _other_sections(self, tx: Connection, article_id: ArticleId, story: Story) -> None:
        for one in self._entries[story.key]:
            if one.renewed:
                await self._further(article_id, one, tx)

    async def _further(self, article_id: ArticleId, one: Sighting, tx: Connection) -> None:
        """Add the topics of an entry by which its feed brings this article for the first time, and
        let it reach their readers."""
        if await articles.add_topics(tx, article_id, one.story.topics):
            since = self._now - _RECENT
            self.changed |= await deliveries.announce_further(tx, article_id, since=since)

    async def _corrected(self, one: Correction, tx: Connection) -> None:
        self._touched.add(one.article.id)
        rules, readings = self._rules, self._readings
        self.changed |= await correct(
            tx, one, readings, every=rules.every, mark=rules.mark, now=self._now
        )
