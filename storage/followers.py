"""The next chats that have an alert for an article: told before its readers, in slices.

An article's broadcast comes here first while `alert_match` has rows for it. What is taken goes from
there in the same transaction, so a sender that dies goes on where it was; whoever has the article
by an alert is passed over as a reader, for a post is unique by article, chat and thread.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.posts.content_kinds import KeptFor
from storage import kept_back, preferences
from storage.audience import quietly, to_be_posted
from storage.database import Connection, Row, in_both, numbers
from storage.deliveries import as_json
from storage.outbox_rows import FRESH, first_of, numbers_of

_NEXT = """SELECT MAX(alert_id) AS upto, (SELECT COALESCE(MAX(id), 0) FROM delivery) AS newest,
    (SELECT retracted_at IS NOT NULL FROM article WHERE id = :article) AS retracted,
    (SELECT breaking FROM article WHERE id = :article) AS breaking,
    (SELECT silent FROM article WHERE id = :article) AS silent
  FROM (SELECT alert_id FROM alert_match WHERE article_id = :article
    ORDER BY alert_id LIMIT :room) AS page"""
_FOLLOWERS = """FROM alert_match AS m JOIN alert AS a ON a.id = m.alert_id
    JOIN chat AS c ON c.id = a.chat_id
    {how} JOIN subscription AS s ON s.chat_id = a.chat_id AND s.thread = a.thread
    WHERE m.article_id = :article AND m.alert_id <= :upto AND c.gone_at IS NULL"""
_WITH_HOURS = f"""SELECT DISTINCT s.id, s.filter, s.breaking_only, s.digest_minute, s.digest_days,
    s.quiet_begin, s.quiet_end, s.daily_limit, s.silent, s.pictures, s.zone
  {_FOLLOWERS.format(how="")} AND s.quiet_begin IS NOT NULL AND NOT EXISTS (SELECT 1
    FROM delivery WHERE kind = 'post' AND article_id = :article
    AND delivery.chat_id = a.chat_id AND delivery.thread = a.thread) ORDER BY s.id"""
"""Those who have quiet hours: whether these hold now, no database knows."""
_TELL = in_both(
    to_be_posted(
        f"""SELECT a.chat_id, a.thread, COALESCE(s.silent, 0) AS silent,
      1 - COALESCE(s.pictures, 1) AS bare, {{waits}} AS waits {_FOLLOWERS.format(how="LEFT")}
      AND (s.id IS NULL OR s.rests_until <= :now AND s.id NOT IN {{quiet}})
      ORDER BY m.alert_id""",
        chat="a.chat_id",
    ),
    quiet=numbers("quiet"),
)
_TOLD = "DELETE FROM alert_match WHERE article_id = :article AND alert_id <= :upto"
_ALL_TOLD = "DELETE FROM alert_match WHERE article_id = :article"


async def take(
    tx: Connection, broadcast: Row, room: int, *, now: int, until: int, zone: ZoneInfo
) -> list[int] | None:
    """The next of them; None when they all have to wait behind earlier articles. In quiet hours
    the article is kept back, unless it is news that breaks them."""
    article = broadcast["article_id"]
    [[ahead]] = await tx.batch((_NEXT, {"article": article, "room": room}))
    if ahead["retracted"]:
        await tx.run(_ALL_TOLD, article=article)
        return []
    page = {"article": article, "upto": ahead["upto"]}
    kept = []
    for row in [] if ahead["breaking"] > 1 else await tx.rows(_WITH_HOURS, **page):
        wants = preferences.of_row(row, zone)
        if wants.quiet and wants.quiet.holds(now, wants.zone):
            kept.append((row["id"], KeptFor.QUIET, wants.quiet.after(now, wants.zone)))
    await kept_back.keep(tx, kept, article, now=now)
    new = {
        "urgency": broadcast["urgency"],
        "broadcast": None,  # its totals count readers
        "now": now,
        "until": until,
        "quietly": quietly(ahead),
        "quiet": as_json([number for number, _, _ in kept]),
    }
    before = {"before": ahead["newest"]}
    _, _, claimed, fresh = await tx.batch(
        (_TELL, {**page, **new}),
        (_TOLD, page),
        (FRESH, before),
        ("SELECT COUNT(*) FROM delivery WHERE id > :before", before),
    )
    ids = numbers_of(claimed)
    return ids if ids or not first_of(fresh) else None
