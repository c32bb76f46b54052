"""What a delivery says: reads the records, renders, encodes. Knows words and pictures, no network.

    Delivery of an article -> Sheet (one per article and state) -> Encoded (per language and kind)
    cards, notices         -> a renderer that was passed in     -> Encoded

A broadcast renders each form once; only the chat differs after that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

import structlog

from bot.core.model import (
    Article,
    ArticleId,
    ChatKind,
    DeliveryId,
    Post,
)
from bot.core.posts import article as article_post
from bot.core.posts.content import ContentKind, ShownArticle, Unreadable
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import SILENT
from bot.i18n import Languages
from bot.telegram import botapi
from bot.telegram.botapi import Encoded
from bot.telegram.messenger import is_address, without_picture
from storage import Connection, Row, articles

log = structlog.get_logger(__name__)

Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]
"""Says a card or a notice; None when there is nothing to say any more."""

_STATE = ("revision", "comments", "retracted_at", "picture")
_KEPT = 64
UPLOAD = "upload"
_NEXT_STEP = {"url": UPLOAD, UPLOAD: "none", "none": "none"}


@dataclass(slots=True)
class PictureState:
    """In which form Telegram takes an article's picture: decided once, for all chats."""

    address: str
    step: str
    file_id: str
    learned: bool
    """One chat has it: the others need not wait to hear how."""

    @property
    def form(self) -> str:
        """What is offered now; it changes when something was learned."""
        return self.file_id or self.step

    def arrived(self, file_id: str) -> bool:
        """A chat has got it. Returns whether this was news."""
        if self.learned:
            return False
        self.file_id, self.learned = file_id, True
        return True

    def refused(self, form: str) -> bool:
        """Telegram does not take that form. Returns whether this was news."""
        if form != self.form:
            return False
        self.step, self.file_id, self.learned = _NEXT_STEP[self.step], "", False
        return True


class RenderedArticle:
    """One article as it is now, and how it is said in each language and kind of chat."""

    def __init__(
        self, article: Article, picture: PictureState, say: _RenderPost, *, paid: bool = False
    ) -> None:
        self.article = article
        self.picture = picture
        self._say = say
        self._paid = paid
        self._posts: dict[tuple[str, bool, bool], Post] = {}
        self._sends: dict[tuple[str, bool, bool, str], Encoded] = {}
        self._edits: dict[tuple[str, bool, bool, str], Encoded] = {}

    def state(self) -> tuple[object, ...]:
        """What a change of the record would change."""
        one = self.article
        return one.revision, one.comments, one.retracted_at, self.picture.address

    def pictured(self, delivery: Delivery) -> bool:
        """Does the message carry the picture?"""
        return self.picture.step != "none" and not delivery.text_only

    def post(self, delivery: Delivery) -> Post:
        """The article as this chat sees it."""
        private = delivery.to.kind is ChatKind.PRIVATE
        key = (delivery.language, private, delivery.threaded)
        if key not in self._posts:
            self._posts[key] = self._say(
                self.article, delivery.language, delivery.to.kind, delivery.threaded
            )
        return self._posts[key]

    def send(self, delivery: Delivery) -> Encoded:
        """The call that posts it there, in the form that the picture has now."""
        form = self.picture.form if self.pictured(delivery) else ""
        private = delivery.to.kind is ChatKind.PRIVATE
        key = (delivery.language, private, delivery.threaded, form)
        if key not in self._sends:
            post = self.post(delivery)
            if form:
                file_id = self.picture.file_id or None
                encoded = botapi.encode_send(post, photo=file_id, paid=self._paid)
            else:
                encoded = botapi.encode_send(without_picture(post), paid=self._paid)
            self._sends[key] = encoded
        return self._sends[key]

    def swaps(self, delivery: Delivery) -> bool:
        """Does this edit bring another picture? One that Telegram takes by address or file id."""
        newer = delivery.shown < self.article.picture_revision
        return newer and delivery.photo and (self.picture.file_id or self.picture.step) != "upload"

    def edit(self, delivery: Delivery) -> Encoded:
        """The call that brings a message of it up to date, the smallest that will do: where only
        the count of comments changed, chats do not call the message edited."""
        mode = _mode(self, delivery)
        form = self.picture.form if mode == "media" else ""
        private = delivery.to.kind is ChatKind.PRIVATE
        key = (delivery.language, private, delivery.threaded, mode + form)
        if key not in self._edits:
            post = self.post(delivery)
            if mode == "media":
                encoded = botapi.encode_media(post, self.picture.file_id or self.picture.address)
            elif mode == "buttons":
                encoded = botapi.encode_keyboard(post.keyboard)
            else:
                words = post if delivery.photo else without_picture(post)
                encoded = botapi.encode_edit(words, photo=delivery.photo)
            self._edits[key] = encoded
        return self._edits[key]


def _mode(rendered: RenderedArticle, delivery: Delivery) -> str:
    """What an edit changes: the buttons alone, the picture with its words, or the words."""
    if delivery.shown == rendered.article.revision:
        return "buttons"
    if rendered.swaps(delivery) and rendered.pictured(delivery):
        return "media"
    return "caption" if delivery.photo else "text"


