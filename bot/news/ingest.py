"""Stores what a poll of a feed found, in the caller's transaction. Uses no network.

stories x what is known of them -> plan -> articles, search rows, entries, broadcasts,
                                           pages that are still to be read
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog

from bot.core.articles import likeness, urls
from bot.core.articles.merging import merge, needs_page
from bot.core.editorial.corrections import FRESH_SECONDS, deserves_mark, gained_erratum
from bot.core.editorial.desk import Policy
from bot.core.errors import StorageError
from bot.core.feeds import calm
from bot.core.feeds import plan as feed_plan
from bot.core.feeds.plan import Correction, FeedPlan, Sighting
from bot.core.model import Article, ArticleId, CorrectionKind, Story, TelegramId
from bot.core.posts.content import ArticleCard
from bot.news import retraction
from bot.news.page_reader import Reading, origin
from storage import (
    Connection,
    alerts,
    articles,
    corrections,
    deliveries,
    due_pages,
    feeds,
    indexing,
    known_articles,
    moderators,
    restless,
)
from storage import desk as held
from storage.feeds import FeedRow

log = structlog.get_logger("ingest")


_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class EditorsPolicy:
    """Which new articles wait for an editor, and the moderators' chat where their cards go."""

    policy: Policy
    chat: TelegramId | None = None
    zone: ZoneInfo = _UTC
    """The newsroom's time zone."""


NO_EDITORS = EditorsPolicy(Policy())

Readings = Mapping[str, Reading] | None
"""The result of reading each story's page; missing ones were too slow. None: pages are never
read."""

_RECENT = 86_400
"""Seconds within which a story that a second feed also brings still reaches the readers of that
feed's topics."""
_MOST_QUIET = 100
"""So many articles of a quiet poll, the newest, have their pages read afterwards."""
_SOON = 60
_AT_ONCE, _EACH = 200_000, 3_000
"""Characters of entries that are compared without yielding to the loop: some 20 ms. An entry counts
as so many more, however short it is."""
_TEXTS = 12
"""So many earlier texts of an article are remembered, to recognise a return to one."""


async def plan(
    tx: Connection, row: FeedRow, stories: Sequence[Story], *, now: int, partial: bool = False
) -> FeedPlan:
    """What the entries of a feed mean for us. `partial`: it was pushed, and is only part of the
    feed."""
    by_key = await known_articles.by_key(tx, row.id, [story.key for story in stories])
    # A numeric guid may have been reused for another article.
    unsure = [story for story in stories if story.key not in by_key or story.key.isdigit()]
    candidates = await known_articles.candidates(tx, row.id, unsure)
    state = await feeds.state(tx, row, partial=partial)
    decide = functools.partial(feed_plan.plan, stories, state, by_key, candidates, now=now)
    if sum(len(one.lead) + len(one.body) + _EACH for one in stories) < _AT_ONCE:
        return decide()
    # Comparing two thousand entries of 5 kB takes a second: the loop runs on meanwhile.
    return await asyncio.to_thread(decide)


class StoryFault(Exception):  # noqa: N818 - a fault of ours with one story; its cause says which
    """A story could not be stored; `key` is its key in the feed. Nothing of the poll is stored."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


@contextmanager
def _of(story: Story) -> Iterator[None]:
    """Attributes a failure in the block to this story."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        raise StoryFault(story.key) from error


async def carry_out(
    tx: Connection,
    row: FeedRow,
    what: FeedPlan,
    readings: Readings,
    *,
    every: int,
    now: int,
    partial: bool = False,
    mark: bool = True,
    editors: EditorsPolicy = NO_EDITORS,
) -> bool:
    """Store what the plan says; returns whether there is something to deliver. `every` is the time
    between two polls of a feed; `mark`: posts say that they were updated; `editors`: which articles
    wait for an editor, and in which chat. Raises StoryFault."""
    added: dict[str, ArticleId] = {}
    for behind, story in enumerate(what.quiet, -len(what.quiet)):
        with _of(story):
            added[story.key] = await _add(tx, row, story, readings, now=now)
            if behind >= -_MOST_QUIET:
                await _leave_page(tx, added[story.key], story, readings, now=now)
    for story in what.news:
        with _of(story):
            added[story.key] = await _add(tx, row, story, readings, now=now)
            await _leave_page(tx, added[story.key], story, readings, now=now)
            await _announce(tx, added[story.key], story.topics, editors, now=now)
    for article_id, story in what.raised:
        with _of(story):
            await _announce(tx, article_id, story.topics, editors, now=now)
    seen = [(one, one.article_id or added[one.of]) for one in what.sightings]
    await feeds.saw(tx, row.id, seen, now=now, partial=partial)
    further = await _reach_further(tx, seen, now=now)
    edited = False
    for one in what.corrected:
        with _of(one.story):
            edited |= await _correct(tx, one, readings, every=every, mark=mark, now=now)
    back = await retraction.take_back(tx, row.id, now=now)
    return bool(what.news or what.raised or edited or back or further)


