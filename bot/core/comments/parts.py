"""The messages that one comment came in: albums, and long texts that the client split. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.comments.model import Comment, Part, State

LENGTH_LIMIT = 4000
"""Characters of one comment."""
_CUT_CAPTION, _CUT_TEXT = 900, 3800
ALBUM_SECONDS = 2
"""An album is complete when no part of it has come for this long."""
_PARTS_LIMIT = 12


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
    """Whether the client may have split it here, because its limit was reached (captions 1,024
    characters, messages 4,096; at the end of a word), so that the rest comes as the next
    message."""
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


def parts_with(comment: Comment, part: Part) -> list[Part]:
    """The messages of a comment with this one added or changed, in their order."""
    others = {one.message_id: one for one in comment.parts} | {part.message_id: part}
    return [others[number] for number in sorted(others)]
