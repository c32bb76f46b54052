"""How well and how fast /search finds, on real Indonesian articles, with others in the same run.

    python -m benchmarks.searching [ARTICLES [QUERIES]]

Known items: two to four words of a headline must bring its article back among the first 7.
"Inflected" replaces each word by a relative (`negosiasi` -> `bernegosiasi`), made by the rules of
Indonesian affixes from forms that occur in the archive, never by the stemmer that is measured.
"Mistyped" has one slip: in one of several words, or in a rare word that stands alone. Kinds of
queries without an article that they look for are only timed. With ARTICLES the archive grows to
that many, made of the sentences of others (`benchmarks.archive`; 0: the corpus alone). QUERIES: of
each kind, at most 400; others than Kabar get half of them, and fewer in large archives. Judged
queries: `benchmarks.judged`. The default takes about five minutes, 100000 articles half an hour.

Milliseconds are CPU time of this process, so that others on the machine do not count (LIKE and FTS5
run in it); for PostgreSQL, which runs in processes of its own, they are read from the clock, as is
how long the event loop was held.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from benchmarks import judged
from benchmarks.archive import Text, corpus, store
from benchmarks.finders import Finder, finders, prepare, sizes
from bot.core.search.words import words
from bot.runtime import freeze_garbage
from storage import Connection, Database, open_database, reindexing
from tests.support import postgres

QUERIES = 400
"""Of each kind, that can be asked."""
_ASKED = 200
_TICK = 0.001
Asked = Sequence[tuple[int, list[str]]]
"""The number of the article that is wanted (0: none) and the words that are typed."""


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


def mistyped(word: str, rng: random.Random) -> str:
    """The word with a letter left out, added, replaced, or with two that changed places."""
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
    texts: Sequence[Text], items: Sequence[tuple[int, list[str]]], uses: Mapping[str, int]
) -> tuple[list[tuple[int, list[str]]], list[tuple[int, list[str]]]]:
    """One slip in one of several words, and in a rare word alone: one that at most five articles of
    the archive have."""
    rng = random.Random(5)
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
            if len(word) > 4 and word.isascii() and word.isalpha() and 0 < uses.get(word, 0) <= 5
        ]
        if text.wanted and text.titled and rare:
            alone.append((number, [mistyped(rng.choice(rare), rng)]))
    return several, rng.sample(alone, min(len(alone), QUERIES))


# --- the run --------------------------------------------------------------------------------------


def kinds(texts: Sequence[Text], uses: Mapping[str, int]) -> dict[str, Asked]:
    """The queries, by kind."""
    items, related = known_items(texts), families(texts)
    several, alone = slips(texts, items, uses)
    inflected = [
        (number, [related.get(word, [word])[0] for word in asked])
        for number, asked in items
        if any(word in related for word in asked)
    ]
    common = Counter(word for text in texts for word in set(words(text.body)))
    frequent = [word for word, _ in common.most_common(QUERIES)]
    middle = [word for word, n in common.items() if len(texts) // 100 < n < len(texts) // 30]
    rng = random.Random(3)
    rng.shuffle(middle)
    phrases = [
        f'"{one} {other}"'
        for _, asked in items[:QUERIES]
        for one, other in list(pairwise(asked))[:1]
    ]
    told = [words(text.title) for text in texts if text.titled]
    return {
        "verbatim": items[:QUERIES],
        "inflected": inflected[:QUERIES],
        "one slip in several": several[:QUERIES],
        "one rare, mistyped": alone,
        "one frequent word": [(0, [word]) for word in frequent],
        "one word in 30 to 100": [(0, [word]) for word in middle[:QUERIES]],
        "two frequent words": [(0, rng.sample(frequent, 2)) for _ in range(QUERIES)],
        "two of 30 to 100": [(0, rng.sample(middle, 2)) for _ in range(QUERIES)],
        "phrases": [(0, [phrase]) for phrase in phrases],
        "whole headlines": [(0, rng.choice(told)) for _ in range(QUERIES)],
    }


async def measure(cx: Connection, find: Finder, asked: Asked) -> tuple[str, list[int]]:
    """Of one finder: recall@1, recall@7, milliseconds (p50, p99), for how many the event loop was
    held at most, and what it put first (0: nothing)."""
    first = page = 0
    took, firsts = [], []
    clock = time.process_time if cx.dialect == "sqlite" else time.perf_counter
    held = [0.0]
    ticking = asyncio.create_task(_tick(held))
    for number, query in asked:
        begin = clock()
        found = await find(cx, " ".join(query))
        took.append((clock() - begin) * 1000)
        firsts.append(found[0] if found else 0)
        first += firsts[-1] == number
        page += number in found
    ticking.cancel()
    cuts = statistics.quantiles(took, n=100)
    n = len(asked)
    recall = f"{first / n:8.3f} {page / n:8.3f}" if asked[0][0] else f"{'':17}"
    return f"{recall} {cuts[49]:9.1f} {cuts[98]:9.1f} {max(held) * 1000:9.1f}", firsts


async def _tick(held: list[float]) -> None:
    """Notes how much later than asked the loop comes back here; what others on the machine take
    counts, too."""
    while True:
        begin = time.perf_counter()
        await asyncio.sleep(_TICK)
        held[0] = max(held[0], time.perf_counter() - begin - _TICK)


async def report(
    db: Database, texts: Sequence[Text], articles: int, queries: int
) -> dict[str, list[int]]:
    """Print everything for one engine, whose database is empty; returns what Kabar put first."""
    await store(db, texts, max(0, articles - len(texts)))
    begin, worked = time.perf_counter(), time.process_time()
    count = await reindexing.ensure_index(db)
    took, worked = time.perf_counter() - begin, time.process_time() - worked
    print(f"{count:,} articles indexed in {took:.1f} s, {worked:.1f} s of it here", end=" ")
    size = await sizes(db)
    print(f"({size['index'] / count:,.0f} bytes each, their texts {size['articles'] / count:,.0f})")
    await prepare(db)
    heading = f"{'':22} {'':10} {'recall@1':>8} {'recall@7':>8} {'p50 ms':>9} {'p99 ms':>9}"
    print(f"{heading} {'held ms':>9}")
    few = max(20, queries // 2 * 20_000 // max(count, 20_000))  # the others are slow there
    first: dict[str, list[int]] = {}
    async with db.reading() as cx:
        vocabulary = await cx.rows("SELECT word, uses FROM search_word WHERE uses <= 5")
        rare = {row["word"]: row["uses"] for row in vocabulary}
        for name, asked in kinds(texts, rare).items():
            for label, find in finders(db.dialect).items():
                some = _some(asked, queries if label == "Kabar" else few)
                figures, firsts = await measure(cx, find, some)
                print(f"{name:22} {label:10} {figures}", flush=True)
                if label == "Kabar":
                    first[name] = firsts
    return first


def _some(asked: Asked, most: int) -> Asked:
    """So many, from all parts of the list: some begin with the most frequent words."""
    return asked[:: -(-len(asked) // most)]


def compare(here: dict[str, list[int]], there: dict[str, list[int]]) -> None:
    """Print how often both engines put the same article first."""
    print("\nthe same first result on both")
    same = asked = 0
    for name, firsts in here.items():
        equal = sum(one == other for one, other in zip(firsts, there[name], strict=True))
        print(f"{name:22} {equal / len(firsts):8.3f} of {len(firsts)}")
        same, asked = same + equal, asked + len(firsts)
    print(f"{'all':22} {same / asked:8.3f} of {asked}", flush=True)


async def run(url: str, articles: int, queries: int = _ASKED) -> dict[str, list[int]]:
    """Print one engine's figures: with ARTICLES those of known items, else judged ones."""
    texts = corpus()
    freeze_garbage()  # as the program does
    db = await open_database(url)
    try:
        if articles:
            return await report(db, texts, articles, queries)
        await judged.report(db, texts)
        return {}
    finally:
        await db.close()


def main(articles: int = 0, queries: int = _ASKED) -> None:
    """Print the figures of the search, with PostgreSQL's where its server is installed."""
    texts = corpus()
    if not texts:
        print("searching: the corpus is not beside this checkout; skipped")
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        urls = {name: f"sqlite:///{folder}/{name}.db" for name in ("judged", "known")}
        asyncio.run(run(urls["judged"], 0))
        here = asyncio.run(run(urls["known"], articles or len(texts), queries))
        with contextlib.suppress(ImportError):
            server = stack.enter_context(postgres.running())
            print("\non PostgreSQL", flush=True)
            asyncio.run(run(server.create(), 0))
            compare(here, asyncio.run(run(server.create(), articles or len(texts), queries)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
