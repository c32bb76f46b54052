"""The sender's side of deliveries: what it claims, and what became of it. Knows rows, no network.

    claim    due ones by urgency and age, then the next of the oldest open broadcast (`followers`
             and `audience` say who gets an article, `outbox_rows` reads what was taken)
    recover  what a dead sender had claimed: it is unknown whether it arrived
    finish   broadcasts that have nothing left to do; fold: old deliveries into their totals

`storage.outcomes` records what became of what was claimed. Within a chat and an urgency, `due_at`
is never out of order with the ids: putting off a delivery puts off the later ones too. So articles
arrive oldest first, even after retries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.model import (
    ArticleId,
)
from bot.core.posts.delivery import Delivery
from bot.core.posts.rate_limit import Urgency
from storage import audience, followers
from storage.database import Connection, Row, in_both, json_list, numbers
from storage.deliveries import as_json
from storage.outbox_rows import FRESH, numbers_of, read_deliveries

_SCAN = 2_000
"""Deliveries that one step of folding examines."""
_UTC = ZoneInfo("UTC")
_PAGES = 4
"""At most so many pages in one claim, even if few of their chats read the article: others want to
write too."""

# --- claiming -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keep:
    """How old a message may be (seconds) and still be edited."""

    counts: int = 48 * 3600
    corrections: int = 30 * 86400


_HAS_ITS_MESSAGE = """NOT (kind = 'edit' AND EXISTS (SELECT 1 FROM delivery AS t
    WHERE t.id = delivery.target_id AND t.state IN ('due', 'claimed', 'unknown')))"""
"""An edit cannot start while its message is still on its way, or is being sent again."""


async def waits(cx: Connection, *, now: int) -> bool:
    """Whether there is anything to claim. Reads only."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM broadcast WHERE taken_at IS NULL)"
            + "".join(
                " OR EXISTS (SELECT 1 FROM delivery WHERE state IN ('due', 'unknown')"
                f" AND urgency = {int(urgency)} AND due_at <= :now AND {_HAS_ITS_MESSAGE})"
                for urgency in Urgency
            ),
            now=now,
        )
    )


async def recover(tx: Connection, *, now: int, alone: bool) -> int:
    """Turn abandoned claims into doubtful deliveries, due as before: a later time would put them
    behind the next ones of their chat. Returns how many.

    `alone`: there is no other sender, so every claim is abandoned; else those past their lease.
    """
    return await tx.run(
        "UPDATE delivery SET state = 'unknown',"
        " lease_until = NULL, reason = 'the sender died' WHERE state = 'claimed'"
        " AND (lease_until < :now OR :alone = 1)",
        now=now,
        alone=int(alone),
    )


async def renew(tx: Connection, *, now: int, lease: int) -> None:
    """Renew the leases of everything claimed: the only sender is alive."""
    await tx.run(
        "UPDATE delivery SET lease_until = :until WHERE state = 'claimed'", until=now + lease
    )


async def give_back(tx: Connection, flying: Iterable[int]) -> int:
    """Give back what the only sender claimed and has not begun to send; it is due as before.
    Returns how many. Of several edits of one message only the last is kept: only one may wait."""
    aloft = as_json(list(flying))
    await tx.run(_SPARE_EDITS, flying=aloft)
    return await tx.run(_GIVE_BACK, flying=aloft)


_GIVE_BACK = in_both(
    """UPDATE delivery SET state = 'due', lease_until = NULL
  WHERE state = 'claimed' AND id NOT IN {flying}""",
    flying=numbers("flying"),
)
_SPARE_EDITS = in_both(
    """DELETE FROM delivery WHERE state = 'claimed' AND kind = 'edit'
  AND id NOT IN {flying} AND EXISTS (SELECT 1 FROM delivery AS e
    WHERE e.target_id = delivery.target_id AND e.kind = 'edit'
    AND (e.state = 'due' OR e.state = 'claimed' AND e.id > delivery.id
      AND e.id NOT IN {flying}))""",
    flying=numbers("flying"),
)


async def claim(
    tx: Connection,
    room: int,
    *,
    now: int,
    lease: int,
    keep: Keep | None = None,
    zone: ZoneInfo = _UTC,
) -> list[Delivery]:
    """Take at most `room` deliveries for `lease` seconds, in the order in which to send them.

    Fewer than that, even none, does not mean that nothing more `waits`: a claim examines only a
    part of an audience. `zone` is the newsroom's, for chats that chose none."""
    if not room:
        return []
    until, keep = now + lease, keep or Keep()
    due, opened = await _waiting(tx, room, now=now)
    ids: list[int] = []
    pages = _PAGES
    for urgency in _TURNS:
        ids += await _claim_due(tx, due[urgency][: room - len(ids)], until=until)
        broadcast = opened[urgency]
        while broadcast is not None and room > len(ids):
            if not pages:
                return await read_deliveries(tx, ids)
            pages -= 1
            left = room - len(ids)
            if broadcast["kind"] == "edit":
                fresh = await _take_edits(tx, broadcast, left, now=now, until=until, keep=keep)
            else:
                take = followers.take if broadcast["alerted"] else audience.take_news
                fresh = await take(tx, broadcast, left, now=now, until=until, zone=zone)
            if fresh is None:
                break
            ids += fresh
            if room > len(ids):
                broadcast = await tx.row(_OPEN, urgency=int(urgency))
    return await read_deliveries(tx, ids)


