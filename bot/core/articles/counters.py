"""What plug-ins count and time under articles (visits, comments, "updated at"): not news, and
another text at every poll.

line -> without sentences and parts that only count     headlines -> without `(12)` if all have one
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.model import Story
from bot.core.text import holds_any

_NUMBER = r"\d(?:[.,]?\d)*+(?:\s?(?:rb|ribu|jt|juta|mil|k|m)\b|(?=x\b)|\b)\+?"
_UNIT = (
    r"(?:kali|x|times?|orang|netizen|pembaca|pengunjung|views?|visits?|visitors?|hits?|reads?|tayangan|klik"
    r"|clicks?|komentar|comments?|shares?|likes?|suka|dibaca|dilihat|dibagikan|kunjungan|bacaan|tontonan"
    r"|veces|vez|lecturas?|vistas?|visitas?|comentarios?|compartidos?|fois|vues|lectures"
    r"|مشاهدة|مشاهدات|قراءة|قراءات|تعليق|تعليقات)(?:\(s\))?"
)
_SPAN = (
    r"(?:\s(?:(?:kali|hari|minggu|bulan) ini|today|total|so far|dibaca|dilihat"
    r"|sejak (?:dipasang|tayang|terbit|kemarin)))*"
)
_COUNTED = (
    r"(?:(?:telah|sudah|(?:berita|artikel|tulisan|konten) ini|this (?:post|article|page)|total"
    r"|jumlah|(?:has|have) been|was)\s)*+"
    r"(?:dibaca|dilihat|dikunjungi|diakses|ditonton|dibagikan|tayangan|komentar"
    r"|jumlah (?:pembaca|pengunjung|dibaca|tayangan|komentar)|pembaca|pengunjung"
    r"|(?:(?:post|page|total|number of|article|story|all time)\s)*(?:views?|visits?|hits?|reads?)"
    r"|viewed|visited|read|visitors?|comments?|shares?|likes?|bacaan|tontonan|tayang|baca(?=:)"
    r"|leído|visto|vistas|visitas|lecturas|comentarios|compartidos?|vues|lectures"
    r"|(?:عدد )?(?:ال)?(?:مشاهدات|قراءات|تعليقات)|👁️?)"
    rf"{_SPAN}\s*(?:[:：=]|sebanyak|oleh)?\s*{_NUMBER}(?:\s?{_UNIT})?{_SPAN}"
    rf"(?:\s*[,;/&]\s*{_NUMBER}\s?(?:{_UNIT})?{_SPAN})*"
    rf"|(?:(?:sudah|telah)\s)?(?:🔥\s?)?{_NUMBER}\s(?:orang|pembaca|people)"
    r"\s(?:(?:sedang|telah|sudah|are)\s)?(?:membaca|melihat|read(?:ing)?|viewed)(?:\s(?:berita|artikel)?\s?(?:ini|this))?"
    rf"|(?:suka|likes?|komentar|comments?|shares?|views?|dibaca|dilihat)\s?\({_NUMBER}\)"
    rf"|rating\s*[:：]?\s*{_NUMBER}\s*/\s*\d+(?:\s*\(\s*{_NUMBER}\s*\w{{0,12}}\))?"
    rf"|(?:stat(?:istik|s)\s?:\s?)?{_NUMBER}\s?{_UNIT}{_SPAN}(?:\s*[,;/&]\s*{_NUMBER}\s?(?:{_UNIT})?{_SPAN})*"
)
_TIME = (
    r"(?:\d(?:[:./-]?\d)*+|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|pukul|jam|at|on|pada|hari|tanggal|wib|wita|wit"
    r"|gmt|utc|[ap]\.?m\.?|jan\w*|feb\w*|mar\w*|apr\w*|ma[iy]|jun\w*|jul\w*|a[gu]\w*"
    r"|sep\w*|o[ck]t\w*|no[vp]\w*|de[sc]\w*)"
)
_AGO = (
    r"(?:baru saja|just now|(?:\d+|satu|an?|few|beberapa)\s(?:detik|menit|minit|jam|hari|minggu"
    r"|bulan|se?c(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|months?)\s(?:yang\s)?(?:lalu|ago)"
    r"|hace\s\d+\s(?:minutos?|horas?|días?|semanas?)|il y a \d+ (?:minutes?|heures?|jours?)"
    r"|vor \d+ (?:minuten?|stunden?|tage?n?)|منذ \d+ (?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام))"
)
_LENGTH = (
    r"(?:(?:waktu|lama) baca|masa membaca|(?:estimated )?reading time|tiempo de lectura)\s*[:：]?"
    r"\s*\d+\s?(?:menit|minit|min(?:ute|uto)?s?)"
    r"|\d+[\s-](?:menit|minit|min(?:ute|uto)?s?)\s(?:read|baca|bacaan|membaca|de lectura)"
)
"""Reading time."""
_TIMED = (
    r"(?:(?:terakhir|last|berita|artikel)\s)?(?:di-?perbaru?h?i|di-?update|di-?mutakhirkan"
    r"|updated?|pembaruan(?:\sterakhir)?|update terakhir|last modified)"
    rf"\s*[:：]?\s*(?:{_AGO}|(?=[^.!?\n]*\d){_TIME}(?:[\s,(|)-]+{_TIME})*\)?)|{_AGO}"
)
_IDLE = rf"(?:{_COUNTED}|{_TIMED}|{_LENGTH})"
_PART = re.compile(
    rf"(?P<before>^|[.!?…”\"]\s++|(?<!\s)\s*+(?:[|•·(\[]\s*+|(?<=\s)[-–—]\s++|(?<=\s)(?=[👁🔥])))(?=[\w👁🔥]){_IDLE}"
    r"(?P<after>\s*[)\]]\.?|\.(?=\s|$)|(?=\s*[|•·])|\s*$)",
    re.IGNORECASE,
)
_NUMBER_IN = re.compile(r"\d")
_AGO_WORDS = ("baru saja", "just now", "lalu", "ago")
"""What tells a time without a number."""
_HINT = re.compile(
    r"baca|dilihat|unjung|tayang|diakses|ditonton|dibagi|view|visit|hits?\b|reads?\b|perbaru"
    r"|updat|mutakhir|lalu\b|ago\b|now\b|saja\b|koment|comment|share|likes?\b|suka\b|klik"
    r"|click|modif|rating|tonton|veces|leíd|lectur|vist|visit|compart|hace\b|il y a|vor\b"
    r"|reading|منذ|مشاهد|قراء|تعليق|👁|🔥|vues",
)
_END = 100
"""A counter is looked for in so many characters at either end of a line."""
_LONG = 10_000
"""Characters: of a line more than twice as long, only so many at each end are examined."""
_NUMBERED = re.compile(r"^[(\[]\d{1,7}[)\]]\s++(?=\S)|(?<!\s)\s*+[(\[]\d{1,7}[)\]]$")
_OPEN, _CLOSED = ("(", "["), (")", "]")
_FEW = 3


def without_counters(line: str) -> str:
    """A line without the sentences and phrases at its ends that only count or say when it was
    changed; empty if nothing else is left."""
    if not _NUMBER_IN.search(line) and not holds_any(line.lower(), _AGO_WORDS):
        return line  # most lines; a fifth of the cost of the hints below
    ends = line if len(line) <= 2 * _END else f"{line[:_END]}\n{line[-_END:]}"
    if not _HINT.search(ends.lower()):
        return line
    if len(line) > 2 * _LONG:  # scanned as a whole, it would hold up everything else
        head, rest, tail = line[:_LONG], line[_LONG:-_LONG], line[-_LONG:]
        return f"{_without(head, str.lstrip)}{rest}{_without(tail, str.rstrip)}"
    return _without(line, str.strip)


def _without(line: str, strip: Callable[[str], str]) -> str:
    before = None
    while before != line:
        before = line
        line = strip(_PART.sub(_joined, line))
    return line


def without_number(text: str) -> str:
    """A headline or a lead without a number in parentheses at either end, as `(12)`, which may
    count comments or be the part of a series."""
    return _NUMBERED.sub("", text) if text[:1] in _OPEN or text[-1:] in _CLOSED else text


def without_shared_numbers(stories: Sequence[Story]) -> list[Story]:
    """Stories whose headlines (or leads) nearly all have a number in parentheses at an end: then it
    counts something. A single one is the part of a series."""
    told = list(stories)
    if _count([story.headline for story in told]):
        told = [replace(one, headline=without_number(one.headline) or one.headline) for one in told]
    if _count([story.lead for story in told]):
        told = [replace(one, lead=without_number(one.lead)) for one in told]
    return told


def _count(texts: Sequence[str]) -> bool:
    numbered = sum(without_number(text) != text for text in texts)
    return numbered >= _FEW and numbered * 3 >= len(texts) * 2


def _joined(found: re.Match[str]) -> str:
    """What remains in place of a counter: the end of the sentence before it."""
    before = found["before"]
    return before.rstrip() + " " if before[:1] in '.!?…”"' and before else " "
