"""Words between the editors and a reader, both ways. Only an answer to the bot's prompt goes out.

out: prompt -> answer -> waiting (grace: cancel, edit) -> notice to the reader -> sent / unreachable
in:  the reader answers that notice -> a message under the same card
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.attempts import Attempts
from bot.core.comments.lifecycle import Actor, Comment, Reader
from bot.core.comments.rules import FLOOD_SECONDS, CommentFacts, judge
from bot.core.comments.topics import GENERAL, kind_of
from bot.core.model import Chat
from bot.core.posts.content import AnswerCard, AnswerMedia, AnswerNotice, CardMedia, CopySource
from bot.discussion.card_messages import AFTER, refresh_card, refresh_message
from bot.discussion.context import READER, CommentContext
from bot.discussion.reader_messages import answers_to
from bot.discussion.screening import Refused, refused
from bot.discussion.topics import place
from storage import Connection, answers, comments, decisions, deliveries, readers, threads, topics
from storage.answers import Answer

ANSWER_LIMIT = 3_500
"""Characters: with its heading an answer has to fit into one message."""
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """What somebody wrote as one message."""

    message_id: int
    text: str
    media: str = ""
    thread: int = 0
    """The forum's topic that it was written in."""


class Replies:
    """Answers and what is answered to them."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context
        self._attempts = Attempts(context.db, "answer", clock=context.clock)

    async def remember_prompt(
        self, chat: Chat, message_id: int, role: str, comment_id: int, by: Actor
    ) -> None:
        """The answer to this message is for the reader (`answer`) or about him (`note`)."""
        async with self._context.db.transaction() as tx:
            await comments.remember(
                tx,
                chat.id,
                message_id,
                role,
                comment_id=comment_id,
                actor_id=by.id,
                now=self._context.clock(),
            )

    async def prompt(self, chat: Chat, message_id: int) -> tuple[str, int] | None:
        """What a message of ours asks for (`answer` or `note`) and about which comment."""
        async with self._context.db.reading() as cx:
            row = await comments.about(cx, chat.id, message_id)
        if row is None or row["role"] not in {"answer", "note"} or row["comment_id"] is None:
            return None
        return row["role"], row["comment_id"]

    async def answer(
        self, comment_id: int, chat: Chat, words: ReplyWords, *, by: Actor
    ) -> tuple[Comment, Reader, Answer] | None:
        """Store a moderator's answer; it goes out after the grace time. The same message twice is
        one. None when there is nobody left to answer."""
        now = self._context.clock()
        due = now + self._context.grace
        async with self._context.db.transaction() as tx:
            comment, reader = await self._addressee(tx, comment_id)
            if comment is None or reader is None or reader.chat_id is None:
                return None
            number = await answers.add(
                tx,
                comment_id,
                "out",
                text=words.text,
                media=words.media,
                chat_id=chat.id,
                message_id=words.message_id,
                by=by,
                due_at=due,
                now=now,
            )
            if number is not None:
                await decisions.record(tx, "answer", by=by, after=comment, now=now)
                await self._send(
                    tx, number, comment, reader=reader, chat=chat, words=words, now=now
                )
            stored = await answers.written_as(tx, chat.id, words.message_id)
            assert stored is not None  # it is stored now, or was before
            return comment, reader, stored

    async def _send(
        self,
        tx: Connection,
        number: int,
        comment: Comment,
        *,
        reader: Reader,
        chat: Chat,
        words: ReplyWords,
        now: int,
    ) -> None:
        """The notice to the reader (and its picture), and the line that shows its fate."""
        assert reader.chat_id is not None  # the caller has looked
        due = now + self._context.grace
        notice = await deliveries.enqueue(
            tx,
            AnswerNotice(number),
            reader.chat_id,
            comment_id=comment.id,
            reply_to=await answers_to(tx, comment),
            due_at=due,
            now=now,
        )
        if words.media:
            await deliveries.enqueue(
                tx,
                AnswerMedia(number, CopySource(chat.telegram_id, (words.message_id,))),
                reader.chat_id,
                comment_id=comment.id,
                target_id=notice,
                due_at=due + AFTER,
                now=now,
            )
        card = await deliveries.enqueue(
            tx,
            AnswerCard(number),
            chat.id,
            thread=words.thread,
            comment_id=comment.id,
            reply_to=words.message_id,
            now=now,
        )
        await answers.set_messages(tx, number, notice_id=notice, card_id=card)
        await refresh_card(self._context, tx, comment.id, now=now)

    async def cancel(self, answer_id: int, *, by: Actor) -> Answer | None:
        """Take an answer back while it waits; its state tells whether that was in time."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            found = await answers.get(tx, answer_id)
            if found is None or found.state != "waiting":
                return found
            if not await answers.still_here(tx, answer_id):
                return found
            await answers.set_state(tx, answer_id, "cancelled")
            comment = await comments.get(tx, found.comment_id)
            await decisions.record(tx, "cancel", by=by, after=comment, now=now)
            await threads.stir(tx, found.comment_id, answer_id=found.id)
            await self._refresh(tx, found, now=now)
            await refresh_card(self._context, tx, found.comment_id, now=now)
            return await answers.get(tx, answer_id)

    async def publish(self, answer_id: int, *, by: Actor) -> Answer | None:
        """Let everybody read an answer under its comment."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            if await answers.publish(tx, answer_id, now=now):
                found = await answers.get(tx, answer_id)
                assert found is not None  # it was just changed
                comment = await comments.get(tx, found.comment_id)
                await decisions.record(tx, "answer-public", by=by, after=comment, now=now)
                await threads.stir(tx, found.comment_id, answer_id=found.id)
                await self._refresh(tx, found, now=now)
            return await answers.get(tx, answer_id)

    async def edit(self, chat: Chat, words: ReplyWords, *, outgoing: bool = True) -> bool:
        """Somebody changed a message of this talk: the other side sees the new words, also in a
        message that has gone out. False when it is none, or nothing has changed; `outgoing`: he
        may change what goes to a reader."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            found = await answers.written_as(tx, chat.id, words.message_id)
            if found is None or (found.way == "out" and not outgoing):
                return False
            text = words.text[:ANSWER_LIMIT]
            if text in {"", found.text} or not await answers.set_text(tx, found.id, text):
                return False
            if found.way == "out" and found.notice_id is not None:
                await refresh_message(tx, found.notice_id, now=now)
            await threads.stir(tx, found.comment_id, answer_id=found.id)
            await self._refresh(tx, found, now=now)
            return True

    async def receive(
        self, comment_id: int, chat: Chat, words: ReplyWords
    ) -> Refused | Answer | None:
        """A reader answers the editors: it comes back under the card of his comment."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment, reader = await self._addressee(tx, comment_id)
            moderators_chat = await self._context.moderators(tx)
            if (
                comment is None
                or reader is None
                or reader.chat_id != chat.id
                or moderators_chat is None
            ):
                return None
            known = await answers.written_as(tx, chat.id, words.message_id)
            if known is not None:
                return known
            refusal = await self._too_much(tx, reader, words, now=now)
            if refusal is not None:
                return refusal
            number = await answers.add(
                tx,
                comment_id,
                "in",
                text=words.text,
                media=words.media,
                chat_id=chat.id,
                message_id=words.message_id,
                by=READER,
                due_at=now,
                now=now,
            )
            assert number is not None  # nobody stored this message before
            card = await self._before_moderators(
                tx,
                number,
                comment,
                moderators_chat=moderators_chat,
                chat=chat,
                words=words,
                now=now,
            )
            await answers.set_messages(tx, number, notice_id=None, card_id=card)
            return await answers.get(tx, number)

    async def _before_moderators(
        self,
        tx: Connection,
        number: int,
        comment: Comment,
        *,
        moderators_chat: Chat,
        chat: Chat,
        words: ReplyWords,
        now: int,
    ) -> int:
        thread = await topics.thread_of(tx, moderators_chat.id, comment.card_id)
        if thread is None:
            thread = (
                await place(tx, moderators_chat.id, kind_of(comment, reports=0), now=now) or GENERAL
            )
        card = await deliveries.enqueue(
            tx,
            AnswerCard(number),
            moderators_chat.id,
            thread=thread,
            comment_id=comment.id,
            target_id=comment.card_id,
            now=now,
        )
        if words.media:
            await deliveries.enqueue(
                tx,
                CardMedia(CopySource(chat.telegram_id, (words.message_id,)), number),
                moderators_chat.id,
                thread=thread,
                comment_id=comment.id,
                target_id=card,
                due_at=now + AFTER,
                now=now,
            )
        return card

    async def _too_much(
        self, tx: Connection, reader: Reader, words: ReplyWords, *, now: int
    ) -> Refused | None:
        recent = await answers.received_lately(tx, reader.id, since=now - FLOOD_SECONDS)
        facts = CommentFacts(
            text=words.text,
            media=(words.media,) if words.media else (),
            banned=reader.banned_at is not None,
            muted_until=reader.muted_until,
            approved=1,
            recent=recent,
            now=now,
        )
        found = judge(facts).refusal
        return await refused(tx, reader, found, now=now) if found else None

    async def _addressee(
        self, cx: Connection, comment_id: int
    ) -> tuple[Comment | None, Reader | None]:
        comment = await comments.get(cx, comment_id)
        return comment, await readers.get(cx, comment.reader_id) if comment else None

    async def _refresh(self, tx: Connection, found: Answer, *, now: int) -> None:
        if found.card_id is not None:
            await refresh_message(tx, found.card_id, now=now)

    async def settle(self) -> int:
        """Show the moderators what became of answers that have gone out; returns how many."""
        limit = _AT_ONCE + await self._attempts.known()
        async with self._context.db.reading() as cx:
            found = await answers.arrived(cx, limit=limit)
        return await self._attempts.each(found, self._settle_one, key=lambda one: one[0].id)

    async def _settle_one(self, arrived: tuple[Answer, str]) -> None:
        one, fate = arrived
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            state = "sent" if fate == "sent" else "unreachable"
            if not await answers.set_state(tx, one.id, state):
                return
            comment = await comments.get(tx, one.comment_id)
            if fate == "gone" and comment is not None:
                await readers.set_blocked(tx, comment.reader_id, now=now)
            await self._refresh(tx, one, now=now)
