"""What a poll of a feed means: which entries are news, which are corrections, when to poll again.

    what the feed carries now  x  what we know of it  x  now   ->   FeedPlan

Whether something is quiet is decided for each feed's entry, not for the article: if it is news in
any feed, it is news, once. Pure; the poller carries out the plan in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.articles import likeness
from bot.core.articles import urls as addresses
from bot.core.feeds import order
from bot.core.feeds.recognition import KnownArticle, are_stable, recognise, twins
from bot.core.model import ArticleId, Story

_BACKOFF_CAP = 3600
_RETRY_CAP = 86_400
_SKEW = 300
"""A newsroom's clock may be so many seconds ahead of ours."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed before this poll."""

    first_poll: bool
    """No poll has brought entries yet."""
    oldest: int | None = None
    """The date of its oldest known entry, as far as its entries are in order."""
    asked_at: int | None = None
    """When it was first polled."""
    last: tuple[KnownArticle, ...] = ()
    """What the last poll found in it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a feed says differently now. `before` is the fingerprint of what it said then, empty if
    it never had the article; `whole`: no other feed has this article now."""

    article: KnownArticle
    story: Story
    fields: frozenset[str]
    before: str = ""
    whole: bool = True
    doubtful: bool = False
    """It was so before: a newsroom took its correction back, or an old copy is served. Or only its
    link differs, which in some systems it does at every poll."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry as it is in the feed now, to be recognised at the next poll. `article_id` is None if
    its article is new: then `of` names the story that it is made from."""

    story: Story
    place: int
    article_id: ArticleId | None
    of: str = ""
    fingerprint: str = ""
    renewed: bool = False
    """The feed had another key for that article before."""


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What to store after a poll, each list oldest first."""

    news: tuple[Story, ...] = ()
    quiet: tuple[Story, ...] = ()
    """New to us but not broadcast: from the first poll, or slid into the feed's window at its old
    end."""
    raised: tuple[tuple[ArticleId, Story], ...] = ()
    """News in this feed whose articles were stored quietly from another feed, and so never
    posted."""
    corrected: tuple[Correction, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """All entries."""
    oldest: int | None = None
    """`FeedState.oldest` from now on."""
    habit: int | None = None
    """Seconds that usually pass between two of its entries."""

    @property
    def told(self) -> list[Story]:
        """News and corrections: entries that are worth reading a page for."""
        return [*self.news, *(one.story for one in self.corrected)]


def plan(
    stories: Sequence[Story],
    state: FeedState,
    by_key: Mapping[str, KnownArticle],
    candidates: Mapping[str, Sequence[KnownArticle]],
    *,
    now: int = 0,
) -> FeedPlan:
    """What to do with the entries of a poll. `by_key` are known entries of this feed, `candidates`
    articles of any feed that have something in common with an entry, both by `Story.key`."""
    found = recognise(stories, by_key, state.last, candidates)
    prints = {story.key: likeness.fingerprint(story) for story in stories}
    unknown = [story for story in stories if story.key not in found]
    first = twins(unknown)
    fresh = _fresh(stories, state, found, now=now)
    ordered = order.oldest_first(stories)
    new = [story for story in ordered if story.key not in found and story.key not in first]
    # An article in two sections is news if it is news in one of them.
    back_to = order.reaches_back_to(stories)
    heard = {first.get(key, key) for key in fresh}
    return FeedPlan(
        news=tuple(story for story in new if story.key in heard),
        quiet=tuple(story for story in new if story.key not in heard),
        raised=tuple(_raised(ordered, found, fresh)),
        corrected=tuple(_corrected(ordered, found, prints)),
        sightings=tuple(_sightings(stories, found, first, prints)),
        oldest=min((date for date in (state.oldest, back_to) if date is not None), default=None),
        habit=order.habit(stories),
    )


def next_poll(now: int, every: int, failures: int, retry_after: float | None = None) -> int:
    """When to poll again: `every` seconds for a healthy feed; each failure in a row doubles it, up
    to an hour. What the server asks for (`Retry-After`) is honoured up to a day."""
    wait = min(every << min(failures, 12), max(every, _BACKOFF_CAP))
    if retry_after is not None:
        wait = max(wait, int(min(retry_after, _RETRY_CAP)))
    return now + wait


def doubts_unchanged(
    now: int, every: int, *, asked_whole_at: int, read_at: int, habit: int | None
) -> bool:
    """Whether to ask for the whole feed though its server says that nothing changed: some always
    say so. Once a day, and after a silence far longer than its habit."""
    quiet = min(max(4 * habit, 10 * every), _DAY) if habit is not None else _DAY
    return now - max(asked_whole_at, read_at) >= quiet


def _fresh(
    stories: Sequence[Story], state: FeedState, found: Mapping[str, KnownArticle], *, now: int
) -> set[str]:
    """The keys of entries that this feed did not have before and that did not slide into its window
    at the old end. Those are listed below all known entries, and are older or undated."""
    listed = order.newest_first(stories, stable=are_stable(stories, found))
    known = [
        (was := found.get(one.key)) is not None and was.own and not was.walked for one in listed
    ]
    lowest = max((place for place, is_known in enumerate(known) if is_known), default=None)
    fresh = set()
    for place, story in enumerate(listed):
        if known[place]:
            continue
        below = lowest is None or place > lowest
        if state.first_poll:
            is_fresh = _since_asked(story, state.asked_at, now)
        elif story.published is None:
            is_fresh = lowest is None or not below
        else:
            is_fresh = not below or state.oldest is None or story.published >= state.oldest
        if is_fresh:
            fresh.add(story.key)
    return fresh


def _since_asked(story: Story, asked_at: int | None, now: int) -> bool:
    """Whether an entry of a quiet first poll was written after the program first asked for the
    feed, which was empty then or could not be fetched."""
    if story.published is None or asked_at is None or asked_at >= now:
        return False
    ahead = story.dated is not None and story.dated > now + _SKEW
    return story.published > asked_at and not ahead


def _raised(
    ordered: Sequence[Story], found: Mapping[str, KnownArticle], fresh: set[str]
) -> list[tuple[ArticleId, Story]]:
    raised: dict[ArticleId, Story] = {}
    for story in ordered:
        known = found.get(story.key)
        if known is None or story.key not in fresh or known.id in raised:
            continue
        if not (known.announced or known.imported or known.retracted):
            raised[known.id] = story
    return list(raised.items())


def _corrected(
    ordered: Sequence[Story], found: Mapping[str, KnownArticle], prints: Mapping[str, str]
) -> list[Correction]:
    """At most one correction of each article: the newest or, if the article is in two sections, the
    one from the section whose link it has."""
    agrees = _agreement(ordered, found, prints)
    keys = {story.key for story in ordered}
    by_article: dict[ArticleId, Correction] = {}
    for story in ordered:
        known = found.get(story.key)
        if known is None or (known.key != story.key and known.key in keys):
            continue  # new, or in another section too
        say = _correction if known.own else _other_words
        one = say(story, known, prints[story.key])
        foreign = addresses.identity(story.link) != known.link_key
        if one is None or (not known.own and not agrees) or (known.id in by_article and foreign):
            continue
        by_article[known.id] = one
    return list(by_article.values())


def _correction(story: Story, known: KnownArticle, told: str) -> Correction | None:
    """What this feed says differently than at its last poll; `told` is its fingerprint now."""
    if known.fingerprint in {told, story.as_before} or _is_older(story, known):
        return None
    fields = likeness.changes(known.fingerprint, story.as_before or told)
    if "link" in fields and addresses.is_same_page(known.link, story.link):
        fields -= {"link"}
    if not fields:
        return None
    doubtful = told in known.earlier or fields == {"link"}
    return Correction(known, story, fields, known.fingerprint, known.ours, doubtful)


def _other_words(story: Story, known: KnownArticle, told: str) -> Correction | None:
    """What this feed says about an article that it did not have before: a different headline
    corrects it, unless that is the headline that was corrected."""
    if known.imported or known.headline_key == likeness.headline_key(story):
        return None
    headline = told.split(":")[1:2]
    if any(one.split(":")[1:2] == headline for one in known.earlier):
        return None
    return Correction(known, story, frozenset(("headline",)), whole=known.ours)


def _agreement(
    stories: Sequence[Story], found: Mapping[str, KnownArticle], prints: Mapping[str, str]
) -> bool:
    """Whether this feed uses the same headlines as the feeds that brought its articles: only then
    is a different headline a correction, and not this feed's own way of wording."""
    shared = [
        _agree(story, found[story.key], prints[story.key])
        for story in stories
        if story.key in found and not found[story.key].ours
    ]
    return sum(shared) * 2 >= len(shared) or len(shared) == 1


