"""What readers are told about their comments later on: decisions, answers, the state of each.

Short, polite and warm; nobody is blamed. Every text is within Telegram's 4,096 characters.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import read_comments
from bot.core.comments import complaint_notices
from bot.core.comments.cards import Subject, about
from bot.core.comments.complaints import ComplaintState
from bot.core.comments.lifecycle import OWN_REASON_LIMIT
from bot.core.comments.model import Comment, Reason, State
from bot.core.comments.terms import waits_for_terms
from bot.core.html import Html, escape, join, shown
from bot.core.language import Translator
from bot.core.model import Button, Post
from bot.core.text import TEXT_LIMIT, fit, utf16

_COMPLAINT_SIGNS = {
    ComplaintState.OPEN: "⚖️",
    ComplaintState.ANSWERED: "💬",
    ComplaintState.CORRECTED: "✏️",
    ComplaintState.DECLINED: "✖️",
}
UNTOLD = frozenset({None, Reason.SILENTLY})
"""Reasons that the reader is not told."""


def decided(comment: Comment, subject: Subject | None, tr: Translator) -> Post | None:
    """What became of a comment; None when its reader must not be told."""
    values = {"id": comment.id, "article": about(subject, tr)}
    if comment.state is State.REJECTED:  # letters are read, not decided on
        if subject is None or comment.reason in UNTOLD:
            return None
        return Post(rejected(comment, subject, tr))
    if comment.state is not State.APPROVED or comment.complaint is not None:
        return None  # an answer to a complaint, or a correction, is a notice in itself
    if comment.live is None or subject is None:
        return Post(letter_read(comment, tr))
    if comment.live != comment.revision:
        text = tr.html(
            "The edit of your comment #{id} was not accepted; the earlier text stays: {article}",
            **values,
        )
        told = comment.reason not in UNTOLD
        return Post(join("\n", [text, escape(told_reason(comment, tr))])) if told else None
    assert comment.article_id is not None  # only comments on articles are live
    button = Button(tr.gettext("📖 Read the comments"), data=read_comments(comment.article_id))
    return Post(published(comment, subject, tr), keyboard=((button,),))


def published(comment: Comment, subject: Subject | None, tr: Translator) -> Html:
    """It is public."""
    return tr.html(
        "📰 Your comment #{id} is published: {article}", id=comment.id, article=about(subject, tr)
    )


def rejected(comment: Comment, subject: Subject, tr: Translator) -> Html:
    """It is not published, and why."""
    if comment.complaint is not None:
        return complaint_notices.declined(comment, subject, tr)
    text = tr.html(
        "✖️ Your comment #{id} was not published: {article}",
        id=comment.id,
        article=about(subject, tr),
    )
    return join("\n", [text, escape(told_reason(comment, tr))])


def letter_read(comment: Comment, tr: Translator) -> Html:
    """Letters are read, not decided on."""
    return tr.html("📬 We have read your letter #{id}. Thank you!", id=comment.id)


_REASON_TOGETHER = 100
MOST_TOGETHER = 12
"""Decisions in one message: with the longest headlines and reasons it stays below 4,096."""


def decided_together(found: Sequence[tuple[Comment, Subject | None]], tr: Translator) -> Post:
    """Several decisions in one message."""
    lines = [tr.html("<b>Update on your comments</b>")]
    for comment, subject in found:
        text = Html(f"{sign_of(comment)} #{comment.id} {escape(status(comment, tr))}: ")
        lines.append(Html(text + about(subject, tr)))
        if comment.state is State.REJECTED:
            lines.append(escape(told_reason(comment, tr, limit=_REASON_TOGETHER)))
    return Post(join("\n", lines))


def told_reason(comment: Comment, tr: Translator, *, limit: int = OWN_REASON_LIMIT) -> str:
    """Why a comment was not published, as its reader is told: a sentence of ours, or the
    moderator's."""
    if comment.reason is Reason.OWN:
        return fit(" ".join(comment.own_reason.split()), limit)
    return why(comment.reason, tr)


def why(reason: Reason | None, tr: Translator) -> str:
    """A reason as its reader is told."""
    sentences = {
        Reason.OFF_TOPIC: lambda: tr.gettext("It's about something other than the article."),
        Reason.INSULT: lambda: tr.gettext(
            "It could hurt someone. You're welcome to say it more kindly."
        ),
        Reason.ADVERT: lambda: tr.gettext("We don't publish advertising in the comments."),
        Reason.SPAM: lambda: tr.gettext("It was detected as spam."),
        Reason.DUPLICATE: lambda: tr.gettext("Someone has already made this point."),
        Reason.OTHER: lambda: tr.gettext("We couldn't publish this one."),
    }
    return sentences[reason]() if reason in sentences else ""


def reconsidered(comment: Comment, subject: Subject | None, tr: Translator) -> Post:
    """The decision that the reader was told about is undone."""
    if comment.complaint is not None:
        return Post(
            tr.html(
                "Please disregard our last message about your complaint #{id}; it is being looked "
                "at again.",
                id=comment.id,
            )
        )
    return Post(
        tr.html(
            "Please disregard our last message about your comment #{id}; it is being reviewed "
            "again. {article}",
            id=comment.id,
            article=about(subject, tr),
        )
    )


def answered(comment: Comment, subject: Subject | None, words: Html, tr: Translator) -> Post:
    """The editors' answer with its formatting (none without words: pictures follow); the reader can
    answer it."""
    values = {"id": comment.id, "article": about(subject, tr)}
    if comment.complaint is not None:
        head = tr.html("💬 The editors replied to your complaint #{id}: {article}", **values)
    elif subject is None:
        head = tr.html("💬 The editors replied to your letter #{id}:", **values)
    else:
        head = tr.html("💬 The editors replied to your comment #{id}: {article}", **values)
    foot = tr.html("To write back, reply to this message.")
    room = TEXT_LIMIT - utf16(head) - utf16(foot) - 8
    if utf16(plain := shown(words)) > room:
        words = escape(fit(plain, room))
    return Post(join("\n\n", [head, words, foot]))


def sign_of(comment: Comment) -> str:
    """An emoji for the state of a comment."""
    if comment.complaint is not None and comment.state not in {State.WITHDRAWN, State.ERASED}:
        return _COMPLAINT_SIGNS[comment.complaint.state]
    if comment.live is not None:
        return "📰"
    if _read_only(comment):
        return "📬"
    return {State.REJECTED: "✖️", State.WITHDRAWN: "↩️", State.APPROVED: "📬"}.get(
        comment.state, "⏳"
    )


def status(comment: Comment, tr: Translator) -> str:
    """The state of a comment, worded for its reader."""
    if stands := complaint_notices.status(comment, tr):
        return stands
    if comment.state is State.PENDING and comment.live is not None:
        return tr.gettext("published; being reviewed again")
    if _read_only(comment):
        return tr.gettext("read by the editors")
    if waits_for_terms(comment):
        return tr.gettext("not sent: please agree to the rules first")
    return {
        State.DRAFT: tr.gettext("not sent: please choose an article"),
        State.HELD: tr.gettext("will reach the editors in a moment"),
        State.PENDING: tr.gettext("waiting for review"),
        State.APPROVED: tr.gettext("published"),
        State.REJECTED: tr.gettext("not published"),
        State.WITHDRAWN: tr.gettext("withdrawn"),
        State.ERASED: tr.gettext("erased"),
    }[comment.state]


def _read_only(comment: Comment) -> bool:
    """A letter that the editors have read, whatever they thought of it."""
    decided = comment.state in {State.APPROVED, State.REJECTED}
    return decided and comment.article_id is None
