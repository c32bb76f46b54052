"""What cards and notices say at the moment when they are sent: read from the records, rendered.

delivery (kind, comment, payload) -> records -> Post, or None when there is nothing to say (any
more): a decision was undone, an answer taken back, a comment withdrawn before its card went out
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.core.comments import cards, moderators_view, notices, topics
from bot.core.comments.lifecycle import Comment, Decision, State, alias
from bot.core.html import Html
from bot.core.language import Translator
from bot.core.model import Delivery, DeliveryKind, Post, TelegramId
from bot.discussion.context import CommentContext, subject, view
from bot.discussion.threads import PAYLOAD, Threads
from storage import Connection, Row, answers, comments, decisions, deliveries, readers
from storage.answers import Answer

_TAKEN_BACK = frozenset({State.WITHDRAWN, State.ERASED})
Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]


class CommentRendering:
    """The renderers for the sender of deliveries."""

    def __init__(self, context: CommentContext, threads: Threads) -> None:
        self._context = context
        self._threads = threads

    def renderers(self) -> Mapping[DeliveryKind, Renderer]:
        """By kind of delivery."""
        return {
            DeliveryKind.CARD: self.card,
            DeliveryKind.CARD_EDIT: self.card,
            DeliveryKind.NOTICE: self.notice,
        }

    async def card(self, cx: Connection, delivery: Delivery) -> Post | None:
        """A message in the moderators' chat, new or brought up to date."""
        edited = delivery.kind is DeliveryKind.CARD_EDIT
        if edited and delivery.target_message_id is None:
            return None
        payload = await _payload_of_target(cx, delivery) if edited else delivery.payload
        if PAYLOAD in payload:
            return await self._threads.say(cx, delivery, _number(payload, PAYLOAD), edited=edited)
        if delivery.removes and "copy" in payload:
            return _removal(payload, delivery)
        tr = self._context.languages.of(delivery.language)
        if delivery.comment_id is None:
            return await self._of_the_chat(cx, payload, tr)
        comment = await comments.get(cx, delivery.comment_id or 0)
        return await self._about(cx, comment, payload, delivery, tr) if comment else None

    async def _about(
        self,
        cx: Connection,
        comment: Comment,
        payload: Mapping[str, Any],
        delivery: Delivery,
        tr: Translator,
    ) -> Post | None:
        if "answer" in payload and comment.state is not State.ERASED:
            talk = await self._talk(cx, comment, _number(payload, "answer"), tr)
            return _answering(talk, payload)
        if delivery.kind is DeliveryKind.CARD_EDIT or _worth_a_card(comment):
            return await self._card(cx, comment, payload, delivery, tr)
        return None

    async def _of_the_chat(
        self, cx: Connection, payload: Mapping[str, Any], tr: Translator
    ) -> Post | None:
        """What is about no comment: the queue as a whole, the log, the topics themselves."""
        if "log" in payload:
            return await self._log(cx, payload, tr)
        if "topic" in payload:
            return Post(Html(""), new_topic=topics.name_of(topics.TopicKind(payload["topic"]), tr))
        if "reopen" in payload:
            return Post(Html(""), reopen=_number(payload, "reopen"))
        return await self._queue(cx, payload, tr)

    async def _queue(
        self, cx: Connection, payload: Mapping[str, Any], tr: Translator
    ) -> Post | None:
        """How much waits, in place of more cards than the chat may get; or a reminder of it."""
        count, oldest = await comments.queue_length(cx)
        if not ("queue" in payload or (count and "reminder" in payload)):
            return None
        return moderators_view.queue_message(
            count, oldest, tr, now=self._context.clock(), reminder="reminder" in payload
        )

    async def _log(self, cx: Connection, payload: Mapping[str, Any], tr: Translator) -> Post | None:
        first, last = payload["log"]
        rows = await decisions.of_people(cx, int(first), int(last))
        return moderators_view.log([_line(row) for row in rows], tr) if rows else None

    async def _card(
        self,
        cx: Connection,
        comment: Comment,
        payload: Mapping[str, Any],
        delivery: Delivery,
        tr: Translator,
    ) -> Post | None:
        if "copy" in payload:
            return None if comment.state in _TAKEN_BACK else _copy(payload)
        seen = await view(cx, comment)
        if "desk" in payload:
            line = cards.card(seen, tr, now=self._context.clock()).text
            return moderators_view.left_review(line, tr) if comment.state in _TAKEN_BACK else None
        if "part" in payload:
            return cards.part(seen, tr, _number(payload, "part"))
        if delivery.kind is DeliveryKind.CARD and comment.card_id != delivery.id:
            return None  # a newer card is on its way
        return cards.card(seen, tr, now=self._context.clock())

    async def _talk(
        self, cx: Connection, comment: Comment, number: int, tr: Translator
    ) -> Post | None:
        answer = await answers.get(cx, number)
        reader = await readers.get(cx, comment.reader_id)
        if answer is None or reader is None:
            return None
        talk = _as_talk(answer)
        if answer.way == "in":
            return moderators_view.from_reader(
                talk, comment, reader, await subject(cx, comment), tr
            )
        return moderators_view.answer_state(talk, comment, reader, tr, now=self._context.clock())

    async def notice(self, cx: Connection, delivery: Delivery) -> Post | None:
        """A message to a reader."""
        tr = self._context.languages.of(delivery.language)
        payload = delivery.payload
        if PAYLOAD in payload:
            return await self._threads.say(cx, delivery, _number(payload, PAYLOAD), edited=False)
        if "answer" in payload:
            post = await self._answer(cx, payload, tr)
        elif "undone" in payload:
            post = await self._undone(cx, delivery, tr)
        else:
            post = await self._decisions(cx, payload, tr)
        return _answering(post, payload)

    async def _answer(
        self, cx: Connection, payload: Mapping[str, Any], tr: Translator
    ) -> Post | None:
        answer = await answers.get(cx, _number(payload, "answer"))
        comment = await comments.get(cx, answer.comment_id) if answer else None
        if answer is None or comment is None or answer.state == "cancelled":
            return None
        if "copy" in payload:
            return _copy(payload)
        return notices.answered(comment, await subject(cx, comment), answer.text, tr)

    async def _undone(self, cx: Connection, delivery: Delivery, tr: Translator) -> Post | None:
        comment = await comments.get(cx, delivery.comment_id or 0)
        told = await comments.was_told(cx, delivery.chat_id, _number(delivery.payload, "undone"))
        if comment is None or comment.state is not State.PENDING or not told:
            return None
        return notices.reconsidered(comment, await subject(cx, comment), tr)

    async def _decisions(
        self, cx: Connection, payload: Mapping[str, Any], tr: Translator
    ) -> Post | None:
        found = []
        for number in payload.get("decisions", ()):
            line = await decisions.get(cx, number)
            comment = await comments.get(cx, line["comment_id"]) if line else None
            if comment is None or comment.decision_id != number:
                continue  # undone, or decided anew: that has a notice of its own
            about = await subject(cx, comment)
            post = notices.decided(comment, about, tr)
            if post is not None:
                found.append((comment, about, post))
        if len(found) < 2:
            return found[0][2] if found else None
        return notices.decided_together([(comment, about) for comment, about, _ in found], tr)