def _agree(story: Story, known: KnownArticle, told: str) -> bool:
    """Whether an entry has an article's headline, and that was never another: that one may have
    been corrected by this very feed."""
    if known.headline_key != likeness.headline_key(story):
        return False
    headline = told.split(":")[1:2]
    return all(one.split(":")[1:2] == headline for one in known.earlier)


def _is_older(story: Story, known: KnownArticle) -> bool:
    """Whether it is an older copy than the one that this feed showed last."""
    return story.updated is not None and known.updated is not None and story.updated < known.updated


def _sightings(
    stories: Sequence[Story],
    found: Mapping[str, KnownArticle],
    first: Mapping[str, str],
    prints: Mapping[str, str],
) -> list[Sighting]:
    seen = []
    for place, story in enumerate(stories):
        known = found.get(story.key)
        if known is None:
            of = first.get(story.key, story.key)
            seen.append(
                Sighting(story, place, None, of, prints[story.key], renewed=of != story.key)
            )
        elif known.own and _is_older(story, known):
            newer = replace(story, updated=known.updated, link=known.link)
            seen.append(Sighting(newer, place, known.id, "", known.fingerprint))
        else:
            renewed = known.key != story.key
            seen.append(Sighting(story, place, known.id, "", prints[story.key], renewed=renewed))
    return seen
