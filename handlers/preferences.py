"""/digest, /quiet, /limit, /breaking: how and when a chat, or a channel named in private, gets its
news. Each answer has the buttons of its page in /settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.html import escape
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.readers import in_words, wishes
from bot.core.readers.in_words import Chosen
from bot.core.readers.panel_parts import InForce, Page
from bot.core.readers.panels import panel
from bot.core.readers.preferences import Preferences
from bot.core.readers.wishes import Off, Unclear
from bot.readers import choices
from handlers import places
from handlers.context import Context
from handlers.places import Place
from storage import preferences


async def digest(ctx: Context) -> None:
    """One summary a day in place of single posts."""
    place, text = await places.asked(ctx)
    wanted = wishes.digest(text)
    if isinstance(wanted, Unclear):
        example = ctx.tr.gettext(
            "{state}\nFor example: /digest 07:00, /digest 18:30 weekdays, /digest off"
        )
        await _explain(ctx, (place, text), Page.DIGEST, in_words.digest, example)
        return
    digest_ = None if isinstance(wanted, Off) else wanted
    wants = await change(
        ctx, place, lambda one: replace(one, digest=digest_), join=digest_ is not None
    )
    await ctx.answer(_shown(ctx, place, Page.DIGEST, wants))


async def quiet(ctx: Context) -> None:
    """Hours without posts and sound; articles from these hours follow afterwards, or at once on
    `off`."""
    place, text = await places.asked(ctx)
    wanted = wishes.quiet(text)
    if isinstance(wanted, Unclear):
        example = ctx.tr.gettext("{state}\nFor example: /quiet 22:00-06:00, /quiet off")
        await _explain(ctx, (place, text), Page.QUIET, in_words.quiet, example)
        return
    hours = None if isinstance(wanted, Off) else wanted
    wants = await change(ctx, place, lambda one: replace(one, quiet=hours))
    await ctx.answer(_shown(ctx, place, Page.QUIET, wants))


async def limit(ctx: Context) -> None:
    """At most so many posts a day; the rest comes as one summary in the evening."""
    place, text = await places.asked(ctx)
    wanted = wishes.limit(text)
    if isinstance(wanted, Unclear):
        example = ctx.tr.gettext("{state}\nFor example: /limit 10 (up to 100 a day), /limit off")
        await _explain(ctx, (place, text), Page.LIMIT, in_words.limit, example)
        return
    most = None if isinstance(wanted, Off) else wanted
    wants = await change(ctx, place, lambda one: replace(one, limit=most))
    await ctx.answer(_shown(ctx, place, Page.LIMIT, wants))


async def breaking(ctx: Context) -> None:
    """Only breaking news; the rest in the digest, if one is on."""
    place, text = await places.asked(ctx)
    wanted = wishes.switch(text)
    if isinstance(wanted, Unclear):
        example = ctx.tr.gettext("{state}\nFor example: /breaking on, /breaking off")
        await _explain(ctx, (place, text), Page.BREAKING, in_words.breaking, example)
        return
    wants = await change(ctx, place, lambda one: replace(one, breaking_only=wanted), join=wanted)
    await ctx.answer(_shown(ctx, place, Page.BREAKING, wants))


async def _explain(
    ctx: Context,
    asked: tuple[Place, str],
    page: Page,
    state: Callable[[Preferences, Translator], str],
    example: str,
) -> None:
    """Say what was not understood, what is in force, and how to change it."""
    place, typed = asked
    wants = await current(ctx, place)
    text = in_words.not_understood(typed, ctx.tr)
    text += example.format_map({"state": state(wants, ctx.tr)})
    await ctx.answer(_shown(ctx, place, page, wants, text))


def _shown(ctx: Context, place: Place, page: Page, wants: Preferences, text: str = "") -> Post:
    """Show what is in force (or `text`), with the buttons of its page in /settings."""
    state = InForce(
        wants, Chosen(), ctx.now, chat=place.number, thread=place.thread, name=place.name
    )
    shown = panel(page, state, ctx.tr)
    return replace(shown, text=escape(text)) if text else shown


COMMANDS = {"digest": digest, "quiet": quiet, "limit": limit, "breaking": breaking}


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [
        ("digest", tr.gettext("one summary a day: /digest 07:00")),
        ("quiet", tr.gettext("hours without posts: /quiet 22:00-06:00")),
        ("limit", tr.gettext("limit the posts per day: /limit 10")),
        ("breaking", tr.gettext("only breaking news: /breaking on")),
    ]


# --- rows -----------------------------------------------------------------------------------------


async def current(ctx: Context, place: Place) -> Preferences:
    """What a chat, or a forum topic, asks for."""
    async with ctx.deps.db.reading() as cx:
        return await preferences.get(cx, place.chat.id, place.thread, default=ctx.deps.zone)


async def change(
    ctx: Context, place: Place, how: Callable[[Preferences], Preferences], *, join: bool = False
) -> Preferences:
    """See `bot.readers.choices.change`."""
    async with ctx.deps.db.transaction() as tx:
        wants = await choices.change(tx, place.spot(ctx), how, ctx.deps.releases, join=join)
    ctx.deps.wake()
    return wants
