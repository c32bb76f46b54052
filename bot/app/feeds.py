"""From feeds and hubs to articles."""

from __future__ import annotations

from collections.abc import Callable

from bot.app.opened import Opened, moderators, now
from bot.core.editorial.desk import policy
from bot.news.ingest import EditorsPolicy
from bot.news.page_reader import Pages
from bot.news.polling import Poller
from bot.news.retraction import Vanished
from bot.news.websub import WebSub


def build_poller(opened: Opened, *, on_news: Callable[[], None]) -> Poller:
    settings, db, fetcher = opened.settings, opened.db, opened.fetcher
    pages = Pages(fetcher, opened.reader, clock=now, zone=settings.zone)
    return Poller(
        db,
        fetcher,
        opened.reader,
        every=settings.poll_seconds,
        clock=now,
        on_news=on_news,
        mark=settings.mark_corrections,
        editors=EditorsPolicy(
            policy(settings.hold, minutes=settings.hold_minutes, breaking=settings.breaking_topics),
            moderators(settings),
            settings.zone,
        ),
        zone=settings.zone,
        pages=pages if settings.fetch_pages else None,
        vanished=Vanished(db, fetcher, clock=now, apart=max(1, settings.poll_seconds // 2)),
        beat=opened.beat("polling"),
        beat_pages=opened.beat("pages", 120),
        on_failure=opened.watch.metrics.count_feed_error,
        pushing=settings.public_url is not None,
    )


def build_websub(opened: Opened, poller: Poller) -> WebSub | None:
    """Feeds that push; None if no hub can reach us."""
    public = opened.settings.public_url
    if public is None:
        return None
    return WebSub(
        opened.db,
        opened.fetcher,
        poller.pushed,
        public_url=public,
        clock=now,
        beat=opened.beat("websub", 180),
        beat_pushes=opened.beat("pushes", 120),
    )
