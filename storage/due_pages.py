"""Pages of articles from short feeds: which are due, which were read.

Knows rows only; `bot.news.full_text` reads the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from bot.core.model import ArticleId, Picture, Story
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to be read, and what the feed said about its article."""

    article_id: ArticleId
    host: str
    link: str
    etag: str
    last_modified: str
    told: Story
    attempts: int


@dataclass(frozen=True, slots=True)
class Validators:
    """Validators for asking a site whether a page changed since it was read."""

    link: str = ""
    etag: str = ""
    last_modified: str = ""


NO_VALIDATORS = Validators()


async def want(
    tx: Connection, article_id: ArticleId, told: Story, *, host: str, due_at: int
) -> None:
    """Queue the page of an article for reading; `told` is its story as in the feed now."""
    await tx.run(
        "INSERT INTO page (article_id, host, link, told, due_at)"
        " VALUES (:id, :host, :link, :told, :due)"
        " ON CONFLICT (article_id) DO UPDATE SET host = excluded.host, told = excluded.told,"
        " attempts = 0, due_at = excluded.due_at,"
        " etag = CASE WHEN page.link = excluded.link THEN page.etag ELSE '' END,"
        " last_modified = CASE WHEN page.link = excluded.link THEN page.last_modified ELSE '' END,"
        " link = excluded.link",
        id=article_id,
        host=host,
        link=told.link,
        told=_as_json(told),
        due=due_at,
    )


async def was_read(
    tx: Connection, article_id: ArticleId, *, host: str, validators: Validators
) -> None:
    """Note that the page was read; next time the site is asked whether it changed."""
    await tx.run(
        "INSERT INTO page (article_id, host, link, etag, last_modified)"
        " VALUES (:id, :host, :link, :etag, :modified)"
        " ON CONFLICT (article_id) DO UPDATE SET host = excluded.host, link = excluded.link,"
        " etag = excluded.etag, last_modified = excluded.last_modified, told = '', attempts = 0,"
        " due_at = NULL",
        id=article_id,
        host=host,
        link=validators.link,
        etag=validators.etag,
        modified=validators.last_modified,
    )


async def give_up(tx: Connection, article_id: ArticleId) -> None:
    """Give up a page: asking again is pointless."""
    await tx.run("UPDATE page SET told = '', due_at = NULL WHERE article_id = :id", id=article_id)


async def put_off(tx: Connection, host: str, *, until: int) -> None:
    """Put off all pages of a site that is in trouble or asked to be left alone."""
    await tx.run(
        "UPDATE page SET due_at = :until WHERE host = :host AND due_at < :until",
        host=host,
        until=until,
    )


async def later(tx: Connection, article_id: ArticleId, *, due_at: int) -> None:
    """Put off this page only."""
    await tx.run(
        "UPDATE page SET due_at = :due WHERE article_id = :id AND due_at IS NOT NULL",
        id=article_id,
        due=due_at,
    )


async def claim(tx: Connection, host: str, *, now: int, lease: int) -> DuePage | None:
    """Claim the newest article of a site whose page is due. The attempt is counted before the page
    is requested: should the program die of it, the page is due again after `lease` seconds."""
    row = await tx.row(
        "SELECT page.* FROM page JOIN article ON article.id = article_id"
        " WHERE host = :host AND due_at <= :now ORDER BY sort_at DESC, article_id DESC LIMIT 1",
        host=host,
        now=now,
    )
    if row is None:
        return None
    await tx.run(
        "UPDATE page SET attempts = attempts + 1, due_at = :due WHERE article_id = :id",
        id=row["article_id"],
        due=now + lease,
    )
    return _due(row, attempts=row["attempts"] + 1)


async def still_due(cx: Connection, article_id: ArticleId) -> DuePage | None:
    """What is known about a page now; None if it no longer needs to be read."""
    row = await cx.row("SELECT * FROM page WHERE article_id = :id", id=article_id)
    return _due(row, attempts=row["attempts"]) if row and row["due_at"] is not None else None


async def hosts(cx: Connection, *, now: int) -> list[str]:
    """The sites with a page that is due."""
    rows = await cx.rows("SELECT DISTINCT host FROM page WHERE due_at <= :now", now=now)
    return [row["host"] for row in rows]


async def next_due(cx: Connection) -> int | None:
    """When the next page is due, if any is."""
    moment = await cx.value("SELECT MIN(due_at) FROM page WHERE due_at IS NOT NULL")
    return None if moment is None else int(moment)


async def validators(cx: Connection, ids: Iterable[ArticleId]) -> dict[ArticleId, Validators]:
    """The validators of these articles' pages that were read before."""
    found: dict[ArticleId, Validators] = {}
    for article_id in ids:
        row = await cx.row(
            "SELECT link, etag, last_modified FROM page WHERE article_id = :id", id=article_id
        )
        if row is not None:
            found[article_id] = Validators(row["link"], row["etag"], row["last_modified"])
    return found


def _due(row: Row, *, attempts: int) -> DuePage:
    return DuePage(
        article_id=ArticleId(row["article_id"]),
        host=row["host"],
        link=row["link"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        told=_from_json(row["told"]),
        attempts=attempts,
    )


def _as_json(story: Story) -> str:
    return orjson.dumps(asdict(story)).decode()


def _from_json(text: str) -> Story:
    values: dict[str, Any] = orjson.loads(text)
    picture = Picture(**values["picture"]) if values["picture"] else None
    lists = {name: tuple(values.get(name, ())) for name in ("topics", "pictures", "linked")}
    return Story(**values | {"picture": picture} | lists)
