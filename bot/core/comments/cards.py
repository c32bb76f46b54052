"""What moderators see: cards, lines of decided comments, prompts, lists. Knows layout and limits,
no rows.

    💬 #1842 · new reader · 14.02        number, since when, how many say the same
    Headline (link)
    — Ivan P. · R-4f2 · 0 approved / 0 rejected
    > the text exactly as written        what does not fit follows in further messages
    ⚠️ why a rule held it, what it said before an edit, that it was answered

A card is a pure function of the records: nothing is ever read back from it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.core.comments.aliases import alias
from bot.core.comments.card_buttons import after, main_menu, reason_name
from bot.core.comments.complaints import Complaint, ComplaintKind, ComplaintState
from bot.core.comments.lifecycle import only_an_edit
from bot.core.comments.model import Comment, Decision, Reader, Signature, State
from bot.core.comments.rules import RuleFinding
from bot.core.html import Html, escape, fill, join
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.names import clean_name, moderator_name
from bot.core.text import TEXT_LIMIT, fit, split, utf16

_HEADLINE, _EXCERPT, _DETAIL, _BEFORE = 200, 60, 300, 800
_SPARE = 24
"""UTF-16 units kept free: a number that grows by a digit must not push the text over the limit."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The article that a comment is about, as far as cards and notices name it."""

    headline: str
    link: str = ""
    complaint: ComplaintKind | None = None
    """Set if the comment is a complaint that demands a reply or a correction; the headline is then
    empty if it names no article."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card shows."""

    comment: Comment
    reader: Reader
    subject: Subject | None
    """None: a letter to the editors."""
    findings: tuple[RuleFinding, ...] = ()
    same: int = 1
    """How many comments are decided together with this one, itself included."""
    reports: int = 0
    deadline: int | None = None
    """When a complaint or a report has to have been dealt with."""
    before: str = ""
    """What it said before its reader edited it: what the public reads, or what moderators saw."""
    answered_by: str = ""
    """The moderator who answered its reader last."""
    position: tuple[int, int] | None = None
    """Its place among those that wait, and how many those are; set in a moderator's review."""
    uncopied: int = 0
    """How many of its pictures and other media could not be copied to the moderators."""
    left: int = 0
    """Messages about a withdrawn comment that Telegram does not let the bot delete."""


def card(view: Card, tr: Translator, *, now: int) -> Post:
    """The card as it has to look now: waiting for a decision, or as one line."""
    waits = view.comment.state is State.PENDING
    keyboard = main_menu(view.comment, tr) if waits else after(view.comment, tr, now)
    if not unread(view.comment):
        return Post(_line(view, tr), keyboard=keyboard)
    quote = _quoted(_chunks(view, tr)[0])
    return Post(join("\n", [_head(view, tr), quote, _foot(view, tr)]), keyboard=keyboard)


def unread(comment: Comment) -> bool:
    """Whether a card shows the whole text: it waits, or a rule published it before a moderator saw
    it."""
    automatic = comment.state is State.APPROVED and comment.decision is Decision.AUTO
    return comment.state is State.PENDING or automatic


def parts(view: Card, tr: Translator) -> int:
    """How many messages a card takes (the first is the card itself)."""
    return len(_chunks(view, tr))


def part(view: Card, tr: Translator, number: int) -> Post:
    """The part (from 2) of a text too long for its card; a note when the text has shrunk."""
    chunks = _chunks(view, tr) if unread(view.comment) else []
    if number > len(chunks):
        return Post(tr.html("#{id}: this part is no longer needed.", id=view.comment.id))
    head = tr.html(
        "#{id}, part {part} of {parts}:", id=view.comment.id, part=number, parts=len(chunks)
    )
    return Post(join("\n", [head, _quoted(chunks[number - 1])]))


# --- the card -------------------------------------------------------------------------------------


def _head(view: Card, tr: Translator) -> Html:
    comment, reader = view.comment, view.reader
    first = [Html(f"{'⚖️' if comment.complaint else '💬'} <b>#{comment.id}</b>")]
    if view.same > 1:
        first.append(Html(f"<b>×{view.same}</b>"))
    if not reader.approved and not _stays_public(comment):
        first.append(tr.html("new reader"))
    first.append(escape(tr.time(comment.created_at)))
    if view.position is not None:
        place, total = map(tr.number, view.position)
        first.append(tr.html("{place} of {total}", place=place, total=total))
    history = tr.html(
        "{approved} approved / {rejected} rejected",
        approved=tr.number(reader.approved),
        rejected=tr.number(reader.rejected),
    )
    who = [f"— {_name(reader)}", alias(reader.id), history]
    return join(
        "\n",
        [Html(tr.line(first)), about(view.subject, tr), Html(tr.line(map(escape, who)))],
    )


