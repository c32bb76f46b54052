"""Removes the paper's own name where it tells readers nothing: in a dateline, after a headline.
Knows how newsrooms write both; no markup.

`MAJALAHJURNALIS.Com (Jakarta) - Amerika` -> `Jakarta - Amerika`
`Bupati resmikan waduk - Majalah Jurnalis` -> `Bupati resmikan waduk`
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bot.core.articles.outlets import outlet_of
from bot.core.articles.source import AGENCIES, agency_of
from bot.core.text import same

_READ = 120
"""A dateline is looked for in the first so many characters."""
_GAP = r"(?:(?<!\s)\s*+|(?<=\s))"
"""White space before a mark (matched from its start), or none after another mark."""
_SEPARATOR = re.compile(
    rf"{_GAP}(?:(?:--+|[–—])\s*+|(?<=\s)-\s*+|-\s++|\|\|?\s*+|:\s++|(?<=\s)/\s++)"
    r"|\.\s++(?=[A-Z\"“])|(?<=[)\]])(?:\s++|\.?-++\s*+)(?=[A-Z\"“])"
)
_SEPARATING = re.compile(r"[-–—|:/.)\]]")
"""Every separator contains one of these or follows one."""
_SEPARATORS = 5
_BETWEEN = re.compile(
    rf"{_GAP}(?:[,،、|]\s*+|(?<=\s)/\s++|(?:--+|[–—])\s*+|(?<=\s)-\s*+|-\s++|:\s++)"
    r"|(?<!\b[SMF][Tt])(?<!\b[Kk][AaEe][BbCcLl])(?<!\b[A-Z])\.\s++(?=[A-Z])"
)
_BETWEEN_MARKS = frozenset(",،、|/-–—:.")
_SITE = re.compile(
    r"\(?\b(?:[\w-]{1,40}\.){1,4}(?:com|co\.id|co|id|net|org|news|info|tv|my\.id|or\.id|go\.id|web\.id|biz|online|xyz|in|uk|my)\b\)?",
    re.IGNORECASE,
)
_SITE_FIRST = re.compile(
    rf"^(?i:{_SITE.pattern}),\s+(?P<place>(?:(?:Kota|Kuala|Bandar|Banda|Tanjung|Hong|New|San|Los)\s)?"
    r"[A-Z][\w'’-]{2,20}(?:\s(?:Selatan|Utara|Timur|Barat|Pusat|Tengah|Lampung))?)"
    r"\s+(?=[A-Z\"“\d])"
)
"""Takes only words that are certain to be a place: the sentence begins right after them."""
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
_KIND_WORDS = (
    "online", "news", "tv", "com", "co", "id", "net", "network", "media", "group", "daily",
    "digital", "portal", "noticias", "feed", "rss",
)  # fmt: skip
_THE = re.compile(
    r"^(?:the|el|la|le|los|las|der|die|das|il|harian|koran|majalah)\s+", re.IGNORECASE
)
"""Words that a paper leaves out when it names itself briefly."""
_JOINT = re.compile(rf"{_GAP}(?:(?<=\s)[-–—·•:»«›~/]++\s++|\|++\s*+)")
_MARKS = frozenset("-–—·•:»«›~/|()[]")
"""What separates a headline from a name."""
_IN_BRACKETS = re.compile(r"(?<!\s)\s++[(\[](?P<site>[^()\[\]]{2,60})[)\]]$")
_BEGINNING = re.compile(
    r"^[\[(]?(?P<site>[^|:\[\]()]{1,39}?[^|:\[\]()\s])"
    r"(?:[\])](?:\s*+[:|-])?|\s*+[:|]|\s++[-–—»›«~•]++)\s+"
)
_RUBRICS = frozenset(
    same(name)
    for name in """
    nasional|internasional|dunia|global|politik|hukum|kriminal|peristiwa|ekonomi|bisnis
    keuangan|daerah|regional|nusantara|metro|kota|megapolitan|olahraga|sports|sport
    bola|sepak bola|hiburan|selebritas|seleb|gaya hidup|lifestyle|teknologi|tekno|sains
    otomotif|kesehatan|health|pendidikan|edukasi|budaya|seni|wisata|travel|kuliner
    religi|opini|kolom|editorial|foto|video|infografis|berita|berita terkini
    berita terbaru|berita hari ini|news|terkini|terbaru|headline|halaman all|all pages
    pemerintahan|advertorial|pilihan|unik|ragam|khas|world|politics|business|economy
    technology|entertainment|opinion|indonesia|malaysia|home|beranda|sukan|jenayah
    semasa|luar negara|niaga|gempak|mahkamah
    """.replace("\n", "|").split("|")
    if name.strip()
)
"""Newspaper sections: between a headline and the paper's name they are not part of the headline."""
_PAGED = re.compile(r"(?<![Dd]i)(?<![Pp]ada)(?<!\s)\s+Halaman (?:all|\d{1,2})$")
_PAGE = re.compile(r"(?:halaman|page|hal|laman)\d{1,2}")
_JOINTS = 4
_TITLE = 8
"""The fewest characters a headline can have."""
_NAME = 60
_SECTIONS = 3
"""Names that may follow one another: headline, section, paper."""
_LONG = 8
"""Letters: a name shortened by its first word counts only if it is at least this long; shorter ones
are ordinary words."""
_LEAST = 4
"""The fewest letters of a part of a name that the host's name confirms."""


