"""What editors (administrators of the moderators' chat) do to all readers: /retract, /announce."""

from __future__ import annotations

from dataclasses import replace

from bot import announcing
from bot.core import announcement, render
from bot.core.address import canonical
from bot.core.callbacks import Kind, Press, decode, encode
from bot.core.comments import Actor
from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.model import Article, Button, Keyboard, Post
from bot.retracting import retract as withdraw
from handlers.articles import record_shown
from handlers.bench import editor
from handlers.turn import Handler, Turn
from storage import announcements, articles, decisions, deliveries

# --- withdrawing ----------------------------------------------------------------------------------


async def retract(turn: Turn) -> None:
    """`/retract ADDRESS`, or as an answer to a card or a post: posts of the article say that it is
    gone."""
    tr = turn.tr
    by = await editor(turn)
    article = await _meant(turn)
    if article is None:
        raise Refusal(
            tr.gettext("Which article? Answer its card with /retract, or add its address.")
        )
    async with turn.desk.db.transaction() as tx:
        fresh = await withdraw(tx, article.id, now=turn.now)
        if fresh:
            await decisions.record(tx, "retract", by=by, article_id=article.id, now=turn.now)
    turn.desk.wake()
    await turn.answer(
        tr.html("Withdrawn: <b>{title}</b>. Its posts will say so.", title=article.headline)
        if fresh
        else tr.html("<b>{title}</b> was withdrawn before.", title=article.headline)
    )


async def _meant(turn: Turn) -> Article | None:
    answered = turn.message.reply_to_message
    async with turn.desk.db.reading() as cx:
        if turn.args:
            return await articles.by_link(cx, canonical(turn.args[0]))
        if answered is None:
            return None
        row = await deliveries.at_message(cx, turn.chat.telegram_id, answered.message_id)
        return await articles.get(cx, row["article_id"]) if row and row["article_id"] else None


# --- announcing -----------------------------------------------------------------------------------


async def announce(turn: Turn) -> None:
    """`/announce` and the words, their first line the headline: shown first, as it will look."""
    await editor(turn)
    text = _words(turn)
    story = announcement.read(text, now=turn.now)
    _check(turn.tr, text, announcement.excess(story))
    async with turn.desk.db.transaction() as tx:
        number = await announcements.keep(tx, text)
        article = await announcing.preview(tx, story)
        readers = await announcements.audience(tx)
    post = _post(turn, article)
    await turn.answer(replace(post, keyboard=_choice(turn.tr, number, readers)))


def _words(turn: Turn) -> str:
    """What follows the command, with its lines as they are."""
    _, *rest = (turn.message.text or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


def _check(tr: Translator, text: str, excess: int) -> None:
    if not text:
        raise Refusal(
            tr.gettext(
                "Write the announcement after /announce: the first line is its headline, the lines "
                "below its text. I show it to you before it goes to anybody."
            )
        )
    if excess:
        raise Refusal(
            tr.gettext(
                "An announcement can have {headline} characters in its first line and {text} below "
                "it. Please shorten yours by {n}.",
                headline=tr.number(announcement.HEADLINE_LIMIT),
                text=tr.number(announcement.TEXT_LIMIT),
                n=tr.number(excess),
            )
        )


def _post(turn: Turn, article: Article) -> Post:
    return render.post(
        article,
        turn.tr,
        bot_username=turn.desk.username,
        kind=turn.chat.kind,
        commenting=turn.desk.commenting,
        now=turn.now,
    )


def _choice(tr: Translator, number: int, readers: int) -> Keyboard:
    send = tr.ngettext("📣 Send to {n} subscriber", "📣 Send to {n} subscribers", readers)
    return (
        (Button(send, data=encode(Press(Kind.ANNOUNCE, (number,), "send"))),),
        (
            Button(
                tr.gettext("✖ Do not send"), data=encode(Press(Kind.ANNOUNCE, (number,), "cancel"))
            ),
        ),
    )


async def announced(turn: Turn) -> None:
    """📣 sends what was shown, ✖ forgets it."""
    press = decode(turn.data)
    by = await editor(turn)
    if press is None:
        return
    number = press.numbers[0]
    if press.word == "send":
        await _send(turn, number, by)
    elif press.word == "cancel":
        async with turn.desk.db.transaction() as tx:
            dropped = await announcements.drop(tx, number)
        if not dropped:
            raise _over(turn.tr)
        await turn.replace(turn.tr.gettext("✖ This announcement was not sent."))


async def _send(turn: Turn, number: int, by: Actor) -> None:
    """What was shown becomes the post itself, as the readers have it: its count of comments and a
    withdrawal reach it too."""
    async with turn.desk.db.transaction() as tx:
        article = await announcing.send(tx, number, by=by, now=turn.now)
    if article is None:
        raise _over(turn.tr)
    turn.desk.wake()
    await turn.toast(turn.tr.gettext("📣 It is on its way."))
    await turn.replace(_post(turn, article))
    number = turn.message.message_id
    async with turn.desk.db.transaction() as tx:
        if await deliveries.at_message(tx, turn.chat.telegram_id, number) is not None:
            return  # pressed twice
        await record_shown(tx, turn, article, number, photo=False)
    await turn.answer(
        turn.tr.gettext(
            "📣 On its way to everybody who reads all news. To withdraw it, answer it with "
            "/retract."
        ),
        quoting=True,
    )


def _over(tr: Translator) -> Refusal:
    return Refusal(
        tr.gettext("This announcement does not wait any more: it was sent, or replaced.")
    )


COMMANDS: dict[str, Handler] = {"retract": retract, "announce": announce}
BUTTONS: tuple[tuple[Kind, Handler], ...] = ((Kind.ANNOUNCE, announced),)
