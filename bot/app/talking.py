"""Moderators and readers: comments, and notices to those who decide about them."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import urlsplit

from bot.app.opened import Opened, now
from bot.core.language import Translator
from bot.core.model import Destination, Post, SendStatus
from bot.core.posts.rate_limit import Urgency
from bot.discussion import Discussion
from bot.monitoring.monitor import Sources
from bot.monitoring.notices import Notices
from handlers.members import standing_lookup
from handlers.threads import group_lookup


def build_discussion(opened: Opened) -> Discussion:
    settings = opened.settings
    hosts = (urlsplit(one.address).hostname for one in settings.feeds)
    groups = settings.discussion_groups and opened.moderators
    return Discussion(
        opened.db,
        every=opened.timing.discussion,
        clock=now,
        grace=settings.grace_seconds,
        moderators=opened.moderators,
        languages=opened.languages,
        trusted_after=settings.trusted_after,
        own_hosts=frozenset(filter(None, hosts)),
        pin=opened.pin,
        quiet=settings.quiet,
        terms=settings.comment_terms,
        find_group=group_lookup(opened.bot) if groups else None,
        find_standing=standing_lookup(opened.bot),
        beat=opened.beat,
    )


def build_notices(opened: Opened, sources: Sources, discussion: Discussion) -> Notices:
    """Notices of the program's troubles, sent to the moderators' chat without the delivery
    table."""

    async def words() -> Translator:
        chat = await discussion.moderators_chat()
        return opened.languages.of(chat.language if chat else "")

    async def tell(post: Post) -> bool:
        chat = await discussion.moderators_chat()
        if chat is None or chat.gone:
            return False
        to = Destination(chat.telegram_id, 0, chat.kind)
        sent = await opened.messenger.send(post, to, urgency=Urgency.CARD)
        return sent.status is SendStatus.OK

    return Notices(
        sources.db,
        tell,
        words=words,
        messages=sources.messages,
        clock=now,
        folder=sources.folder,
        version=version("kabar"),
        beat=opened.beat("notices", 600),
    )
