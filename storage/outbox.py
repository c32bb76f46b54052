"""The sender's side of deliveries: what it claims, and what became of it. Knows rows, no network.

    claim    due ones by urgency and age, then the next of the oldest open broadcast
    recover  what a sender that died had claimed: nobody knows whether it arrived
    finish   broadcasts that have nothing left to do; fold: old deliveries into their totals

`storage.outcomes` records what became of what was claimed.
Within a chat and an urgency, `due_at` never runs against the order of the ids: whoever puts a
delivery off puts the later ones off too. So articles arrive oldest first, also through retries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.core.model import (
    ArticleId,
    BroadcastId,
    ChatId,
    ChatKind,
    CommentId,
    DeliveryId,
    Destination,
    TelegramId,
)
from bot.core.posts.content import Content, Unreadable, decode
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.rate_limit import Urgency
from bot.core.readers import filters
from bot.core.readers.choice import Kept, News, Passed, Posted, choose
from bot.core.readers.schedule import due_at, midnight
from storage import articles, kept_back, preferences, sponsors
from storage.database import Connection, Row, Statement, in_both, json_list, numbers
from storage.deliveries import as_json

_SCAN = 2_000
"""Rows of an audience that one statement looks at."""
_UTC = ZoneInfo("UTC")
_PAGES = 4
"""So many times in one claim, though few of them read the article: others want to write too."""

# --- claiming -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keep:
    """How old a message may be (seconds) and still be edited."""

    counts: int = 48 * 3600
    corrections: int = 30 * 86400


async def waits(cx: Connection, *, now: int) -> bool:
    """Is there anything to claim? Reads only."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM broadcast WHERE taken_at IS NULL)"
            + "".join(
                " OR EXISTS (SELECT 1 FROM delivery WHERE state IN ('due', 'unknown')"
                f" AND urgency = {int(urgency)} AND due_at <= :now)"
                for urgency in Urgency
            ),
            now=now,
        )
    )


async def recover(tx: Connection, *, now: int, alone: bool) -> int:
    """Claims that nobody works on any more become doubts, due as they were: a later time would
    put them behind the next ones of their chat. Returns how many.

    `alone`: no other sender lives, so every claim is a dead one's; else those past their lease.
    """
    return await tx.run(
        "UPDATE delivery SET state = 'unknown',"
        " lease_until = NULL, reason = 'the sender died' WHERE state = 'claimed'"
        " AND (lease_until < :now OR :alone = 1)",
        now=now,
        alone=int(alone),
    )


async def renew(tx: Connection, *, now: int, lease: int) -> None:
    """The only sender is alive and works on all that is claimed."""
    await tx.run(
        "UPDATE delivery SET lease_until = :until WHERE state = 'claimed'", until=now + lease
    )


async def give_back(tx: Connection, flying: Iterable[int]) -> int:
    """What the only sender claimed and has not begun to send is due again, as it was. Returns how
    many. Of several edits of one message the last one is left: only one may wait."""
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

    Fewer, also none, does not mean that nothing more `waits`: a claim looks at a part of an
    audience only. `zone` is the newsroom's, for chats that chose none."""
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
                return await _read(tx, ids)
            pages -= 1
            left = room - len(ids)
            fresh = (
                await _take_news(tx, broadcast, left, now=now, until=until, zone=zone)
                if broadcast["kind"] == "news"
                else await _take_edits(tx, broadcast, left, now=now, until=until, keep=keep)
            )
            if fresh is None:
                break
            ids += fresh
            if room > len(ids):
                broadcast = await tx.row(_OPEN, urgency=int(urgency))
    return await _read(tx, ids)


_TURNS = (Urgency.CARD, Urgency.POST, Urgency.COUNT, Urgency.ASIDE)
_DUE = in_both(
    """SELECT {ids} FROM (SELECT id FROM delivery
    WHERE state IN ('due', 'unknown') AND urgency = :urgency AND due_at <= :now
    ORDER BY due_at, id LIMIT :room) AS found""",
    ids=json_list("id"),
)
_OPEN = "SELECT * FROM broadcast WHERE taken_at IS NULL AND urgency = :urgency ORDER BY id LIMIT 1"
# Lists of numbers come in one row: a driver that steps from row to row gives the interpreter away
# at each step, and at 1,000 messages a second it waits long to get it back.


