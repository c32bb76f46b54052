"""The paper's own name where it says nothing: in a dateline, behind a headline. Knows how newsrooms
write both; no markup.

`MAJALAHJURNALIS.Com (Jakarta) - Amerika` -> `Jakarta - Amerika`
`Bupati resmikan waduk - Majalah Jurnalis` -> `Bupati resmikan waduk`
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bot.core.articles.source import AGENCIES, agency_of
from bot.core.text import same

_READ = 120
"""Characters in which a dateline stands."""
_GAP = r"(?:(?<!\s)\s*+|(?<=\s))"
"""White space before a mark, from its beginning or, behind another mark, none."""
_SEPARATOR = re.compile(
    rf"{_GAP}(?:(?:--+|[–—])\s*+|(?<=\s)-\s*+|-\s++|\|\|?\s*+|:\s++|(?<=\s)/\s++)"
    r"|\.\s++(?=[A-Z\"“])|(?<=[)\]])(?:\s++|-)(?=[A-Z\"“])"
)
_SEPARATORS = 5
_BETWEEN = re.compile(
    rf"{_GAP}(?:[,،、|]\s*+|(?<=\s)/\s++|(?:--+|[–—])\s*+|(?<=\s)-\s*+|-\s++|:\s++)"
    r"|(?<!\b[SMF][Tt])(?<!\b[Kk][AaEe][BbCcLl])(?<!\b[A-Z])\.\s++(?=[A-Z])"
)
_SITE = re.compile(
    r"\(?\b(?:[\w-]{1,40}\.){1,4}(?:com|co\.id|co|id|net|org|news|info|tv|my\.id|or\.id|go\.id|web\.id|biz|online|xyz|in|uk)\b\)?",
    re.IGNORECASE,
)
_SITE_FIRST = re.compile(
    rf"^(?i:{_SITE.pattern}),\s+(?P<place>(?:(?:Kota|Kuala|Bandar|Banda|Tanjung|Hong|New|San|Los)\s)?"
    r"[A-Z][\w'’-]{2,20}(?:\s(?:Selatan|Utara|Timur|Barat|Pusat|Tengah|Lampung))?)"
    r"\s+(?=[A-Z\"“\d])"
)
"""No more words of it than are sure to be a place: the sentence begins right behind."""
_BEHIND_SITE = re.compile(r"(?<=[-–—|,(] )[\w-]{1,40}(?:\.[a-zA-Z]{2,10}){1,3}(?=,\s+[A-Z\"“])")
"""`TEGAL - PAPER.COM, Warga`"""
_BEGINS = re.compile(r"^[ –—-]*+[A-Z\"“\d]")
_PLACE = re.compile(r"^[\w.'’ /-]{2,40}$")
_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_SHORTENED = re.compile(
    r"(?:^|[\s.])(?:[A-Z]|Ala|Alta|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Me|Mich"
    r"|Minn|Miss|Mo|Mont|Neb|Nev|Nfld|Okla|Ont|Ore|Pa|Que|Sask|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Kab|Kec|Prov)\.$"
)
"""A place whose last dot belongs to it (`SANTA FE, N.M.`)."""
_PARTS = re.compile(rf"{_GAP}(?:(?<=\s)[-–—|:·•»]++\s++|[|•»]\s*+|::\s*+)")
_TITLES = re.compile(
    r"^(?:(?:tim|redaksi|laporan|reporter|wartawan|kontributor|by|oleh|por|par|von)\s+|www\.)+",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"(?<![\s.])(?:[\s.]{1,3}(?:online|news|tv|com|co|id|net|network|media|group|daily|digital|portal"
    r"|noticias|feed|rss)){1,3}$",
    re.IGNORECASE,
)
_THE = re.compile(
    r"^(?:the|el|la|le|los|las|der|die|das|il|harian|koran|majalah)\s+", re.IGNORECASE
)
"""What a paper leaves out when it names itself in few words."""
_JOINT = re.compile(rf"{_GAP}(?:(?<=\s)[-–—·•:»«›~/]++\s++|\|++\s*+)")
_MARKS = frozenset("-–—·•:»«›~/|()[]")
"""What stands between a headline and a name."""
_IN_BRACKETS = re.compile(r"(?<!\s)\s++[(\[](?P<site>[^()\[\]]{2,60})[)\]]$")
_BEGINNING = re.compile(
    r"^[\[(]?(?P<site>[^|:\[\]()]{1,39}?[^|:\[\]()\s])"
    r"(?:[\])](?:\s*+[:|-])?|\s*+[:|]|\s++[-–—»›«~•]++)\s+"
)
_JOINTS = 4
_TITLE = 8
"""Characters of a headline at least."""
_NAME = 60
_SECTIONS = 3
"""Names that may stand one behind the other: headline, section, paper."""
_LONG = 8
"""Letters of a name without its first word that is no word of its own."""
_LEAST = 4
"""Letters of a part of a name that is told from others by the host's name."""


@lru_cache(maxsize=64)
def own_names(names: tuple[str, ...]) -> frozenset[str]:
    """How a paper may call itself, as `same` writes it. `names` are its title, and its host's."""
    hosts = [same(name) for name in names[1:] if name]
    found = {same(name) for name in names if name}
    parts = [part for part in _PARTS.split(names[0] if names else "") if part.strip()]
    long = [part for part in parts if len(same(part)) >= _LEAST]
    alike = [part for part in long if any(same(part) in host for host in hosts)]
    for part in alike or parts[:1]:
        short = _KINDS.sub("", part.strip())
        found |= {same(part), same(short)}
        found |= {name for name in (same(_THE.sub("", short)),) if len(name) >= _LONG}
    return frozenset(name for name in found if len(name) > 1)


