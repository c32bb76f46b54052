"""How well articles' pages are read, beside trafilatura alone on the same pages, by one scorer.

    python -m benchmarks.pages FOLDER

FOLDER holds clones of public sets; those that are there are used: `article-extraction-benchmark`
(scrapinghub), `trafilatura` (adbar, its tests/), `readability` (mozilla, its test/test-pages). The
text's F1 is by four words in a row, as scrapinghub counts it; for trafilatura's set by the passages
that a reading has to hold and must not hold. A name is right if it holds all that are expected, a
day if it is off by one at most (zones). Leads are right if they begin where the article begins.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

_NOW = 1_800_000_000
_WORDS = 4
_AWAY = 12
"""Words before an article's lead that may be its place or its title."""
_FIELDS = ("title", "author", "date")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a set, and what is right. `wanted` and `unwanted` are passages."""

    path: Path
    address: str = "https://paper.example/a"
    text: str = ""
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        written = self.path.read_bytes()
        return gzip.decompress(written) if self.path.suffix == ".gz" else written


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader found in a page."""

    text: str = ""
    lead: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def main() -> None:
    sets = [] if len(sys.argv) < 2 else list(_sets(Path(sys.argv[1])))
    if not sets:
        print("No sets of pages: python -m benchmarks.pages FOLDER (see benchmarks/pages.py).")
    for name, pages in sets:
        with ProcessPoolExecutor() as pool:
            ours = list(pool.map(_ours, pages, chunksize=8))
            theirs = list(pool.map(_theirs, pages, chunksize=8))
        print(f"{name}, {len(pages)} pages: {_milliseconds(ours)} ms a page of ours")
        for who, told in (("ours", ours), ("trafilatura", theirs)):
            print(f"  {who:<12} {_score(pages, told)}")
        if pages[0].text and name.startswith("article"):
            begun = sum(_begins(one.lead, page.text) for page, one in zip(pages, ours, strict=True))
            print(f"  leads that begin where the article begins: {begun}")


def _sets(folder: Path) -> Iterator[tuple[str, list[Page]]]:
    readers: dict[str, Callable[[Path], Iterator[Page]]] = {
        "article-extraction-benchmark": _scrapinghub,
        "trafilatura": _adbar,
        "readability": _mozilla,
    }
    for name, pages in readers.items():
        if (folder / name).is_dir():
            yield name, list(pages(folder / name))


def _scrapinghub(root: Path) -> Iterator[Page]:
    for key, right in json.loads((root / "ground-truth.json").read_text("utf-8")).items():
        yield Page(root / "html" / f"{key}.html.gz", right["url"], text=right["articleBody"])


def _adbar(root: Path) -> Iterator[Page]:
    for address, right in json.loads((root / "tests/evaldata.json").read_text("utf-8")).items():
        places = (root / "tests" / folder / right["file"] for folder in ("cache", "eval"))
        path = next((one for one in places if one.exists()), None)
        if path is not None:
            facts = {name: str(right.get(name) or "") for name in _FIELDS}
            wanted, unwanted = tuple(right["with"]), tuple(right["without"])
            yield Page(path, address, wanted=wanted, unwanted=unwanted, facts=facts)


def _mozilla(root: Path) -> Iterator[Page]:
    from lxml import html  # noqa: PLC0415 - a set that may not be there

    for folder in sorted((root / "test/test-pages").iterdir()):
        expected = folder / "expected.html"
        if not expected.exists():
            continue
        said = json.loads((folder / "expected-metadata.json").read_text("utf-8"))
        names = {"title": "title", "author": "byline", "date": "publishedTime"}
        facts = {ours: str(said.get(theirs) or "") for ours, theirs in names.items()}
        text = html.fromstring(f"<div>{expected.read_text('utf-8')}</div>").text_content()
        yield Page(folder / "source.html", "http://fakehost/test/page.html", text, facts=facts)


