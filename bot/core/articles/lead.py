"""The first sentences of an article, as an editor would take them. Knows paragraphs, no markup.

paragraphs -> no noise, nothing that points elsewhere -> whole sentences, and quotations with their
speaker -> 300 to 600 characters
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.core.articles import sentences
from bot.core.articles.boilerplate import without_links, without_tail
from bot.core.text import cut, holds_any, one_spaced, open_quotation, same

LIMIT = 600
"""The longest lead, in characters."""
ENOUGH = 300
"""A lead that is as long as this takes no further sentence."""
_WORTH = 80
"""If the whole sentences are shorter than this, a cut-off one after them is kept."""
_MANY_TIMES = 3
_FIRST = 16
"""Characters within which most different texts differ."""
_POINTING = 14
"""The most words of a sentence that only points to what follows."""
_POINTS = re.compile(
    r"^(?:(?:berikut(?: ini)?(?: adalah)?\b(?!nya)|inilah\b|ini dia\b)"
    r"|here(?:'s|’s| is| are)\b.{0,60}\b(?:list|full|details?|photos?|pictures?|video|below)\b"
    r"|(?:a continuación|est[oae]s? (?:son|es)|así (?:son|es)|vea|conozca|voici|découvrez)\b.{0,60}"
    r"\b(?:detalles|listas?|fotos|v[ií]deos?|claves|datos|horarios|resultados|détails|listes?"
    r"|photos|liens?)\b.{0,30}$"
    r"|و?(?:فيما يلي|إليكم|إليك)\s.{0,60}$"
    r"|(?:(?:yuk|mari|ayo)[, ]+)?"
    r"(?:simak|lihat|cek|baca|tonton|saksikan|see|read|find|check)\b.{0,80}"
    r"\b(?:berikut(?: ini)?|di bawah(?: ini)?|di sini|di atas|selengkapnya"
    r"|(?:ulasan|rincian|daftar|penjelasan|informasi|jadwal|cara|video|foto)(?:nya)?"
    r"|below|full (?:story|list)|here)\b[^,]{0,30}$)",
    re.IGNORECASE,
)
"""`Berikut rinciannya`, `Simak ulasannya di bawah ini`: what they point to is not there."""
_PLACES = (
    r"(?:(?:di|pada|dalam|lewat|melalui)\s(?:galeri|tabel|video|artikel|halaman|laman|tautan|link|gambar"
    r"|grafik|infografi[sk]|daftar|foto|peta)\s(?:berikut(?:nya|\sini)?|selanjutnya|di\s(?:bawah|atas)(?:\sini)?)"
    r"|di\sbawah\sini|sebagai\sberikut)"
)
_POINTS_BEHIND = re.compile(
    rf"(?<![\w-]){_PLACES}(?:\sya)?$|^(?:klik|selengkapnya)\b.{{0,40}}\bdi\s?sini\b"
    r"|^(?:(?:yuk|mari|ayo)[, ]+)(?:kita\s)?(?:simak|lihat|baca|cek|ikuti)\b.{0,30}$"
    r"|^(?:ikuti|simak)\s\w+nya\s(?:(?:sampai|hingga)\s(?:akhir|selesai|tuntas)|di\ssini)$"
    r"|^scroll down\b.{0,40}$",
    re.IGNORECASE,
)
"""`Peta lokasinya ada di bawah ini`: the same at its end, or as a whole."""
_IN_POINTERS = (
    "berikut", "bawah", "di atas", "selanjutnya", "sini", "simak", "yuk", "mari", "ayo", "ikuti",
    "scroll",
)  # fmt: skip
_ANNOUNCES = re.compile(
    r"^(?:adapun|di bawah ini|berikut|rincian|daftar|jadwal|here(?:['’]s| are| is)|these are"
    r"|below)\b",
    re.IGNORECASE,
)
"""Followed by a colon: what comes next in the article is not a sentence."""
_ASKS = 6
"""The most words of a question that the text pointed to would answer."""
_POINTER = re.compile(
    r",\s*(?:(?:yuk|mari|ayo)\s+)?(?:berikut|simak|lihat|cek|baca)\s+(?:[\w-]+\s+){0,4}"
    r"(?:[\w-]+nya|ini|berikut|lengkap)\s*(?=[.:!]$)",
    re.IGNORECASE,
)
"""The same at the end of a sentence."""
_QUOTATION = re.compile(r"^[\"“„«»「『].*[\"”“«»」』]$", re.DOTALL)
_PUT = " \t\"'“”‘’()[]"


def of(paragraphs: Sequence[str], *, limit: int = LIMIT, enough: int = ENOUGH) -> str:
    """The lead: whole sentences, at most `limit` characters, none after `enough`.

    A text that was cut off loses its broken last sentence when enough stands before it; a sentence
    that is longer than the limit is cut after a word and says so with an ellipsis. A quotation is
    taken whole, with its speaker, or not at all.
    """
    taken: list[str] = []
    length = 0
    for unit in _units(paragraphs, limit):
        told = sum(map(len, unit)) + len(unit) - 1
        if length >= enough or (taken and length + 1 + told > limit):
            break
        taken += unit
        length = len(sentences.join(taken))
        if sentences.is_excerpt(unit[-1].rstrip()):
            break  # what follows is about the page
    return _finished(taken, limit)


def telling(paragraphs: Sequence[str], headline: str = "") -> list[str]:
    """The paragraphs that a lead can be made of: each once, without repetitions of the headline
    and, if anything else is left, without lone titles, names and labels."""
    title = same(headline)
    once = [one for one in dict.fromkeys(paragraphs) if not _repeats(one, headline, title)]
    whole = {one for one in once if sentences.is_whole(one)}
    if all(len(one) < _WORTH // 2 for one in whole):
        return once
    return [one for one in once if len(one) >= _WORTH or one in whole]


def is_footer(text: str, headline: str, names: Sequence[str]) -> bool:
    """Whether a last paragraph says where the article appeared, as WordPress does in every language
    (`Het bericht TITLE verscheen eerst op PAPER.`): it holds both and little else."""
    told, title = same(text), same(headline)
    if len(title) < 4 or title not in told:
        return False
    rest = told.replace(title, "", 1)
    own = (name for name in map(same, names) if name and name in rest)
    return any(len(rest) - len(name) < 50 for name in own)


def _repeats(paragraph: str, headline: str, title: str) -> bool:
    """Whether it only repeats the headline, or the headline and the publisher."""
    if len(paragraph) > _MANY_TIMES * len(headline) + _WORTH:
        begin = same(paragraph[:_FIRST])
        if not (begin.startswith(title) or title.startswith(begin)) or not (
            same(paragraph[: 2 * len(headline) + _WORTH]).startswith(title)
        ):
            return False  # most paragraphs: long, and of other words from the first on
    text = same(paragraph)
    further = len(paragraph.split()) - len(headline.split())
    rest = text.removeprefix(title)
    twice = rest != "" and rest[: len(rest) // 2] * 2 == rest  # `Headline - CNN CNN`, Google News
    begins = text.startswith(title)
    published = begins and ((len(title) >= 20 and further <= 3) or (twice and further <= 10))
    inside = len(text) >= 15 and title.endswith(text)
    return not text or text == title or published or inside


def _units(paragraphs: Sequence[str], limit: int) -> Iterator[list[str]]:
    """Units that are taken whole: sentences, or a quotation's sentences with the one that names the
    speaker. A quotation that is never closed or too long ends the lead, unless the lead begins with
    it."""
    waiting: list[str] = []
    first = True
    for sentence in _sentences(paragraphs, limit):
        waiting.append(sentence)
        whole = sentences.join(waiting)
        unfinished = open_quotation(whole) >= 0 or bool(_QUOTATION.match(whole.strip()))
        if unfinished and len(whole) <= limit:
            continue
        if first and len(whole) > limit:
            yield from ([one] for one in waiting)
        elif unfinished:
            return
        else:
            yield waiting
        waiting, first = [], False
    if first:
        yield from ([one] for one in waiting)


def _sentences(paragraphs: Sequence[str], limit: int) -> Iterator[str]:
    """The sentences of all paragraphs, without those that point to something outside the lead; a
    line without a full stop stays a line of its own."""
    before = pointer = ""
    told_any = False
    for paragraph in paragraphs:
        text = without_links(without_tail(sentences.unglued(paragraph[: 8 * limit])))
        text = one_spaced(text)
        for sentence in sentences.split(text):
            whole = _without_pointer(sentence)
            told = _POINTER.sub("", whole)
            if _points(told) or (told != whole and _points(whole)):
                pointer = pointer or told
                if before.rstrip().endswith("?") and len(before.split()) <= _ASKS:
                    before = ""
                continue
            if before:
                yield before
            before, told_any = told, True
        if before and not sentences.is_whole(before):
            before += "\n"
    if before or (pointer and not told_any and not pointer.endswith(":")):
        yield (before or pointer).rstrip("\n")


def _without_pointer(sentence: str) -> str:
    """A sentence without its announcement: `Berikut rinciannya: tiga orang tewas.`"""
    head, colon, rest = sentence.partition(": ")
    if not colon or not rest.strip() or not _points(head):
        return sentence
    return rest[:1].upper() + rest[1:]


def _points(sentence: str) -> bool:
    bare = sentence.strip(_PUT).rstrip(".:!…")
    if len(bare.split()) > _POINTING:
        return False
    if sentence.endswith(":") and _ANNOUNCES.match(bare):
        return True
    if _POINTS.match(bare):
        return True
    return holds_any(bare.lower(), _IN_POINTERS) and bool(_POINTS_BEHIND.search(bare))


def _finished(taken: list[str], limit: int) -> str:
    while len(taken) > 1 and taken[-1].rstrip().endswith((":", "：")):
        taken = taken[:-1]  # what it announces is not taken
    if len(taken) > 1 and not taken[-2].endswith("\n") and not sentences.is_whole(taken[-1]):
        whole = sentences.join(taken[:-1])
        if len(whole) >= _WORTH and _broken(taken[-1]):
            return cut(whole, limit)
    text = sentences.join(taken).strip()
    if sentences.is_cut(text):
        text = re.sub(r"\s*[\[(]?\s*(?:\.\.\.|…)\s*[\])]?$", "", text).rstrip(" ,;:-–—") + "…"
    return cut(text, limit)


def _broken(sentence: str) -> bool:
    """Whether a last sentence was cut off: it ends in dots, or has no final mark in a script that
    uses them."""
    return sentences.is_cut(sentence) or (
        bool(sentence) and not sentences.is_whole(sentence) and sentence[-1].isalnum()
    )
