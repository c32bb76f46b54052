"""Chats that ask more than can be answered: they are told once, and otherwise ignored.

A group may be written to 20 times a minute. If its people ask more, they are referred to a private
chat, and no answers are queued that would hold up others. In the moderators' chat answers wait
instead.
"""

from __future__ import annotations

from bot.core.html import escape
from bot.core.model import Button, Post
from bot.core.posts.rate_limit import Urgency
from handlers.access import is_member
from handlers.context import Context

_PATIENCE = 5.0
"""Seconds that a question in a group may wait for its answer."""
_LONGEST = 61.0
_QUIET = 600
"""Seconds until they may be told again."""


async def leaves(ctx: Context) -> bool:
    """Whether this group gets no answer now; the first time it is told so."""
    if ctx.private or ctx.deps.messenger.busy(ctx.here) <= _PATIENCE or await is_member(ctx):
        return False
    await tell(ctx)
    return True


async def tell(ctx: Context) -> None:
    """Say that not everything is answered; every press of a button is told so, which ends its
    progress indicator."""
    if ctx.update.callback_query is not None:
        await ctx.toast(ctx.tr.gettext("That's a lot at once. Please try again in a minute."))
    elif ctx.update.effective_message is not None and _due(ctx):
        await ctx.deps.messenger.send(_sentence(ctx), ctx.here, urgency=Urgency.CARD)


def _due(ctx: Context) -> bool:
    """Whether to say so now: at most once in a while, and only if it can be sent soon."""
    if ctx.now < ctx.deps.told_at.get(ctx.chat.telegram_id, 0) + _QUIET:
        return False
    if ctx.deps.messenger.busy(ctx.here, Urgency.CARD) > _LONGEST:
        return False
    ctx.deps.told_at.pop(ctx.chat.telegram_id, None)
    ctx.deps.told_at[ctx.chat.telegram_id] = ctx.now
    for chat, at in list(ctx.deps.told_at.items())[:2]:  # the first ones are the oldest
        if at + _QUIET <= ctx.now:
            del ctx.deps.told_at[chat]
    return True


def _sentence(ctx: Context) -> Post:
    tr = ctx.tr
    if ctx.private:
        return Post(
            escape(
                tr.gettext(
                    "That was more than we can answer at once, so part of it was left out. "
                    "Please send again what wasn't answered."
                )
            )
        )
    there = Button(
        tr.gettext("To the private chat"), url=f"https://t.me/{ctx.deps.username}?start=hi"
    )
    return Post(
        escape(
            tr.gettext(
                "Telegram limits how much can be posted here in a minute, so some questions "
                "stay unanswered. In our private chat, answers come at once."
            )
        ),
        keyboard=((there,),),
    )
