"""Readers' words: from a prompt, an answer to a post, a deep link or a free text to a comment.

The article is never guessed: it is what the answered message is about, or the reader is asked.
"""

from __future__ import annotations

import asyncio

from telegram import Message
from telegram.ext import filters

from bot.core.articles.urls import canonical
from bot.core.callbacks import PressKind, decode
from bot.core.comments import receipts
from bot.core.comments.cards import Subject
from bot.core.comments.model import Comment, Conflict, State
from bot.core.comments.terms import question, waits_for_terms
from bot.core.errors import Refusal
from bot.core.html import Html
from bot.core.language import Translator
from bot.core.model import Article, Post, SendStatus, TelegramId
from bot.core.text import deep_link
from bot.discussion import Accepted, Person, Refused
from bot.discussion.prompts import Route
from handlers import channels, moderation, my_data, own_comments, published
from handlers.context import Context, Handler
from handlers.parts import part_of, words_of
from storage import articles

_LAST = 5
_FRESH = 10
"""Seconds for which the record of a message that was just sent may not be stored yet."""
_PATIENCE = (0.1, 0.2, 0.4, 0.8)

read = published.read_comments


# --- asking ---------------------------------------------------------------------------------------


async def ask(ctx: Context, article_id: int) -> None:
    """Prompt for a comment on an article; the next message is the comment. Somebody who cannot
    comment on it is shown why, and what others wrote. Raises Refusal."""
    async with ctx.deps.db.reading() as cx:
        article = await articles.get(cx, article_id)
    if article is None:
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    if await published.silenced(ctx, article_id):
        await published.read_comments(ctx, article_id)
        return
    subject = Subject(article.title, article.link)
    post = receipts.prompt(
        subject,
        ctx.tr,
        article_id=article.id,
        comments=article.comments,
        trusting=ctx.deps.discussion.trusted_after > 0,
    )
    sent = await ctx.answer(post)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await ctx.deps.discussion.prompts.remember(
            ctx.chat, sent.message_id, "prompt", article_id=article.id
        )


async def pressed(ctx: Context) -> None:
    """The 💬 button. Outside private chats it leads into one."""
    press = decode(ctx.data)
    if press is None:
        return
    if not ctx.private:
        await ctx.toast(url=deep_link(ctx.deps.username, f"c_{press.numbers[0]}"))
        return
    await ask(ctx, press.numbers[0])


# --- writing --------------------------------------------------------------------------------------


async def written(ctx: Context) -> None:
    """A message in a private chat that is not a command."""
    if await moderation.answered_prompt(ctx) or await channels.forwarded(ctx):
        return  # a moderator reviewing in private, an administrator of a channel
    if not ctx.deps.commenting:
        raise Refusal(ctx.tr.gettext("We don't take comments here."))
    submissions = ctx.deps.discussion.submissions
    route = await _route(ctx)
    if route is None and (album := ctx.message.media_group_id):
        to_editors = await ctx.deps.discussion.replies.of_album(ctx.chat, album)
        route = Route(None, to_editors) if to_editors is not None else None
    if route is None and ctx.message.reply_to_message is None:
        asked = await ctx.deps.discussion.prompts.prompted(ctx.chat)
        route = Route(asked) if asked is not None else None
    if route is not None and route.comment_id is not None:
        await _to_the_editors(ctx, route.comment_id)
        return
    taken = await submissions.submit(
        person(ctx),
        ctx.chat,
        part_of(ctx.message),
        article_id=route.article_id if route else None,
        named=route is not None,
    )
    if isinstance(taken, Refused):
        _refuse(ctx, taken)
    else:
        await _confirm(ctx, taken)


def _refuse(ctx: Context, refused: Refused) -> None:
    """Say why. A ban is stated once; after that there is no answer. Raises Refusal."""
    if not refused.told:
        raise Refusal(receipts.refusal(refused.finding, ctx.tr))


