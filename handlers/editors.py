"""What editors (administrators of the moderators' chat) do to all readers: /announce."""

from __future__ import annotations

from dataclasses import replace

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.model import Actor, Article, Button, Keyboard, Post
from bot.core.posts import announcement
from bot.core.posts import article as article_post
from bot.news import announcements as announcing
from handlers.access import editor
from handlers.articles import record_shown
from handlers.context import Context, Handler
from storage import announcements, deliveries

# --- announcing -----------------------------------------------------------------------------------


async def announce(ctx: Context) -> None:
    """`/announce` and the words, their first line the headline: shown first, as it will look."""
    await editor(ctx)
    text = _words(ctx)
    story = announcement.read_announcement(text, now=ctx.now)
    _check(ctx.tr, text, announcement.excess(story))
    async with ctx.deps.db.transaction() as tx:
        number = await announcements.keep(tx, text)
        article = await announcing.preview(tx, story)
        readers = await announcements.audience(tx)
    post = _post(ctx, article)
    await ctx.answer(replace(post, keyboard=_choice(ctx.tr, number, readers)))


def _words(ctx: Context) -> str:
    """The text after the command, with its line breaks."""
    _, *rest = (ctx.message.text or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


def _check(tr: Translator, text: str, excess: int) -> None:
    if not text:
        raise Refusal(
            tr.gettext(
                "Write the announcement after /announce: the first line is the headline, the lines "
                "below it the text. You will see it before it goes out."
            )
        )
    if excess:
        raise Refusal(
            tr.gettext(
                "An announcement can have up to {headline} characters in its first line and {text} "
                "below it. Please shorten yours by {n}.",
                headline=tr.number(announcement.HEADLINE_LIMIT),
                text=tr.number(announcement.TEXT_LIMIT),
                n=tr.number(excess),
            )
        )


def _post(ctx: Context, article: Article) -> Post:
    return article_post.post(
        article,
        ctx.tr,
        bot_username=ctx.deps.username,
        kind=ctx.chat.kind,
        commenting=ctx.deps.commenting,
        now=ctx.now,
    )


def _choice(tr: Translator, number: int, readers: int) -> Keyboard:
    send = tr.ngettext("📣 Send to {n} subscriber", "📣 Send to {n} subscribers", readers)
    return (
        (Button(send, data=encode(Press(PressKind.ANNOUNCE, (number,), "send"))),),
        (
            Button(
                tr.gettext("✖ Do not send"),
                data=encode(Press(PressKind.ANNOUNCE, (number,), "cancel")),
            ),
        ),
    )


async def announced(ctx: Context) -> None:
    """📣 sends what was shown, ✖ forgets it."""
    press = decode(ctx.data)
    by = await editor(ctx)
    if press is None:
        return
    number = press.numbers[0]
    if press.word == "send":
        await _send(ctx, number, by)
    elif press.word == "cancel":
        async with ctx.deps.db.transaction() as tx:
            dropped = await announcements.drop(tx, number)
        if not dropped:
            raise _over(ctx.tr)
        await ctx.replace(ctx.tr.gettext("✖ This announcement was not sent."))


async def _send(ctx: Context, number: int, by: Actor) -> None:
    """Turn the preview into the post itself, as readers have it: its count of comments and a
    withdrawal reach it too."""
    async with ctx.deps.db.transaction() as tx:
        article = await announcing.send(tx, number, by=by, now=ctx.now)
    if article is None:
        raise _over(ctx.tr)
    ctx.deps.wake()
    await ctx.toast(ctx.tr.gettext("📣 It is on its way."))
    await ctx.replace(_post(ctx, article))
    number = ctx.message_id
    async with ctx.deps.db.transaction() as tx:
        if await deliveries.at_message(tx, ctx.chat.telegram_id, number) is not None:
            return  # pressed twice
        await record_shown(tx, ctx, article, number, photo=False)
    await ctx.answer(
        ctx.tr.gettext(
            "📣 On its way to everyone who gets all news. To withdraw it, reply to it with "
            "/retract."
        ),
        quoting=True,
    )


def _over(tr: Translator) -> Refusal:
    return Refusal(tr.gettext("This announcement has already been sent or replaced."))


COMMANDS: dict[str, Handler] = {"announce": announce}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.ANNOUNCE, announced),)
