"""A query as the archive understands it: which words match one that was typed. Knows no index.

penmbang harga -> penmbang: penambang (or, less likely, penimbang); harga: itself
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.search.query import SearchQuery, Term
from bot.core.search.repair import Repair
from bot.core.search.words import stem, words

# Question words, conjunctions, polite words: a matching article need not have them.
_ASIDES = frozenset(
    words(
        "kapan siapa siapakah apa apakah mana dimana bagaimana gimana mengapa kenapa berapa"
        " berapakah yang yg di ke dari dan atau untuk utk pada pd dengan dgn dalam ini itu adalah"
        " oleh karena krn tentang soal terkait mengenai para sih dong ya tolong cari carikan berita"
        " kabar info terbaru terkini saja aja tapi tetapi akan sudah udah telah juga lagi ada"
        " adakah nih deh mohon saat who whom what when where why how which is are was were the a"
        " an of in on at to for and or by with from about does did do latest news please find"
    )
)
# The same beside one of those: `when will it open`, but Will Smith; `min, ada berita gempa ga?`
_IN_TALK = frozenset(
    words(
        "min mimin kak ga gak nggak enggak will would can could be been has have had many much any"
        " some it its there this that me my tell show give about"
    )
)
_NEWS = frozenset(words("berita kabar info terbaru terkini latest news"))


@dataclass(frozen=True, slots=True)
class Form:
    """Words, mostly one, that match a typed one; `worth` (0 to 1) tells how well. With a
    `language`, in the form that articles in that language have."""

    words: tuple[str, ...]
    worth: float = 1.0
    language: str = ""

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(stem(word, self.language) for word in self.words)


@dataclass(frozen=True, slots=True)
class Wording:
    """A query, the forms of its words where these differ from the words themselves, and about how
    many articles have a stem (`having`; stems missing there occur in none)."""

    query: SearchQuery
    forms: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)
    having: Mapping[str, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)
    """About how many articles have a word in exactly this form."""
    uncounted: frozenset[str] = frozenset()
    """Stems that so many articles have that nobody counted to the end."""
    repairs: tuple[Repair, ...] = ()
    maybe: Repair | None = None
    """A known word that may be a slip all the same: to be suggested."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """What an article must have: not the words that only ask, unless there are no others. Who
        asks for the news, or for those of some time or source, wants the newest: nothing then."""
        loose = [term for term in self.query.terms if not term.exact]
        asking = [term for term in loose if {*term.words} <= _ASIDES]
        if asking:
            asking += [term for term in loose if {*term.words} <= _IN_TALK]
        left = tuple(term for term in self.query.terms if term not in asking)
        news = all({*term.words} <= _NEWS for term in self.query.terms)
        return left if left or news or self.query.narrowed else self.query.terms

    @property
    def asked(self) -> tuple[str, ...]:
        """The different words that the query searches for, in order."""
        return tuple(dict.fromkeys(word for term in self.terms for word in term.words))

    def of(self, word: str) -> tuple[Form, ...]:
        """The forms that match a word."""
        return self.forms.get(word) or (Form((word,)),)

    def spread(self, term: Term) -> int:
        """How many articles have the rarest word of a term, in any of its forms, about."""
        return min(map(self.spread_of, term.words))

    def spread_of(self, word: str) -> int:
        """How many articles have a word in any of its forms, about."""
        return sum(max(self.having.get(one, 0) for one in form.stems) for form in self.of(word))

    def phrases(self, term: Term) -> list[tuple[str, ...]]:
        """The stems that stand side by side in an article that has the term, in all its forms."""
        found: list[tuple[str, ...]] = [()]
        for word in term.words:
            forms = (Form((word,)),) if term.exact else self.of(word)
            found = [(*before, *form.stems) for before in found for form in forms]
        return found
