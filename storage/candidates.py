"""Finds articles in the index: which rows match, and their texts. All of the search that depends on
the engine is here and in `expressions`; both engines only propose, `bot.core.search` ranks.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from storage.database import Connection, Row, Sql, in_both, numbers
from storage.expressions import WHOLE_ARCHIVE, Expression, Scope, fts5, in_title, tsquery

_ROW = {"sqlite": "rowid", "postgresql": "row"}
_THEN = {"sqlite": "CROSS JOIN", "postgresql": "JOIN"}
"""SQLite's planner would begin elsewhere."""


def _within(table: str) -> Sql:
    match = {"sqlite": f"{table} MATCH :match", "postgresql": "found @@ CAST(:match AS tsquery)"}
    return in_both("{match} AND {row} BETWEEN :first AND :last", row=_ROW, match=match)


def _newest(table: str) -> Sql:
    return in_both(
        f"SELECT {{row}} FROM {table} WHERE {{within}} ORDER BY {{row}} DESC LIMIT :limit",
        row=_ROW,
        within=_within(table),
    )


_NEWEST, _TITLED = _newest("search_text"), _newest("search_title")
_BEST = in_both(
    "SELECT {row} FROM search_text WHERE {within} ORDER BY {worth} LIMIT :limit",
    row=_ROW,
    within=_within("search_text"),
    worth={
        "sqlite": "bm25(search_text, 8, 1, 0)",
        # Weights of the text and of the headline; 1: a long text is worth a little less.
        "postgresql": "ts_rank('{0.125, 0, 0, 1}', found, CAST(:match AS tsquery), 1) DESC,"
        " row DESC",
    },
)
_COUNT = in_both(
    "SELECT count(*) FROM (SELECT {row} FROM search_text WHERE {within} LIMIT :limit) AS matching",
    row=_ROW,
    within=_within("search_text"),
)
_TEXTS = in_both(
    "SELECT search_row.row, article_id, h, search_text.t, b FROM search_row"
    " {then} search_text ON search_text.{row} = search_row.row"
    " {then} search_title ON search_title.{row} = search_row.row"
    " WHERE search_row.row IN {rows}"
    " AND article_id NOT IN (SELECT id FROM article WHERE retracted_at IS NOT NULL)",
    row=_ROW,
    rows=numbers("rows"),
    then=_THEN,
)


async def newest(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The newest rows that match."""
    return await _rows(cx, _NEWEST, wanted, scope, limit)


async def titled(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The newest rows whose headlines match, by stems or forms (`Where`)."""
    if scope.needed or scope.refused:  # headlines by themselves have no labels
        wanted = in_title(wanted)
        return await _rows(cx, _NEWEST, wanted, scope, limit)
    return await _rows(cx, _TITLED, wanted, scope, limit)


async def best(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The rows that match best in the eyes of the database, which reads all of them for that."""
    return await _rows(cx, _BEST, wanted, scope, limit)


async def count(
    cx: Connection, wanted: Expression, scope: Scope = WHOLE_ARCHIVE, *, limit: int
) -> int:
    """How many match, at most `limit`: it stops counting there."""
    return (await _rows(cx, _COUNT, wanted, scope, limit))[0]


async def texts(cx: Connection, rows: Sequence[int]) -> list[Row]:
    """What ranks the rows (row, article_id, words of the headline h, stems t and b), in any order;
    without those whose article was retracted."""
    if not rows:
        return []
    return await cx.rows(_TEXTS, rows=orjson.dumps(list(rows)).decode())


async def _rows(
    cx: Connection, sql: Sql, wanted: Expression, scope: Scope, limit: int
) -> list[int]:
    match = fts5(wanted, scope) if cx.dialect == "sqlite" else tsquery(wanted, scope)
    found = await cx.rows(sql, match=match, first=scope.first, last=scope.last, limit=limit)
    return [row[0] for row in found]  # type: ignore[index]