def about(subject: Subject | None, tr: Translator) -> Html:
    """The headline with its link, or that it is a letter, or what a complaint demands."""
    if subject is None:
        return tr.html("✉️ <b>A letter to the editors</b>")
    if subject.complaint is not None:
        article = about(Subject(subject.headline, subject.link), tr) if subject.headline else ""
        demand = fill("⚖️ <b>{kind}</b>", kind=kind_name(subject.complaint, tr))
        return join(": ", [demand, Html(article)])
    title = escape(fit(subject.headline, _HEADLINE))
    if not subject.link:
        return Html(f"<b>{title}</b>")
    return Html(f'<a href="{escape(subject.link)}">{title}</a>')


def kind_name(kind: ComplaintKind, tr: Translator) -> str:
    """What a complaint demands."""
    if kind is ComplaintKind.REPLY:
        return tr.gettext("Right of reply")
    return tr.gettext("Right of correction")


def _name(reader: Reader) -> str:
    return clean_name(reader.name) or alias(reader.id)


def _foot(view: Card, tr: Translator) -> Html:
    if view.comment.state is not State.PENDING:
        return _line(view, tr)
    lines = [*_how_it_came(view, tr), *_edited(view, tr)]
    if view.reports:
        lines.append(
            tr.nhtml("⚑ reported by {n} reader", "⚑ reported by {n} readers", view.reports)
        )
    if view.deadline is not None:
        lines.append(tr.html("⏰ Answer by {moment}", moment=tr.zoned_moment(view.deadline)))
    public = _stays_public(view.comment)
    if public:
        lines.append(tr.html("📰 It is public: ✅ keeps it, ❌ takes it down."))
    # A letter is read in any case, and a public comment already was.
    as_new = view.comment.article_id is not None and not public
    told = [one for one in view.findings if one.rule != "new" or as_new]
    lines += [Html(f"⚠️ {finding(one, tr)}") for one in told]
    if view.reader.blocked_at:
        lines.append(tr.html("🔕 This reader has blocked the bot: replies don't arrive."))
    return join("\n", [*lines, _answered(view, tr)])


def _stays_public(comment: Comment) -> bool:
    """Whether its words are public already and are being reviewed again."""
    return comment.live is not None and not only_an_edit(comment)


def _how_it_came(view: Card, tr: Translator) -> list[Html]:
    lines, comment = [], view.comment
    media = sum(1 for part in comment.parts if part.media)
    lost = min(view.uncopied, media)
    if media > lost:
        above = media - lost
        lines.append(tr.nhtml("📎 {n} attachment, above", "📎 {n} attachments, above", above))
    if lost:
        lines.append(
            tr.nhtml(
                "📎 {n} attachment could not be copied here",
                "📎 {n} attachments could not be copied here",
                lost,
            )
        )
    if comment.article_id is None:
        return lines  # a letter has no public signature
    if comment.sign is Signature.ALIAS:
        lines.append(tr.html("✍️ signed as {name}", name=alias(view.reader.id)))
    elif comment.sign is Signature.ANONYMOUS:
        lines.append(tr.html("✍️ signed anonymously"))
    return lines


def _edited(view: Card, tr: Translator) -> list[Html]:
    """That its reader has edited it, and what it said before."""
    lines = []
    if only_an_edit(view.comment):
        lines.append(tr.html("✏️ Edited. The earlier text stays public until you decide."))
    elif view.before:
        lines.append(tr.html("✏️ Edited by the reader"))
    if view.before:
        lines.append(tr.html("Before: {text}", text=_quoted(fit(view.before, _BEFORE))))
    return lines


def _answered(view: Card, tr: Translator) -> Html:
    if not view.answered_by:
        return Html("")
    return tr.html("💬 replied to by {who}", who=moderator_name(view.answered_by))


