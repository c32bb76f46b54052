"""The pages of comments that readers see: an article's published ones, and their own. Knows layout
only.

Every page is within Telegram's 4,096 characters; a shortened comment has a button to read on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.callbacks import Press, PressKind, encode, read_comments
from bot.core.comments.cards import Subject, about
from bot.core.comments.complaint_notices import why_declined
from bot.core.comments.complaints import ComplaintState
from bot.core.comments.lifecycle import as_told
from bot.core.comments.model import Comment, State
from bot.core.comments.notices import sign_of, status, told_reason
from bot.core.comments.receipts import restore_button, withdraw_data
from bot.core.comments.terms import waits_for_terms
from bot.core.html import Html, cut, escape, join, shown
from bot.core.keyboards import turning
from bot.core.language import Translator
from bot.core.model import Button, Keyboard, Post
from bot.core.text import TEXT_LIMIT, fit, utf16

_SHOWN, _EXCERPT = 600, 80
_COUNT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A published comment as a page shows it."""

    id: int
    signature: str
    text: str
    likes: int
    at: int
    media: int = 0
    answers: tuple[Html, ...] = ()


def reading(
    subject: Subject,
    found: Sequence[Shown],
    tr: Translator,
    *,
    article_id: int,
    page: int,
    pages: int,
    order: str,
    total: int,
    silenced: str = "",
) -> Post:
    """A page of an article's published comments. `silenced` says why the reader cannot write."""
    write = () if silenced else _write(article_id, tr)
    if not found:
        text = tr.html("No comments yet: {article}", article=about(subject, tr))
        return Post(join("\n\n", [text, escape(silenced)]), keyboard=write)
    head = tr.nhtml(
        "💬 {n} comment: {article}", "💬 {n} comments: {article}", total, article=about(subject, tr)
    )
    room = (TEXT_LIMIT - utf16(head) - utf16(silenced) - 80) // len(found) - 12
    texts = [_entry(one, tr, min(room, _SHOWN)) for one in found]
    rows = [_entry_buttons(one, number, tr, page, order) for number, one in enumerate(found, 1)]
    numbered = [Html(f"{number}. {text}") for number, (text, _) in enumerate(texts, 1)]
    for at, (_, shortened) in enumerate(texts):
        if shortened:
            rows[at] = (*rows[at], _whole_button(found[at], at + 1, tr, page, order))
    keyboard = (*rows, *_turning(article_id, page, pages, order, tr))
    return Post(join("\n\n", [head, *numbered, escape(silenced)]), keyboard=(*keyboard, *write))


def whole(one: Shown, tr: Translator, *, article_id: int, page: int, order: str) -> Post:
    """One comment with its answers, as far as a message can hold them."""
    back = Button(tr.gettext("◀ Back"), data=read_comments(article_id, page, order))
    text, _ = _entry(one, tr, TEXT_LIMIT - 8)
    return Post(text, keyboard=(_entry_buttons(one, 0, tr, page, order), (back,)))


