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

COLUMNS = (
    *("filter", "breaking_only", "digest_minute", "digest_days", "quiet_begin", "quiet_end"),
    *("daily_limit", "silent", "pictures", "zone"),
)
"""Of `subscription`: what it asks for."""


def of_row(row: Row, default: ZoneInfo) -> Preferences:
    """The preferences in a row of `subscription`; `default` is the newsroom's zone."""
    return of_values(tuple(row[one] for one in COLUMNS), default)


@lru_cache(4096)
def of_values(values: tuple[Any, ...], default: ZoneInfo) -> Preferences:
    """The same of the values of `COLUMNS`: a broadcast asks this for each chat, and many chats ask
    for the same."""
    words, breaking_only, minute, days, begin, end, limit, silent, pictures, zone = values
    return Preferences(
        zone=ZoneInfo(zone) if zone else default,
        filter=words,
        breaking_only=bool(breaking_only),
        digest=None if minute is None else Digest(minute, days),
        quiet=None if begin is None else Hours(begin, end),
        limit=limit,
        silent=bool(silent),
        pictures=bool(pictures),
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