def finding(found: RuleFinding, tr: Translator) -> Html:
    """Why a rule held a comment, as moderators read it."""
    detail = fit(clean_lines(found.detail), _DETAIL)
    sentences = {
        "words": lambda: tr.html("blocked word: {detail}", detail=detail),
        "links": lambda: tr.html("link: {detail}", detail=detail),
        "invitations": lambda: tr.html("invite link or @name: {detail}", detail=detail),
        "media": lambda: tr.html("unusual content: {detail}", detail=detail),
        "duplicate": lambda: tr.html(
            "nearly the same as {detail}",
            detail=", ".join(f"#{number}" for number in detail.split()[:5]),
        ),
        "new": lambda: tr.html("new reader: the first three comments are always reviewed"),
    }
    return sentences[found.rule]() if found.rule in sentences else escape(found.rule)


def clean_lines(text: str) -> str:
    """Text for a single line, without format and control characters."""
    return "".join(
        char for char in text if char == " " or unicodedata.category(char)[0] not in "CZ"
    )


def _chunks(view: Card, tr: Translator) -> list[str]:
    chrome = utf16(_head(view, tr)) + utf16(_foot(view, tr)) + _SPARE
    return split(view.comment.text, max(500, TEXT_LIMIT - chrome), TEXT_LIMIT - 200)


def _quoted(text: str) -> Html:
    return Html(f"<blockquote>{escape(text)}</blockquote>") if text else Html("")


# --- decided --------------------------------------------------------------------------------------


def _line(view: Card, tr: Translator) -> Html:
    comment, reader = view.comment, view.reader
    if comment.state is State.WITHDRAWN:
        line = tr.html("↩️ #{id} withdrawn by the reader", id=comment.id)
        return join("\n", [line, _left(view.left, tr)])
    if comment.state is State.ERASED:
        line = tr.html(
            "🕊 #{id} deleted: the reader asked for all their data to be deleted", id=comment.id
        )
        return join("\n", [line, _left(view.left, tr)])
    if comment.state not in {State.APPROVED, State.REJECTED}:
        return tr.html("✏️ #{id} is being edited by the reader", id=comment.id)
    if unread(comment):
        return _decision(view, tr)
    tail = _name(reader)
    if comment.text:
        tail += " — " + tr.gettext("“{text}”", text=_excerpt(comment.text))
    return Html(tr.line((_decision(view, tr), escape(tail), _answered(view, tr))))


def _left(count: int, tr: Translator) -> Html:
    """What a person has to do by hand once Telegram's 48 hours are over."""
    if not count:
        return Html("")
    return tr.nhtml(
        "🖐 {n} message about it is still in this chat, and Telegram no longer lets the bot delete "
        "it. Please delete it by hand.",
        "🖐 {n} messages about it are still in this chat, and Telegram no longer lets the bot "
        "delete them. Please delete them by hand.",
        count,
    )


def _decision(view: Card, tr: Translator) -> Html:
    comment = view.comment
    values = {
        "id": f"{comment.id} ×{view.same}" if view.same > 1 else str(comment.id),
        "who": moderator_name(comment.decided_by.name if comment.decided_by else ""),
        "time": tr.time(comment.decided_at or 0),
    }
    if comment.decision is Decision.BAN:
        return tr.html("🚫 #{id} rejected and the reader banned by {who}, {time}", **values)
    if comment.decision is Decision.REJECT:
        return _rejection(comment, tr, values)
    if comment.decision is Decision.AUTO:
        return tr.html("✅ #{id} published automatically (trusted reader), {time}", **values)
    if comment.complaint is not None:
        return _answer_to(comment.complaint, tr, values)
    if view.subject is None:
        return tr.html("✅ #{id} read by {who}, {time}", **values)
    return tr.html("✅ #{id} approved by {who}, {time}", **values)


def _answer_to(complaint: Complaint, tr: Translator, values: dict[str, str]) -> Html:
    if complaint.state is ComplaintState.CORRECTED:
        return tr.html("✏️ #{id} answered with a correction by {who}, {time}", **values)
    return tr.html("💬 #{id} answered by {who}, {time}", **values)


def _rejection(comment: Comment, tr: Translator, values: dict[str, str]) -> Html:
    if comment.state is State.APPROVED:
        return tr.html(
            "❌ #{id}: edit rejected by {who}, {time}; the earlier text stays public", **values
        )
    reason = reason_name(comment.reason, tr) if comment.reason else ""
    if comment.own_reason:
        reason = tr.gettext("“{text}”", text=fit(" ".join(comment.own_reason.split()), _EXCERPT))
    return tr.html("❌ #{id} rejected by {who}, {time} ({reason})", reason=reason, **values)


def _excerpt(text: str) -> str:
    return fit(" ".join(clean_lines(text.replace("\n", " ")).split()), _EXCERPT)