async def update_settled(tx: Connection, *, mark: bool = True, now: int) -> bool:
    """Update the posts of articles that have stopped changing, and say so (`mark`). Returns whether
    there were any."""
    rows = await restless.at_rest(tx, now)
    for row in rows:
        returns = row["fingerprint"] in row["earlier"].split()
        edited = calm.went_out(row["edited"], returns=returns, now=now)
        await restless.show(tx, row["id"], edited=edited)
        posted_at = await corrections.posted_at(tx, row["id"])
        seen = likeness.changes(row["posted"], row["fingerprint"]) - {"link"}
        late = bool(seen) and posted_at is not None and now - posted_at > FRESH_SECONDS
        if mark and posted_at is not None:
            reason = await restless.untold(tx, row["id"])
            await _mark(tx, row["id"], reason, late=late, now=now)
        await restless.set_untold(tx, row["id"], "")
        await deliveries.announce_edit(tx, row["id"], now=now, correction=True)
        log.info("article.settled", article=row["id"])
    return bool(rows)


async def _announce(
    tx: Connection,
    article_id: ArticleId,
    topics: Sequence[str],
    editors: EditorsPolicy,
    *,
    now: int,
) -> None:
    """Send it to its readers, or to the editors first if it has to wait for them."""
    breaking = editors.policy.is_breaking(topics)
    if breaking:
        await articles.set_breaking(tx, article_id)
    chat = None
    if editors.chat is not None and editors.policy.holds(topics):
        chat = await moderators.chat(tx, editors.chat)
    if chat is None:
        await alerts.match(tx, article_id, zone=editors.zone)
        await deliveries.announce(tx, article_id, breaking=breaking, now=now)
        return
    await held.hold(tx, article_id, release_at=editors.policy.release_at(now))
    await indexing.index(tx, article_id)
    await deliveries.enqueue(tx, ArticleCard(), chat.id, article_id=article_id, now=now)


async def _add(
    tx: Connection, row: FeedRow, story: Story, readings: Readings, *, now: int
) -> ArticleId:
    whole = _whole(story, readings) or story
    article_id = await articles.add(tx, whole, of=story, feed_id=row.id, origin="feed", now=now)
    await indexing.index(tx, article_id)
    return article_id


async def _reach_further(
    tx: Connection, seen: Sequence[tuple[Sighting, ArticleId]], *, now: int
) -> bool:
    """Add a feed's topics to articles that it brings for the first time. Returns whether one of
    them has further readers."""
    further = False
    for one, article_id in seen:
        if one.renewed and await articles.add_topics(tx, article_id, one.story.topics):
            further |= await deliveries.announce_further(tx, article_id, since=now - _RECENT)
    return further


