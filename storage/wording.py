"""How the archive understands a query: how rare its words are, and what mistyped ones may mean.

    SearchQuery -> words that the vocabulary lacks -> neighbours that it has -> Wording

Quoted or excluded words are not repaired, nor are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.core.articles.language_codes import language_of
from bot.core.search import families, repair
from bot.core.search.query import SearchQuery
from bot.core.search.repair import Repair
from bot.core.search.wording import Form, Wording
from bot.core.search.words import has_own_stems, stem
from storage import candidates, vocabulary
from storage.candidates import LIMITS
from storage.database import Connection
from storage.expressions import Phrase, every

_FEW = 6  # queries of up to so many words also search for relatives: longer ones quote a headline
_UNCOUNTED = 4  # as so many times more a number is taken where nobody counted to the end
_COMPANY = 50  # articles in which a word goes with the others of the query: more are as good
_TRIED = 8  # likely repairs whose company is checked
_COMMON = 3  # words of the query that count as company: the rarest
_RELATED = 0.7  # what another word of its family is worth beside a word
_LESS_LIKELY = 0.8  # what the next repair is worth beside the one before
_BEGIN = 3  # letters that the nearest words share with a word, and by which their lengths differ
_NEAREST = 3
_WELL_KNOWN = 3  # uses that either half needs for a word to be split in two


async def understand(cx: Connection, query: SearchQuery) -> Wording:
    """The wording of a query; plain if everything is known."""
    asked = Wording(query).asked
    terms = Wording(query).terms
    loose = dict.fromkeys(word for term in terms if not term.exact for word in term.words)
    likely: set[str] = set()
    if len(loose) <= _FEW:
        likely.update(made for word in loose for made in families.possible(word))
    stems = dict.fromkeys(map(stem, asked))
    uses, having = await vocabulary.known(cx, likely.union(filter(str.isalpha, asked)), stems)
    numbers, uncounted = await _numbers(cx, stems)
    having |= numbers
    languages = await _languages(cx)
    forms, repairs = {}, []
    for word in loose:
        related = _related(word, uses)
        if not related and word not in uses and repair.alphabet(word):
            company = sorted((having[stem(w)], w) for w in asked if w != word and stem(w) in having)
            found = await _repaired(cx, word, company[:_COMMON])
            if found:
                besides = stem(word) in having
                forms[word] = (Form((word,)), *found) if besides else tuple(found)
                repairs.append(Repair(word, tuple(" ".join(one.words) for one in found), besides))
                continue
        if also := [*related, *_abroad(word, languages)]:
            forms[word] = (Form((word,)), *also)
    meant = {word for some in forms.values() for form in some for word in form.words}
    new = {one for some in forms.values() for form in some for one in form.stems} - having.keys()
    if new or meant - uses.keys():
        more_uses, more_having = await vocabulary.known(cx, meant - uses.keys(), new)
        uses |= more_uses
        having |= more_having
    maybe = await _maybe(cx, [word for word in loose if word in uses], uses)
    return Wording(query, forms, having, uses, uncounted, tuple(repairs), maybe)


def _related(word: str, uses: Mapping[str, int]) -> list[Form]:
    """The words of its family that have a different stem."""
    by_stem = {stem(one): one for one in reversed(families.relatives(word, uses))}
    by_stem.pop(stem(word), None)
    return [Form((one,), _RELATED) for one in by_stem.values()]


async def _languages(cx: Connection) -> list[str]:
    """This newsroom's languages that have their own stemmer."""
    rows = await cx.rows("SELECT DISTINCT language FROM feed WHERE language <> ''")
    return list(filter(has_own_stems, (language_of(row["language"]) for row in rows)))


def _abroad(word: str, languages: Sequence[str]) -> list[Form]:
    """The word as stemmed in articles of other languages."""
    by_stem = {stem(word, one): one for one in languages}
    by_stem.pop(stem(word), None)
    return [Form((word,), language=one) for one in by_stem.values()]


