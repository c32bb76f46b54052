"""/follow and /following: be told when an article matches some words."""

from __future__ import annotations

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.errors import Refusal
from bot.core.html import escape, join
from bot.core.language import Translator
from bot.core.model import Button, Post
from bot.core.search.query import clean, parse
from bot.core.text import fit
from handlers.context import Context, Handler
from storage import alerts
from storage.alerts import MOST, Alert

_LABEL = 30


async def follow(ctx: Context) -> None:
    """`/follow WORDS`, in the language of /search."""
    await ctx.require_administrator()
    tr, text = ctx.tr, clean(ctx.words)
    if not text or parse(text, ctx.deps.zone).empty:
        raise Refusal(
            tr.gettext(
                "What should I watch for? For example: /follow gempa, /follow harga beras -impor, "
                "/follow topik:ekonomi inflasi"
            )
        )
    async with ctx.deps.db.transaction() as tx:
        try:
            fresh = await alerts.add(
                tx, ctx.chat.id, ctx.thread, text, zone=ctx.deps.zone, now=ctx.now
            )
        except ValueError:
            raise Refusal(
                tr.gettext("You can follow up to {n} things; /following removes some.", n=MOST)
            ) from None
    await ctx.answer(
        tr.html(
            "🔔 We will tell you when an article matches <b>{words}</b>. /following", words=text
        )
        if fresh
        else tr.html("🔔 You follow <b>{words}</b> already. /following", words=text)
    )


async def following(ctx: Context) -> None:
    """What this chat follows, each with ✖."""
    await ctx.answer(await _list(ctx))


async def pressed(ctx: Context) -> None:
    """✖: not any more."""
    press = decode(ctx.data)
    if press is None:
        return
    await ctx.require_administrator()
    async with ctx.deps.db.transaction() as tx:
        dropped = await alerts.drop(tx, press.numbers[0], ctx.chat.id)
    if dropped is not None:
        await ctx.toast(ctx.tr.gettext("✖ {words}", words=fit(dropped, 100)))
    await ctx.replace(await _list(ctx))


async def _list(ctx: Context) -> Post:
    async with ctx.deps.db.reading() as cx:
        found = await alerts.of_chat(cx, ctx.chat.id, ctx.thread)
    tr = ctx.tr
    if not found:
        return Post(tr.html("🔔 You follow nothing yet. For example: /follow gempa"))
    lines = [escape(f"• {fit(one.text, 60)}") for one in found]
    text = join("\n", [tr.html("🔔 <b>You follow</b>"), *lines])
    return Post(text, keyboard=tuple((_button(one),) for one in found))


def _button(one: Alert) -> Button:
    label = f"✖ {fit(one.text, _LABEL)}"
    return Button(label, data=encode(Press(PressKind.FOLLOW, (one.id,))))


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [
        ("follow", tr.gettext("be told when an article matches: /follow gempa")),
        ("following", tr.gettext("what you follow")),
    ]


COMMANDS: dict[str, Handler] = {"follow": follow, "following": following}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.FOLLOW, pressed),)
