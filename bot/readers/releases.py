"""Releases what was kept back: digests, articles held in quiet hours, those over a day's limit.

    due subscriptions -> what waits for each -> whose time has come -> posts or one digest
                                                                       (deliveries, and the mark)

Killed before the commit, everything waits as before; after it, everything is on its way: never
twice, never lost. What fell due while the program was down comes once, not several times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import structlog

from bot.attempts import for_ever
from bot.core.posts.content import NewsDigest
from bot.core.posts.content_kinds import KeptFor
from bot.core.readers.filters import telling, words_of
from bot.core.readers.preferences import BUNDLED, Preferences
from bot.core.readers.schedule import due_at, midnight
from bot.health import Beat, no_beat
from storage import (
    Connection,
    Database,
    Row,
    alerts,
    articles,
    deliveries,
    kept_back,
    preferences,
    sponsors,
)
from storage.kept_back import KeptArticle

log = structlog.get_logger("readers")

_AT_ONCE = 100
_IDLE = 5.0
_REMEMBERED = 3 * 86_400
"""Seconds for which it is remembered that an article was kept back: announced again, it still comes
once."""


class Releases:
    """The loop over subscriptions for which something is due. `zone` is the newsroom's."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Callable[[], int],
        zone: ZoneInfo,
        wake: Callable[[], None],
        idle: float = _IDLE,
        beat: Beat = no_beat,
    ) -> None:
        self._db = db
        self._clock = clock
        self._zone = zone
        self._wake = wake
        self._idle = idle
        self._beat = beat
        self._forget_at = 0

    async def run(self) -> None:
        """Run forever. An unavailable database is tried again."""
        await for_ever(self._release_all, name="releases", beat=self._beat, every=self._idle)

    async def _release_all(self) -> None:
        while await self.tick():
            self._beat()

    async def tick(self) -> int:
        """Release everything that is due now, for at most a hundred subscriptions; returns how
        many."""
        now = self._clock()
        async with self._db.reading() as cx:
            rows = await kept_back.due(cx, now=now, limit=_AT_ONCE)
        for row in rows:
            async with self._db.transaction() as tx:
                await self.release(tx, row, now=now)
        if rows:
            self._wake()
        if now >= self._forget_at:
            self._forget_at = now + 3600
            async with self._db.transaction() as tx:
                await kept_back.forget(tx, before=now - _REMEMBERED)
        return len(rows)

    async def release(self, tx: Connection, row: Row, *, now: int) -> None:
        """Release what is due for one subscription (a row of `storage.kept_back.due`)."""
        number = row["id"]
        waiting = await kept_back.waiting(tx, number)
        if not row["active"]:
            waiting = await self._followed(tx, row, waiting)
        if row["gone_at"] is not None or not waiting:
            await kept_back.drop(tx, number, now=now)
            return
        wants = preferences.of_row(row, self._zone)
        due = [one for one in waiting if due_at(wants, one.why, one.kept_at) <= now]
        for why in KeptFor:
            group = [one for one in due if one.why is why]
            if group:
                await self._send(tx, row, wants, why, group, now=now)
        waiting = await kept_back.waiting(tx, number)
        times = [due_at(wants, one.why, one.kept_at) for one in waiting]
        await kept_back.set_due(tx, number, min(times, default=None))

    async def _followed(
        self, tx: Connection, row: Row, waiting: Sequence[KeptArticle]
    ) -> list[KeptArticle]:
        """What waits for a chat without a subscription because it still follows words in it; a
        chat that was paused gets nothing."""
        asked = [] if row["reason"] else await alerts.of_chat(tx, row["chat_id"], row["thread"])
        texts = [("", one.text) for one in asked]
        found, others = [], []
        for one in waiting:
            wanted = texts and one.why is KeptFor.QUIET
            article = await articles.get(tx, one.article_id) if wanted else None
            if article is not None and telling(texts, words_of(article), self._zone):
                found.append(one)
            else:
                others.append(one.article_id)
        await kept_back.released(tx, row["id"], others, now=self._clock())
        return found

    async def _send(
        self,
        tx: Connection,
        row: Row,
        wants: Preferences,
        why: KeptFor,
        group: Sequence[KeptArticle],
        *,
        now: int,
    ) -> None:
        number = row["id"]
        if why is KeptFor.QUIET and len(group) <= BUNDLED:
            group = await self._within_limit(tx, row, wants, group, now=now)
            for one in group:
                await deliveries.post(
                    tx,
                    one.article_id,
                    row["chat_id"],
                    thread=row["thread"],
                    silent=wants.silent,
                    bare=not wants.pictures,
                    now=now,
                )
        else:
            told = NewsDigest(tuple(one.article_id for one in group), why)
            sent = await deliveries.enqueue(tx, told, row["chat_id"], thread=row["thread"], now=now)
            if why is KeptFor.DIGEST and (running := await sponsors.running(tx, now=now)):
                await sponsors.put_on(tx, sent, running[0].id)
        await kept_back.released(tx, number, [one.article_id for one in group], now=now)

    async def _within_limit(
        self,
        tx: Connection,
        row: Row,
        wants: Preferences,
        group: Sequence[KeptArticle],
        *,
        now: int,
    ) -> Sequence[KeptArticle]:
        """As many as the day's limit lets through; the rest wait for the evening."""
        if wants.limit is None:
            return group
        day = midnight(now, wants.zone)
        today = row["posted"] if row["day"] == day else 0
        room = max(0, wants.limit - today)
        over = [one.article_id for one in group[room:]]
        await kept_back.keep_for(tx, row["id"], over, KeptFor.LIMIT)
        await kept_back.count_posts(tx, [row["id"]], day=day, n=len(group[:room]))
        return group[:room]
