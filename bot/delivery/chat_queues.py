"""What was claimed, on its way to the wire: one queue a chat, oldest first. Knows no database.

    take -> queue -> limiter -> request -> judge (pure) -> report(Judged)

What is learned of a picture in one chat holds for all others (`bot.delivery.scouting`). A queue
whose first delivery has to be tried again gives the later ones back: they would overtake it.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from bot.attempts import log_fault, pause_after, reason
from bot.core.errors import OperatorError
from bot.core.model import (
    ArticleId,
    ChatId,
    DeliveryId,
    SendResult,
    SendStatus,
)
from bot.core.posts.content_kinds import MODERATORS
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import (
    NO_PICTURE,
    Broken,
    ChatClosed,
    ChatGone,
    Dead,
    Halt,
    Judged,
    Later,
    LinkRefused,
    Moved,
    NextPicture,
    NotRemovable,
    Outcome,
    RetryAt,
    Sent,
    ThreadClosed,
    TopicGone,
    Unknown,
    is_final,
    judge,
)
from bot.core.posts.pictures import PATIENCE, PictureForm, PictureState
from bot.core.posts.rate_limit import Urgency
from bot.delivery.content import Composed, EditMode, PictureMemory
from bot.delivery.pictures import Pictures
from bot.delivery.scouting import Scouts, Trial
from bot.telegram import botapi
from bot.telegram.botapi import Encoded
from bot.telegram.limiter import Limiter, Waiter
from bot.telegram.transport import Transport

log = structlog.get_logger(__name__)

_HORIZON = 3.0
"""Seconds: a chat that is busy for longer gives its place in the window back."""
LATE_PICTURE = "Telegram has no answer about its picture"
_NO_MEDIA = "there is no media in the message to edit"
"""From a Bot API before 10.0: there a text stays one."""
BEHIND = "behind an earlier one"


@dataclass(slots=True, eq=False)
class _Item:
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
    """It is the first to try its article's picture."""
    patient: bool = False
    """Telegram fetches the picture of an edit: another try does no harm, so it gets 5 s."""
    words_only: bool = False
    """Of an edit: Telegram lets no picture join the message."""
    waiter: Waiter | None = None


_Queue = deque[_Item]