_TURNS = (Urgency.CARD, Urgency.POST, Urgency.COUNT, Urgency.ASIDE)
_DUE = in_both(
    f"""SELECT {{ids}} FROM (SELECT id FROM delivery
    WHERE state IN ('due', 'unknown') AND urgency = :urgency AND due_at <= :now
      AND {_HAS_ITS_MESSAGE}
    ORDER BY due_at, id LIMIT :room) AS found""",
    ids=json_list("id"),
)
_OPEN = """SELECT *, EXISTS (SELECT 1 FROM alert_match AS m
    WHERE m.article_id = broadcast.article_id) AS alerted
  FROM broadcast WHERE taken_at IS NULL AND urgency = :urgency ORDER BY id LIMIT 1"""


async def _waiting(
    tx: Connection, room: int, *, now: int
) -> tuple[dict[Urgency, list[int]], dict[Urgency, Row | None]]:
    """By urgency: the first deliveries that are due, and the oldest open broadcast."""
    found = await tx.batch(
        *((_DUE, {"urgency": int(one), "now": now, "room": room}) for one in _TURNS),
        *((_OPEN, {"urgency": int(one)}) for one in _TURNS),
    )
    due = [numbers_of(rows) for rows in found[: len(_TURNS)]]
    opened = [rows[0] if rows else None for rows in found[len(_TURNS) :]]
    return dict(zip(_TURNS, due, strict=True)), dict(zip(_TURNS, opened, strict=True))


async def _claim_due(tx: Connection, ids: list[int], *, until: int) -> list[int]:
    if ids:
        await tx.run(_CLAIM, until=until, ids=as_json(ids))
    return ids


_CLAIM = in_both(
    "UPDATE delivery SET state = 'claimed', lease_until = :until WHERE id IN {ids}",
    ids=numbers("ids"),
)


_TAKE_EDITS = """INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, article_id,
    comment_id, target_id, due_at, lease_until, created_at)
  SELECT 'edit', 'article', 'claimed', :urgency, t.chat_id, t.thread, t.article_id, t.comment_id,
    t.id, :now, :until, :now
  FROM delivery AS t JOIN article AS a ON a.id = t.article_id JOIN chat AS c ON c.id = t.chat_id
  WHERE t.article_id = :article AND t.id > :cursor AND t.id <= :upto AND t.message_id IS NOT NULL
    AND t.content = 'article' AND t.kind <> 'edit' AND c.gone_at IS NULL
    AND t.done_at > :corrections
    AND (t.revision <> a.revision
      OR (t.comments <> a.comments AND t.done_at > :counts AND c.discussion_id IS NULL))
    AND NOT EXISTS (SELECT 1 FROM delivery AS e WHERE e.target_id = t.id AND e.state = 'due')
  ORDER BY t.id"""


_NEXT_POSTS = """SELECT MAX(id) AS upto, (SELECT COALESCE(MAX(id), 0) FROM delivery) AS newest
  FROM (SELECT id FROM delivery WHERE article_id = :article AND message_id IS NOT NULL
    AND id > :cursor AND id <= :last ORDER BY id LIMIT :room) AS page"""


async def _take_edits(
    tx: Connection, broadcast: Row, room: int, *, now: int, until: int, keep: Keep
) -> list[int] | None:
    """The next messages that do not show an article as it is now."""
    reach = {name: broadcast[name] for name in ("cursor", "last")}
    article = broadcast["article_id"]
    [[ahead]] = await tx.batch((_NEXT_POSTS, {**reach, "article": article, "room": room}))
    upto, before = ahead["upto"], ahead["newest"]
    if upto is None:
        await tx.run("DELETE FROM broadcast WHERE id = :id", id=broadcast["id"])
        return []
    new = {
        "urgency": broadcast["urgency"],
        "article": article,
        "cursor": broadcast["cursor"],
        "upto": upto,
        "now": now,
        "until": until,
        "corrections": now - keep.corrections,
        "counts": now - keep.counts,
    }
    moved = {"upto": upto, "id": broadcast["id"]}
    _, _, claimed = await tx.batch(
        (_TAKE_EDITS, new),
        ("UPDATE broadcast SET cursor = :upto WHERE id = :id", moved),
        (FRESH, {"before": before}),
    )
    return numbers_of(claimed)


# --- ending ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finished:
    """A broadcast whose deliveries have all ended."""

    article_id: ArticleId
    taken: int
    delivered: int
    gone: int
    dead: int


async def finish(tx: Connection, *, now: int) -> list[Finished]:
    """Close the broadcasts that have nothing left to do."""
    rows = await tx.rows(
        "UPDATE broadcast SET done_at = :now WHERE done_at IS NULL AND taken_at IS NOT NULL"
        " AND taken <= delivered + gone + dead RETURNING article_id, taken, delivered, gone, dead",
        now=now,
    )
    return [Finished(*tuple(row[name] for name in Finished.__dataclass_fields__)) for row in rows]


async def fold(tx: Connection, after: int, *, before: int) -> int | None:
    """Delete finished deliveries of articles older than `before`, one page; their broadcast keeps
    the totals. Returns the id to continue after, or None at the end."""
    page = await tx.rows(
        "SELECT id, created_at FROM delivery WHERE id > :after ORDER BY id LIMIT :scan",
        after=after,
        scan=_SCAN,
    )
    if not page or page[0]["created_at"] >= before:
        return None
    await tx.run(
        "DELETE FROM delivery WHERE id > :after AND id <= :upto AND content = 'article'"
        " AND kind <> 'edit' AND state IN ('sent', 'dead', 'gone') AND done_at < :before"
        " AND NOT EXISTS (SELECT 1 FROM delivery AS e WHERE e.target_id = delivery.id)",
        after=after,
        upto=page[-1]["id"],
        before=before,
    )
    return int(page[-1]["id"])
