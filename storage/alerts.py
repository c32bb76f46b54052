"""Alerts: words that chats want to be notified about. By percolation: an article's own stems look
up the alerts that may match; no alert is run against the archive.

Storing an article notes which alerts match; `followers` tells their chats, slice by slice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson

from bot.core.model import ChatId
from bot.core.readers.filters import ArticleWords, required, telling, words_of
from bot.core.search.query import parse
from storage import articles, vocabulary
from storage.database import Connection, in_both, json_list, strings, text_pairs

MOST = 50
"""The most alerts of one chat."""


_UTC = ZoneInfo("UTC")  # stems are the same everywhere


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of a chat."""

    id: int
    text: str


async def add(
    tx: Connection, chat_id: ChatId, thread: int, text: str, *, zone: ZoneInfo, now: int
) -> bool:
    """Add an alert; returns whether it is new. Raises ValueError if the chat has reached the
    limit."""
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


async def renew(tx: Connection) -> None:
    """Note anew by which stem each alert is found: stems are made differently now. Alerts that are
    still found by theirs stay as they are."""
    rows = await tx.rows("SELECT DISTINCT text, stem FROM alert")
    stale = await asyncio.to_thread(
        lambda: [
            (row, stems)
            for row in rows
            if row["stem"] not in (stems := required(parse(row["text"], _UTC)) or ("",))
        ]
    )
    for row, stems in stale:
        await tx.run(
            "UPDATE alert SET stem = :new WHERE text = :text AND stem = :stem",
            new=await _rarest(tx, stems),
            text=row["text"],
            stem=row["stem"],
        )


async def _rarest(tx: Connection, stems: tuple[str, ...]) -> str:
    """The stem that the fewest articles have; of several unknown ones the longest."""
    if not stems:
        return ""
    known = await vocabulary.having(tx, stems)
    return min(stems, key=lambda one: (known.get(one, 0), -len(one), one))


async def of_chat(cx: Connection, chat_id: ChatId, thread: int) -> list[Alert]:
    """The alerts of a chat, oldest first."""
    rows = await cx.rows(
        "SELECT id, text FROM alert WHERE chat_id = :chat AND thread = :thread ORDER BY id",
        chat=chat_id,
        thread=thread,
    )
    return [Alert(row["id"], row["text"]) for row in rows]


async def drop(tx: Connection, alert_id: int, chat_id: ChatId) -> str | None:
    """Delete an alert; returns its words, None if this chat has no such alert."""
    text = await tx.value(
        "DELETE FROM alert WHERE id = :id AND chat_id = :chat RETURNING text",
        id=alert_id,
        chat=chat_id,
    )
    return None if text is None else str(text)


async def match(tx: Connection, article_id: int, *, zone: ZoneInfo) -> int:
    """Note the alerts that an article matches: its broadcast, which is to be announced after this,
    tells their chats before its readers. Returns how many; none for an article that was announced
    before."""
    article = await articles.get(tx, article_id)
    if article is None:
        return 0
    texts = await _fitting(tx, words_of(article), zone)
    return await tx.run(_MATCH, texts=texts, article=article_id) if texts else 0


async def _fitting(tx: Connection, words: ArticleWords, zone: ZoneInfo) -> str:
    """What alerts that match ask for: stems by which they are found, and texts (`text_pairs`), or
    nothing. Many chats follow the same words: each text is looked at once, and no chat is."""
    stems = orjson.dumps(["", *words.known]).decode()
    asked = orjson.loads(await tx.value(_TEXTS, stems=stems))
    texts = [f"{stem}\t{text}" for stem, text in telling(asked, words, zone)]
    return orjson.dumps(texts).decode() if texts else ""


_TEXTS = in_both(
    "SELECT {asked} FROM (SELECT DISTINCT stem, text FROM alert WHERE stem IN {stems}) AS one",
    asked=json_list("stem", "text"),
    stems=strings("stems"),
)
_MATCH = in_both(
    "INSERT INTO alert_match (article_id, alert_id) SELECT :article, alert.id FROM {texts} AS one"
    " JOIN alert ON alert.stem = one.stem AND alert.text = one.text WHERE NOT EXISTS"
    " (SELECT 1 FROM broadcast WHERE kind = 'news' AND article_id = :article)"
    " ORDER BY alert.id ON CONFLICT DO NOTHING",
    texts=text_pairs("texts", "stem", "text"),
)
