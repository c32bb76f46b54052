"""Records outcomes of deliveries in batches. Knows rows and outcomes, no network, no clock.

    Sent            the message's id and what it shows; an edit's row is deleted
    put off         due again, and the later ones to the chat not before it
    set aside       due again by itself: a fault of ours holds up nothing else
    ended           dead or gone, with the reason; what else ends with it (a chat, a subscription)

Times, states and counts of a batch change in the one transaction of the caller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.posts.content import CardMedia, TopicLost
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.effects import (
    Effect,
    End,
    LineUp,
    PutAside,
    PutOff,
    StaysThere,
    TakenAway,
    effect_of,
)
from bot.core.posts.outcome import (
    REMOVED,
    ChatGone,
    Dead,
    Judged,
    Outcome,
    Sent,
    ThreadClosed,
    TopicGone,
)
from bot.core.posts.rate_limit import Urgency
from storage import chats, removals, sponsors, topics
from storage.chat_outcomes import record_chat, tell_moderators
from storage.database import Connection, Statement, in_both, number_rows, numbers
from storage.deliveries import as_json, enqueue_edit

_UNRECORDED_SECONDS = 600
_CARD_SECONDS = 3
"""A card follows its pictures sooner than that."""


async def record(tx: Connection, judgements: Sequence[Judged], *, now: int) -> None:
    """Record outcomes of deliveries, in the order in which they happened."""
    sent = [(one, one.outcome.message_id) for one in judgements if isinstance(one.outcome, Sent)]
    statements = [
        *_sent([pair for pair in sent if pair[0].delivery.kind is not DeliveryKind.EDIT], now=now),
        *_edited([one for one, _ in sent if one.delivery.kind is DeliveryKind.EDIT]),
        *_counts(judgements),
        *_advertised(one.delivery for one, _ in sent),
        *_opened(one.delivery for one, _ in sent),
    ]
    if statements:
        await tx.batch(*statements)
    for one in judgements:
        if not isinstance(one.outcome, Sent):
            await _record_one(tx, one, one.outcome, now=now)
        if isinstance(one.delivery.content, CardMedia):
            await _tell_card(tx, one.delivery, one.outcome, now=now)


async def _tell_card(tx: Connection, one: Delivery, outcome: Outcome, *, now: int) -> None:
    """Update the card, which says how many pictures are missing above it."""
    assert isinstance(one.content, CardMedia)  # the caller has looked
    wanted = len(one.content.source.messages) if one.content.source else 0
    copied = 0
    if isinstance(outcome, Sent):
        copied = len(outcome.message_ids) or int(outcome.message_id is not None)
    elif not isinstance(outcome, Dead):
        return
    if copied < wanted and one.kind is not DeliveryKind.EDIT:
        card = "SELECT card_id FROM comment WHERE id = :id AND card_id IS NOT NULL"
        if (number := await tx.value(card, id=one.comment_id)) is not None:
            await enqueue_edit(tx, number, due_at=now + _CARD_SECONDS, now=now)


_SENT = in_both(
    """UPDATE delivery SET state = 'sent', message_id = one.message_id, photo = one.photo,
    revision = one.revision, comments = one.comments, done_at = :now, lease_until = NULL,
    reason = '' FROM {rows} AS one WHERE delivery.id = one.id""",
    rows=number_rows("rows", "id", "message_id", "photo", "revision", "comments"),
)

_CATCH_UP = in_both(
    """INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, article_id, target_id,
    due_at, created_at)
  SELECT 'edit', 'article', 'due', :urgency, d.chat_id, d.thread, d.article_id, d.id, :now, :now
  FROM {ids} AS one JOIN delivery AS d ON d.id = one.value
    JOIN article AS a ON a.id = d.article_id
  WHERE d.kind = 'post' AND (d.revision <> a.revision OR d.comments <> a.comments)
  ON CONFLICT (target_id) WHERE kind = 'edit' AND state = 'due' DO NOTHING""",
    ids=numbers("ids"),
)
"""Messages that were on their way when a correction came: edit them now."""


def _sent(sent: Sequence[tuple[Judged, int | None]], *, now: int) -> list[Statement]:
    if not sent:
        return []
    rows = [
        [one.delivery.id, message_id, int(one.photo), one.revision, one.comments]
        for one, message_id in sent
    ]
    posts = [one.delivery.id for one, _ in sent if one.delivery.kind is DeliveryKind.POST]
    late = {"urgency": int(Urgency.COUNT), "ids": as_json(posts), "now": now}
    return [
        (_SENT, {"rows": as_json(rows), "now": now}),
        (_CATCH_UP, late),
        *_albums(one for one, _ in sent),
    ]


def _opened(arrived: Iterable[Delivery]) -> list[Statement]:
    """Chats that had refused us accept messages again; what waited for them is due at once."""
    ids = {one.chat_id for one in arrived if one.refusals and one.kind is not DeliveryKind.EDIT}
    return [statement for one in sorted(ids) for statement in chats.opened(one)]


def _advertised(arrived: Iterable[Delivery]) -> list[Statement]:
    """What a batch adds to how often advertisements were shown; edits do not count."""
    counts: dict[int, int] = defaultdict(int)
    for one in arrived:
        if one.sponsor_id is not None and one.kind is not DeliveryKind.EDIT:
            counts[one.sponsor_id] += 1
    return sponsors.shown(counts)


def _albums(sent: Iterable[Judged]) -> list[Statement]:
    """Copies that became several messages: the row's own id is that of the first."""
    return [
        (_ALBUM, {"id": one.delivery.id, "album": as_json(one.outcome.message_ids)})
        for one in sent
        if isinstance(one.outcome, Sent) and len(one.outcome.message_ids) > 1
    ]


