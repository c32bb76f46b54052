"""Writes the outcomes of deliveries to the database. Knows records, no loop and no wire.

    report, learn, refuse_link  ->  kept here  ->  book: recorded, and the next ones claimed

What the database cannot take now is kept for the next time; a record that fails by a fault of ours
holds up no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

import structlog

from bot.attempts import log_fault, reason
from bot.core.errors import OperatorError, StorageError
from bot.core.model import ArticleId, ChatId, DeliveryId
from bot.core.posts.delivery import Delivery
from bot.core.posts.outcome import ChatGone, Judged, is_final
from bot.core.posts.pictures import PictureForm, PictureState
from storage import Connection, Database, articles, desk, outbox, outcomes, pictures

log = structlog.get_logger(__name__)


class Recorder:
    """Holds what is not recorded yet. For `lease`, `keep`, `zone` and `count` see the sender."""

    def __init__(
        self,
        db: Database,
        *,
        lease: int,
        keep: outbox.Keep,
        zone: ZoneInfo,
        count: Callable[[Mapping[tuple[str, str], int]], None],
    ) -> None:
        self._db = db
        self._lease = lease
        self._keep = keep
        self._zone = zone
        self._count = count
        self.judged: list[Judged] = []
        """What became of deliveries, in the order in which it happened."""
        self._learned: list[tuple[ArticleId, PictureState]] = []
        self._joined: list[DeliveryId] = []
        self._refused_links: dict[ArticleId, str] = {}
        self._renew_at = 0
        self._finished_at = 0
        """When finished broadcasts were last looked for: once a second, and when everything is
        sent."""

    def learn(self, article: ArticleId, picture: PictureState) -> None:
        """Keep what is now known about a picture."""
        self._learned.append((article, picture))

    def joined(self, message: DeliveryId) -> None:
        """A message that was reported as sent without its picture has it now."""
        self._joined.append(message)

    def refuse_link(self, article: ArticleId, link: str) -> None:
        """Note that Telegram accepts no button with that address."""
        self._refused_links[article] = link

    @property
    def empty(self) -> bool:
        """Is there nothing to record?"""
        return not (self.judged or self._learned or self._joined or self._refused_links)

    def failed(self) -> dict[ChatId, Judged]:
        """Chats with a delivery that has to be retried: anything just claimed for them would
        overtake it."""
        return {
            one.delivery.chat_id: one
            for one in self.judged
            if not is_final(one.outcome) or isinstance(one.outcome, ChatGone)
        }

    async def book(self, wants: int, *, now: int, ending: bool) -> list[Delivery]:
        """The one transaction: what became of deliveries, what was learned, the next claim of at
        most `wants`. `ending`: nothing is on its way, so a broadcast may be over. Raises
        StorageError, and then nothing is forgotten."""
        batch, self.judged = self.judged, []
        learned, self._learned = self._learned, []
        joined, self._joined = self._joined, []
        links, self._refused_links = self._refused_links, {}
        try:
            # A power cut may take back what we know of the last messages: they are sent again,
            # as those on the wire are. Waiting for the disk would keep readers' words waiting.
            async with self._db.transaction(durable=False) as tx:
                for article, picture in learned:
                    await _keep_picture(tx, article, picture, now=now)
                for article, link in links.items():
                    await articles.refuse_link(tx, article, link)
                await outcomes.record(tx, batch, now=now)
                await pictures.joined(tx, joined)
                if now >= self._renew_at:
                    await outbox.renew(tx, now=now, lease=self._lease)
                    self._renew_at = now + self._lease // 3
                claimed = await outbox.claim(
                    tx, wants, now=now, lease=self._lease, keep=self._keep, zone=self._zone
                )
                finished: list[outbox.Finished] = []
                if ending or now > self._finished_at:
                    finished = await outbox.finish(tx, now=now)
                    for one in finished:  # editors' cards tell how many chats have it
                        await desk.refresh_cards(tx, one.article_id, now=now)
                    self._finished_at = now
        except StorageError:
            self.judged[:0] = batch
            self._learned[:0] = learned
            self._joined[:0] = joined
            self._refused_links = links | self._refused_links
            raise
        except OperatorError:
            raise
        except Exception as error:  # noqa: BLE001 - one of them cannot be recorded: the others can
            log_fault("delivery.unrecorded", error, of=len(batch))
            await self._record_singly(batch, now=now)
            return []
        self._count(Counter((one.delivery.kind.value, type(one.outcome).__name__) for one in batch))
        _tell(finished)
        return claimed

    async def _record_singly(self, batch: list[Judged], *, now: int) -> None:
        """Record each by itself; one that fails is set aside, if it still has to be sent."""
        for done, one in enumerate(batch):
            try:
                try:
                    async with self._db.transaction() as tx:
                        await outcomes.record(tx, [one], now=now)
                except (StorageError, OperatorError):
                    raise
                except Exception as error:  # noqa: BLE001 - a fault with this one
                    log_fault("delivery.unrecorded", error, delivery=one.delivery.id)
                    async with self._db.transaction() as tx:
                        await outcomes.end_unrecorded(tx, one, reason=reason(error), now=now)
            except StorageError:
                self.judged[:0] = batch[done:]
                raise

    async def end(self, flying: list[DeliveryId], *, now: int) -> int:
        """Record all, and hand back what was claimed and is not `flying`; returns how many that
        are. Raises StorageError."""
        async with self._db.transaction() as tx:
            await outcomes.record(tx, self.judged, now=now)
            finished = await outbox.finish(tx, now=now)
            back = await outbox.give_back(tx, flying)
        self.judged.clear()
        _tell(finished)
        return back


async def _keep_picture(
    tx: Connection, article: ArticleId, picture: PictureState, *, now: int
) -> None:
    """Store what was learned about a picture, as far as it holds after a restart too."""
    match picture.form:
        case PictureForm.NAMED | PictureForm.UNSEEN:
            await pictures.named(
                tx, article, address=picture.address, file_id=picture.file_id, now=now
            )
        case PictureForm.AWAITED:
            await pictures.wait_for(tx, article, address=picture.address, due_at=now)
        case PictureForm.NONE:
            await pictures.none(tx, article, address=picture.address)
        case _:
            pass


def _tell(finished: list[outbox.Finished]) -> None:
    for one in finished:
        log.info(
            "broadcast.done",
            article=one.article_id,
            delivered=one.delivered,
            of=one.taken,
            gone=one.gone,
            dead=one.dead,
        )
