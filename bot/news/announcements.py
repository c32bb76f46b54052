"""An editor's announcement to everybody who reads all news: written, shown, confirmed, sent.

/announce words -> kept (one at a time), shown as it will look -> 📣 -> ONE transaction: an article
without an address, its broadcast, a line in the log. From there on it is a post like any other: in
order, rate-limited, at least once, counted; /retract marks all its messages as withdrawn.
"""

from __future__ import annotations

from bot.core.model import Actor, Article, ArticleId, Story
from bot.core.posts import announcement
from storage import Connection, announcements, articles, decisions, deliveries, feeds, indexing


async def preview(cx: Connection, story: Story) -> Article:
    """The article that the announcement would become."""
    paper = next(iter(await feeds.active(cx)), None)
    return Article(
        ArticleId(0),
        story.headline,
        lead=story.lead,
        published=story.published,
        feed_title=(paper.name or paper.title) if paper else "",
    )


async def send(tx: Connection, number: int, *, by: Actor, now: int) -> Article | None:
    """Send a kept announcement; a second call returns the same article. None if it is not (or no
    longer) pending."""
    text = await announcements.waiting(tx, number)
    if text is None:
        known = await announcements.sent_as(tx, number)
        return await articles.get(tx, known) if known is not None else None
    paper = next(iter(await feeds.active(tx)), None)
    article_id = await articles.add(
        tx,
        announcement.read_announcement(text, now=now),
        feed_id=paper.id if paper else None,
        origin="import",  # no feed carries it, so none can correct it or drop it
        now=now,
    )
    await indexing.index(tx, article_id)
    await deliveries.announce(tx, article_id, now=now)
    await decisions.record(tx, "announce", by=by, article_id=article_id, now=now)
    await announcements.sent(tx, number, article_id)
    return await articles.get(tx, article_id)