async def nearest(cx: Connection, wording: Wording) -> tuple[str, ...]:
    """Words of the archive that begin like those asked for, the most alike first: for a query
    without results."""
    found: list[str] = []
    for word in wording.asked:
        if word not in wording.forms and repair.alphabet(word):
            known = await vocabulary.beginning_with(
                cx, [word[:_BEGIN]], shortest=len(word) - _BEGIN, longest=len(word) + _BEGIN
            )
            found += repair.alike(word, known)
    return tuple(dict.fromkeys(found))[:_NEAREST]


async def _numbers(cx: Connection, stems: Iterable[str]) -> tuple[dict[str, int], frozenset[str]]:
    """How many articles have those of the stems that the vocabulary does not keep, and those of
    which nobody knows: more than are counted."""
    asked = [one for one in stems if not one.isalpha()]
    if not asked:
        return {}, frozenset()
    most = LIMITS[cx.dialect].counted
    found = await candidates.counts(cx, [Phrase((one,)) for one in asked], limit=most)
    having = {one: count for one, count in zip(asked, found, strict=True) if count}
    uncounted = frozenset(one for one, count in having.items() if count == most)
    return having | dict.fromkeys(uncounted, _UNCOUNTED * most), uncounted


async def _repaired(cx: Connection, typed: str, company: Sequence[tuple[int, str]]) -> list[Form]:
    """What a word may have meant, likeliest first; empty if the archive has nothing like it."""
    ranked = repair.best(typed, await vocabulary.uses(cx, repair.near(typed)))
    if not ranked and (openings := repair.openings(typed)):
        shortest, longest = repair.lengths(typed)
        ranked = repair.best(
            typed,
            await vocabulary.beginning_with(cx, openings, shortest=shortest, longest=longest),
        )
    if not ranked:
        return await _split(cx, typed)
    own = stem(typed)
    if stem(ranked[0][1]) == own:  # `destri` finds what `destry` does
        return []
    ranked = [one for one in ranked if stem(one[1]) != own][:_TRIED]
    if company and len(ranked) > 1:
        words = (await _in_company(cx, ranked, company))[: repair.BEST]
    else:
        words = [word for _, word in ranked[: repair.BEST_ALONE]]
    return [Form((word,), _LESS_LIKELY**place) for place, word in enumerate(words)]


async def _in_company(
    cx: Connection, ranked: Sequence[tuple[int, str]], company: Sequence[tuple[int, str]]
) -> list[str]:
    """Candidates ordered by whether they occur together with other words of the query, of which it
    is known how many articles have them."""
    beside = [Phrase((stem(word),)) for _, word in company]
    pairs = [every([Phrase((stem(word),)), *beside]) for _, word in ranked]
    few = company[0][0] <= LIMITS[cx.dialect].read
    together = await candidates.counts(cx, pairs, limit=_COMPANY, few=few)
    order = [
        (not count, distance, -count, place, word)
        for place, ((distance, word), count) in enumerate(zip(ranked, together, strict=True))
    ]
    return [word for *_, word in sorted(order)]


async def _split(cx: Connection, typed: str) -> list[Form]:
    """Two words with the space between them missing: the pair whose rarer word is the most used."""
    pairs = repair.splits(typed)
    used = await vocabulary.uses(cx, {half for pair in pairs for half in pair})
    ranked = sorted((min(used.get(one, 0) for one in pair), pair) for pair in pairs)
    return [Form(ranked[-1][1])] if ranked and ranked[-1][0] >= _WELL_KNOWN else []


async def _maybe(cx: Connection, known: Sequence[str], used: Mapping[str, int]) -> Repair | None:
    """The first known word that is so rare compared with a neighbour that it may be a slip."""
    for word in known:
        if not repair.alphabet(word) or not repair.maybe_a_slip(used[word], 1 << 62):
            continue
        near = await vocabulary.uses(cx, repair.neighbours(word))
        for _, other in repair.best(word, near):
            if stem(other) != stem(word) and repair.maybe_a_slip(used[word], near[other]):
                return Repair(word, (other,))
    return None
