"""What all use cases about comments share: the moderators' chat, cards, notices, counts.

Each function writes within its caller's transaction; visible messages are rows of `delivery`, made
from the records when they are sent (see `bot.discussion.rendering`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core.comments import cards
from bot.core.comments import lifecycle as life
from bot.core.comments.cards import Card, Subject
from bot.core.comments.lifecycle import Actor, Comment, Conflict, Decision, Part, Reader, State
from bot.core.comments.notices import MOST_TOGETHER
from bot.core.comments.published import count_due
from bot.core.comments.topics import GENERAL, kind_of
from bot.core.hours import Hours
from bot.core.model import Chat, TelegramId
from bot.core.posts.content import CardMedia, CardPart, CommentCard, CopySource, DecisionNotice
from bot.discussion.topics import place
from bot.i18n import Languages
from storage import (
    Connection,
    Database,
    answers,
    articles,
    comments,
    decisions,
    deliveries,
    moderators,
    published,
    readers,
    removals,
    review_queue,
    threads,
    topics,
)

RULE = Actor(TelegramId(0), "rule")
READER = Actor(TelegramId(0), "reader")
ROOM = 12
"""Cards on their way to the moderators' chat: about half a minute's worth of its limit."""
AFTER = 1
"""Seconds by which a message follows the one that it answers: that has to have a number first."""
_FLIGHT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class CommentContext:
    """The values that use cases work with."""

    db: Database
    clock: Callable[[], int]
    grace: int
    """Seconds in which a comment, an answer or a notice can be taken back."""
    languages: Languages
    configured: TelegramId | None
    """The moderators' chat of the settings; None: commenting is off."""
    trusted_after: int = 0
    """Approved comments after which a reader is published at once; 0: never."""
    own_hosts: frozenset[str] = frozenset()
    """Addresses of the newsroom itself: links to them are welcome."""
    quiet: Hours | None = None
    """When moderators are not reminded of what waits."""

    async def moderators(self, cx: Connection) -> Chat | None:
        """The moderators' chat as it is now."""
        return None if self.configured is None else await moderators.chat(cx, self.configured)


async def view(cx: Connection, comment: Comment) -> Card:
    """All that the card of a comment shows."""
    reader = await readers.get(cx, comment.reader_id)
    assert reader is not None  # readers are never deleted
    fresh, _ = await published.reports(cx, comment.id)
    said = [one for one in await answers.of_comment(cx, comment.id) if one.way == "out"]
    said = [one for one in said if one.state != "cancelled"]
    return Card(
        comment,
        reader,
        await subject(cx, comment),
        tuple(await decisions.findings(cx, comment.id, comment.revision)),
        same=1 + await comments.followers(cx, comment.id),
        reports=fresh,
        left=await removals.left(cx, comment.id),
        before=await _before(cx, comment),
        answered_by=said[-1].by.name if said else "",
    )


async def _before(cx: Connection, comment: Comment) -> str:
    """What a comment said before its reader edited it, if that was something else."""
    if comment.state is not State.PENDING or comment.revision == 1:
        return ""
    earlier = comment.revision - 1
    if comment.live is not None and life.only_an_edit(comment):
        earlier = comment.live
    words = await comments.words(cx, comment.id, earlier)
    return words.text if words is not None and words.text != comment.text else ""


async def subject(cx: Connection, comment: Comment) -> Subject | None:
    """The article that a comment is about; None for a letter."""
    if comment.article_id is None:
        return None
    article = await articles.get(cx, comment.article_id)
    return Subject(article.headline, article.link) if article else Subject("")


