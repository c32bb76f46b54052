"""/digest, /quiet, /limit, /breaking: how and when a chat gets its news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.readers import wishes
from bot.core.readers.preferences import EVERY_DAY, Preferences
from bot.core.readers.wishes import Off, Unclear
from handlers.context import Context
from storage import chats, kept_back, preferences


async def digest(ctx: Context) -> None:
    """One summary a day in place of single posts."""
    await ctx.require_administrator()
    tr, wanted = ctx.tr, wishes.digest(ctx.words)
    if isinstance(wanted, Unclear):
        wants = await current(ctx)
        now = digest_state(wants, tr)
        raise Refusal(
            tr.gettext(
                "{state}\nFor example: /digest 07:00, /digest 18:30 weekdays, /digest off",
                state=now,
            )
        )
    digest_ = None if isinstance(wanted, Off) else wanted
    wants = await change(ctx, lambda one: replace(one, digest=digest_), join=digest_ is not None)
    await ctx.answer(digest_state(wants, tr))


async def quiet(ctx: Context) -> None:
    """Hours without posts and sound; what came in them follows, or comes at once on `off`."""
    await ctx.require_administrator()
    tr, wanted = ctx.tr, wishes.quiet(ctx.words)
    if isinstance(wanted, Unclear):
        now = quiet_state(await current(ctx), tr)
        raise Refusal(tr.gettext("{state}\nFor example: /quiet 22:00-06:00, /quiet off", state=now))
    hours = None if isinstance(wanted, Off) else wanted
    wants = await change(ctx, lambda one: replace(one, quiet=hours))
    await ctx.answer(quiet_state(wants, tr))


async def limit(ctx: Context) -> None:
    """At most so many posts a day; the rest comes as one summary in the evening."""
    await ctx.require_administrator()
    tr, wanted = ctx.tr, wishes.limit(ctx.words)
    if isinstance(wanted, Unclear):
        now = limit_state(await current(ctx), tr)
        raise Refusal(
            tr.gettext("{state}\nFor example: /limit 10 (up to 100 a day), /limit off", state=now)
        )
    most = None if isinstance(wanted, Off) else wanted
    wants = await change(ctx, lambda one: replace(one, limit=most))
    await ctx.answer(limit_state(wants, tr))


async def breaking(ctx: Context) -> None:
    """Only breaking news; the rest in the digest, if one is on."""
    await ctx.require_administrator()
    tr, wanted = ctx.tr, wishes.switch(ctx.words)
    if isinstance(wanted, Unclear):
        now = breaking_state(await current(ctx), tr)
        raise Refusal(tr.gettext("{state}\nFor example: /breaking on, /breaking off", state=now))
    wants = await change(ctx, lambda one: replace(one, breaking_only=wanted), join=wanted)
    await ctx.answer(breaking_state(wants, tr))


COMMANDS = {"digest": digest, "quiet": quiet, "limit": limit, "breaking": breaking}


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [
        ("digest", tr.gettext("one summary a day: /digest 07:00")),
        ("quiet", tr.gettext("hours without posts: /quiet 22:00-06:00")),
        ("limit", tr.gettext("at most so many posts a day: /limit 10")),
        ("breaking", tr.gettext("only breaking news: /breaking on")),
    ]


# --- what is in force, in words -------------------------------------------------------------------


def digest_state(wants: Preferences, tr: Translator) -> str:
    """`One summary a day at 07:00 ...`, or that articles come one by one."""
    one = wants.digest
    if one is None:
        return tr.gettext("🗞 No digest: articles come one by one.")
    at = tr.clock(one.minute)
    if one.days == EVERY_DAY:
        return tr.gettext("🗞 Every day at {time}: one summary in place of single posts.", time=at)
    return tr.gettext(
        "🗞 {days} at {time}: one summary in place of single posts.",
        days=tr.weekdays(one.days),
        time=at,
    )


def quiet_state(wants: Preferences, tr: Translator) -> str:
    if wants.quiet is None:
        return tr.gettext("🌙 No quiet hours: articles come at any time.")
    return tr.gettext(
        "🌙 Quiet from {begin} to {end}. What appears then comes afterwards.",
        begin=tr.clock(wants.quiet.begin),
        end=tr.clock(wants.quiet.end),
    )


def limit_state(wants: Preferences, tr: Translator) -> str:
    if wants.limit is None:
        return tr.gettext("🔢 No limit: every article is posted.")
    return tr.ngettext(
        "🔢 At most {n} post a day. The rest comes as one summary in the evening.",
        "🔢 At most {n} posts a day. The rest comes as one summary in the evening.",
        wants.limit,
    )


def breaking_state(wants: Preferences, tr: Translator) -> str:
    if not wants.breaking_only:
        return tr.gettext("⚡ All news, not only breaking news.")
    if wants.digest is not None:
        return tr.gettext("⚡ Only breaking news as posts; the rest comes in the digest.")
    return tr.gettext("⚡ Only breaking news. The rest stays in /latest and /search.")


# --- rows -----------------------------------------------------------------------------------------


async def current(ctx: Context) -> Preferences:
    """What this chat, or this forum topic, asks for."""
    async with ctx.deps.db.reading() as cx:
        return await preferences.get(cx, ctx.chat.id, ctx.thread, default=ctx.deps.zone)


async def change(
    ctx: Context, how: Callable[[Preferences], Preferences], *, join: bool = False
) -> Preferences:
    """Change what this chat asks for; what was kept back for a reason that holds no longer comes at
    once. `join`: a chat that reads nothing yet is subscribed to all news."""
    async with ctx.deps.db.transaction() as tx:
        before = await preferences.get(tx, ctx.chat.id, ctx.thread, default=ctx.deps.zone)
        wants = how(before)
        number = await preferences.put(
            tx, ctx.chat.id, ctx.thread, wants, default=ctx.deps.zone, now=ctx.now
        )
        row = await chats.subscription(tx, ctx.chat.id, ctx.thread)
        if join and row is not None and not row["active"]:
            await chats.subscribe(tx, ctx.chat.id, thread=ctx.thread, now=ctx.now)
        await kept_back.set_due(tx, number, ctx.now)
        due = await kept_back.one(tx, number)
        if due is not None:
            await ctx.deps.releases.release(tx, due, now=ctx.now)
    ctx.deps.wake()
    return wants
