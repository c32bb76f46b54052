"""The life of a comment as pure steps. Knows states and who may do what when; no message, no row.

    (draft --article named-->)
    held --grace over--> pending --approve--> approved (its text is live) --edit, report--> pending
                           |  ^ undo, reopen     |
                           +--reject--> rejected +--withdraw--> withdrawn       forget: erased

Two things are kept apart: `state` is what the moderators think of the newest revision, `live` is
the revision that the public reads. So an edit after approval waits while the old text stays.
Every step counts `version` up; a decision names the version and the revision that were on screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.comments.complaints import Complaint
from bot.core.model import ArticleId, ChatId, CommentId, DeliveryId, ReaderId, TelegramId

LENGTH_LIMIT = 4000
_CUT_CAPTION, _CUT_TEXT = 900, 3800
"""Characters of one comment."""
ALBUM_SECONDS = 2
"""An album is complete when no part of it has come for this long."""
UNDO_SECONDS = 600
OWN_REASON_LIMIT = 500
"""Characters of a rejection in a moderator's own words."""
DRAFT_SECONDS = 86_400
"""How long a text without an article waits to be placed."""
_PARTS_LIMIT = 12


class State(StrEnum):
    DRAFT = "draft"  # its reader has not said what it is about
    HELD = "held"  # the grace time: nobody has seen it
    PENDING = "pending"  # the newest revision waits for the moderators
    APPROVED = "approved"  # decided; `live` says which revision is public
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by its reader
    ERASED = "erased"  # by its reader's wish to be forgotten: nothing is left of it


class Signature(StrEnum):
    """How a reader signs in public. Moderators see the name in any case, and readers are told."""

    NAME = "name"
    ALIAS = "alias"
    ANONYMOUS = "anonymous"


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    BAN = "ban"  # reject, and take no more from this reader
    AUTO = "auto"  # published by the rule for trusted readers, before anybody looked


class Reason(StrEnum):
    """Why a comment was rejected, as its reader is told (silently: not at all)."""

    OFF_TOPIC = "off-topic"
    INSULT = "insult"
    ADVERT = "advert"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    OTHER = "other"
    SILENTLY = "silently"
    OWN = "own"  # in the moderator's own words


class Conflict(StrEnum):
    """Why a step was not taken."""

    AGAIN = "again"  # the same person has done the same already
    DECIDED = "decided"  # somebody was faster
    CHANGED = "changed"  # not what was on screen any more
    WITHDRAWN = "withdrawn"  # taken back or forgotten by its reader
    LATE = "late"  # the time to undo is over
    NOTHING = "nothing"  # there is nothing to undo, to report ...


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decided: a moderator's number at Telegram and name; number 0 is a rule."""

    id: TelegramId
    name: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who comments. `telegram_id` and `chat_id` are None once forgotten."""

    id: ReaderId
    telegram_id: TelegramId | None
    chat_id: ChatId | None
    name: str = ""
    username: str = ""
    sign: Signature = Signature.NAME
    approved: int = 0
    rejected: int = 0
    muted_until: int = 0
    banned_at: int | None = None
    blocked_at: int | None = None
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a comment. `media` is its kind (photo, voice ...), empty for text alone."""

    message_id: int
    text: str = ""
    media: str = ""
    group: str = ""
    """Telegram's name of the album that it belongs to."""
    links: tuple[str, ...] = ()
    """Addresses behind words, which the text does not show."""
    file: str = ""
    """Telegram's lasting name of the file: another one is another picture."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its newest revision. Without an article it is a letter to the editors."""

    id: CommentId
    article_id: ArticleId | None
    reader_id: ReaderId
    state: State
    text: str = ""
    parts: tuple[Part, ...] = ()
    sign: Signature = Signature.NAME
    version: int = 1
    revision: int = 1
    live: int | None = None
    due_at: int = 0
    """The end of the grace time; of a withdrawn one, of the time to restore it."""
    created_at: int = 0
    decision: Decision | None = None
    """Of the last decision that stands."""
    reason: Reason | None = None
    own_reason: str = ""
    """The words of the moderator, where he chose none of the reasons."""
    decided_at: int | None = None
    decided_by: Actor | None = None
    decision_id: int | None = None
    published_at: int | None = None
    likes: int = 0
    leader_id: CommentId | None = None
    """The comment on whose card this one is decided, because it says the same."""
    card_id: DeliveryId | None = None
    """The newest card."""
    complaint: Complaint | None = None
    """It is a letter that demands a reply or a correction."""


