"""What a delivery says: reads the records, renders, encodes. Knows texts and pictures, no network.

    Delivery of an article -> Sheet (one per article and state) -> Encoded (per language and kind)
    cards, notices         -> a renderer that was passed in     -> Encoded

A broadcast renders each form once; only the chat differs after that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from types import MappingProxyType

import structlog

from bot.attempts import log_fault, reason
from bot.core.errors import OperatorError, StorageError
from bot.core.model import (
    Article,
    ArticleId,
    ChatId,
    ChatKind,
    DeliveryId,
    Post,
)
from bot.core.posts import article as article_post
from bot.core.posts.content import ShownArticle, Unreadable
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.links import PLAIN, LinkStyle
from bot.core.posts.outcome import SILENT
from bot.core.posts.pictures import PictureForm, PictureState
from bot.core.posts.sponsors import Sponsor
from bot.delivery.picture_memory import PictureMemory
from bot.i18n import Languages
from bot.telegram import botapi
from bot.telegram.botapi import Encoded
from bot.telegram.messenger import is_address, usable_picture, without_picture
from storage import Connection, Row, articles, deliveries, sponsors

log = structlog.get_logger(__name__)

Renderer = Callable[[Connection, Delivery], Awaitable[Post | None]]
"""Renders a card or a notice; None if there is nothing left to say."""

_NO_MESSAGE = "there is no message to edit"
_STATE = ("revision", "comments", "retracted_at", "picture")
_KEPT = 64
_PUBLIC = (ChatKind.SUPERGROUP, ChatKind.CHANNEL)
"""Chats whose messages have addresses."""


class EditMode(Enum):
    """What an edit changes."""

    BUTTONS = auto()
    MEDIA = auto()  # the picture with its words
    CAPTION = auto()
    TEXT = auto()


class RenderedArticle:
    """One article as it is now, rendered for each language and kind of chat."""

    def __init__(
        self,
        article: Article,
        known: PictureMemory,
        say: _RenderPost,
        *,
        paid: bool = False,
        running: Mapping[int, Sponsor] = MappingProxyType({}),
    ) -> None:
        self.article = article
        self._running = running
        self.known = known
        self._say = say
        self._paid = paid
        self._posts: dict[_Form, Post] = {}
        self._sends: dict[tuple[_Form, str, bool], Encoded] = {}
        self._edits: dict[tuple[_Form, EditMode, str], Encoded] = {}
        self.earlier_at: dict[ChatId, str] = {}
        """The address of the earlier post that this one links back to, by chat; empty if the chat
        has none."""
        self.composed = Composed(self)
        """The article as the content of each of its deliveries."""

    @property
    def picture(self) -> PictureState:
        """The form that its picture has now."""
        return self.known.state

    @property
    def linked(self) -> bool:
        """Does it have a button that leads to the article?"""
        return bool(self.article.link) and not self.article.link_refused

    def leave_out_link(self) -> bool:
        """Note that Telegram accepts no button leading there. Returns whether this was news."""
        if not self.linked:
            return False
        self.article = replace(self.article, link_refused=True)
        self._posts.clear()
        self._sends.clear()
        self._edits.clear()
        return True

    def state(self) -> tuple[object, ...]:
        """A value that changes whenever the record does."""
        one = self.article
        return one.revision, one.comments, one.retracted_at, self.picture.address

    def pictured(self, delivery: Delivery) -> bool:
        """Does the message carry the picture?"""
        return self.known.state.shown and not delivery.text_only

    def _form(self, delivery: Delivery) -> _Form:
        sponsor = self._running.get(delivery.sponsor_id) if delivery.sponsor_id else None
        private = delivery.to.kind is ChatKind.PRIVATE
        earlier_at = self.earlier_at.get(delivery.chat_id, "")
        return delivery.language, private, delivery.threaded, sponsor, earlier_at

    def post(self, delivery: Delivery) -> Post:
        """The article as this chat sees it."""
        key = self._form(delivery)
        if key not in self._posts:
            self._posts[key] = self._say(self.article, delivery.to.kind, key)
        return self._posts[key]

    def send(self, delivery: Delivery) -> Encoded:
        """The call that posts it there, in the form that the picture has now."""
        form = self.known.state.sent if self.pictured(delivery) else ""
        key = (self._form(delivery), form, delivery.silent)
        found = self._sends.get(key)
        if found is None:
            post = replace(self.post(delivery), silent=delivery.silent)
            if form:
                file_id = self.picture.file_id or None
                found = botapi.encode_send(post, photo=file_id, paid=self._paid)
            else:
                found = botapi.encode_send(without_picture(post), paid=self._paid)
            self._sends[key] = found
        return found

    def swaps(self, delivery: Delivery) -> bool:
        """Does this edit bring a picture: a different one, or the first?"""
        return delivery.shown < self.article.picture_revision and self.pictured(delivery)

    def mode(self, delivery: Delivery) -> EditMode:
        """What an edit changes: only the buttons, the picture with its words, or the words."""
        if delivery.shown == self.article.revision:
            return EditMode.BUTTONS
        if self.swaps(delivery) and self.picture.carried:
            return EditMode.MEDIA
        return EditMode.CAPTION if delivery.photo else EditMode.TEXT

    def edit(self, delivery: Delivery) -> Encoded:
        """The smallest call that brings one of its messages up to date: if only the count of
        comments changed, the message is not shown as edited."""
        return self._edit(delivery, self.mode(delivery))

    def offer(self, delivery: Delivery) -> Encoded:
        """The call that adds its picture to a message that was sent without."""
        return self._edit(delivery, EditMode.MEDIA)

    def edit_words(self, delivery: Delivery) -> Encoded:
        """The same without the picture that it would bring."""
        mode = EditMode.CAPTION if delivery.photo else EditMode.TEXT
        return self._edit(delivery, mode)

    def _edit(self, delivery: Delivery, mode: EditMode) -> Encoded:
        form = self.picture.carried if mode is EditMode.MEDIA else ""
        key = (self._form(delivery), mode, form)
        if key not in self._edits:
            post = self.post(delivery)
            if mode is EditMode.MEDIA:
                own = self.picture.form is PictureForm.OWN
                encoded = botapi.encode_media(post, botapi.ATTACHED if own else form)
            elif mode is EditMode.BUTTONS:
                encoded = botapi.encode_keyboard(post.keyboard)
            else:
                words = post if delivery.photo else without_picture(post)
                encoded = botapi.encode_edit(words, photo=delivery.photo)
            self._edits[key] = encoded
        return self._edits[key]


@dataclass(frozen=True, slots=True)
class Composed:
    """What to send for a delivery: a rendered article, or a text of its own; else why nothing."""

    rendered: RenderedArticle | None = None
    encoded: Encoded | None = None
    plainer: Encoded | None = None
    """The fallback without a picture, or instead of a deletion, should Telegram refuse that."""
    removes: bool = False
    """It deletes a message."""
    reason: str = ""
    """Why nothing is to be sent, if so."""
    broken: bool = False
    """It could not be rendered, which is a fault of ours: try again later."""


_Form = tuple[str, bool, bool, Sponsor | None, str]
"""What a post depends on, to be rendered once for each: language, whether private, whether
threaded, the advertisement, the address of the earlier post that it links back to."""
_RenderPost = Callable[[Article, ChatKind, _Form], Post]


class Composer:
    """Prepares what deliveries say. Caches the last articles rendered.

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
        style: LinkStyle = PLAIN,
    ) -> None:
        self._style = style
        self._paid = paid
        self._languages = languages
        self._bot_username = bot_username
        self._commenting = commenting
        self._clock = clock
        self._others = dict(others or {})
        self._rendered: dict[ArticleId, RenderedArticle] = {}
        self._running: dict[int, Sponsor] = {}

    async def prepare(self, cx: Connection, due: Iterable[Delivery]) -> dict[DeliveryId, Composed]:
        """What each of them says now. A fault in one spoils no other. Raises StorageError."""
        said: dict[DeliveryId, Composed] = {}
        fresh: set[ArticleId] = set()
        found = list(due)
        if any(one.sponsor_id is not None for one in found):
            running = await sponsors.running(cx, now=self._clock())
            self._running.clear()
            self._running.update((one.id, one) for one in running)
        for one in found:
            try:
                if isinstance(one.content, ShownArticle):
                    said[one.id] = await self._article(cx, one, fresh)
                else:
                    said[one.id] = await self._other(cx, one)
            except (StorageError, OperatorError):
                raise
            except Exception as error:  # noqa: BLE001 - all other chats must get their news
                log_fault("delivery.unsayable", error, delivery=one.id)
                said[one.id] = Composed(reason=reason(error), broken=True)
        return said

    async def _article(self, cx: Connection, one: Delivery, fresh: set[ArticleId]) -> Composed:
        """`fresh`: articles already looked up for this batch."""
        number = one.article_id or ArticleId(0)
        rendered = (
            self._rendered[number] if number in fresh else await self._rendered_article(cx, number)
        )
        if rendered is not None:
            fresh.add(number)
            before = rendered.article.earlier
            if before and one.to.kind in _PUBLIC and one.chat_id not in rendered.earlier_at:
                at = await deliveries.address_of(cx, before.id, one.chat_id, one.to.thread)
                rendered.earlier_at[one.chat_id] = at
        return _article(one, rendered)

    async def _rendered_article(self, cx: Connection, number: ArticleId) -> RenderedArticle | None:
        row = await articles.shown_state(cx, number)
        if row is None:
            return None
        known = self._rendered.pop(number, None)
        if known is None or known.state() != tuple(row[name] for name in _STATE):
            article = await articles.get(cx, number)
            if article is None:
                return None
            known = RenderedArticle(
                article, _picture(row, known), self._say, paid=self._paid, running=self._running
            )
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

    def _say(self, article: Article, kind: ChatKind, form: _Form) -> Post:
        language, _, threaded, sponsor, earlier_at = form
        return article_post.post(
            article,
            self._languages.of(language),
            bot_username=self._bot_username,
            kind=kind,
            commenting=self._commenting,
            threaded=threaded,
            style=self._style,
            sponsor=sponsor,
            earlier_at=earlier_at,
            now=self._clock(),
        )


