"""/desk and the cards of articles: editors (administrators of the moderators' chat) decide before
posting, and change afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import Press, PressKind, decode
from bot.core.comments.moderators_lists import said
from bot.core.editorial import cards
from bot.core.editorial import routes as ways
from bot.core.editorial.desk import (
    HEADLINE_LIMIT,
    LATEST_DAYS,
    LEAD_LIMIT,
    EditorialState,
    written_time,
)
from bot.core.errors import Refusal
from bot.core.html import Html
from bot.core.language import Translator
from bot.core.model import Actor, ArticleId, Keyboard, Post, SendStatus
from bot.core.readers.choice import News
from bot.core.readers.filters import words_of
from bot.editorial.editing import TIME, EditResult, show_card
from handlers import desk_pictures
from handlers.access import editor, is_member
from handlers.context import Context, Handler
from handlers.moderator_commands import line_of
from storage import Connection, articles, decisions, desk, routes

_LISTED = 10


async def listing(ctx: Context) -> None:
    """The newest articles with their state; a button opens each one's card."""
    await editor(ctx)
    async with ctx.deps.db.reading() as cx:
        found = await desk.newest(cx, limit=_LISTED)
        reaches = await _reaches(ctx, cx, [one.standing for one in found])
    rows = []
    for one in found:
        reach, standing = reaches.get(one.standing.article_id), one.standing
        tells = reach is not None and (standing.out or standing.waits) and not standing.retracted
        where = ways.summary(reach, ctx.tr, now=ctx.now) if reach and tells else Html("")
        rows.append((standing, one.headline, where))
    await ctx.answer(cards.listing(rows, ctx.tr, now=ctx.now))


async def _reaches(
    ctx: Context, cx: Connection, found: Sequence[EditorialState]
) -> dict[ArticleId, ways.Reach]:
    """Which chats articles may reach, by the articles' numbers; missing ones are left out."""
    numbers = [one.article_id for one in found]
    known = {one.id: one for one in await articles.many(cx, numbers)}
    private = await routes.private(cx, numbers)
    return {
        one.article_id: ways.Reach(
            one.article_id,
            await routes.of_article(cx, one.article_id, default=ctx.deps.zone, now=ctx.now),
            words_of(known[one.article_id]),
            News(breaking=one.breaking > 0, loud=one.breaking > 1),
            private=private[one.article_id],
            out=one.out,
        )
        for one in found
        if one.article_id in known
    }


async def pressed(ctx: Context) -> None:
    """A button of a card. Raises Refusal for people who are not editors."""
    press = decode(ctx.data)
    if press is None:
        return
    by = await editor(ctx)
    standing = await ctx.deps.editing.get(press.numbers[0])
    if standing is None:
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    if press.word == "open":
        await _open(ctx, standing)
    elif press.word == "routes":
        await _routes(ctx, standing)
    elif standing.version != press.numbers[1]:
        await _late(ctx, standing, by)
    elif (menu := await _menu(ctx, standing, press.word)) is not None:
        await ctx.toast()
        await ctx.deps.messenger.edit_keyboard(menu, ctx.here, ctx.message.message_id)
    else:
        await _act(ctx, standing, press, by)


async def _open(ctx: Context, standing: EditorialState) -> None:
    async with ctx.deps.db.transaction() as tx:
        await show_card(tx, standing.article_id, ctx.chat.id, thread=ctx.thread, now=ctx.now)
    ctx.deps.wake()
    await ctx.toast()


async def _menu(  # noqa: PLR0911 - a line for each button is the clearest table
    ctx: Context, one: EditorialState, word: str
) -> Keyboard | None:
    """The further buttons that a button opens; None if it acts at once."""
    tr, now = ctx.tr, ctx.now
    match word:
        case "main":
            return cards.menu(one, tr, now=now)
        case "later":
            return cards.ask_time(one, tr, now=now)
        case "words":
            return cards.ask_words(one, tr)
        case "picture":
            await ctx.toast()  # a slow site may keep us waiting
            await desk_pictures.offer(ctx, one)
            return cards.menu(one, tr, now=now)
        case "stop":
            return cards.ask_stop(one, tr)
        case "breaking":
            async with ctx.deps.db.reading() as cx:
                readers = await routes.audience(cx, one.article_id)
            minutes = int(readers / max(1, ctx.deps.rate) / 60) + 1
            text, menu = cards.ask_breaking(one, tr, readers=readers, minutes=minutes)
            await ctx.answer(Post(text, keyboard=menu), quoting=True)
            return cards.menu(one, tr, now=now)
    return None


async def _act(ctx: Context, one: EditorialState, press: Press, by: Actor) -> None:
    editing, word = ctx.deps.editing, press.word
    match word:
        case "now":
            await _told(ctx, await editing.post_now(one, by=by), by)
        case "stop!":
            await _told(ctx, await editing.stop(one, by=by), by)
        case "undo":
            await _told(ctx, await editing.undo(one, by=by), by)
        case "silent":
            flip = editing.switch(one, breaking=one.breaking, silent=not one.silent, by=by)
            await _told(ctx, await flip, by)
        case "break0" | "break1" | "break2":
            level = int(word[-1])
            await _told(ctx, await editing.switch(one, breaking=level, silent=False, by=by), by)
        case "original":
            await editing.put_words(one.article_id, by=by, headline="", lead="")
            await ctx.toast(ctx.tr.gettext("✏️ Changed."))
        case _ if desk_pictures.is_choice(word):
            await desk_pictures.chosen(ctx, one, word, by)
        case "headline" | "lead" | "image" | "time":
            await _ask(ctx, one, "picture" if word == "image" else word)
        case _ if word.startswith("at") and word[2:].isdecimal():
            await _schedule(ctx, one, int(word[2:]), by)


