"""The moderators' side: buttons of cards, answers to readers, commands of their chat.

Only a press in the moderators' chat by somebody who is a member at that moment counts. A button
that was forged, or forwarded elsewhere, does nothing.
"""

from __future__ import annotations

from telegram.ext import filters

from bot.core import bench, cards
from bot.core.callbacks import Kind, Press, decode
from bot.core.comments import Actor, Comment, Conflict, Reason, State, Verdict
from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.model import Keyboard, SendStatus
from bot.discussion.talk import ANSWER_LIMIT, Words
from handlers import newsdesk, review
from handlers.bench import at_the_bench, moderator
from handlers.comments import part_of
from handlers.turn import Handler, Turn

# --- buttons of a card ----------------------------------------------------------------------------


async def decide(turn: Turn) -> None:
    """✅, a reason, 🚫 for the second time, or ↩."""
    press = decode(turn.data)
    if press is not None and press.word == "undo":
        await _undo(turn, press)
        return
    wanted = _verdict(press.word) if press else None
    by = await _who(turn, press) if press and wanted else None
    if press is None or wanted is None or by is None:
        return
    comment_id, revision, version = press.numbers
    verdict, reason = wanted
    outcome = await turn.desk.discussion.bench.decide(
        comment_id, revision=revision, version=version, by=by, verdict=verdict, reason=reason
    )
    if outcome.conflict is not None:
        text = bench.conflict(outcome.conflict, outcome.comment, turn.tr, now=turn.now)
        await turn.toast(text, alert=outcome.conflict is not Conflict.AGAIN)
    elif outcome.comment is not None:
        await turn.toast(bench.done(outcome.comment, turn.tr))
    if turn.private:
        await review.show_next(turn, by)


async def _who(turn: Turn, press: Press) -> Actor | None:
    """A moderator: in their chat, or at a desk of his own with this comment on it."""
    if turn.private:
        return await review.on_the_desk(turn, press.numbers[0])
    return await moderator(turn)


def _verdict(word: str) -> tuple[Verdict, Reason | None] | None:
    if word in {Verdict.APPROVE.value, Verdict.BAN.value}:
        return Verdict(word), None
    return (Verdict.REJECT, Reason(word)) if word in set(Reason) else None


async def menu_of(turn: Turn) -> None:
    """❌, 🚫 and ⋯ open another row of buttons; ◀ leads back."""
    press = decode(turn.data)
    if press is None or await _who(turn, press) is None:
        return
    seen = await turn.desk.discussion.bench.view(press.numbers[0])
    if seen is None:
        return
    if not await _still_as_seen(turn, press, seen.comment):
        return
    keyboards: dict[str, Keyboard] = {
        "main": cards.main_menu(seen.comment, turn.tr),
        "reject": cards.reject_menu(seen.comment, turn.tr),
        "ban": cards.ban_menu(seen.comment, seen.reader, turn.tr),
        "more": cards.more_menu(
            seen.comment, turn.tr, closed=await turn.desk.discussion.bench.closed(seen.comment)
        ),
    }
    keyboard = keyboards.get(press.word, ())
    if turn.private and press.word == "main":
        keyboard = bench.desk_menu(cards.desk_menu(seen.comment, turn.tr), seen.comment, turn.tr)
    if keyboard:
        await turn.desk.messenger.edit_keyboard(keyboard, turn.here, turn.message.message_id)


async def _still_as_seen(turn: Turn, press: Press, comment: Comment) -> bool:
    _, revision, version = press.numbers
    if comment.state is State.PENDING and (comment.revision, comment.version) == (
        revision,
        version,
    ):
        return True
    found = Conflict.CHANGED if comment.state is State.PENDING else Conflict.DECIDED
    await turn.toast(bench.conflict(found, comment, turn.tr, now=turn.now), alert=True)
    await turn.desk.discussion.bench.refresh(comment.id)
    return False


async def card(turn: Turn) -> None:
    """What a card offers besides decisions."""
    press = decode(turn.data)
    by = await moderator(turn) if press else None
    if press is None or by is None:
        return
    number, word = press.numbers[0], press.word
    if word in {"answer", "note"}:
        await _prompt(turn, number, word, by)
    elif word in {"history", "reader"}:
        await newsdesk.show(turn, number, word)
    elif word.startswith("mute") and word[4:] in {"1", "7", "30"}:
        await newsdesk.mute_days(turn, number, int(word[4:]), by)
    elif word in {"open", "close"}:
        await newsdesk.close_comments(turn, number, closed=word == "close", by=by)
        await _offer_the_opposite(turn, number, closed=word == "close")
    elif word == "reopen":
        outcome = await turn.desk.discussion.bench.reopen(number, by=by)
        await _tell_conflict(turn, outcome.conflict, outcome.comment)


async def _offer_the_opposite(turn: Turn, number: int, *, closed: bool) -> None:
    """🔒 becomes 🔓 on the card whose button was pressed, and back."""
    seen = await turn.desk.discussion.bench.view(number)
    if seen is not None and seen.comment.state is State.PENDING:
        menu = cards.more_menu(seen.comment, turn.tr, closed=closed)
        await turn.desk.messenger.edit_keyboard(menu, turn.here, turn.message.message_id)


