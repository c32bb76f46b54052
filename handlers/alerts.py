"""/follow and /following: be notified when an article matches some words. In private also for a
channel, which is named first."""

from __future__ import annotations

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.errors import Refusal
from bot.core.html import Html, escape, fill, join
from bot.core.language import Translator
from bot.core.model import Button, Post
from bot.core.readers import filters, in_words
from bot.core.readers.filters import Problem
from bot.core.readers.panel_parts import WORDS, Page
from bot.core.search.query import clean
from bot.core.text import fit
from handlers import places, topics
from handlers.context import Context, Handler
from handlers.places import Place
from storage import alerts
from storage.alerts import MOST, Alert

_LABEL = 30
_BACK = "back"


async def follow(ctx: Context) -> None:
    """`/follow WORDS`, in the language of /search."""
    place, typed = await places.asked(ctx)
    await watch(ctx, place, typed)


async def watch(ctx: Context, place: Place, typed: str) -> None:
    """Tell this place when an article matches these words. Raises Refusal."""
    tr, text = ctx.tr, clean(typed)
    wrong = filters.problem(text, ctx.deps.zone)
    if wrong is not None and wrong[0] is not Problem.EMPTY:
        raise Refusal(in_words.unreadable(*wrong, tr))
    if wrong is not None:
        raise Refusal(
            tr.gettext(
                "What should we watch for? For example: /follow earthquake, /follow rice "
                "prices -import, /follow topic:economy inflation"
            )
        )
    async with ctx.deps.db.transaction() as tx:
        try:
            fresh = await alerts.add(
                tx, place.chat.id, place.thread, text, zone=ctx.deps.zone, now=ctx.now
            )
        except ValueError:
            raise Refusal(
                tr.gettext("You can follow up to {n} things; remove some with /following.", n=MOST)
            ) from None
        asked = await topics.in_filter(tx, text, ctx.deps.zone)
    said = (
        tr.html(
            "🔔 We will tell you when an article matches <b>{words}</b>. /following", words=text
        )
        if fresh
        else tr.html("🔔 You're already following <b>{words}</b>. /following", words=text)
    )
    await ctx.answer(join("\n", [said, *map(escape, topics.unknown(asked, tr))]))


async def following(ctx: Context) -> None:
    """What this chat follows, each with ✖."""
    if places.named(ctx.words)[0] and ctx.private:
        place, _ = await places.asked(ctx)
    else:  # anybody may look
        place = Place(ctx.chat, ctx.thread)
    await ctx.answer(await page(ctx, place))


async def pressed(ctx: Context) -> None:
    """✖: stop following."""
    press = decode(ctx.data)
    if press is None:
        return
    chat, thread, number = press.numbers
    place = await places.pressed(ctx, chat, thread)
    async with ctx.deps.db.transaction() as tx:
        dropped = await alerts.drop(tx, number, place.chat.id)
    if dropped is not None:
        await ctx.toast(ctx.tr.gettext("✖ {words}", words=fit(dropped, 100)))
    await ctx.replace(await page(ctx, place, back=press.word == _BACK))


async def page(ctx: Context, place: Place, *, back: bool = False) -> Post:
    """The list with its buttons; with `back`, as a page of the settings."""
    async with ctx.deps.db.reading() as cx:
        found = await alerts.of_chat(cx, place.chat.id, place.thread)
    tr = ctx.tr
    rows = [(_button(one, place, back=back),) for one in found]
    if back:
        rows.append((_more(place, tr),))
        main = Press(PressKind.SETTING, (place.number, place.thread), Page.MAIN)
        rows.append((Button(tr.gettext("« Settings"), data=encode(main)),))
    if not found:
        text = tr.html("🔔 You aren't following anything yet. For example: /follow earthquake")
    else:
        lines = [escape(f"• {fit(one.text, 60)}") for one in found]
        text = join("\n", [tr.html("🔔 <b>You follow</b>"), *lines])
    head = fill("📢 <b>{name}</b>\n", name=place.name) if place.name else Html("")
    return Post(join("\n", [head, text]), keyboard=tuple(rows))


def _button(one: Alert, place: Place, *, back: bool) -> Button:
    press = Press(PressKind.FOLLOW, (place.number, place.thread, one.id), _BACK if back else "")
    return Button(f"✖ {fit(one.text, _LABEL)}", data=encode(press))


def _more(place: Place, tr: Translator) -> Button:
    """Asks for the words (`handlers.typed`)."""
    press = Press(PressKind.SETTING, (place.number, place.thread), f"{Page.ALERTS}={WORDS}")
    return Button(tr.gettext("➕ Follow"), data=encode(press))


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [
        ("follow", tr.gettext("be told when an article matches: /follow earthquake")),
        ("following", tr.gettext("what you follow")),
    ]


COMMANDS: dict[str, Handler] = {"follow": follow, "following": following}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.FOLLOW, pressed),)
