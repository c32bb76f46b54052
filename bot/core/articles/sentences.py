"""Where sentences end, in the scripts of the world. Knows punctuation, not what a text is for.

A mark ends a sentence if white space and something that can begin a sentence follow, and the word
before it is not an abbreviation. In doubt it does not: a lead one sentence too long is better than
one that stops at `Mr.`.
"""

from __future__ import annotations

import re

from bot.core.articles.months import month

_CLOSERS = "\"'”’»›)]}」』】》〉）］＂"
_OPENERS = "\"'“‘„«‹([{¿¡「『【《〈（［—–-"
_HARD = "。！？｡．"
"""Marks that end a sentence without a space after them (Chinese, Japanese)."""
_HARD_MARKS = tuple(_HARD)
_SOFT = ".?!…؟۔।॥։።။៕៖⁇⁈⁉‼"
_END = re.compile(
    rf"[{re.escape(_SOFT)}{_HARD}](?:(?<=[{_HARD}])[{_HARD}]*+[{re.escape(_CLOSERS)}]*+\s*+"
    rf"|(?<=[{re.escape(_SOFT)}])(?<![{re.escape(_SOFT)}]{{2}})[{re.escape(_SOFT)}]*+"
    rf"[{re.escape(_CLOSERS)}]*+(?:\s++|$))"
)
"""Hard marks, or a whole run of soft ones. It begins with one set of characters, so that `re` skips
everything between the marks (six times as fast)."""
_MARKS = tuple(_SOFT + _HARD + "।:;")
_DOTS = re.compile(r"(?:\.\.\.|…)\s*[\])]?$|\[\s*(?:\.\.\.|…)\s*\]$")
_MAY_CUT = ("...", "…", ")", "]")
_BRACKETED = re.compile(r"\[\s*(?:\.\.\.|…)\s*\]$")
_WORD_BEFORE = re.compile(r"[^\s(\[{\"'“‘„«/-]+$")
_KNOWN = """
mr mrs ms mx dr drs dra prof rev fr sr sra jr st ste hon gen lt col maj capt cmdr sgt cpl adm
gov sen rep pres atty supt insp det pvt bro mme mlle m mgr me hr hra herr ing dipl mag
ir h hj kh tn ny nn sdr sdri yth bpk kol letkol mayjen brigjen irjen kombes akbp kompol iptu
ipda aiptu bripka brigadir serka alm almh s.h m.h s.e s.pd m.si m.pd s.ip s.sos ph.d
vs etc eg e.g ie i.e cf al ca c approx est dept univ assn inc ltd co corp bros plc llc gmbh ag
no nos nr num vol p pp pg pgs fig ed eds op cit ibid ext tel fax ph hp art sec par ch
dll dkk dsb dst dgn kpd yg tsb ttd jl jln kec kab kel ds rt rw gg km kg bhd sdn pt cv tbk
z.b d.h u.a usw bzw ggf evtl sog vgl str abs bd mio mrd tsd geb gest
av apr janv févr sept oct nov déc env p.ex ex cie
sig dott avv on pag ecc es ses sez núm pág avda ud uds d dña exc
г гг ул д стр руб коп тыс млн млрд т.е т.д т.п др пр проф акад им св обл р
вул просп пл буд грн тис обл смт ім р рр ст пр-т кв чл зокр напр ред
jan feb mar jun jul aug sep dec mon tue wed thu fri sat sun
u.s u.k u.n e.u d.c n.y l.a a.m p.m mt ft ave blvd rd mtn
"""
"""Abbreviations of titles, words, months and places in the languages of newsrooms."""
_ABBREVIATIONS = frozenset(_KNOWN.split())
_INITIAL = re.compile(r"^(?:[^\W\d_]\.)*[^\W\d_]$")
_TIGHT = re.compile(r"[.!?)\"”][A-Z]")
_GLUED = re.compile(
    r"(?<=[a-z][a-z][a-z][.!?])(?=[A-Z][a-z]+\s)"
    r"(?!(?i:com?|net|org|id|info|tv|in|io|news|web|biz|js)\b)"
    r"|(?<=[^\W\d_][.!?][\"”])(?=[A-Z][^\W\d_]*[\s,])"
    r"|(?<=\w\))(?=[A-Z][^\W\d_]+[\s,])"
)
_NUMBERED = re.compile(r"(?:^|\n)\d{1,3}$")


def unglued(text: str, gap: str = " ") -> str:
    """Separates sentences that a publishing system joined without a space when it removed the
    markup, as Blogger does in summaries: `indulgence.The scent`, `(AFP/BUDI)MEDAN - `."""
    return _GLUED.sub(gap, text) if _TIGHT.search(text) else text


def split(text: str) -> list[str]:
    """A paragraph split into sentences; `join` gives it back (none is added after a mark
    of Chinese or Japanese). The last one may have no end."""
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text):
        if _ends(text, mark):
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    rest = text[start:].strip()
    return [one for one in (*found, rest) if one]


def is_whole(sentence: str) -> bool:
    """Whether it ends like a sentence, and not with dots that mean "cut here"."""
    bare = sentence.rstrip(_CLOSERS + " ")
    return bare.endswith(_MARKS) and not is_cut(sentence)


def is_cut(text: str) -> bool:
    """Whether the text was cut off (`...`, `[…]`)."""
    end = text[-40:].rstrip()
    return end.endswith(_MAY_CUT) and bool(_DOTS.search(end))


def is_excerpt(text: str) -> bool:
    """Whether a text ends like an automatic excerpt: with dots in brackets."""
    return text.endswith("]") and bool(_BRACKETED.search(text[-12:]))


def join(sentences: list[str]) -> str:
    """Sentences as one text: no space after a mark that needs none."""
    if len(sentences) == 1:
        return sentences[0]
    out = ""
    for one in sentences:
        tight = out.endswith("\n") or out.rstrip(_CLOSERS).endswith(_HARD_MARKS)
        out = out + one if tight or not out else f"{out} {one}"
    return out


def _ends(text: str, mark: re.Match[str]) -> bool:
    if mark.group()[0] in _HARD:
        return True
    following = text[mark.end() : mark.end() + 3].lstrip(_OPENERS)
    if following and not _begins(following[0]):
        return False
    if mark.group().strip()[0] != "." or mark.group().startswith(".."):
        return True
    before = _WORD_BEFORE.search(text[max(0, mark.start() - 24) : mark.start()])
    word = before.group().casefold() if before else ""
    if not following:
        return True
    if word.isdigit() and len(word) <= 2 and _is_month(text[mark.end() : mark.end() + 15]):
        return False
    return not (
        word in _ABBREVIATIONS
        or _INITIAL.match(word)
        or _NUMBERED.search(text[max(0, mark.start() - 5) : mark.start()])
    )


def _is_month(following: str) -> bool:
    """`am 3. Mai`, `3. května`: an ordinal's full stop, which ends no sentence."""
    return bool(month(following.split(" ", maxsplit=1)[0].strip(".,")))


def _begins(char: str) -> bool:
    """Whether a sentence can begin with it: a capital, a digit, or a letter of a script without
    capitals."""
    return char.isdigit() or (char.isalpha() and not char.islower()) or not char.isalnum()
