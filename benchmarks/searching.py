"""How well and how fast /search finds, on real Indonesian articles, with LIKE in the same run.

    python -m benchmarks.searching [ARTICLES]

A known-item test: two to four words of a headline must bring its article back among the first 7.
"Inflected" replaces each word by a relative (`negosiasi` -> `bernegosiasi`), made by the rules of
Indonesian affixes from forms that occur in the archive, never by the stemmer that is measured.
"Mistyped" has one slip: in one of several words, or in a rare word that stands alone. With ARTICLES
the archive grows to so many, made of the sentences of others (`benchmarks.archive`).
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC

from benchmarks.archive import NOW, Text, corpus, store
from bot.core.search.query import parse
from bot.core.search.words import words
from storage import Connection, Database, open_database, search

QUERIES = 400
PAGE = 7

Finder = Callable[[Connection, str], Awaitable[list[int]]]


# --- finders --------------------------------------------------------------------------------------


async def by_like(cx: Connection, text: str) -> list[int]:
    """What a bot without an index does: every word somewhere, newest first."""
    asked = text.split()
    holds = " AND ".join(f"(headline LIKE :w{n} OR body LIKE :w{n})" for n in range(len(asked)))
    rows = await cx.rows(
        f"SELECT id FROM article WHERE {holds} ORDER BY sort_at DESC, id DESC LIMIT {PAGE}",
        **{f"w{n}": f"%{word}%" for n, word in enumerate(asked)},
    )
    return [row["id"] for row in rows]


async def by_kabar(cx: Connection, text: str) -> list[int]:
    """The whole /search: parse, candidates, ranking, excerpts."""
    page = await search.search(cx, parse(text, UTC), now=NOW, limit=PAGE)
    return [hit.article_id for hit in page.hits]


# --- queries --------------------------------------------------------------------------------------


def known_items(texts: Sequence[Text]) -> list[tuple[int, list[str]]]:
    """An article's number and words of its headline, as somebody who remembers it would type."""
    rng = random.Random(11)
    having = Counter(word for text in texts for word in set(words(text.title + " " + text.body)))
    items = []
    for number, text in enumerate(texts, start=1):
        rare = [w for w in dict.fromkeys(words(text.title)) if len(w) > 3 and having[w] < 400]
        if text.wanted and text.titled and len(rare) >= 2:
            items.append((number, rng.sample(rare, min(len(rare), rng.choice((2, 3, 4))))))
    return rng.sample(items, min(len(items), QUERIES * 4))


def families(texts: Sequence[Text]) -> dict[str, list[str]]:
    """Word -> its relatives that occur at least three times."""
    counts = Counter(word for text in texts for word in words(text.title + " " + text.body))
    seen = {word for word, n in counts.items() if n >= 3 and word.isascii() and word.isalpha()}
    related: defaultdict[str, set[str]] = defaultdict(set)
    for root in seen:
        if len(root) > 3:
            forms = {form for form in derived(root) if form in seen}
            for form in forms:
                related[form] |= forms - {form}
    return {word: sorted(others) for word, others in related.items() if others}


def derived(root: str) -> Iterator[str]:
    """A root and the words that Indonesian affixes make of it."""
    heads = ["", "di", "ber", "ter", *(p + n for p in ("me", "pe") for n in (_nasal(root)[0],))]
    for head in heads:
        rest = root[_nasal(root)[1] :] if head[:2] in {"me", "pe"} else root
        for tail in ("", "kan", "an", "i", "nya"):
            yield head + rest + tail


def _nasal(root: str) -> tuple[str, int]:
    """What me- and pe- insert before a root, and how many of its letters give way."""
    for letters, sign, lost in (
        ("bfv", "m", 0), ("p", "m", 1), ("dcjz", "n", 0), ("t", "n", 1),
        ("s", "ny", 1), ("k", "ng", 1), ("aiueogh", "ng", 0),
    ):  # fmt: skip
        if root[0] in letters:
            return sign, lost
    return "", 0


# --- the run --------------------------------------------------------------------------------------