async def _waiting(
    tx: Connection, room: int, *, now: int
) -> tuple[dict[Urgency, list[int]], dict[Urgency, Row | None]]:
    """By urgency: the first deliveries that are due, and the oldest open broadcast."""
    found = await tx.batch(
        *((_DUE, {"urgency": int(one), "now": now, "room": room}) for one in _TURNS),
        *((_OPEN, {"urgency": int(one)}) for one in _TURNS),
    )
    due = [_numbers(rows) for rows in found[: len(_TURNS)]]
    opened = [rows[0] if rows else None for rows in found[len(_TURNS) :]]
    return dict(zip(_TURNS, due, strict=True)), dict(zip(_TURNS, opened, strict=True))


def _numbers(rows: Sequence[Row]) -> list[int]:
    """The ids in the one row of a query."""
    found: list[int] = orjson.loads(_first(rows))
    return sorted(found)


def _first(rows: Sequence[Row]) -> Any:
    """The only value of a query that has one."""
    return rows[0][0]  # type: ignore[index]


async def _claim_due(tx: Connection, ids: list[int], *, until: int) -> list[int]:
    if ids:
        await tx.run(_CLAIM, until=until, ids=as_json(ids))
    return ids


_CLAIM = in_both(
    "UPDATE delivery SET state = 'claimed', lease_until = :until WHERE id IN {ids}",
    ids=numbers("ids"),
)


_READERS = """FROM subscription AS s JOIN chat AS c ON c.id = s.chat_id
  WHERE s.id > :cursor AND s.id <= :upto AND s.active = 1 AND s.rests_until <= :now
    AND c.gone_at IS NULL AND s.everything <> (CASE WHEN EXISTS (SELECT 1
      FROM subscription_topic AS st JOIN article_topic AS at ON at.topic_id = st.topic_id
      WHERE st.subscription_id = s.id AND at.article_id = :article) THEN 1 ELSE 0 END)"""

_TAKE_NEWS = in_both(
    f"""INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, broadcast_id,
    article_id, silent, bare, due_at, lease_until, reason, created_at)
  SELECT 'post', 'article', CASE WHEN waits IS NULL THEN 'claimed' ELSE 'due' END, :urgency,
    chat_id, thread, :broadcast, :article, COALESCE(:quietly, silent), bare, COALESCE(waits, :now),
    CASE WHEN waits IS NULL THEN :until END,
    CASE WHEN waits IS NULL THEN '' ELSE 'behind an earlier one' END, :now
  FROM (SELECT s.chat_id, s.thread, s.silent, 1 - s.pictures AS bare,
      (SELECT MAX(d.due_at) FROM delivery AS d
      WHERE d.chat_id = s.chat_id AND d.urgency = :urgency AND d.state IN ('due', 'unknown'))
      AS waits {_READERS} AND (s.plain = 1 OR s.id IN {{chosen}})
      ORDER BY s.id) AS reader
  WHERE true ON CONFLICT (article_id, chat_id, thread) WHERE kind = 'post' DO NOTHING""",
    chosen=numbers("chosen"),
)


_PAGE = """(SELECT MAX(id) FROM (SELECT id FROM subscription WHERE id > :cursor AND id <= :last
    ORDER BY id LIMIT :scan) AS page)"""
_NEXT_READERS = f"""SELECT {_PAGE} AS page, COUNT(*) AS n, MAX(fitting.id) AS full,
    (SELECT COALESCE(MAX(id), 0) FROM delivery) AS newest,
    (SELECT retracted_at IS NOT NULL FROM article WHERE id = :article) AS retracted,
    (SELECT breaking FROM article WHERE id = :article) AS breaking,
    (SELECT silent FROM article WHERE id = :article) AS silent,
    ({sponsors.RUNNING}) AS sponsor,
    EXISTS (SELECT 1 FROM subscription WHERE plain = 0 AND id > :cursor AND id <= :last) AS special
  FROM (SELECT s.id {_READERS.replace(":upto", _PAGE)} ORDER BY s.id LIMIT :room) AS fitting"""
