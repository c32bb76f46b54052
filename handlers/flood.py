"""Who asks more than can be answered: it is said once, and then left at that.

A group may be written to 20 times a minute. Where its people ask more, they are shown the way to a
private chat; nothing waits there, so nothing is held up by it. The moderators' chat waits instead.
"""

from __future__ import annotations

from bot.core.html import escape
from bot.core.model import Button, Post
from bot.core.posts.rate_limit import Urgency
from handlers.access import is_member
from handlers.context import Context

_PATIENCE = 5.0
"""Seconds that a question in a group waits for its answer."""
_LONGEST = 61.0
_QUIET = 600
"""Seconds in which it is not said again."""


async def leaves(ctx: Context) -> bool:
    """Whether this group gets no answer now; it is told the first time."""
    if ctx.private or ctx.deps.messenger.busy(ctx.here) <= _PATIENCE or await is_member(ctx):
        return False
    await tell(ctx)
    return True


async def tell(ctx: Context) -> None:
    """Say that not everything is answered; to whoever presses a button each time, for it ends the
    little clock there."""
    if ctx.update.callback_query is not None:
        await ctx.toast(ctx.tr.gettext("That's a lot at once. Please try again in a minute."))
    elif ctx.update.effective_message is not None and _due(ctx):
        await ctx.deps.messenger.send(_sentence(ctx), ctx.here, urgency=Urgency.CARD)


def _due(ctx: Context) -> bool:
    """At most once in a while, and only where it can be said soon."""
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