class ChatQueues:
    """The window of deliveries in memory. `report` hears outcomes, `learn` each new picture."""

    def __init__(
        self,
        transport: Transport,
        limiter: Limiter,
        pictures: Pictures,
        *,
        clock: Callable[[], int],
        scouting: float = PATIENCE,
        report: Callable[[Judged], None],
        learn: Callable[[ArticleId, PictureState], None],
        refuse_link: Callable[[ArticleId, str], None],
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._pictures = pictures
        self._clock = clock
        self._patience = scouting
        self._report = report
        self._learn = learn
        self._refuse_link = refuse_link
        self._queues: dict[ChatId, _Queue] = {}
        self._flights: dict[asyncio.Task[None], _Item] = {}
        self._scouts = Scouts(pictures, seconds=scouting, learn=learn)
        self._open = True
        self.aboard = 0
        self.fault: BaseException | None = None
        """Why nothing can go on: a wrong token, or a bug."""
        self._chatty = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)

    def take(self, claimed: Iterable[tuple[Delivery, Composed]]) -> None:
        """Put claimed deliveries into their queues, in their order."""
        put_off: dict[ChatId, int] = {}
        now = asyncio.get_running_loop().time()
        for one, said in claimed:
            self.aboard += 1
            queue = self._queues.get(one.chat_id)
            ahead = (len(queue) if queue else 0) + put_off.get(one.chat_id, 0)
            wait = max(0.0, self._limiter.chat_at(one.to) - now) + ahead
            if wait > _HORIZON:
                put_off[one.chat_id] = put_off.get(one.chat_id, 0) + 1
                self._done(_Item(one, said), Later(self._clock() + math.ceil(wait)))
                continue
            if queue is None:
                queue = self._queues[one.chat_id] = deque()
            item = _Item(one, said)
            queue.append(item)
            if len(queue) == 1:
                self._start(queue)
            elif (known := _pictured(item)) is not None:
                self._scouts.look(_number(item), known)  # so that it waits for none of its own

    def pause(self) -> None:
        """Begin no new request; those on the wire come home."""
        self._open = False
        flying = set(map(id, self._flights.values()))
        for queue in self._queues.values():
            item = queue[0]
            if id(item) not in flying:
                if item.waiter is not None:
                    item.waiter.cancel()
                item.waiter, item.busy, item.trial = None, False, None
        self._scouts.pause(one.trial for one in self._flights.values() if one.trial)

    def resume(self) -> None:
        """Go on."""
        self._open = True
        for queue in list(self._queues.values()):
            self._start(queue)

    def flying(self) -> list[DeliveryId]:
        """What is on the wire."""
        return [item.delivery.id for item in self._flights.values()]

    async def home(self, seconds: float) -> None:
        """Wait for what is on the wire; what takes longer stays claimed, and so in doubt."""
        if self._flights:
            await asyncio.wait(self._flights, timeout=seconds)
        for flight in self._flights:
            flight.cancel()
        self._scouts.close()

    def _start(self, queue: _Queue) -> None:
        """The first of a queue goes to the limiter, unless its picture is being looked at, or tried
        by another chat."""
        item = queue[0]
        if item.busy or not self._open:
            return
        item.busy = True
        known = _pictured(item)
        if known is not None and not known.state.learned:
            if self._scouts.waits(_number(item), known, lambda: self._resume(queue, item)):
                return
            item.trial = self._scouts.trial(_number(item), known)
        urgency = Urgency(item.delivery.urgency)
        waiter = self._limiter.submit(item.delivery.to, urgency, lambda: self._go(queue, item))
        if not waiter.gone:  # its wait_turn may come at once, within that call
            item.waiter = waiter

    def _resume(self, queue: _Queue, item: _Item) -> None:
        """It has waited for its picture."""
        item.busy = False
        self._start(queue)

    def _go(self, queue: _Queue, item: _Item) -> None:
        item.waiter = None  # it holds the item: without this each message leaves a cycle behind
        flight = asyncio.create_task(self._fly(queue, item))
        self._flights[flight] = item
        flight.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        del self._flights[flight]
        if not flight.cancelled() and (fault := flight.exception()) is not None:
            self.fault = self.fault or fault

    async def _fly(self, queue: _Queue, item: _Item) -> None:
        try:
            outcome = await self._attempt(item)
        except Exception as error:  # noqa: BLE001 - a fault with this one ends no other
            number, attempts = item.delivery.id, item.delivery.attempts
            log_fault("delivery.broken", error, delivery=number)
            outcome = Broken(self._clock() + pause_after(attempts), reason(error))
        if isinstance(outcome, NextPicture | NotRemovable) and item.said.plainer is not None:
            item.said, item.busy = Composed(encoded=item.said.plainer), False
            self._start(queue)
            return
        self._leave(queue, item, outcome)
        self._link_seen(item, outcome)
        self._picture_seen(item, outcome)
        if isinstance(outcome, Halt):
            self.pause()
            self.fault = OperatorError(
                f"KABAR_TOKEN: Telegram does not accept this token ({outcome.reason})."
            )

    async def _attempt(self, item: _Item) -> Outcome:
        """One request, and what it means."""
        if item.trial is not None:
            item.trial.flying = True
        result = await self._request(item)
        if item.form and _NO_MEDIA in result.description:
            item.words_only = True
            result = await self._request(item)
        self._limiter.told(item.delivery.to, result)
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

    async def _request(self, item: _Item) -> SendResult:
        """One request, in the form that holds at this moment."""
        one, rendered = item.delivery, item.said.rendered
        item.form = ""
        item.linked = rendered is not None and rendered.linked
        if one.kind is DeliveryKind.EDIT:
            return await self._edit(item)
        if rendered is not None and rendered.pictured(one):
            item.form = rendered.picture.carried
        encoded = rendered.send(one) if rendered is not None else item.said.encoded
        assert encoded is not None  # else it would not be aboard
        if item.form == PictureForm.OWN and rendered is not None:
            answers = one.target_message_id or one.reply_to
            fields = botapi.fields(encoded, one.to, reply_to=answers)
            return await self._upload(encoded.method, fields, rendered.picture.address)
        if rendered is None and encoded.photo:
            item.form = "own"
        body = encoded.to(one.to, reply_to=one.target_message_id or one.reply_to)
        return await self._transport.call(encoded.method, body)

    async def _edit(self, item: _Item) -> SendResult:
        one, rendered = item.delivery, item.said.rendered
        if rendered is not None and not item.words_only:
            if rendered.mode(one) is EditMode.MEDIA:
                item.form = rendered.picture.carried
            encoded: Encoded | None = rendered.edit(one)
        elif rendered is not None:
            encoded = rendered.edit_words(one)
        else:
            encoded = item.said.encoded
        assert encoded is not None  # else it would not be aboard
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

    def _link_seen(self, item: _Item, outcome: Outcome) -> None:
        """What one chat learned of the article's link holds for all."""
        rendered = item.said.rendered
        if isinstance(outcome, LinkRefused) and rendered is not None and rendered.leave_out_link():
            article = rendered.article
            log.info("link.refused", article=article.id, reason=outcome.reason)
            self._refuse_link(article.id, article.link)

    def _picture_seen(self, item: _Item, outcome: Outcome) -> None:
        """Learn from the first chat, and let those go that waited for it."""
        rendered = item.said.rendered
        if rendered is not None and item.form:
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
        if item.trial is not None:
            trial, item.trial = item.trial, None
            self._scouts.ended(trial)

    def _leave(self, queue: _Queue, item: _Item, outcome: Outcome) -> None:
        """Out of the queue. What has to be tried again takes those behind it along."""
        queue.popleft()
        goes_on = bool(queue) and is_final(outcome) and not isinstance(outcome, ChatGone)
        if not goes_on:
            del self._queues[item.delivery.chat_id]
        self._done(item, outcome)
        if goes_on:
            self._start(queue)
            return
        for later in queue:
            self._done(later, behind(later.delivery, item.delivery, outcome, self._clock()))

    def _done(self, item: _Item, outcome: Outcome) -> None:
        self.aboard -= 1
        article = item.said.rendered.article if item.said.rendered is not None else None
        self._report(
            Judged(
                item.delivery,
                outcome,
                photo=bool(item.form),
                revision=article.revision if article else 0,
                comments=article.comments if article else 0,
            )
        )
        if not isinstance(outcome, Sent):
            _tell(item.delivery, outcome)
        elif self._chatty:
            log.debug(
                "delivery.sent",
                delivery=item.delivery.id,
                content=item.delivery.content.kind.value,
                article=item.delivery.article_id,
                chat=item.delivery.chat_id,
                message=outcome.message_id,
            )


