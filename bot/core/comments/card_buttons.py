"""The buttons of a card: what moderators can do with a comment, a letter or a complaint."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import Press, PressKind, encode, fits
from bot.core.comments.aliases import alias
from bot.core.comments.complaints import ComplaintState
from bot.core.comments.lifecycle import UNDO_SECONDS, only_an_edit
from bot.core.comments.model import Comment, Decision, Reader, Reason, State
from bot.core.language import Translator
from bot.core.model import Button, Keyboard
from bot.core.names import clean_name
from bot.core.text import fit

_MOST_SAVED = 20
_FOR_COMPLAINTS = (Reason.OFF_TOPIC, Reason.INSULT, Reason.ADVERT, Reason.SPAM, Reason.DUPLICATE)


def main_menu(comment: Comment, tr: Translator) -> Keyboard:
    """✅ ❌ / 💬 🚫 ⋯; a complaint needs an answer in place of ✅."""
    if comment.complaint is not None:
        return _complaint_menu(comment, tr)
    public = comment.live is not None and not only_an_edit(comment)
    approve = tr.gettext("✅ Approve") if comment.article_id else tr.gettext("✅ Done")
    if public:
        approve = tr.gettext("✅ Keep")
    reject = tr.gettext("❌ Take down") if public else tr.gettext("❌ Reject")
    return (
        (
            Button(approve, data=_decide(comment, Decision.APPROVE.value)),
            Button(reject, data=_menu(comment, "reject")),
        ),
        (
            Button(tr.gettext("💬 Reply"), data=_card(comment, "answer")),
            Button(tr.gettext("🚫 Ban"), data=_menu(comment, "ban")),
            Button("⋯", data=_menu(comment, "more")),
        ),
    )


def _complaint_menu(comment: Comment, tr: Translator) -> Keyboard:
    return (
        (
            Button(tr.gettext("💬 Reply"), data=_card(comment, "answer")),
            Button(tr.gettext("✏️ Correct"), data=_card(comment, "correct")),
        ),
        (
            Button(tr.gettext("❌ Decline"), data=_menu(comment, "reject")),
            Button(tr.gettext("🚫 Ban"), data=_menu(comment, "ban")),
            Button("⋯", data=_menu(comment, "more")),
        ),
    )


def reasons(tr: Translator) -> dict[Reason, str]:
    """The reasons that moderators can choose from."""
    return {
        Reason.OFF_TOPIC: tr.gettext("Off-topic"),
        Reason.INSULT: tr.gettext("Insult"),
        Reason.ADVERT: tr.gettext("Advertising"),
        Reason.SPAM: tr.gettext("Spam"),
        Reason.DUPLICATE: tr.gettext("Duplicate"),
        Reason.OTHER: tr.gettext("Other"),
        Reason.SILENTLY: tr.gettext("Reject silently"),
    }


def reason_name(reason: Reason, tr: Translator) -> str:
    """Why it was rejected, after the decision."""
    if reason is Reason.OWN:
        return tr.gettext("in their own words")
    return tr.gettext("without notice") if reason is Reason.SILENTLY else reasons(tr)[reason]


def reject_menu(comment: Comment, tr: Translator) -> Keyboard:
    """One press on a reason decides. A complainant is always told, preferably in the moderator's
    own words."""
    offered = reasons(tr)
    if comment.complaint is not None:
        offered = {reason: offered[reason] for reason in _FOR_COMPLAINTS}
    buttons = [
        Button(text, data=_decide(comment, reason.value)) for reason, text in offered.items()
    ]
    if comment.complaint is not None:
        buttons.append(Button(tr.gettext("💬 In my own words"), data=_card(comment, "answer")))
    elif comment.article_id is not None:  # readers are not told what becomes of a letter
        buttons.append(Button(tr.gettext("✍️ Another reason…"), data=_card(comment, "why")))
    ban = Button(tr.gettext("🚫 Ban"), data=_menu(comment, "ban"))
    return (*_rows(buttons), (_back(comment, tr), ban))


def ban_menu(comment: Comment, reader: Reader, tr: Translator) -> Keyboard:
    """Asks for confirmation."""
    text = tr.gettext("🚫 Yes, ban {name}", name=clean_name(reader.name) or alias(reader.id))
    return (
        (Button(fit(text, 60), data=_decide(comment, Decision.BAN.value)),),
        (_back(comment, tr),),
    )


def more_menu(comment: Comment, tr: Translator, *, closed: bool) -> Keyboard:
    """⋯: mute, history, all by this reader, a note, close the article's comments."""
    rows = [
        tuple(
            Button(
                tr.ngettext("🔇 {n} day", "🔇 {n} days", days), data=_card(comment, f"mute{days}")
            )
            for days in (1, 7, 30)
        ),
        (
            Button(tr.gettext("🕘 History"), data=_card(comment, "history")),
            Button(tr.gettext("👤 All by this reader"), data=_card(comment, "reader")),
        ),
    ]
    last = [Button(tr.gettext("📝 Note"), data=_card(comment, "note"))]
    if comment.article_id is not None:
        text = tr.gettext("🔓 Open comments") if closed else tr.gettext("🔒 Close comments")
        last.append(Button(text, data=_card(comment, "open" if closed else "close")))
    return (*rows, tuple(last), (_back(comment, tr),))


def replies_menu(comment: Comment, names: Sequence[str], tr: Translator) -> Keyboard:
    """Saved replies, beside the prompt for the moderator's own words: a press sends one."""
    buttons = [
        Button("💬 " + fit(name, 30), data=encode(press))
        for name in names
        if fits(press := Press(PressKind.SAVED, (comment.id,), name))
    ]
    return (*_rows(buttons[:_MOST_SAVED]), (_back(comment, tr),)) if buttons else ()


def _back(comment: Comment, tr: Translator) -> Button:
    return Button(tr.gettext("◀ Back"), data=_menu(comment, "main"))


def _rows(buttons: Sequence[Button]) -> Keyboard:
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _decide(comment: Comment, word: str) -> str:
    return encode(Press(PressKind.DECIDE, (comment.id, comment.revision, comment.version), word))


def _menu(comment: Comment, word: str) -> str:
    return encode(Press(PressKind.MENU, (comment.id, comment.revision, comment.version), word))


def _card(comment: Comment, word: str) -> str:
    return encode(Press(PressKind.CARD, (comment.id,), word))


def after(comment: Comment, tr: Translator, now: int) -> Keyboard:
    """What can be done after a decision."""
    if comment.state not in {State.APPROVED, State.REJECTED}:
        return ()
    again = Button(tr.gettext("🔁 Review again"), data=_card(comment, "reopen"))
    reply = Button(tr.gettext("💬 Reply"), data=_card(comment, "answer"))
    if comment.complaint is not None and comment.decision is Decision.APPROVE:
        corrected = comment.complaint.state is ComplaintState.CORRECTED
        correct = Button(tr.gettext("✏️ Correct"), data=_card(comment, "correct"))
        return (
            (reply,) if corrected else (reply, correct),
            (again,),
        )  # nothing to undo: it is published
    late = now > (comment.decided_at or 0) + UNDO_SECONDS
    undo = Button(tr.gettext("↩ Undo"), data=_decide(comment, "undo"))
    return ((again if late else undo, reply),)