async def _route(ctx: Context) -> Route | None:
    """What the message replied to is about: by our records, or by the 💬 button under it. A message
    sent a moment ago may not be recorded yet: we wait for that."""
    replied = ctx.message.reply_to_message
    if replied is None:
        return None
    prompts = ctx.deps.discussion.prompts
    if replied.from_user is None or replied.from_user.id != ctx.deps.bot.id:
        return await prompts.route(ctx.chat, replied.message_id)  # the reader's own comment
    sent_at = replied.date.timestamp()
    for pause in _PATIENCE:
        route = await prompts.route(ctx.chat, replied.message_id) or _by_button(replied)
        if route is not None or ctx.now - sent_at > _FRESH:
            return route
        await asyncio.sleep(pause)
    return None


def _by_button(replied: Message) -> Route | None:
    rows = replied.reply_markup.inline_keyboard if replied.reply_markup else ()
    for button in (one for row in rows for one in row):
        press = decode(button.callback_data) if isinstance(button.callback_data, str) else None
        if press is not None and press.kind is PressKind.COMMENT:
            return Route(press.numbers[0])
    return None


async def _to_the_editors(ctx: Context, comment_id: int) -> None:
    """A reply to the editors: it goes back to them, under the same card."""
    received = await ctx.deps.discussion.replies.receive(
        comment_id, ctx.chat, words_of(ctx.message)
    )
    if isinstance(received, Refused):
        _refuse(ctx, received)
        return
    if received is None:
        raise Refusal(ctx.tr.gettext("This can no longer be passed on."))
    if received.message_id != ctx.message.message_id:
        return  # a further picture of an album: one confirmation will do
    await ctx.answer(
        ctx.tr.gettext("📨 Thank you, your reply has reached the editors."), quoting=True
    )


async def _confirm(ctx: Context, taken: Accepted) -> None:
    """Confirm a stored comment: once for each comment, not for each part of an album."""
    comment = taken.comment
    if not taken.fresh and ctx.message.media_group_id:
        return
    if comment.state is State.DRAFT and not waits_for_terms(comment):
        await _ask_which(ctx, comment)
        return
    if taken.fresh and waits_for_terms(comment):
        await ctx.answer(await _terms(ctx, comment), quoting=True)
        return
    if not taken.fresh:
        await ctx.answer(receipts.added(comment, ctx.tr), quoting=True)
        return
    subject = await own_comments.subject_in(ctx, comment)
    post = receipts.receipt(comment, taken.reader, subject, ctx.tr, now=ctx.now)
    sent = await ctx.answer(post, quoting=ctx.update.callback_query is None)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await ctx.deps.discussion.prompts.confirmed(ctx.chat, sent.message_id, comment)


async def _terms(ctx: Context, comment: Comment) -> Post:
    found = ctx.deps.discussion.terms
    assert found is not None  # a comment waits only if there are rules
    again = await ctx.deps.discussion.consent.changed(TelegramId(ctx.user.id))
    return question(found, comment, ctx.tr, again=again)


async def agreed(ctx: Context) -> None:
    """✅ under the rules: comments that waited for it are submitted."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    submissions, person_id = ctx.deps.discussion.submissions, TelegramId(ctx.user.id)
    found = await ctx.deps.discussion.consent.accept(person_id, press.word)
    if found is None:  # they have changed since, or are no longer asked for
        comment = await submissions.own(person_id, press.numbers[0])
        if ctx.deps.discussion.terms is None or comment is None or not waits_for_terms(comment):
            raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
        await ctx.replace(await _terms(ctx, comment))
        return
    if not found:
        await ctx.replace(ctx.tr.gettext("✅ Thank you. You can comment now: tap 💬."))
    for number, taken in enumerate(found):
        if isinstance(taken, Refused):
            await ctx.answer(receipts.refusal(taken.finding, ctx.tr))
        elif number:
            await _confirm(ctx, taken)
        else:
            await own_comments.show_receipt(ctx, taken)


async def _ask_which(ctx: Context, comment: Comment) -> None:
    found = await candidates(ctx, comment)
    await ctx.answer(receipts.which_article(comment, found, ctx.tr), quoting=True)


async def candidates(ctx: Context, comment: Comment) -> list[Article]:
    """What a free text may be about: articles whose addresses it contains, the one last prompted
    for, and the newest."""
    asked = await ctx.deps.discussion.prompts.asked_lately(ctx.chat)
    async with ctx.deps.db.reading() as cx:
        first = [await articles.by_link(cx, canonical(link)) for link in _links(comment)]
        first.append(await articles.get(cx, asked) if asked is not None else None)
        newest = await articles.newest(cx, limit=_LAST)
    found = {one.id: one for one in (*first, *newest) if one is not None}
    return list(found.values())[:_LAST]


def _links(comment: Comment) -> list[str]:
    written = [word for word in comment.text.split() if word.startswith(("http://", "https://"))]
    return [*written, *(link for part in comment.parts for link in part.links)][:_LAST]


async def placed(ctx: Context) -> None:
    """The reader says which article a free text is about."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    comment_id, article_id = press.numbers
    taken = await ctx.deps.discussion.submissions.place(
        TelegramId(ctx.user.id), comment_id, article_id or None
    )
    if isinstance(taken, Refused):
        raise Refusal(receipts.refusal(taken.finding, ctx.tr))
    if taken is None:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    if waits_for_terms(taken.comment):
        await ctx.replace(await _terms(ctx, taken.comment))
        return
    await own_comments.show_receipt(ctx, taken)


