"""Readers who comment. Knows who they are and what they may do, not what they wrote."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from bot.core.comments.aliases import reader_of
from bot.core.comments.model import Reader, Signature
from bot.core.model import ChatId, ReaderId, TelegramId
from bot.core.text import whole_number
from storage.database import Connection, Row

_KEY = "ban_key"


def _reader(row: Row) -> Reader:
    return Reader(
        id=ReaderId(row["id"]),
        telegram_id=TelegramId(row["telegram_id"]) if row["telegram_id"] is not None else None,
        chat_id=ChatId(row["chat_id"]) if row["chat_id"] is not None else None,
        name=row["name"],
        username=row["username"],
        sign=Signature(row["sign"]),
        approved=row["approved"],
        rejected=row["rejected"],
        muted_until=row["muted_until"],
        banned_at=row["banned_at"],
        blocked_at=row["blocked_at"],
        created_at=row["created_at"],
    )


async def see(
    tx: Connection,
    telegram_id: TelegramId,
    *,
    chat_id: ChatId,
    name: str = "",
    username: str = "",
    now: int,
) -> Reader:
    """Store or update the reader who writes to us. A ban survives erasure."""
    row = await tx.row(
        "INSERT INTO reader (telegram_id, chat_id, name, username, created_at)"
        " VALUES (:telegram_id, :chat, :name, :username, :now)"
        " ON CONFLICT (telegram_id) DO UPDATE SET chat_id = excluded.chat_id,"
        " name = excluded.name, username = excluded.username, blocked_at = NULL RETURNING *",
        telegram_id=telegram_id,
        chat=chat_id,
        name=name,
        username=username,
        now=now,
    )
    assert row is not None  # an upsert always returns its row
    if row["created_at"] != now or row["banned_at"] is not None:
        return _reader(row)
    banned_at = await tx.value(
        "SELECT banned_at FROM ban_memory WHERE hash = :hash", hash=await _hash(tx, telegram_id)
    )
    if banned_at is not None:
        await ban(tx, ReaderId(row["id"]), at=banned_at)
        return _reader({**row, "banned_at": banned_at})
    return _reader(row)


async def get(cx: Connection, reader_id: int) -> Reader | None:
    row = await cx.row("SELECT * FROM reader WHERE id = :id", id=reader_id)
    return _reader(row) if row else None


async def of_person(cx: Connection, telegram_id: int) -> Reader | None:
    row = await cx.row("SELECT * FROM reader WHERE telegram_id = :id", id=telegram_id)
    return _reader(row) if row else None


async def find(cx: Connection, name: str) -> Reader | None:
    """Find a reader by alias (`R-4f2`), `@username` or Telegram id."""
    number = reader_of(name)
    if number is not None:
        return await get(cx, number)
    if name.startswith("@"):
        row = await cx.row(
            "SELECT * FROM reader WHERE lower(username) = :name AND username <> ''"
            " AND telegram_id IS NOT NULL ORDER BY id DESC LIMIT 1",
            name=name[1:].lower(),
        )
        return _reader(row) if row else None
    telegram_id = whole_number(name)
    return None if telegram_id is None else await of_person(cx, telegram_id)


async def ban(tx: Connection, reader_id: int, *, at: int) -> bool:
    """Ban a reader; False if already banned, which is left as it is."""
    banned = "UPDATE reader SET banned_at = :at WHERE id = :id AND banned_at IS NULL"
    return bool(await tx.run(banned, at=at, id=reader_id))


async def unban(tx: Connection, reader: Reader) -> None:
    """Lift a ban, including one remembered from before an erasure; a mute stays."""
    await tx.run("UPDATE reader SET banned_at = NULL WHERE id = :id", id=reader.id)
    if reader.telegram_id is not None:
        hashed = await _hash(tx, reader.telegram_id)
        await tx.run("DELETE FROM ban_memory WHERE hash = :hash", hash=hashed)


async def mute(tx: Connection, reader_id: int, *, until: int) -> None:
    await tx.run("UPDATE reader SET muted_until = :at WHERE id = :id", at=until, id=reader_id)


async def set_blocked(tx: Connection, reader_id: int, *, now: int) -> None:
    """Note that the reader blocks the bot (until the reader writes again)."""
    await tx.run("UPDATE reader SET blocked_at = :now WHERE id = :id", now=now, id=reader_id)


async def set_sign(tx: Connection, reader_id: int, sign: Signature) -> None:
    await tx.run("UPDATE reader SET sign = :sign WHERE id = :id", sign=sign.value, id=reader_id)


async def count(tx: Connection, reader_id: int, *, approved: int = 0, rejected: int = 0) -> None:
    """Add to the history that moderators see."""
    await tx.run(
        "UPDATE reader SET approved = approved + :approved, rejected = rejected + :rejected"
        " WHERE id = :id",
        approved=approved,
        rejected=rejected,
        id=reader_id,
    )


async def forget(tx: Connection, reader: Reader, *, now: int) -> None:
    """Erase name and ids; a ban stays as a keyed hash that names nobody."""
    if reader.banned_at is not None and reader.telegram_id is not None:
        await tx.run(
            "INSERT INTO ban_memory (hash, banned_at) VALUES (:hash, :at)"
            " ON CONFLICT (hash) DO NOTHING",
            hash=await _hash(tx, reader.telegram_id),
            at=now,
        )
    await tx.run(
        "UPDATE reader SET telegram_id = NULL, chat_id = NULL, name = '', username = '',"
        " sign = 'anonymous' WHERE id = :id",
        id=reader.id,
    )
    for table in ("note", "finding", "consent"):
        await tx.run(f"DELETE FROM {table} WHERE reader_id = :id", id=reader.id)


async def add_note(
    tx: Connection, reader_id: int, *, comment_id: int | None, author: str, text: str, now: int
) -> None:
    """Store a note for the other moderators."""
    await tx.run(
        "INSERT INTO note (reader_id, comment_id, author, text, at)"
        " VALUES (:reader, :comment, :author, :text, :now)",
        reader=reader_id,
        comment=comment_id,
        author=author,
        text=text,
        now=now,
    )


async def notes(cx: Connection, reader_id: int, *, limit: int = 5) -> Sequence[Row]:
    """The notes about a reader, newest first: author, text, at."""
    return await cx.rows(
        "SELECT author, text, at FROM note WHERE reader_id = :id ORDER BY id DESC LIMIT :limit",
        id=reader_id,
        limit=limit,
    )


async def _hash(tx: Connection, telegram_id: int) -> str:
    key = await tx.value(
        "INSERT INTO memo (key, value) VALUES (:name, :key)"
        " ON CONFLICT (key) DO UPDATE SET value = memo.value RETURNING value",
        name=_KEY,
        key=secrets.token_hex(32),
    )
    return hmac.new(bytes.fromhex(key), str(telegram_id).encode(), hashlib.sha256).hexdigest()
