"""What readers do with published comments, and with the data stored about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.core.comments import lifecycle as life
from bot.core.comments.cards import Subject
from bot.core.comments.model import Comment, Conflict, State
from bot.core.comments.published import Mine, Shown
from bot.core.comments.rules import FLOOD_SECONDS
from bot.core.model import Article, Chat, TelegramId
from bot.discussion.card_messages import promote, refresh_card, subject
from bot.discussion.context import READER, CommentContext
from bot.discussion.public_changes import recount
from bot.discussion.removal import erase
from bot.discussion.reopening import look_again
from storage import Connection, answers, articles, comments, decisions, personal, readers
from storage import published as published_rows
from storage.published import Published

_REPORTS = 5
_PAGE = 5


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page of an article's published comments."""

    article: Article
    found: tuple[Published, ...]
    page: int
    pages: int
    total: int


class PublishedComments:
    """Reading, liking, reporting; a reader's own comments and stored data."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context

    async def read_page(self, article_id: int, page: int, order: str) -> ReadPage | None:
        """A page of published comments; None if the article is not in the archive."""
        async with self._context.db.reading() as cx:
            article = await articles.get(cx, article_id)
            if article is None:
                return None
            found, pages = await published_rows.page(cx, article_id, page=page, order=order)
        page = min(max(page, 1), pages)
        return ReadPage(article, tuple(found), page, pages, article.comments)

    async def published(self, comment_id: int) -> Published | None:
        async with self._context.db.reading() as cx:
            return await published_rows.one(cx, comment_id)

    async def media(self, comment_id: int) -> tuple[TelegramId, list[int]] | None:
        """The messages that hold a published comment's pictures and recordings, and their chat."""
        async with self._context.db.reading() as cx:
            return await published_rows.media(cx, comment_id)

    async def like(
        self, person_id: TelegramId, name: str, chat: Chat, comment_id: int
    ) -> bool | None:
        """One like per reader, withdrawn by a second press; None if the comment is not public."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            shown = await published_rows.one(tx, comment_id)
            if shown is None:
                return None
            reader = await readers.see(tx, person_id, chat_id=chat.id, name=name, now=now)
            if reader.banned_at is not None:
                return None
            return await published_rows.like(tx, comment_id, reader.id)

    async def report(
        self, person_id: TelegramId, name: str, chat: Chat, comment_id: int
    ) -> bool | None:
        """A reader reports a published comment to the moderators. True if it was accepted, False if
        this reader has reported it before (or reports too much), None if it is not public. A text
        that moderators kept after a report is not reviewed again for another one.
        """
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            comment = await comments.get(tx, comment_id)
            if comment is None or comment.live is None:
                return None
            reader = await readers.see(tx, person_id, chat_id=chat.id, name=name, now=now)
            recent = await published_rows.reported_lately(tx, reader.id, since=now - FLOOD_SECONDS)
            if reader.banned_at is not None or recent >= _REPORTS:
                return False
            _, settled = await published_rows.reports(tx, comment_id)
            if not await published_rows.report(
                tx, comment_id, reader.id, revision=comment.live, now=now
            ):
                return False
            if not settled:
                await self._look_again(tx, comment, now=now)
            return True

    async def _look_again(self, tx: Connection, comment: Comment, *, now: int) -> None:
        step = await look_again(self._context, tx, comment, "report", by=READER, now=now)
        if isinstance(step, Conflict):  # it is already being reviewed
            await refresh_card(self._context, tx, comment.id, now=now)

    # --- my own ---

    async def my_comments(self, person_id: TelegramId, page: int) -> tuple[list[Mine], int, int]:
        """A page of a reader's own comments, newest first; its number, and how many pages there
        are."""
        async with self._context.db.reading() as cx:
            reader = await readers.of_person(cx, person_id)
            if reader is None:
                return [], 1, 1
            total = await personal.how_many(cx, reader.id)
            pages = max(1, -(-total // _PAGE))
            page = min(max(page, 1), pages)
            found = await comments.all_of(cx, reader.id, limit=_PAGE, offset=(page - 1) * _PAGE)
            return [await _mine(cx, one) for one in found], page, pages

    async def forget(self, person_id: TelegramId, chat: Chat) -> bool:
        """Remove a person's words, names and numbers, published comments too, in one transaction.

        A ban stays as a keyed hash. Returns whether there was anything.
        """
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            reader = await readers.of_person(tx, person_id)
            if reader is not None:
                for comment in await comments.all_of(tx, reader.id):
                    await self._erase(tx, comment, now=now)
                await published_rows.forget(tx, reader.id)
                await readers.forget(tx, reader, now=now)
            await personal.forget_chat(tx, chat.id, now=now)
            return reader is not None

    async def _erase(self, tx: Connection, comment: Comment, *, now: int) -> None:
        step = life.erase(comment)
        await comments.save(tx, comment, step, now=now)
        await erase(self._context, tx, step, now=now)
        await comments.wipe_words(tx, comment.id)
        await answers.wipe(tx, comment.id)
        await decisions.record(tx, "erase", by=READER, before=comment, after=step, now=now)
        await recount(tx, comment, step, now=now)
        if comment.leader_id is not None:
            await refresh_card(self._context, tx, comment.leader_id, now=now)
        await promote(self._context, tx, comment.id, now=now)

    async def my_data(self, person_id: TelegramId, chat: Chat) -> dict[str, Any]:
        """Everything stored about a person, as JSON-compatible values."""
        async with self._context.db.reading() as cx:
            return await personal.everything(cx, person_id, chat.id)


async def _mine(cx: Connection, comment: Comment) -> Mine:
    """A comment with the words that are public, if the newest were not accepted."""
    text = comment.text
    if comment.state is State.APPROVED and comment.live is not None:
        public = await comments.words(cx, comment.id, comment.live)
        text = public.text if public else text
    return Mine(comment, await subject(cx, comment), text)


def as_shown(one: Published, signature: str) -> Shown:
    """A published comment as pages render it."""
    return Shown(one.id, signature, one.text, one.likes, one.published_at, one.media, one.answers)


def about_article(article: Article) -> Subject:
    """An article as notices name it."""
    return Subject(article.title, article.link)
