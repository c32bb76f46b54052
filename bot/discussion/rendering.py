"""What cards and notices say at the moment when they are sent: read from the records, rendered.

delivery (content, comment) -> records -> Post, or None if there is nothing (left) to say: a
decision was undone, an answer cancelled, a comment withdrawn before its card was sent
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.core.comments import (
    cards,
    complaint_notices,
    dialogue,
    moderators_lists,
    moderators_view,
    notices,
    receipts,
    topics,
)
from bot.core.comments.aliases import alias
from bot.core.comments.model import Comment, Decision, State
from bot.core.html import Html, escape
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.posts.content import (
    AnswerCard,
    AnswerMedia,
    AnswerNotice,
    CardMedia,
    CardPart,
    ComplaintNotice,
    CopiedCaption,
    CopySource,
    DeadlineReminder,
    DecisionLog,
    DecisionNotice,
    NewTopic,
    QueueReminder,
    ThreadMessage,
    TopicReopening,
    UndoneNotice,
)
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.discussion.card_messages import subject, view
from bot.discussion.context import CommentContext
from bot.discussion.threads import Threads
from storage import (
    Connection,
    Row,
    answers,
    comment_messages,
    comments,
    complaints,
    copies,
    corrections,
    decisions,
    readers,
)
from storage.answers import Answer

_TAKEN_BACK = frozenset({State.WITHDRAWN, State.ERASED})
Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]


class CommentRendering:
    """The renderers for the sender of deliveries."""

    def __init__(self, context: CommentContext, threads: Threads) -> None:
        self._context = context
        self._threads = threads

    def renderers(self) -> Mapping[ContentKind, Renderer]:
        """By kind of content."""
        return {
            ContentKind.CARD: self._card,
            ContentKind.CARD_PART: self._part,
            ContentKind.CARD_MEDIA: self._media,
            ContentKind.PROMPT: _taken_away,
            ContentKind.ANSWER_CARD: self._answer_card,
            ContentKind.QUEUE: self._queue,
            ContentKind.REMINDER: self._queue,
            ContentKind.DEADLINE: self._deadline,
            ContentKind.COMPLAINT: self._corrected,
            ContentKind.LOG: self._log,
            ContentKind.NEW_TOPIC: self._topic,
            ContentKind.REOPEN_TOPIC: self._topic,
            ContentKind.DECISIONS: self._decisions,
            ContentKind.UNDONE: self._undone,
            ContentKind.RECEIPT: self._receipt,
            ContentKind.ANSWER: self._answer,
            ContentKind.ANSWER_MEDIA: self._answer,
            ContentKind.CAPTION: self._caption,
            ContentKind.THREAD: self._thread,
            ContentKind.REVIEW: self._review,
            ContentKind.REVIEW_MEDIA: _taken_away,
            ContentKind.NOTHING: _nothing,
        }

    def _tr(self, delivery: Delivery) -> Translator:
        return self._context.languages.of(delivery.language)

    # --- the moderators' chat ---

    async def _card(self, cx: Connection, delivery: Delivery) -> Post | None:
        comment = await _comment(cx, delivery)
        if comment is None or not (_edits(delivery) or _worth_a_card(comment)):
            return None
        if not _edits(delivery) and comment.card_id != delivery.id:
            return None  # a newer card is on its way
        return cards.card(await view(cx, comment), self._tr(delivery), now=self._context.clock())

    async def _part(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, CardPart)
        comment = await _comment(cx, delivery)
        if comment is None or not (_edits(delivery) or _worth_a_card(comment)):
            return None
        return cards.part(await view(cx, comment), self._tr(delivery), delivery.content.number)

    async def _media(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, CardMedia)
        if delivery.removes:
            return await _taken_away(cx, delivery)
        comment = await _comment(cx, delivery)
        if comment is None or comment.state in _TAKEN_BACK:
            return None
        if delivery.content.answer is None and not _worth_a_card(comment):
            return None
        return _copy(delivery.content.source)

    async def _answer_card(self, cx: Connection, delivery: Delivery) -> Post | None:
        """What became of a moderator's answer, or the reader's own answer."""
        assert isinstance(delivery.content, AnswerCard)
        comment = await _comment(cx, delivery)
        if comment is None:
            return None
        if comment.state is State.ERASED:
            return await self._card(cx, delivery) if _edits(delivery) else None
        answer = await answers.get(cx, delivery.content.answer)
        reader = await readers.get(cx, comment.reader_id)
        if answer is None or reader is None:
            return None
        line, tr = _as_line(answer, await answers.before_it(cx, answer.id)), self._tr(delivery)
        if answer.way == "in":
            about = await subject(cx, comment)
            return moderators_view.from_reader(line, comment, reader, about, tr)
        return moderators_view.answer_state(line, comment, reader, tr, now=self._context.clock())

    async def _queue(self, cx: Connection, delivery: Delivery) -> Post | None:
        """How much waits, when there are more cards than the chat may get; or a reminder of it."""
        count, oldest = await comments.queue_length(cx)
        reminds = isinstance(delivery.content, QueueReminder)
        if reminds and not count:
            return None
        return moderators_lists.queue_message(
            count, oldest, self._tr(delivery), now=self._context.clock(), reminder=reminds
        )

    async def _deadline(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, DeadlineReminder)
        comment = await _comment(cx, delivery)
        clock = await complaints.clock(cx, comment.id) if comment else None
        if comment is None or clock is None:
            return None  # it has been dealt with since
        return complaint_notices.reminder(
            comment,
            delivery.content.age,
            clock.deadline,
            self._tr(delivery),
            report=clock.report,
            now=self._context.clock(),
        )

    async def _log(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, DecisionLog)
        rows = await decisions.of_people(cx, delivery.content.first, delivery.content.last)
        return (
            moderators_lists.log([_line(row) for row in rows], self._tr(delivery)) if rows else None
        )

    async def _topic(self, _cx: Connection, delivery: Delivery) -> Post | None:
        if isinstance(delivery.content, NewTopic):
            name = topics.name_of(delivery.content.topic, self._tr(delivery))
            return Post(Html(""), new_topic=name)
        assert isinstance(delivery.content, TopicReopening)
        return Post(Html(""), reopen=delivery.content.thread)

    # --- readers ---

    async def _answer(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, AnswerNotice | AnswerMedia)
        answer = await answers.get(cx, delivery.content.answer)
        comment = await comments.get(cx, answer.comment_id) if answer else None
        if answer is None or comment is None or answer.state == "cancelled":
            return None
        if isinstance(delivery.content, AnswerMedia):
            return _copy(delivery.content.source)
        about = await subject(cx, comment)
        words = dialogue.markup(await answers.parts(cx, answer.id))
        return notices.answered(comment, about, words, self._tr(delivery))

    async def _caption(self, cx: Connection, delivery: Delivery) -> Post | None:
        """The caption of a copy, as the original has it now."""
        assert isinstance(delivery.content, CopiedCaption)
        found = await copies.get(cx, delivery.content.copies)
        number = found.of(delivery.content.source) if found else None
        comment = await _comment(cx, delivery)
        if number is None or comment is None or comment.state in _TAKEN_BACK:
            return None
        words = await _original(cx, comment, delivery.content)
        return None if words is None else Post(words, recaptions=number)

    async def _corrected(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, ComplaintNotice)
        comment = await _comment(cx, delivery)
        mark = await corrections.mark(cx, delivery.content.correction)
        if comment is None or comment.state in _TAKEN_BACK or mark is None:
            return None
        about = await subject(cx, comment)
        return complaint_notices.corrected(comment, about, mark, self._tr(delivery))

    async def _undone(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, UndoneNotice)
        comment = await _comment(cx, delivery)
        told = await comment_messages.was_told(cx, delivery.chat_id, delivery.content.decision)
        if comment is None or comment.state is not State.PENDING or not told:
            return None
        return notices.reconsidered(comment, await subject(cx, comment), self._tr(delivery))

    async def _decisions(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, DecisionNotice)
        tr = self._tr(delivery)
        found = []
        for number in delivery.content.decisions:
            line = await decisions.get(cx, number)
            comment = await comments.get(cx, line["comment_id"]) if line else None
            if comment is None or comment.decision_id != number:
                continue  # undone, or decided anew: that has its own notice
            about = await subject(cx, comment)
            post = notices.decided(comment, about, tr)
            if post is not None:
                found.append((comment, about, post))
        if len(found) < 2:
            return found[0][2] if found else None
        return notices.decided_together([(comment, about) for comment, about, _ in found], tr)

    async def _receipt(self, cx: Connection, delivery: Delivery) -> Post | None:
        comment = await _comment(cx, delivery)
        if comment is None or comment.state is State.ERASED:
            return None
        reader = await readers.get(cx, comment.reader_id)
        assert reader is not None  # readers are never deleted
        about, now = await subject(cx, comment), self._context.clock()
        return receipts.receipt(comment, reader, about, self._tr(delivery), now=now)

    # --- elsewhere ---

    async def _thread(self, cx: Connection, delivery: Delivery) -> Post | None:
        assert isinstance(delivery.content, ThreadMessage)
        return await self._threads.say(cx, delivery, delivery.content)

    async def _review(self, cx: Connection, delivery: Delivery) -> Post | None:
        """A withdrawn comment in a moderator's private chat: only its number is left."""
        comment = await _comment(cx, delivery)
        if comment is None or comment.state not in _TAKEN_BACK:
            return None
        tr = self._tr(delivery)
        line = cards.card(await view(cx, comment), tr, now=self._context.clock()).text
        return moderators_lists.left_review(line, tr)


