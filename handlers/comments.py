"""Readers' words: from a prompt, an answer to a post, a deep link or a free text to a comment.

The article is never guessed: it is what the answered message is about, or the reader is asked.
"""

from __future__ import annotations

import asyncio

import telegram
from telegram import Message
from telegram.constants import MessageEntityType
from telegram.ext import filters

from bot.core import bench, notices
from bot.core.callbacks import Kind, decode
from bot.core.cards import Subject
from bot.core.comments import Comment, Conflict, Part, Sign, State
from bot.core.errors import Refusal
from bot.core.html import Html
from bot.core.language import Translator
from bot.core.model import SendStatus, TelegramId
from bot.core.render import deep_link
from bot.discussion import Accepted, Person, Refused
from bot.discussion.intake import Route
from bot.discussion.talk import Words
from handlers import personal, reading
from handlers.turn import Handler, Turn
from storage import articles
from storage import reading as records

_LAST = 5
_FRESH = 10
"""Seconds in which the record of a message that arrived may still be on its way to the disk."""
_PATIENCE = (0.1, 0.2, 0.4, 0.8)
_MEDIA = (
    "animation",  # before document, which it also is
    "photo",
    "voice",
    "video",
    "audio",
    "video_note",
    "document",
    "sticker",
    "contact",
    "poll",
    "venue",
    "location",
    "dice",
    "game",
    "story",
)

read = reading.read


# --- asking ---------------------------------------------------------------------------------------


async def ask(turn: Turn, article_id: int) -> None:
    """A prompt that names the article; the answer to it is the comment. Raises Refusal."""
    _require_comments(turn)
    async with turn.desk.db.reading() as cx:
        article = await articles.get(cx, article_id)
        closed = await records.closed(cx, article_id)
    if article is None:
        raise Refusal(turn.tr.gettext("This article is not in the archive any more."))
    if closed:
        raise Refusal(turn.tr.gettext("Comments on this article are closed."))
    barred = await turn.desk.discussion.intake.barred(TelegramId(turn.user.id))
    if barred is not None:
        raise Refusal(notices.refusal(barred, turn.tr))
    subject = Subject(article.headline, article.link)
    post = notices.prompt(
        subject,
        turn.tr,
        article_id=article.id,
        comments=article.comments,
        trusting=turn.desk.discussion.trusted_after > 0,
    )
    sent = await turn.answer(post)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await turn.desk.discussion.intake.remember(
            turn.chat, sent.message_id, "prompt", article_id=article.id
        )


async def pressed(turn: Turn) -> None:
    """The 💬 button. Outside private chats it leads into one."""
    press = decode(turn.data)
    if press is None:
        return
    if not turn.private:
        await turn.toast(url=deep_link(turn.desk.username, f"c_{press.numbers[0]}"))
        return
    await ask(turn, press.numbers[0])


def _require_comments(turn: Turn) -> None:
    if not turn.desk.commenting:
        raise Refusal(turn.tr.gettext("This newsroom does not take comments here."))


# --- writing --------------------------------------------------------------------------------------


async def written(turn: Turn) -> None:
    """A message in a private chat that is no command."""
    _require_comments(turn)
    intake = turn.desk.discussion.intake
    route = await _route(turn)
    if route is not None and route.comment_id is not None:
        await _to_the_editors(turn, route.comment_id)
        return
    taken = await intake.submit(
        person(turn),
        turn.chat,
        part_of(turn.message),
        article_id=route.article_id if route else None,
        named=route is not None,
    )
    if isinstance(taken, Refused):
        _refuse(turn, taken)
    else:
        await _confirm(turn, taken)


def _refuse(turn: Turn, refused: Refused) -> None:
    """Says why. A ban is stated once; after that there is no answer. Raises Refusal."""
    if not refused.told:
        raise Refusal(notices.refusal(refused.finding, turn.tr))


async def _route(turn: Turn) -> Route | None:
    """What the answered message is about: by our records, or by the 💬 button under it. What was
    sent a moment ago may not be recorded yet: that is waited for."""
    replied = turn.message.reply_to_message
    if replied is None:
        return None
    intake = turn.desk.discussion.intake
    if replied.from_user is None or replied.from_user.id != turn.desk.bot.id:
        return await intake.route(turn.chat, replied.message_id)  # one's own comment
    sent_at = replied.date.timestamp()
    for pause in _PATIENCE:
        route = await intake.route(turn.chat, replied.message_id) or _by_button(replied)
        if route is not None or turn.now - sent_at > _FRESH:
            return route
        await asyncio.sleep(pause)
    return None


