"""Subscriptions at feeds' hubs (WebSub). Knows rows, no network.

    wanted -> asked (the hub was told) -> active (it has verified) -> renewed before the lease ends
    denied: asked again much later     leaving: the row is deleted once the hub has verified that

`feed.push_until` says until when a hub pushes: the poller reads nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.model import FeedId
from storage.database import Connection, Row

MISSED = 2
"""After so many polls in a row with news that the hub did not push, it counts as silent."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed at its hub."""

    feed_id: FeedId
    hub: str
    topic: str
    token: str
    secret: str
    callback: str
    state: str
    attempts: int
    lease_until: int | None
    reason: str


def _subscription(row: Row) -> Subscription:
    return Subscription(
        feed_id=FeedId(row["feed_id"]),
        hub=row["hub"],
        topic=row["topic"],
        token=row["token"],
        secret=row["secret"],
        callback=row["callback"],
        state=row["state"],
        attempts=row["attempts"],
        lease_until=row["lease_until"],
        reason=row["reason"],
    )


async def offered(
    tx: Connection, feed_id: FeedId, *, hub: str, topic: str, token: str, secret: str, now: int
) -> bool:
    """Note that a poll of the feed named this hub and topic (empty: none any longer). A different
    one is subscribed to anew, with `token` and `secret`. Returns whether there is something to
    do."""
    known = await tx.row("SELECT * FROM websub WHERE feed_id = :feed", feed=feed_id)
    if not hub:
        if known is None or known["state"] == "leaving":
            return False
        await tx.run(
            "UPDATE websub SET state = 'leaving', attempts = 0, due_at = :now"
            " WHERE feed_id = :feed",
            feed=feed_id,
            now=now,
        )
        await _stop_pushing(tx, feed_id, now=now)
        return True
    if known is not None and (known["hub"], known["topic"]) == (hub, topic):
        if known["state"] != "leaving":
            return False
        token, secret = known["token"], known["secret"]
    await tx.run(
        "INSERT INTO websub (feed_id, hub, topic, token, secret, state, due_at)"
        " VALUES (:feed, :hub, :topic, :token, :secret, 'wanted', :now)"
        " ON CONFLICT (feed_id) DO UPDATE SET hub = excluded.hub, topic = excluded.topic,"
        " token = excluded.token, secret = excluded.secret, state = 'wanted', attempts = 0,"
        " due_at = excluded.due_at, lease_until = NULL, missed = 0, reason = ''",
        feed=feed_id,
        hub=hub,
        topic=topic,
        token=token,
        secret=secret,
        now=now,
    )
    await _stop_pushing(tx, feed_id, now=now)
    return True


async def begin(tx: Connection, *, root: str, now: int) -> None:
    """At a start: subscribe anew if our address has changed; unsubscribe from feeds no longer
    polled."""
    moved = await tx.rows(
        "UPDATE websub SET state = 'wanted', attempts = 0, due_at = :now"
        " WHERE state IN ('asked', 'active') AND callback <> :root || token RETURNING feed_id",
        root=root,
        now=now,
    )
    for row in moved:
        await _stop_pushing(tx, FeedId(row["feed_id"]), now=now)
    await tx.run(
        "UPDATE websub SET state = 'leaving', attempts = 0, due_at = :now WHERE state <> 'leaving'"
        " AND feed_id IN (SELECT id FROM feed WHERE active = 0)",
        now=now,
    )


async def due(cx: Connection, *, now: int) -> list[Subscription]:
    """Subscriptions that need a request to their hub now."""
    rows = await cx.rows("SELECT * FROM websub WHERE due_at <= :now ORDER BY due_at", now=now)
    return [_subscription(row) for row in rows]


async def by_token(cx: Connection, token: str) -> Subscription | None:
    row = await cx.row("SELECT * FROM websub WHERE token = :token", token=token)
    return None if row is None else _subscription(row)