async def _original(cx: Connection, comment: Comment, of: CopiedCaption) -> Html | None:
    """The text of the message that was copied; None if it is gone."""
    if of.answer is None:
        texts = [one.text for one in comment.parts if one.message_id == of.source]
        return escape(texts[0]) if texts else None
    known = await answers.parts(cx, of.answer)
    found = [dialogue.words_of(one) for one in known if one.message_id == of.source]
    return found[0] if found else None


async def _taken_away(_cx: Connection, delivery: Delivery) -> Post | None:
    """The deletion of a message, or of a whole album."""
    if not delivery.removes or delivery.target_message_id is None:
        return None
    return Post(Html(""), removes=delivery.album or (delivery.target_message_id,))


async def _nothing(_cx: Connection, _delivery: Delivery) -> None:
    return None


async def _comment(cx: Connection, delivery: Delivery) -> Comment | None:
    """The comment that a message is about; None also if there is no message to edit."""
    if delivery.comment_id is None or (_edits(delivery) and delivery.target_message_id is None):
        return None
    return await comments.get(cx, delivery.comment_id)


def _edits(delivery: Delivery) -> bool:
    return delivery.kind is DeliveryKind.EDIT


def _copy(source: CopySource | None) -> Post | None:
    return Post(Html(""), copy_of=(source.chat, source.messages)) if source else None


def _line(row: Row) -> moderators_lists.Line:
    about = row["headline"]
    if row["comment_id"] is not None:
        about = f"#{row['comment_id']}"
    elif row["reader_id"] is not None:
        about = alias(row["reader_id"])
    return moderators_lists.Line(row["at"], row["actor"], True, row["action"], row["reason"], about)


def _worth_a_card(comment: Comment) -> bool:
    return comment.state is State.PENDING or comment.decision is Decision.AUTO


def _as_line(answer: Answer, earlier: str) -> moderators_view.AnswerLine:
    return moderators_view.AnswerLine(
        answer.id,
        answer.way,
        answer.state,
        answer.text,
        public=answer.public_at is not None,
        due_at=answer.due_at,
        earlier=earlier,
    )