def behind(later: Delivery, first: Delivery, outcome: Outcome, now: int) -> Outcome:
    """What becomes of a later delivery of a chat whose first one has not found its end, or has
    found the chat gone."""
    if isinstance(outcome, ChatGone | Later):
        return outcome
    if isinstance(outcome, ChatClosed):
        return RetryAt(outcome.at, BEHIND, counted=False)
    at = outcome.at if isinstance(outcome, RetryAt | Unknown | TopicGone) else now
    return RetryAt(at if later.urgency == first.urgency else now, BEHIND, counted=False)


def _number(item: _Item) -> ArticleId:
    return item.delivery.article_id or ArticleId(0)


def _pictured(item: _Item) -> PictureMemory | None:
    """What is known of the picture that it carries, if it is to carry one."""
    rendered, one = item.said.rendered, item.delivery
    if rendered is None or item.words_only:
        return None
    carries = rendered.swaps(one) if one.kind is DeliveryKind.EDIT else rendered.pictured(one)
    return rendered.known if carries else None


def _tell(one: Delivery, outcome: Outcome) -> None:
    """Fates worth a line. No words of the message, no name of the chat."""
    fields = {"delivery": one.id, "content": one.content.kind.value, "chat": one.chat_id}
    match outcome:
        case Dead(reason) | ThreadClosed(reason):
            log.warning("delivery.dead", **fields, reason=reason)
        case ChatGone(reason) | ChatClosed(reason=reason) if one.content.kind in MODERATORS:
            log.error("moderators_chat.refuses", **fields, reason=reason)
        case ChatGone(reason):
            log.info("chat.gone", **fields, reason=reason)
        case ChatClosed(at, reason):
            log.info("chat.closed", **fields, reason=reason, again_at=at)
        case Moved():
            log.info("chat.moved", **fields)
        case Unknown(at, reason):
            log.warning("delivery.unknown", **fields, reason=reason, again_at=at)
        case TopicGone(at, reason):
            log.info("delivery.put_off", **fields, reason=reason, again_at=at)
        case RetryAt(at, reason) if reason != BEHIND:
            log.info("delivery.put_off", **fields, reason=reason, again_at=at)
