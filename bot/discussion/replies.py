"""Correspondence between the editors and a reader. Only a reply to the bot's prompt is sent.

out: prompt -> answer -> waiting (grace: cancel, edit) -> notice to the reader -> sent / unreachable
in:  the reader answers that notice -> a message under the same card
"""

from __future__ import annotations

from dataclasses import replace

from bot.attempts import Attempts
from bot.core.comments.dialogue import AnswerPart, edited
from bot.core.comments.model import Comment, Reader
from bot.core.comments.parts import ALBUM_SECONDS
from bot.core.comments.rules import FLOOD_SECONDS, CommentFacts, judge
from bot.core.comments.topics import GENERAL, kind_of
from bot.core.model import Actor, Chat
from bot.core.posts.content import AnswerCard, AnswerMedia, AnswerNotice, CardMedia, CopySource
from bot.discussion import complaints, copying
from bot.discussion.card_messages import AFTER, refresh_card
from bot.discussion.context import READER, CommentContext
from bot.discussion.copying import Way
from bot.discussion.reader_messages import answers_to
from bot.discussion.screening import Refused, refused
from bot.discussion.topics import place
from storage import (
    Connection,
    answers,
    comment_messages,
    comments,
    copies,
    decisions,
    deliveries,
    readers,
    threads,
    topics,
)
from storage.answers import Answer

ANSWER_LIMIT = 3_500
"""Characters: an answer with its heading has to fit into one message."""
_AT_ONCE = 100
_TWICE = 60
"""Seconds within which the same saved reply to the same comment counts as an accidental second
press."""