async def asking(tx: Connection, one: Subscription, *, callback: str, due_at: int) -> None:
    """Note that the hub is about to be asked; without its verification it is asked again at
    `due_at`. It may verify before it answers."""
    await tx.run(
        "UPDATE websub SET state = CASE WHEN state IN ('active', 'leaving') THEN state"
        " ELSE 'asked' END, callback = :callback, attempts = attempts + 1, due_at = :due"
        " WHERE token = :token",
        callback=callback,
        due=due_at,
        token=one.token,
    )


async def refused(tx: Connection, one: Subscription, *, reason: str, due_at: int) -> None:
    """Note that the hub could not be asked, or refused the request."""
    await tx.run(
        "UPDATE websub SET reason = :reason, due_at = :due WHERE token = :token",
        reason=reason,
        due=due_at,
        token=one.token,
    )


async def verified(tx: Connection, one: Subscription, *, until: int, due_at: int) -> None:
    """Note that the hub has verified the subscription: it pushes until then, to be renewed at
    `due_at`."""
    await tx.run(
        "UPDATE websub SET state = 'active', attempts = 0, lease_until = :until, due_at = :due,"
        " missed = 0, reason = '' WHERE token = :token",
        until=until,
        due=due_at,
        token=one.token,
    )
    await tx.run(
        "UPDATE feed SET push_until = :until WHERE id = :feed", until=until, feed=one.feed_id
    )


async def denied(tx: Connection, one: Subscription, *, reason: str, due_at: int, now: int) -> None:
    """Note that the hub denied the subscription; it is asked again at `due_at`."""
    await tx.run(
        "UPDATE websub SET state = 'denied', lease_until = NULL, reason = :reason, due_at = :due"
        " WHERE token = :token",
        reason=reason,
        due=due_at,
        token=one.token,
    )
    await _stop_pushing(tx, one.feed_id, now=now)


async def lost(tx: Connection, one: Subscription, *, now: int) -> None:
    """Note that the lease has ended without renewal."""
    await tx.run(
        "UPDATE websub SET state = 'wanted', lease_until = NULL WHERE token = :token",
        token=one.token,
    )
    await _stop_pushing(tx, one.feed_id, now=now)


async def left(tx: Connection, one: Subscription) -> None:
    """Note that the hub has verified the end of the subscription."""
    await tx.run("DELETE FROM websub WHERE token = :token", token=one.token)


async def pushed(tx: Connection, one: Subscription, *, now: int) -> None:
    """Note a push. The feed is then polled soon: should we die now, nothing is lost."""
    await tx.run(
        "UPDATE websub SET pushed_at = :now, missed = 0 WHERE token = :token",
        now=now,
        token=one.token,
    )
    await tx.run("UPDATE feed SET due_at = :now WHERE id = :feed", now=now, feed=one.feed_id)


async def missed(tx: Connection, feed_id: FeedId, *, now: int) -> bool:
    """Note that a poll found news that the hub did not push. Returns whether it counts as silent
    now: then it is asked anew, and the feed is polled as often as any."""
    count = await tx.value(
        "UPDATE websub SET missed = missed + 1 WHERE feed_id = :feed AND state = 'active'"
        " RETURNING missed",
        feed=feed_id,
    )
    if count is None or count < MISSED:
        return False
    await tx.run(
        "UPDATE websub SET state = 'wanted', attempts = 0, missed = 0, due_at = :now"
        " WHERE feed_id = :feed",
        feed=feed_id,
        now=now,
    )
    await _stop_pushing(tx, feed_id, now=now)
    return True


async def _stop_pushing(tx: Connection, feed_id: FeedId, *, now: int) -> None:
    """Poll the feed as often as without a hub, starting now."""
    await tx.run(
        "UPDATE feed SET push_until = NULL, due_at = CASE WHEN due_at < :now THEN due_at ELSE :now"
        " END WHERE id = :feed AND push_until IS NOT NULL",
        now=now,
        feed=feed_id,
    )
