"""Feeds that push: subscribes at their hubs and takes what they send. Knows WebSub, no readers.

    a poll of a feed names its hub -> asked -> the hub verifies at our callback -> it pushes
    a push: token? signature? -> "poll this feed soon" is stored -> 202 -> its news is stored

Source: W3C Recommendation "WebSub" of 23 January 2018. A push only brings news sooner: the feed is
still polled, so nothing depends on a hub that loses something or disappears.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.attempts import log_fault
from bot.core.errors import FeedError, OperatorError, StorageError
from bot.core.model import FeedId, ParsedFeed
from bot.core.text import whole_number
from bot.fetch import MAX_BYTES, Fetched, Fetcher
from bot.health import Beat, next_of, no_beat
from storage import Connection, Database, websub
from storage.websub import Subscription

log = structlog.get_logger("websub")

LEASE = 10 * 86_400
"""The lease that we request, in seconds; the hub decides."""
_LONGEST_LEASE = 366 * 86_400
_VERIFY = 300
"""Seconds within which the hub should verify; then it is asked again."""
_BACK_OFF, _LONGEST = 60, 6 * 3600
_DENIED = 86_400
_TICK = 2.0
_QUEUE = 200
_QUEUE_BYTES = 32 * 1024 * 1024
"""So much content may wait or be on its way to us; then 503 makes hubs push again."""
_CHALLENGE = 2048
_SOONEST = 60
"""Seconds between two renewals, however short the hub's lease is."""
_AGAIN = {"Retry-After": "10"}
_SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-f]+)", re.IGNORECASE)

_Answer = Callable[[web.Request], Awaitable[web.Response]]
Take = Callable[[FeedId, bytes, str], Awaitable[None]]
"""Stores what a push brings: (feed, body, content type)."""