_ALBUM = "UPDATE delivery SET album = :album WHERE id = :id"


def _edited(judgements: Sequence[Judged]) -> list[Statement]:
    """Note what the messages show now; the rows of the edits are done."""
    if not judgements:
        return []
    rows = [
        [one.delivery.target_id, one.revision, one.comments, int(one.photo)] for one in judgements
    ]
    done = as_json([one.delivery.id for one in judgements])
    emptied = [one.delivery.target_id for one in judgements if one.delivery.removes]
    return [
        (_EDITED, {"rows": as_json(rows)}),
        (_DROP, {"ids": done}),
        *([(removals.DONE, {"ids": as_json(emptied)})] if emptied else []),
    ]


_EDITED = in_both(
    """UPDATE delivery SET revision = one.revision, comments = one.comments,
    photo = CASE WHEN one.photo = 1 THEN 1 ELSE delivery.photo END
  FROM {rows} AS one WHERE delivery.id = one.id""",
    rows=number_rows("rows", "id", "revision", "comments", "photo"),
)
"""A text to which its picture was added is a picture with a caption from now on."""
_DROP = in_both("DELETE FROM delivery WHERE id IN {ids}", ids=numbers("ids"))


async def _drop(tx: Connection, ids: Sequence[int]) -> None:
    await tx.run(_DROP, ids=as_json(ids))


async def _record_one(tx: Connection, judged: Judged, outcome: Outcome, *, now: int) -> None:
    one = judged.delivery
    if isinstance(outcome, TopicGone):
        await topics.refused(tx, one.id, outcome.reason, now=now)
    if isinstance(outcome, Dead) and isinstance(one.content, TopicLost) and not one.content.group:
        await tell_moderators(tx, replace(one.content, group=one.chat_id), now=now)
    await _record_effect(tx, one, effect_of(one, outcome, now), now=now)
    await record_chat(tx, one, outcome, now=now)


async def _record_effect(tx: Connection, one: Delivery, effect: Effect, *, now: int) -> None:
    match effect:
        case PutOff():
            await _put_off(tx, one, effect)
        case LineUp():
            await _put_off(tx, one, effect.behind(await _last_due(tx, one)))
        case PutAside(at, reason):
            await _put_aside(tx, one, at, reason)
        case TakenAway():
            await tx.run(_REMOVED, reason=REMOVED, id=one.target_id)
            await removals.done(tx, one.target_id)
            await _drop(tx, [one.id])
        case StaysThere(reason):
            await tx.run(_KEPT, reason=reason, id=one.target_id)
            await _drop(tx, [one.id])
        case End(state, reason, lost):
            await _end(tx, one, state, reason, now=now)
            if lost:
                await tx.run(
                    "UPDATE delivery SET message_id = NULL WHERE id = :id", id=one.target_id
                )


