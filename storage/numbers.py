"""Figures over the whole archive, for the operator. Counts only, nobody's words."""

from __future__ import annotations

from storage import chats, moderators, set_aside
from storage.database import Connection

_COUNTS = (
    ("feeds", "SELECT count(*) FROM feed WHERE active = 1"),
    ("feeds in trouble", "SELECT count(*) FROM feed WHERE active = 1 AND failures > 0"),
    ("articles", "SELECT count(*) FROM article"),
    ("articles restless", "SELECT count(*) FROM article WHERE settle_at IS NOT NULL"),
    ("chats", "SELECT count(*) FROM chat WHERE gone_at IS NULL"),
    ("chats gone", "SELECT count(*) FROM chat WHERE gone_at IS NOT NULL"),
    (
        "subscriptions",
        """SELECT count(*) FROM subscription JOIN chat ON chat.id = chat_id
           WHERE active = 1 AND gone_at IS NULL""",
    ),
    ("broadcasts under way", "SELECT count(*) FROM broadcast WHERE done_at IS NULL"),
)


async def overview(cx: Connection) -> list[tuple[str, int]]:
    """Named counts, in display order; set-aside items only if there are any."""
    found = [(name, int(await cx.value(sql))) for name, sql in _COUNTS]
    aside = await set_aside.counts(cx)
    group = await moderators.current(cx)
    if group is not None and await chats.refuses_since(cx, group):
        found.append(("moderators' chat refuses", 1))
    return found + [(f"set aside: {concern}", count) for concern, count in sorted(aside.items())]