@lru_cache(maxsize=64)
def own_names(names: tuple[str, ...]) -> frozenset[str]:
    """The names a paper may use for itself, in the form of `same`. `names`: its title and its
    host's name."""
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
    """A first paragraph without the paper's own name in its dateline, and who else is named there:
    an agency, or the paper that the article was copied from.

    `names` are the paper's; `opening` is the bold text at the start: often paper and place, with no
    dash after them.
    """
    own = own_names(tuple(names))
    for head, rest in _heads(text, opening):
        places, named, dropped = _places(head, own, sure=rest is None)
        behind = text[len(head) :].lstrip(" ,.:|/–—-") if rest is None else rest
        if dropped and behind and all(map(_is_place, places)) and len(places) <= 3:
            return _dated(behind, places, head), named
    short = _SITE_FIRST.match(text)
    if not short:
        return text, ""
    site = short.group().partition(",")[0]
    outlet = _name_in(site, own, sure=False, placed=True)
    return f"{short['place']} - {text[short.end() :]}", outlet or ""


def untitled(headline: str, own: Collection[str]) -> str:
    """A headline without the name of the paper (or of its section) before or after it; `own` are
    names in the form of `same`."""
    if not own:
        return _PAGED.sub("", headline)
    named = False
    for _ in range(_SECTIONS):
        behind = ((title, same(name)) for title, name in _behind(headline))
        title = next(
            (one for one, name in behind if name in own or (named and _is_rubric(name))), ""
        )
        if not title:
            break
        headline, named = title, True
    headline = _PAGED.sub("", headline)
    found = _BEGINNING.match(headline)
    if found and same(found["site"]) in own and len(headline) - found.end() >= _TITLE:
        return headline[found.end() :]
    return headline


def endings(headlines: Sequence[str], names: Sequence[str]) -> frozenset[str]:
    """What follows headlines and belongs to none of them, in the form of `same`: the paper's own
    name (seen in two headlines; in one of at most two), and whatever most of them end with."""
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
        more = shared | (set(said) if few or sum(said.values()) > 1 else set())
        if more <= found:
            break
        found = frozenset(filter(None, found | more))
    return found


def _behind(headline: str) -> Iterator[tuple[str, str]]:
    """What may be a name after a headline, with that headline; the shortest first."""
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
    """Possible datelines, shortest first, each with the text after it; None for the text if only
    the paper's own name shows where the dateline ends."""
    begin = text[:_READ]
    if "\n" in begin:
        begin = begin[: begin.index("\n")]
    for n, found in enumerate(_separators(begin)):
        if n >= _SEPARATORS:
            break
        rest = text[found.end() :]
        if found.start() < 2 or not rest or rest.isspace():
            continue
        sure = bool(found.group().strip())
        yield text[: found.start()], rest.lstrip(" ,.:|/–—-") if sure else None
    behind = _BEHIND_SITE.search(begin) if "," in begin and "." in begin else None
    if behind:
        yield text[: behind.end()], None
    parted = opening and re.search(r"[,(|/–—-]", opening) and text.startswith(opening)
    if parted and _BEGINS.match(text[len(opening) :]):
        yield opening, text[len(opening) :].lstrip(" ,.:|/–—-")