async def measure(cx: Connection, find: Finder, asked: Sequence[tuple[int, list[str]]]) -> str:
    """recall@1, recall@7 and milliseconds (p50, p99) of one finder."""
    first = page = 0
    took = []
    for number, query in asked:
        begin = time.perf_counter()
        found = await find(cx, " ".join(query))
        took.append((time.perf_counter() - begin) * 1000)
        first += found[:1] == [number]
        page += number in found
    cuts = statistics.quantiles(took, n=100)
    n = len(asked)
    recall = f"{first / n:8.3f} {page / n:8.3f}" if asked[0][0] else f"{'':17}"
    return f"{recall} {cuts[49]:9.1f} {cuts[98]:9.1f}"


async def run(articles: int) -> None:
    """Prints everything."""
    texts = corpus()
    if not texts:
        print("searching: the corpus is not beside this checkout; skipped")
        return
    with tempfile.TemporaryDirectory() as folder:
        db = await open_database(f"sqlite:///{folder}/kabar.db")
        try:
            await store(db, texts, max(0, articles - len(texts)))
            await report(db, texts)
        finally:
            await db.close()


def mistyped(word: str, rng: random.Random) -> str:
    """The word with a letter left out, doubled by another, replaced, or with two that changed
    places."""
    at = rng.randrange(len(word) - 1)
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return rng.choice([slip for slip in slips if slip != word])


def slips(
    texts: Sequence[Text], items: Sequence[tuple[int, list[str]]]
) -> tuple[list[tuple[int, list[str]]], list[tuple[int, list[str]]]]:
    """One slip in one of several words, and in a rare word (in at most five articles) alone."""
    rng = random.Random(5)
    having = Counter(word for text in texts for word in set(words(text.title + " " + text.body)))
    several, alone = [], []
    for number, asked in items:
        long = [word for word in asked if len(word) > 4 and word.isascii() and word.isalpha()]
        if long:
            one = rng.choice(long)
            several.append((number, [mistyped(w, rng) if w == one else w for w in asked]))
    for number, text in enumerate(texts, start=1):
        rare = [
            word
            for word in dict.fromkeys(words(text.title))
            if len(word) > 4 and word.isascii() and word.isalpha() and having[word] <= 5
        ]
        if text.wanted and text.titled and rare:
            alone.append((number, [mistyped(rng.choice(rare), rng)]))
    return several, rng.sample(alone, min(len(alone), QUERIES))


async def report(db: Database, texts: Sequence[Text]) -> None:
    before = await _size(db)
    begin = time.perf_counter()
    count = await search.ensure_index(db)
    took = time.perf_counter() - begin
    grown = (await _size(db) - before) / count
    print(f"{count:,} articles indexed in {took:.1f} s ({count / took:,.0f} a second),")
    print(f"{grown:,.0f} bytes of index an article\n")
    items, related = known_items(texts), families(texts)
    several, alone = slips(texts, items)
    inflected = [
        (number, [related.get(word, [word])[0] for word in asked])
        for number, asked in items
        if any(word in related for word in asked)
    ]
    common = Counter(word for text in texts for word in set(words(text.body))).most_common(QUERIES)
    sets = {
        "verbatim": items[:QUERIES],
        "inflected": inflected[:QUERIES],
        "one slip in several": several[:QUERIES],
        "one rare, mistyped": alone,
        "one common word": [(0, [word]) for word, _ in common],
    }
    print(f"{'':20} {'':6} {'recall@1':>8} {'recall@7':>8} {'p50 ms':>9} {'p99 ms':>9}")
    async with db.reading() as cx:
        for name, asked in sets.items():
            for label, find in (("LIKE", by_like), ("Kabar", by_kabar)):
                print(f"{name:20} {label:6} {await measure(cx, find, asked)}")


async def _size(db: Database) -> int:
    async with db.reading() as cx:
        pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(await cx.value(pages))


def main(articles: int = 0) -> None:
    """Prints the figures of the search."""
    asyncio.run(run(articles))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
