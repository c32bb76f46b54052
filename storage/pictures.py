"""What was learned about articles' pictures, and which are still awaited. Knows rows only.

    named     Telegram has it: its file id
    wait_for  it was not there in time; posts went without
    came      it is there now: posts that show the article without it are edited
    none      there is none to show

None of these affects a picture that the newsroom or an editor has changed in the meantime.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.model import ArticleId, DeliveryId
from storage import deliveries
from storage.database import Connection, in_both, numbers
from storage.deliveries import as_json

_SAME = "id = :article AND :address <> '' AND :address IN (picture, own_picture)"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A picture that posts were sent without. `attempts`: how often it has been fetched since."""

    article_id: ArticleId
    address: str
    attempts: int


async def named(tx: Connection, article_id: int, *, address: str, file_id: str, now: int) -> None:
    """Store Telegram's file id of an article's picture; empty if it no longer accepts the one we
    had. Posts sent without it get it."""
    await tx.run(
        f"UPDATE article SET file_id = :file WHERE {_SAME}",
        file=file_id,
        article=article_id,
        address=address,
    )
    if file_id:
        await came(tx, article_id, address=address, now=now)


async def none(tx: Connection, article_id: int, *, address: str) -> None:
    """Note that the picture cannot be shown."""
    await tx.run(
        f"UPDATE article SET file_id = '', picture_step = 'none' WHERE {_SAME}",
        article=article_id,
        address=address,
    )
    await _forget(tx, article_id, address)


async def wait_for(tx: Connection, article_id: int, *, address: str, due_at: int) -> None:
    """Let posts go without it for now; it is fetched again at `due_at`. Idempotent."""
    await tx.run(
        "INSERT INTO awaited_picture (article_id, address, due_at)"
        f" SELECT id, :address, :due FROM article WHERE {_SAME}"
        " ON CONFLICT (article_id) DO UPDATE SET address = excluded.address, attempts = 0,"
        " due_at = excluded.due_at WHERE awaited_picture.address <> excluded.address",
        article=article_id,
        address=address,
        due=due_at,
    )


async def came(tx: Connection, article_id: int, *, address: str, now: int) -> bool:
    """An awaited picture is there: edit the posts that show its article. Returns whether any was
    sent without it."""
    if not await _forget(tx, article_id, address):
        return False
    changed = await tx.run(
        "UPDATE article SET revision = revision + 1, picture_revision = revision + 1"
        f" WHERE {_SAME} AND retracted_at IS NULL",
        article=article_id,
        address=address,
    )
    if changed:
        await deliveries.announce_edit(tx, article_id, now=now)
    return bool(changed)


async def joined(tx: Connection, messages: Sequence[DeliveryId]) -> None:
    """Note that messages recorded as text have their picture now."""
    if messages:
        await tx.run(_JOINED, ids=as_json(messages))


_JOINED = in_both(
    "UPDATE delivery SET photo = 1 WHERE state = 'sent' AND id IN {ids}", ids=numbers("ids")
)


async def none_now(cx: Connection, article_id: int) -> bool:
    """Whether an article is shown without its picture for now, because there is none or it is
    awaited."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM article WHERE id = :id AND picture_step = 'none')"
            " OR EXISTS (SELECT 1 FROM awaited_picture WHERE article_id = :id)",
            id=article_id,
        )
    )


async def claim(tx: Connection, *, now: int, lease: int, limit: int) -> list[Awaited]:
    """Claim pictures to be fetched now. They are due again after `lease` seconds, should we die."""
    rows = await tx.rows(
        "UPDATE awaited_picture SET due_at = :until, attempts = attempts + 1 WHERE article_id IN"
        " (SELECT article_id FROM awaited_picture WHERE due_at <= :now"
        " ORDER BY due_at, article_id LIMIT :limit)"
        " RETURNING article_id, address, attempts",
        until=now + lease,
        now=now,
        limit=limit,
    )
    return [Awaited(ArticleId(row["article_id"]), row["address"], row["attempts"]) for row in rows]


async def anything_due(cx: Connection, *, now: int) -> bool:
    """Whether a picture is to be fetched. Reads only."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM awaited_picture WHERE due_at <= :now)", now=now
        )
    )


async def later(tx: Connection, article_id: int, *, due_at: int) -> None:
    """Try it again later: it is not there yet."""
    await tx.run(
        "UPDATE awaited_picture SET due_at = :due WHERE article_id = :id", due=due_at, id=article_id
    )


async def _forget(tx: Connection, article_id: int, address: str) -> int:
    return await tx.run(
        "DELETE FROM awaited_picture WHERE article_id = :article AND address = :address",
        article=article_id,
        address=address,
    )
