"""What is stored about a person, as readable text: names and dates, no row numbers.

Records (`storage.personal`) -> paragraphs under headings. Withdrawn words are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.core.comments.cards import kind_name
from bot.core.comments.complaint_notices import why_declined
from bot.core.comments.complaints import Complaint, ComplaintKind, ComplaintState
from bot.core.comments.model import Comment, Reason, State
from bot.core.comments.moderators_lists import action_name, rule_names
from bot.core.comments.notices import status, told_reason
from bot.core.language import Translator
from bot.core.model import CommentId, ReaderId
from bot.core.names import clean_name

Rows = Sequence[Mapping[str, Any]]
_GONE = frozenset({State.WITHDRAWN, State.ERASED})


def as_text(
    found: Mapping[str, Rows], tr: Translator, *, settings: Iterable[str] = (), now: int
) -> str:
    """The file that /mydata sends. `settings`: what is in force for the chat, in words."""
    rules = rule_names(tr)
    log = [{**row, "what": action_name(row["action"], tr)} for row in found["log"]]
    done = [{**row, "what": action_name(row["action"], tr)} for row in found["as_moderator"]]
    noticed = [{**row, "what": rules.get(row["rule"], row["rule"])} for row in found["findings"]]
    sections = [
        (tr.gettext("You"), _person(found, tr)),
        (tr.gettext("Subscriptions"), [_subscription(row, tr) for row in found["subscriptions"]]),
        (tr.gettext("Settings"), list(settings)),
        (tr.gettext("What you follow"), _dated(found["alerts"], tr, "text")),
        (tr.gettext("Your comments and letters"), _comments(found, tr)),
        (tr.gettext("Comments you liked"), [_about(row) for row in found["likes"]]),
        (tr.gettext("Comments you reported"), _dated(found["reports"], tr)),
        (tr.gettext("Rules for comments that you agreed to"), _versions(found, tr)),
        (tr.gettext("Notes by moderators"), _dated(found["notes"], tr, "text")),
        (tr.gettext("Decisions"), _dated(log, tr, "what")),
        (tr.gettext("What automatic rules noticed"), _dated(noticed, tr, "what")),
        (tr.gettext("Articles we sent here"), _dated(found["articles"], tr)),
        (tr.gettext("What you decided as a moderator"), _dated(done, tr, "what")),
    ]
    head = tr.gettext("Your data, {moment}", moment=tr.moment(now))
    parts = [f"{title}\n{'-' * len(title)}\n" + "\n".join(rows) for title, rows in sections if rows]
    return "\n\n".join([head, *parts]) + "\n"


def _person(found: Mapping[str, Rows], tr: Translator) -> list[str]:
    lines = []
    written = "".join(row["name"] for row in found["reader"])
    for row in found["chat"]:
        lines += _named(
            {
                tr.gettext("Name"): clean_name(written or row["title"]),
                tr.gettext("Username"): row["username"],
                tr.gettext("Telegram ID"): row["telegram_id"],
                tr.gettext("Language"): row["language"] and tr.name_of(row["language"]),
                tr.gettext("Here since"): tr.moment(row["created_at"]),
            }
        )
    for row in found["reader"]:
        lines += _named(
            {
                tr.gettext("Comments approved"): row["approved"],
                tr.gettext("Comments rejected"): row["rejected"],
                tr.gettext("Banned since"): _moment(row["banned_at"], tr),
                tr.gettext("Muted until"): _moment(row["muted_until"], tr),
            }
        )
    count = len(found["dialogue"])
    if count:
        lines.append(
            tr.ngettext(
                "{n} message of this chat that we know by its number",
                "{n} messages of this chat that we know by their numbers",
                count,
            )
        )
    return lines


def _versions(found: Mapping[str, Rows], tr: Translator) -> list[str]:
    version = tr.gettext("version")
    return [f"{tr.moment(row['at'])} · {version} {row['version']}" for row in found["consents"]]


def _named(values: Mapping[str, object]) -> list[str]:
    return [f"{name}: {value}" for name, value in values.items() if value not in {"", None}]


def _moment(at: int | None, tr: Translator) -> str:
    return tr.moment(at) if at else ""


def _subscription(row: Mapping[str, Any], tr: Translator) -> str:
    names = tr.gettext("All news") if row["everything"] else tr.listed(row["topics"])
    return names if row["active"] else tr.gettext("{topics} (ended)", topics=names)


def _comments(found: Mapping[str, Rows], tr: Translator) -> list[str]:
    return [
        "\n".join(_comment(row, found["revisions"], found["answers"], tr)) + "\n"
        for row in found["comments"]
    ]


def _comment(
    row: Mapping[str, Any], revisions: Rows, answers: Rows, tr: Translator
) -> Iterable[str]:
    state = State(row["state"])
    comment = Comment(
        CommentId(row["id"]),
        row["article_id"],
        ReaderId(0),
        state,
        live=row["live"],
        reason=Reason(row["reason"]) if row["reason"] in set(Reason) else None,
        own_reason=row["own_reason"],
        complaint=_complaint(row),
    )
    unnamed = state is State.DRAFT
    about = _about(row) or ("" if unnamed else tr.gettext("letter"))
    if comment.complaint is not None:
        about = ": ".join(filter(None, [kind_name(comment.complaint.kind, tr), _about(row)]))
    head = [f"#{row['id']}", tr.moment(row["created_at"]), status(comment, tr), about]
    yield tr.line(head)
    declined = comment.complaint is not None
    judged = declined or comment.article_id is not None  # letters are not decided on
    if comment.reason is not None and state is State.REJECTED and judged:
        yield why_declined(comment.reason, tr) if declined else told_reason(comment, tr)
    if state in _GONE:
        return
    for one in revisions:
        if one["comment_id"] == row["id"]:
            media = sum(bool(part["media"]) for part in one["parts"])
            yield f"[{tr.moment(one['created_at'])}] {one['text']}{' 📎' * media}"
    for one in answers:
        if one["comment_id"] == row["id"]:
            by = tr.gettext("The editors") if one["way"] == "out" else tr.gettext("You")
            yield f"{by} [{tr.moment(one['created_at'])}]: {one['text']}"


def _complaint(row: Mapping[str, Any]) -> Complaint | None:
    if row["complaint_kind"] is None:
        return None
    return Complaint(
        ComplaintKind(row["complaint_kind"]),
        row["opened_at"],
        state=ComplaintState(row["complaint_state"]),
        answered_at=row["answered_at"],
    )


def _about(row: Mapping[str, Any]) -> str:
    return row["headline"] or ""


def _dated(rows: Rows, tr: Translator, *more: str) -> list[str]:
    """Lines of rows: when, what (the columns named `more`), about which comment or article."""
    lines = []
    for row in rows:
        about = f"#{row['comment_id']}" if row.get("comment_id") else ""
        parts = [tr.moment(row["at"]), *(str(row[name]) for name in more), about]
        lines.append(tr.line([*parts, row.get("headline") or ""]))
    return lines
