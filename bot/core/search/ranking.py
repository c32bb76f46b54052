"""Puts found articles in order. Knows no database.

    words: BM25F over headline, lead and text, the rarer the more      (the relevance)
    x how much of the query the headline has x its words side by side  (what it is about)
    x the very forms that were typed x freshness                       (what was meant, and is new)

The weights were measured with known items in archives of 8,000 and 100,000 articles, and with the
judged queries of `tests/core/search`. It serves two databases that would rank differently: they
propose some hundred candidates, this decides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import NamedTuple

from bot.core.search.wording import Form, Wording

# BM25F: a word of the headline counts as three, one in the lead as two.
_TITLE, _LEAD = 3.0, 1.0
_LEAD_LENGTH = 250  # characters of stems
_SATURATION, _LENGTH_SHARE = 1.2, 0.75  # k1 and b
_COVERAGE = 3.0  # a headline that has all of the query
_NEAR_TITLE, _NEAR_TEXT = 0.1, 0.05  # neighbours of the query that are neighbours there
_NEAR_NUMBER = 0.3  # a number and its neighbour, in a headline: class 10 is not page 10
# The exact form that was typed; more if it is rarer than its stem, most if it is the only word:
# a ceremony (penyambutan) is not whatever is greeted (sambut).
_EXACT, _EXACT_RARE, _EXACT_RARE_ALONE = 0.15, 0.8, 3.0
# Freshness: what is added at first, and the days after which half of it is left. A single word asks
# "what is new about this?".
_FRESH, _FRESH_ONE_WORD = ((0.25, 30), (0.15, 2)), ((0.6, 30), (0.8, 2))
_NEXT_OF_A_FORM = 0.5
_PARTLY = 0.6  # the factor for an article that has only some of the words, besides their share
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be shown: the words of its headline as they are, its stems in headline
    (`title`) and text; all joined by single spaces."""

    headline: str
    title: str
    body: str
    when: int


@dataclass(frozen=True, slots=True)
class Archive:
    """Statistics of all articles: how many, and their length in words."""

    articles: int
    words: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """The position of a candidate, and how well it matches compared with others of the query;
    `whole`: it has all words asked for."""

    place: int
    worth: float
    whole: bool


