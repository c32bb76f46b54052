"""Who a story comes from: the source that a text names, agencies, bylines. Knows phrases of many
languages; never decides what is shown."""

from __future__ import annotations

import re

from bot.core import address as addresses

AGENCIES = {
    "antara": "ANTARA", "antara foto": "ANTARA", "lkbn antara": "ANTARA", "reuters": "Reuters", "afp": "AFP",
    "ap": "AP", "associated press": "AP", "the associated press": "AP", "agence france-presse": "AFP",
    "bloomberg": "Bloomberg", "xinhua": "Xinhua", "anadolu": "Anadolu", "anadolu agency": "Anadolu",
    "bernama": "Bernama", "kyodo": "Kyodo", "kyodo news": "Kyodo", "yonhap": "Yonhap", "dpa": "dpa", "efe": "EFE",
    "epa": "EPA", "tass": "TASS", "sputnik": "Sputnik", "interfax": "Interfax", "pti": "PTI", "ani": "ANI",
    "ians": "IANS", "upi": "UPI", "ansa": "ANSA", "belga": "Belga", "anp": "ANP", "lusa": "Lusa", "cnn": "CNN",
    "cnn indonesia": "CNN Indonesia", "bbc": "BBC", "getty images": "Getty Images", "aap": "AAP", "rri": "RRI",
    "the canadian press": "The Canadian Press", "canadian press": "The Canadian Press", "sid": "SID", "apa": "APA",
    "ritzau": "Ritzau", "tt": "TT", "ntb": "NTB", "pap": "PAP", "ctk": "ČTK", "mti": "MTI", "unian": "UNIAN",
    "ukrinform": "Ukrinform", "рia новости": "РИА Новости", "риа новости": "РИА Новости", "тасс": "ТАСС",
    "интерфакс": "Интерфакс", "infopublik": "InfoPublik", "katadata": "Katadata", "vna": "VNA", "ttxvn": "TTXVN",
}  # fmt: skip
"""Agencies by their name in lower case -> as they write themselves."""

_LABEL = (
    r"sumber(?:\s+berita|\s+artikel|\s+tulisan)?|sources?|quelle|quellen|fuente|fonte|bron|källa|kilde|kaynak"
    r"|nguồn|źródło|zdroj|forrás|sursa|πηγή|источник|джерело|крыніца|المصدر|מקור|स्रोत|ที่มา|出典|来源|來源|출처"
)
_LINE = re.compile(
    rf"^[\s(\[*•\-–—]*(?:{_LABEL})\s*[:：]\s*(?P<name>.+?)[\s)\].]*$", re.IGNORECASE | re.DOTALL
)
_PHOTO = re.compile(r"\b(?:foto|photo|gambar|image|video|ilustrasi)\b", re.IGNORECASE)
_QUOTED = re.compile(
    r"\b(?:dikutip|dilansir|disadur|dihimpun|seperti dilansir|melansir|mengutip|dinukil|dirangkum)"
    r"(?:\s+(?:kembali|laman|situs|media))*\s*(?:dari|oleh)?(?:\s+(?:laman|situs|kantor berita|media|portal))*\s+"
    r"(?P<name>[A-Z0-9][\w.&'’-]*(?:\s+(?:[A-Z0-9][\w.&'’-]*|of|the|dan)){0,4})"
)
_CLOSING = re.compile(r"[(\[](?P<name>[^()\[\]]{2,40})[)\]][\s.]*$")
_BYLINE = re.compile(
    r"^(?:by|oleh|von|par|por|di|door|af|av|przez|автор|от)\s*[:：]?\s+(?P<name>[^\n.]{2,60})$",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"[,\s]+(?:pada\s+)?(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|hari ini|kemarin)\b.*$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"<?\(?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\)?>?")
_NOBODY = frozenset(
    "admin administrator author unknown anonymous webmaster editor staff noreply root redaksi user"
    " blogger none null n/a".split()
)
_LONGEST = 80


def in_line(line: str) -> str:
    """The source that a line of its own names (`Sumber : CNN Indonesia`), else empty."""
    if len(line) > 160:
        return ""
    found = _LINE.match(line.strip())
    if not found or _PHOTO.search(line[: found.start("name")]):
        return ""
    return name_of(found["name"])


def in_text(paragraphs: list[str]) -> str:
    """The source that running text names: `Dikutip dari CNN Indonesia`, `(ANTARA)` at the end."""
    for paragraph in reversed(paragraphs[-3:]):
        closing = _CLOSING.search(paragraph)
        agency = agency_of(closing["name"]) if closing else ""
        if agency:
            return agency
    for paragraph in [*paragraphs[:4], *paragraphs[-2:]]:
        quoted = _QUOTED.search(paragraph)
        if quoted:
            return name_of(_DAYS.sub("", quoted["name"]))
    return ""


def in_byline(line: str) -> str:
    """The agency that a line `By Reuters` names, else empty: a person is an author, no source."""
    found = _BYLINE.match(line.strip())
    return agency_of(found["name"]) if found else ""


def agency_of(text: str) -> str:
    """The news agency that a short text names, in its own spelling, else empty."""
    bare = text.strip(" .,:;()[]").casefold()
    for part in (bare, *re.split(r"\s*[/|,]\s*", bare)):
        if part in AGENCIES:
            return AGENCIES[part]
    return ""


def name_of(text: str) -> str:
    """A source's name: an address becomes its host's name, ornaments go."""
    text = re.split(r"\s*(?:\||\n)\s*", text.strip())[0]
    found = re.match(r"(?:https?://|www\.)\S+", text, re.IGNORECASE)
    if found:
        address = found.group() if "//" in found.group() else f"https://{found.group()}"
        return addresses.host(address)
    text = re.sub(r"\s*[-–(]?\s*https?://\S+", "", text).strip(" \t.,;:*_-–—'\"“”")
    if text.count("(") != text.count(")"):
        text = text.strip("()")
    return text if 1 < len(text) <= _LONGEST and any(sign.isalpha() for sign in text) else ""


def person_of(text: str) -> str:
    """An author's name without addresses and roles; empty for `admin` and the like."""
    text = text.strip()
    inside = re.search(r"@[\w.-]+\s*\(([^()]+)\)\s*$", text)
    if inside:
        text = inside[1]
    text = _MAIL.sub("", text).strip(" \t\n,;:()<>")
    text = re.sub(r"^(?:by|oleh|von|par|por)\s*:?\s+", "", text, flags=re.IGNORECASE)
    if text.casefold() in _NOBODY or len(text) > 120 or not any(sign.isalpha() for sign in text):
        return ""
    return "" if re.match(r"https?://", text) else text
