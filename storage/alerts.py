"""Alerts: what chats want to be told about as it appears. Percolation: an article looks up the
alerts that may match by its own stems; no alert is run against the archive."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson

from bot.core.model import ChatId
from bot.core.posts.content_kinds import KeptFor
from bot.core.posts.rate_limit import Urgency
from bot.core.readers.filters import ArticleWords, required, tells_of, words_of
from bot.core.search.query import parse
from storage import articles, kept_back, preferences, vocabulary
from storage.database import Connection, in_both, numbers, strings, text_rows

MOST = 50
"""Alerts of one chat."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of a chat."""

    id: int
    text: str


async def add(
    tx: Connection, chat_id: ChatId, thread: int, text: str, *, zone: ZoneInfo, now: int
) -> bool:
    """Returns whether it is new. Raises ValueError when the chat has as many as it may."""
    there = await tx.value(
        "SELECT COUNT(*) FROM alert WHERE chat_id = :chat AND thread = :thread",
        chat=chat_id,
        thread=thread,
    )
    if there >= MOST:
        raise ValueError("as many alerts as a chat may have")
    return bool(
        await tx.run(
            "INSERT INTO alert (chat_id, thread, text, stem, created_at)"
            " VALUES (:chat, :thread, :text, :stem, :now) ON CONFLICT DO NOTHING",
            chat=chat_id,
            thread=thread,
            text=text,
            stem=await _rarest(tx, required(parse(text, zone))),
            now=now,
        )
    )


async def _rarest(tx: Connection, stems: tuple[str, ...]) -> str:
    """The stem that the fewest articles have; of several unknown ones the longest."""
    if not stems:
        return ""
    known = await vocabulary.having(tx, stems)
    return min(stems, key=lambda one: (known.get(one, 0), -len(one), one))


async def of_chat(cx: Connection, chat_id: ChatId, thread: int) -> list[Alert]:
    """Oldest first."""
    rows = await cx.rows(
        "SELECT id, text FROM alert WHERE chat_id = :chat AND thread = :thread ORDER BY id",
        chat=chat_id,
        thread=thread,
    )
    return [Alert(row["id"], row["text"]) for row in rows]


async def drop(tx: Connection, alert_id: int, chat_id: ChatId) -> str | None:
    """Returns the words of what was dropped; None when this chat has no such alert."""
    text = await tx.value(
        "DELETE FROM alert WHERE id = :id AND chat_id = :chat RETURNING text",
        id=alert_id,
        chat=chat_id,
    )
    return None if text is None else str(text)


async def announce(tx: Connection, article_id: int, *, zone: ZoneInfo, now: int) -> int:
    """Put an article on its way to the chats that have an alert for it; whoever has it, or gets it
    by subscription, gets it once (a post is unique by article, chat and thread). In quiet hours it
    is kept back. Returns to how many chats it goes."""
    article = await articles.get(tx, article_id)
    if article is None:
        return 0
    asked = await _fitting(tx, words_of(article), zone)
    if not asked:
        return 0
    asked |= {"article": article_id}
    quiet = []
    for row in await tx.rows(_WITH_HOURS, **asked):
        wants = preferences.of_row(row, zone)
        if wants.quiet and wants.quiet.holds(now, wants.zone):
            quiet.append(row["id"])
            due = wants.quiet.after(now, wants.zone)
            await kept_back.keep(tx, [(row["id"], KeptFor.QUIET, due)], article_id, now=now)
    posts = await tx.run(
        _POSTS, **asked, quiet=orjson.dumps(quiet).decode(), urgency=int(Urgency.POST), now=now
    )
    return posts + len(quiet)


async def _fitting(tx: Connection, words: ArticleWords, zone: ZoneInfo) -> dict[str, object]:
    """What alerts that match ask for, each text with the stem by which it is found: many chats
    follow the same words, so each is looked at once, and no chat is. Empty where none matches."""
    stems = orjson.dumps(["", *words.known]).decode()
    rows = await tx.rows(_TEXTS, stems=stems)
    texts = [(row["stem"], row["text"]) for row in rows if tells_of(row["text"], words, zone)]
    return {"texts": orjson.dumps(texts).decode()} if texts else {}


_TEXTS = in_both(
    "SELECT DISTINCT stem, text FROM alert WHERE stem IN {stems}", stems=strings("stems")
)
_FOLLOWED = " FROM {texts} AS one JOIN alert ON alert.stem = one.stem AND alert.text = one.text"
_WITH_HOURS = in_both(
    "SELECT DISTINCT s.id, s.filter, s.breaking_only, s.digest_minute, s.digest_days,"
    " s.quiet_begin, s.quiet_end, s.daily_limit, s.silent, s.pictures, s.zone" + _FOLLOWED + ""
    " JOIN subscription AS s ON s.chat_id = alert.chat_id AND s.thread = alert.thread"
    " JOIN chat ON chat.id = alert.chat_id"
    " WHERE chat.gone_at IS NULL AND s.quiet_begin IS NOT NULL AND NOT EXISTS (SELECT 1"
    " FROM delivery WHERE kind = 'post' AND article_id = :article"
    " AND delivery.chat_id = alert.chat_id AND delivery.thread = alert.thread) ORDER BY s.id",
    texts=text_rows("texts", "stem", "text"),
)
"""Those who have quiet hours: whether these hold now, no database knows."""
_POSTS = in_both(
    "INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, article_id, silent,"
    " bare, due_at, created_at) SELECT 'post', 'article', 'due', :urgency, alert.chat_id,"
    " alert.thread, :article, COALESCE(s.silent, 0), 1 - COALESCE(s.pictures, 1), :now, :now"
    + _FOLLOWED
    + " JOIN chat ON chat.id = alert.chat_id"
    " LEFT JOIN subscription AS s ON s.chat_id = alert.chat_id AND s.thread = alert.thread"
    " WHERE chat.gone_at IS NULL AND (s.id IS NULL OR s.id NOT IN {quiet}) ORDER BY alert.id"
    " ON CONFLICT (article_id, chat_id, thread) WHERE kind = 'post' DO NOTHING",
    texts=text_rows("texts", "stem", "text"),
    quiet=numbers("quiet"),
)