async def _routes(ctx: Context, one: EditorialState) -> None:
    """🧭: shows where it goes, or went, and why not elsewhere."""
    async with ctx.deps.db.reading() as cx:
        reaches = await _reaches(ctx, cx, [one])
    if not reaches:
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    text = ways.message(reaches[one.article_id], ctx.tr, now=ctx.now)
    await ctx.answer(text, quoting=True)


async def _schedule(ctx: Context, one: EditorialState, at: int, by: Actor) -> None:
    tr = ctx.tr
    if at <= ctx.now:
        raise Refusal(tr.gettext("This time has passed; please choose a later one."))
    if at > ctx.now + LATEST_DAYS * 86_400:
        raise Refusal(tr.gettext("At most {n} days ahead, please.", n=tr.number(LATEST_DAYS)))
    await _told(ctx, await ctx.deps.editing.schedule(one, at, by=by), by)


async def _told(ctx: Context, result: EditResult, by: Actor) -> None:
    if not result.done:
        await _late(ctx, result.standing, by)
        return
    state = cards.state(result.standing, ctx.tr, now=ctx.now) if result.standing else ""
    await ctx.toast(f"✓ {state}"[:200])
    if ctx.update.callback_query is None:
        await ctx.answer(f"✓ {state}", quoting=True)


async def _late(ctx: Context, standing: EditorialState | None, by: Actor) -> None:
    """Somebody was first: say who, and what that person did, or the present state. Raises
    Refusal."""
    tr = ctx.tr
    if standing is None:
        raise Refusal(tr.gettext("This article is no longer in the archive."))
    async with ctx.deps.db.reading() as cx:
        last = (await decisions.of_article(cx, standing.article_id))[-1:]
    if last and last[0]["actor_id"] not in {by.id, TIME.id}:
        what, how = tr.gettext("Another editor was faster."), said(line_of(last[0]), tr)
    else:
        what = tr.gettext("It has changed since you saw it:")
        how = cards.state(standing, tr, now=ctx.now)
    await ctx.toast(f"{what} {how}"[:200], alert=True)


async def _ask(ctx: Context, one: EditorialState, what: str) -> None:
    """Send a prompt; only a reply to it counts."""
    post = Post(_question(one, what, ctx.tr), prompt=ctx.tr.gettext("Your reply"), selective=True)
    sent = await ctx.answer(post, quoting=True)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        async with ctx.deps.db.transaction() as tx:
            await desk.ask(tx, ctx.chat.id, sent.message_id, one.article_id, what, now=ctx.now)
    await ctx.toast()


def _question(one: EditorialState, what: str, tr: Translator) -> Html:
    number = one.article_id
    match what:
        case "headline":
            return tr.html(
                "✏️ Please reply to this message with the headline of <b>#{id}</b> for Telegram:",
                id=number,
            )
        case "lead":
            return tr.html(
                "✏️ Please reply to this message with the lead of <b>#{id}</b> for Telegram:",
                id=number,
            )
        case "picture":
            return tr.html(
                "🖼 Please reply to this message with a photo for <b>#{id}</b>, or its address:",
                id=number,
            )
        case _:
            return tr.html(
                "⏰ When should <b>#{id}</b> go out? Please reply to this message. For example: "
                "18:30, tomorrow 07:00, 28.11. 18:30",
                id=number,
            )


async def replied(ctx: Context) -> bool:
    """Take a reply to one of our prompts about an article. Returns whether it was one."""
    replied_to = ctx.message.reply_to_message
    if replied_to is None or not await is_member(ctx):
        return False
    async with ctx.deps.db.reading() as cx:
        asked = await desk.asked(cx, ctx.chat.id, replied_to.message_id)
    if asked is None:
        return False
    by = await editor(ctx)
    article_id, what = asked
    if what == "time":
        await _typed_time(ctx, article_id, by)
    elif what == "picture":
        await desk_pictures.sent(ctx, article_id, by)
    else:
        await _typed_words(ctx, article_id, what, by)
    return True


async def _typed_time(ctx: Context, article_id: int, by: Actor) -> None:
    at = written_time(ctx.message.text or "", now=ctx.now, zone=ctx.deps.zone)
    if at is None:
        raise Refusal(
            ctx.tr.gettext(
                "This time isn't clear. For example: 18:30, tomorrow 07:00, 28.11. 18:30"
            )
        )
    standing = await ctx.deps.editing.get(article_id)
    if standing is not None:
        await _schedule(ctx, standing, at, by)


async def _typed_words(ctx: Context, article_id: int, what: str, by: Actor) -> None:
    tr, text = ctx.tr, " ".join((ctx.message.text or "").split())
    most = HEADLINE_LIMIT if what == "headline" else LEAD_LIMIT
    if not text:
        raise Refusal(tr.gettext("Please send text."))
    if len(text) > most:
        raise Refusal(
            tr.gettext(
                "At most {most} characters; please shorten yours by {n}.",
                most=tr.number(most),
                n=tr.number(len(text) - most),
            )
        )
    words = {what: text}
    await ctx.deps.editing.put_words(article_id, by=by, **words)
    await ctx.answer(tr.gettext("✏️ Changed."), quoting=True)


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return [("desk", tr.gettext("articles: look, hold, schedule, change (editors)"))]


COMMANDS: dict[str, Handler] = {"desk": listing}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.EDIT, pressed),)
