"""What people do in Telegram: how updates arrive, and what handles them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import telegram

import handlers
from bot.app.opened import Opened, now
from bot.app.sending import Sending
from bot.discussion import Discussion
from bot.editorial.gallery import Gallery
from bot.settings import Settings
from bot.telegram import webhook
from bot.telegram.application import application_of
from bot.telegram.polling import LongPolling
from bot.telegram.registration import Registration
from bot.telegram.updates import ALLOWED_UPDATES, Fetch, Inbox
from bot.telegram.webhook import WebHook
from handlers import flood
from handlers.context import Deps, open_context

_LOOK_EVERY = 0.5
"""Seconds between two checks for updates that another process received and left."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """The inbox, and both ways into it: Telegram calls us (`webhook`), or we poll it (`fetch`)."""

    inbox: Inbox
    registration: Registration
    fetch: Fetch
    webhook: WebHook | None


def build_deps(opened: Opened, discussion: Discussion, sending: Sending) -> Deps:
    settings = opened.settings
    return Deps(
        db=opened.db,
        languages=opened.languages,
        bot=opened.bot,
        messenger=opened.messenger,
        discussion=discussion,
        clock=now,
        zone=settings.zone,
        wake=sending.sender.wake,
        editing=sending.editing,
        gallery=Gallery(opened.fetcher, opened.reader),
        tickers=sending.tickers,
        style=settings.link_style,
        rate=settings.rate,
        reader=opened.reader,
        releases=sending.releases,
        moderators=opened.moderators,
        keep_days=settings.keep_deliveries_days,
    )


def build_receiving(opened: Opened, deps: Deps) -> Receiving:
    settings, bot = opened.settings, opened.bot
    inbox = _inbox(opened, deps)
    url, secret = settings.webhook_url or "", _secret(settings)
    registration = Registration(
        bot,
        opened.db,
        url=url,
        secret=secret,
        allowed=ALLOWED_UPDATES,
        beat=opened.beat("registration", 900),
    )
    return Receiving(
        inbox=inbox,
        registration=registration,
        fetch=LongPolling(
            bot,
            beat=opened.watch.health.beat("Telegram", within=300, outside=True),
            on_conflict=registration.look,
        ),
        webhook=_webhook(opened, inbox) if url else None,
    )


def _inbox(opened: Opened, deps: Deps) -> Inbox:
    application = application_of(opened.bot)
    handlers.register(application, deps)
    metrics = opened.watch.metrics

    async def handle(update: dict[str, Any]) -> None:
        metrics.see_update(update, time.time())
        with metrics.update_time.time():
            await application.handle(update)

    async def left_out(update: dict[str, Any]) -> None:
        await flood.tell(await open_context(deps, telegram.Update.de_json(update, opened.bot)))

    member = opened.store.member
    return Inbox(
        opened.db,
        handle,
        clock=now,
        left_out=left_out,
        process=member.number,
        look_every=None if member.alone else _LOOK_EVERY,
        beat=opened.beat("updates"),
        beat_inbox=opened.beat("inbox", 120),
    )


def _webhook(opened: Opened, inbox: Inbox) -> WebHook:
    settings = opened.settings
    return WebHook(
        inbox.keep,
        url=settings.webhook_url or "",
        secret=_secret(settings),
        public_url=settings.public_url or "",
        beat=opened.beat("webhook"),
    )


def _secret(settings: Settings) -> str:
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    return webhook.derived_secret(settings.token.get_secret_value())
