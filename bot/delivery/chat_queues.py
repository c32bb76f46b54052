"""Claimed deliveries on their way to the wire: one queue per chat, oldest first. Knows no database.

    take -> queue -> limiter -> request -> judge (pure) -> report(Judged)

What is learned about a picture in one chat holds for all others (`bot.delivery.scouting`). A queue
whose first delivery has to be retried hands the later ones back: they would overtake it.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Iterable
from typing import cast

import structlog

from bot.attempts import log_fault, pause_after, reason
from bot.core.errors import OperatorError
from bot.core.model import (
    ArticleId,
    ChatId,
    DeliveryId,
)
from bot.core.posts.content_kinds import MODERATORS
from bot.core.posts.delivery import Delivery
from bot.core.posts.outcome import (
    Broken,
    ChatClosed,
    ChatGone,
    Dead,
    Halt,
    Judged,
    Later,
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
)
from bot.core.posts.pictures import PATIENCE, PictureState
from bot.core.posts.rate_limit import Urgency
from bot.delivery.content import Composed
from bot.delivery.offering import Offers
from bot.delivery.pictures import Pictures
from bot.delivery.requests import Queued, Requests
from bot.delivery.scouting import Scouts
from bot.telegram.limiter import Limiter
from bot.telegram.transport import Transport

log = structlog.get_logger(__name__)

_HORIZON = 3.0
"""Seconds: a chat that is busy for longer gives up its place in the window."""
BEHIND = "behind an earlier one"
_URGENCIES = tuple(Urgency)
"""Asking the enumeration takes longer, for each message."""

_Queue = deque[Queued]


class ChatQueues:
    """The window of deliveries in memory. `report` is called with outcomes, `learn` with each new
    picture, `joined` with a message that got its picture after all."""

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
        joined: Callable[[DeliveryId], None],
        refuse_link: Callable[[ArticleId, str], None],
    ) -> None:
        self._limiter = limiter
        self._clock = clock
        self._report = report
        self._requests = Requests(
            transport,
            limiter,
            pictures,
            clock=clock,
            patience=scouting,
            learn=learn,
            refuse_link=refuse_link,
        )
        self._queues: dict[ChatId, _Queue] = {}
        self._flights: dict[asyncio.Task[None], Queued] = {}
        self._scouts = Scouts(pictures, seconds=scouting, learn=learn)
        self._offers = Offers(
            transport,
            limiter,
            patience=scouting,
            learn=learn,
            joined=joined,
            ended=self._scouts.ended,
        )
        self._open = True
        self.aboard = 0
        self.fault: BaseException | None = None
        """Why sending had to stop: a wrong token, or a bug."""
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
                self._done(Queued(one, said), Later(self._clock() + math.ceil(wait)))
                continue
            if queue is None:
                queue = self._queues[one.chat_id] = deque()
            item = Queued(one, said)
            queue.append(item)
            if len(queue) == 1:
                self._start(queue)
            elif (known := item.pictured) is not None:
                self._scouts.look(item.article, known)  # so that it waits for none of its own

    def pause(self) -> None:
        """Begin no new request; those on the wire are completed."""
        self._open = False
        flying = set(self._flights.values())
        for queue in self._queues.values():
            item = queue[0]
            if item not in flying:
                if item.waiter is not None:
                    item.waiter.cancel()
                item.waiter, item.busy, item.trial = None, False, None
        flights = (one.trial for one in flying if one.trial)
        self._scouts.pause((*flights, *self._offers.trials()))

    def resume(self) -> None:
        """Resume after `pause`."""
        self._open = True
        for queue in list(self._queues.values()):
            self._start(queue)

    def flying(self) -> list[DeliveryId]:
        """The deliveries on the wire."""
        return [item.delivery.id for item in self._flights.values()]

    async def home(self, seconds: float) -> None:
        """Wait for what is on the wire; what takes longer stays claimed, and so in doubt."""
        if self._flights:
            await asyncio.wait(self._flights, timeout=seconds)
        for flight in self._flights:
            flight.cancel()
        self._scouts.close()
        self._offers.close()

    def _start(self, queue: _Queue) -> None:
        """Hand the first of a queue to the limiter, unless its picture is being fetched, or tried
        by another chat."""
        item = queue[0]
        if item.busy or not self._open:
            return
        item.busy = True
        known = item.pictured
        if known is not None and not known.state.learned:
            if self._scouts.waits(item.article, known, lambda: self._resume(queue, item)):
                return
            item.trial = self._scouts.trial(item.article, known)
        urgency = _URGENCIES[item.delivery.urgency]
        waiter = self._limiter.submit(item.delivery.to, urgency, lambda: self._go(queue, item))
        if not waiter.gone:  # its wait_turn may come at once, within that call
            item.waiter = waiter

    def _resume(self, queue: _Queue, item: Queued) -> None:
        """Continue with a delivery that has waited for its picture."""
        item.busy = False
        self._start(queue)

    def _go(self, queue: _Queue, item: Queued) -> None:
        item.waiter = None  # it holds the item: without this each message leaves a cycle behind
        self._flights[asyncio.create_task(self._flight(queue, item))] = item

    async def _flight(self, queue: _Queue, item: Queued) -> None:
        try:
            await self._fly(queue, item)
        except Exception as error:  # noqa: BLE001 - nothing may go on after a fault with a queue
            self.fault = self.fault or error
        finally:
            del self._flights[cast("asyncio.Task[None]", asyncio.current_task())]

    async def _fly(self, queue: _Queue, item: Queued) -> None:
        try:
            outcome = await self._requests.attempt(item)
        except Exception as error:  # noqa: BLE001 - a fault with this one ends no other
            number, attempts = item.delivery.id, item.delivery.attempts
            log_fault("delivery.broken", error, delivery=number)
            outcome = Broken(self._clock() + pause_after(attempts), reason(error))
        if item.said.plainer is not None and isinstance(outcome, NextPicture | NotRemovable):
            item.said, item.busy = Composed(encoded=item.said.plainer), False
            self._start(queue)
            return
        self._leave(queue, item, outcome)
        self._requests.learned(item, outcome)
        if item.trial is not None:  # those that waited for it continue
            trial, item.trial = item.trial, None
            if not (self._open and self._offers.begin(item, trial, outcome)):
                self._scouts.ended(trial)
        if type(outcome) is Halt:
            self.pause()
            self.fault = OperatorError(
                f"KABAR_TOKEN: Telegram does not accept this token ({outcome.reason})."
            )

    def _leave(self, queue: _Queue, item: Queued, outcome: Outcome) -> None:
        """Take an item out of its queue. One that has to be retried takes those behind it along."""
        queue.popleft()
        goes_on = queue and is_final(outcome) and not isinstance(outcome, ChatGone)
        if not goes_on:
            del self._queues[item.delivery.chat_id]
        self._done(item, outcome)
        if goes_on:
            self._start(queue)
            return
        for later in queue:
            self._done(later, behind(later.delivery, item.delivery, outcome, self._clock()))

    def _done(self, item: Queued, outcome: Outcome) -> None:
        self.aboard -= 1
        article = item.said.rendered.article if item.said.rendered is not None else None
        self._report(
            Judged(
                item.delivery,
                outcome,
                photo=bool(item.form) or item.delivery.photo,
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
    """The outcome for a later delivery to a chat whose first one has not ended, or found the chat
    gone."""
    if isinstance(outcome, ChatGone | Later):
        return outcome
    if isinstance(outcome, ChatClosed):
        return RetryAt(outcome.at, BEHIND, counted=False)
    at = outcome.at if isinstance(outcome, RetryAt | Unknown | TopicGone) else now
    return RetryAt(at if later.urgency == first.urgency else now, BEHIND, counted=False)


def _tell(one: Delivery, outcome: Outcome) -> None:
    """Log the outcomes worth a line: without the message's words or the chat's name."""
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