class _Needle(NamedTuple):
    """Stems as they occur in a text, and what one occurrence is worth."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Question:
    """What is searched for in each candidate: the forms of each word asked for and the weight of
    the best, neighbours with their bonus in a headline, and the forms as typed with theirs."""

    words: tuple[tuple[tuple[_Needle, ...], float], ...]
    pairs: tuple[_Needle, ...]
    exact: tuple[tuple[str, float], ...]
    average: float
    fresh: tuple[tuple[float, int], ...]


def order(
    candidates: Sequence[Candidate], wording: Wording, archive: Archive, *, now: int
) -> list[Ranked]:
    """The candidates, best first; of equals in the order in which they come.

    Articles with only some of the words come after those with all, unless these only happen to
    contain them. Freshness counts in whole days, so that the order stays put while somebody turns
    pages. If a mistyped word may mean several, each of them has articles on the first page.
    """
    question = _question(wording, archive)
    ranked = []
    for place, one in enumerate(candidates):
        worth, whole = _relevance(one, question)
        days = max(0, now - one.when) // _DAY
        worth *= 1 + sum(bonus * 2 ** (-days / half) for bonus, half in question.fresh)
        ranked.append(Ranked(place, worth, whole))
    ranked.sort(key=lambda one: -one.worth)
    alone = wording.repairs and len(wording.asked) == 1
    forms = wording.of(wording.asked[0]) if alone else ()
    return _mixed(candidates, ranked, forms) if len(forms) > 1 else ranked


def _mixed(
    candidates: Sequence[Candidate], ranked: Sequence[Ranked], forms: Sequence[Form]
) -> list[Ranked]:
    """Interleaves results of every form in proportion to its weight: each one taken makes the next
    of its form worth less."""
    waiting: list[deque[Ranked]] = [deque() for _ in forms]
    for one in ranked:
        text = f" {candidates[one.place].title} . {candidates[one.place].body} "
        holding = [n for n, form in enumerate(forms) if f" {' '.join(form.stems)} " in text]
        waiting[holding[0] if holding else 0].append(one)
    worth = [form.worth for form in forms]
    mixed: list[Ranked] = []
    while len(mixed) < len(ranked):
        best = max((n for n in range(len(forms)) if waiting[n]), key=lambda n: worth[n])
        mixed.append(waiting[best].popleft())
        worth[best] *= _NEXT_OF_A_FORM
    return mixed


def _question(wording: Wording, archive: Archive) -> _Question:
    asked = _units(wording)
    meant = [wording.of(one[0]) if len(one) == 1 else (Form(one),) for one in asked]
    forms = [tuple(_needle(form, wording, archive) for form in some) for some in meant]
    weights = [max(needle.weight for needle in needles) for needles in forms]
    repaired = {(one.typed,) for one in wording.repairs}
    rare = _EXACT_RARE_ALONE if len(asked) == 1 else _EXACT_RARE
    exact = [
        (f" {form} ", _EXACT + rare * _rarer(form, weight, wording, archive))
        for one, some, weight in zip(asked, meant, weights, strict=True)
        if len(one) == 1
        for typed in (some if one in repaired else some[:1])
        for form in typed.words
    ]
    return _Question(
        words=tuple(zip(forms, weights, strict=True)),
        pairs=tuple(_side_by_side(one[0].text, other[0].text) for one, other in pairwise(forms)),
        exact=tuple(exact),
        average=max(1.0, archive.words / max(1, archive.articles)),
        fresh=_FRESH_ONE_WORD if len(asked) == 1 else _FRESH,
    )


def _units(wording: Wording) -> list[tuple[str, ...]]:
    """What each count as one: words, and numbers with what they are joined to (2,5, covid-19)."""
    found: dict[tuple[str, ...], None] = {}
    for term in wording.terms:
        joined = len(term.words) > 1 and any(map(str.isdigit, term.words))
        found |= dict.fromkeys([term.words] if joined else [(word,) for word in term.words])
    return list(found)


def _needle(form: Form, wording: Wording, archive: Archive) -> _Needle:
    rarities = [_rarity(wording.having.get(one, 0), archive) for one in form.stems]
    # The parts of a number are everywhere, together they are rare.
    rarity = sum(rarities) if any(map(str.isdigit, form.words)) else max(rarities)
    return _Needle(f" {' '.join(form.stems)} ", form.worth * rarity)


def _side_by_side(one: str, other: str) -> _Needle:
    number = one.strip().isdigit() or other.strip().isdigit()
    return _Needle(one + other[1:], _NEAR_NUMBER if number else _NEAR_TITLE)


def _rarer(word: str, weight: float, wording: Wording, archive: Archive) -> float:
    """How much rarer a form is than its stem (0 to 1)."""
    rarer = _rarity(wording.uses.get(word, 0), archive) / weight - 1 if weight else 0.0
    return min(1.0, max(0.0, rarer))


def _rarity(having: int, archive: Archive) -> float:
    having = min(having, archive.articles)
    return log(1 + (archive.articles - having + 0.5) / (having + 0.5))


def _relevance(one: Candidate, question: _Question) -> tuple[float, bool]:
    """How well it matches, and whether it has all words asked for."""
    # Counting in the text is ten times faster than splitting it. Of a word said twice in a row
    # (`anak-anak`) only one counts: it is a plural.
    title, body = f" {one.title} ", f" {one.body} "
    lead = body[:_LEAD_LENGTH]
    length = title.count(" ") + body.count(" ") - 2
    slowing = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / question.average)
    total = covered = had = asked = 0.0
    there = []
    for needles, weight in question.words:
        best = held = 0.0
        for text, worth in needles:
            times: float = body.count(text)
            if times:
                times += _LEAD * lead.count(text)
            if text in title:
                times += _TITLE * title.count(text)
                held = max(held, worth)
            if times:
                best = max(best, worth * times * (_SATURATION + 1) / (times + slowing))
        total += best
        covered += held
        asked += weight
        there.append(best > 0)
        if best:
            had += weight
    whole = all(there)
    if not total:
        return 0.0, whole
    share = 1.0 if whole else _PARTLY * had / asked  # a name that is missing counts most
    coverage = 1 + _COVERAGE * (covered / asked) ** 2
    near, exact = _nearness(title, body, question, there), _exactness(one, question)
    return total * share * coverage * near * exact, whole


def _nearness(title: str, body: str, question: _Question, there: Sequence[bool]) -> float:
    """`there` tells which words the article has."""
    if not question.pairs:
        return 1.0
    near = 0.0
    for (pair, bonus), one, other in zip(question.pairs, there, there[1:], strict=False):
        if one and other:
            near += bonus if pair in title else _NEAR_TEXT if pair in body else 0.0
    return 1 + near / len(question.pairs)


def _exactness(one: Candidate, question: _Question) -> float:
    there = f" {one.headline} "
    return 1 + sum([bonus for word, bonus in question.exact if word in there]) / len(question.words)
