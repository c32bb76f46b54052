"""A full queue: when more cards wait than a group may get, one message stands for all of them.

    cards on their way >= ROOM -> new comments get no card, the queue's message counts them
    ▶ -> a moderator's private chat: one comment after the other, each claimed for five minutes
    room again -> cards for what still waits; nothing waits -> the message says so

Telegram takes 20 writes a minute in a group; a private chat has a limit of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from bot.attempts import Attempts
from bot.core.comments import reminders
from bot.core.comments.cards import Card
from bot.core.comments.lifecycle import UNDO_SECONDS
from bot.core.comments.model import Comment, State
from bot.core.model import Chat, ChatKind, CommentId, Destination, TelegramId
from bot.core.posts.content import QueueReminder, QueueSummary
from bot.core.posts.content_kinds import TopicKind
from bot.discussion.card_messages import ROOM, show_card, view
from bot.discussion.context import CommentContext
from bot.discussion.topics import place, settle_topics
from storage import (
    Connection,
    chats,
    comments,
    decisions,
    deliveries,
    removals,
    review_queue,
    topics,
)

log = structlog.get_logger("queue")

LEASE = 300
_REFRESH = 15

Pin = Callable[[Destination, int, bool], Awaitable[None]]
"""Pins (True) or unpins a message; a failure does no harm."""


class ReviewQueue:
    """What waits, as a whole."""

    def __init__(self, context: CommentContext, pin: Pin | None = None) -> None:
        self._context = context
        self._pin = pin
        self._cards = Attempts(context.db, "card", clock=context.clock)

    async def next(self, moderator_id: int, *, after: int | None = None) -> Card | None:
        """The next comment for a moderator's review, claimed for five minutes; None if none waits
        that nobody else has."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            number = await review_queue.claim(tx, moderator_id, after=after, now=now, lease=LEASE)
            comment = await comments.get(tx, number) if number is not None else None
            return await self._with_position(tx, comment) if comment else None

    async def _with_position(self, cx: Connection, comment: Comment) -> Card:
        return replace(
            await view(cx, comment), position=await review_queue.position(cx, comment.id)
        )

    async def bring_back(self, moderator_id: int, comment_id: int) -> Card | None:
        """Put a comment that waits again back into a moderator's review."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is None or comment.state is not State.PENDING:
                return None
            await review_queue.take(tx, moderator_id, comment.id, now=now, lease=LEASE)
            return await self._with_position(tx, comment)

    async def decided_last(self, moderator_id: int) -> Comment | None:
        """The decision that a moderator can still undo."""
        since = self._context.clock() - UNDO_SECONDS
        async with self._context.db.reading() as cx:
            number = await decisions.last_by(cx, moderator_id, since=since)
            return await comments.get(cx, number) if number is not None else None

    async def holds(self, moderator_id: int, comment_id: int) -> bool:
        """Whether a moderator has this comment under review now."""
        now = self._context.clock()
        async with self._context.db.reading() as cx:
            return await review_queue.holds(cx, moderator_id, comment_id, now=now)

    async def in_review(
        self,
        moderator_id: TelegramId,
        message_id: int,
        comment_id: int | None,
        besides: Sequence[int] = (),
    ) -> None:
        """Note that a message in a moderator's private chat shows this comment now (None: none any
        longer), and the messages `besides` the rest of it. Those beside the previous one are
        removed."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            chat = await chats.get(tx, moderator_id)
            if chat is None:  # this moderator has not written to us since this database was created
                chat = await chats.see(tx, moderator_id, kind=ChatKind.PRIVATE, now=now)
            await removals.ask_besides(tx, chat.id, now=now)
            if comment_id is None:
                await removals.review_cleared(tx, chat.id, message_id)
            else:
                await removals.in_review(
                    tx, chat.id, message_id, comment_id, besides=besides, now=now
                )

    async def tick(self) -> None:
        """Send cards if there is room, the queue's message if there is none, and reminders."""
        now = self._context.clock()
        async with self._context.db.reading() as cx:
            chat = await self._context.moderators(cx)
            busy = chat is not None and await self._anything(cx, chat, now)
        if chat is None or not busy or chat.gone:
            return
        async with self._context.db.transaction() as tx:
            await settle_topics(tx, chat.id, now=now)
            lost = await self._balance(tx, chat, now)
        await self._cards.each(lost, self._show)
        async with self._context.db.transaction() as tx:
            await self._remind(tx, chat, now)

    async def _show(self, comment_id: CommentId) -> None:
        """Send a card for a comment that waits without one."""
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is not None and comment.state is State.PENDING:
                await show_card(self._context, tx, comment, now=self._context.clock())

    async def _anything(self, cx: Connection, chat: Chat, now: int) -> bool:
        if await review_queue.message(cx) is not None or await review_queue.pinned(cx) is not None:
            return True
        if await comments.without_card(cx, chat.id, limit=1):
            return True
        if await topics.unsettled(cx, chat.id):
            return True
        oldest = await comments.oldest_waiting(cx)
        return oldest is not None and now - oldest >= reminders.AGES[0]

    async def _balance(self, tx: Connection, chat: Chat, now: int) -> list[CommentId]:
        """The comments that there is room for; the queue's message stands for the rest."""
        limit = ROOM + 1 + await self._cards.known()
        lost = await comments.without_card(tx, chat.id, limit=limit)
        room = ROOM - await review_queue.cards_on_their_way(tx, chat.id)
        message = await self._message(tx, chat)
        fit = len(lost) <= room
        if message is None and not fit:
            await self._stand_for_all(tx, chat, now)
        elif message is not None:
            waiting, _ = await comments.queue_length(tx)
            due_at = now + (_REFRESH if waiting else 0)
            await deliveries.enqueue_edit(tx, message, now=now, due_at=due_at)
            if not waiting:
                await review_queue.set_message(tx, None)
        return lost if fit else []

    async def _message(self, tx: Connection, chat: Chat) -> int | None:
        """The queue's message, unless it is lost: refused, deleted with its topic, in another chat,
        or left behind in a group that moved."""
        message = await review_queue.message(tx)
        if message is None or await review_queue.still_there(tx, message, chat.id):
            return message
        await review_queue.set_message(tx, None)
        await review_queue.set_pinned(tx, None)  # its id names nothing, or a different message
        return None

    async def _stand_for_all(self, tx: Connection, chat: Chat, now: int) -> None:
        thread = await place(tx, chat.id, TopicKind.QUEUE, now=now)
        if thread is None:
            return
        message = await deliveries.enqueue(tx, QueueSummary(), chat.id, thread=thread, now=now)
        await review_queue.set_message(tx, message)

    async def _remind(self, tx: Connection, chat: Chat, now: int) -> None:
        """Send one line for everything that waits too long, at 30 minutes and at 2 hours; not in
        quiet hours."""
        oldest = await comments.oldest_waiting(tx)
        last = await review_queue.reminded_at(tx)
        quiet, zone = self._context.quiet, self._context.languages.of("").zone
        if oldest is None or not reminders.due(oldest, last, now, quiet=quiet, zone=zone):
            return
        thread = await place(tx, chat.id, TopicKind.QUEUE, now=now)
        if thread is not None:
            await deliveries.enqueue(tx, QueueReminder(), chat.id, thread=thread, now=now)
            await review_queue.set_reminded(tx, now)

    async def keep_pinned(self, chat: Chat) -> None:
        """Keep the queue's message pinned while it counts, and no longer. Calls Telegram."""
        if self._pin is None or chat.gone:
            return
        async with self._context.db.reading() as cx:
            delivery = await review_queue.message(cx)
            number = await deliveries.message_number(cx, delivery) if delivery else None
            pinned = await review_queue.pinned(cx)
        if number == pinned:
            return
        to = Destination(chat.telegram_id, kind=chat.kind)
        if pinned is not None:
            await self._pin(to, pinned, False)
        if number is not None:
            await self._pin(to, number, True)
        async with self._context.db.transaction() as tx:
            await review_queue.set_pinned(tx, number)
