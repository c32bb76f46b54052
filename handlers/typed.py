"""Words that a button of /settings asks for: an answer to the prompt does what the command does.

Nothing is stored: the emoji at the prompt's beginning is a link that says what was asked and for
which place. Who may do it is asked when the answer comes, as for a press.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import Message, MessageEntity
from telegram.ext import filters

from bot.core.html import Html, link
from bot.core.model import Post
from bot.core.readers.panel_parts import Page
from bot.core.text import deep_link
from handlers import alerts, places, subscriptions
from handlers.context import Context, Handler
from handlers.places import Place

ASKED = frozenset({Page.ALERTS, Page.TOPICS})
"""Pages that take words."""
_LINK = re.compile(r"https?://t\.me/(\w+)\?start=w_(alerts|topics)_(\d{1,18})_(\d{1,18})")


async def ask(ctx: Context, place: Place, page: Page) -> None:
    """The prompt: for what to follow, or for the news that is wanted."""
    payload = f"w_{page}_{place.number}_{place.thread}"
    tr = ctx.tr
    emoji, text = (
        (
            "👀",
            tr.html(
                "What should we watch for? Please reply to this message. For example: rice prices "
                "-import"
            ),
        )
        if page is Page.ALERTS
        else (
            "🔎",
            tr.html(
                "Which news would you like? Please reply to this message with words, topics or "
                "sources. For example: topic:economy -football source:antara"
            ),
        )
    )
    told = Html(f"{link(emoji, deep_link(ctx.deps.username, payload))} {text}")
    prompt = tr.gettext("Your words") if ctx.private else None  # a group's prompt is everybody's
    await ctx.answer(Post(told, prompt=prompt))
    await ctx.toast()


async def answered(ctx: Context) -> None:
    """What was asked for, done with the words of the answer."""
    asked = _asked(ctx.message)
    if asked is None or asked[0] != ctx.deps.username:
        return
    _, page, chat, thread = asked
    place = await places.pressed(ctx, chat, thread)
    text = " ".join((ctx.message.text or "").split())
    if page is Page.ALERTS:
        await alerts.watch(ctx, place, text)
    else:
        await subscriptions.choose(ctx, place, text)


def _asked(message: Message) -> tuple[str, Page, int, int] | None:
    """The bot that asked, the page, and the place, of the message that this one answers."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return None
    first = next((one for one in replied.entities if one.type == MessageEntity.TEXT_LINK), None)
    found = _LINK.fullmatch(first.url or "") if first is not None and first.offset == 0 else None
    if found is None:
        return None
    return found[1], Page(found[2]), int(found[3]), int(found[4])


class _Answers(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return _asked(message) is not None


def messages() -> Sequence[tuple[filters.BaseFilter, Handler]]:
    """Answers to these prompts, wherever they were asked."""
    spoken = filters.UpdateType.MESSAGE & filters.TEXT & ~filters.COMMAND
    return [(spoken & _Answers(), answered)]
