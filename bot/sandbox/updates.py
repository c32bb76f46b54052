"""Updates on their way to the bot: the queue and the long poll. Knows no HTTP and no chat.

An update is confirmed only by a later poll with a higher offset; until then it comes again, for
24 hours. The rules are those of the Bot API server (Client.cpp 15700-15728, 16222-16400).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from bot.sandbox.errors import ApiError, conflict

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "message_reaction",
        "message_reaction_count",
        "poll",
        "poll_answer",
        "shipping_query",
        "pre_checkout_query",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "purchased_paid_media",
    }
)
DEFAULT = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
KEPT_S = 86_400
CONFLICT_PAUSE_S = 3.0
"""A second conflict within this time is answered that much later."""


class Update(NamedTuple):
    """One update; `expires` in seconds since the epoch."""

    id: int
    kind: str
    payload: dict[str, Any]
    expires: float

    def json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.payload}


class _Ousted(Exception):  # noqa: N818 - a signal between two polls
    """A newer poll took its place."""


class UpdateQueue:
    """The queue of one bot. `guard` plays the server's protection against hasty polls.

    `on_hold` is called when a poll begins to wait.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        guard: bool = True,
        on_hold: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_hold = on_hold
        self._clock = clock
        self._guard = guard
        self._queue: deque[Update] = deque()
        self._next_id = 100_000_001
        self._held: asyncio.Future[None] | None = None
        self._last_conflict = float("-inf")
        self._last_offset = 0
        self._last_start = float("-inf")
        self._arrived = asyncio.Event()
        self.webhook = False
        """Is a web hook set? Then polls are refused."""
        self.allowed = DEFAULT

    def __len__(self) -> int:
        return len(self._queue)

    def state(self) -> dict[str, Any]:
        """What waits and the next number, for `restore`."""
        return {"update": self._next_id, "updates": [one._asdict() for one in self._queue]}

    def restore(self, next_id: int, waiting: Iterable[dict[str, Any]]) -> None:
        """Go on from a kept state."""
        self._next_id = next_id
        self._queue = deque(Update(**one) for one in waiting)

    @property
    def held(self) -> bool:
        """Does a poll wait for news?"""
        return self._held is not None

    def add(self, kind: str, payload: dict[str, Any]) -> bool:
        """Queue an update; False when the bot did not ask for its kind."""
        if kind not in self.allowed:
            return False
        self._queue.append(Update(self._next_id, kind, payload, self._clock() + KEPT_S))
        self._next_id += 1
        self._arrived.set()
        if self._held is not None and not self._held.done():
            self._held.set_result(None)
        return True

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember the kinds that the bot wants; None keeps them, an empty list resets them."""
        if kinds is None:
            return
        chosen = frozenset(kind for kind in kinds if kind in KINDS)
        self.allowed = chosen or DEFAULT

    def drop(self) -> None:
        """Forget everything that waits."""
        self._queue.clear()
        self._arrived.clear()

    def first(self) -> Update | None:
        """The oldest update that waits."""
        self._expire()
        return self._queue[0] if self._queue else None

    def confirm(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one keeps the newest -offset."""
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        while self._queue and offset > self._queue[0].id:
            self._queue.popleft()
        if not self._queue:
            self._arrived.clear()

    async def arrival(self) -> None:
        """Return when something waits."""
        await self._arrived.wait()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """What getUpdates answers. Raises ApiError 409."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        if self._held is not None and not self._held.done():
            self._held.set_exception(_Ousted())
        limit, timeout_s = self._slowed(offset, limit, timeout_s)
        self.confirm(offset)
        self._expire()
        if not self._queue and timeout_s > 0:
            await self._hold(timeout_s)
        return [self._queue[at].json() for at in range(min(limit, len(self._queue)))]

    def _slowed(self, offset: int, limit: int, timeout_s: float) -> tuple[int, float]:
        """The same offset again at once is answered late, or with one update only."""
        now = self._clock()
        since, same = now - self._last_start, offset == self._last_offset
        self._last_offset, self._last_start = offset, now
        if not self._guard or not same:
            return limit, timeout_s
        if since < 3 and timeout_s < 3:
            timeout_s = 3
        return (1 if since < 0.5 else limit), timeout_s

    async def _hold(self, timeout_s: float) -> None:
        held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held = held
        self._on_hold()
        try:
            async with asyncio.timeout(timeout_s):
                await held
        except TimeoutError:
            return
        except _Ousted:
            raise await self._conflict() from None
        finally:
            if self._held is held:
                self._held = None

    async def _conflict(self) -> ApiError:
        now = self._clock()
        if now - self._last_conflict < CONFLICT_PAUSE_S:
            await asyncio.sleep(CONFLICT_PAUSE_S)
        self._last_conflict = self._clock()
        return conflict(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )

    def _expire(self) -> None:
        now = self._clock()
        while self._queue and self._queue[0].expires <= now:
            self._queue.popleft()