@dataclass(frozen=True, slots=True)
class Composed:
    """What to send for a delivery: an article's sheet, or words of its own; else why not."""

    rendered: RenderedArticle | None = None
    encoded: Encoded | None = None
    plainer: Encoded | None = None
    """The same without a picture, or in place of a removal, should Telegram refuse that."""
    removes: bool = False
    """It takes a message away."""
    reason: str = ""
    """Nothing is to be sent (any more)."""
    broken: bool = False
    """It could not be rendered, which is our fault: try again later."""


_RenderPost = Callable[[Article, str, ChatKind, bool], Post]


class Composer:
    """Prepares what deliveries say. Keeps the sheets of the last articles.

    `paid` sends posts as paid broadcast: more than 30 a second, for Stars (Bot API).
    """

    def __init__(
        self,
        languages: Languages,
        *,
        bot_username: str,
        commenting: bool,
        clock: Callable[[], int],
        others: Mapping[ContentKind, Renderer] | None = None,
        paid: bool = False,
    ) -> None:
        self._paid = paid
        self._languages = languages
        self._bot_username = bot_username
        self._commenting = commenting
        self._clock = clock
        self._others = dict(others or {})
        self._rendered: dict[ArticleId, RenderedArticle] = {}

    async def prepare(
        self, cx: Connection, deliveries: Iterable[Delivery]
    ) -> dict[DeliveryId, Composed]:
        """What each of them says now. A fault of one spoils no other."""
        wanted = list(deliveries)
        articles_rendered = {
            number: await self._rendered_article(cx, number)
            for number in dict.fromkeys(one.article_id for one in wanted if _of_article(one))
            if number is not None
        }
        said = {}
        for one in wanted:
            try:
                if _of_article(one):
                    said[one.id] = _article(
                        one, articles_rendered.get(one.article_id or ArticleId(0))
                    )
                else:
                    said[one.id] = await self._other(cx, one)
            except Exception:
                # A bug in rendering must not keep all other chats from their news.
                log.exception("delivery.unsayable", delivery=one.id, content=one.content.kind.value)
                said[one.id] = Composed(reason="it could not be rendered", broken=True)
        return said

    async def _rendered_article(self, cx: Connection, number: ArticleId) -> RenderedArticle | None:
        row = await articles.shown_state(cx, number)
        if row is None:
            return None
        known = self._rendered.pop(number, None)
        if known is None or known.state() != tuple(row[name] for name in _STATE):
            article = await articles.get(cx, number)
            if article is None:
                return None
            known = RenderedArticle(article, _picture(row, known), self._say, paid=self._paid)
        self._rendered[number] = known
        if len(self._rendered) > _KEPT:
            del self._rendered[next(iter(self._rendered))]
        return known

    async def _other(self, cx: Connection, one: Delivery) -> Composed:
        if isinstance(one.content, Unreadable):
            log.error("delivery.unreadable", delivery=one.id, reason=one.content.reason)
            return Composed(reason=one.content.reason, broken=True)
        renderer = self._others.get(one.content.kind)
        if renderer is None:
            return Composed(reason=f"nobody says a {one.content.kind.value}")
        post = await renderer(cx, one)
        return Composed(reason=SILENT) if post is None else _own(one, post)

    def _say(self, article: Article, language: str, kind: ChatKind, threaded: bool) -> Post:
        return article_post.post(
            article,
            self._languages.of(language),
            bot_username=self._bot_username,
            kind=kind,
            commenting=self._commenting,
            threaded=threaded,
            now=self._clock(),
        )


def _own(one: Delivery, post: Post) -> Composed:
    """What is no article: an edit or a removal of its message, or a message."""
    if one.kind is DeliveryKind.EDIT:
        edit = botapi.encode_edit(post, photo=one.photo) if post.text else None
        if post.removes:
            removal = botapi.encode_removal(post.removes)
            return Composed(encoded=removal, plainer=edit, removes=True)
        return Composed(encoded=edit)
    bare = botapi.encode_send(without_picture(post)) if post.photo else None
    if bare is not None and one.text_only:
        return Composed(encoded=bare)
    return Composed(encoded=botapi.encode_send(post), plainer=bare)


def _of_article(one: Delivery) -> bool:
    return isinstance(one.content, ShownArticle)


def _article(one: Delivery, rendered: RenderedArticle | None) -> Composed:
    if rendered is None:
        return Composed(reason="the article is gone")
    if one.kind is DeliveryKind.EDIT:
        if one.target_message_id is None:
            return Composed(reason="there is no message to edit")
        if one.threaded and _mode(rendered, one) == "buttons":
            return Composed(reason="Telegram counts the comments here itself")
        rendered.edit(one)
        return Composed(rendered)
    if rendered.article.retracted_at is not None:
        return Composed(reason="the article was retracted")
    rendered.send(one)
    return Composed(rendered)


def _picture(row: Row, known: RenderedArticle | None) -> PictureState:
    """What was learned about the same picture stays; another one begins anew."""
    address = row["picture"]
    if known is not None and known.picture.address == address:
        return known.picture
    step = row["picture_step"] if is_address(address) else "none"
    return PictureState(address, step, row["file_id"], learned=bool(row["file_id"]))