_TAKEN = """UPDATE broadcast SET cursor = :cursor,
    taken_at = CASE WHEN :cursor >= last THEN :now END,
    taken = taken + (SELECT COUNT(*) FROM delivery WHERE id > :before) WHERE id = :id"""


async def _take_news(
    tx: Connection, broadcast: Row, room: int, *, now: int, until: int, zone: ZoneInfo
) -> list[int] | None:
    """The next readers of an article; None when they all have to wait behind earlier articles."""
    reach = {
        "article": broadcast["article_id"],
        "cursor": broadcast["cursor"],
        "last": broadcast["last"],
        "now": now,
    }
    [[ahead]] = await tx.batch((_NEXT_READERS, {**reach, "scan": _SCAN, "room": room}))
    before, upto = ahead["newest"], ahead["full"] if ahead["n"] == room else ahead["page"]
    taken = {"id": broadcast["id"], "before": before, "now": now}
    if ahead["retracted"] or upto is None:
        await tx.run(_TAKEN, **taken, cursor=broadcast["last"])
        return []
    new = {
        "urgency": broadcast["urgency"],
        "broadcast": broadcast["id"],
        "article": broadcast["article_id"],
        "cursor": broadcast["cursor"],
        "upto": upto,
        "now": now,
        "until": until,
        # Breaking news comes with sound; an editor may take it from any other article.
        "quietly": 0 if ahead["breaking"] else (1 if ahead["silent"] else None),
    }
    chosen: list[int] = []
    if ahead["special"]:
        news = News(breaking=ahead["breaking"] > 0, loud=ahead["breaking"] > 1)
        chosen = await _choose(tx, news, new, zone=zone, now=now)
    advertised: Sequence[Statement] = ()
    if ahead["sponsor"] is not None and not ahead["breaking"]:
        advertised = await sponsors.under_posts(
            tx, ahead["sponsor"], before=before, day=midnight(now, zone)
        )
    *_, claimed, fresh = await tx.batch(
        (_TAKE_NEWS, {**new, "chosen": as_json(chosen)}),
        *advertised,
        (_TAKEN, {**taken, "cursor": upto}),
        (_FRESH, {"before": before}),
        ("SELECT COUNT(*) FROM delivery WHERE id > :before", {"before": before}),
    )
    ids = _numbers(claimed)
    return ids if ids or not _first(fresh) else None


_SPECIAL = f"""SELECT s.* {_READERS} AND s.plain = 0 AND NOT EXISTS (SELECT 1 FROM delivery AS d
    WHERE d.kind = 'post' AND d.article_id = :article AND d.chat_id = s.chat_id
    AND d.thread = s.thread) ORDER BY s.id"""


async def _choose(
    tx: Connection, news: News, new: Mapping[str, Any], *, zone: ZoneInfo, now: int
) -> list[int]:
    """Of the next readers those who asked for something special: whose post it becomes now. For
    others it is kept back, or they do not want it."""
    reach = {name: new[name] for name in ("cursor", "upto", "article", "now")}
    rows = await tx.rows(_SPECIAL, **reach)
    words = None
    if any(row["filter"] for row in rows):
        article = await articles.get(tx, new["article"])
        words = filters.words_of(article) if article else None
    posted, kept, counted = [], [], {}
    for row in rows:
        wants = preferences.of_row(row, zone)
        day = midnight(now, wants.zone)
        today = row["posted"] if row["day"] == day else 0
        fits = not wants.filter or (words is not None and filters.fits(wants, words))
        match choose(wants, news, fits=fits, posted_today=today, now=now):
            case Posted():
                posted.append(row["id"])
                counted[row["id"]] = day
            case Kept(why):
                kept.append((row["id"], why, due_at(wants, why, now)))
            case Passed():
                pass
    await kept_back.keep(tx, kept, new["article"], now=now)
    for day in dict.fromkeys(counted.values()):
        await kept_back.count_posts(tx, [n for n, at in counted.items() if at == day], day=day)
    return posted


