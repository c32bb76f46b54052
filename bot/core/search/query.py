"""What a reader typed -> SearchQuery. Knows the query language, never an index or a clock.

    senjata "kapal selam" -drone sumber:cnn topik:"luar negeri" sejak:2023-08 sampai:17/08/2023

There are no invalid queries: anything not understood is taken as plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from bot.core.search import times, words

LONGEST = 256
"""So many characters of a query count."""
MOST_TERMS = 12

FIELDS = {
    "sumber": "source",
    "source": "source",
    "topik": "topic",
    "topic": "topic",
    "penulis": "author",
    "author": "author",
    "sejak": "since",
    "since": "since",
    "sampai": "until",
    "until": "until",
}
_PART = re.compile(
    rf'(?P<minus>[-–−])?(?:(?P<field>{"|".join(FIELDS)}):\s*)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))',
    re.IGNORECASE,
)
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂″", '"') | {"\x00": " "})
# Characters inside one word: covid-19, tempo.co, jum'at, Rp2,5, 17/8. Anything else separates
# words.
_JOINED = re.compile(r"[^\W\d_]*\d+(?:[.,/:]\d+)+|[^\s:;,/|&+()\[\]{}<>=!?…—–]+")
_LINK = re.compile(
    r"(?:https?://|\bwww\.)[^\s\"<>]+|(?<![\w@./-])(?:[\w-]++\.)+[a-z]{2,}/[^\s\"<>]+",
    re.IGNORECASE,
)
_AFTER_LINK = ".,;:!?)]}'*_"
_VIEWS = frozenset({"amp", "all", "full"})
"""Last parts of addresses that name how an article is shown, not which."""
_STORY = re.compile(r"(?<!\s)\s*+\bserupa:([0-9]{1,18})$")
_TAG = re.compile(r"(?<![\w\"-])#(\w+)")
_DATES = (
    re.compile(r"(?P<y>\d{4})(?:[-/](?P<m>\d{1,2})(?:[-/](?P<d>\d{1,2}))?)?"),
    re.compile(r"(?:(?P<d>\d{1,2})[-/.])?(?P<m>\d{1,2})[-/.](?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """Adjacent words, mostly one; `exact`: in exactly these forms (it was quoted)."""

    words: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Parts of a name, in the form of `words.key`, that articles must have or must not have."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A period given in words: `since` <= time < `until`. `rest` is the query without it."""

    typed: str
    since: int
    until: int
    rest: str

    @property
    def span(self) -> tuple[int, int]:
        return self.since, self.until

    @property
    def at_all_times(self) -> str:
        """The query without it; if nothing else was asked, its words as words to search for."""
        return self.rest or f'"{self.typed}"'


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for. `text` is what was typed, cleaned; it parses to the same query again.

    An article matches when it has all `terms` and none of `without`, a source with any of the
    wanted parts, the same of its author, a topic for each wanted part, and `since` <= its time <
    `until` (epoch seconds).
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    sources: KnownNames = KnownNames()
    topics: KnownNames = KnownNames()
    authors: KnownNames = KnownNames()
    since: int | None = None
    until: int | None = None
    tags: tuple[str, ...] = ()
    """Topics as posts write them (`#LuarNegeri`), letters only; words where there is none."""
    link: str = ""
    """A pasted address: its article comes first."""
    period: Period | None = None
    story: int | None = None
    """The number of an article: only results about the same story."""

    @property
    def narrowed(self) -> bool:
        """It asks for a part of the archive, besides any words."""
        asked = (self.sources.wanted, self.topics.wanted, self.authors.wanted, self.tags)
        return any(asked) or self.since is not None or self.until is not None

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return self == SearchQuery(text=self.text)


@dataclass(slots=True)
class _Draft:
    terms: list[Term] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    sources: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    topics: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    authors: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    since: int | None = None
    until: int | None = None
    room: int = MOST_TERMS


def parse(text: str, zone: tzinfo, *, now: int | None = None) -> SearchQuery:
    """The meaning of any text; at most 256 characters and 12 terms of it count.

    Days begin in `zone`. Repeated limits narrow: the later `since`, the earlier `until`.
    Times in words (`minggu lalu`, `agustus 2023`) are understood where `now` is given.
    """
    cleaned = clean(text)
    told = _STORY.search(cleaned)
    link, asked = _linked(without_story(cleaned))
    period = None if now is None else _period_of(asked, zone, now)
    if period:
        asked = period.rest
    tags = tuple(
        dict.fromkeys(filter(None, (words.key(t).replace(" ", "") for t in _TAG.findall(asked))))
    )
    asked = _TAG.sub(" ", asked)
    draft = _Draft()
    if period:
        draft.since, draft.until = period.since, period.until
    for part in _PART.finditer(asked):
        _take(draft, part, zone)
        if draft.room <= 0:
            break
    return SearchQuery(
        text=cleaned,
        terms=tuple(dict.fromkeys(draft.terms)),
        without=tuple(dict.fromkeys(draft.without)),
        sources=KnownNames(*map(tuple, draft.sources)),
        topics=KnownNames(*map(tuple, draft.topics)),
        authors=KnownNames(*map(tuple, draft.authors)),
        since=draft.since,
        until=draft.until,
        tags=tags,
        link=link,
        period=period,
        story=int(told[1]) if told else None,
    )


