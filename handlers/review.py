"""The moderators' desk: in a private chat one comment follows the other in the same message.

A comment on a desk is claimed for five minutes: moderators working at once never see the same one.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import bench, cards
from bot.core.callbacks import decode
from bot.core.cards import Card
from bot.core.comments import Actor
from bot.core.errors import Refusal
from bot.core.model import Destination, Post, SendResult, SendStatus
from bot.core.render import deep_link
from handlers.bench import member, moderator
from handlers.turn import Turn


async def pressed(turn: Turn) -> None:
    """▶ in the moderators' chat opens the desk in the private chat of whoever presses; ⏭ there
    goes on to the next."""
    press = decode(turn.data)
    if press is None:
        return
    if turn.private:
        by = await member(turn)
        if by is not None:
            await show_next(turn, by, after=press.numbers[0] or None)
        return
    by = await moderator(turn)
    if by is not None:
        await _open(turn, by)


async def _open(turn: Turn, by: Actor) -> None:
    seen = await turn.desk.discussion.queue.next(by.id)
    if seen is None:
        await turn.toast(turn.tr.gettext("Nothing waits that nobody else looks at."))
        return
    there = Destination(by.id)
    sent = await turn.desk.messenger.send(_on_the_desk(turn, seen), there)
    if sent.status is not SendStatus.OK:
        await turn.toast(url=deep_link(turn.desk.username, "queue"))
        return
    await _further(turn, seen, there, sent.message_id)
    await turn.toast(turn.tr.gettext("Your desk is in our private chat."))


async def open_here(turn: Turn) -> None:
    """`/queue` in a private chat. Raises Refusal for those who are no moderators."""
    by = await member(turn)
    if by is None:
        raise Refusal(turn.tr.gettext("This is for the newsroom's moderators."))
    seen = await turn.desk.discussion.queue.next(by.id)
    if seen is None:
        await turn.answer(turn.tr.gettext("Nothing waits that nobody else looks at."))
        return
    sent = await turn.answer(_on_the_desk(turn, seen))
    await _further(turn, seen, turn.here, sent.message_id)


async def show_next(turn: Turn, by: Actor, *, after: int | None = None) -> None:
    """The next comment in place of the one that was on the desk."""
    queue, number = turn.desk.discussion.queue, turn.message.message_id
    seen = await queue.next(by.id, after=after)
    if seen is None:
        await turn.replace(turn.tr.gettext("✨ Nothing waits. Thank you!"))
        await queue.on_the_desk(by.id, number, None)
        return
    await turn.replace(_on_the_desk(turn, seen))
    await _further(turn, seen, turn.here, number)


def _on_the_desk(turn: Turn, seen: Card) -> Post:
    post = cards.card(seen, turn.tr, now=turn.now)
    menu = bench.desk_menu(cards.desk_menu(seen.comment, turn.tr), seen.comment, turn.tr)
    return Post(post.text, keyboard=menu)


async def _further(turn: Turn, seen: Card, there: Destination, shown: int | None) -> None:
    """What does not fit into the message: pictures, and the rest of a long text. All of it is
    written down: it goes when the desk goes on, or when the reader takes it back."""
    besides: list[int] = []
    media = [part.message_id for part in seen.comment.parts if part.media]
    if media and seen.reader.telegram_id is not None:
        copied = await turn.desk.messenger.copy(there, seen.reader.telegram_id, media)
        besides += _numbers(copied)
    for number in range(2, cards.parts(seen, turn.tr) + 1):
        post = cards.part(seen, turn.tr, number)
        besides += _numbers(await turn.desk.messenger.send(post, there))
    if shown is not None:
        await turn.desk.discussion.queue.on_the_desk(
            there.telegram_id, shown, seen.comment.id, besides
        )


def _numbers(sent: SendResult) -> Sequence[int]:
    return sent.message_ids or ((sent.message_id,) if sent.message_id is not None else ())


async def on_the_desk(turn: Turn, comment_id: int) -> Actor | None:
    """Who presses a button of a comment on his own desk; None when it is not there (any more)."""
    by = await member(turn)
    if by is None:
        return None
    if not await turn.desk.discussion.queue.holds(by.id, comment_id):
        await turn.toast(turn.tr.gettext("That took a while: here is the next one."), alert=True)
        await show_next(turn, by)
        return None
    return by
