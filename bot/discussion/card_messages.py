"""What the moderators' chat shows of a comment: its card, the media above it, further parts.

Each function writes within its caller's transaction; messages are rows of `delivery`, made from the
records when they are sent (see `bot.discussion.rendering`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.comments import cards
from bot.core.comments import lifecycle as life
from bot.core.comments.cards import Card, Subject
from bot.core.comments.model import Comment, Part, State
from bot.core.comments.topics import GENERAL, kind_of
from bot.core.model import Chat, TelegramId
from bot.core.posts.content import CardMedia, CardPart, CommentCard, CopySource
from bot.discussion.context import CommentContext
from bot.discussion.copying import recaption
from bot.discussion.topics import place
from storage import (
    Connection,
    answers,
    articles,
    comment_messages,
    comments,
    complaints,
    decisions,
    deliveries,
    moderators,
    published,
    readers,
    removals,
    review_queue,
    topics,
)

ROOM = 12
"""Cards on their way to the moderators' chat: about half a minute's worth of its limit."""
AFTER = 1
"""Seconds by which a message follows the one that it answers: that one needs a message id first."""


async def view(cx: Connection, comment: Comment) -> Card:
    """All that the card of a comment shows."""
    reader = await readers.get(cx, comment.reader_id)
    assert reader is not None  # readers are never deleted
    fresh, _ = await published.reports(cx, comment.id)
    clock = await complaints.clock(cx, comment.id) if fresh or comment.complaint else None
    said = [one for one in await answers.of_comment(cx, comment.id) if one.way == "out"]
    said = [one for one in said if one.state != "cancelled"]
    pictured = any(part.media for part in comment.parts)
    return Card(
        comment,
        reader,
        await subject(cx, comment),
        tuple(await decisions.findings(cx, comment.id, comment.revision)),
        same=1 + await comments.followers(cx, comment.id),
        reports=fresh,
        deadline=clock.deadline if clock else None,
        left=await removals.left(cx, comment.id),
        uncopied=await deliveries.uncopied(cx, comment.id) if pictured else 0,
        before=await _before(cx, comment),
        answered_by=said[-1].by.name if said else "",
    )


async def _before(cx: Connection, comment: Comment) -> str:
    """What a comment said before its reader edited it, if that was different."""
    if comment.state is not State.PENDING or comment.revision == 1:
        return ""
    if comment.live is not None and not life.only_an_edit(comment):
        return ""  # it is what the public reads that is reviewed again
    earlier = comment.live or comment.revision - 1
    words = await comments.words(cx, comment.id, earlier)
    return words.text if words is not None and words.text != comment.text else ""


async def subject(cx: Connection, comment: Comment) -> Subject | None:
    """The article that a comment or complaint is about; None for a letter."""
    if comment.complaint is not None:
        article = await articles.get(cx, comment.complaint.article_id or 0)
        headline, link = (article.title, article.link) if article else ("", "")
        return Subject(headline, link, comment.complaint.kind)
    if comment.article_id is None:
        return None
    article = await articles.get(cx, comment.article_id)
    return Subject(article.title, article.link) if article else Subject("")


async def show_card(context: CommentContext, tx: Connection, comment: Comment, *, now: int) -> None:
    """Send the moderators a new card: its media first, then the card, then further parts. While too
    many are on their way, or its topic is being created, there is none: the comment waits in the
    queue (see `bot.discussion.review_queue`)."""
    if context.configured is None:
        return
    chat = await moderators.configure_chat(tx, context.configured, now=now)
    if await review_queue.cards_on_their_way(tx, chat.id) >= ROOM:
        await comments.set_card(tx, comment.id, None)
        return
    seen = await view(tx, comment)
    kind = kind_of(comment, reports=seen.reports)
    thread = await place(tx, chat.id, kind, now=now)
    if thread is None and comment.state is State.PENDING:
        await comments.set_card(tx, comment.id, None)
        return
    thread = thread or GENERAL
    media = [part for part in comment.parts if part.media]
    copied = None
    if media and seen.reader.telegram_id is not None:
        copied = await deliveries.enqueue(
            tx,
            CardMedia(_source(seen.reader.telegram_id, media)),
            chat.id,
            thread=thread,
            article_id=comment.article_id,
            comment_id=comment.id,
            now=now,
        )
    card_id = await deliveries.enqueue(
        tx,
        CommentCard(),
        chat.id,
        thread=thread,
        article_id=comment.article_id,
        comment_id=comment.id,
        target_id=copied,
        due_at=now + (AFTER if copied is not None else 0),
        now=now,
    )
    await comments.set_card(tx, comment.id, card_id)
    await _show_parts(context, tx, seen, chat, card_id, thread=thread, now=now)


def _source(reader: TelegramId, media: Sequence[Part]) -> CopySource:
    numbers = tuple(part.message_id for part in media)
    return CopySource(reader, numbers, tuple(part.file for part in media))


async def follow_media(tx: Connection, before: Comment, after: Comment, *, now: int) -> None:
    """Follow an edit of a comment that has its card. Late or replaced pictures are copied as
    replies to the card; captions of existing ones are updated. Copies that the public sees are not:
    there what was approved stays."""
    known = {part.message_id: part for part in before.parts}
    late = []
    for part in (one for one in after.parts if one.media):
        old = known.get(part.message_id)
        if old is None or (old.media, old.file) != (part.media, part.file):
            late.append(part)
        elif old.text != part.text and before.live is None:
            await recaption(tx, after.id, part.message_id, now=now)
    card = await deliveries.place_of(tx, after.card_id) if late and after.card_id else None
    reader = await readers.get(tx, after.reader_id)
    if card is not None and reader is not None and reader.telegram_id is not None:
        chat_id, thread = card
        await deliveries.enqueue(
            tx,
            CardMedia(_source(reader.telegram_id, late)),
            chat_id,
            thread=thread,
            article_id=after.article_id,
            comment_id=after.id,
            target_id=after.card_id,
            due_at=now + AFTER,
            now=now,
        )


async def _show_parts(
    context: CommentContext,
    tx: Connection,
    seen: Card,
    chat: Chat,
    card_id: int,
    *,
    thread: int,
    now: int,
) -> None:
    """The further messages of a long text: new ones where missing, edits of the existing ones."""
    known = await comment_messages.part_messages(tx, card_id)
    wanted = cards.parts(seen, context.languages.of(chat.language))
    for row in known:
        await deliveries.enqueue_edit(tx, row["id"], now=now)
    if not cards.unread(seen.comment):
        return
    for number in range(2 + len(known), wanted + 1):
        await deliveries.enqueue(
            tx,
            CardPart(number),
            chat.id,
            thread=thread,
            comment_id=seen.comment.id,
            target_id=card_id,
            due_at=now + 2 * AFTER,
            now=now,
        )


async def refresh_card(
    context: CommentContext, tx: Connection, comment_id: int, *, now: int
) -> None:
    """Bring the card of a comment (or of the one that leads it) up to date."""
    comment = await comments.get(tx, comment_id)
    if comment is not None and comment.leader_id is not None:
        comment = await comments.get(tx, comment.leader_id)
    chat = await context.moderators(tx)
    if comment is None or chat is None:
        return
    thread = await topics.thread_of(tx, chat.id, comment.card_id)
    if comment.card_id is None or thread is None:  # None: none yet, or in a former chat
        if comment.state is State.PENDING:
            await show_card(context, tx, comment, now=now)
        return
    await deliveries.enqueue_edit(tx, comment.card_id, now=now)
    seen = await view(tx, comment)
    await _show_parts(context, tx, seen, chat, comment.card_id, thread=thread, now=now)


async def promote(context: CommentContext, tx: Connection, comment_id: int, *, now: int) -> None:
    """The comment whose card others share is gone: the first of them gets a card for all."""
    led = await comments.led_by(tx, comment_id)
    if not led:
        return
    first = led[0]
    await comments.set_leader(tx, comment_id, first.id)
    await show_card(context, tx, first, now=now)