def _ours(page: Page) -> Told:
    from bot.core.articles.page import read_page  # noqa: PLC0415 - in its process
    from bot.core.errors import FeedError  # noqa: PLC0415

    began = time.process_time()
    try:
        story = read_page(page.body(), address=page.address, now=_NOW)
    except FeedError:
        return Told()
    at = story.published
    day = "" if at is None else datetime.fromtimestamp(at, UTC).date().isoformat()
    facts = {"title": story.headline, "author": story.author, "date": day}
    return Told(story.body, story.lead, facts, time.process_time() - began)


def _theirs(page: Page) -> Told:
    import trafilatura  # noqa: PLC0415 - in its process

    body = page.body()
    text = trafilatura.extract(body, include_comments=False, include_tables=True) or ""
    found = trafilatura.bare_extraction(body, with_metadata=True, include_comments=False)
    said: dict[str, Any] = found.as_dict() if found and not isinstance(found, dict) else found or {}
    return Told(text, text, {name: said.get(name) or "" for name in _FIELDS})


def _milliseconds(told: list[Told]) -> int:
    return round(1000 * statistics.median(one.seconds for one in told))


def _score(pages: list[Page], told: list[Told]) -> str:
    pairs = list(zip(pages, told, strict=True))
    by_passages = any(page.wanted for page in pages)
    words = f"F1 {(_by_passages if by_passages else _by_words)(pairs):.4f}"
    for name in _FIELDS:
        known = [(page.facts[name], one.facts.get(name, "")) for page, one in pairs if page.facts]
        known = [(right, said) for right, said in known if right]
        if known:
            words += f"  {name} {sum(_RIGHT[name](*one) for one in known)} of {len(known)}"
    return words


def _by_words(pairs: list[tuple[Page, Told]]) -> float:
    precision, recall = [], []
    for page, told in pairs:
        right, said = _shingles(page.text), _shingles(told.text)
        both = (right & said).total()
        if said:
            precision.append(both / said.total())
        if right:
            recall.append(both / right.total())
    return statistics.harmonic_mean([statistics.mean(precision), statistics.mean(recall)])


def _by_passages(pairs: list[tuple[Page, Told]]) -> float:
    found = extra = missed = 0
    for page, told in pairs:
        text = " ".join(told.text.split())
        held = sum(" ".join(one.split()) in text for one in page.wanted)
        found += held
        missed += len(page.wanted) - held
        extra += sum(" ".join(one.split()) in text for one in page.unwanted)
    return 2 * found / (2 * found + extra + missed)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    most = max(1, len(words) - _WORDS + 1)
    return Counter(tuple(words[at : at + _WORDS]) for at in range(most) if words)


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _same_title(right: str, said: str) -> bool:
    return _letters(right) == _letters(said)


def _same_people(right: str, said: str) -> bool:
    plain = re.sub(r"(?i)^\s*(?:by|von|par|por)\s+", "", right)
    names = [_letters(one) for one in re.split(r"\s*(?:;|,| und | and | & )\s*", plain)]
    told = _letters(said)
    return bool(told) and all(name in told or told in name for name in names if name)


def _same_day(right: str, said: str) -> bool:
    try:
        return abs((date.fromisoformat(right[:10]) - date.fromisoformat(said[:10])).days) <= 1
    except ValueError:
        return False


_RIGHT: dict[str, Callable[[str, str], bool]] = {
    "title": _same_title,
    "author": _same_people,
    "date": _same_day,
}


def _begins(lead: str, text: str) -> bool:
    """Whether a lead, without its place, begins among an article's first words."""
    ours, right = (re.findall(r"\w+", one.casefold()) for one in (lead, text))
    starts = (ours[skip : skip + 5] for skip in range(6))
    return any(
        right[at : at + len(start)] == start
        for start in starts
        if len(start) > 2
        for at in range(min(len(right), _AWAY))
    )


if __name__ == "__main__":
    main()
