"""What the program logs at its start: five lines about what it will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from bot.core.model import TelegramId
from bot.core.names import clean_name
from storage import Database, chats, measures

log = structlog.get_logger("kabar")


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings to report. Addresses may be empty; `rate` is messages a second, `every` the
    seconds between two polls."""

    every: int
    rate: float
    moderators: TelegramId | None
    webhook: str = ""
    public: str = ""
    metrics: str = ""
    heartbeat: bool = False
    notices: bool = False


async def tell(db: Database, plan: Plan, *, now: int) -> None:
    """Five events: reading, posting, moderation, hearing, watching."""
    async with db.reading() as cx:
        found = await measures.measure(cx, now=now)
        chat = await chats.get(cx, plan.moderators) if plan.moderators is not None else None
    title = clean_name(chat.title if chat else "") or plan.moderators
    for event, fields in lines(plan, len(found.feeds), found.chats, title):
        log.info(event, **fields)


def lines(
    plan: Plan, feeds: int, audience: int, moderators: str | int | None
) -> list[tuple[str, Mapping[str, object]]]:
    """The events and their fields."""
    way = f"web hook at {urlsplit(plan.webhook).hostname}" if plan.webhook else "long polling"
    metrics = f"http://{plan.metrics}/metrics" if plan.metrics else "nowhere"
    pushed = urlsplit(plan.public).hostname if plan.public else "no"
    return [
        ("will.read", {"feeds": feeds, "every_s": plan.every, "pushed_to": pushed}),
        ("will.post", {"chats": audience, "a_second": plan.rate}),
        ("will.moderate", {"chat": moderators or "none: commenting is off"}),
        ("will.hear", {"by": way}),
        (
            "will.tell",
            {"metrics": metrics, "heartbeat": plan.heartbeat, "notices": plan.notices},
        ),
    ]