_FRESH = in_both(
    "SELECT {ids} FROM delivery WHERE id > :before AND state = 'claimed'", ids=json_list("id")
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
    """The next messages that show an article otherwise than it is now."""
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
        (_FRESH, {"before": before}),
    )
    return _numbers(claimed)


# A message answers another only where that is: an answer given elsewhere would be put beside it.
_READ = in_both(
    """SELECT {read} FROM {ids} AS wanted JOIN delivery AS d ON d.id = wanted.value
  JOIN chat AS c ON c.id = d.chat_id LEFT JOIN delivery AS t ON t.id = d.target_id""",
    ids=numbers("ids"),
    read=json_list(
        *("d.id", "d.kind", "d.chat_id", "c.telegram_id", "d.thread"),
        *("c.kind", "c.language", "c.text_only", "d.article_id", "d.comment_id", "d.target_id"),
        "CASE WHEN t.chat_id = d.chat_id AND (t.thread = d.thread OR d.kind = 'edit')"
        " THEN t.message_id END",
        *("t.photo", "d.broadcast_id", "d.attempts", "d.doubts", "d.urgency", "t.revision"),
        *("c.discussion_id IS NOT NULL", "d.content"),
        "CASE d.kind WHEN 'edit' THEN t.data ELSE d.data END",
        *("d.reply_to", "d.removes", "t.album", "d.silent"),
        *("CASE d.kind WHEN 'edit' THEN t.bare ELSE d.bare END", "c.refusals"),
        "CASE d.kind WHEN 'edit' THEN t.sponsor_id ELSE d.sponsor_id END",
    ),
)


# Half the cost of asking the enumeration, for each message.
_KINDS = {one.value: one for one in DeliveryKind}
_CHAT_KINDS = {one.value: one for one in ChatKind}


async def _read(tx: Connection, ids: Sequence[int]) -> list[Delivery]:
    if not ids:
        return []
    found = await tx.value(_READ, ids=as_json(ids))
    by_id = {row[0]: _delivery(row) for row in orjson.loads(found)}
    return [by_id[one] for one in ids]


def _delivery(row: Sequence[Any]) -> Delivery:
    (number, kind, chat, telegram_id, thread, chat_kind, language, text_only, article, comment) = (
        row[:10]
    )
    target, message_id, photo, broadcast, attempts, doubts, urgency, shown, threaded = row[10:19]
    content, data, reply_to, removes, album, silent, bare, refusals, sponsor = row[19:]
    return Delivery(
        id=DeliveryId(number),
        kind=_KINDS[kind],
        content=_content(content, data or ""),
        chat_id=ChatId(chat),
        to=Destination(TelegramId(telegram_id), thread, _CHAT_KINDS[chat_kind]),
        language=language,
        attempts=attempts,
        article_id=None if article is None else ArticleId(article),
        comment_id=None if comment is None else CommentId(comment),
        target_message_id=message_id,
        target_id=None if target is None else DeliveryId(target),
        reply_to=reply_to,
        removes=bool(removes),
        refusals=refusals,
        album=tuple(orjson.loads(album)) if album else (),
        photo=bool(photo),
        shown=shown or 0,
        text_only=bool(text_only or bare),
        silent=bool(silent),
        broadcast_id=None if broadcast is None else BroadcastId(broadcast),
        doubts=doubts,
        urgency=urgency,
        threaded=bool(threaded),
        sponsor_id=sponsor,
    )


def _content(kind: str, data: str) -> Content | Unreadable:
    """One row that nobody can read must not keep all others from their chats."""
    try:
        return decode(kind, data)
    except ValueError as error:
        return Unreadable(str(error))


# --- ending ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finished:
    """A broadcast whose every delivery has found its end."""

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
    the totals. Returns the id to go on after, or None at the end."""
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
