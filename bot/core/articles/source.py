"""Who a story comes from: the source named in a text, agencies, bylines. Knows phrases of many
languages; does not decide what is shown."""

from __future__ import annotations

import re

from bot.core.articles import urls as addresses
from bot.core.text import holds_any

_NAMES = """
ANTARA=antara foto, antara news, lkbn antara, kantor berita antara|AFP=agence france-presse, أ ف ب
Reuters=رويترز, ロイター, 路透社, рейтер, рейтерс
AP=associated press, the associated press|Bloomberg|Xinhua|Anadolu=anadolu agency|Bernama|Yonhap
Kyodo=kyodo news|dpa|EFE|TASS|Sputnik|Interfax|ANSA|Belga|Lusa|CNN|CNN Indonesia|BBC|Getty Images
The Canadian Press=canadian press|Ritzau|ČTK=ctk|UNIAN|Ukrinform|РИА Новости|ТАСС|Интерфакс|VNA
TTXVN|InfoPublik|Europa Press|RRI=kbrn
"""
"""Short names that mean something else in a newsroom's own country (NTB, UPI, PTI) are left out."""
AGENCIES = {
    written.casefold(): name
    for name, _, others in (
        one.partition("=") for line in _NAMES.strip().split("\n") for one in line.split("|")
    )
    for written in (name, *filter(None, others.split(", ")))
}
"""News agencies: any spelling, in lower case -> their own spelling."""

_LABEL = (
    r"sumber(?:\s+berita|\s+artikel|\s+tulisan)?|sources?|quellen?|fuente|fonte|bron|källa|kilde"
    r"|kaynak|nguồn|źródło|zdroj|forrás|sursa|πηγή|источник|джерело|крыніца|المصدر|מקור|स्रोत|ที่มา"
    r"|出典|来源|來源|출처"
)
_NAMING = re.compile(
    r"(?<!\s)(?:\s*+(?:[|•·;,/]\s*+|(?<=\s)[-–—]\s++)|(?=[^\S\n]*+\n)\s++)(?=(?:editor|redaktur|pewarta|wartawan|reporter|penulis|laporan"
    rf"|kontributor|penyunting|uploader|foto(?:grafer)?|{_LABEL})\s*[:：])",
    re.IGNORECASE,
)
"""Separates several names on one line."""
_NAMING_MARKS = frozenset("|•·;,/-–—\n")
_LINE = re.compile(
    rf"^[\s(\[*•\-–—]*(?:{_LABEL})\s*[:：]\s*(?P<name>.+?)[\s)\].]*$", re.IGNORECASE | re.DOTALL
)
_PHOTO = re.compile(r"\b(?:foto|photo|gambar|image|video|ilustrasi)\b", re.IGNORECASE)
_WORD = r"[A-Z0-9][\w.&'’-]*"
_QUOTED = re.compile(
    r"\b(?i:dikutip|dilansir|disadur|dihimpun|melansir|mengutip|dinukil|dirangkum)"
    r"(?:\s+(?:kembali|laman|situs|media))*(?:\s+(?:dari|oleh))?"
    r"(?:\s+(?:laman|situs|kantor berita|media|portal|resmi|kanal|akun))*\s+"
    rf"(?P<name>{_WORD}(?:\s+(?:{_WORD}|of|the|dan)){{0,4}})"
)
_QUOTING = ("kutip", "lansir", "sadur", "himpun", "nukil", "rangkum")
"""Searched for first: most paragraphs quote nobody, and this shows it quickly."""
_CLOSING = re.compile(r"[(\[](?P<name>[^()\[\]]{2,40})[)\]][\s.]*$")
_APPEARED = re.compile(
    r"^(?:artikel|berita|tulisan) ini (?:telah |sudah |pernah )*"
    r"(?:tayang|terbit|dimuat|dipublikasikan)(?: sebelumnya)? (?:di|pada)(?: laman| situs)? "
    r"(?P<name>(?:(?!\bdengan\b|\bberjudul\b|\bpada\b)[^,\n\"“])+)",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"^(?i:dilansir|dikutip|disadur|dirangkum|melansir|mengutip)(?: kembali)?(?: dari)?"
    r"(?: laman| situs)? (?P<name>[A-Z][^\n,.;:!?]{1,40}(?:\.[a-zA-Z.]{2,6})?)"
    r"(?:,? (?:pada )?(?i:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)[^.;:!?]{0,20})?\.?$"
)
"""A line that only says where the text was taken from: `Dilansir dari Antara, Senin (25/11).`"""
_LAST = re.compile(
    rf"(?<=[.!?”\"])\s*[(\[]?(?:{_LABEL})\s*[:：]\s*(?P<name>[^()\[\]\n]{{2,60}}?)[)\].]*$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:wartawan|reporter|jurnalis|kontributor|koresponden)\s+"
    r"(?:(?:[\w-]+\.)+\w{2,4}|\w+)\s*,\s*",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?:by|oleh|von|par|por|door|av|przez|автор|reporter|penulis|laporan)\s*[:：]?\s+"
    r"(?P<name>[^\n.!?:]{2,30}(?:[^\n!?:]{0,70}[^\n.!?:])?)$",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(?<![,\s])[,\s]++(?:pada\s++)?"
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|hari ini|kemarin)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_NAME = re.compile(
    r"^(?:(?:view |lihat )?(?:all|semua) (?:posts|tulisan|artikel) (?:by|oleh)|posted by|written by"
    r"|ditulis oleh|artikel von|by|oleh|von|vom|par|por|pewarta|penulis|reporter|wartawan)\s*:?\s+",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?<=\w)\s*[|/,;–-]\s*(?:editor|redaktur|penyunting|fotografer|uploader)\b\s*:?.*$",
    re.IGNORECASE | re.DOTALL,
)
"""Who only worked on it, behind its author."""
_MAIL = re.compile(r"<?\(?(?<![\w.+-])\w[\w.+-]*+@[^\s()<>@]+\.[^\s()<>@,;]+\)?>?")
_NOBODY = frozenset(
    (
        "admin", "administrator", "author", "unknown", "anonymous", "webmaster", "editor", "staff",
        "no author", "name", "noreply", "root", "redaksi", "user", "blogger", "none", "null", "n/a",
        "super user", "super administrator",
    )
)  # fmt: skip
_NO_SOURCE = frozenset(("ist", "istimewa", "internet", "google"))
"""Written where the source is unknown, mostly that of a picture."""
_SITE = re.compile(r"^(?:https?://|(?:[\w-]++\.)+(?:com|net|org|co|id|info|tv|news)$)")
_LONGEST = 80
_LONGEST_PERSON = 400
_LONGEST_LINE = 120