async def _correct(
    tx: Connection,
    one: Correction,
    readings: Readings,
    *,
    every: int,
    mark: bool,
    now: int,
) -> bool:
    """Store a correction. Returns whether posts are edited now."""
    before = await articles.get(tx, one.article.id)
    if before is None:
        return False
    told = one.story if one.whole else _patched(before, one)
    whole = _corrected(one, before, readings) if one.whole else told
    known, back = one.article, likeness.fingerprint(told) == one.article.posted
    changed = likeness.shown(before) != likeness.shown(whole)
    pace = calm.pace(known.edited, doubtful=one.doubtful, every=every, now=now)
    goes_out = changed and not back and not pace.restless
    await articles.correct(
        tx,
        known.id,
        whole,
        of=told,
        now=now,
        seen=goes_out,
        same_picture=_same_picture(before, whole),
    )
    await indexing.index(tx, known.id)
    if one.whole:
        await _leave_page(tx, known.id, one.story, readings, now=now)
    if changed or back:
        said = one.before or likeness.fingerprint(before)
        earlier = list(dict.fromkeys((*known.earlier, said)))[-_TEXTS:]
        how = calm.Pace(known.edited) if back else pace
        await restless.wait(tx, known.id, " ".join(earlier), how)
    if changed:
        await held.refresh_cards(tx, known.id, now=now)
    reason = ""
    if changed:
        reason = gained_erratum(before, whole, await restless.untold(tx, known.id))
        await restless.set_untold(tx, known.id, "" if goes_out or back else reason)
    if goes_out:
        posted_at = await corrections.posted_at(tx, known.id)
        if mark and posted_at is not None:
            late = deserves_mark(before, whole, posted_at=posted_at, now=now)
            await _mark(tx, known.id, reason, late=late, now=now)
        await deliveries.announce_edit(tx, known.id, now=now, correction=True)
    elif changed and not back:
        log.info("article.restless", article=known.id, edits_at=pace.settle_at)
    return goes_out


def _patched(article: Article, one: Correction) -> Story:
    """An article with a correction from a feed other than its own: the parts that it shows in that
    feed's words, or its headline if the feed did not have it before."""
    ours = articles.as_story(article)
    same = likeness.changes(likeness.fingerprint(ours), one.before)
    fields = {name for name in one.fields if not one.before or name not in same}
    told = one.story
    if "lead" in fields and told.lead:
        body, linked = (told.body, told.linked) if told.body else (ours.body, ours.linked)
        ours = replace(ours, lead=told.lead, body=body, linked=linked)
    if "picture" in fields and told.picture is not None:
        ours = replace(ours, picture=told.picture)
    return replace(
        ours,
        headline=told.headline if "headline" in fields and told.headline else ours.headline,
        source=told.source if "source" in fields and told.source else ours.source,
        link=told.link if "link" in fields and told.link else ours.link,
    )


def _same_picture(before: Article, whole: Story) -> bool:
    if before.picture is None or whole.picture is None:
        return False
    ours, theirs = before.picture.address, whole.picture.address
    return urls.picture_identity(ours) == urls.picture_identity(theirs)


def _whole(story: Story, readings: Readings) -> Story | None:
    """A story with what its page added, if it was read."""
    reading = (readings or {}).get(story.key)
    return merge(story, reading.story) if reading and reading.story else None


def _corrected(one: Correction, known: Article, readings: Readings) -> Story:
    """An article with only what its feed changed: a short feed's page had said more than the feed,
    and so may another feed."""
    whole = _whole(one.story, readings)
    if whole is not None:
        return whole
    story, ours = one.story, articles.as_story(known)
    if needs_page(story):
        story = merge(story, ours)
    return replace(
        story,
        headline=story.headline if "headline" in one.fields else ours.headline,
        lead=story.lead if "lead" in one.fields else ours.lead,
        picture=story.picture if "picture" in one.fields else ours.picture,
        source=story.source if "source" in one.fields else ours.source,
    )


async def _mark(tx: Connection, article_id: int, reason: str, *, late: bool, now: int) -> None:
    """What readers saw has changed: posts say so, with the time, if the change came `late`; and
    with the reason, if the text itself has gained an erratum."""
    if reason:
        await corrections.add(tx, article_id, CorrectionKind.CORRECTED, reason=reason, now=now)
    elif late:
        await corrections.add(tx, article_id, CorrectionKind.UPDATED, now=now)


async def _leave_page(
    tx: Connection, article_id: ArticleId, story: Story, readings: Readings, *, now: int
) -> None:
    """Note that a page was read, or still has to be."""
    if readings is None or not needs_page(story):
        return
    host, reading = origin(story.link), readings.get(story.key)
    if reading is not None and reading.again_in is None:
        await due_pages.was_read(tx, article_id, host=host, validators=reading.validators)
        return
    wait = 0 if reading is None else max(reading.again_in or 0, _SOON)
    await due_pages.want(tx, article_id, story, host=host, due_at=now + wait)