def _separators(text: str) -> Iterator[re.Match[str]]:
    """Like `_SEPARATOR.finditer` in a fifth of the time: the pattern is only tried where there is
    one of its marks, from the white space before it."""
    end = 0
    for mark in _SEPARATING.finditer(text):
        at, char = mark.start(), mark.group()
        if at < end:
            continue
        found = _SEPARATOR.match(text, max(end, len(text[:at].rstrip())))
        if not found and char in ".)]":
            found = _SEPARATOR.match(text, at if char == "." else at + 1)
        if found:
            yield found
            end = found.end()


def _parts(head: str) -> list[str]:
    """What stands between the marks of a dateline, or in parentheses."""
    pieces = _PARENTHESIS.split(head) if "(" in head or "[" in head else [head]
    parts: list[str] = []
    for piece in pieces:
        parts += [piece] if _BETWEEN_MARKS.isdisjoint(piece) else _BETWEEN.split(piece)
    return [part.strip() for part in parts]


def _dated(rest: str, places: Sequence[str], head: str) -> str:
    """A text, preceded by what is left of its dateline."""
    rest = rest[:1].upper() + rest[1:] if not places else rest
    comma = "، " if "،" in head else ", "
    return f"{comma.join(places)} - {rest}" if places else rest


def _places(head: str, own: Collection[str], *, sure: bool) -> tuple[list[str], str, bool]:
    """What is left of a dateline, the agency or other paper in it, and whether a name was removed;
    with `sure` only the paper's own name counts, since another site's may belong to the sentence.
    """
    told = [
        part if part.endswith(".") and _SHORTENED.search(part) else part.strip(" .")
        for part in _parts(head)
    ]
    placed = sum(map(bool, told)) > 1
    agency, outlet, dropped = "", "", False
    kept = []
    for bare in filter(None, told):
        sides = bare.split("/") if "/" in bare else []
        names = [_name_in(one, own, sure=sure, placed=placed) for one in (bare, *sides)]
        if any(name is not None for name in names):
            dropped = True
            found = [name for name in names if name]
            agency = next((name for name in found if agency_of(name)), agency)
            outlet = next(iter(found), outlet)
            if names[0] is None:
                kept += [s for s, name in zip(sides, names[1:], strict=True) if name is None]
        else:
            kept.append(bare)
    return kept, agency or outlet, dropped


def _name_in(bare: str, own: Collection[str], *, sure: bool, placed: bool) -> str | None:
    """Who is named in a part of a dateline: an agency or another paper, in its own spelling; empty
    for the paper itself and for unknown sites, None if it is not a name."""
    if bare.casefold() in AGENCIES:
        return agency_of(bare)
    if _is_own(bare, own):
        return ""
    if sure:
        return None
    outlet = outlet_of(bare, placed=placed)
    if outlet:
        plain = same(_KINDS.sub("", outlet))
        return "" if any(plain in name for name in own) else outlet
    return "" if "." in bare and _SITE.fullmatch(bare) else None


def _is_own(part: str, own: Collection[str]) -> bool:
    if not part:
        return False
    name = same(part)
    if name in own:
        return True
    short = _TITLES.sub("", part)
    short = _KINDS.sub("", short) if name.endswith(_KIND_WORDS) else short
    if short != part and same(short) in own:
        return True
    return any(name.startswith(one) and _is_rubric(name[len(one) :]) for one in own)


def _is_rubric(name: str) -> bool:
    """Whether a name (in the form of `same`) is that of a section, or of a kind of page."""
    return name in _RUBRICS or bool(_PAGE.fullmatch(name))


def _is_place(text: str) -> bool:
    return bool(_PLACE.match(text)) and len(text.split()) <= 4 and not text[:1].islower()