class WebSub:
    """`public_url` is our address as the internet sees it; callbacks lie at its `/websub/`. So many
    bytes of content (`most_bytes`) may wait to be stored."""

    def __init__(
        self,
        db: Database,
        fetcher: Fetcher,
        take: Take,
        *,
        public_url: str,
        clock: Callable[[], int],
        beat: Beat = no_beat,
        beat_pushes: Beat = no_beat,
        most_bytes: int = _QUEUE_BYTES,
    ) -> None:
        self._most_bytes = most_bytes
        self._beat = beat
        self._beat_pushes = beat_pushes
        self._db = db
        self._fetcher = fetcher
        self._take = take
        self._root = f"{public_url.rstrip('/')}/websub/"
        self._clock = clock
        self._pushes: asyncio.Queue[tuple[FeedId, bytes, str]] = asyncio.Queue(_QUEUE)
        self._held = 0
        """Bytes of content that wait to be stored or are being received."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of callbacks. A proxy may pass on the path of our public address or strip
        it."""
        path = r"/{before:(?:.*/)?}websub/{token:[\w-]+}"
        return [
            web.get(path, _patient(self._verify), allow_head=False),
            web.post(path, _patient(self._receive)),
        ]

    async def run(self) -> None:
        """Keep the subscriptions alive, forever. To be run by one process."""
        await self._patiently(self.begin)
        while True:
            self._beat()
            await self._patiently(self.tick)
            await asyncio.sleep(_TICK)

    async def take_pushes(self) -> None:
        """Store what was pushed, forever, one after the other. By every process that listens."""
        while True:
            feed_id, body, kind = await next_of(self._pushes, self._beat_pushes)
            try:
                await self._take(feed_id, body, kind)
            except (FeedError, StorageError) as error:
                log.warning("websub.not_taken", feed=feed_id, reason=str(error))
            except OperatorError:
                raise
            except Exception as error:  # noqa: BLE001 - the poll that follows sets aside what it is
                log_fault("websub.broken", error, feed=feed_id)
            finally:
                self._held -= len(body)
                self._pushes.task_done()

    async def settled(self) -> None:
        """Wait until everything that was pushed is stored (for tests)."""
        await self._pushes.join()

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except StorageError as error:
            log.warning("websub.postponed", reason=str(error))

    async def begin(self) -> None:
        """At a start: apply what changed since the last one."""
        async with self._db.transaction() as tx:
            await websub.begin(tx, root=self._root, now=self._clock())

    async def tick(self) -> None:
        """Ask the hubs whose subscriptions are due."""
        async with self._db.reading() as cx:
            due = await websub.due(cx, now=self._clock())
        await asyncio.gather(*(self._ask(one) for one in due))

    async def _ask(self, one: Subscription) -> None:
        now, leaving = self._clock(), one.state == "leaving"
        if one.lease_until is not None and one.lease_until <= now:
            async with self._db.transaction() as tx:
                await websub.lost(tx, one, now=now)
            log.warning("websub.lost", hub=one.hub, topic=one.topic, reason=one.reason)
        if leaving and (one.attempts > 2 or not one.callback):
            async with self._db.transaction() as tx:
                await websub.left(tx, one)
            return
        wait = min(_BACK_OFF << min(one.attempts, 12), _LONGEST)
        callback = one.callback if leaving else self._root + one.token
        async with self._db.transaction() as tx:
            await websub.asking(tx, one, callback=callback, due_at=now + max(wait, _VERIFY))
        form = {
            "hub.mode": "unsubscribe" if leaving else "subscribe",
            "hub.topic": one.topic,
            "hub.callback": callback,
        }
        if not leaving:
            form |= {"hub.lease_seconds": str(LEASE), "hub.secret": one.secret}
        reason = await self._post(one.hub, form)
        if reason:
            async with self._db.transaction() as tx:
                await websub.refused(tx, one, reason=reason, due_at=now + wait)
            log.warning(
                "websub.refused", hub=one.hub, topic=one.topic, reason=reason, again_in=wait
            )

    async def _post(self, hub: str, form: dict[str, str]) -> str:
        """Why the hub did not accept; empty if it did."""
        try:
            status, said = await self._fetcher.post(hub, form)
        except FeedError as error:
            return str(error)
        return "" if 200 <= status < 300 else f"It answers {status}: {said[:200].strip()}"

    # --- what hubs say to us ----------------------------------------------------------------------

    async def _verify(self, request: web.Request) -> web.Response:
        """Verification of intent, and denials: only for what we asked for."""
        one = await self._known(request)
        said = request.query
        if one is None or said.get("hub.topic") != one.topic:
            return web.Response(status=404)
        mode, challenge = said.get("hub.mode"), said.get("hub.challenge", "")
        now = self._clock()
        if mode == "denied":
            await self._denied(one, said.get("hub.reason", ""), now)
            return web.Response()
        if not challenge or len(challenge) > _CHALLENGE:
            return web.Response(status=404)
        async with self._db.transaction() as tx:
            if mode == "subscribe" and one.state in {"asked", "active"}:
                until = now + _lease(said.get("hub.lease_seconds", ""))
                renewal = now + max((until - now) * 4 // 5, _SOONEST)
                await websub.verified(tx, one, until=until, due_at=renewal)
            elif mode == "unsubscribe" and one.state == "leaving":
                await websub.left(tx, one)
            else:
                return web.Response(status=404)
        log.info("websub.verified", mode=mode, hub=one.hub, topic=one.topic)
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def _denied(self, one: Subscription, reason: str, now: int) -> None:
        if one.state == "leaving":
            return
        async with self._db.transaction() as tx:
            await websub.denied(tx, one, reason=reason[:200], due_at=now + _DENIED, now=now)
        log.warning("websub.denied", hub=one.hub, topic=one.topic, reason=reason[:200])

    async def _receive(self, request: web.Request) -> web.Response:
        """Content: anything not signed with our secret is dropped, whatever we answer."""
        one = await self._known(request)
        if one is None or one.state == "leaving":
            return web.Response(status=410)
        expected = MAX_BYTES if request.content_length is None else request.content_length
        if self._pushes.full() or self._held + expected > self._most_bytes:
            return web.Response(status=503, headers=_AGAIN)
        self._held += expected
        try:
            body = await request.read()
        finally:
            self._held -= expected
        if not _signed(body, request.headers.get("X-Hub-Signature", ""), one.secret):
            log.warning("websub.forged", hub=one.hub, topic=one.topic)
            return web.Response(status=202)
        async with self._db.transaction() as tx:
            await websub.pushed(tx, one, now=self._clock())
        try:
            self._pushes.put_nowait((one.feed_id, body, request.headers.get("Content-Type", "")))
        except asyncio.QueueFull:
            return web.Response(status=503, headers=_AGAIN)
        self._held += len(body)
        return web.Response(status=202)

    async def _known(self, request: web.Request) -> Subscription | None:
        async with self._db.reading() as cx:
            return await websub.by_token(cx, request.match_info["token"])


async def offered(
    tx: Connection, feed_id: FeedId, got: Fetched, feed: ParsedFeed, *, now: int
) -> None:
    """Note what a poll says about the feed's hub, in the transaction of that poll. The answer's
    header takes precedence over the feed itself; a feed that does not name its own address is known
    by the polled one."""
    hub = got.hub or feed.hub
    topic = (got.itself if got.hub else "") or feed.itself or got.itself or got.address
    fresh = await websub.offered(
        tx,
        feed_id,
        hub=hub,
        topic=topic,
        token=secrets.token_urlsafe(24),
        secret=secrets.token_urlsafe(32),
        now=now,
    )
    if fresh:
        log.info("websub.hub", hub=hub or "none", topic=topic)


def _lease(said: str) -> int:
    """The lease that the hub grants; what we asked for, if it does not say (0 says nothing)."""
    return min(whole_number(said) or LEASE, _LONGEST_LEASE)


def _patient(answer: _Answer) -> _Answer:
    """While the database is unavailable, hubs are asked to come again."""

    async def answered(request: web.Request) -> web.Response:
        try:
            return await answer(request)
        except StorageError as error:
            log.warning("websub.postponed", reason=str(error))
            return web.Response(status=503, headers=_AGAIN)

    return answered


def _signed(body: bytes, header: str, secret: str) -> bool:
    """Whether the body carries the HMAC of our secret, by one of the Recommendation's methods."""
    found = _SIGNATURE.fullmatch(header.strip())
    if found is None:
        return False
    wanted = hmac.new(secret.encode(), body, getattr(hashlib, found[1].lower())).hexdigest()
    return hmac.compare_digest(wanted, found[2].lower())
