"""The moderators' side: buttons of cards, answers to readers, commands of their chat.

Only a press in the moderators' chat by a current member counts. A button that was forged, or
forwarded elsewhere, does nothing.
"""

from __future__ import annotations

from dataclasses import replace

from telegram.ext import filters

from bot.core.callbacks import Press, PressKind, decode
from bot.core.comments import card_buttons, moderators_view
from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.lifecycle import OWN_REASON_LIMIT
from bot.core.comments.model import Comment, Conflict, Decision, Reason, State
from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.model import Actor, Keyboard, SendStatus
from bot.discussion.prompts import Prompt
from bot.discussion.replies import ANSWER_LIMIT
from handlers import corrections, desk, moderator_commands, review
from handlers.access import is_member, member, moderator
from handlers.context import Context, Handler
from handlers.parts import part_of, words_of

# --- buttons of a card ----------------------------------------------------------------------------


async def decide(ctx: Context) -> None:
    """✅, a reason, 🚫 pressed a second time, or ↩."""
    press = decode(ctx.data)
    if press is not None and press.word == "undo":
        await _undo(ctx, press)
        return
    wanted = _decision(press.word) if press else None
    by = await _who(ctx, press) if press and wanted else None
    if press is None or wanted is None or by is None:
        return
    comment_id, revision, version = press.numbers
    decision, reason = wanted
    outcome = await ctx.deps.discussion.moderation.decide(
        comment_id, revision=revision, version=version, by=by, decision=decision, reason=reason
    )
    if outcome.conflict is not None:
        text = moderators_view.conflict(outcome.conflict, outcome.comment, ctx.tr, now=ctx.now)
        await ctx.toast(text, alert=outcome.conflict is not Conflict.AGAIN)
    elif outcome.comment is not None:
        await ctx.toast(moderators_view.done(outcome.comment, ctx.tr))
    if ctx.private:
        await review.show_next(ctx, by)


async def _who(ctx: Context, press: Press) -> Actor | None:
    """The moderator: in the moderators' chat, or reviewing this comment in private."""
    if ctx.private:
        return await review.in_review(ctx, press.numbers[0])
    return await moderator(ctx)


def _decision(word: str) -> tuple[Decision, Reason | None] | None:
    if word in {Decision.APPROVE.value, Decision.BAN.value}:
        return Decision(word), None
    return (Decision.REJECT, Reason(word)) if word in set(Reason) - {Reason.OWN} else None


async def menu_of(ctx: Context) -> None:
    """❌, 🚫 and ⋯ open another row of buttons; ◀ leads back."""
    press = decode(ctx.data)
    by = await _who(ctx, press) if press else None
    if press is None or by is None:
        return
    seen = await ctx.deps.discussion.overview.view(press.numbers[0])
    if seen is None:
        return
    if not await _still_as_seen(ctx, press, seen.comment):
        return
    keyboards: dict[str, Keyboard] = {
        "main": card_buttons.main_menu(seen.comment, ctx.tr),
        "reject": card_buttons.reject_menu(seen.comment, ctx.tr),
        "ban": card_buttons.ban_menu(seen.comment, seen.reader, ctx.tr),
        "more": card_buttons.more_menu(
            seen.comment, ctx.tr, closed=await ctx.deps.discussion.overview.closed(seen.comment)
        ),
    }
    keyboard = keyboards.get(press.word, ())
    if ctx.private and press.word == "main":
        keyboard = await review.menu_of(ctx, seen.comment, by)
    if keyboard:
        await ctx.deps.messenger.edit_keyboard(keyboard, ctx.here, ctx.message_id)


async def _still_as_seen(ctx: Context, press: Press, comment: Comment) -> bool:
    _, revision, version = press.numbers
    if comment.state is State.PENDING and (comment.revision, comment.version) == (
        revision,
        version,
    ):
        return True
    found = Conflict.CHANGED if comment.state is State.PENDING else Conflict.DECIDED
    await ctx.toast(moderators_view.conflict(found, comment, ctx.tr, now=ctx.now), alert=True)
    await ctx.deps.discussion.overview.refresh(comment.id)
    return False


async def card(ctx: Context) -> None:
    """The buttons of a card that are not decisions."""
    press = decode(ctx.data)
    by = await _who(ctx, press) if press else None
    if press is None or by is None:
        return
    number, word = press.numbers[0], press.word
    if word in {"answer", "note"}:
        await _prompt(ctx, number, word, by)
    elif word == "why":
        await _ask_why(ctx, number, by)
    elif word == "correct":
        await corrections.ask(ctx, number)
    elif word == "corrected":
        await corrections.answers(ctx, number)
    elif word in {"history", "reader"}:
        await moderator_commands.show(ctx, number, word)
    elif word.startswith("mute") and word[4:] in {"1", "7", "30"}:
        await moderator_commands.mute_days(ctx, number, int(word[4:]), by)
    elif word in {"open", "close"}:
        await moderator_commands.close_comments(ctx, number, closed=word == "close", by=by)
        await _offer_the_opposite(ctx, number, closed=word == "close")
    elif word == "reopen":
        outcome = await ctx.deps.discussion.moderation.reopen(number, by=by)
        await _tell_conflict(ctx, outcome.conflict, outcome.comment)


