"""Offers Telegram the addresses of pictures that only it may be able to fetch. Knows one edit at a
time, no rows.

    its words have gone --editMessageMedia by address, 5 s--> there: the others get its file id
                                                              not: posts go without, it is awaited

Telegram answers a request with a picture's address only once it has fetched that, which may be
never. A message with the address would be late, and nobody would know whether it arrived; an edit
may get lost, or succeed late, without harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import structlog

from bot.core.model import ArticleId, DeliveryId, SendResult, SendStatus
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import Outcome, Sent, bad_picture, photos_forbidden
from bot.core.posts.pictures import PATIENCE, PictureForm, PictureState
from bot.core.posts.rate_limit import Urgency
from bot.delivery.picture_memory import PictureMemory
from bot.delivery.requests import Queued
from bot.delivery.scouting import Trial
from bot.telegram.botapi import Encoded
from bot.telegram.limiter import Limiter
from bot.telegram.transport import Transport

log = structlog.get_logger(__name__)


class Offers:
    """`patience`: how many seconds Telegram may take; `learn` is called with what is worth keeping,
    `joined` with messages that got their picture, `ended` with trials that nobody has to wait for
    any longer."""

    def __init__(
        self,
        transport: Transport,
        limiter: Limiter,
        *,
        patience: float = PATIENCE,
        learn: Callable[[ArticleId, PictureState], None],
        joined: Callable[[DeliveryId], None],
        ended: Callable[[Trial], None],
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._patience = patience
        self._learn = learn
        self._joined = joined
        self._ended = ended
        self._under_way: dict[asyncio.Task[None], Trial] = {}

    def begin(self, item: Queued, trial: Trial, outcome: Outcome) -> bool:
        """Try to add the picture to words that were sent without it; returns at once whether there
        is one that only Telegram may be able to fetch."""
        one, rendered = item.delivery, item.said.rendered
        if rendered is None or one.kind is DeliveryKind.EDIT or not isinstance(outcome, Sent):
            return False
        if trial.known.state.form is not PictureForm.ADDRESS or outcome.message_id is None:
            return False
        encoded = rendered.offer(one)
        task = asyncio.create_task(self._offer(trial, one, encoded, outcome.message_id))
        self._under_way[task] = trial
        task.add_done_callback(self._under_way.pop)
        return True

    def trials(self) -> Iterator[Trial]:
        """The trials whose pictures are being offered."""
        return iter(self._under_way.values())

    def close(self) -> None:
        """Stop listening to whatever Telegram still answers."""
        for task in self._under_way:
            task.cancel()

    async def _offer(self, trial: Trial, one: Delivery, encoded: Encoded, message_id: int) -> None:
        try:
            await self._limiter.wait_turn(one.to, Urgency(one.urgency))
            body = encoded.to(one.to, message_id=message_id)
            result = await self._transport.call(encoded.method, body, patience=self._patience)
            if (
                result.status is not SendStatus.UNKNOWN
            ):  # a picture that hangs is no sign of a network fault
                self._limiter.told(one.to, result)
            if result.status is SendStatus.OK:
                self._joined(one.id)
            if _learned(trial.known, result):
                self._learn(trial.article, trial.known.state)
                log.info("picture.offered", article=trial.article, result=result.status.value)
        finally:
            self._ended(trial)


def _learned(known: PictureMemory, result: SendResult) -> bool:
    """Whether what Telegram said about an address is news for other chats."""
    if result.status is SendStatus.OK:
        return known.arrived(result.file_id or "")
    if photos_forbidden(result.description):
        return False  # in this chat
    if bad_picture(result.description):
        return known.refused(known.state.address)
    return known.late()