def in_line(line: str) -> str:
    """The source named in a line of its own (`Sumber : CNN Indonesia`), even among others (`Editor:
    Ani | Sumber: Antara`); else empty."""
    if len(line) > 160:
        return ""
    line = line.strip()
    named = ":" in line or "：" in line
    for part in _named_in(line) if named else [line]:
        found = _LINE.match(part) if named else None
        found = found or _APPEARED.match(part) or _TAKEN.match(part)
        name = name_of(found["name"]) if found else ""
        if found and name and not _PHOTO.search(part[: found.start("name")]):
            return name
    return ""


def in_text(paragraphs: list[str]) -> str:
    """The source named in running text: `Dikutip dari CNN Indonesia`, `(ANTARA)` at the end."""
    for paragraph in reversed(paragraphs[-3:]):
        closing = _CLOSING.search(paragraph[-60:])
        agency = agency_of(closing["name"]) if closing else ""
        if agency:
            return agency
    for paragraph in [*paragraphs[:4], *paragraphs[-2:]]:
        begin = paragraph[:600]
        low = begin.lower()
        quoted = _QUOTED.search(begin) if holds_any(low, _QUOTING) else None
        if quoted:
            return name_of(_DAYS.sub("", quoted["name"]))
    return ""


def last_words(paragraph: str) -> tuple[str, str]:
    """A last paragraph without the source at its end, and the source (`... rakyat. Sumber: X`)."""
    found = _LAST.search(paragraph[-120:])
    name = name_of(found["name"]) if found else ""
    if not found or not name:
        return paragraph, ""
    return paragraph[: len(paragraph) - len(found.group())].rstrip(), name


def byline(line: str) -> str:
    """The author, as named in a line of its own (`By Matt Spetalnick and Parisa Hafezi`)."""
    if len(line) > _LONGEST_LINE or line.rstrip("])").endswith(("...", "…")):
        return ""
    first = line.strip(" \t\n([*")
    if ":" in first or "：" in first:
        first = _named_in(first)[0]
    found = _BYLINE.match(first.strip(" )]"))
    if not found or not any(word[:1].isupper() for word in found["name"].split()[:2]):
        return ""
    return _ROLE.sub("", found["name"].strip())


def _named_in(line: str) -> list[str]:
    """The parts of a line that each name somebody; mostly there is only one."""
    told = line[: max(line.rfind(":"), line.rfind("："), 0)]
    return [line] if _NAMING_MARKS.isdisjoint(told) else _NAMING.split(line)


def agency_of(text: str) -> str:
    """The news agency named in a short text, in its own spelling, else empty."""
    bare = text.strip(" .,:;()[]").casefold()
    for part in (bare, *re.split(r"\s*[/|,]\s*", bare)):
        if part in AGENCIES:
            return AGENCIES[part]
    return ""


def name_of(text: str) -> str:
    """A source's name: an address is replaced by its host, ornaments are dropped."""
    text = re.split(r"\s*(?:\||\n)\s*", text.strip())[0]
    found = re.match(r"(?:https?://|www\.)\S+", text, re.IGNORECASE)
    if found:
        address = found.group() if "//" in found.group() else f"https://{found.group()}"
        return addresses.host(address)
    text = re.sub(r"\s*[-–(]?\s*https?://\S+", "", text).strip(" \t.,;:*_-–—'\"“”")
    if text.count("(") != text.count(")"):
        text = text.strip("()")
    is_name = 1 < len(text) <= _LONGEST and not re.search(r"[;?!]|(?:\S+\s+){8}", text)
    is_name = is_name and text.casefold() not in _NO_SOURCE
    return text if is_name and any(char.isalpha() for char in text) else ""


def person_of(text: str) -> str:
    """An author's name without addresses and roles; empty for `admin` and the like."""
    text = text[:_LONGEST_PERSON].strip()
    if not text:
        return ""
    inside = re.search(r"@[\w.-]+\s*\(([^()]+)\)\s*$", text)
    if inside:
        text = inside[1]
    text = _MAIL.sub("", text).strip(" \t\n,;:<>")
    text = re.sub(r"\s*\([^()]*$|^\(|\(\s*\)$", "", text).strip()
    if text.endswith(")") and "(" not in text:
        text = text[:-1]
    text = _OTHERS.sub("", _BEFORE_NAME.sub("", text))
    if text.casefold() in _NOBODY or len(text) > 120 or not any(char.isalpha() for char in text):
        return ""
    return "" if _SITE.match(text) else text