def _by_button(replied: Message) -> Route | None:
    rows = replied.reply_markup.inline_keyboard if replied.reply_markup else ()
    for button in (one for row in rows for one in row):
        press = decode(button.callback_data) if isinstance(button.callback_data, str) else None
        if press is not None and press.kind is Kind.COMMENT:
            return Route(press.numbers[0])
    return None


async def _to_the_editors(turn: Turn, comment_id: int) -> None:
    """An answer to what the editors said: it goes back to them, under the same card."""
    part = part_of(turn.message)
    words = Words(part.message_id, part.text, part.media)
    received = await turn.desk.discussion.talk.receive(comment_id, turn.chat, words)
    if isinstance(received, Refused):
        _refuse(turn, received)
        return
    if received is None:
        raise Refusal(turn.tr.gettext("I cannot pass this on any more."))
    await turn.answer(turn.tr.gettext("📨 Thank you, the editors have your answer."), quoting=True)


async def _confirm(turn: Turn, taken: Accepted) -> None:
    """Stored first, then confirmed: once a comment, and not for each part of an album."""
    comment = taken.comment
    if not taken.fresh and turn.message.media_group_id:
        return
    if comment.state is State.DRAFT:
        await _ask_which(turn, comment)
        return
    if not taken.fresh:
        text = turn.tr.gettext("Added to your comment #{id}.", id=comment.id)
        await turn.answer(text, quoting=True)
        return
    subject = await _subject(turn, comment)
    post = notices.confirmation(comment, taken.reader, subject, turn.tr, now=turn.now)
    sent = await turn.answer(post, quoting=turn.update.callback_query is None)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await turn.desk.discussion.intake.remember(
            turn.chat, sent.message_id, "confirmation", comment_id=comment.id
        )


async def _ask_which(turn: Turn, comment: Comment) -> None:
    async with turn.desk.db.reading() as cx:
        found = await articles.newest(cx, limit=_LAST)
    await turn.answer(notices.which_article(comment, found, turn.tr), quoting=True)


async def _subject(turn: Turn, comment: Comment) -> Subject | None:
    if comment.article_id is None:
        return None
    async with turn.desk.db.reading() as cx:
        article = await articles.get(cx, comment.article_id)
    return Subject(article.headline, article.link) if article else Subject("")


async def placed(turn: Turn) -> None:
    """The reader says which article a free text is about."""
    press = decode(turn.data)
    if press is None or not turn.private:
        return
    comment_id, article_id = press.numbers
    taken = await turn.desk.discussion.intake.place(
        TelegramId(turn.user.id), comment_id, article_id or None
    )
    if isinstance(taken, Refused):
        raise Refusal(notices.refusal(taken.finding, turn.tr))
    if taken is None:
        raise Refusal(turn.tr.gettext("There is nothing to do here any more."))
    subject = await _subject(turn, taken.comment)
    await turn.replace(
        notices.confirmation(taken.comment, taken.reader, subject, turn.tr, now=turn.now)
    )
    await turn.desk.discussion.intake.remember(
        turn.chat, turn.message.message_id, "confirmation", comment_id=comment_id
    )


async def edited(turn: Turn) -> None:
    """The reader changed a message: its comment follows."""
    step = await turn.desk.discussion.intake.edit(turn.chat, part_of(turn.message))
    if isinstance(step, Refused):
        _refuse(turn, step)
        return
    if step is Conflict.DECIDED:
        raise Refusal(
            turn.tr.gettext("This comment was decided already. You are welcome to write a new one.")
        )
    if not isinstance(step, Comment):
        return
    if step.live is not None and step.state is State.PENDING:
        text = turn.tr.gettext(
            "Your change of comment #{id} is with the editors; until then the earlier text stays.",
            id=step.id,
        )
    else:
        text = turn.tr.gettext("Your comment #{id} is changed.", id=step.id)
    await turn.answer(text, quoting=True)


