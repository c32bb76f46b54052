"""The moderators' chat, its blocked words and saved replies. Knows rows."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.comments.rules import key_of
from bot.core.model import Chat, ChatId, TelegramId
from bot.core.posts.content_kinds import MODERATORS
from storage import chats
from storage.database import Connection, Row
from storage.deliveries import listed

_MEMO = "moderators_chat"
_KNOWN = (
    "SELECT chat.* FROM memo LEFT JOIN chat"
    " ON chat.id = CAST(SUBSTR(memo.value, CAST(:at AS INTEGER)) AS BIGINT)"
    " WHERE memo.key = :key AND memo.value LIKE :known"
)
"""In one statement: each loop about comments asks this twice a second."""


async def chat(cx: Connection, configured: TelegramId) -> Chat | None:
    """The chat that the settings name, even after it became a supergroup with another id."""
    number = f"{configured}:"
    found = await cx.row(_KNOWN, key=_MEMO, known=f"{number}%", at=len(number) + 1)
    if found is None:
        return await chats.get(cx, configured)
    if found["id"] is not None:
        return chats.of_row(found)
    # It was merged into the row of its new id, together with its cards.
    last = await cx.value(
        f"SELECT chat_id FROM delivery WHERE content IN {listed(MODERATORS)}"
        " ORDER BY id DESC LIMIT 1"
    )
    return await chats.by_id(cx, ChatId(last)) if last is not None else None


async def current(cx: Connection) -> ChatId | None:
    """Our number of the moderators' chat in use; None if there is none."""
    known = await cx.value("SELECT value FROM memo WHERE key = :key", key=_MEMO)
    number, _, _ = str(known or "").partition(":")
    found = await chat(cx, TelegramId(int(number))) if number else None
    return found.id if found is not None else None


async def reachable(cx: Connection, *, since: int) -> list[ChatId]:
    """Private chats with those who have decided something since then."""
    rows = await cx.rows(
        "SELECT id FROM chat WHERE kind = 'private' AND gone_at IS NULL AND telegram_id IN"
        " (SELECT actor_id FROM decision WHERE at > :since AND actor_id <> 0) ORDER BY id LIMIT 50",
        since=since,
    )
    return [ChatId(row["id"]) for row in rows]


async def configure_chat(tx: Connection, configured: TelegramId, *, now: int) -> Chat:
    """The same; registers the chat if nobody has written there yet, and remembers it."""
    found = await chat(tx, configured)
    if found is None:
        found = await chats.see(tx, configured, kind=chats.kind_of(configured), now=now)
    await tx.run(
        "INSERT INTO memo (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=_MEMO,
        value=f"{configured}:{found.id}",
    )
    return found


# --- blocked words --------------------------------------------------------------------------------


async def blocked_words(cx: Connection) -> Sequence[Row]:
    """All of them in order: word, language, hard, added_by."""
    return await cx.rows("SELECT * FROM blocked_word ORDER BY language, key")


async def block_word(
    tx: Connection, word: str, *, language: str, hard: bool, by: str, now: int
) -> bool:
    """Block a word or phrase; `hard` refuses, else it holds. False if it contains no word."""
    key = key_of(word)
    if not key:
        return False
    await tx.run(
        "INSERT INTO blocked_word (key, word, language, hard, added_by, added_at)"
        " VALUES (:key, :word, :language, :hard, :by, :now) ON CONFLICT (key, language)"
        " DO UPDATE SET word = excluded.word, hard = excluded.hard",
        key=key,
        word=word,
        language=language,
        hard=int(hard),
        by=by,
        now=now,
    )
    return True


async def unblock_word(tx: Connection, word: str, *, language: str = "") -> bool:
    """Unblock it in one language, or without one wherever it is blocked. False if it was not
    blocked."""
    return bool(
        await tx.run(
            "DELETE FROM blocked_word WHERE key = :key AND :language IN ('', language)",
            key=key_of(word),
            language=language,
        )
    )


# --- canned replies -------------------------------------------------------------------------------


async def canned_replies(cx: Connection) -> Sequence[Row]:
    """All of them by name: name, text."""
    return await cx.rows("SELECT name, text FROM canned_reply ORDER BY name")


async def canned_reply(cx: Connection, name: str) -> str | None:
    text = await cx.value("SELECT text FROM canned_reply WHERE name = :name", name=name.lower())
    return None if text is None else str(text)


async def keep_reply(tx: Connection, name: str, text: str, *, by: str, now: int) -> None:
    """Store a saved reply, or new words for it."""
    await tx.run(
        "INSERT INTO canned_reply (name, text, added_by, added_at) VALUES (:name, :text, :by, :now)"
        " ON CONFLICT (name) DO UPDATE SET text = excluded.text",
        name=name.lower(),
        text=text,
        by=by,
        now=now,
    )


async def drop_reply(tx: Connection, name: str) -> bool:
    return bool(await tx.run("DELETE FROM canned_reply WHERE name = :name", name=name.lower()))
