"""The next readers of an article: who gets it as a post, for whom it is kept back, who does not
want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.core.readers import filters
from bot.core.readers.choice import Kept, News, Passed, Posted, choose
from bot.core.readers.schedule import due_at, midnight
from storage import articles, kept_back, preferences, sponsors
from storage.database import Connection, Row, Statement, in_both, json_list, numbers
from storage.deliveries import as_json
from storage.outbox_rows import FRESH, first_of, numbers_of

_SCAN = 2_000
"""Rows of an audience that one statement examines."""

_READERS = """FROM subscription AS s JOIN chat AS c ON c.id = s.chat_id
  WHERE s.id > :cursor AND s.id <= :upto AND s.active = 1 AND s.rests_until <= :now
    AND c.gone_at IS NULL AND s.everything <> (CASE WHEN EXISTS (SELECT 1
      FROM subscription_topic AS st JOIN article_topic AS at ON at.topic_id = st.topic_id
      WHERE st.subscription_id = s.id AND at.article_id = :article) THEN 1 ELSE 0 END)"""


def to_be_posted(readers: str, *, chat: str) -> str:
    """Posts of an article for what `readers` selects: chat_id, thread, silent, bare, and as
    `{waits}` until when the column `chat` waits for earlier ones; those are due behind them."""
    waits = f"""(SELECT MAX(d.due_at) FROM delivery AS d
      WHERE d.chat_id = {chat} AND d.urgency = :urgency AND d.state IN ('due', 'unknown'))"""
    return f"""INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, broadcast_id,
    article_id, silent, bare, due_at, lease_until, reason, created_at)
  SELECT 'post', 'article', CASE WHEN waits IS NULL THEN 'claimed' ELSE 'due' END, :urgency,
    chat_id, thread, CAST(:broadcast AS bigint), :article, COALESCE(:quietly, silent), bare,
    COALESCE(waits, :now), CASE WHEN waits IS NULL THEN :until END,
    CASE WHEN waits IS NULL THEN '' ELSE 'behind an earlier one' END, :now
  FROM ({readers.replace("{waits}", waits)}) AS reader
  WHERE true ON CONFLICT (article_id, chat_id, thread) WHERE kind = 'post' DO NOTHING"""


_TAKE_NEWS = in_both(
    to_be_posted(
        f"""SELECT s.chat_id, s.thread, s.silent, 1 - s.pictures AS bare, {{waits}} AS waits
      {_READERS} AND (s.plain = 1 OR s.id IN {{chosen}}) ORDER BY s.id""",
        chat="s.chat_id",
    ),
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


async def take_news(
    tx: Connection, broadcast: Row, room: int, *, now: int, until: int, zone: ZoneInfo
) -> list[int] | None:
    """Take the next readers of an article; None if they all have to wait behind earlier
    articles."""
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
        "quietly": quietly(ahead),
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
        (FRESH, {"before": before}),
        ("SELECT COUNT(*) FROM delivery WHERE id > :before", {"before": before}),
    )
    ids = numbers_of(claimed)
    return ids if ids or not first_of(fresh) else None


def quietly(article: Row) -> int | None:
    """Whether posts of an article come without sound, whatever their readers chose; None: as those
    chose. Breaking news comes with it; an editor may take it from any other article."""
    return 0 if article["breaking"] else (1 if article["silent"] else None)


_SPECIAL = in_both(
    f"""SELECT {{rows}} {_READERS} AND s.plain = 0 AND NOT EXISTS (SELECT 1 FROM delivery AS d
    WHERE d.kind = 'post' AND d.article_id = :article AND d.chat_id = s.chat_id
    AND d.thread = s.thread) AND NOT EXISTS (SELECT 1 FROM kept_back AS k
    WHERE k.subscription_id = s.id AND k.article_id = :article)""",
    rows=json_list("s.id", "s.day", "s.posted", *(f"s.{one}" for one in preferences.COLUMNS)),
)


async def _choose(
    tx: Connection, news: News, new: Mapping[str, Any], *, zone: ZoneInfo, now: int
) -> list[int]:
    """Decide for those of the next readers that have special wishes: who gets it as a post now; for
    the others it is kept back, or they do not want it. Posts are counted where there is a limit."""
    reach = {name: new[name] for name in ("cursor", "upto", "article", "now")}
    rows = orjson.loads(await tx.value(_SPECIAL, **reach))
    article = await articles.get(tx, new["article"]) if rows else None
    words = filters.words_of(article) if article else None
    posted, kept, counted = [], [], {}
    for number, counted_since, count, *values in rows:
        wants = preferences.of_values(tuple(values), zone)
        day = 0 if wants.limit is None else midnight(now, wants.zone)
        today = count if counted_since == day else 0
        fits = words is not None and filters.fits(wants, words)
        match choose(wants, news, fits=fits, posted_today=today, now=now):
            case Posted():
                posted.append(number)
                if day:
                    counted[number] = day
            case Kept(why):
                kept.append((number, why, due_at(wants, why, now)))
            case Passed():
                pass
    await kept_back.keep(tx, kept, new["article"], now=now)
    for day in dict.fromkeys(counted.values()):
        await kept_back.count_posts(tx, [n for n, at in counted.items() if at == day], day=day)
    return posted