async def withdrawn(turn: Turn) -> None:
    """The reader takes a comment back: from its confirmation, or from the list of his comments."""
    press = decode(turn.data)
    if press is None or not turn.private:
        return
    comment_id, listed = press.numbers
    step = await turn.desk.discussion.intake.withdraw(TelegramId(turn.user.id), comment_id)
    if isinstance(step, Conflict) and step is not Conflict.AGAIN:
        raise Refusal(bench.conflict(step, None, turn.tr, now=turn.now))
    text = turn.tr.gettext("↩️ Comment #{id} is withdrawn.", id=comment_id)
    await turn.toast(text)
    if listed:
        await personal.show_mine(turn, 1)
    else:
        await turn.replace(text)


async def signed(turn: Turn) -> None:
    """How this comment, and the next ones, are signed."""
    press = decode(turn.data)
    if press is None or press.word not in set(Sign) or not turn.private:
        return
    step = await turn.desk.discussion.intake.sign(
        TelegramId(turn.user.id), press.numbers[0], Sign(press.word)
    )
    if isinstance(step, Conflict):
        raise Refusal(bench.conflict(step, None, turn.tr, now=turn.now))
    comment, reader = step
    subject = await _subject(turn, comment)
    await turn.replace(notices.confirmation(comment, reader, subject, turn.tr, now=turn.now))


# --- reading Telegram -----------------------------------------------------------------------------


def person(turn: Turn) -> Person:
    """Who writes."""
    user = turn.user
    return Person(TelegramId(user.id), user.full_name, user.username or "")


def part_of(message: Message) -> Part:
    """A message as a part of a comment: the words as written, and what kind of media it has."""
    media = next((kind for kind in _MEDIA if getattr(message, kind, None)), "")
    text = message.text or message.caption or ""
    if not media and not text:
        media = "unknown"  # a kind of message that this program has not heard of: held, not lost
    return Part(
        message.message_id, text, media, message.media_group_id or "", _hidden_links(message)
    )


def _hidden_links(message: Message) -> tuple[str, ...]:
    entities: list[telegram.MessageEntity] = [*message.entities, *message.caption_entities]
    return tuple(one.url for one in entities if one.type == MessageEntityType.TEXT_LINK and one.url)


# --- the table ------------------------------------------------------------------------------------

COMMANDS: dict[str, Handler] = personal.COMMANDS
BUTTONS: tuple[tuple[Kind, Handler], ...] = (
    (Kind.COMMENT, pressed),
    (Kind.WHICH, placed),
    (Kind.WITHDRAW, withdrawn),
    (Kind.SIGN, signed),
    *reading.BUTTONS,
    *personal.BUTTONS,
)


def messages() -> list[tuple[filters.BaseFilter, Handler]]:
    """Messages that are comments, or changes of them."""
    private = filters.ChatType.PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    return [
        (private & filters.UpdateType.MESSAGE, written),
        (filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE, edited),
    ]


def menu(tr: Translator, *, private: bool) -> list[tuple[str, str]]:
    """For the command menu of everybody; what is one's own is asked in a private chat."""
    privacy = ("privacy", tr.gettext("what is stored about me"))
    if not private:
        return [privacy]
    return [
        ("mycomments", tr.gettext("what became of my comments")),
        privacy,
        ("forgetme", tr.gettext("delete everything about me")),
    ]


def moderators_help(tr: Translator) -> Html:
    """For /help in the moderators' chat."""
    return tr.html(
        "<b>For moderators</b>\n"
        "Buttons under a card: ✅ publish, ❌ reject with a reason, 💬 answer the reader, 🚫 ban, "
        "⋯ more. Only an answer to my prompt goes to the reader; everything else is your talk.\n"
        "/queue – what waits\n"
        "/log <code>1842</code> – who decided what\n"
        "/stats – the last 30 days in figures\n"
        "/ban, /unban, /mute <code>R-4f2 7</code> – or as an answer to a card\n"
        "/comments <code>off</code> or <code>on</code> – as an answer to a card\n"
        "/rules, /words – what is held or refused\n"
        "/reply <code>list</code> – replies at hand\n"
        "/rebuild – all waiting cards anew\n"
        "/retract <code>ADDRESS</code> – editors withdraw an article, also as an answer to a card\n"
        "/announce <code>TEXT</code> – editors tell all readers something; shown to you first"
    )
