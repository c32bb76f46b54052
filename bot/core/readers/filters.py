"""Does an article match what a reader asked for in the language of /search? Pure, without an index.

The same rules as the search: all words (by their stems), none of the unwanted, phrases in their
exact forms, `sumber:` in the source, the feed's name or the author, `penulis:` in the author,
`topik:` in a label, `#LuarNegeri` as that label or word, dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum, auto
from functools import lru_cache

from bot.core.model import Article
from bot.core.readers.preferences import Preferences
from bot.core.search import words
from bot.core.search.query import (
    FIELDS,
    MOST_TERMS,
    QUOTES,
    KnownNames,
    SearchQuery,
    Term,
    clean,
    parse,
)

_SIGNS = re.compile(r"""(?:^|\s)[-–−]\w|"|(?:^|\s)[-–−]?[^\W\d_]+:\S""")
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_SHORT = 60
"""A text of so few characters cannot have more words than are evaluated."""
_FIELD = re.compile(r"(?:^|\s)[-–−]?([^\W\d_]+):(?!//)")


Asked = tuple[str, str]
"""A query by the stem under which it is kept, and its text."""


@dataclass(frozen=True, slots=True, eq=False)
class ArticleWords:
    """An article in the form that filters compare with; made once for all filters."""

    words: tuple[str, ...]
    """In order, with a gap ("") between headline, lead and body: no phrase spans it."""
    stems: tuple[str, ...]
    """The stem of each of `words`."""
    known: frozenset[str]
    """The stems, for a quick look."""
    sources: tuple[str, ...]
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    published: int


@lru_cache(16)
def words_of(article: Article) -> ArticleWords:
    """What filters compare with in an article."""
    found: list[str] = []
    for text in (article.headline, article.lead, article.body):
        found += [*words.words(text), ""]
    stems = tuple(words.stem(one) if one else "" for one in found)
    named = (article.source, article.feed_title, article.author)
    return ArticleWords(
        words=tuple(found),
        stems=stems,
        known=frozenset(filter(None, stems)),
        sources=tuple(filter(None, map(words.key, named))),
        topics=tuple(map(words.key, article.topics)),
        authors=tuple(filter(None, [words.key(article.author)])),
        published=article.first_seen if article.published is None else article.published,
    )


def matches(asked: SearchQuery, article: ArticleWords) -> bool:
    """Whether an article is one that the query asks for."""
    return (
        (asked.since is None or article.published >= asked.since)
        and (asked.until is None or article.published < asked.until)
        and _named(asked.sources, article.sources, every=False)
        and _named(asked.topics, article.topics, every=True)
        and _named(asked.authors, article.authors, every=False)
        and all(_tagged(tag, article) for tag in asked.tags)
        and all(_has(term, article) for term in asked.terms)
        and not any(_has(term, article) for term in asked.without)
    )


class Problem(Enum):
    """Why the text typed cannot be used as a filter."""

    EMPTY = auto()  # symbols without a word
    LONG = auto()  # more terms than a query may have
    DATES = auto()  # future articles have none
    FIELD = auto()  # name: of a field that articles do not have
    LINK = auto()


def is_filter(text: str) -> bool:
    """Whether a text uses the syntax of /search, and so is not a list of topics."""
    return _SIGNS.search(text.translate(QUOTES)) is not None


def problem(text: str, zone: tzinfo) -> tuple[Problem, str] | None:
    """What is wrong with a filter, and the word concerned; None if it can be used."""
    asked = parse(text, zone)
    if asked.link:
        return Problem.LINK, asked.link
    for name in _FIELD.findall(text):
        if name.casefold() not in FIELDS:
            return Problem.FIELD, name
    if asked.since is not None or asked.until is not None:
        return Problem.DATES, ""
    if clean(text) != " ".join(text.translate(QUOTES).split()) or _terms(asked) >= MOST_TERMS:
        return Problem.LONG, ""
    return (Problem.EMPTY, "") if asked.empty else None


def _terms(asked: SearchQuery) -> int:
    named = (asked.sources, asked.topics, asked.authors)
    names = sum(len(one.wanted) + len(one.unwanted) for one in named)
    return len(asked.terms) + len(asked.without) + len(asked.tags) + names


def telling(asked: Iterable[Asked], article: ArticleWords, zone: tzinfo) -> list[Asked]:
    """Those of many queries, as stem and text as it was typed, that an article matches. Most are a
    word or two: those need no parsing, and the same words come again and again."""
    there = _There(article.known)
    has, plain = there.__getitem__, _PLAIN.fullmatch
    return [
        one
        for one in asked
        if (
            all(map(has, one[1].split()))
            if len(one[1]) <= _SHORT and plain(one[1])
            else matches(parse(one[1], zone), article)
        )
    ]


class _There(dict[str, bool]):
    """Words, and whether an article has their stems: looked up once."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known

    def __missing__(self, word: str) -> bool:
        found = self[word] = words.stem(word) in self._known
        return found


def fits(wants: Preferences, article: ArticleWords) -> bool:
    """Whether an article passes a chat's filter; without one every article does."""
    return not wants.filter or _fits(wants.filter, wants.zone, article)


@lru_cache(4096)
def _fits(text: str, zone: tzinfo, article: ArticleWords) -> bool:
    """Asked for one article in parts of its audience, between which others are asked for too."""
    return matches(_query(text, zone), article)


@lru_cache(4096)
def _query(text: str, zone: tzinfo) -> SearchQuery:
    return parse(text, zone)


def unknown_topics(asked: SearchQuery, labels: Iterable[str]) -> tuple[str, ...]:
    """The topics that a query wants and none of the labels is."""
    known = tuple(map(words.key, labels))
    return tuple(one for one in asked.topics.wanted if not any(one in name for name in known))


def required(asked: SearchQuery) -> tuple[str, ...]:
    """Stems without which no article matches: an index of queries can be built on them."""
    return tuple(dict.fromkeys(words.stem(word) for term in asked.terms for word in term.words))


def _tagged(tag: str, article: ArticleWords) -> bool:
    """Whether an article has the tag, as a label without its spaces or as a word."""
    return tag in article.words or any(tag == name.replace(" ", "") for name in article.topics)


def _has(term: Term, article: ArticleWords) -> bool:
    if term.exact:
        return _in_order(term.words, article.words)
    stems = [words.stem(word) for word in term.words]
    if len(stems) == 1:
        return stems[0] in article.known
    return article.known.issuperset(stems) and _in_order(stems, article.stems)


def _in_order(wanted: Sequence[str], text: Sequence[str]) -> bool:
    length = len(wanted)
    asked = tuple(wanted)
    return any(
        text[at] == asked[0] and tuple(text[at : at + length]) == asked
        for at in range(len(text) - length + 1)
    )


def _named(names: KnownNames, found: Iterable[str], *, every: bool) -> bool:
    places = tuple(found)
    there = [any(part in place for place in places) for part in names.wanted]
    fits = all(there) if every else not there or any(there)
    return fits and not any(part in place for part in names.unwanted for place in places)
