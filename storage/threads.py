"""Discussion groups: which channel has one, where its posts are there, and which comments reply to
them.

    link, unlink         a channel and its group (`chat.discussion_id`, while comments go there)
    hear, match          a post's copy in the group; whose article it is, when both are known
    stir, stirred        a comment changed: its messages in threads have to follow

Both the copy of a post and the record of our own sending may come first; `match` joins them. Knows
rows only.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.comments.dialogue import markup
from bot.core.html import Html
from bot.core.model import ChatId, TelegramId
from storage import answers
from storage.database import Connection, Row

# --- channels and their groups --------------------------------------------------------------------


async def link(tx: Connection, channel_id: ChatId, group_id: ChatId) -> bool:
    """Send comments to this group from now on, including those it missed meanwhile. False if that
    was already so."""
    changed = await tx.run(
        "UPDATE chat SET discussion_id = :group, kind = 'channel'"
        " WHERE id = :channel AND COALESCE(discussion_id, 0) <> COALESCE(:group, 0)",
        channel=channel_id,
        group=group_id,
    )
    if changed:
        await tx.run(
            "UPDATE thread_comment SET stirred = 1"
            " WHERE thread_id IN (SELECT id FROM thread WHERE group_id = :group)"
            " AND (SELECT state FROM delivery WHERE id = delivery_id) = 'gone'",
            group=group_id,
        )
        await _fill(tx, "group_id = :id", id=group_id)
    return bool(changed)


async def unlink(tx: Connection, chat_id: ChatId) -> bool:
    """Give a channel, or the channel of this group, its buttons again. False if it had them."""
    return bool(
        await tx.run(
            "UPDATE chat SET discussion_id = NULL"
            " WHERE discussion_id IS NOT NULL AND (id = :id OR discussion_id = :id)",
            id=chat_id,
        )
    )


async def unlink_all(tx: Connection) -> None:
    """Unlink all: the setting is off."""
    await tx.run("UPDATE chat SET discussion_id = NULL WHERE discussion_id IS NOT NULL")


async def linked_to(cx: Connection, channel_id: ChatId) -> ChatId | None:
    """The group that a channel's comments go to."""
    found = await cx.value("SELECT discussion_id FROM chat WHERE id = :id", id=channel_id)
    return None if found is None else ChatId(found)


async def channels(cx: Connection) -> list[TelegramId]:
    """The channels that get news, or have a group, by Telegram id."""
    rows = await cx.rows(
        "SELECT telegram_id FROM chat WHERE kind = 'channel' AND gone_at IS NULL"
        " AND (discussion_id IS NOT NULL OR EXISTS (SELECT 1 FROM subscription"
        " WHERE chat_id = chat.id AND active = 1)) ORDER BY id"
    )
    return [TelegramId(row["telegram_id"]) for row in rows]


# --- posts and their copies -----------------------------------------------------------------------


async def hear(
    tx: Connection,
    channel_id: ChatId,
    post_id: int,
    group_id: ChatId,
    message_id: int,
    *,
    now: int,
) -> None:
    """Note that a channel's post has appeared in its group. Idempotent."""
    await tx.run(
        "INSERT INTO thread (channel_id, post_id, group_id, message_id, created_at)"
        " VALUES (:channel, :post, :group, :message, :now)"
        " ON CONFLICT (channel_id, post_id) DO NOTHING",
        channel=channel_id,
        post=post_id,
        group=group_id,
        message=message_id,
        now=now,
    )


_OUR_POST = (
    "SELECT article_id FROM delivery WHERE kind = 'post' AND chat_id = thread.channel_id"
    " AND message_id = thread.post_id"
)


async def to_match(cx: Connection, *, limit: int) -> list[int]:
    """Threads whose article has become known."""
    rows = await cx.rows(
        f"SELECT id FROM thread WHERE article_id IS NULL AND EXISTS ({_OUR_POST})"
        " ORDER BY id LIMIT :limit",
        limit=limit,
    )
    return [row["id"] for row in rows]


async def match(tx: Connection, thread_id: int) -> None:
    """Assign a thread its article; comments that are already public have to appear in it."""
    await tx.run(f"UPDATE thread SET article_id = ({_OUR_POST}) WHERE id = :id", id=thread_id)
    await _fill(tx, "thread.id = :id", id=thread_id)


async def forget_strangers(tx: Connection, *, before: int) -> None:
    """Forget posts that are not articles of ours: other people post in the channel too."""
    await tx.run("DELETE FROM thread WHERE article_id IS NULL AND created_at < :at", at=before)


# --- comments in threads --------------------------------------------------------------------------


async def stir(tx: Connection, comment_id: int, *, answer_id: int | None = None) -> None:
    """Note that a comment (or only this answer to it) became public, changed, or is no longer
    public."""
    await _fill(tx, "comment.id = :id", id=comment_id)
    await tx.run(
        "UPDATE thread_comment SET stirred = 1"
        " WHERE comment_id = :id AND answer_id = coalesce(:answer, answer_id)",
        id=comment_id,
        answer=answer_id,
    )


