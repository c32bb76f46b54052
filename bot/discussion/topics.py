"""The moderators' chat as a forum: where a message goes, and what has to happen there first.

    place          the one answer to "which topic?": a thread, or None while it is being created
    settle_topics  what became of topics being created; deliveries for lost ones are moved
    ForumTopics    finds out what the chat is, hears of topics that people close, writes the log

Nothing here talks to Telegram: topics are created and reopened by rows of `delivery`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.core.comments.topics import (
    GENERAL,
    PATIENCE,
    ForumTopic,
    Standing,
    Step,
    TopicState,
    after,
    closed_state,
    way,
)
from bot.core.model import Chat, ChatId, TelegramId
from bot.core.posts.content import DecisionLog, NewTopic, TopicReopening
from bot.core.posts.content_kinds import TopicKind
from storage import Connection, Database, deliveries, topics

StandingLookup = Callable[[TelegramId], Awaitable[Standing | None]]
"""Finds out what a chat is and what we may do there; None if that cannot be told now."""

_LOOK_EVERY = 60
_LOOK_AGAIN = 10
_LOG_EVERY = 15
_LOG_LINES = 20


async def place(tx: Connection, chat_id: ChatId, kind: TopicKind, *, now: int) -> int | None:
    """The thread for a new message of this kind: 0 in a chat without topics. None if its topic has
    to be created first, or if it is not known yet whether there are topics: the caller asks again,
    for half a minute at most."""
    known = await topics.known(tx, chat_id)
    if known is None or not known.standing.forum:
        waits = known is not None and not known.looked_at and now - known.told_at < PATIENCE
        return None if waits else GENERAL
    topic = await topics.newest(tx, chat_id, kind)
    step = way(topic, manages=known.standing.manages, now=now)
    if step is Step.CREATE:
        number = await deliveries.enqueue(tx, NewTopic(kind), chat_id, now=now)
        await topics.want(tx, chat_id, kind, delivery_id=number, now=now)
    elif step is Step.REOPEN and topic is not None:
        assert topic.thread is not None  # only a topic that was created can have been closed
        number = await deliveries.enqueue(tx, TopicReopening(topic.thread), chat_id, now=now)
        reopening = replace(topic, state=TopicState.REOPENING, since=now)
        await topics.save(tx, reopening, delivery_id=number)
    return None if isinstance(step, Step) else step


async def settle_topics(tx: Connection, chat_id: ChatId, *, now: int) -> None:
    """Mark created topics as open; deliveries for one that no longer exists go to another."""
    for topic, fate, reason, number in await topics.unfinished(tx, chat_id):
        await topics.save(tx, after(topic, fate, reason, number, now=now))
        if fate != "sent":
            await topics.look_again(tx, chat_id)
    for topic in await topics.stuck(tx, chat_id):
        thread = await place(tx, chat_id, topic.kind, now=now)
        if thread is not None and thread != topic.thread:
            await topics.move(tx, chat_id, topic.thread or GENERAL, thread)


class ForumTopics:
    """Keeps track of what the chat is, and writes its log. `look` asks Telegram; None: it is taken
    for a plain group."""

    def __init__(self, db: Database, clock: Callable[[], int], look: StandingLookup | None) -> None:
        self._db = db
        self._clock = clock
        self._look = look
        self._not_before = 0
        self._unsure = True

    async def expect(self, chat: Chat) -> None:
        """At the start: cards wait until it is known what the chat is."""
        if self._look is not None:
            async with self._db.transaction() as tx:
                await topics.expect(tx, chat.id, now=self._clock())

    async def look(self, chat: Chat) -> None:
        """Find out what the chat is: at the start, from time to time, when something has
        happened."""
        now = self._clock()
        if chat.gone:
            self._unsure = True
            return
        async with self._db.reading() as cx:
            known = await topics.known(cx, chat.id)
        stale = self._unsure or known is None or now - known.looked_at >= _LOOK_EVERY
        if self._look is not None and stale and now >= self._not_before:
            await self._see(chat, self._look, now)

    async def log(self, chat: Chat) -> None:
        """Post recent decisions to the forum's log, now and then."""
        now = self._clock()
        async with self._db.reading() as cx:
            known = await topics.known(cx, chat.id)
        if known is None or not known.standing.forum or chat.gone:
            return
        if now - known.told_at >= _LOG_EVERY:
            await self._tell(chat, known, now)

    async def _see(self, chat: Chat, look: StandingLookup, now: int) -> None:
        standing = await look(chat.telegram_id)
        if standing is None:
            self._not_before = now + _LOOK_AGAIN
            return
        async with self._db.transaction() as tx:
            await topics.saw(tx, chat.id, standing, now=now)
        self._unsure = False

    async def _tell(self, chat: Chat, known: topics.KnownForum, now: int) -> None:
        """All recent decisions in one message: a forum too takes only 20 a minute."""
        async with self._db.reading() as cx:
            rows = await topics.untold(cx, known.told, limit=_LOG_LINES)
        if not rows:
            return
        first, last = rows[0]["id"], rows[-1]["id"]
        async with self._db.transaction() as tx:
            thread = await place(tx, chat.id, TopicKind.LOG, now=now)
            if thread is None:
                return
            await deliveries.enqueue(tx, DecisionLog(first, last), chat.id, thread=thread, now=now)
            await topics.told(tx, chat.id, last, now=now)

    async def changed(self, chat: Chat) -> None:
        """Our rights there have changed."""
        async with self._db.transaction() as tx:
            await topics.look_again(tx, chat.id)

    async def topic_closed(self, chat: Chat, thread: int, *, closed: bool) -> None:
        """People have closed a topic, or reopened it."""
        now = self._clock()
        async with self._db.transaction() as tx:
            topic = await topics.at_thread(tx, chat.id, thread)
            if topic is None or topic.state is TopicState.LOST:
                return
            await topics.save(tx, _by_people(topic, closed=closed, now=now))


def _by_people(topic: ForumTopic, *, closed: bool, now: int) -> ForumTopic:
    if not closed:
        return replace(topic, state=TopicState.OPEN, reopened=False, since=now)
    if topic.state is not TopicState.OPEN:
        return topic
    return replace(topic, state=closed_state(topic), since=now)
