"""Everything on the way out: the sender, and the loops that make articles due."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.opened import Opened, now
from bot.delivery.content import Composer
from bot.delivery.late_pictures import LatePictures
from bot.delivery.sender import Sender
from bot.discussion import Discussion
from bot.editorial.editing import Editing
from bot.editorial.rendering import EditorialRendering
from bot.readers.releases import Releases
from bot.readers.rendering import ReaderRendering
from bot.readers.tickers import Tickers
from storage import outbox


@dataclass(frozen=True, slots=True)
class Sending:
    """The sender and what wakes it."""

    sender: Sender
    releases: Releases
    editing: Editing
    tickers: Tickers
    late_pictures: LatePictures


def build_sending(opened: Opened, discussion: Discussion) -> Sending:
    settings, db, beat = opened.settings, opened.db, opened.beat
    sender = _sender(opened, _composer(opened, discussion))
    return Sending(
        sender=sender,
        releases=Releases(
            db, clock=now, zone=settings.zone, wake=sender.wake, beat=beat("digests")
        ),
        editing=Editing(
            db,
            clock=now,
            wake=sender.wake,
            zone=settings.zone,
            mark=settings.mark_corrections,
            beat=beat("editorial"),
        ),
        tickers=Tickers(db, clock=now, wake=sender.wake, pin=opened.pin, beat=beat("tickers")),
        late_pictures=LatePictures(
            db, opened.pictures, clock=now, wake=sender.wake, beat=beat("pictures")
        ),
    )


def _composer(opened: Opened, discussion: Discussion) -> Composer:
    languages, username = opened.languages, opened.bot.username
    return Composer(
        languages,
        bot_username=username,
        commenting=opened.moderators is not None,
        clock=now,
        others={
            **discussion.renderers(),
            **ReaderRendering(languages, clock=now).renderers(),
            **EditorialRendering(languages, bot_username=username, clock=now).renderers(),
        },
        paid=opened.settings.paid_broadcast,
        style=opened.settings.link_style,
    )


def _sender(opened: Opened, composer: Composer) -> Sender:
    settings = opened.settings
    return Sender(
        opened.db,
        opened.transport,
        opened.limiter,
        composer,
        opened.pictures,
        clock=now,
        keep=outbox.Keep(
            counts=settings.keep_counts_hours * 3600,
            corrections=settings.keep_deliveries_days * 86_400,
        ),
        zone=settings.zone,
        poll=opened.timing.delivery,
        beat=opened.beat("delivery"),
        count=opened.watch.metrics.count_outcomes,
    )
