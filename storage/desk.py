"""The editors' side of articles, as rows: what waits, what was decided, what was asked for. Every
decision is a compare-and-set on the article's `desk_version`: two editors at once make one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.editorial.desk import EditorialState, Hold
from bot.core.model import ArticleId
from storage import deliveries
from storage.database import Connection, Row


def _standing(row: Row) -> EditorialState:
    return EditorialState(
        article_id=ArticleId(row["id"]),
        hold=Hold(row["hold"]),
        version=row["desk_version"],
        release_at=row["release_at"],
        decided_at=row["decided_at"],
        breaking=row["breaking"],
        silent=bool(row["silent"]),
        retracted=row["retracted_at"] is not None,
        announced_at=row["announced_at"],
        delivered=row["delivered"],
        going=bool(row["going"]),
        own_headline=bool(row["own_headline"]),
        own_lead=bool(row["own_lead"]),
        own_picture=row["own_picture"],
        undo_to=Hold(row["hold_before"]),
    )


_SELECT = (
    "SELECT article.id, hold, desk_version, release_at, decided_at, hold_before, breaking, silent,"
    " retracted_at, own_headline, own_lead, own_picture, headline, first_seen_at,"
    " (SELECT MIN(created_at) FROM broadcast WHERE article_id = article.id AND kind = 'news')"
    " AS announced_at, COALESCE((SELECT SUM(delivered) FROM broadcast"
    "  WHERE article_id = article.id AND kind = 'news'), 0) AS delivered,"
    " EXISTS (SELECT 1 FROM broadcast WHERE article_id = article.id AND kind = 'news'"
    "  AND done_at IS NULL) AS going FROM article"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of /desk."""

    standing: EditorialState
    headline: str
    first_seen: int


async def get(cx: Connection, article_id: int) -> EditorialState | None:
    row = await cx.row(f"{_SELECT} WHERE article.id = :id", id=article_id)
    return _standing(row) if row else None


async def newest(cx: Connection, *, limit: int) -> list[Listed]:
    """The newest articles with their state, newest first; what waits comes before the rest."""
    rows = await cx.rows(
        f"{_SELECT} WHERE origin = 'feed' ORDER BY CASE WHEN hold IN ('held', 'scheduled') THEN 0"
        " ELSE 1 END, sort_at DESC, article.id DESC LIMIT :limit",
        limit=limit,
    )
    return [
        Listed(_standing(row), row["own_headline"] or row["headline"], row["first_seen_at"])
        for row in rows
    ]


async def hold(tx: Connection, article_id: int, *, release_at: int | None) -> None:
    """Make a new article wait for an editor; it goes out by itself at `release_at`, if that is
    set."""
    await tx.run(
        "UPDATE article SET hold = 'held', release_at = :at WHERE id = :id",
        at=release_at,
        id=article_id,
    )


async def decide(
    tx: Connection,
    before: EditorialState,
    *,
    to: Hold,
    release_at: int | None = None,
    undo_to: Hold = Hold.NONE,
    now: int,
) -> bool:
    """Change the state, if it is still as the editor saw it. Returns whether it was."""
    return bool(
        await tx.run(
            "UPDATE article SET hold = :to, release_at = :at, hold_before = :undo,"
            " desk_version = desk_version + 1, decided_at = :now"
            " WHERE id = :id AND desk_version = :version",
            to=to.value,
            at=release_at,
            undo=undo_to.value,
            now=now,
            id=before.article_id,
            version=before.version,
        )
    )


async def switch(
    tx: Connection, before: EditorialState, *, breaking: int, silent: bool, now: int
) -> bool:
    """Change how it goes out, if it is still as the editor saw it."""
    return bool(
        await tx.run(
            "UPDATE article SET breaking = :breaking, silent = :silent,"
            " desk_version = desk_version + 1, decided_at = :now"
            " WHERE id = :id AND desk_version = :version",
            breaking=breaking,
            silent=int(silent),
            now=now,
            id=before.article_id,
            version=before.version,
        )
    )


