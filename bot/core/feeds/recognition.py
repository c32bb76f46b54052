"""Which article an entry is about when its key does not tell: sites move, guids and links change.

    entries of a poll x articles that may be theirs -> which are one        (pure)

Link, headline, text and date are four clues; none of them suffices alone. A daily service piece
repeats yesterday's headline and opening, a live report keeps one link all day, a site that moved
has new links for everything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.core.articles import likeness
from bot.core.articles import urls as addresses
from bot.core.feeds import order
from bot.core.model import ArticleId, Story
from bot.core.text import same

_INSTANT = 60
"""Dates at most so many seconds apart are equal: feeds round differently."""
_SOON = 3600
_EDITION = 20 * 3600
"""After so many seconds the same headline is the next edition of a daily piece."""
_TELLING = 20
"""A headline with so many letters is not a mere section name (`Foto`, `Editorial`)."""
_ALIKE = 0.6
"""From this likeness on, two texts may be versions of one."""
_NEIGHBOURS = 30
_WHOLE = 4000
"""So many characters of a text are compared."""
_PAIRS = 20_000
"""So many pairs of an entry and an article that is gone are compared, which takes up to a second;
of more, those with the same date or opening."""
_OPENING, _MOST = 60, 20
"""Characters of an opening; and how many with the same date, opening or headline are compared."""


@dataclass(frozen=True)
class KnownArticle:
    """An article as we keep it, and what this feed last said about it (if it ever did)."""

    id: ArticleId
    headline: str = ""
    lead: str = ""
    body: str = ""
    """Its first `WHOLE` characters."""
    link_key: str = ""
    headline_key: str = ""
    published: int | None = None
    imported: bool = False
    announced: bool = False
    """It was sent to readers, or waits for an editor."""
    retracted: bool = False
    ours: bool = True
    """No other feed that we still follow brought it."""
    earlier: tuple[str, ...] = ()
    """Fingerprints that it had before it was corrected."""
    posted: str = ""
    """The fingerprint of what posts show."""
    edited: str = ""
    """When its posts were recently edited (`bot.core.feeds.calm`)."""
    key: str = ""
    """Its key in this feed; empty if it never had one."""
    fingerprint: str = ""
    """The fingerprint of what this feed last said."""
    link: str = ""
    updated: int | None = None
    place: int = 0
    """Its position in the feed at the last poll that found it."""
    seen: int = 0
    """When that poll was."""
    walked: bool = False
    """No poll that was stored completely has found it in this feed: only the walk through the
    archive, or one that was cut short."""

    @property
    def own(self) -> bool:
        """Whether this feed had it before."""
        return bool(self.key)

    @cached_property
    def text(self) -> str:
        """The whole text, for comparing."""
        return same(self.body or self.lead)[:_WHOLE]


class _Told:
    """An entry, with the parts of it that are compared. They are worked out when first needed: most
    entries of a poll are recognised by their keys."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.key = story.key
        self.published = story.published

    @cached_property
    def link(self) -> str:
        return addresses.identity(self.story.link)

    @cached_property
    def place(self) -> str:
        return addresses.place_in_site(self.story.link)

    @cached_property
    def head(self) -> str:
        return likeness.headline_key(self.story)

    @cached_property
    def enough(self) -> bool:
        return likeness.says_enough(self.story)

    @cached_property
    def text(self) -> str:
        return same(self.story.body or self.story.lead)[:_WHOLE]


