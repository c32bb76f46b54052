"""Finds articles in the index: which rows match, and their texts. All of the search that depends on
the engine is here, in `newest_rows` and in `expressions`; both engines only propose,
`bot.core.search` ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from storage import newest_rows
from storage.database import Connection, Row, Sql, Statement, in_both, json_list, numbers
from storage.expressions import WHOLE_ARCHIVE, Expression, Scope, fts5, has_phrase, tsquery
from storage.newest_rows import ROW, within

_THEN = {"sqlite": "CROSS JOIN", "postgresql": "JOIN"}
"""Keeps SQLite's planner from starting elsewhere."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an engine reads for one question.

    It ranks no more than `ranked` articles, nor where those that have any of the words are more
    than `read`, taken together: to know how rare a word is, it goes through all that have it. No
    more than `titled` for their headlines alone.
    """

    ranked: int
    read: int
    titled: int
    counted: int


LIMITS = {
    "sqlite": Limits(ranked=2_000, read=50_000, titled=10_000, counted=5_000),
    # It unpacks all words of an article to see whether it has one: some microseconds each.
    "postgresql": Limits(ranked=500, read=5_000, titled=5_000, counted=500),
}


def _best(table: str, order: Sql) -> Sql:
    """Rows that match, in this order, no more than :limit."""
    return in_both(
        f"SELECT {{rows}} FROM (SELECT {{row}} AS one FROM {table} WHERE {{within}}"
        " ORDER BY {order} LIMIT :limit) AS found",
        row=ROW,
        rows=json_list("one"),
        within=within(table),
        order=order,
    )


_BEST = _best(
    "search_text",
    {
        "sqlite": "bm25(search_text, 8, 1, 0)",
        # Weights of the text and of the headline; 1: a long text is worth a little less.
        "postgresql": "ts_rank('{0.125, 0, 0, 1}', found, CAST(:match AS tsquery), 1) DESC,"
        " row DESC",
    },
)
_BEST_TITLED = _best(
    "search_title",
    {
        "sqlite": "bm25(search_title, 1, 0)",
        "postgresql": "ts_rank(found, CAST(:match AS tsquery), 1) DESC, row DESC",
    },
)
_TEXTS = in_both(
    "SELECT search_row.row, article_id, h, search_text.t, b FROM search_row"
    " {then} search_text ON search_text.{row} = search_row.row"
    " {then} search_title ON search_title.{row} = search_row.row"
    " WHERE search_row.row IN {rows}"
    " AND article_id NOT IN (SELECT id FROM article WHERE retracted_at IS NOT NULL)",
    row=ROW,
    rows=numbers("rows"),
    then=_THEN,
)


async def newest(
    cx: Connection, wanted: Expression, scope: Scope, limit: int, *, few: bool = False
) -> list[int]:
    """The newest rows that match. `few`: it is known that no more than `Limits.read` do."""
    sql = newest_rows.newest("search_text", phrase=has_phrase(wanted), few=few)
    return (await _rows(cx, _asked(sql, cx, wanted, scope, limit)))[0]


async def titled(
    cx: Connection, scope: Scope, *wanted: tuple[Expression, int], few: bool = False
) -> list[int]:
    """The newest rows whose headlines match, by stems or forms (`Where`): so many for each
    expression."""
    # Headlines by themselves have no labels.
    table = "search_text" if scope.needed or scope.refused else "search_title"
    asked = [
        _asked(newest_rows.newest(table, phrase=has_phrase(one), few=few), cx, one, scope, limit)
        for one, limit in wanted
    ]
    return [row for rows in await _rows(cx, *asked) for row in rows]


async def best(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The rows that match best according to the database, which reads all articles that have any of
    the words for that."""
    return (await _rows(cx, _asked(_BEST, cx, wanted, scope, limit)))[0]


async def best_titled(cx: Connection, wanted: Expression, scope: Scope, limit: int) -> list[int]:
    """The rows whose headlines match best according to the database, which reads all headlines that
    have any of the words for that."""
    return (await _rows(cx, _asked(_BEST_TITLED, cx, wanted, scope, limit)))[0]


async def counts(
    cx: Connection, wanted: Sequence[Expression], *, limit: int, few: bool = False
) -> list[int]:
    """How many match each expression, at most `limit`: it stops counting there."""
    sql = newest_rows.counted("search_text", few=few)
    found = await cx.batch(*(_asked(sql, cx, one, WHOLE_ARCHIVE, limit) for one in wanted))
    return [int(rows[0][0]) for rows in found]  # type: ignore[index]


async def texts(cx: Connection, rows: Sequence[int]) -> list[Row]:
    """The texts that rows are ranked by (row, article_id, words of the headline h, stems t and b),
    in any order; without retracted articles."""
    if not rows:
        return []
    # Rows of one time are stored side by side.
    return await cx.rows(_TEXTS, rows=orjson.dumps(sorted(rows)).decode())


def _asked(sql: Sql, cx: Connection, wanted: Expression, scope: Scope, limit: int) -> Statement:
    match = fts5(wanted, scope) if cx.dialect == "sqlite" else tsquery(wanted, scope)
    return sql, {"match": match, "first": scope.first, "last": scope.last, "limit": limit}


async def _rows(cx: Connection, *asked: Statement) -> list[list[int]]:
    return [orjson.loads(found[0][0]) for found in await cx.batch(*asked)]  # type: ignore[index]