def similar_to(text: str, article_id: int) -> str:
    """The same query, narrowed to results about the story of one article."""
    only = f" serupa:{article_id}"
    return clean(text)[: LONGEST - len(only)] + only


def without_story(text: str) -> str:
    """The query that `similar_to` narrowed; any other as it is."""
    return _STORY.sub("", clean(text))


def _linked(text: str) -> tuple[str, str]:
    """The address in a query, and the query with that address replaced by its words."""
    found = _LINK.search(text)
    if found is None:
        return "", text
    link = found[0].rstrip(_AFTER_LINK)
    address = link if "://" in link else f"https://{link}"
    _, *path = (
        address.partition("?")[0].partition("#")[0].partition("://")[2].rstrip("/").split("/")
    )
    if path[1:] and path[-1].lower() in _VIEWS:
        path.pop()
    slug = re.sub(r"\.\w{2,5}$", "", path[-1]) if path else ""
    told = " ".join(word for word in re.split(r"[-_]", slug) if word.isalpha())
    return address, f"{text[: found.start()]}{told}{text[found.start() + len(link) :]}"


def _period_of(text: str, zone: tzinfo, now: int) -> Period | None:
    found = times.said(text, zone, now)
    if found is None:
        return None
    rest = " ".join(f"{text[: found.start]} {text[found.end :]}".split())
    return Period(text[found.start : found.end], found.since, found.until, rest)


def clean(text: str) -> str:
    """A query as it is kept and shown: one line, straight quotes, whole words within the limit."""
    text = text[: 4 * LONGEST].encode("utf-8", "ignore").decode().translate(QUOTES)
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    head, space, _ = text[: LONGEST + 1].rpartition(" ")
    return head.rstrip() if space else text[:LONGEST]


def rewritten(text: str, words_: Mapping[str, str]) -> str:
    """The query with other words in place of some of its plain ones (in the form of `words`).

    What stands in quotes or after `field:` stays. With `"word"` for `word` it asks for exactly that
    form.
    """
    cleaned = clean(text)
    pieces, at = [], 0
    for part in _PART.finditer(cleaned):
        if part["quoted"] is not None or part["field"] or part["minus"]:
            continue
        for token in words.tokens(part["plain"]):
            if (other := words_.get(token.word)) is not None:
                begin = part.start("plain") + token.start
                pieces += [cleaned[at:begin], other]
                at = part.start("plain") + token.end
    return "".join([*pieces, cleaned[at:]])


def _take(draft: _Draft, part: re.Match[str], zone: tzinfo) -> None:
    minus = bool(part["minus"])
    value = part["plain"] if part["quoted"] is None else part["quoted"]
    name = FIELDS.get((part["field"] or "").lower())
    if name in {"source", "topic", "author"}:
        names = {"source": draft.sources, "topic": draft.topics, "author": draft.authors}[name]
        if wanted := words.key(value):
            names[minus].append(wanted)
            draft.room -= 1
    elif minus or name is None or not _take_date(draft, name, value, zone):
        asked = f"{part['field']} {value}" if name else value
        found = _exact(asked) if part["quoted"] is not None and not name else _loose(asked)
        taken = list(found)[: draft.room]
        (draft.without if minus else draft.terms).extend(taken)
        draft.room -= len(taken)


def _take_date(draft: _Draft, name: str, value: str, zone: tzinfo) -> bool:
    period = _period(value, zone)
    if period is None:
        return False
    begin, end = period
    if name == "since":
        draft.since = begin if draft.since is None else max(begin, draft.since)
    else:
        draft.until = end if draft.until is None else min(end, draft.until)
    return True


def _exact(text: str) -> Iterator[Term]:
    if found := tuple(words.words(text)):
        yield Term(found, exact=True)


def _loose(text: str) -> Iterator[Term]:
    for joined in _JOINED.findall(text):
        found = words.words(joined)
        # `anak-anak` (children) also means articles about one `anak`.
        different = tuple(
            word
            for word, last in zip(found, [None, *found], strict=False)
            if word != last or word.isdigit()  # but 7,7 is not 7
        )
        if different:
            yield Term(different)


def _period(value: str, zone: tzinfo) -> tuple[int, int] | None:
    """First second of a year, month or day, and of what follows it; None if it is not a date."""
    for form in _DATES:
        if match := form.fullmatch(value.strip()):
            year, month, day = (int(match[part] or 0) for part in "ymd")
            try:
                return _span(year, month, day, zone)
            except (ValueError, OverflowError):
                return None
    return None


def _span(year: int, month: int, day: int, zone: tzinfo) -> tuple[int, int]:
    begin = datetime(year, month or 1, day or 1, tzinfo=zone)
    if day:
        end = begin + timedelta(days=1)
    elif month:
        end = begin.replace(year=year + month // 12, month=month % 12 + 1)
    else:
        end = begin.replace(year=year + 1)
    return int(begin.timestamp()), int(end.timestamp())