async def show_card(context: CommentContext, tx: Connection, comment: Comment, *, now: int) -> None:
    """Put a new card before the moderators: its media first, then the card, then further parts.

    While too many are on their way, or its topic is being made, there is none: the comment waits
    in the queue (see `bot.discussion.review_queue`)."""
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
    media = tuple(part.message_id for part in comment.parts if part.media)
    copied = None
    if media and seen.reader.telegram_id is not None:
        copied = await deliveries.enqueue(
            tx,
            CardMedia(CopySource(seen.reader.telegram_id, media)),
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


async def show_late_media(tx: Connection, before: Comment, after: Comment, *, now: int) -> None:
    """Parts of an album that came after its card: copied as answers to it."""
    known = {part.message_id for part in before.parts}
    late = tuple(
        part.message_id for part in after.parts if part.media and part.message_id not in known
    )
    card = await deliveries.place_of(tx, after.card_id) if late and after.card_id else None
    reader = await readers.get(tx, after.reader_id)
    if card is not None and reader is not None and reader.telegram_id is not None:
        chat_id, thread = card
        await deliveries.enqueue(
            tx,
            CardMedia(CopySource(reader.telegram_id, late)),
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
    """The further messages of a long text: new ones where missing, edits of those that are."""
    known = await comments.part_messages(tx, card_id)
    wanted = cards.parts(seen, context.languages.of(chat.language))
    for row in known:
        await refresh_message(tx, row["id"], now=now)
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
    if comment.card_id is None or thread is None:  # None: none yet, or in a chat of former times
        if comment.state is State.PENDING:
            await show_card(context, tx, comment, now=now)
        return
    await refresh_message(tx, comment.card_id, now=now)
    seen = await view(tx, comment)
    await _show_parts(context, tx, seen, chat, comment.card_id, thread=thread, now=now)


async def refresh_message(
    tx: Connection, delivery_id: int, *, now: int, due_at: int | None = None
) -> None:
    """Bring a message in the moderators' chat up to date. One that is not on its way yet will say
    it anyway; one that is just being sent is edited when it has arrived."""
    state = await deliveries.message_state(tx, delivery_id)
    if state in {"claimed", "unknown"}:
        due = now + _FLIGHT_SECONDS
        await deliveries.enqueue_edit(tx, delivery_id, due_at=due, now=now)
    elif state == "sent":
        await deliveries.enqueue_edit(tx, delivery_id, due_at=due_at, now=now)


async def notify(
    context: CommentContext, tx: Connection, comment: Comment, decision_id: int, *, now: int
) -> None:
    """Tell a reader what became of his comment, after the grace time. Several become one."""
    reader = await readers.get(tx, comment.reader_id)
    if reader is None or reader.chat_id is None or reader.blocked_at is not None:
        return
    waiting = await comments.waiting_notice(tx, reader.chat_id)
    if waiting is not None and len(waiting[1]) < MOST_TOGETHER:
        number, told = waiting
        await comments.set_notice(tx, number, DecisionNotice((*told, decision_id)))
        return
    await deliveries.enqueue(
        tx,
        DecisionNotice((decision_id,)),
        reader.chat_id,
        comment_id=comment.id,
        reply_to=await answers_to(tx, comment),
        due_at=now + context.grace,
        now=now,
    )


async def answers_to(cx: Connection, comment: Comment) -> int | None:
    """The reader's own message, which a message about his comment answers."""
    source = await comments.source(cx, comment.id)
    return source["message_id"] if source else None


async def refresh_receipt(
    tx: Connection, comment_id: int, *, due_at: int | None = None, now: int
) -> None:
    """What its reader was told when a comment came says what became of it."""
    receipt = await deliveries.receipt_of(tx, comment_id)
    if receipt is not None:
        await deliveries.enqueue_edit(tx, receipt, due_at=due_at, now=now)


async def recount(tx: Connection, before: Comment, after: Comment, *, now: int) -> None:
    """What shows a comment follows when it became public, changed there, or ceased to be: the
    count on the posts, the threads in discussion groups."""
    article_id = after.article_id
    if before.live != after.live:
        await threads.stir(tx, after.id)
    if article_id is not None and (before.live is None) != (after.live is None):
        if await published.recount(tx, article_id):
            await _tell_count(tx, article_id, now=now)
        for one in await answers.of_comment(tx, after.id):
            if one.way == "out" and one.card_id is not None:  # it offers to publish the answer too
                await refresh_message(tx, one.card_id, now=now)


async def _tell_count(tx: Connection, article_id: int, *, now: int) -> None:
    due_at = count_due(await published.count_told_at(tx, article_id), now)
    if due_at <= now:
        await published.announce_count(tx, article_id, now=now)
    else:
        await published.tell_count_later(tx, article_id, due_at=due_at)


async def look_again(
    context: CommentContext, tx: Connection, comment: Comment, action: str, *, by: Actor, now: int
) -> Comment | Conflict:
    """A decided comment goes back to the moderators, with a new card; what is public stays."""
    public = None
    if comment.live is not None and life.only_an_edit(comment):
        public = await comments.words(tx, comment.id, comment.live)
    step = life.reopen(comment, public)
    if isinstance(step, Conflict):
        return step
    step = replace(step, leader_id=None)
    await comments.save(tx, comment, step, now=now)
    await count_decision(tx, comment, -1)
    await decisions.record(tx, action, by=by, before=comment, after=step, now=now)
    await show_card(context, tx, step, now=now)
    if step.live is None:
        await refresh_receipt(tx, step.id, now=now)
    return step


async def count_decision(tx: Connection, decided: Comment, by: int) -> None:
    """A reader's history counts what people decided."""
    approved = decided.decision is Decision.APPROVE
    rejected = decided.decision in {Decision.REJECT, Decision.BAN}
    await readers.count(tx, decided.reader_id, approved=by * approved, rejected=by * rejected)


async def promote(context: CommentContext, tx: Connection, comment_id: int, *, now: int) -> None:
    """The comment whose card others share is gone: the first of them gets a card for all."""
    led = await comments.led_by(tx, comment_id)
    if not led:
        return
    first = led[0]
    await comments.set_leader(tx, comment_id, first.id)
    await show_card(context, tx, first, now=now)


def parts_with(comment: Comment, part: Part) -> list[Part]:
    """The messages of a comment with this one added or changed, in their order."""
    others = {one.message_id: one for one in comment.parts} | {part.message_id: part}
    return [others[number] for number in sorted(others)]


def is_reader(reader: Reader | None, comment: Comment | None) -> bool:
    """Whether a comment is this reader's own."""
    return reader is not None and comment is not None and comment.reader_id == reader.id
