"""What editors do with articles: release, schedule, stop, reword. One transaction each, with a line
in the log; two editors at once make one decision.

An update may be handled again after a crash: what is already done then changes nothing, and no
second line is written.

    held on arrival (bot.news.ingest) -> card -> 🚀 ⏰ ⛔ here, or its time comes -> announced once
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.attempts import for_ever
from bot.core.editorial.corrections import FRESH_SECONDS
from bot.core.editorial.desk import EditorialState, Hold
from bot.core.model import Actor, ChatId, CorrectionKind, TelegramId
from bot.core.posts.content import ArticleCard
from bot.health import Beat, no_beat
from storage import (
    Connection,
    Database,
    alerts,
    corrections,
    decisions,
    deliveries,
    desk,
    indexing,
)

log = structlog.get_logger("editorial")

_AT_ONCE = 50
_IDLE = 1.0
TIME = Actor(TelegramId(0), "rule")
"""The actor for articles that go out by themselves."""


@dataclass(frozen=True, slots=True)
class EditResult:
    """The state of an article after an edit. `done` is False if somebody else was first."""

    standing: EditorialState | None
    done: bool


class Editing:
    """The use cases, and the loop that releases what is due. `mark`: posts say that they
    changed."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Callable[[], int],
        wake: Callable[[], None],
        zone: ZoneInfo,
        mark: bool = True,
        idle: float = _IDLE,
        beat: Beat = no_beat,
    ) -> None:
        self._db = db
        self._clock = clock
        self._wake = wake
        self._mark = mark
        self._zone = zone
        self._idle = idle
        self._beat = beat

    async def run(self) -> None:
        """Run forever. An unavailable database is tried again."""
        await for_ever(self.tick, name="editorial", beat=self._beat, every=self._idle)

    async def tick(self) -> None:
        """Release what is due."""
        now = self._clock()
        async with self._db.reading() as cx:
            found = await desk.due(cx, now=now, limit=_AT_ONCE)
        for one in found:
            async with self._db.transaction() as tx:
                if await self._let_go(tx, one, by=TIME, now=now):
                    log.info("article.released", article=one.article_id)
        if found:
            self._wake()

    async def get(self, article_id: int) -> EditorialState | None:
        """The state of an article."""
        async with self._db.reading() as cx:
            return await desk.get(cx, article_id)

    async def post_now(self, seen: EditorialState, *, by: Actor) -> EditResult:
        """🚀: send it to its readers at once."""
        now = self._clock()
        async with self._db.transaction() as tx:
            done = await self._let_go(tx, seen, by=by, now=now)
        self._wake()
        return EditResult(await self.get(seen.article_id), done)

    async def schedule(self, seen: EditorialState, at: int, *, by: Actor) -> EditResult:
        """⏰: send it to its readers at that time."""
        return await self._decide(seen, Hold.SCHEDULED, "schedule", by=by, release_at=at)

    async def stop(self, seen: EditorialState, *, by: Actor) -> EditResult:
        """⛔: do not send it to its readers."""
        return await self._decide(seen, Hold.STOPPED, "stop", by=by, undo_to=Hold.HELD)

    async def undo(self, seen: EditorialState, *, by: Actor) -> EditResult:
        """↩: undo a stop; the article waits again."""
        if not seen.undoable(self._clock()):
            return EditResult(seen, done=False)
        return await self._decide(seen, Hold.HELD, "undo stop", by=by)

    async def switch(
        self, seen: EditorialState, *, breaking: int, silent: bool, by: Actor
    ) -> EditResult:
        """📢 and 🔕: how it goes out."""
        now = self._clock()
        async with self._db.transaction() as tx:
            done = await desk.switch(tx, seen, breaking=breaking, silent=silent, now=now)
            if done:
                what = f"breaking {breaking}" if breaking != seen.breaking else "sound"
                await self._note(tx, seen.article_id, what, by=by, now=now)
        self._wake()
        return EditResult(await self.get(seen.article_id), done)

    async def put_words(
        self, article_id: int, *, by: Actor, headline: str | None = None, lead: str | None = None
    ) -> None:
        """✏️: an editor's headline or lead in place of the feed's; an empty one restores the
        feed's."""
        async with self._db.transaction() as tx:
            if await desk.set_words(tx, article_id, headline=headline, lead=lead):
                await self._changed(tx, article_id, "words", by=by)
        self._wake()

    async def put_picture(self, article_id: int, picture: str, *, by: Actor) -> None:
        """🖼: an editor's picture (address or file id), `-` for none, empty for the site's."""
        now = self._clock()
        async with self._db.transaction() as tx:
            if not await desk.set_picture(tx, article_id, picture):
                return
            await self._changed(tx, article_id, "picture", by=by)
            for number in (await desk.cards(tx, article_id))[-1:]:
                place = await deliveries.place_of(tx, number)
                if place is not None:  # an edit cannot turn a text into a picture
                    await show_card(tx, article_id, place[0], thread=place[1], now=now)
        self._wake()

    async def _decide(
        self,
        seen: EditorialState,
        to: Hold,
        action: str,
        *,
        by: Actor,
        release_at: int | None = None,
        undo_to: Hold = Hold.NONE,
    ) -> EditResult:
        now = self._clock()
        if (seen.hold, seen.release_at, seen.out) == (to, release_at, False):
            return EditResult(seen, done=True)
        async with self._db.transaction() as tx:
            done = not seen.out and await desk.decide(
                tx, seen, to=to, release_at=release_at, undo_to=undo_to, now=now
            )
            if done:
                await indexing.index(tx, seen.article_id)
                reason = ""
                if release_at is not None:
                    local = datetime.fromtimestamp(release_at, self._zone)
                    reason = local.strftime("%Y-%m-%d %H:%M")
                await self._note(tx, seen.article_id, action, by=by, reason=reason, now=now)
        self._wake()
        return EditResult(await self.get(seen.article_id), done)

    async def _let_go(self, tx: Connection, seen: EditorialState, *, by: Actor, now: int) -> bool:
        if seen.out or not await desk.decide(tx, seen, to=Hold.NONE, now=now):
            return False
        await indexing.index(tx, seen.article_id)
        await alerts.match(tx, seen.article_id, zone=self._zone)
        await deliveries.announce(tx, seen.article_id, breaking=seen.breaking > 0, now=now)
        await self._note(tx, seen.article_id, "release", by=by, now=now)
        return True

    async def _changed(self, tx: Connection, article_id: int, action: str, *, by: Actor) -> None:
        now = self._clock()
        await indexing.index(tx, article_id)
        posted_at = await corrections.posted_at(tx, article_id)
        if posted_at is not None:
            if self._mark and now - posted_at > FRESH_SECONDS:
                await corrections.add(
                    tx,
                    article_id,
                    CorrectionKind.UPDATED,
                    actor=by.name,
                    actor_id=by.id,
                    now=now,
                )
            await deliveries.announce_edit(tx, article_id, now=now, correction=True)
        await self._note(tx, article_id, action, by=by, now=now)

    async def _note(
        self,
        tx: Connection,
        article_id: int,
        action: str,
        *,
        by: Actor,
        reason: str = "",
        now: int,
    ) -> None:
        await decisions.record(tx, action, by=by, article_id=article_id, reason=reason, now=now)
        await desk.refresh_cards(tx, article_id, now=now)


async def show_card(
    tx: Connection, article_id: int, chat_id: ChatId, *, thread: int = 0, now: int
) -> None:
    """Send the editors a card of the article."""
    await deliveries.enqueue(
        tx, ArticleCard(), chat_id, thread=thread, article_id=article_id, now=now
    )
