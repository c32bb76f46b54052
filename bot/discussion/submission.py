"""From a reader's message to a card: stored first, seen by nobody before the grace time is over.

submit --rules--> held (or draft, while its article is not named) --> release --> card
edit, withdraw, sign: until then nobody has seen it, afterwards the card follows
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.comments import lifecycle as life
from bot.core.comments.complaints import ComplaintKind
from bot.core.comments.dialogue import same_file
from bot.core.comments.model import Comment, Conflict, Part, Reader, Signature, State
from bot.core.comments.parts import ALBUM_SECONDS, continues, cut_off, joins, parts_with
from bot.core.comments.rules import RuleFinding
from bot.core.comments.terms import waits_for_terms
from bot.core.model import ArticleId, Chat, ChatId, TelegramId
from bot.discussion import screening
from bot.discussion.card_messages import follow_media, promote, refresh_card, show_card
from bot.discussion.context import READER, CommentContext
from bot.discussion.public_changes import recount
from bot.discussion.reader_messages import refresh_receipt
from bot.discussion.releases import CommentReleases
from bot.discussion.removal import take_back
from bot.discussion.screening import NOBODY, Refused
from storage import (
    Connection,
    articles,
    comment_messages,
    comments,
    complaints,
    decisions,
    published,
    readers,
)

_AT_ONCE = 100
_DRAFT_JOINS = 600
_RECENT = 20
_AT_A_TIME = 10
"""Seconds: messages further apart are not parts of one text split by the client."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote: Telegram id, and the current name and username."""

    id: TelegramId
    name: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is stored. `fresh`: it began a comment, which has to be confirmed."""

    comment: Comment
    reader: Reader
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class _Words:
    """A message about to become a comment or a part of one."""

    chat: Chat
    part: Part
    article_id: int | None
    named: bool

    def fits(self, comment: Comment, now: int) -> bool:
        """Whether it is the next part of this comment."""
        album = self.part.group and any(one.group == self.part.group for one in comment.parts)
        same = comment.article_id == self.article_id
        unnamed = comment.state is State.DRAFT and not waits_for_terms(comment)
        same = same and unnamed != self.named
        return bool(album or same) and joins(comment, self.part, now=now)


class Submissions:
    """What readers do with their own comments."""

    def __init__(self, context: CommentContext, releases: CommentReleases) -> None:
        self._context = context
        self._releases = releases
        self._refused: dict[ChatId, tuple[Refused, int]] = {}
        """The last refused text of each chat, and when it came."""

    async def barred(self, person_id: TelegramId, article_id: int) -> RuleFinding | None:
        """Why somebody may not comment on an article now (it is closed, a ban, a mute), if so."""
        async with self._context.db.reading() as cx:
            reader = await readers.of_person(cx, person_id)
            closed = await published.closed(cx, article_id)
        return screening.barred(reader, closed=closed, now=self._context.clock())

    async def submit(
        self, person: Person, chat: Chat, part: Part, *, article_id: int | None, named: bool = True
    ) -> Accepted | Refused:
        """Store a message as a comment, or as a part of one. A repeated message counts once.

        `article_id` None is a letter to the editors; `named` False: that is still unknown, so it
        waits as a draft.
        """
        now = self._context.clock()
        if told := self._rest_of_what_was_refused(chat, now):
            return told
        async with self._context.db.transaction() as tx:
            reader = await readers.see(
                tx,
                person.id,
                chat_id=chat.id,
                name=person.name,
                username=person.username,
                now=now,
            )
            known = await comment_messages.about(tx, chat.id, part.message_id)
            if known is not None and known["comment_id"] is not None:
                comment = await comments.get(tx, known["comment_id"])
                assert comment is not None  # comments are never deleted
                return Accepted(comment, reader)
            words = _Words(chat, part, article_id, named)
            joined = await self._join(tx, reader, words, now=now)
            taken = joined or await self._begin(tx, reader, words, now=now)
        if isinstance(taken, Refused) and taken.finding.rule == "length" and cut_off(part):
            self._refused[chat.id] = taken, now
        return taken

    def _rest_of_what_was_refused(self, chat: Chat, now: int) -> Refused | None:
        """A text too long for a comment may come in several messages: the rest is refused without a
        further answer."""
        refused, at = self._refused.pop(chat.id, (None, 0))
        if refused is None or now - at > _AT_A_TIME:
            return None
        return replace(refused, told=True)

    async def _join(
        self, tx: Connection, reader: Reader, words: _Words, *, now: int
    ) -> Accepted | Refused | None:
        recent = await comments.open_of(tx, reader.id, since=now - _DAY, limit=_RECENT)
        one = next((one for one in recent if words.fits(one, now)), None)
        one = one or await self._continued(tx, recent, words, now=now)
        if one is None:
            return None
        step = await self._change(tx, reader, one, parts_with(one, words.part), now=now)
        if not isinstance(step, Comment):
            return step if isinstance(step, Refused) else None
        await self._source(tx, words, one.id, now)
        return Accepted(step, reader, fresh=False)

    async def _continued(
        self, tx: Connection, recent: list[Comment], words: _Words, *, now: int
    ) -> Comment | None:
        """The comment that this message continues, because the reader's client split it."""
        one = next((one for one in recent if continues(one, words.part)), None)
        if one is None or (words.named and one.article_id != words.article_id):
            return None
        before = await comment_messages.about(tx, words.chat.id, one.parts[-1].message_id)
        return one if before is not None and now - before["created_at"] <= _AT_A_TIME else None

    async def _begin(
        self, tx: Connection, reader: Reader, words: _Words, *, now: int
    ) -> Accepted | Refused:
        part, article = words.part, words.article_id
        held = words.named and not await screening.asks_for_terms(
            self._context, tx, reader, article
        )
        new = Comment(
            NOBODY,
            ArticleId(article) if article is not None else None,
            reader.id,
            State.HELD if held else State.DRAFT,
            part.text,
            (part,),
            reader.sign,
            due_at=now + (self._grace([part]) if held else _DRAFT_JOINS),
        )
        refused = await screening.refusal(self._context, tx, reader, new, now=now)
        if refused is not None:
            return refused
        comment_id = await comments.add(tx, new, now=now)
        await self._source(tx, words, comment_id, now)
        return await self._accepted(tx, reader, comment_id, now)

    async def _source(self, tx: Connection, words: _Words, comment_id: int, now: int) -> None:
        number = words.part.message_id
        await comment_messages.remember(
            tx, words.chat.id, number, "source", comment_id=comment_id, now=now
        )

    async def _accepted(
        self, tx: Connection, reader: Reader, comment_id: int, now: int
    ) -> Accepted:
        """Accept a comment; without a grace time it goes to the moderators in the same
        transaction."""
        comment = await comments.get(tx, comment_id)
        assert comment is not None  # it was stored in this transaction
        if comment.state is State.HELD and comment.due_at <= now:
            comment = await self._releases.release(tx, comment, now=now)
        return Accepted(comment, reader)

    def _grace(self, parts: list[Part]) -> int:
        album = ALBUM_SECONDS if any(part.group for part in parts) else 0
        return max(self._context.grace, album)

    async def place(
        self,
        person_id: TelegramId,
        comment_id: int,
        article_id: int | None,
        *,
        complaint: ComplaintKind | None = None,
    ) -> Accepted | Refused | None:
        """A reader says what a draft is about (no article: a letter, or with `complaint` one with a
        deadline); None if it is not that reader's, already placed, or there is no such article."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            reader, comment = await self._own(tx, person_id, comment_id)
            if reader is None or comment is None:
                return None
            if article_id is not None and await articles.get(tx, article_id) is None:
                return None
            letter = article_id is None or complaint is not None
            number = None if letter or article_id is None else ArticleId(article_id)
            step = life.place(comment, number, now=now, grace=self._grace([*comment.parts]))
            if isinstance(step, Conflict):
                return Accepted(comment, reader) if comment.state is State.HELD else None
            refused = await screening.refusal(self._context, tx, reader, step, now=now)
            if refused is not None:
                return refused
            if await screening.asks_for_terms(self._context, tx, reader, number):
                step = replace(step, state=State.DRAFT)
            await comments.save(tx, comment, step, now=now)
            if complaint is not None:
                await complaints.add(tx, comment_id, complaint, article_id=article_id, now=now)
            return await self._accepted(tx, reader, comment_id, now)

    async def go_on(
        self, tx: Connection, reader: Reader, comment: Comment, *, now: int
    ) -> Accepted | Refused:
        """Submit a comment that waited for its reader's consent to the rules."""
        step = life.place(comment, comment.article_id, now=now, grace=self._grace([*comment.parts]))
        assert isinstance(step, Comment)  # it is a draft
        refused = await screening.refusal(self._context, tx, reader, step, now=now)
        if refused is not None:
            return refused
        await comments.save(tx, comment, step, now=now)
        return await self._accepted(tx, reader, comment.id, now)

    async def edit(self, chat: Chat, part: Part) -> Comment | Refused | Conflict:
        """A message was edited: so is its comment. NOTHING for messages that are not comments, or
        if nothing has changed: Telegram reports previews and live locations as edits too."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            known = await comment_messages.about(tx, chat.id, part.message_id)
            if known is None or known["role"] != "source":
                return Conflict.NOTHING
            comment = await comments.get(tx, known["comment_id"])
            reader = await readers.get(tx, comment.reader_id) if comment else None
            if comment is None or reader is None:
                return Conflict.NOTHING
            old = next((one for one in comment.parts if one.message_id == part.message_id), None)
            if old is not None:  # an edit of a picture's caption comes without its album
                file = same_file(old.file, part.file) if old.media else part.file
                part = replace(part, group=part.group or old.group, file=file)
            if part == old:
                return Conflict.NOTHING
            return await self._change(tx, reader, comment, parts_with(comment, part), now=now)

    async def _change(
        self, tx: Connection, reader: Reader, before: Comment, parts: list[Part], *, now: int
    ) -> Comment | Refused | Conflict:
        step = life.edit(before, parts, now=now)
        if isinstance(step, Conflict):
            return before if step is Conflict.AGAIN else step
        refused = await screening.refusal(self._context, tx, reader, step, now=now)
        if refused is not None:
            return refused
        await comments.save(tx, before, step, now=now)
        if life.untold(step):  # its card offers to undo what was decided about it as it is now
            await refresh_card(self._context, tx, step.id, now=now)
        if step.state is State.PENDING:
            if step.complaint is not None and before.state is State.APPROVED:
                await complaints.reopen(tx, step.id)  # it was answered, and now says something else
            await screening.judge(self._context, tx, reader, step, now=now)
            if before.state is State.PENDING and before.leader_id is None:
                await refresh_card(self._context, tx, step.id, now=now)
                await follow_media(tx, before, step, now=now)
            else:
                await show_card(self._context, tx, step, now=now)
            if before.leader_id is not None:
                await refresh_card(self._context, tx, before.leader_id, now=now)
            await promote(self._context, tx, step.id, now=now)
        return step

    async def withdraw(self, person_id: TelegramId, comment_id: int) -> Comment | Conflict:
        """A reader withdraws a comment, from the public too."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            _, comment = await self._own(tx, person_id, comment_id)
            if comment is None:
                return Conflict.NOTHING
            step = life.withdraw(comment, now=now)
            if isinstance(step, Conflict):
                return step
            await comments.save(tx, comment, step, now=now)
            await decisions.record(tx, "withdraw", by=READER, before=comment, after=step, now=now)
            await recount(tx, comment, step, now=now)
            await take_back(self._context, tx, comment, now=now)
            await refresh_receipt(tx, comment.id, now=now)
            await promote(self._context, tx, comment.id, now=now)
            return step

    async def restore(
        self, person_id: TelegramId, comment_id: int
    ) -> Accepted | Refused | Conflict:
        """A reader undoes a withdrawal: for ten minutes it can go to the moderators again."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            reader, comment = await self._own(tx, person_id, comment_id)
            if reader is None or comment is None:
                return Conflict.NOTHING
            step = life.restore(comment, now=now, grace=self._grace([*comment.parts]))
            if isinstance(step, Conflict):
                return step
            refused = await screening.refusal(self._context, tx, reader, step, now=now)
            if refused is not None:
                return refused
            await comments.save(tx, comment, step, now=now)
            await decisions.record(tx, "restore", by=READER, before=comment, after=step, now=now)
            taken = await self._accepted(tx, reader, comment_id, now)
            await refresh_receipt(tx, comment_id, now=now)
            return taken

    async def sign(
        self, person_id: TelegramId, comment_id: int, how: Signature
    ) -> tuple[Comment, Reader] | Conflict:
        """Choose how this comment, and later ones, are signed."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            reader, comment = await self._own(tx, person_id, comment_id)
            if reader is None or comment is None:
                return Conflict.NOTHING
            step = life.sign(comment, how)
            if isinstance(step, Conflict):
                return step
            await readers.set_sign(tx, reader.id, how)
            await comments.save(tx, comment, step, now=now)
            if step.state is State.PENDING:
                await refresh_card(self._context, tx, step.id, now=now)
            return step, replace(reader, sign=how)

    async def own(self, person_id: TelegramId, comment_id: int) -> Comment | None:
        """A person's own comment; None if it is somebody else's or does not exist."""
        async with self._context.db.reading() as cx:
            return (await self._own(cx, person_id, comment_id))[1]

    async def _own(
        self, cx: Connection, person_id: TelegramId, comment_id: int
    ) -> tuple[Reader | None, Comment | None]:
        reader = await readers.of_person(cx, person_id)
        comment = await comments.get(cx, comment_id)
        if reader is None or comment is None or comment.reader_id != reader.id:
            return None, None
        return reader, comment