async def edited(ctx: Context) -> None:
    """The reader changed a message: its comment follows."""
    step = await ctx.deps.discussion.submissions.edit(ctx.chat, part_of(ctx.message))
    if isinstance(step, Refused):
        _refuse(ctx, step)
        return
    if step is Conflict.DECIDED:
        raise Refusal(
            ctx.tr.gettext(
                "This comment can no longer be changed. You're welcome to write a new one."
            )
        )
    if step is Conflict.NOTHING:
        await moderation.edited_answer(ctx)
    if not isinstance(step, Comment):
        return
    await ctx.answer(receipts.changed(step, ctx.tr), quoting=True)


# --- reading Telegram -----------------------------------------------------------------------------


def person(ctx: Context) -> Person:
    """Who writes."""
    user = ctx.user
    return Person(TelegramId(user.id), user.full_name, user.username or "")


# --- the table ------------------------------------------------------------------------------------

COMMANDS: dict[str, Handler] = my_data.COMMANDS
BUTTONS: tuple[tuple[PressKind, Handler], ...] = (
    (PressKind.COMMENT, pressed),
    (PressKind.WHICH, placed),
    (PressKind.TERMS, agreed),
    *own_comments.BUTTONS,
    *published.BUTTONS,
    *my_data.BUTTONS,
)


def messages() -> list[tuple[filters.BaseFilter, Handler]]:
    """Messages that are comments, or changes of them."""
    private = filters.ChatType.PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    return [
        (private & filters.UpdateType.MESSAGE, written),
        (filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE, edited),
    ]


def menu(tr: Translator, *, private: bool) -> list[tuple[str, str]]:
    """For everybody's command menu; personal commands only for private chats."""
    privacy = ("privacy", tr.gettext("what is stored about me"))
    if not private:
        return [privacy]
    return [
        ("mycomments", tr.gettext("status of my comments")),
        privacy,
        ("forgetme", tr.gettext("delete all my data")),
    ]


def moderators_help(tr: Translator) -> Html:
    """For /help in the moderators' chat."""
    return tr.html(
        "<b>For moderators</b>\n"
        "Buttons under a card: ✅ publish, ❌ reject with a reason, 💬 reply to the reader, 🚫 "
        "ban, ⋯ more. Only replies to the bot's prompt reach the reader; everything else stays "
        "among you.\n"
        "/queue – comments waiting for a decision\n"
        "/log <code>1842</code> – who decided what\n"
        "/stats – the last 30 days in figures\n"
        "/ban, /unban, /mute <code>R-4f2 7</code> – or as a reply to a card\n"
        "/comments <code>off</code> or <code>on</code> – as a reply to a card\n"
        "/rules, /words – what is held or refused\n"
        "/reply <code>list</code> – saved replies\n"
        "/rebuild – resend all waiting cards\n"
        "/correct, /retract <code>REASON</code> – editors correct or withdraw an article, as a "
        "reply to its card or post\n"
        "/announce <code>TEXT</code> – editors send something to all readers; you see it first"
    )
