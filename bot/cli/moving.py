"""Commands for moving from another system: its articles and its chats. Nothing is sent for them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path

import orjson

from bot.cli.importing import move_in
from bot.core.articles.date_style import parse_moment
from bot.core.articles.markup import plain
from bot.core.articles.story import lead_of
from bot.core.model import Story
from bot.settings import StoreSettings
from storage import Connection, chats, imports

_CHATS, _ARTICLES = 5_000, 500
"""How many lines share a transaction."""
_CHAT_ID = re.compile(r"-?[0-9]{1,16}")


def import_chats(settings: StoreSettings, file: Path) -> None:
    """Import chat ids, one per line, subscribed to everything."""

    async def store(tx: Connection, ids: Sequence[int]) -> int:
        return await chats.import_subscribed(tx, ids, now=int(time.time()))

    move_in(settings, file, what="chats", read=chat_ids, store=store, batch=_CHATS)


def import_articles(settings: StoreSettings, file: Path) -> None:
    """Import articles from JSON Lines (`url,title,body,published,source`); never broadcast."""

    async def store(tx: Connection, stories: Sequence[Story]) -> int:
        return await imports.import_stories(tx, stories, now=int(time.time()))

    read = partial(stories, zone=settings.zone)
    move_in(settings, file, what="articles", read=read, store=store, batch=_ARTICLES)


def chat_ids(lines: Iterable[str]) -> Iterator[int | str]:
    """Chat ids, or a sentence for each line that is not one."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("\ufeff")
        if not text:
            continue
        chat = int(text) if _CHAT_ID.fullmatch(text) else 0
        if chat == 0 or abs(chat) >= 1 << 52:
            yield f"Line {number}: {text[:40]!r} is no chat id; skipped."
        else:
            yield chat


def stories(lines: Iterable[str], *, zone: tzinfo) -> Iterator[Story | str]:
    """Stories, or a sentence for each line that is not one; `zone` is for dates without one."""
    now = int(time.time())
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            yield f"Line {number} is no JSON; skipped."
            continue
        yield story_of(record, now, zone) or f"Line {number} has no title and no text; skipped."


def story_of(record: object, now: int, zone: tzinfo) -> Story | None:
    """The story in a JSON object, or None if there is nothing to show."""
    if not isinstance(record, dict):
        return None
    text = {
        name: str(record.get(name) or "").strip() for name in ("url", "title", "body", "source")
    }
    if not text["title"] and not text["body"]:
        return None
    link = text["url"] if text["url"].startswith(("http://", "https://")) else ""
    body = plain(text["body"]) if "<" in text["body"] else text["body"]
    return Story(
        key=link or text["title"],
        headline=text["title"] or body.partition("\n")[0][:120],
        link=link,
        lead=lead_of(body),
        body=body,
        source=text["source"],
        published=parse_moment(record.get("published"), now=now, zone=zone),
    )
