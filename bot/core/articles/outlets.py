"""Papers whose articles others copy, as datelines name them. Knows names, decides nothing.

`JAKARTA, KOMPAS.com - Polisi ...` in the feed of another paper names that article's source. An
unknown name may be the paper's own, whatever its feed is called.
"""

from __future__ import annotations

import re

_SURE = """
detikcom|detikNews|detikFinance|detikSport|detikHealth|detikTravel|CNBC Indonesia|Kompas TV|KompasTV
Koran Tempo|Info Tempo|Republika|Republika Online|Okezone|IDN Times|Pikiran Rakyat|Media Indonesia
Jawa Pos|Tribunnews|SINDOnews|Koran SINDO|Liputan6|KapanLagi|Beritasatu|Investor Daily|Warta Ekonomi
Bisnis Indonesia|Metro TV|tvOne|NU Online|Jakarta Globe|The Jakarta Post|Suara Pembaruan|JPNN
Suara Merdeka|Kedaulatan Rakyat|Harian Kompas|Koran Jakarta|Katadata|Mongabay|Hukumonline|Medcom
BBC Indonesia|BBC News Indonesia|BBC News|VOA Indonesia|VOA|DW Indonesia|Deutsche Welle|Al Jazeera
The Guardian|The New York Times|The Washington Post|Financial Times|NHK|South China Morning Post
Malay Mail|The Star|New Straits Times|Berita Harian|Sinar Harian|Utusan Malaysia|Harian Metro
Malaysiakini|Astro Awani|The Straits Times|Channel NewsAsia|Free Malaysia Today|BenarNews
Rappler|Bangkok Post|Nikkei Asia|Radio Free Asia|Radio Republik Indonesia|TVRI|TVRI News
"""
_BESIDE_A_PLACE = """
Kompas|Tempo|Waspada|Gatra|VIVA|Merdeka|Kontan|Detik|Akurat|Sindo|Kumparan|Tirto|Alinea
Poskota|Solopos|Harian Jogja|Kosmo|Harian Waspada|Harian Fajar|Pikiran Rakyat=PR|Pikiran Rakyat=PRLM
"""
"""Ordinary words too: they count only beside a place, or in capitals."""
_SITES = """
akurat aljazeera alinea antaranews astroawani ayobandung bangkokpost bbc beritajatim beritasatu
benarnews bernama bharian bisnis bola brilio channelnewsasia cnbcindonesia cnn cnnindonesia detik
dream fimela freemalaysiatoday gatra grid harianjogja hmetro hops hukumonline idntimes inews
inilah investor jawapos jpnn kapanlagi katadata kompas kontan krjogja kumparan liputan6 malaymail
malaysiakini medcom mediaindonesia merdeka metrotvnews mongabay nst nytimes okezone
pikiran-rakyat pikiranrakyat poskota rappler republika rmol rri scmp sinarharian sindonews solopos
straitstimes suara suaramerdeka swa tempo theguardian thestar tirto tribunnews viva wartaekonomi
waspada
"""
_EDITION = re.compile(r"(?:tribun[\w-]*\.(?:com|id)|suara[a-z]{4,20}\.id)$", re.IGNORECASE)
"""Local editions: `TRIBUN-MEDAN.com`, `SuaraJakarta.id`."""
_LONGEST = 40
_TELLING = 4
"""A name in capitals with so many letters is not an abbreviation."""
_SITE = re.compile(
    r"^(?:www\.)?(?P<name>[\w-]{2,40})\.(?:com|co|co\.id|id|net|news|tv|com\.my|my)$", re.IGNORECASE
)


def _named(lines: str) -> dict[str, str]:
    """Each paper under every way to write it; `Pikiran Rakyat=PR` adds a short one."""
    written = (one.partition("=") for line in lines.strip().splitlines() for one in line.split("|"))
    return {(short or name).casefold(): name for name, _, short in written}


_KNOWN = _named(_SURE)
_WITH_PLACE = _named(_BESIDE_A_PLACE)
_KNOWN_SITES = frozenset(_SITES.split())


def outlet_of(part: str, *, placed: bool) -> str:
    """The paper named in a part of a dateline, in its own spelling, else empty. `placed`: a place
    stands beside it."""
    bare = part.strip(" .,:;()[]")
    if len(bare) > _LONGEST:
        return ""
    site = _SITE.match(bare) if "." in bare else None
    if site:
        named = bare.removeprefix("www.")
        known = site["name"].lower() in _KNOWN_SITES or _EDITION.match(named)
        return named if known else ""
    key = bare.casefold()
    told = placed or (bare.isupper() and len(bare) >= _TELLING)
    return _KNOWN.get(key) or (_WITH_PLACE.get(key, "") if told else "")
