"""The newest rows of the index that match, in the SQL of each engine.

SQLite goes through the rows of a word in order, newest first. PostgreSQL has to choose:

    walk      from the newest article on, looking into each: cheap if many match
    look up   all that match, and sort them: cheap if few do

It estimates badly how many articles have several words, a phrase, or a word that is not among its
most frequent ones; by a wrong estimate it would walk through the whole archive. So here the newest
articles are asked how dense the matching ones are, in the same statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from storage.database import Sql, in_both, json_list

ROW = {"sqlite": "rowid", "postgresql": "row"}
_MATCH = "found @@ CAST(:match AS tsquery)"


@dataclass(frozen=True, slots=True)
class _Reading:
    """How PostgreSQL reads what must not be few: the newest `probed` tell whether to walk `far`,
    and whether to look up if that did not find enough."""

    probed: int
    far: int
    dense: str
    rare: str
    match: str = _MATCH
    """What the probe counts."""


# To look into an article costs 2.5 times what it costs to look one up: the walk, of :limit / hits
# x `probed` articles, is cheaper if hits^2 x articles > 2.5 x :limit x probed^2.
_WORDS = _Reading(300, 8_000, "hits * hits * articles > 225000 * :limit", "true")
# A phrase is looked up by its words, and each article that has them is looked into.
_PHRASES = _Reading(
    1_000,
    20_000,
    "hits > 5",
    "hits * articles <= 20000 * 1000",
    "found @@ CAST(replace(:match, '<->', '&') AS tsquery)",
)


@cache
def newest(table: str, *, phrase: bool = False, few: bool = False) -> Sql:
    """Rows that match, newest first, no more than :limit, as one JSON list. `few`: it is known
    that only some thousand match."""
    postgres = _looked_up(table) if few else _weighed(table, _PHRASES if phrase else _WORDS)
    return _selected(table, json_list("one"), " ORDER BY rowid DESC", postgres)


@cache
def counted(table: str, *, few: bool = False) -> Sql:
    """How many rows match, at most :limit."""
    return _selected(table, "count(*)", "", _looked_up(table) if few else _weighed(table, _WORDS))


def within(table: str) -> Sql:
    """The condition for a row that matches."""
    match = {"sqlite": f"{table} MATCH :match", "postgresql": _MATCH}
    return in_both("{match} AND {row} BETWEEN :first AND :last", row=ROW, match=match)


def _selected(table: str, what: Sql, order: str, postgres: str) -> Sql:
    rows = {
        "sqlite": f"SELECT rowid AS one FROM {table} WHERE {{within}}{order} LIMIT :limit",
        "postgresql": postgres,
    }
    return in_both(
        "SELECT {what} FROM ({rows}) AS found", rows=rows, what=what, within=within(table)
    )


def _looked_up(table: str, only: str = "true") -> str:
    # What is calculated (row + 0) has no index by which PostgreSQL could walk.
    return (
        f"SELECT row AS one FROM {table} WHERE {_MATCH} AND row BETWEEN :first AND :last"
        f" AND {only} ORDER BY row + 0 DESC LIMIT :limit"
    )


def _weighed(table: str, reading: _Reading) -> str:
    from_newest = (
        f"SELECT row, found FROM {table} WHERE row BETWEEN :first AND :last ORDER BY row DESC"
    )
    short = "(SELECT count(*) FROM walked) < :limit"
    return (
        "WITH probe AS MATERIALIZED (SELECT count(*) AS hits,"
        " (SELECT articles FROM search_total) AS articles"
        f" FROM ({from_newest} LIMIT {reading.probed}) AS newest WHERE {reading.match}),"
        " walked AS MATERIALIZED (SELECT row AS one"
        f" FROM ({from_newest} LIMIT {reading.far}) AS newer"
        f" WHERE {_MATCH} AND (SELECT {reading.dense} FROM probe) LIMIT :limit),"
        " looked_up AS MATERIALIZED ("
        + _looked_up(table, f"{short} AND (SELECT {reading.rare} FROM probe)")
        + ") SELECT one FROM (SELECT one FROM walked UNION SELECT one FROM looked_up) AS both_ways"
        " ORDER BY one DESC LIMIT :limit"
    )