@dataclass(frozen=True, slots=True)
class CommentWords:
    """What a revision says."""

    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What a decision found: undoing it brings this back."""

    decision_id: int
    live: int | None


def gather(parts: Sequence[Part]) -> str:
    """The text of a comment that came in several messages, exactly as written."""
    return "\n\n".join(part.text for part in parts if part.text)


def joins(comment: Comment, part: Part, *, now: int) -> bool:
    """Whether a further message is the next part of this comment, not a comment of its own.

    A late part of its album always is; other messages within the grace time, while there is room.
    """
    if part.group and any(one.group == part.group for one in comment.parts):
        return comment.state in {State.DRAFT, State.HELD, State.PENDING}
    return (
        comment.state in {State.DRAFT, State.HELD}
        and now < comment.due_at
        and len(comment.parts) < _PARTS_LIMIT
        and len(gather([*comment.parts, part])) <= LENGTH_LIMIT
    )


def cut_off(part: Part) -> bool:
    """Whether a client may have cut it here, because it takes no longer text (captions 1,024
    characters, messages 4,096; at a word's end): the rest comes as the next message."""
    return len(part.text) >= (_CUT_CAPTION if part.media else _CUT_TEXT)


def continues(comment: Comment, part: Part) -> bool:
    """Whether a message that came right after the last one of a comment is the rest of it."""
    last = comment.parts[-1] if comment.parts else None
    return (
        last is not None
        and cut_off(last)
        and not part.media
        and last.message_id < part.message_id
        and comment.state in {State.DRAFT, State.HELD, State.PENDING}
        and len(comment.parts) < _PARTS_LIMIT
    )


def edit(comment: Comment, parts: Sequence[Part], *, now: int) -> Comment | Conflict:
    """The reader changed or added words. What the public reads stays until it is looked at. What
    nobody has seen yet has no earlier revision."""
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        return Conflict.WITHDRAWN
    if comment.state is State.REJECTED and not untold(comment):
        return Conflict.DECIDED
    text = gather(parts)
    if text == comment.text and tuple(parts) == comment.parts:
        return Conflict.AGAIN
    if comment.state is State.REJECTED:  # nothing shall tell its reader so
        newest = comment.revision + 1
        words = replace(comment, text=text, parts=tuple(parts), version=comment.version + 1)
        return replace(words, revision=newest)
    changed = replace(
        comment,
        text=text,
        parts=tuple(parts),
        version=comment.version + 1,
        leader_id=None,
    )
    if comment.state in {State.DRAFT, State.HELD}:
        album = any(part.group for part in parts) and len(parts) > len(comment.parts)
        return replace(changed, due_at=max(comment.due_at, now + ALBUM_SECONDS * album))
    return replace(_reviewed_anew(changed), revision=comment.revision + 1)


def place(
    comment: Comment, article_id: ArticleId | None, *, now: int, grace: int
) -> Comment | Conflict:
    """Its reader has said which article it is about (None: it is a letter)."""
    if comment.state is not State.DRAFT:
        return Conflict.AGAIN
    return replace(
        comment,
        state=State.HELD,
        article_id=article_id,
        due_at=now + grace,
        version=comment.version + 1,
    )


def release(comment: Comment, *, now: int) -> Comment | Conflict:
    """The grace time is over: the moderators may see it."""
    if comment.state is not State.HELD or now < comment.due_at:
        return Conflict.NOTHING
    return replace(comment, state=State.PENDING, version=comment.version + 1)


def decide(
    comment: Comment,
    decision: Decision,
    *,
    by: Actor,
    revision: int,
    version: int,
    now: int,
    reason: Reason | None = None,
    own_reason: str = "",
) -> Comment | Conflict:
    """One decision on the revision and version that its moderator had on screen."""
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        return Conflict.WITHDRAWN
    if comment.state in {State.APPROVED, State.REJECTED}:
        same = (comment.decision, comment.reason) == (decision, reason)
        mine = comment.decided_by is not None and comment.decided_by.id == by.id
        return Conflict.AGAIN if same and mine else Conflict.DECIDED
    if comment.state is not State.PENDING or (comment.revision, comment.version) != (
        revision,
        version,
    ):
        return Conflict.CHANGED
    decided = replace(
        comment,
        version=comment.version + 1,
        decision=decision,
        reason=reason,
        own_reason=own_reason,
        decided_at=now,
        decided_by=by,
    )
    if decision in {Decision.APPROVE, Decision.AUTO}:
        return _published(decided, now)
    if decision is Decision.REJECT and only_an_edit(comment):
        return replace(decided, state=State.APPROVED)
    return replace(decided, state=State.REJECTED, live=None)


def undo(comment: Comment, before: Before, *, now: int) -> Comment | Conflict:
    """Back to the moderators, as it was before the decision."""
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        return Conflict.WITHDRAWN
    if comment.state not in {State.APPROVED, State.REJECTED}:
        return Conflict.NOTHING
    if comment.decision_id != before.decision_id:
        return Conflict.CHANGED
    if now > (comment.decided_at or 0) + UNDO_SECONDS:
        return Conflict.LATE
    return replace(_reviewed_anew(comment), version=comment.version + 1, live=before.live)


def reopen(comment: Comment, public: CommentWords | None = None) -> Comment | Conflict:
    """Look at it again: by a moderator, or because a reader reported it. What is live stays.

    After an edit that was rejected the newest words are not those that the public reads: `public`
    are, and they are looked at.
    """
    if comment.state not in {State.APPROVED, State.REJECTED}:
        return Conflict.NOTHING
    step = replace(_reviewed_anew(comment), version=comment.version + 1)
    if public is None or not only_an_edit(comment):
        return step
    newest = comment.revision + 1
    return replace(step, text=public.text, parts=public.parts, revision=newest, live=newest)


def withdraw(comment: Comment, *, now: int) -> Comment | Conflict:
    """Its reader takes it back, also from the public; `due_at` is when its words go for good."""
    if comment.state is State.WITHDRAWN:
        return Conflict.AGAIN
    if comment.state is State.ERASED or (comment.state is State.REJECTED and not untold(comment)):
        return Conflict.DECIDED
    until = now if comment.state is State.DRAFT else now + UNDO_SECONDS
    return replace(
        comment, state=State.WITHDRAWN, version=comment.version + 1, live=None, due_at=until
    )


def restore(comment: Comment, *, now: int, grace: int) -> Comment | Conflict:
    """Its reader thought better of taking it back: it goes to the moderators anew."""
    if comment.state is not State.WITHDRAWN:
        return Conflict.NOTHING
    if now >= comment.due_at:
        return Conflict.LATE
    return replace(
        _reviewed_anew(comment),
        state=State.HELD,
        version=comment.version + 1,
        revision=comment.revision + 1,
        leader_id=None,
        due_at=now + grace,
    )


def erase(comment: Comment) -> Comment:
    """Nothing of it is left but its number."""
    return replace(
        comment,
        state=State.ERASED,
        version=comment.version + 1,
        text="",
        parts=(),
        live=None,
        leader_id=None,
    )


def sign(comment: Comment, how: Signature) -> Comment | Conflict:
    """How it is signed can be chosen until it is public."""
    open_ = {State.DRAFT, State.HELD, State.PENDING}
    if (comment.state not in open_ or comment.live is not None) and not untold(comment):
        return Conflict.DECIDED
    return replace(comment, sign=how)


def untold(comment: Comment) -> bool:
    """Whether it was rejected without its reader being told: whatever he does with it then, he
    finds it as if it waited."""
    return comment.state is State.REJECTED and comment.reason is Reason.SILENTLY


def as_told(comment: Comment) -> Comment:
    """A comment as its reader knows it."""
    return replace(comment, state=State.PENDING, reason=None) if untold(comment) else comment


def alias(reader_id: int) -> str:
    """A reader's stable name for those who shall not see another: `R-4f2`. Tells no order."""
    digits = max(3, -(-reader_id.bit_length() // 4))
    return f"R-{(reader_id * _ODD + _SHIFT) % 16**digits:0{digits}x}"


def reader_of(name: str) -> ReaderId | None:
    """The reader whom an alias names; None for what is none."""
    prefix, _, text = name.strip().partition("-")
    if prefix.upper() != "R" or not 3 <= len(text) <= 15 or text.lower().strip("0123456789abcdef"):
        return None
    size = 16 ** len(text)
    reader_id = (int(text, 16) - _SHIFT) * pow(_ODD, -1, size) % size
    return ReaderId(reader_id) if reader_id and alias(reader_id) == f"R-{text.lower()}" else None


_ODD, _SHIFT = 0x5BD1E995, 0x2F1


def _reviewed_anew(comment: Comment) -> Comment:
    return replace(
        comment,
        state=State.PENDING,
        decision=None,
        reason=None,
        own_reason="",
        decided_at=None,
        decided_by=None,
        decision_id=None,
    )


def _published(comment: Comment, now: int) -> Comment:
    if comment.article_id is None:  # a letter is read, not published
        return replace(comment, state=State.APPROVED)
    return replace(
        comment,
        state=State.APPROVED,
        live=comment.revision,
        published_at=comment.published_at or now,
    )


def only_an_edit(comment: Comment) -> bool:
    """Whether the public reads other words than the newest."""
    return comment.live is not None and comment.live != comment.revision


def parts_with(comment: Comment, part: Part) -> list[Part]:
    """The messages of a comment with this one added or changed, in their order."""
    others = {one.message_id: one for one in comment.parts} | {part.message_id: part}
    return [others[number] for number in sorted(others)]
