"""Preferences of subscriptions, as rows. Knows columns, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.hours import Hours
from bot.core.model import ChatId
from bot.core.readers.preferences import Digest, Preferences
from storage.database import Connection, Row


def of_row(row: Row, default: ZoneInfo) -> Preferences:
    """The preferences in a row of `subscription`; `default` is the newsroom's zone."""
    digest, quiet = row["digest_minute"], row["quiet_begin"]
    return Preferences(
        zone=_zone(row["zone"]) if row["zone"] else default,
        filter=row["filter"],
        breaking_only=bool(row["breaking_only"]),
        digest=None if digest is None else Digest(digest, row["digest_days"]),
        quiet=None if quiet is None else Hours(quiet, row["quiet_end"]),
        limit=row["daily_limit"],
        silent=bool(row["silent"]),
        pictures=bool(row["pictures"]),
    )


async def get(cx: Connection, chat_id: ChatId, thread: int, *, default: ZoneInfo) -> Preferences:
    """The preferences of a chat or forum topic; the defaults if nobody chose any."""
    row = await cx.row(
        "SELECT * FROM subscription WHERE chat_id = :chat AND thread = :thread",
        chat=chat_id,
        thread=thread,
    )
    return of_row(row, default) if row else Preferences(default)


async def put(
    tx: Connection,
    chat_id: ChatId,
    thread: int,
    wants: Preferences,
    *,
    default: ZoneInfo,
    now: int,
) -> int:
    """Store a chat's preferences; a chat that is not subscribed keeps them until it is. Returns the
    subscription's number."""
    columns = _columns(wants, default)
    names = ", ".join(columns)
    values = ", ".join(f":{one}" for one in columns)
    return int(
        await tx.value(
            f"INSERT INTO subscription (chat_id, thread, active, created_at, {names})"
            f" VALUES (:chat, :at_thread, 0, :now, {values})"
            " ON CONFLICT (chat_id, thread) DO UPDATE SET "
            + ", ".join(f"{one} = excluded.{one}" for one in columns)
            + " RETURNING id",
            chat=chat_id,
            at_thread=thread,
            now=now,
            **columns,
        )
    )


def _columns(wants: Preferences, default: ZoneInfo) -> Mapping[str, Any]:
    digest, quiet = wants.digest, wants.quiet
    zone = getattr(wants.zone, "key", "")
    return {
        "plain": int(wants.plain),
        "filter": wants.filter,
        "breaking_only": int(wants.breaking_only),
        "digest_minute": digest.minute if digest else None,
        "digest_days": digest.days if digest else 127,
        "quiet_begin": quiet.begin if quiet else None,
        "quiet_end": quiet.end if quiet else None,
        "daily_limit": wants.limit,
        "silent": int(wants.silent),
        "pictures": int(wants.pictures),
        "zone": "" if zone == default.key else zone,
    }


@lru_cache(64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
