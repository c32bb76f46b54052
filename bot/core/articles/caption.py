"""Separates a picture's caption from its credit. Knows how newsrooms write them, no pages.

"Putin dan Kim. (AFP/ALEXEY NIKOLSKY)"  ->  caption "Putin dan Kim.", credit "AFP/ALEXEY NIKOLSKY"
"""

from __future__ import annotations

import re

from bot.core.articles.source import agency_of
from bot.core.text import cut

_LONGEST = 400
_LONGEST_CREDIT = 120
_READ = 2000
_WHAT = (
    r"foto|photo(?:graph(?:s|er)?)?|fotografer|fotos|images?|picture|pic|gambar|illustrations?|bild"
    r"|ilustrasi|grafis|photograf(?:er|ie)|crédit(?:\s+photo)?|credit|courtesy|kredit|ảnh|фото(?:графия)?"
    r"|dok(?:umentasi)?|doc"
)
_TITLE = re.compile(
    r"^(?:ket(?:erangan)?\.?|caption|teks)\s*(?:foto|gambar)?\s*[:：]\s*|^(?:foto|gambar)\s*[:：]\s*",
    re.IGNORECASE,
)
"""Announces a caption."""
_SURE_TITLE = re.compile(
    r"^(?:ket(?:erangan)?\.?|caption|teks)\s*(?:foto|gambar)?\s*[:：]\s*", re.IGNORECASE
)
_LINKING = frozenset(
    ("of", "the", "for", "and", "by", "from", "via", "dan", "dari", "oleh", "milik", "de", "la",
     "le", "du", "von", "van", "y", "et", "e")
)  # fmt: skip
"""Words that also occur inside names."""
_LABEL = (
    rf"(?:{_WHAT})(?:\s*(?:credits?|source|courtesy|by|oleh|von|par|kredit|sumber|copyright))?"
    r"\s*(?:[:：]|(?<=by)\s|(?<=of)\s)\s*"
)
"""What precedes a name: `Foto:`, `Image credit:`, `Photo by`."""
_BRACKET = re.compile(r"(?<!\s)\s*+[(\[（](?P<inside>[^()\[\]（）]{1,120})[)\]）]\s*+\.?\s*+$")
_LABELLED = re.compile(
    rf"(?<![^\s|/.;,–—-])[(\[]?{_LABEL}(?P<name>[^()\[\]]{{2,120}}?)[)\]]?\s*\.?$", re.IGNORECASE
)
_BY = re.compile(
    r"(?<![^\s|.;])(?:(?:all|semua)\s+)?(?:photo(?:graph)?|image|picture|foto|bild)s?\s+(?:by|oleh|von|courtesy(?:\s+of)?)\s+"
    r"(?P<name>[^.()]{2,80})\.?$",
    re.IGNORECASE,
)
_SIGN = re.compile(r"(?<![^\s|.;,])(?:[©Ⓒ]|\([cC]\))\s*(?P<name>[^.()|]{2,80})\.?$")
_DOCUMENT = re.compile(
    r"(?:(?<=[.!?])|^)\s*(?P<name>(?i:dok(?:umentasi|\.)?|doc\.)\s+[A-Z][^.()|]{2,60})\.?$"
)
_NAMES = re.compile(
    r"^[A-Z][\w.'’-]*+(?:\s[A-Z][\w.'’-]*+){0,3}/[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){1,4}"
)
"""A paper and a photographer and nothing else: `Tribun Jabar/Gani Kurniawan`."""
_BARE = re.compile(
    r"(?<![^\s.|])(?P<name>(?:ANTARA(?:\s?FOTO)?|AFP|AP|REUTERS|Reuters|EPA|Xinhua|Bloomberg|dpa|EFE"
    r"|Getty(?:\s?Images)?)\s*[/|]\s*[^.()]{2,60})\.?$"
)
_SLASHED = re.compile(
    r"(?<=[.!?)] )(?P<name>(?i:foto|photo)/[\w .'-]{2,50}"
    r"|[A-Z]{2,20}(?: [A-Z]{2,20}){0,2}/[A-Z][\w .'-]{2,40}"
    r"|(?i:tangkapan layar|screenshot)\b[^.()|]{0,60})\.?$"
)
_PREFIX = re.compile(rf"^(?:{_LABEL}|©|\(c\)|by\s|(?:foto|photo)\s*/\s*)\s*", re.IGNORECASE)
_CREDITLIKE = re.compile(
    r"[/©|]|\b(?:foto|photo|dok|doc|ist|istimewa|courtesy|credit|kredit|images?|pool|via|handout|file"
    r"|getty|shutterstock|unsplash|pixabay|freepik|wikimedia|instagram|twitter|x|youtube|screenshot"
    r"|tangkapan|humas|dokumentasi|flickr)\b",
    re.IGNORECASE,
)
_ONLY_CREDIT = re.compile(rf"^[\s(\[]*{_LABEL}[^.!?]{{2,90}}[)\]\s.]*$", re.IGNORECASE)


