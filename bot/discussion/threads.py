"""Approved comments in a channel's discussion group, under the channel's post.

    a channel has a group where we may write -> its posts carry no buttons -> Telegram opens threads
    the post's copy arrives in the group ─┐
    our own sending is recorded ──────────┴─> thread of the article -> its public comments appear
    decided, undone, withdrawn, erased, edited -> `stir` (same transaction) -> tick -> delivery

Which message has to appear, change or go is decided from the records at each tick, so nothing
depends on what came first, or on what was in memory when the program died.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.attempts import Attempts
from bot.core.comments import threads as core
from bot.core.comments.receipts import signature
from bot.core.comments.threads import Move
from bot.core.errors import Unanswered
from bot.core.model import Chat, ChatKind, Post, TelegramId
from bot.core.posts.content import ThreadMessage
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.discussion.context import CommentContext
from storage import Connection, chats, deliveries, published, threads
from storage.threads import Stirred

log = structlog.get_logger("threads")

_LOOK_EVERY = 3600
_LOOK_AGAIN = 60
_AT_ONCE = 5
_DAY = 86_400
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Group:
    """A channel's discussion group, according to Telegram."""

    telegram_id: TelegramId
    channel: TelegramId
    title: str = ""
    username: str = ""
    usable: bool = False
    """We may write there, and get the channel's posts."""


GroupLookup = Callable[[TelegramId], Awaitable[Group | None]]
"""Finds the discussion group of a channel, or of the channel that this group belongs to; None if
there is none. Raises Unanswered."""