async def _offer_the_opposite(ctx: Context, number: int, *, closed: bool) -> None:
    """Swap 🔒 and 🔓 on the card whose button was pressed."""
    seen = await ctx.deps.discussion.overview.view(number)
    if seen is not None and seen.comment.state is State.PENDING:
        menu = card_buttons.more_menu(seen.comment, ctx.tr, closed=closed)
        await ctx.deps.messenger.edit_keyboard(menu, ctx.here, ctx.message_id)


async def _undo(ctx: Context, press: Press) -> None:
    by = await moderator(ctx)
    if by is None:
        return
    number, _, version = press.numbers
    outcome = await ctx.deps.discussion.moderation.undo(number, version=version, by=by)
    await _tell_conflict(ctx, outcome.conflict, outcome.comment)


async def _tell_conflict(ctx: Context, found: Conflict | None, comment: Comment | None) -> None:
    if found is not None:
        await ctx.toast(moderators_view.conflict(found, comment, ctx.tr, now=ctx.now), alert=True)
    else:
        await ctx.toast(ctx.tr.gettext("↩ Back in the queue."))


async def _prompt(ctx: Context, number: int, role: str, by: Actor) -> None:
    """Prompt for an answer to the reader, or for a note; only a reply to this prompt counts."""
    seen = await ctx.deps.discussion.overview.view(number)
    if seen is None or seen.comment.state is State.ERASED:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    if role == "answer" and seen.reader.blocked_at is not None:
        await ctx.toast(
            ctx.tr.gettext("This reader has blocked the bot; a reply may not arrive."),
            alert=True,
        )
    post = (
        moderators_view.answer_prompt(by, seen.reader, seen.comment, seen.subject, ctx.tr)
        if role == "answer"
        else moderators_view.note_prompt(by, seen.reader, seen.comment, ctx.tr)
    )
    sent = await ctx.answer(post, quoting=True)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await ctx.deps.discussion.prompts.remember(
            ctx.chat, sent.message_id, role, comment_id=number, by=by
        )
        if role == "answer":
            await _offer_saved(ctx, seen.comment)


async def _offer_saved(ctx: Context, comment: Comment) -> None:
    """Offer saved replies in place of the buttons of the card whose 💬 was pressed."""
    names = [name for name, _ in await ctx.deps.discussion.canned.replies()]
    menu = card_buttons.replies_menu(comment, names, ctx.tr)
    if menu and comment.state is State.PENDING:
        await ctx.deps.messenger.edit_keyboard(menu, ctx.here, ctx.message_id)


async def saved_reply(ctx: Context) -> None:
    """A saved reply goes to the reader."""
    press = decode(ctx.data)
    by = await _who(ctx, press) if press else None
    text = await ctx.deps.discussion.canned.reply(press.word) if press and by else None
    if press is None or by is None:
        return
    if text is None:
        raise Refusal(ctx.tr.gettext("There's no such saved reply; see /reply list."))
    # There is no message of a person: the press stands in for one.
    part = AnswerPart(-ctx.update.update_id, text)
    taken = await ctx.deps.discussion.replies.answer(
        press.numbers[0], ctx.chat, part, thread=ctx.thread, under=ctx.message_id, by=by
    )
    if taken is None:
        raise Refusal(_nobody(ctx))
    await ctx.toast(text[:200])


async def _ask_why(ctx: Context, number: int, by: Actor) -> None:
    """Prompt for the reason of a rejection; a reply to this prompt rejects."""
    seen = await ctx.deps.discussion.overview.view(number)
    if seen is None or seen.comment.state is not State.PENDING or seen.subject is None:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    post = moderators_view.reason_prompt(by, seen.reader, seen.comment, ctx.tr)
    sent = await ctx.answer(post, quoting=True)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await ctx.deps.discussion.prompts.remember(
            ctx.chat, sent.message_id, "question", comment_id=number, by=by
        )


async def _reject_in_words(ctx: Context, prompt: Prompt, by: Actor) -> None:
    words = " ".join(part_of(ctx.message).text.split())
    if not words:
        raise Refusal(ctx.tr.gettext("Please send text."))
    over = len(words) - OWN_REASON_LIMIT
    if over > 0:
        raise Refusal(
            ctx.tr.gettext(
                "At most {most} characters; please shorten yours by {n}.",
                most=ctx.tr.number(OWN_REASON_LIMIT),
                n=ctx.tr.number(over),
            )
        )
    outcome = await ctx.deps.discussion.moderation.reject_in_words(
        prompt.comment_id, words, asked_at=prompt.asked_at, by=by
    )
    if outcome.conflict is None and outcome.comment is not None:
        await ctx.answer(moderators_view.done(outcome.comment, ctx.tr), quoting=True)
    elif outcome.conflict not in {None, Conflict.AGAIN}:
        assert outcome.conflict is not None  # it is one of the others
        said = moderators_view.conflict(outcome.conflict, outcome.comment, ctx.tr, now=ctx.now)
        await ctx.answer(said, quoting=True)


