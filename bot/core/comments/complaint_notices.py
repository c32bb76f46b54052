"""What readers are told about their complaints, and moderators about those that wait too long.
Layout only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import Press, PressKind, encode
from bot.core.comments.card_buttons import reason_name
from bot.core.comments.cards import Subject, about, kind_name
from bot.core.comments.complaints import ComplaintKind, ComplaintState
from bot.core.comments.model import Comment, Reason, State
from bot.core.html import Html, escape, join
from bot.core.language import Translator
from bot.core.model import Article, Button, Mark, Post
from bot.core.posts.marks import mark_line
from bot.core.text import fit

_NO_ARTICLE = 0
FILE = "!"
"""In the payload of a button that files the complaint, after its kind."""


# --- filing ---------------------------------------------------------------------------------------


def ask_kind(comment_id: int, tr: Translator) -> Post:
    """Asks which demand the reader makes."""
    text = tr.html(
        "⚖️ <b>Right of reply or correction</b>\n\n"
        "↪️ Right of reply: the article is about you, and you want your own account "
        "published.\n✏️ Right of correction: something in it is wrong.\n\n"
        "The editors answer within 2 × 24 hours, and /mycomments shows where it stands."
    )
    rows = [
        (Button(f"↪️ {kind_name(ComplaintKind.REPLY, tr)}", data=_data(comment_id, "reply")),),
        (
            Button(
                f"✏️ {kind_name(ComplaintKind.CORRECTION, tr)}",
                data=_data(comment_id, "correction"),
            ),
        ),
        (Button(tr.gettext("◀ Back"), data=_data(comment_id, "back")),),
    ]
    return Post(text, keyboard=tuple(rows))


def ask_article(
    comment_id: int, kind: ComplaintKind, found: Sequence[Article], tr: Translator
) -> Post:
    """Asks which article it is about."""
    rows = [
        (
            Button(
                "📰 " + fit(one.title, 60),
                data=_data(comment_id, kind.value + FILE, article=one.id),
            ),
        )
        for one in found
    ]
    another = tr.gettext("Another one: I name it in my text")
    rows.append((Button(another, data=_data(comment_id, kind.value + FILE)),))
    rows.append((Button(tr.gettext("◀ Back"), data=_data(comment_id, "kind")),))
    question = tr.html("⚖️ <b>{kind}</b>: which article is it about?", kind=kind_name(kind, tr))
    return Post(question, keyboard=tuple(rows))


def offer(comment_id: int, tr: Translator) -> Button:
    """Offers to turn a free text into a complaint."""
    return Button(tr.gettext("⚖️ Right of reply or correction"), data=_data(comment_id, "kind"))


def _data(comment_id: int, word: str, *, article: int = _NO_ARTICLE) -> str:
    return encode(Press(PressKind.COMPLAIN, (comment_id, article), word))


# --- how it stands --------------------------------------------------------------------------------


def receipt(comment: Comment, subject: Subject | None, tr: Translator, *, now: int) -> Post:
    """The complaint is stored, and until when it is answered; later on, what became of it."""
    complaint = comment.complaint
    assert complaint is not None  # the caller has looked
    values = {"id": comment.id, "article": about(subject, tr)}
    if complaint.state is not ComplaintState.OPEN:
        return Post(_settled(comment, complaint.state, tr, values))
    left = comment.due_at - now
    lines = [tr.html("⏳ Complaint #{id} received: {article}", **values)]
    if comment.state is State.HELD and left > 0:
        lines.append(
            tr.nhtml(
                "You can still change it for {n} second by editing your message, or withdraw it.",
                "You can still change it for {n} seconds by editing your message, or withdraw it.",
                left,
            )
        )
    lines.append(
        tr.html(
            "You'll have an answer by {moment} at the latest. /mycomments shows where it stands.",
            moment=tr.zoned_moment(complaint.deadline),
        )
    )
    who_sees = tr.html(
        "A complaint goes to the editors only and is not published. They see your Telegram name "
        "and what became of your earlier comments."
    )
    withdraw = encode(Press(PressKind.WITHDRAW, (comment.id, 0)))
    return Post(
        join("\n\n", [join("\n", lines), who_sees]),
        keyboard=((Button(tr.gettext("↩ Withdraw"), data=withdraw),),),
    )


def _settled(
    comment: Comment, state: ComplaintState, tr: Translator, values: dict[str, object]
) -> Html:
    match state:
        case ComplaintState.CORRECTED:
            return tr.html("✏️ Complaint #{id}: we have corrected the article. {article}", **values)
        case ComplaintState.DECLINED:
            return join("\n", [_declined(tr, values), escape(why_declined(comment.reason, tr))])
        case _:
            return tr.html("💬 Complaint #{id}: the editors have answered. {article}", **values)


def _declined(tr: Translator, values: dict[str, object]) -> Html:
    return tr.html("✖️ Complaint #{id} was declined: {article}", **values)


def declined(comment: Comment, subject: Subject | None, tr: Translator) -> Html:
    """The editors reject it."""
    values = {"id": comment.id, "article": about(subject, tr)}
    contradict = tr.html("If you see it differently, write to us again.")
    return join("\n", [_declined(tr, values), escape(why_declined(comment.reason, tr)), contradict])


def why_declined(reason: Reason | None, tr: Translator) -> str:
    """The reason, as its reader is told."""
    return tr.gettext("Reason: {reason}", reason=reason_name(reason, tr)) if reason else ""


def corrected(comment: Comment, subject: Subject | None, mark: Mark, tr: Translator) -> Post:
    """A correction of the article answers it."""
    text = tr.html(
        "✏️ Your complaint #{id} has been answered with a correction: {article}",
        id=comment.id,
        article=about(subject, tr),
    )
    foot = tr.html("All posts of the article say so, and /corrections lists it.")
    return Post(join("\n\n", [text, mark_line(mark, tr, of=None), foot]))


def status(comment: Comment, tr: Translator) -> str:
    """The status of an open or answered complaint, worded for its reader; empty where the status of
    its letter says it (on its way, withdrawn, erased)."""
    complaint = comment.complaint
    if complaint is None or comment.state not in _WITH_EDITORS:
        return ""
    if complaint.state is ComplaintState.OPEN and complaint.answered_at is not None:
        return tr.gettext("answered; being looked at again")
    return {
        ComplaintState.OPEN: tr.gettext(
            "with the editors, answer by {moment}", moment=tr.zoned_moment(complaint.deadline)
        ),
        ComplaintState.ANSWERED: tr.gettext("answered"),
        ComplaintState.CORRECTED: tr.gettext("answered with a correction"),
        ComplaintState.DECLINED: tr.gettext("declined"),
    }[complaint.state]


_WITH_EDITORS = frozenset({State.PENDING, State.APPROVED, State.REJECTED})


# --- reminders ------------------------------------------------------------------------------------


def reminder(
    comment: Comment, age: int, deadline: int, tr: Translator, *, report: bool, now: int
) -> Post:
    """A reminder, under its card, that something with a deadline waits."""
    values = {
        "id": comment.id,
        "age": tr.span(age),
        "moment": tr.zoned_moment(deadline),
        "left": tr.span(max(60, deadline - now)),
    }
    if report:
        text = tr.html(
            "⏰ ⚑ #{id} was reported {age} ago and waits for a decision, until {moment} at the "
            "latest (in {left}).",
            **values,
        )
    else:
        text = tr.html(
            "⏰ ⚖️ Complaint #{id} has waited for {age}. It has to be answered by {moment} (in "
            "{left}).",
            **values,
        )
    return Post(text)
