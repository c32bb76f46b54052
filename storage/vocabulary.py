"""The words of the archive, and about how many articles have each. Knows rows, no queries.

It grows with the index, in the same transaction. A word whose article was corrected or withdrawn
stays: only the index decides what is found; these are merely words to choose from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import orjson

from bot.core.search.words import stem
from storage.database import Connection, Sql, in_both, strings
from storage.index_tables import LIVE, at

_AFTER = "\U0010ffff"  # no word contains it
_NONE = "[]"
_LONGEST = 32  # letters of a word that is kept


# One list for all words: a driver takes longer to pass ten thousand rows than the database to
# process them.
_COUNTED = "INSERT INTO search_word (word, stem, uses) SELECT {word}, {stem}, {uses} FROM {counted}"
_SPELLED: dict[str, Sql] = {
    "word": "value ->> 0",
    "stem": "value ->> 1",
    "uses": {"sqlite": "value ->> 2", "postgresql": "CAST(value ->> 2 AS bigint)"},
    "counted": {
        "sqlite": "json_each(:counted)",
        "postgresql": "json_array_elements(CAST(:counted AS json))",
    },
}
_LEARN = in_both(
    f"{_COUNTED} WHERE true"  # or SQLite would take what follows for a part of the join
    " ON CONFLICT (word) DO UPDATE SET uses = search_word.uses + excluded.uses",
    **_SPELLED,
)
_MEET = in_both(f"{_COUNTED} WHERE true ON CONFLICT (word) DO NOTHING", **_SPELLED)


@dataclass(frozen=True, slots=True)
class Told:
    """What new articles add to the vocabulary, as JSON: words with their stems and in how many new
    articles they are, and words of articles that were counted before."""

    new: str
    met: str


def told(counted: Mapping[str, int]) -> Told:
    """Words, and in how many new articles they are (0: only in articles that were counted
    before)."""
    new, met = [], []
    for word, uses in counted.items():
        if uses and len(word) <= _LONGEST:
            new.append((word, stem(word), uses))
        elif len(word) <= _LONGEST:
            met.append((word, stem(word), 1))
    return Told(orjson.dumps(new).decode(), orjson.dumps(met).decode())


_USES = in_both("SELECT word, uses FROM search_word WHERE word IN {words}", words=strings("words"))
_HAVING = in_both(
    "SELECT stem, sum(uses) AS uses FROM search_word WHERE stem IN {stems} GROUP BY stem",
    stems=strings("stems"),
)


async def learn(tx: Connection, words: Told, index: str = LIVE) -> None:
    """Add the words of new articles."""
    for sql, counted in ((_LEARN, words.new), (_MEET, words.met)):
        if counted != _NONE:
            await tx.run(at(index, sql), counted=counted)


async def uses(cx: Connection, words: Collection[str]) -> dict[str, int]:
    """The words that the archive has, and in how many articles."""
    return (await known(cx, words, ()))[0] if words else {}


async def having(cx: Connection, stems: Collection[str]) -> dict[str, int]:
    """About how many articles have each stem: an article with two of its words counts twice."""
    return (await known(cx, (), stems))[1] if stems else {}


async def known(
    cx: Connection, words: Collection[str], stems: Collection[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """The results of `uses` for words and `having` for stems."""
    used, had = await cx.batch(
        (_USES, {"words": orjson.dumps(list(words)).decode()}),
        (_HAVING, {"stems": orjson.dumps(list(stems)).decode()}),
    )
    return {row[0]: row[1] for row in used}, {row[0]: int(row[1]) for row in had}  # type: ignore[index]


async def likeliest(cx: Connection, opening: str) -> str:
    """The likeliest completion of an unfinished word: the most used one that begins with it. Empty
    if the archive has the opening itself as a word, or nothing like it."""
    return str(
        await cx.value(
            "SELECT word FROM search_word WHERE word >= :low AND word < :high AND NOT EXISTS"
            " (SELECT 1 FROM search_word AS whole WHERE whole.word = :low)"
            " ORDER BY uses DESC, word LIMIT 1",
            low=opening,
            high=opening + _AFTER,
        )
        or ""
    )


_IN_WAY = "word >= low AND word < high AND length(word) BETWEEN :shortest AND :longest"
_IN_EACH_WAY = {
    "sqlite": f"SELECT word, uses FROM way CROSS JOIN search_word WHERE {_IN_WAY}",
    # Else it compares each word of the vocabulary with each way.
    "postgresql": "SELECT word, uses FROM way CROSS JOIN LATERAL"
    f" (SELECT word, uses FROM search_word WHERE {_IN_WAY} OFFSET 0) AS one",
}


async def beginning_with(
    cx: Connection, openings: Sequence[str], *, shortest: int, longest: int
) -> dict[str, int]:
    """The words within these lengths that begin with one of these openings."""
    if not openings:
        return {}
    ways = ", ".join(f"(:a{n}, :z{n})" for n in range(len(openings)))
    values: dict[str, object] = {}
    for n, opening in enumerate(openings):
        values |= {f"a{n}": opening, f"z{n}": opening + _AFTER}
    rows = await cx.rows(
        in_both(f"WITH way (low, high) AS (VALUES {ways}) {{each}}", each=_IN_EACH_WAY),
        shortest=shortest,
        longest=longest,
        **values,
    )
    return {row["word"]: row["uses"] for row in rows}
