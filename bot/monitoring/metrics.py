"""All metrics of Kabar: names, meanings and labels, in a registry of their own.

Counters and histograms are updated where things happen, by functions that are handed to the loops;
gauges are read from the database and the loops on request (`monitor.py`). Labels hold names of
feeds, loops and states: no people's words, no chats, no token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from platform import python_version
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)

from bot.core.networks import without_credentials

_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_QUICK = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30)
_LAG = (0.1, 0.5, 1, 2, 5, 15, 60, 300, 3600)


class Metrics:
    """All metrics of one program."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._build()
        self._loops()
        self._articles()
        self._delivery()
        self._people()

    def _build(self) -> None:
        build = Info("kabar_build", "Version of Kabar.", registry=self.registry)
        build.info({"version": version("kabar"), "python": python_version()})

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"kabar_{name}", says, labels, registry=self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"kabar_{name}", says, labels, registry=self.registry)

    def _histogram(
        self, name: str, says: str, *labels: str, buckets: tuple[float, ...] = _QUICK
    ) -> Histogram:
        return Histogram(f"kabar_{name}", says, labels, buckets=buckets, registry=self.registry)

    def _loops(self) -> None:
        self.ready = self._gauge("ready", "1 when all loops turn and the database answers.")
        self.loop_age = self._gauge("loop_age_seconds", "Since each loop last turned.", "loop")
        self.event_loop_lag = self._histogram(
            "event_loop_lag_seconds", "How late the event loop comes to what is due."
        )
        self.leader = self._gauge("leader", "1 when this process has the role.", "role")
        self.database = self._histogram(
            "database_seconds", "Time of a transaction, waiting included.", "kind"
        )
        self.set_aside = self._gauge(
            "set_aside", "Things that failed by a fault of Kabar's and are tried again.", "concern"
        )
        self.disk_free = self._gauge("disk_free_bytes", "Free beside the database file.")
        self.disk_size = self._gauge("disk_size_bytes", "Size of that disk.")

    def _articles(self) -> None:
        self.feed_success = self._gauge(
            "feed_last_success_timestamp_seconds", "When a feed was last read.", "feed"
        )
        self.feed_newest = self._gauge(
            "feed_newest_article_timestamp_seconds", "When a feed last brought an article.", "feed"
        )
        self.feed_failures = self._gauge(
            "feed_failures", "Looks at a feed that failed in a row.", "feed"
        )
        self.feed_errors = self._counter(
            "feed_errors", "Looks at a feed that failed, by kind.", "feed", "kind"
        )
        self.feed_pushed = self._gauge("feed_pushed", "1 while a feed's hub pushes it.", "feed")
        self.articles = self._gauge("articles", "Articles in the archive.")
        self.restless = self._gauge(
            "articles_restless", "Articles that change so often that posts wait until they rest."
        )

    def _delivery(self) -> None:
        self.queue = self._gauge("queue_deliveries", "Messages due and not sent.", "urgency")
        self.queue_age = self._gauge("queue_head_age_seconds", "How long the oldest is due.")
        self.broadcasts = self._gauge("broadcasts_open", "Articles on their way to all chats.")
        self.remaining = self._gauge(
            "broadcast_remaining", "Subscriptions that open broadcasts have yet to reach, at most."
        )
        self.deliveries = self._counter(
            "deliveries", "Deliveries by what became of them.", "kind", "outcome"
        )
        self.messages = self._counter("telegram_messages", "Messages that left within the rate.")
        self.rate_allowed = self._gauge("rate_allowed", "Messages a second that KABAR_RATE allows.")
        self.answers = self._counter(
            "telegram_answers", "Answers of Telegram; 429 is too many requests.", "status"
        )

    def _people(self) -> None:
        self.chats = self._gauge("chats", "Chats that can be written to.")
        self.comments = self._gauge("comments_waiting", "Comments that wait for the moderators.")
        self.comments_age = self._gauge("comments_oldest_seconds", "How long the oldest waits.")
        self.moderators_closed = self._gauge(
            "moderators_chat_refuses_seconds", "How long the moderators' chat takes no messages."
        )
        self.updates = self._gauge("updates_waiting", "Updates of Telegram not handled yet.")
        self.updates_age = self._gauge("updates_oldest_seconds", "How long the oldest waits.")
        self.update_lag = self._histogram(
            "update_lag_seconds", "From a message's date to its handling.", buckets=_LAG
        )
        self.update_time = self._histogram("update_seconds", "Time of handling an update.")

    def count_feed_error(self, feed: str, kind: str) -> None:
        """A look at a feed that failed."""
        self.feed_errors.labels(without_credentials(feed), kind).inc()

    def count_outcomes(self, outcomes: Mapping[tuple[str, str], int]) -> None:
        """Count outcomes of deliveries: how many of each kind and outcome (the name of its
        class)."""
        for (kind, outcome), count in outcomes.items():
            self.deliveries.labels(kind, _INNER_CAPITAL.sub("_", outcome).lower()).inc(count)

    def count_answer(self, status: int) -> None:
        """Count an answer from Telegram by its status, 0 for none."""
        self.answers.labels(str(status) if status else "none").inc()

    def see_update(self, update: Mapping[str, Any], now: float) -> None:
        """Measure how late an update reaches its handler, if its message has a date."""
        for content in update.values():
            date = content.get("date") if isinstance(content, dict) else None
            if isinstance(date, int):
                self.update_lag.observe(max(0.0, now - date))

    def time_database(self, kind: str, seconds: float) -> None:
        """Measure how long a transaction ("write") or a read ("read") took."""
        self.database.labels(kind).observe(seconds)
