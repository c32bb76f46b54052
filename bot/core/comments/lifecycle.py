"""The life of a comment as pure steps. Knows states, and who may do what when; no messages, no
rows.

    (draft --article named-->)
    held --grace over--> pending --approve--> approved (its text is live) --edit, report--> pending
                           |  ^ undo, reopen     |
                           +--reject--> rejected +--withdraw--> withdrawn       forget: erased

Two things are kept apart: `state` is what the moderators think of the newest revision, `live` is
the revision that the public reads. So an edit after approval waits while the old text stays.
Every step increments `version`; a decision names the version and the revision that were on screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.comments.model import (
    Before,
    Comment,
    CommentWords,
    Conflict,
    Decision,
    Part,
    Reason,
    Signature,
    State,
)
from bot.core.comments.parts import ALBUM_SECONDS, gather
from bot.core.model import Actor, ArticleId

UNDO_SECONDS = 600
OWN_REASON_LIMIT = 500
"""Characters of a rejection in a moderator's own words."""
DRAFT_SECONDS = 86_400
"""How long a text without an article waits for its reader to name one."""


def edit(comment: Comment, parts: Sequence[Part], *, now: int) -> Comment | Conflict:
    """The reader changed or added words. What the public reads stays until moderators have seen the
    change. An edit of words that nobody has seen yet makes no new revision."""
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        return Conflict.WITHDRAWN
    if comment.state is State.REJECTED and not untold(comment):
        return Conflict.DECIDED
    text = gather(parts)
    if text == comment.text and tuple(parts) == comment.parts:
        return Conflict.AGAIN
    if comment.state is State.REJECTED:  # nothing may tell its reader so
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
    """A decision on the revision and version that the moderator had on screen."""
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
    """Review it again: a moderator wants to, or a reader reported it. What is live stays. After a
    rejected edit the public does not read the newest words but `public`, and those are reviewed.
    """
    if comment.state not in {State.APPROVED, State.REJECTED}:
        return Conflict.NOTHING
    step = replace(_reviewed_anew(comment), version=comment.version + 1)
    if public is None or not only_an_edit(comment):
        return step
    newest = comment.revision + 1
    return replace(step, text=public.text, parts=public.parts, revision=newest, live=newest)


def withdraw(comment: Comment, *, now: int) -> Comment | Conflict:
    """Its reader withdraws it, also from the public; `due_at` is when its words are deleted for
    good."""
    if comment.state is State.WITHDRAWN:
        return Conflict.AGAIN
    if comment.state is State.ERASED or (comment.state is State.REJECTED and not untold(comment)):
        return Conflict.DECIDED
    until = now if comment.state is State.DRAFT else now + UNDO_SECONDS
    return replace(
        comment, state=State.WITHDRAWN, version=comment.version + 1, live=None, due_at=until
    )


def restore(comment: Comment, *, now: int, grace: int) -> Comment | Conflict:
    """Its reader undoes the withdrawal: it goes to the moderators anew."""
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
    """Erases everything but its number."""
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
    """Change how it is signed, which is possible until it is public."""
    open_ = {State.DRAFT, State.HELD, State.PENDING}
    if (comment.state not in open_ or comment.live is not None) and not untold(comment):
        return Conflict.DECIDED
    return replace(comment, sign=how)


def untold(comment: Comment) -> bool:
    """Whether it was rejected without its reader being told: to the reader it then always looks as
    if it still waited."""
    return comment.state is State.REJECTED and comment.reason is Reason.SILENTLY


def as_told(comment: Comment) -> Comment:
    """A comment as its reader knows it."""
    return replace(comment, state=State.PENDING, reason=None) if untold(comment) else comment


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
    """Whether the public reads an earlier revision than the newest."""
    return comment.live is not None and comment.live != comment.revision
