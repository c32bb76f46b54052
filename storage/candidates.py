"""Finds articles in the index: which rows match, and their texts. All of the search that depends on
the engine is here and in `expressions`; both engines only propose, `bot.core.search` ranks.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.database import Connection, Row, listed
from storage.expressions import WHOLE_ARCHIVE, Expression, Scope, fts5

_WITHIN = "search_text MATCH :match AND rowid BETWEEN :first AND :last"
_NEWEST = f"SELECT rowid FROM search_text WHERE {_WITHIN} ORDER BY rowid DESC LIMIT :limit"
_BEST = (
    f"SELECT rowid FROM search_text WHERE {_WITHIN}"
    " ORDER BY bm25(search_text, 8, 1, 0) LIMIT :limit"
)
_COUNT = f"SELECT count(*) FROM (SELECT rowid FROM search_text WHERE {_WITHIN} LIMIT :limit)"


async def newest(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The newest rows that match."""
    return await _rows(cx, _NEWEST, wanted, scope, limit)


async def best(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The rows that match best in the eyes of the database, which reads all of them for that."""
    return await _rows(cx, _BEST, wanted, scope, limit)


async def count(
    cx: Connection, wanted: Expression, scope: Scope = WHOLE_ARCHIVE, *, limit: int
) -> int:
    """How many match, at most `limit`: it stops counting there."""
    return (await _rows(cx, _COUNT, wanted, scope, limit))[0]


async def texts(cx: Connection, rows: Sequence[int]) -> list[Row]:
    """What ranks the rows (row, article_id, headline, stems t and b), in any order; without those
    whose article was retracted."""
    if not rows:
        return []
    marks, values = listed("r", rows)
    return await cx.rows(
        "SELECT row, article_id, headline, t, b FROM search_row"
        " CROSS JOIN search_text ON search_text.rowid = row"
        " CROSS JOIN article ON article.id = article_id"
        f" WHERE row IN ({marks}) AND retracted_at IS NULL",
        **values,
    )


async def _rows(
    cx: Connection, sql: str, wanted: Expression, scope: Scope, limit: int
) -> list[int]:
    found = await cx.rows(
        sql, match=fts5(wanted, scope), first=scope.first, last=scope.last, limit=limit
    )
    return [row[0] for row in found]  # type: ignore[index]