def _entry(one: Shown, tr: Translator, room: int) -> tuple[Html, bool]:
    """A comment within so many units, and whether it had to be shortened."""
    signed = f"<b>{escape(one.signature)}</b>"
    head = Html(tr.line((signed, escape(tr.moment(one.at)), "📎" if one.media else "")))
    room -= utf16(head) + 4
    answers = [tr.html("↳ <b>The editors:</b> {text}", text=text) for text in one.answers]
    replies = join("\n", answers)
    if utf16(shown(replies)) > room // 2:
        replies = join(
            "\n",
            [
                tr.html("↳ <b>The editors:</b> {text}", text=cut(text, _EXCERPT))
                for text in one.answers[: max(1, room // 400)]
            ],
        )
    words = fit(one.text, max(40, room - utf16(shown(replies))))
    shortened = words != one.text or len(replies) < sum(map(len, answers))
    return join("\n", [head, escape(words), replies]), shortened


def _entry_buttons(
    one: Shown, number: int, tr: Translator, page: int, order: str
) -> tuple[Button, ...]:
    label = f"{number}. " if number else ""
    likes = f"👍 {tr.number(one.likes)}" if one.likes else "👍"
    media = encode(Press(PressKind.MEDIA, (one.id,)))
    return (
        *((Button(label + "📎", data=media),) if one.media else ()),
        Button(label + likes, data=encode(Press(PressKind.LIKE, (one.id, page), order))),
        Button(
            label + tr.gettext("⚑ Report"),
            data=encode(Press(PressKind.REPORT, (one.id, page), order)),
        ),
    )


def _whole_button(one: Shown, number: int, tr: Translator, page: int, order: str) -> Button:
    text = f"{number}. " + tr.gettext("Read more")
    return Button(text, data=encode(Press(PressKind.WHOLE, (one.id, page), order)))


def _turning(article_id: int, page: int, pages: int, order: str, tr: Translator) -> Keyboard:
    back, here, on = (
        read_comments(article_id, one, order) if 1 <= one <= pages else ""
        for one in (page - 1, page, page + 1)
    )
    number = Button(f"{tr.number(page)}/{tr.number(pages)}", data=here) if pages > 1 else None
    orders = {"new": tr.gettext("Newest"), "best": tr.gettext("Best")}
    choice = tuple(
        Button(("✓ " if name == order else "") + text, data=read_comments(article_id, 1, name))
        for name, text in orders.items()
    )
    return (*turning(tr, back, on, number), choice)


def _write(article_id: int, tr: Translator) -> Keyboard:
    data = encode(Press(PressKind.COMMENT, (article_id,)))
    return ((Button(tr.gettext("💬 Write a comment"), data=data),),)


# --- my comments ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mine:
    """One of a reader's own comments."""

    comment: Comment
    subject: Subject | None
    text: str


def my_comments(found: Sequence[Mine], tr: Translator, *, page: int, pages: int, now: int) -> Post:
    """What became of each, with a button to withdraw what can be."""
    if not found:
        return Post(
            tr.html("You haven't written any comments yet. Tap 💬 under an article to start.")
        )
    entries, rows = [], []
    for one in found:
        comment = as_told(one.comment)
        date = tr.moment(comment.created_at)
        head = Html(
            f"{sign_of(comment)} <b>#{comment.id}</b> {escape(status(comment, tr))} · {date}"
        )
        text = escape(fit(" ".join(one.text.split()), _EXCERPT)) or Html("📎")
        rejected = comment.state is State.REJECTED and comment.article_id is not None
        reason = escape(told_reason(comment, tr) if rejected else "")
        if comment.complaint is not None and comment.state is State.REJECTED:
            reason = escape(why_declined(comment.reason, tr))
        entries.append(join("\n", [head, _about(one, tr), text, reason]))
        if comment.state in _OWN and not _settled(comment):
            label = tr.gettext("↩ Withdraw #{id}", id=comment.id)
            rows.append((Button(label, data=withdraw_data(comment, listed=True)),))
        elif comment.state is State.WITHDRAWN and now < comment.due_at:
            rows.append((restore_button(comment, tr, listed=True),))
    back, on = (
        encode(Press(PressKind.MINE, (one,))) if 1 <= one <= pages else ""
        for one in (page - 1, page + 1)
    )
    head = tr.html("<b>Your comments</b>")
    return Post(join("\n\n", [head, *entries]), keyboard=(*rows, *turning(tr, back, on)))


def _about(one: Mine, tr: Translator) -> Html:
    """What it is about; empty while its reader has not said so."""
    unnamed = one.comment.state is State.DRAFT and not waits_for_terms(one.comment)
    return Html("") if unnamed and one.subject is None else about(one.subject, tr)


_OWN = frozenset({State.DRAFT, State.HELD, State.PENDING, State.APPROVED})


def _settled(comment: Comment) -> bool:
    """Whether it is an answered complaint: there is nothing left to withdraw."""
    complaint = comment.complaint
    return complaint is not None and complaint.state is not ComplaintState.OPEN


def count_due(told_at: int | None, now: int) -> int:
    """When the posts of an article are to show its new count: at once, or a minute after the last
    update, since each update edits every post."""
    return now if told_at is None else max(now, told_at + _COUNT_SECONDS)