def _nobody(ctx: Context) -> str:
    return ctx.tr.gettext("There's no one left to reply to: this reader's data has been deleted.")


async def answer_button(ctx: Context) -> None:
    """✖ cancels a waiting answer, 📣 publishes it."""
    press = decode(ctx.data)
    by = await (member(ctx) if ctx.private else moderator(ctx))
    if press is None or by is None:
        return
    replies = ctx.deps.discussion.replies
    if press.word == "cancel":
        found = await replies.cancel(press.numbers[0], by=by)
        if found is not None and found.state != "cancelled":
            await ctx.toast(ctx.tr.gettext("It has already been sent."), alert=True)
    elif press.word == "publish":
        await replies.publish(press.numbers[0], by=by)


# --- messages in the moderators' chat -------------------------------------------------------------


async def replied(ctx: Context) -> None:
    """A reply to one of our prompts; anything else is conversation among moderators."""
    if await is_member(ctx) and not await desk.replied(ctx):
        await answered_prompt(ctx)


async def answered_prompt(ctx: Context) -> bool:
    """Take a reply to a prompt, in the moderators' chat or in a private review; False if it is not
    one."""
    replied_to = ctx.message.reply_to_message
    if replied_to is None:
        return False
    prompt = await ctx.deps.discussion.prompts.prompt(ctx.chat, replied_to.message_id)
    by = await (member(ctx) if ctx.private else moderator(ctx)) if prompt is not None else None
    if prompt is None or by is None:
        return False
    if prompt.role == "note":
        await _note(ctx, prompt.comment_id, by)
    elif prompt.role == "question":
        await _answered_question(ctx, prompt, by)
    else:
        await _answer(ctx, prompt.comment_id, by, prompt=replied_to.message_id)
    return True


async def _answered_question(ctx: Context, prompt: Prompt, by: Actor) -> None:
    """A reply that says what was wrong in an article, or why a comment is not published."""
    seen = await ctx.deps.discussion.overview.view(prompt.comment_id)
    if seen is not None and seen.comment.complaint is not None:
        await corrections.written(ctx, prompt.comment_id)
    else:
        await _reject_in_words(ctx, prompt, by)


async def _note(ctx: Context, comment_id: int, by: Actor) -> None:
    text = part_of(ctx.message).text
    reader = await ctx.deps.discussion.moderation.note(comment_id, text, by=by) if text else None
    if reader is not None:
        who = moderators_view.who(reader)
        await ctx.answer(ctx.tr.gettext("📝 Note about {who} saved.", who=who), quoting=True)


async def _answer(ctx: Context, comment_id: int, by: Actor, *, prompt: int) -> None:
    part = words_of(ctx.message)
    text = await moderator_commands.canned(ctx, part.text)
    if text != part.text:
        part = replace(part, text=text, html="")
    over = len(text) - ANSWER_LIMIT
    if over > 0:
        raise Refusal(
            ctx.tr.gettext(
                "A reply can have up to {most} characters. Please shorten yours by {n}.",
                most=ctx.tr.number(ANSWER_LIMIT),
                n=ctx.tr.number(over),
            )
        )
    taken = await ctx.deps.discussion.replies.answer(
        comment_id, ctx.chat, part, thread=ctx.thread, prompt=prompt, by=by
    )
    if taken is None:
        raise Refusal(_nobody(ctx))


async def edited(ctx: Context) -> None:
    """A moderator edits a waiting answer."""
    if await is_member(ctx):
        await edited_answer(ctx)


async def edited_answer(ctx: Context) -> None:
    """An answer written in a private chat was edited, by a reader or by a reviewing moderator who
    still is one."""
    if ctx.update.effective_user is None:  # no person, so no answer
        return
    outgoing = await member(ctx) is not None
    await ctx.deps.discussion.replies.edit(ctx.chat, words_of(ctx.message), outgoing=outgoing)


# --- the table ------------------------------------------------------------------------------------

COMMANDS: dict[str, Handler] = moderator_commands.COMMANDS
BUTTONS: tuple[tuple[PressKind, Handler], ...] = (
    (PressKind.DECIDE, decide),
    (PressKind.MENU, menu_of),
    (PressKind.CARD, card),
    (PressKind.ANSWER, answer_button),
    (PressKind.SAVED, saved_reply),
    (PressKind.QUEUE, review.pressed),
    *moderator_commands.BUTTONS,
)


def messages() -> list[tuple[filters.BaseFilter, Handler]]:
    """Messages of groups: only replies to our prompts concern us."""
    groups = filters.ChatType.GROUPS & ~filters.StatusUpdate.ALL
    return [
        (groups & filters.REPLY & filters.UpdateType.MESSAGE, replied),
        (filters.ChatType.GROUPS & filters.UpdateType.EDITED_MESSAGE, edited),
    ]


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return moderator_commands.menu(tr)
