"""Makes requests of claimed deliveries and learns from the answers. Knows no queue and no database.

Queued -> the form that holds at this moment -> request -> judge (pure) -> Outcome
                                                              '-> learned about link and picture
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.core.model import ArticleId, SendResult, SendStatus
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import (
    NO_PICTURE,
    LinkRefused,
    NextPicture,
    Outcome,
    RetryAt,
    Sent,
    Unknown,
    judge,
)
from bot.core.posts.pictures import PictureForm, PictureState
from bot.delivery.content import Composed, EditMode
from bot.delivery.picture_memory import PictureMemory
from bot.delivery.pictures import Pictures
from bot.delivery.scouting import Trial
from bot.telegram import botapi
from bot.telegram.botapi import Encoded
from bot.telegram.limiter import Limiter, Waiter
from bot.telegram.transport import Transport

log = structlog.get_logger(__name__)

LATE_PICTURE = "Telegram has no answer about its picture"
_NO_MEDIA = "there is no media in the message to edit"
"""From a Bot API before 10.1: there a text message cannot become one with a picture."""
_NO_TEXT = "there is no text in the message to edit"
"""Its picture was already added, and the answer that said so was lost."""


@dataclass(slots=True, eq=False)
class Queued:
    """A claimed delivery in its queue."""

    delivery: Delivery
    said: Composed
    form: str = ""
    """The form of the picture that the request carried; empty without one."""
    linked: bool = False
    """The request carried a button that leads to the article."""
    busy: bool = False
    """At the limiter, waiting for its picture, or on the wire."""
    trial: Trial | None = None
    """Set if it is the first to try its article's picture."""
    patient: bool = False
    """An edit whose picture Telegram fetches: a repetition does no harm, so it gets 5 s."""
    words_only: bool = False
    """Of an edit: Telegram does not let a picture be added to the message."""
    waiter: Waiter | None = None

    @property
    def rich(self) -> bool:
        """Whether it is a rich message, which a plain one can replace."""
        return self.said.encoded is not None and self.said.encoded.rich

    @property
    def article(self) -> ArticleId:
        """The number of the article that it is about."""
        return self.delivery.article_id or ArticleId(0)

    @property
    def pictured(self) -> PictureMemory | None:
        """What is known about the picture that it is to carry, if any."""
        rendered, one = self.said.rendered, self.delivery
        if rendered is None or self.words_only:
            return None
        carries = rendered.swaps(one) if one.kind is DeliveryKind.EDIT else rendered.pictured(one)
        return rendered.known if carries else None


class Requests:
    """Makes requests. `learn` is called with each new picture, `refuse_link` with each refused
    link."""

    def __init__(
        self,
        transport: Transport,
        limiter: Limiter,
        pictures: Pictures,
        *,
        clock: Callable[[], int],
        patience: float,
        learn: Callable[[ArticleId, PictureState], None],
        refuse_link: Callable[[ArticleId, str], None],
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._pictures = pictures
        self._clock = clock
        self._patience = patience
        self._learn = learn
        self._refuse_link = refuse_link

    async def attempt(self, item: Queued) -> Outcome:
        """One request, and what it means."""
        if item.trial is not None:
            item.trial.flying = True
        result = await self._request(item)
        if item.form and _NO_MEDIA in result.description:
            item.words_only = True
            result = await self._request(item)
        elif item.said.rendered is not None and _NO_TEXT in result.description:
            item.delivery = item.delivery._replace(photo=True)
            result = await self._request(item)
        self._limiter.told(item.delivery.to, result)
        if item.rich and result.status is SendStatus.REFUSED:
            return NextPicture(result.description)  # the same words in a plain message
        if item.patient and result.status is SendStatus.UNKNOWN:
            return RetryAt(self._clock(), LATE_PICTURE)
        return judge(
            item.delivery,
            result,
            self._clock(),
            with_picture=bool(item.form),
            with_link=item.linked,
            removing=item.said.removes,
            outage=self._limiter.away,
        )

    async def _request(self, item: Queued) -> SendResult:
        """One request, in the form that holds at this moment."""
        one, rendered = item.delivery, item.said.rendered
        item.form = ""
        item.linked = rendered is not None and rendered.linked
        if one.kind is DeliveryKind.EDIT:
            return await self._edit(item)
        if rendered is not None and rendered.pictured(one):
            item.form = rendered.picture.sent
        encoded = rendered.send(one) if rendered is not None else self._own(item)
        assert encoded is not None  # otherwise it would not have been queued
        if item.form == PictureForm.OWN and rendered is not None:
            answers = one.target_message_id or one.reply_to
            fields = botapi.fields(encoded, one.to, reply_to=answers)
            return await self._upload(encoded.method, fields, rendered.picture.address)
        if rendered is None and encoded.photo:
            item.form = "own"
        body = encoded.to(one.to, reply_to=one.target_message_id or one.reply_to)
        return await self._transport.call(encoded.method, body)

    def _own(self, item: Queued) -> Encoded | None:
        """The request for a text that is not an article; rich if the server supports that."""
        if item.rich and not self._transport.takes_rich:
            item.said = Composed(encoded=item.said.plainer)
        return item.said.encoded

    async def _edit(self, item: Queued) -> SendResult:
        one, rendered = item.delivery, item.said.rendered
        if rendered is not None and not item.words_only:
            if rendered.mode(one) is EditMode.MEDIA:
                item.form = rendered.picture.carried
            encoded: Encoded | None = rendered.edit(one)
        elif rendered is not None:
            encoded = rendered.edit_words(one)
        else:
            encoded = item.said.encoded
        assert encoded is not None  # otherwise it would not have been queued
        if item.form == PictureForm.OWN and rendered is not None:
            fields = botapi.fields(encoded, one.to, message_id=one.target_message_id)
            return await self._upload(encoded.method, fields, rendered.picture.address)
        item.patient = item.form.startswith("http")
        body = encoded.to(one.to, message_id=one.target_message_id)
        patience = self._patience if item.patient else None
        return await self._transport.call(encoded.method, body, patience=patience)

    async def _upload(self, method: str, fields: dict[str, str], address: str) -> SendResult:
        content = await self._pictures.content(address)
        if content is None:
            return SendResult(SendStatus.REFUSED, description=NO_PICTURE)
        return await self._transport.upload(method, fields, "photo", content)

    def learned(self, item: Queued, outcome: Outcome) -> None:
        """Keep what the first chat taught about link and picture."""
        self._link_seen(item, outcome)
        if item.form:
            self._picture_seen(item, outcome)

    def _link_seen(self, item: Queued, outcome: Outcome) -> None:
        """What one chat taught about the article's link holds for all."""
        rendered = item.said.rendered
        if isinstance(outcome, LinkRefused) and rendered is not None and rendered.leave_out_link():
            article = rendered.article
            log.info("link.refused", article=article.id, reason=outcome.reason)
            self._refuse_link(article.id, article.link)

    def _picture_seen(self, item: Queued, outcome: Outcome) -> None:
        rendered = item.said.rendered
        if rendered is None:
            return
        number, known = rendered.article.id, rendered.known
        if isinstance(outcome, Sent):
            news = known.arrived(outcome.file_id)
        elif isinstance(outcome, NextPicture):
            away = outcome.reason == NO_PICTURE
            news = known.lost() if away else known.refused(item.form)
            if news:
                log.info("picture.refused", article=number, reason=outcome.reason)
        else:
            late = isinstance(outcome, RetryAt) and outcome.reason == LATE_PICTURE
            news = (late or isinstance(outcome, Unknown)) and known.late()
        if news:
            self._learn(number, known.state)