def _own(one: Delivery, post: Post) -> Composed:
    """What is not an article: an edit or deletion of its message, or a new message."""
    if one.kind is DeliveryKind.EDIT:
        if one.target_message_id is None:
            return Composed(reason=SILENT if one.removes else _NO_MESSAGE)
        edit = botapi.encode_edit(post, photo=one.photo) if post.text else None
        if post.removes:
            removal = botapi.encode_removal(post.removes)
            return Composed(encoded=removal, plainer=edit, removes=True)
        return Composed(encoded=edit)
    if post.rich is not None:
        rich = botapi.encode_rich(post.rich, silent=post.silent)
        return Composed(encoded=rich, plainer=botapi.encode_send(post))
    bare = botapi.encode_send(without_picture(post)) if post.photo else None
    if bare is not None and one.text_only:
        return Composed(encoded=bare)
    return Composed(encoded=botapi.encode_send(post), plainer=bare)


def _article(one: Delivery, rendered: RenderedArticle | None) -> Composed:
    if rendered is None:
        return Composed(reason="the article is gone")
    if one.kind is DeliveryKind.EDIT:
        if one.target_message_id is None:
            return Composed(reason=_NO_MESSAGE)
        if one.threaded and rendered.mode(one) is EditMode.BUTTONS:
            return Composed(reason="Telegram counts the comments here itself")
        rendered.edit(one)
        return rendered.composed
    if rendered.article.retracted_at is not None:
        return Composed(reason="the article was retracted")
    rendered.send(one)
    return rendered.composed


def _picture(row: Row, rendered: RenderedArticle | None) -> PictureMemory:
    """What was learned about the same picture is kept; a different one starts afresh."""
    address = row["picture"]
    if (
        rendered is not None
        and rendered.picture.address == address
        and rendered.article.picture_revision == row["picture_revision"]
    ):
        return rendered.known
    if not is_address(address):  # an editor's own photo, or none
        named = bool(address) and usable_picture(address)
        form = PictureForm.NAMED if named else PictureForm.NONE
        return PictureMemory(PictureState(address, form, address if named else "", learned=named))
    if row["file_id"]:
        return PictureMemory(PictureState(address, PictureForm.NAMED, row["file_id"], learned=True))
    form = PictureForm.AWAITED if row["awaited"] else PictureForm.UNSEEN
    if row["picture_step"] == PictureForm.NONE:
        form = PictureForm.NONE
    return PictureMemory(PictureState(address, form))