class Replies:
    """Answers to readers, and readers' answers to those."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context
        self._attempts = Attempts(context.db, "answer", clock=context.clock)

    async def answer(
        self,
        comment_id: int,
        chat: Chat,
        part: AnswerPart,
        *,
        thread: int = 0,
        prompt: int | None = None,
        under: int | None = None,
        by: Actor,
    ) -> tuple[Comment, Reader, Answer] | None:
        """Store a moderator's answer; it is sent after the grace time. A repeated message counts
        once, and so does an album. `thread`: the forum topic that it was written in; `prompt`: our
        message that it replies to; `under`: the message under which its fate is shown, by default
        its own. None if there is nobody left to answer."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment, reader = await self._addressee(tx, comment_id)
            if comment is None or reader is None or reader.chat_id is None:
                return None
            known = await answers.written_as(tx, chat.id, part.message_id)
            if known is None and part.message_id < 0:
                known = await answers.lately(tx, comment_id, part.text, since=now - _TWICE)
            if known is None:
                known = await answers.of_album(tx, chat.id, part.album)
                if known is not None:
                    await self._join(tx, known, chat, part, now=now)
            if known is not None:
                return comment, reader, await self._now(tx, known.id)
            if part.message_id < 0:  # a saved reply: it answers the prompt that offered it
                prompt = await comment_messages.newest(tx, chat.id, "answer", comment_id)
            number = await answers.add(
                tx,
                comment_id,
                "out",
                part=part,
                chat_id=chat.id,
                by=by,
                due_at=self._due(part, now),
                prompt=prompt,
                now=now,
            )
            if number is None:  # a press that came twice
                stored = await answers.at(tx, chat.id, part.message_id)
                return (comment, reader, stored) if stored is not None else None
            await decisions.record(tx, "answer", by=by, after=comment, now=now)
            await self._send(
                tx,
                number,
                comment,
                reader=reader,
                chat=chat,
                part=part,
                thread=thread,
                under=under or part.message_id,
                now=now,
            )
            await complaints.answered(self._context, tx, comment, by=by, now=now)
            return comment, reader, await self._now(tx, number)

    def _due(self, part: AnswerPart, now: int) -> int:
        """When an answer is due: an album is complete when nothing more of it has come for a
        while."""
        return now + max(self._context.grace, ALBUM_SECONDS if part.album else 0)

    async def _now(self, cx: Connection, number: int) -> Answer:
        found = await answers.get(cx, number)
        assert found is not None  # answers are never deleted
        return found

    async def _send(
        self,
        tx: Connection,
        number: int,
        comment: Comment,
        *,
        reader: Reader,
        chat: Chat,
        part: AnswerPart,
        thread: int,
        under: int,
        now: int,
    ) -> None:
        """The notice to the reader (and its picture), and the line that shows its fate."""
        assert reader.chat_id is not None  # the caller has looked
        due = self._due(part, now)
        notice = await deliveries.enqueue(
            tx,
            AnswerNotice(number),
            reader.chat_id,
            comment_id=comment.id,
            reply_to=await answers_to(tx, comment),
            due_at=due,
            now=now,
        )
        card = await deliveries.enqueue(
            tx,
            AnswerCard(number),
            chat.id,
            thread=thread,
            comment_id=comment.id,
            reply_to=under,
            now=now,
        )
        await answers.set_messages(tx, number, notice_id=notice, card_id=card)
        if part.media:
            await self._carry(tx, await self._now(tx, number), chat, part, due_at=due, now=now)
        await refresh_card(self._context, tx, comment.id, now=now)

    async def _join(
        self, tx: Connection, found: Answer, chat: Chat, part: AnswerPart, *, now: int
    ) -> None:
        """Add a picture to an album that is already stored as an answer."""
        due = self._due(part, now) if found.way == "out" else now + ALBUM_SECONDS
        if not await answers.set_part(tx, found.id, part, due_at=due):
            return
        for number in (found.notice_id, found.card_id if found.way == "in" else None):
            if number is not None:
                await copies.put_off(tx, number, due_at=due)
        await self._carry(tx, found, chat, part, due_at=due, now=now)
        await self._show_again(tx, found, now=now)

    async def _carry(
        self, tx: Connection, found: Answer, chat: Chat, part: AnswerPart, *, due_at: int, now: int
    ) -> None:
        """Copy a picture to the other side, with its album if that still waits."""
        source = CopySource(chat.telegram_id, (part.message_id,))
        if found.way == "out":
            content: CardMedia | AnswerMedia = AnswerMedia(found.id, source)
            target = found.notice_id
        else:
            content, target = CardMedia(source, found.id), found.card_id
        place = await deliveries.place_of(tx, target) if target is not None else None
        if place is not None:
            way = Way(place[0], found.comment_id, target, place[1])
            await copying.carry(tx, content, way, due_at=due_at + AFTER, now=now)

    async def cancel(self, answer_id: int, *, by: Actor) -> Answer | None:
        """Cancel an answer while it waits; its state tells whether that was in time."""
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
            await complaints.unanswered(
                self._context, tx, found.comment_id, found.created_at, by=by, now=now
            )
            await refresh_card(self._context, tx, found.comment_id, now=now)
            return await answers.get(tx, answer_id)

    async def publish(self, answer_id: int, *, by: Actor) -> Answer | None:
        """Publish an answer under its comment."""
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

    async def edit(self, chat: Chat, part: AnswerPart, *, outgoing: bool = True) -> bool:
        """A message of this correspondence was edited: the other side sees the new words, even in a
        message already sent. False if it is not part of it, or nothing has changed; `outgoing`: the
        editor may change what goes to a reader."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            found = await answers.written_as(tx, chat.id, part.message_id)
            if found is None or (found.way == "out" and not outgoing):
                return False
            known = {one.message_id: one for one in await answers.parts(tx, found.id)}
            old = known[part.message_id]
            new = edited(old, _within_limit(part))
            if new == old or not (new.text or new.media):
                return False
            if not await answers.set_part(tx, found.id, new):
                return False
            await self._follow(tx, found, chat, old, new, now=now)
            await threads.stir(tx, found.comment_id, answer_id=found.id)
            await self._show_again(tx, found, now=now)
            return True

    async def _follow(
        self,
        tx: Connection,
        found: Answer,
        chat: Chat,
        old: AnswerPart,
        new: AnswerPart,
        *,
        now: int,
    ) -> None:
        """Update what was copied of a message: new words by an edit, a different picture by another
        copy. What is still to be copied will be up to date anyway."""
        number = new.message_id
        if not new.media or await copying.waits(tx, found.comment_id, number, answer=found.id):
            return
        if (new.media, new.file) != (old.media, old.file):
            await self._carry(tx, found, chat, new, due_at=now, now=now)
        elif (new.text, new.html) != (old.text, old.html):
            await copying.recaption(tx, found.comment_id, number, answer=found.id, now=now)

    async def _show_again(self, tx: Connection, found: Answer, *, now: int) -> None:
        if found.way == "out" and found.notice_id is not None:
            await deliveries.enqueue_edit(tx, found.notice_id, now=now)
        await self._refresh(tx, found, now=now)

    async def of_album(self, chat: Chat, album: str) -> int | None:
        """The comment concerned by the reader's answer that this picture belongs to."""
        async with self._context.db.reading() as cx:
            found = await answers.of_album(cx, chat.id, album)
        return found.comment_id if found is not None and found.way == "in" else None

    async def receive(
        self, comment_id: int, chat: Chat, part: AnswerPart
    ) -> Refused | Answer | None:
        """A reader answers the editors: it is shown under the card of the comment."""
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
            known = await answers.written_as(tx, chat.id, part.message_id)
            if known is None:
                known = await answers.of_album(tx, chat.id, part.album)
                if known is not None:
                    await self._join(tx, known, chat, part, now=now)
            if known is not None:
                return await self._now(tx, known.id)
            refusal = await self._too_much(tx, reader, part, now=now)
            if refusal is not None:
                return refusal
            number = await answers.add(
                tx, comment_id, "in", part=part, chat_id=chat.id, by=READER, due_at=now, now=now
            )
            assert number is not None  # this message has not been stored before
            due = now + (ALBUM_SECONDS if part.album else 0)
            card = await self._before_moderators(tx, number, comment, moderators_chat, due, now=now)
            await answers.set_messages(tx, number, notice_id=None, card_id=card)
            found = await self._now(tx, number)
            if part.media:
                await self._carry(tx, found, chat, part, due_at=due, now=now)
            return found

    async def _before_moderators(
        self,
        tx: Connection,
        number: int,
        comment: Comment,
        moderators_chat: Chat,
        due_at: int,
        *,
        now: int,
    ) -> int:
        thread = await topics.thread_of(tx, moderators_chat.id, comment.card_id)
        if thread is None:
            thread = (
                await place(tx, moderators_chat.id, kind_of(comment, reports=0), now=now) or GENERAL
            )
        return await deliveries.enqueue(
            tx,
            AnswerCard(number),
            moderators_chat.id,
            thread=thread,
            comment_id=comment.id,
            target_id=comment.card_id,
            due_at=due_at,
            now=now,
        )

    async def _too_much(
        self, tx: Connection, reader: Reader, part: AnswerPart, *, now: int
    ) -> Refused | None:
        recent = await answers.received_lately(tx, reader.id, since=now - FLOOD_SECONDS)
        facts = CommentFacts(
            text=part.text,
            media=(part.media,) if part.media else (),
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
            await deliveries.enqueue_edit(tx, found.card_id, now=now)

    async def report_fates(self) -> int:
        """Show the moderators what became of answers that were sent; returns how many."""
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


def _within_limit(part: AnswerPart) -> AnswerPart:
    """An edit cut to the length of an answer; a cut text loses its formatting."""
    if len(part.text) <= ANSWER_LIMIT:
        return part
    return replace(part, text=part.text[:ANSWER_LIMIT], html="")