def _removal(payload: Mapping[str, Any], delivery: Delivery) -> Post:
    """Take away a message, or all of an album."""
    return Post(Html(""), removes=tuple(payload.get("sent", (delivery.target_message_id,))))


def _copy(payload: Mapping[str, Any]) -> Post:
    source = payload["copy"]
    return Post(Html(""), copy_of=(TelegramId(source["chat"]), tuple(source["messages"])))


def _answering(post: Post | None, payload: Mapping[str, Any]) -> Post | None:
    """As an answer to the message that somebody wrote, where it is one."""
    return replace(post, reply_to=payload.get("reply_to")) if post else None


def _line(row: Row) -> moderators_view.Line:
    about = row["headline"]
    if row["comment_id"] is not None:
        about = f"#{row['comment_id']}"
    elif row["reader_id"] is not None:
        about = alias(row["reader_id"])
    return moderators_view.Line(row["at"], row["actor"], True, row["action"], row["reason"], about)


def _worth_a_card(comment: Comment) -> bool:
    return comment.state is State.PENDING or comment.decision is Decision.AUTO


def _as_talk(answer: Answer) -> moderators_view.AnswerLine:
    public = answer.public_at is not None
    return moderators_view.AnswerLine(
        answer.id, answer.way, answer.state, answer.text, public, answer.due_at
    )


def _number(payload: Mapping[str, Any], name: str) -> int:
    return int(payload[name])


async def _payload_of_target(cx: Connection, delivery: Delivery) -> Mapping[str, Any]:
    text = await deliveries.payload_of(cx, delivery.target_id or 0)
    return json.loads(text) if text else {}