# In a thread a deleted message may be sent anew (`bot.core.comments.threads`); one that Telegram
# keeps, a person has to delete (`bot.discussion.removal`).
_REMOVED = """UPDATE delivery SET state = 'dead', reason = :reason, message_id = NULL
  WHERE id = :id"""
_KEPT = "UPDATE delivery SET reason = :reason WHERE id = :id"


async def _put_off(tx: Connection, one: Delivery, put_off: PutOff) -> None:
    if await _another_waits(tx, one):
        await _drop(tx, [one.id])
        return
    await tx.run(
        "UPDATE delivery SET state = :state, due_at = :at, lease_until = NULL, reason = :reason,"
        " attempts = attempts + :attempts, doubts = doubts + :doubts WHERE id = :id",
        state="unknown" if put_off.doubts else "due",
        at=put_off.at,
        reason=put_off.reason or "again",
        attempts=put_off.attempts,
        doubts=put_off.doubts,
        id=one.id,
    )
    await tx.run(
        "UPDATE delivery SET due_at = :at WHERE chat_id = :chat AND id > :id AND due_at < :at"
        " AND state IN ('due', 'unknown')"
        " AND urgency = (SELECT urgency FROM delivery WHERE id = :id)",
        at=put_off.at,
        chat=one.chat_id,
        id=one.id,
    )


async def _last_due(tx: Connection, one: Delivery) -> int | None:
    """When the last of the earlier ones that wait for the chat is due."""
    last = await tx.value(
        "SELECT MAX(due_at) FROM delivery WHERE chat_id = :chat AND state IN ('due', 'unknown')"
        " AND urgency = (SELECT urgency FROM delivery WHERE id = :id) AND id < :id",
        chat=one.chat_id,
        id=one.id,
    )
    return None if last is None else int(last)


async def _another_waits(tx: Connection, one: Delivery) -> bool:
    """Of an edit: whether another one of the same message already waits, which will do."""
    return one.kind is DeliveryKind.EDIT and bool(
        await tx.value(
            "SELECT 1 FROM delivery WHERE target_id = :target AND kind = 'edit' AND state = 'due'",
            target=one.target_id,
        )
    )


async def _put_aside(tx: Connection, one: Delivery, at: int, reason: str) -> None:
    if await _another_waits(tx, one):
        await _drop(tx, [one.id])
        return
    await tx.run(
        "UPDATE delivery SET state = 'due', urgency = :aside, due_at = :at, lease_until = NULL,"
        " reason = :reason, attempts = attempts + 1 WHERE id = :id",
        aside=int(Urgency.ASIDE),
        at=at,
        reason=reason,
        id=one.id,
    )


async def end_unrecorded(tx: Connection, judged: Judged, *, reason: str, now: int) -> None:
    """End a delivery whose outcome cannot be recorded by a fault of ours, if it arrived: better a
    message that no edit reaches than one that comes again and again."""
    if isinstance(judged.outcome, Sent):
        await _end(tx, judged.delivery, "dead", reason, now=now)
        if statements := _counts([judged._replace(outcome=Dead(reason))]):
            await tx.batch(*statements)
    else:
        await _put_aside(tx, judged.delivery, now + _UNRECORDED_SECONDS, reason)


async def _end(tx: Connection, one: Delivery, state: str, reason: str, *, now: int) -> None:
    if one.kind is DeliveryKind.EDIT:
        await _drop(tx, [one.id])
        return
    await tx.run(
        "UPDATE delivery SET state = :state, reason = :reason, done_at = :now, lease_until = NULL"
        " WHERE id = :id",
        state=state,
        reason=reason,
        now=now,
        id=one.id,
    )


def _counts(judgements: Iterable[Judged]) -> list[Statement]:
    """What a batch adds to the totals of its broadcasts."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in judgements:
        if one.delivery.broadcast_id is None:
            continue
        match one.outcome:
            case Sent():
                counts[one.delivery.broadcast_id][0] += 1
            case ChatGone():
                counts[one.delivery.broadcast_id][1] += 1
            case Dead() | ThreadClosed():
                counts[one.delivery.broadcast_id][2] += 1
    return [
        (_COUNT, {"id": broadcast, "delivered": delivered, "gone": gone, "dead": dead})
        for broadcast, (delivered, gone, dead) in counts.items()
    ]


_COUNT = """UPDATE broadcast SET delivered = delivered + :delivered, gone = gone + :gone,
  dead = dead + :dead WHERE id = :id"""