class Threads:
    """Which channels show comments in their groups, and keeping the threads there true.

    `look` None: the operator did not enable it. Earlier messages are still removed with their
    comments.
    """

    def __init__(self, context: CommentContext, look: GroupLookup | None) -> None:
        self._context = context
        self._look = look
        self._matches = Attempts(context.db, "thread", clock=context.clock)
        self._messages = Attempts(context.db, "thread message", clock=context.clock)
        self._to_look: deque[TelegramId] = deque()
        self._look_at = 0
        self._sweep_at = 0

    async def prepare(self) -> None:
        """Apply the setting before the first delivery."""
        if self._look is None:
            async with self._context.db.transaction() as tx:
                await threads.unlink_all(tx)

    async def hear(self, group: Chat, channel: TelegramId, post_id: int, message_id: int) -> None:
        """Note that a channel's post has appeared in this group."""
        if self._look is None:
            return
        async with self._context.db.transaction() as tx:
            known = await chats.get(tx, channel)
            if known is None:
                return
            now = self._context.clock()
            await threads.hear(tx, known.id, post_id, group.id, message_id, now=now)
            linked = await threads.linked_to(tx, known.id)
        if linked != group.id:
            await self.learn(channel)

    async def learn(self, chat: TelegramId) -> None:
        """Ask Telegram whether a channel or a group belongs to a pair, and follow it; later, if
        there is no answer now."""
        if self._look is None:
            return
        try:
            group = await self._look(chat)
        except Unanswered as error:
            log.info("threads.unanswered", reason=str(error))
            self._look_at = min(self._look_at, self._context.clock() + _LOOK_AGAIN)
            self._to_look.clear()
            return
        async with self._context.db.transaction() as tx:
            known = await chats.get(tx, group.channel if group else chat)
            if known is not None:
                await self._follow(tx, known, group)

    async def _follow(self, tx: Connection, chat: Chat, group: Group | None) -> None:
        trouble = await self._trouble(tx, group)
        if group is None or trouble:
            if trouble:
                log.warning("threads.unusable", channel=chat.id, reason=trouble)
            if await threads.unlink(tx, chat.id):
                log.info("threads.off", chat=chat.id)
            return
        here = await chats.see(
            tx,
            group.telegram_id,
            kind=ChatKind.SUPERGROUP,
            title=group.title,
            username=group.username,
            now=self._context.clock(),
        )
        if await threads.link(tx, chat.id, here.id):
            log.info("threads.on", channel=chat.id, group=here.id)

    async def _trouble(self, cx: Connection, group: Group | None) -> str:
        """Why a group cannot show comments, in words for the operator."""
        if group is None:
            return ""
        moderators_chat = await self._context.moderators(cx)
        if moderators_chat is not None and moderators_chat.telegram_id == group.telegram_id:
            return "its discussion group is the moderators' chat"
        return "" if group.usable else "the bot is no administrator of its discussion group"

    async def tick(self) -> None:
        """Match posts with their copies; bring messages up to date."""
        async with self._context.db.reading() as cx:
            strangers = await threads.to_match(cx, limit=_BATCH + await self._matches.known())
        await self._matches.each(strangers, self._match)
        async with self._context.db.reading() as cx:
            stirred = await threads.stirred(cx, limit=2 * _BATCH + await self._messages.known())
        await self._messages.each(stirred, self._follow_records, key=lambda one: one.id)

    async def _match(self, number: int) -> None:
        async with self._context.db.transaction() as tx:
            await threads.match(tx, number)

    async def _follow_records(self, seen: Stirred) -> None:
        if _has_to_wait(seen):
            return
        async with self._context.db.transaction() as tx:
            one = await threads.stirred_one(tx, seen.id)
            if one is not None:
                await self._bring_up_to_date(tx, one)

    async def look_around(self) -> None:
        """Check channels now and then: Telegram does not report when a channel and its group are
        unlinked, so it is asked."""
        now = self._context.clock()
        if now >= self._sweep_at:
            self._sweep_at = now + _LOOK_EVERY
            async with self._context.db.transaction() as tx:
                await threads.forget_strangers(tx, before=now - _DAY)
        if self._look is None:
            return
        if now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            async with self._context.db.reading() as cx:
                self._to_look = deque(await threads.channels(cx))
        for _ in range(_AT_ONCE):
            if self._to_look:
                await self.learn(self._to_look.popleft())

    async def _bring_up_to_date(self, tx: Connection, one: Stirred) -> None:
        now = self._context.clock()
        if _has_to_wait(one):
            return
        delivery: int | None = one.delivery_id
        match _next_move(one):
            case Move.POST:
                delivery = await deliveries.enqueue(
                    tx, ThreadMessage(one.id), one.group_id, comment_id=one.comment_id, now=now
                )
            case Move.REVISE:
                assert delivery is not None  # it has a message
                await deliveries.enqueue_edit(tx, delivery, now=now)
        await threads.mark_followed(tx, one.id, delivery_id=delivery)

    async def say(self, cx: Connection, delivery: Delivery, said: ThreadMessage) -> Post | None:
        """Render a message in a thread, new or updated; None if there is nothing to say."""
        edited = delivery.kind is DeliveryKind.EDIT
        said_by = delivery.target_id if edited else delivery.id
        where = await threads.place(cx, said.row, said_by or 0)
        shown_as = delivery.target_message_id if edited else None
        if where is None or (edited and shown_as is None):
            return None
        post = await self._words(cx, where, delivery.language)
        if post is not None:
            return replace(post, reply_to=None if edited else where.answers)
        if shown_as is None:
            return None
        return core.withdrawn(shown_as, self._context.languages.of(delivery.language))

    async def _words(
        self, cx: Connection, where: threads.ThreadPlace, language: str
    ) -> Post | None:
        """What is public of the comment now."""
        tr = self._context.languages.of(language)
        shown = await published.one(cx, where.comment_id)
        if shown is None:
            return None
        if where.answer_id:
            text = await threads.answer_words(cx, where.answer_id)
            return None if text is None else core.answer(text, tr)
        name = signature(shown.sign, shown.reader_id, shown.reader_name, tr)
        return core.comment(name, shown.text, media=bool(shown.media))


def _next_move(one: Stirred) -> Move:
    return core.next_move(
        wanted=one.wanted,
        state=one.state,
        reason=one.reason,
        there=one.there,
        revising=one.revising,
    )


def _has_to_wait(one: Stirred) -> bool:
    """Whether it has to wait for something on its way: a change of the message, or the message that
    it answers."""
    move = _next_move(one)
    return move is Move.WAIT or (move is Move.POST and one.waits)