class _Look:
    """One poll of a feed: what is known by now, and what has gone from its list."""

    def __init__(
        self, told: Sequence[_Told], last: Sequence[KnownArticle], found: dict[str, KnownArticle]
    ) -> None:
        self._told = told
        self.now_keys = {known.key for known in found.values()}
        here = [known.place for known in found.values() if known.own and not known.walked]
        missing = [known for known in last if known.key not in self.now_keys]
        stories = [one.story for one in told]
        rising = order.is_ascending(stories, stable=are_stable(stories, found))
        listed = told[::-1] if rising else told
        lowest = max((n for n, one in enumerate(listed) if one.key in found), default=-1)
        self.at_end = {one.key for one in listed[lowest + 1 :]}
        """Entries at the list's old end, below all that were there before."""
        end = min(here, default=0) if rising else max(here, default=0)
        gone = {one.id: (one.place < end) if rising else (one.place > end) for one in missing}
        # What left the list at its old end made room for something new; it was not replaced, or
        # there at the end.
        self._ended = {number for number, ended in gone.items() if ended and here}
        self._missing = missing
        self._missing_ids = set(gone)
        self.emptied = not here and len(last) >= 3
        """Nothing that was there is left: the site moved, or was not polled for long."""
        self.seen = max((known.seen for known in last), default=0)
        self._last = last
        self._dates = Counter(one.published for one in told)
        self._telling: dict[int, bool] = {}

    @cached_property
    def links(self) -> Counter[str]:
        """How many entries have each link."""
        return Counter(one.link for one in self._told)

    def gone(self, told: _Told) -> Sequence[KnownArticle]:
        """What is gone from the list and may be what an entry is about."""
        if len(self._missing) * len(self._told) <= _PAIRS:
            return self._missing
        clues = told.published, same(told.story.lead)[:_OPENING]
        return [known for clue in clues for known in self._by_clue.get(clue, ())]

    @cached_property
    def _by_clue(self) -> Mapping[int | str | None, Sequence[KnownArticle]]:
        groups: dict[int | str | None, list[KnownArticle]] = defaultdict(list)
        for known in self._missing:
            for clue in (known.published, same(known.lead)[:_OPENING]):
                if clue is not None and clue != "" and len(groups[clue]) < _MOST:
                    groups[clue].append(known)
        return groups

    def replaces(self, told: _Told, known: KnownArticle) -> bool:
        """Whether an entry may have taken the place of an article that is gone from the list."""
        if known.id not in self._missing_ids:
            return False
        return known.id not in self._ended or told.key in self.at_end

    def tells(self, known: KnownArticle) -> bool:
        """Whether its words are its own: articles written to a template resemble their neighbours,
        and without neighbours nobody can tell."""
        if known.id not in self._telling:
            others = [other for other in self._last if other.id != known.id]
            self._telling[known.id] = bool(others) and not any(
                likeness.similarity(known.headline, other.headline) >= _ALIKE
                or likeness.similarity(known.lead, other.lead) >= _ALIKE
                for other in others[:_NEIGHBOURS]
            )
        return self._telling[known.id]

    def alone(self, known: KnownArticle) -> bool:
        """Whether no neighbour begins with the same words."""
        return sum(likeness.same_text(known.lead, other.lead) for other in self._last) <= 1

    def dated_alone(self, known: KnownArticle) -> bool:
        """Whether no neighbour has the same date."""
        return (
            self._dates[known.published] <= 1
            and sum(other.published == known.published for other in self._last) <= 1
        )


def are_stable(stories: Sequence[Story], found: Mapping[str, KnownArticle]) -> bool:
    """Whether entries keep their names from poll to poll."""
    kept = sum(story.key in found and found[story.key].key == story.key for story in stories)
    return 2 * kept >= len(stories)


def recognise(
    stories: Sequence[Story],
    by_key: Mapping[str, KnownArticle],
    last: Sequence[KnownArticle] = (),
    candidates: Mapping[str, Sequence[KnownArticle]] | None = None,
) -> dict[str, KnownArticle]:
    """The articles that entries are about, by key; entries without one are new to us.

    `by_key` are this feed's own; `last` those that the last poll found in it; `candidates` by key
    those, of any feed, that have a link, a headline or a text in common with an entry.
    """
    told = [_Told(story) for story in stories]
    found = {
        one.key: by_key[one.key]
        for one in told
        if one.key in by_key and not _is_reused(one, by_key[one.key])
    }
    look = _Look(told, last, found)
    taken: Counter[int] = Counter()
    proposals: list[tuple[int, int, str, KnownArticle]] = []
    for one in told:
        if one.key not in found:
            among = {
                each.id: each for each in (*look.gone(one), *(candidates or {}).get(one.key, ()))
            }
            for known in among.values():
                strength = _strength(one, known, look)
                if strength:
                    taken[known.id] += strength in _ALONE
                    proposals.append((strength, known.id, one.key, known))
    claimed: set[int] = set()
    for strength, number, key, known in sorted(proposals, key=lambda one: one[:2], reverse=True):
        if key in found or (strength in _ALONE and number in claimed):
            continue
        if strength <= _GUESSED and taken[number] > 1:
            continue  # two entries could be the one that took its place
        claimed.add(number)
        found[key] = known
    return found


def twins(stories: Sequence[Story]) -> dict[str, str]:
    """Entries of one poll that are one article (listed in two sections): by key, the key of the one
    that represents it."""
    told = [_Told(story) for story in stories]
    look = _Look(told, (), {})
    of: dict[str, list[_Told]] = defaultdict(list)
    first: dict[str, str] = {}
    for one in told:
        for other in of[one.head][-_MOST:]:
            look.now_keys.add(other.key)
            if _strength(one, _as_known(other), look):
                first[one.key] = other.key
                break
        else:
            if one.head:
                of[one.head].append(one)
    return first


def _as_known(told: _Told) -> KnownArticle:
    story = told.story
    return KnownArticle(
        ArticleId(0),
        headline=story.headline,
        lead=story.lead,
        body=story.body[:_WHOLE],
        link_key=told.link,
        headline_key=told.head,
        published=story.published,
        key=story.key,
    )


_REWRITTEN, _LINKED, _SAME, _TOLD, _REPLACED, _GUESSED = 95, 90, 60, 50, 30, 20
"""How certain it is that two are one; higher is surer."""
_ALONE = frozenset((_REWRITTEN, _REPLACED, _GUESSED))
"""Matches that only one entry can have with an article."""


