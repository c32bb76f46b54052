"""What a chat wants to read: all news, some topics, or words. One of the three is in force.

Everything is done in the transaction that is passed in; the caller has checked who may do it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core.model import ChatId
from bot.core.readers.in_words import Chosen
from bot.core.readers.preferences import Preferences
from bot.readers.releases import Releases
from storage import Connection, chats, kept_back, preferences


@dataclass(frozen=True, slots=True)
class Spot:
    """Whose choice it is: a chat, or a topic of its forum; with the moment. `zone` is the
    newsroom's."""

    chat: ChatId
    thread: int
    zone: ZoneInfo
    now: int


async def subscribe(tx: Connection, spot: Spot, topics: Sequence[str] = ()) -> bool:
    """Subscribe to all news, or add these topics to those it had; a filter by words no longer
    applies. Returns whether anything changed."""
    if not (await _wants(tx, spot)).filter:
        return await chats.subscribe(tx, spot.chat, thread=spot.thread, topics=topics, now=spot.now)
    if topics:
        await only(tx, spot, topics)
    else:
        await _filter(tx, spot, "")
        await chats.subscribe(tx, spot.chat, thread=spot.thread, now=spot.now)
    return True


async def only(tx: Connection, spot: Spot, topics: Sequence[str]) -> None:
    """Subscribe to these topics and no others."""
    await _filter(tx, spot, "")
    await chats.narrow(tx, spot.chat, thread=spot.thread, topics=topics, now=spot.now)


async def words(tx: Connection, spot: Spot, text: str) -> None:
    """Subscribe to what matches a query in the language of /search, whatever its topics."""
    await chats.narrow(tx, spot.chat, thread=spot.thread, topics=(), now=spot.now)
    await chats.subscribe(tx, spot.chat, thread=spot.thread, now=spot.now)
    await _filter(tx, spot, text)


async def chosen(cx: Connection, spot: Spot) -> Chosen:
    """What the chat has chosen."""
    row = await chats.subscription(cx, spot.chat, spot.thread)
    if row is None:
        return Chosen()
    return Chosen(
        active=bool(row["active"]),
        everything=bool(row["everything"]),
        topics=tuple(await chats.subscribed_topics(cx, row["id"])),
        filter=row["filter"],
    )


async def change(
    tx: Connection,
    spot: Spot,
    how: Callable[[Preferences], Preferences],
    releases: Releases,
    *,
    join: bool = False,
) -> Preferences:
    """Change how and when news comes; articles kept back for a reason that no longer holds come at
    once. `join`: a chat that reads nothing yet is subscribed to all news."""
    wants = how(await _wants(tx, spot))
    number = await preferences.put(
        tx, spot.chat, spot.thread, wants, default=spot.zone, now=spot.now
    )
    row = await chats.subscription(tx, spot.chat, spot.thread)
    if join and row is not None and not row["active"]:
        await chats.subscribe(tx, spot.chat, thread=spot.thread, now=spot.now)
    await kept_back.set_due(tx, number, spot.now)
    due = await kept_back.one(tx, number)
    if due is not None:
        await releases.release(tx, due, now=spot.now)
    return wants


async def _wants(cx: Connection, spot: Spot) -> Preferences:
    return await preferences.get(cx, spot.chat, spot.thread, default=spot.zone)


async def _filter(tx: Connection, spot: Spot, text: str) -> None:
    wants = replace(await _wants(tx, spot), filter=text)
    await preferences.put(tx, spot.chat, spot.thread, wants, default=spot.zone, now=spot.now)