def split(text: str, credit: str = "") -> tuple[str, str]:
    """Caption and credit of the text beside a picture; `credit` is one that is already known."""
    text = _SURE_TITLE.sub("", " ".join(text[:_READ].split()))
    told = _TITLE.sub("", text)
    caption, found = _apart(told if _tells(told) else text)
    credit = tidy(credit) or found
    if credit and caption.casefold().endswith(credit.casefold()):
        caption = caption[: len(caption) - len(credit)].rstrip(" .,-–—/|(")
    if not any(char.isalnum() for char in caption):
        caption = ""
    return cut(caption, _LONGEST), credit


def _tells(text: str) -> bool:
    """Whether a text describes the picture and is not just a name: some of its words are ordinary
    ones."""
    words = (word.strip(".,()") for word in text.split())
    return sum(word.islower() and word.isalpha() and word not in _LINKING for word in words) >= 2


def tidy(credit: str) -> str:
    """A credit without brackets and labels."""
    credit = " ".join(credit.split())
    bracket = _BRACKET.fullmatch(credit)
    credit = bracket["inside"] if bracket else credit
    for _ in range(2):
        credit = _PREFIX.sub("", credit.strip(" \t.,;:|-–—"))
    credit = credit.strip("()[] ") if credit.count("(") != credit.count(")") else credit
    return cut(credit, _LONGEST_CREDIT) if any(char.isalnum() for char in credit) else ""


def is_credit(line: str) -> bool:
    """Whether a line says who made a picture, and nothing else: `(Image credit: Kevin Frayer)`."""
    return len(line) <= 130 and bool(_ONLY_CREDIT.match(line)) and not _tells(_TITLE.sub("", line))


def is_caption(line: str) -> bool:
    """Whether a short line below a picture is its caption: it ends with a credit."""
    return len(line) <= _LONGEST and bool(_TITLE.match(line) or _apart(line, sure=True)[1])


def _apart(text: str, *, sure: bool = False) -> tuple[str, str]:
    """Caption and credit; `sure` accepts only a credit that could be nothing else."""
    caption, credit = _in_bracket(text, sure)
    return (caption, credit) if credit else _labelled(text)


def _in_bracket(text: str, sure: bool) -> tuple[str, str]:
    found = _BRACKET.search(text[-200:])
    if not found:
        return text, ""
    before = text[: len(text) - len(found.group())].rstrip()
    inside = found["inside"].strip()
    named = bool(_CREDITLIKE.search(inside) or agency_of(inside))
    ended = before.endswith((".", "!", "?", "”", '"', "。")) and inside[:1].isupper()
    name = inside.istitle() or inside.isupper() or len(inside.split()) <= 3
    nameless = not any(char.isalpha() for char in inside)
    if nameless or not (named or (not sure and ended and name and "," not in inside)):
        return text, ""
    return before, tidy(inside)


def _labelled(text: str) -> tuple[str, str]:
    for pattern in (_LABELLED, _BY, _SIGN, _BARE, _DOCUMENT, _SLASHED):
        found = pattern.search(text)
        if found and len(found["name"].split()) <= 12:
            return text[: found.start()].rstrip(" |/;,–—-("), tidy(found["name"])
    return ("", tidy(text)) if _NAMES.fullmatch(text) else (text, "")