async def set_words(
    tx: Connection, article_id: int, *, headline: str | None = None, lead: str | None = None
) -> bool:
    """Set an editor's words for Telegram; an empty text restores the feed's, None keeps the present
    one. Returns whether they changed."""
    return bool(
        await tx.run(
            "UPDATE article SET own_headline = COALESCE(:headline, own_headline),"
            " own_lead = COALESCE(:lead, own_lead), revision = revision + 1,"
            " desk_version = desk_version + 1 WHERE id = :id"
            " AND (own_headline <> COALESCE(:headline, own_headline)"
            " OR own_lead <> COALESCE(:lead, own_lead))",
            headline=headline,
            lead=lead,
            id=article_id,
        )
    )


async def set_picture(tx: Connection, article_id: int, picture: str) -> bool:
    """Set an editor's picture (an address or a file id), `-` for none, empty for the feed's.
    Returns whether it changed."""
    return bool(
        await tx.run(
            "UPDATE article SET own_picture = :picture, file_id = '', picture_step = 'url',"
            " revision = revision + 1, picture_revision = revision + 1,"
            " desk_version = desk_version + 1 WHERE id = :id AND own_picture <> :picture",
            picture=picture,
            id=article_id,
        )
    )


async def offer_pictures(tx: Connection, article_id: int, addresses: Sequence[str]) -> None:
    """Store the pictures that an editor can choose from, in place of those offered before."""
    await tx.run("DELETE FROM picture_choice WHERE article_id = :id", id=article_id)
    await tx.run_many(
        "INSERT INTO picture_choice (article_id, place, address) VALUES (:id, :place, :address)",
        [{"id": article_id, "place": at, "address": one} for at, one in enumerate(addresses, 1)],
    )


async def offered_pictures(cx: Connection, article_id: int) -> list[str]:
    """The pictures offered, in order of their numbers, which begin with 1."""
    rows = await cx.rows(
        "SELECT address FROM picture_choice WHERE article_id = :id ORDER BY place", id=article_id
    )
    return [row["address"] for row in rows]


async def due(cx: Connection, *, now: int, limit: int) -> list[EditorialState]:
    """Articles that go out by themselves now, longest due first."""
    rows = await cx.rows(
        f"{_SELECT} WHERE hold IN ('held', 'scheduled') AND release_at <= :now"
        " ORDER BY release_at, article.id LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [_standing(row) for row in rows]


async def cards(cx: Connection, article_id: int) -> list[int]:
    """The deliveries that are cards of an article, in the moderators' chat."""
    rows = await cx.rows(
        "SELECT id FROM delivery WHERE article_id = :id AND content = 'article_card'"
        " AND kind <> 'edit' ORDER BY id",
        id=article_id,
    )
    return [row["id"] for row in rows]


async def refresh_cards(tx: Connection, article_id: int, *, now: int) -> None:
    """Bring the cards of an article up to date."""
    for number in await cards(tx, article_id):
        await deliveries.enqueue_edit(tx, number, now=now)


# --- prompts --------------------------------------------------------------------------------------


async def ask(
    tx: Connection, chat_id: int, message_id: int, article_id: int, what: str, *, now: int
) -> None:
    """Remember what one of our messages asks an editor for."""
    await tx.run(
        "INSERT INTO desk_prompt (chat_id, message_id, article_id, what, asked_at)"
        " VALUES (:chat, :message, :article, :what, :now) ON CONFLICT DO NOTHING",
        chat=chat_id,
        message=message_id,
        article=article_id,
        what=what,
        now=now,
    )


async def forget_question(tx: Connection, chat_id: int, message_id: int) -> None:
    """Forget a prompt: replies to it no longer count."""
    await tx.run(
        "DELETE FROM desk_prompt WHERE chat_id = :chat AND message_id = :message",
        chat=chat_id,
        message=message_id,
    )


async def asked(cx: Connection, chat_id: int, message_id: int) -> tuple[int, str] | None:
    """The article that one of our messages is about, and what it asks for."""
    row = await cx.row(
        "SELECT article_id, what FROM desk_prompt WHERE chat_id = :chat AND message_id = :message",
        chat=chat_id,
        message=message_id,
    )
    return None if row is None else (row["article_id"], row["what"])
