"""The name of a paper, out of its feed's title. Knows what systems and newsrooms put around it.

`Tempo.co RSS Feed` -> `Tempo.co`; `ANTARA News - Berita Terkini` -> `ANTARA News`

Sections stay (`World news | The Guardian`): they say where an article stood.
"""

from __future__ import annotations

import re

_JOINT = re.compile(r"(?<=\S)(\s+(?:[-–—|·•:»«›/]+|::)\s+|\s*[|»›]\s*|:\s+)(?=\S)")
_FORMAT = r"(?:rss|atom|feeds?|(?<=rss )[012]\.\d{1,2}|(?<=atom )[01]\.\d|\(rss\)|xml feed)"
_BEHIND = re.compile(
    r"(?<!\s)\s+(?:(?:(?:(?:the )?(?:latest|recent|breaking|all|top) "
    rf"(?:news|posts|articles|stories|headlines)|berita terkini|official)\s+)?"
    rf"{_FORMAT}(?:\s+{_FORMAT})*"
    r"|[\[(](?:rss|atom)(?:\s+feed|\s+[012]\.\d{1,2})?[)\]]|search records found \d+)$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:flux|feed|canal|fuente|fil)\s+rss|rss\s+(?:feed|berita|news)|rss(?:\s+[012]\.\d{1,2})?"
    r"|(?:the )?(?:all|latest|recent|newest) (?:news|posts|articles|stories|content)"
    r"(?=\s+(?:from|in|at|by)\s)|berita ter(?:kini|baru)(?=\s+dari\s)"
    r")(?:\s+(?:of|from|for|in|at|by|dari|de|du|di|del|von))?\s+",
    re.IGNORECASE,
)
_WORDS = """
rss feed feeds atom xml all semua latest newest recent breaking top main news newsfeed
stories headlines headline articles posts updates home homepage beranda index front page blog
berita kabar terkini terbaru terpopuler utama hari ini artikel warta
nachrichten aktuell aktuelle schlagzeilen startseite actualités actualité infos accueil
noticias notícias últimas ultimas inicio início portada notizie ultime nieuws nyheter senaste
nyheder wiadomości najnowsze aktualności новости последние все главное новини останні
haberler haberleri son dakika haber tin tức mới nhất trang chủ ข่าว ข่าวล่าสุด หน้าแรก
أخبار الأخبار آخر الرئيسية 新闻 最新 最新新闻 新聞
最新消息 首页 ニュース 最新ニュース 뉴스 전체기사
செய்திகள் समाचार ताज़ा portal situs laman
"""
_SAYS_NOTHING = frozenset(_WORDS.split())
"""Words of which a part of a title may consist that names nobody."""
_AROUND = '&+!()[]«»“”".'
_NO_NAMES = frozenset(("", "the", "my", "our", "this", "example", "test"))
_NUMBERS = re.compile(r"[012]\.\d{1,2}|19\d\d|20\d\d")
_NEWS = re.compile(
    r"\b(?:news|berita|kabar|informasi|informatif|terpercaya|nachrichten|actualités?|infos?"
    r"|noticias|notícias|notizie|nieuws|nyheter|новости|новини|spravodajstvo|haber|tin tức)\b",
    re.IGNORECASE,
)
_SLOGAN = 4
"""Words of a slogan at least, and of the name that it stands behind at most."""
_LONGEST = 300


def paper_name(title: str) -> str:
    """Who publishes a feed, by its title; the title itself where nothing of it is a name."""
    if not title or len(title) > _LONGEST:
        return title
    parts = _JOINT.split(title)
    names = [_plain(part) for part in parts[::2]]
    kept = [n for n, name in enumerate(names) if name and not _says_nothing(name)]
    if len(kept) > 1 and _is_slogan(names[kept[-1]], names[kept[0]], parts[kept[-1] * 2 - 1]):
        kept.pop()
    if not kept:
        return title
    said = names[kept[0]]
    for n in kept[1:]:
        said += parts[n * 2 - 1] + names[n]
    return said


def _plain(part: str) -> str:
    """A part of a title without the words about feeds around it."""
    short = _BEFORE.sub("", _BEHIND.sub("", part)).strip()
    return part if short.casefold() in _NO_NAMES else short


def _says_nothing(part: str) -> bool:
    words = [word.strip(_AROUND) for word in part.casefold().split()]
    return all(not one or one in _SAYS_NOTHING or _NUMBERS.fullmatch(one) for one in words)


def _is_slogan(part: str, name: str, joint: str) -> bool:
    """Whether what stands behind a paper's name says what it brings (`News, Culture & more`)."""
    words = len(part.split())
    if joint.startswith(":") or words < _SLOGAN or len(name.split()) > _SLOGAN:
        return False
    return bool(_NEWS.search(part)) and ("," in part or part[:1].islower() or words > _SLOGAN)