_HERE = (
    "FROM comment JOIN thread ON thread.article_id = comment.article_id"
    " JOIN chat ON chat.id = channel_id AND discussion_id = group_id"
)
_PUBLIC = "public_at IS NOT NULL AND answer.state <> 'cancelled'"
_COMMENTS = (
    f"SELECT thread.id, comment.id, 0 {_HERE} WHERE %s AND live IS NOT NULL"
    " ORDER BY published_at, comment.id"
)
_ANSWERS = (
    f"SELECT thread.id, comment.id, answer.id {_HERE} JOIN answer ON answer.comment_id = comment.id"
    f" WHERE %s AND live IS NOT NULL AND {_PUBLIC} ORDER BY answer.id"
)


async def _fill(tx: Connection, which: str, **values: object) -> None:
    """Add a row for everything public that has none yet in a thread that takes comments now."""
    for select in (_COMMENTS, _ANSWERS):
        await tx.run(
            f"INSERT INTO thread_comment (thread_id, comment_id, answer_id) {select % which}"
            " ON CONFLICT (thread_id, comment_id, answer_id) DO NOTHING",
            **values,
        )


@dataclass(frozen=True, slots=True)
class Stirred:
    """A message in a thread that may have to follow the records."""

    id: int
    group_id: ChatId
    comment_id: int
    answer_id: int
    delivery_id: int | None
    wanted: bool
    """It is public now."""
    waits: bool
    """For the message that it answers, which is on its way."""
    revising: bool
    """A change of it is on its way."""
    state: str
    reason: str
    there: bool


_STIRRED = f"""SELECT one.id, thread.group_id, one.comment_id, one.answer_id, one.delivery_id,
    comment.live IS NOT NULL AND (one.answer_id = 0 OR EXISTS (SELECT 1 FROM answer
      WHERE answer.id = one.answer_id AND {_PUBLIC}))
      AS wanted,
    EXISTS (SELECT 1 FROM thread_comment AS above JOIN delivery AS d ON d.id = above.delivery_id
      WHERE one.answer_id <> 0 AND above.thread_id = one.thread_id AND above.answer_id = 0
      AND above.comment_id = one.comment_id AND d.state IN ('due', 'claimed', 'unknown')) AS waits,
    EXISTS (SELECT 1 FROM delivery AS e WHERE e.target_id = one.delivery_id
      AND e.state IN ('claimed', 'unknown')) AS revising,
    coalesce(said.state, '') AS state, coalesce(said.reason, '') AS reason,
    said.message_id IS NOT NULL AS there
  FROM thread_comment AS one JOIN thread ON thread.id = one.thread_id
  JOIN comment ON comment.id = one.comment_id LEFT JOIN delivery AS said ON said.id = delivery_id
  WHERE stirred = 1"""


def _stirred(row: Row) -> Stirred:
    return Stirred(
        id=row["id"],
        group_id=ChatId(row["group_id"]),
        comment_id=row["comment_id"],
        answer_id=row["answer_id"],
        delivery_id=row["delivery_id"],
        wanted=bool(row["wanted"]),
        waits=bool(row["waits"]),
        revising=bool(row["revising"]),
        state=row["state"],
        reason=row["reason"],
        there=bool(row["there"]),
    )


async def stirred(cx: Connection, *, limit: int) -> list[Stirred]:
    """Messages that have yet to follow a change, oldest first; a comment before its answers."""
    rows = await cx.rows(f"{_STIRRED} ORDER BY one.id LIMIT :limit", limit=limit)
    return [_stirred(row) for row in rows]


async def stirred_one(cx: Connection, number: int) -> Stirred | None:
    """The same for one message, as it is now; None if it already follows."""
    row = await cx.row(f"{_STIRRED} AND one.id = :id", id=number)
    return _stirred(row) if row else None


async def mark_followed(tx: Connection, number: int, *, delivery_id: int | None) -> None:
    """Note that its message, this delivery, follows the records again."""
    await tx.run(
        "UPDATE thread_comment SET stirred = 0, delivery_id = :delivery WHERE id = :id",
        delivery=delivery_id,
        id=number,
    )


@dataclass(frozen=True, slots=True)
class ThreadPlace:
    """Where a message in a thread belongs, and what it says."""

    comment_id: int
    answer_id: int
    answers: int
    """The message in the group that it replies to: the post's copy, or the comment's own."""


async def place(cx: Connection, number: int, delivery_id: int) -> ThreadPlace | None:
    """The place of a message; None if it is not (or no longer) the one of this delivery."""
    row = await cx.row(
        "SELECT one.comment_id, one.answer_id, coalesce((SELECT d.message_id FROM thread_comment"
        " AS above JOIN delivery AS d ON d.id = above.delivery_id WHERE one.answer_id <> 0"
        " AND above.thread_id = one.thread_id AND above.comment_id = one.comment_id"
        " AND above.answer_id = 0), thread.message_id) AS answers FROM thread_comment AS one"
        " JOIN thread ON thread.id = one.thread_id"
        " WHERE one.id = :id AND one.delivery_id = :delivery",
        id=number,
        delivery=delivery_id,
    )
    return ThreadPlace(row["comment_id"], row["answer_id"], row["answers"]) if row else None


async def answer_words(cx: Connection, answer_id: int) -> Html | None:
    """The words of a public answer of the editors, with their formatting."""
    public = await cx.value(f"SELECT 1 FROM answer WHERE id = :id AND {_PUBLIC}", id=answer_id)
    return markup(await answers.parts(cx, answer_id)) if public else None
