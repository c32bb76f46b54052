"""What was claimed, on its way to the wire: one lane a chat, oldest first. Knows no database.

    take -> lane -> gate (pace) -> request -> judge (pure) -> report(Verdict)

One chat tries an article's picture first; what is learned there (the file id, or a form that
Telegram refuses) holds for all others, who wait for it. A lane whose first delivery has to be tried
again gives the later ones back: they would overtake it.
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
from bot.core.posts.content import MODERATORS
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
from bot.core.posts.rate_limit import Urgency
from bot.delivery.content import Composed, PictureState, PictureStep
from bot.delivery.pictures import Pictures
from bot.telegram import botapi
from bot.telegram.botapi import Encoded
from bot.telegram.limiter import Limiter, Waiter
from bot.telegram.transport import Transport

log = structlog.get_logger(__name__)

_HORIZON = 3.0
"""Seconds: a chat that is busy for longer gives its place in the window back."""
SCOUTING = 5.0
"""Seconds that others wait for the chat that tries a picture: then the next one tries it too."""
BEHIND = "behind an earlier one"


@dataclass(slots=True, eq=False)
class _Item:
    """A claimed delivery in its lane."""

    delivery: Delivery
    said: Composed
    form: str = ""
    """The form of the picture that the request carried; empty without one."""
    linked: bool = False
    """The request carried a button that leads to the article."""
    busy: bool = False
    """At the gate, waiting for a scout, or on the wire."""
    scout: bool = False
    """The first to try its article's picture."""
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
        scouting: float = SCOUTING,
        report: Callable[[Judged], None],
        learn: Callable[[ArticleId, PictureState], None],
        refuse_link: Callable[[ArticleId, str], None],
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._pictures = pictures
        self._clock = clock
        self._scouting = scouting
        self._report = report
        self._learn = learn
        self._refuse_link = refuse_link
        self._queues: dict[ChatId, _Queue] = {}
        self._flights: dict[asyncio.Task[None], _Item] = {}
        self._scouts: dict[ArticleId, list[_Queue]] = {}
        self._open = True
        self.aboard = 0
        self.fault: BaseException | None = None
        """Why nothing can go on: a wrong token, or a bug."""
        self._chatty = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)

    def take(self, claimed: Iterable[tuple[Delivery, Composed]]) -> None:
        """Put claimed deliveries into their lanes, in their order."""
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
            queue.append(_Item(one, said))
            if len(queue) == 1:
                self._start(queue)

    def pause(self) -> None:
        """Begin no new request; those on the wire come home."""
        self._open = False
        flying = set(map(id, self._flights.values()))
        for queue in self._queues.values():
            item = queue[0]
            if id(item) not in flying:
                if item.waiter is not None:
                    item.waiter.cancel()
                item.waiter, item.busy, item.scout = None, False, False
        self._scouts = {_number(one): [] for one in self._flights.values() if one.scout}

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

    def _start(self, queue: _Queue) -> None:
        """The first of a lane goes to the gate, unless another chat tries its picture now."""
        item = queue[0]
        if item.busy or not self._open:
            return
        item.busy = True
        if _untried(item):
            waiting = self._scouts.get(_number(item))
            if waiting is not None:
                waiting.append(queue)
                return
            self._scouts[_number(item)] = []
            item.scout = True
            asyncio.get_running_loop().call_later(self._scouting, self._wait_no_longer, item)
        urgency = Urgency(item.delivery.urgency)
        waiter = self._limiter.submit(item.delivery.to, urgency, lambda: self._go(queue, item))
        if not waiter.gone:  # its wait_turn may come at once, within that call
            item.waiter = waiter

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
        result = await self._request(item)
        self._limiter.told(item.delivery.to, result)
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
            if rendered is not None and rendered.swaps(one) and rendered.pictured(one):
                item.form = rendered.picture.form
            encoded = rendered.edit(one) if rendered is not None else item.said.encoded
            assert encoded is not None  # else it would not be aboard
            body = encoded.to(one.to, message_id=one.target_message_id)
            return await self._transport.call(encoded.method, body)
        if rendered is not None and rendered.pictured(one):
            item.form = rendered.picture.form
        encoded = rendered.send(one) if rendered is not None else item.said.encoded
        assert encoded is not None  # else it would not be aboard
        if item.form == PictureStep.UPLOAD and rendered is not None:
            return await self._upload(encoded, one, rendered.picture.address)
        if rendered is None and encoded.photo:
            item.form = "own"
        body = encoded.to(one.to, reply_to=one.target_message_id or one.reply_to)
        return await self._transport.call(encoded.method, body)

    async def _upload(self, encoded: Encoded, one: Delivery, address: str) -> SendResult:
        content = await self._pictures.jpeg(address)
        if content is None:
            return SendResult(SendStatus.REFUSED, description=NO_PICTURE)
        fields = botapi.fields(encoded, one.to, reply_to=one.target_message_id or one.reply_to)
        return await self._transport.upload(encoded.method, fields, "photo", content)

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
        if rendered is None:
            return
        if item.form:
            if isinstance(outcome, Sent) and rendered.known.arrived(outcome.file_id):
                self._learn(rendered.article.id, rendered.picture)
            elif isinstance(outcome, NextPicture) and rendered.known.refused(item.form):
                log.info("picture.refused", article=rendered.article.id, reason=outcome.reason)
                self._learn(rendered.article.id, rendered.picture)
        self._wait_no_longer(item)

    def _wait_no_longer(self, scout: _Item) -> None:
        """Those that waited for this one's picture go; if nothing is known yet, the first tries."""
        if scout.scout:
            scout.scout = False
            for queue in self._scouts.pop(_number(scout), ()):
                queue[0].busy = False
                self._start(queue)

    def _leave(self, queue: _Queue, item: _Item, outcome: Outcome) -> None:
        """Out of the lane. What has to be tried again takes those behind it along."""
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


def _untried(item: _Item) -> bool:
    """It carries a picture of which nobody knows yet whether Telegram takes it."""
    rendered = item.said.rendered
    if rendered is None or item.delivery.kind is DeliveryKind.EDIT:
        return False
    return rendered.pictured(item.delivery) and not rendered.picture.learned


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