def _strength(told: _Told, known: KnownArticle, look: _Look) -> int:
    """How certain it is that an entry is about an article; 0: it is not."""
    alone = look.links[told.link] == 1 and bool(told.place)
    head = bool(known.headline_key) and known.headline_key == told.head
    text = told.enough and likeness.same_text(told.story.lead, known.lead)
    if alone and told.link == known.link_key:
        # A live report has one link all day: if headline, text and date are all new, it is its next
        # part.
        again = head or text or not known.own
        gap = _gap(told, known)
        return _LINKED if again or gap is None or gap <= _INSTANT else 0
    if head and text:
        return _by_words(told, known, look)
    if head:
        return _by_headline(told, known, look)
    if text and known.own and known.key not in look.now_keys and _gap(told, known) == 0:
        return _REWRITTEN
    if known.own and look.replaces(told, known):
        return _in_its_place(told, known, look)
    return 0


def _by_words(told: _Told, known: KnownArticle, look: _Look) -> int:
    """The same headline and opening: the same article, or the next edition of a recurring piece."""
    gap, whole = _gap(told, known), _same_whole(told, known)
    if gap is not None and gap <= _INSTANT:
        return _SAME
    if not known.own:
        return _TOLD if whole and (gap is None or gap < _EDITION) else 0
    if _moved(told, known):
        beside = known.key in look.now_keys and gap is not None and gap >= _EDITION
        return 0 if beside else _SAME  # yesterday's is still there: one address for all editions
    replaced = look.replaces(told, known)
    if gap is None:
        recent = known.key in look.now_keys or known.seen > look.seen - _EDITION
        return _SAME if replaced or (whole and recent) else 0
    if gap <= _SOON and replaced:
        return _SAME
    return _SAME if whole and (gap < _EDITION or (look.emptied and replaced)) else 0


def _by_headline(told: _Told, known: KnownArticle, look: _Look) -> int:
    """The same headline over a different text, or over none."""
    gap = _gap(told, known)
    short = not told.enough or not same(known.lead)
    present = known.key in look.now_keys
    if known.own and gap is not None and gap <= _INSTANT:
        return _SAME if short or not present else 0
    if _moved(told, known) and (gap is None or gap < _EDITION or (known.own and not present)):
        return _TOLD
    if not short or (gap is not None and gap >= _EDITION):
        return 0
    telling = len(same(told.story.headline)) >= _TELLING
    if known.own and look.replaces(told, known) and (gap is None or gap <= _SOON or look.emptied):
        return _TOLD
    if known.own and gap is None:
        return _TOLD if telling and (present or known.seen >= look.seen) else 0
    return _TOLD if not known.own and telling and gap is not None and gap <= _INSTANT else 0


def _in_its_place(told: _Told, known: KnownArticle, look: _Look) -> int:
    """A different headline where one is gone from the list: the newsroom changed headline and slug,
    and the guid is made from one of them. Both have the same date, or words that no neighbour
    has."""
    gap = _gap(told, known)
    if gap is not None and gap >= _EDITION:
        return 0
    if told.enough and likeness.same_text(told.story.lead, known.lead) and look.alone(known):
        return _REWRITTEN
    heads = likeness.similarity(told.story.headline, known.headline)
    texts = likeness.similarity(told.story.lead, known.lead)
    if gap == 0:
        if _moved(told, known) or (look.dated_alone(known) and max(heads, texts) >= _ALIKE / 2):
            return _REPLACED
        coarse = (told.published or 0) % _SOON == 0
        return _GUESSED if look.dated_alone(known) and not coarse else 0
    close = heads >= 0.75 if not told.enough else heads >= _ALIKE and texts >= _ALIKE
    return _REPLACED if gap is None and close and look.tells(known) else 0


def _is_reused(told: _Told, known: KnownArticle) -> bool:
    """Whether a guid that is a number has been reused for another article: some systems restart
    their counts."""
    if not (told.key.isdigit() and len(told.key) < 10) or told.link == known.link_key:
        return False
    gap = _gap(told, known)
    return (
        known.headline_key != told.head
        and not (gap is not None and gap <= _INSTANT)
        and likeness.similarity(told.story.lead, known.lead) < 0.5
        and likeness.similarity(told.story.headline, known.headline) < 0.5
    )


def _moved(told: _Told, known: KnownArticle) -> bool:
    """Whether only the host of its link differs."""
    return bool(told.place) and told.place == addresses.place_in_site(known.link_key)


def _gap(told: _Told, known: KnownArticle) -> int | None:
    """Seconds between their dates; None where one has none."""
    if told.published is None or known.published is None:
        return None
    return abs(told.published - known.published)


def _same_whole(told: _Told, known: KnownArticle) -> bool:
    """Whether the whole texts are the same, as far as both are given (feeds cut them)."""
    short, long = sorted((told.text, known.text), key=len)
    return long.startswith(short)