async def _undo(turn: Turn, press: Press) -> None:
    by = await moderator(turn)
    if by is None:
        return
    number, _, version = press.numbers
    outcome = await turn.desk.discussion.bench.undo(number, version=version, by=by)
    await _tell_conflict(turn, outcome.conflict, outcome.comment)


async def _tell_conflict(turn: Turn, found: Conflict | None, comment: Comment | None) -> None:
    if found is not None:
        await turn.toast(bench.conflict(found, comment, turn.tr, now=turn.now), alert=True)
    else:
        await turn.toast(turn.tr.gettext("↩ It is back in the queue."))


async def _prompt(turn: Turn, number: int, role: str, by: Actor) -> None:
    """Asks for an answer to the reader, or for a note; only an answer to this prompt counts."""
    seen = await turn.desk.discussion.bench.view(number)
    if seen is None or seen.comment.state is State.ERASED:
        raise Refusal(turn.tr.gettext("There is nothing to do here any more."))
    if role == "answer" and seen.reader.blocked_at is not None:
        await turn.toast(
            turn.tr.gettext("This reader has blocked the bot: an answer may not arrive."),
            alert=True,
        )
    post = (
        bench.answer_prompt(by, seen.reader, seen.comment, seen.subject, turn.tr)
        if role == "answer"
        else bench.note_prompt(by, seen.reader, seen.comment, turn.tr)
    )
    sent = await turn.answer(post, quoting=True)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await turn.desk.discussion.talk.remember_prompt(
            turn.chat, sent.message_id, role, number, by
        )


async def answer_button(turn: Turn) -> None:
    """✖ takes a waiting answer back, 📣 lets everybody read it."""
    press = decode(turn.data)
    by = await moderator(turn) if press else None
    if press is None or by is None:
        return
    talk = turn.desk.discussion.talk
    if press.word == "cancel":
        found = await talk.cancel(press.numbers[0], by=by)
        if found is not None and found.state != "cancelled":
            await turn.toast(turn.tr.gettext("It has gone out already."), alert=True)
    elif press.word == "publish":
        await talk.publish(press.numbers[0], by=by)


# --- messages in the moderators' chat -------------------------------------------------------------


async def replied(turn: Turn) -> None:
    """An answer to one of our prompts; anything else is talk among moderators."""
    replied_to = turn.message.reply_to_message
    if replied_to is None or not await at_the_bench(turn):
        return
    prompt = await turn.desk.discussion.talk.prompt(turn.chat, replied_to.message_id)
    if prompt is None:
        return
    by = await moderator(turn)
    if by is None:
        return
    role, comment_id = prompt
    if role == "note":
        await _note(turn, comment_id, by)
    else:
        await _answer(turn, comment_id, by)


async def _note(turn: Turn, comment_id: int, by: Actor) -> None:
    text = part_of(turn.message).text
    reader = await turn.desk.discussion.bench.note(comment_id, text, by=by) if text else None
    if reader is not None:
        who = bench.who(reader)
        await turn.answer(turn.tr.gettext("📝 Noted about {who}.", who=who), quoting=True)


async def _answer(turn: Turn, comment_id: int, by: Actor) -> None:
    part = part_of(turn.message)
    text = await newsdesk.canned(turn, part.text)
    over = len(text) - ANSWER_LIMIT
    if over > 0:
        raise Refusal(
            turn.tr.gettext(
                "An answer can have {most} characters. Please shorten yours by {n}.",
                most=turn.tr.number(ANSWER_LIMIT),
                n=turn.tr.number(over),
            )
        )
    taken = await turn.desk.discussion.talk.answer(
        comment_id, turn.chat, Words(part.message_id, text, part.media, turn.thread), by=by
    )
    if taken is None:
        raise Refusal(turn.tr.gettext("There is nobody left to answer: the reader is forgotten."))


async def edited(turn: Turn) -> None:
    """A moderator changes an answer that waits."""
    if not await at_the_bench(turn):
        return
    part = part_of(turn.message)
    words = Words(part.message_id, part.text, part.media)
    await turn.desk.discussion.talk.edit(turn.chat, words)


# --- the table ------------------------------------------------------------------------------------

COMMANDS: dict[str, Handler] = newsdesk.COMMANDS
BUTTONS: tuple[tuple[Kind, Handler], ...] = (
    (Kind.DECIDE, decide),
    (Kind.MENU, menu_of),
    (Kind.CARD, card),
    (Kind.ANSWER, answer_button),
    (Kind.QUEUE, review.pressed),
)


def messages() -> list[tuple[filters.BaseFilter, Handler]]:
    """Messages of groups: only those that answer a prompt of ours concern us."""
    groups = filters.ChatType.GROUPS & ~filters.StatusUpdate.ALL
    return [
        (groups & filters.REPLY & filters.UpdateType.MESSAGE, replied),
        (filters.ChatType.GROUPS & filters.UpdateType.EDITED_MESSAGE, edited),
    ]


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return newsdesk.menu(tr)
