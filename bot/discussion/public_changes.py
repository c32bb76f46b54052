"""What follows when a public comment appears, changes or disappears."""

from __future__ import annotations

from bot.core.comments.model import Comment
from bot.core.comments.published import count_due
from storage import (
    Connection,
    answers,
    deliveries,
    published,
    threads,
)


async def recount(tx: Connection, before: Comment, after: Comment, *, now: int) -> None:
    """After a public comment appeared, changed or disappeared, update what shows it: the count on
    posts, the threads in discussion groups."""
    article_id = after.article_id
    if before.live != after.live:
        await threads.stir(tx, after.id)
    if article_id is not None and (before.live is None) != (after.live is None):
        if await published.recount(tx, article_id):
            await _tell_count(tx, article_id, now=now)
        for one in await answers.of_comment(tx, after.id):
            if one.way == "out" and one.card_id is not None:  # it offers to publish the answer too
                await deliveries.enqueue_edit(tx, one.card_id, now=now)


async def _tell_count(tx: Connection, article_id: int, *, now: int) -> None:
    due_at = count_due(await published.count_told_at(tx, article_id), now)
    if due_at <= now:
        await published.announce_count(tx, article_id, now=now)
    else:
        await published.tell_count_later(tx, article_id, due_at=due_at)