def undated(text: str, names: Sequence[str] = (), opening: str = "") -> tuple[str, str]:
    """A first paragraph without the paper's own name in its dateline, and the agency it names.

    `names` are the paper's, `opening` is what is bold at its beginning: often paper and place,
    without a dash behind them.
    """
    own = own_names(tuple(names))
    for head, rest in _heads(text, opening):
        places, agency, dropped = _places(head, own, sure=rest is None)
        behind = text[len(head) :].lstrip(" ,.:|/–—-") if rest is None else rest
        if dropped and behind and all(map(_is_place, places)) and len(places) <= 3:
            return _dated(behind, places, head), agency
    short = _SITE_FIRST.match(text)
    return (f"{short['place']} - {text[short.end() :]}" if short else text), ""


def untitled(headline: str, own: Collection[str]) -> str:
    """A headline without the name of the paper (or of its section) before or behind it; `own` are
    names as `same` writes them."""
    if not own:
        return headline
    for _ in range(_SECTIONS):
        title = next((title for title, name in _behind(headline) if same(name) in own), "")
        if not title:
            break
        headline = title
    found = _BEGINNING.match(headline)
    if found and same(found["site"]) in own and len(headline) - found.end() >= _TITLE:
        return headline[found.end() :]
    return headline


def endings(headlines: Sequence[str], names: Sequence[str]) -> frozenset[str]:
    """What stands behind headlines and belongs to none of them, as `same` writes it: the paper's
    own name (in two of them, or in a feed of two), and whatever ends most of them."""
    own = own_names(tuple(names))
    few, most = len(headlines) <= 2, max(5, len(headlines) * 4 // 5)
    found: frozenset[str] = frozenset()
    for _ in range(_SECTIONS):
        ends: Counter[str] = Counter()
        said: Counter[str] = Counter()
        for headline in headlines:
            behind = [name for _, name in _behind(untitled(headline, found))]
            ends.update(same(name) for name in behind[:1])
            before = _BEGINNING.match(headline)
            names_told = [*behind, *([before["site"]] if before else [])]
            said.update({same(name) for name in names_told if _is_own(name, own)})
        shared = {name for name, count in ends.items() if count >= most}
        more = shared | {name for name, count in said.items() if few or count > 1}
        if more <= found:
            break
        found = frozenset(filter(None, found | more))
    return found


def _behind(headline: str) -> Iterator[tuple[str, str]]:
    """What may be a name behind a headline, with that headline; the shortest first."""
    if _MARKS.isdisjoint(headline):
        return
    bracketed = _IN_BRACKETS.search(headline[-_NAME - 4 :]) if headline[-1] in ")]" else None
    if bracketed and len(headline) - len(bracketed.group()) >= _TITLE:
        yield headline[: len(headline) - len(bracketed.group())], bracketed["site"]
    joints = list(_JOINT.finditer(headline))
    for joint in reversed(joints[-_JOINTS:]):
        name = headline[joint.end() :].strip(" -–—|:·•»«›~/")
        if joint.start() >= _TITLE and 1 < len(name) <= _NAME:
            yield headline[: joint.start()].rstrip(" -–—|:·•»«›~/"), name


def _heads(text: str, opening: str) -> Iterator[tuple[str, str | None]]:
    """What may be a dateline, the shortest first, and the text behind it; None where nothing but
    its own name tells where it ends."""
    begin = text[:_READ]
    if "\n" in begin:
        begin = begin[: begin.index("\n")]
    for n, found in enumerate(_SEPARATOR.finditer(begin)):
        if n >= _SEPARATORS:
            break
        rest = text[found.end() :]
        if found.start() < 2 or not rest or rest.isspace():
            continue
        sure = bool(found.group().strip())
        yield text[: found.start()], rest.lstrip(" ,.:|/–—-") if sure else None
    behind = _BEHIND_SITE.search(begin)
    if behind:
        yield text[: behind.end()], None
    parted = opening and re.search(r"[,(|/–—-]", opening) and text.startswith(opening)
    if parted and _BEGINS.match(text[len(opening) :]):
        yield opening, text[len(opening) :].lstrip(" ,.:|/–—-")


def _dated(rest: str, places: Sequence[str], head: str) -> str:
    """A text behind what is left of its dateline."""
    rest = rest[:1].upper() + rest[1:] if not places else rest
    comma = "، " if "،" in head else ", "
    return f"{comma.join(places)} - {rest}" if places else rest


def _places(head: str, own: Collection[str], *, sure: bool) -> tuple[list[str], str, bool]:
    """What is left of a dateline, the agency in it, and whether a name went; `sure` asks for the
    paper's own, where another site's may belong to the sentence."""
    agency, dropped = "", False
    kept = []
    for piece in _PARENTHESIS.split(head):
        for part in _BETWEEN.split(piece):
            bare = part.strip() if _SHORTENED.search(part.strip()) else part.strip(" .")
            named = agency_of(bare) if bare.casefold() in AGENCIES else ""
            agency = named or agency
            first, slash, second = bare.partition("/")
            if named or _is_own(bare, own) or (not sure and _SITE.fullmatch(bare)):
                dropped = True
            elif slash and _is_own(first, own):
                dropped = True
                kept.append(second)
            elif bare:
                kept.append(bare)
    return kept, agency, dropped


def _is_own(part: str, own: Collection[str]) -> bool:
    if not part:
        return False
    return same(part) in own or same(_KINDS.sub("", _TITLES.sub("", part))) in own


def _is_place(text: str) -> bool:
    return bool(_PLACE.match(text)) and len(text.split()) <= 4 and not text[:1].islower()
