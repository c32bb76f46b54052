"""What is accepted, held or refused before a human sees it: ordered pure rules. Knows facts, no
tables.

Each rule is a function of `Facts` with a name of its own; it returns nothing, `hold` (a human has
to decide, and sees why) or `refuse` (the reader is told at once what to do). The first refusal ends
the evaluation. Hard rules check only the reader's own words, never quoted ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlsplit

from bot.core.comments import language_guess
from bot.core.comments.language_guess import CommonWords
from bot.core.comments.parts import LENGTH_LIMIT

FLOOD_SECONDS = 600
_FLOOD = 5
_NEW_UNTIL = 3
_ALIKE, _ALIKE_WORDS = 0.8, 5
_CARRIED = frozenset(
    {"photo", "voice", "video", "audio", "document", "animation", "video_note", "sticker"}
)


class Ruling(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What a rule says. `detail` is data (a number, an address), never a sentence."""

    rule: str
    ruling: Ruling
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A blocked word or phrase; `hard`: it refuses the comment, else it holds it."""

    word: str
    hard: bool = False
    language: str = ""
    """Not searched for in texts that are clearly in another language; empty: searched for in
    all."""


@dataclass(frozen=True)
class CommentFacts:
    """All that the rules take into account."""

    text: str
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses behind words."""
    closed: bool = False
    banned: bool = False
    muted_until: int = 0
    approved: int = 0
    rejected: int = 0
    recent: int = 0
    """Comments of this reader in the last ten minutes, before this one."""
    blocked: tuple[Blocked, ...] = ()
    common_words: CommonWords = field(default_factory=dict)
    others: tuple[tuple[int, str], ...] = ()
    """Numbers and keys (see `key_of`) of what readers wrote lately."""
    own_hosts: frozenset[str] = frozenset()
    """The newsroom's own addresses: links to them are welcome."""
    now: int = 0

    @cached_property
    def key(self) -> str:
        return key_of(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words as written, without case."""
        return frozenset(_PLAIN.findall(self.text.casefold()))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of all rules: what became of a comment, and why."""

    ruling: Ruling
    findings: tuple[RuleFinding, ...] = ()

    @property
    def refusal(self) -> RuleFinding | None:
        last = self.findings[-1] if self.findings else None
        return last if last and last.ruling is Ruling.REFUSE else None


Rule = Callable[[CommentFacts], RuleFinding | None]


def judge(facts: CommentFacts) -> Judgement:
    """Runs the rules in order up to the first refusal."""
    findings = []
    for name, rule in RULES.items():
        finding = rule(facts)
        if finding is None:
            continue
        findings.append(RuleFinding(name, finding.ruling, finding.detail))
        if finding.ruling is Ruling.REFUSE:
            return Judgement(Ruling.REFUSE, tuple(findings))
    return Judgement(Ruling.HOLD if findings else Ruling.PASS, tuple(findings))


def may_publish(facts: CommentFacts, judgement: Judgement, *, trusted_after: int) -> bool:
    """Whether a trusted reader's comment is published before a moderator sees it (0: never).

    Trust is earned by comments that a human approved, and lost at one rejection in twenty.
    """
    return (
        trusted_after > 0
        and judgement.ruling is Ruling.PASS
        and facts.approved >= trusted_after
        and facts.rejected * 20 < facts.approved
    )


# --- words ----------------------------------------------------------------------------------------

_LOOK_ALIKE = str.maketrans(
    {
        theirs: ours
        for ours, chars in {
            "a": "аα@4", "b": "вβ8", "c": "сϲ", "d": "ԁ", "e": "еε3", "g": "ɡ", "h": "нһ",
            "i": "іιı1!", "j": "ј", "k": "кκ", "l": "ӏ|", "m": "м", "n": "ηո", "o": "оοօ0",
            "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ$5", "t": "тτ7", "u": "υս", "v": "ν",
            "w": "ԝω", "x": "хχ", "y": "у",
        }.items()
        for theirs in chars
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_](?:[^\W_]|[@$!|](?=[^\W_]))*|[@$](?:[^\W_]|[@$!|](?=[^\W_]))+")
_PLAIN = re.compile(r"[^\W\d_]+")
_THRICE = re.compile(r"(\w)\1{2,}")


def key_of(text: str) -> str:
    """The words of a text without case, accents, invisible characters and look-alikes.

    For comparing only: both sides of a comparison go through it.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if not _invisible(char))
    return " ".join(_join_spelled(_WORD.findall(plain)))


def _plain_word(word: str) -> str:
    return word if word.isdigit() else _THRICE.sub(r"\1", word.translate(_LOOK_ALIKE))


def _invisible(char: str) -> bool:
    """Accents of Latin, Greek and Cyrillic, and format characters such as zero-width spaces."""
    return "\u0300" <= char <= "\u036f" or unicodedata.category(char) == "Cf"


def _join_spelled(words: list[str]) -> list[str]:
    """`s p a m` is a word too: runs of three or more single letters are joined."""
    found: list[str] = []
    run: list[str] = []
    for word in [*map(_plain_word, words), ""]:
        if len(word) == 1:
            run.append(word)
            continue
        found += ["".join(run)] if len(run) > 2 else run
        run = []
        found.append(word)
    return found[:-1]


def as_blocked(text: str, languages: Iterable[str]) -> Blocked:
    """A blocked word as moderators type it: `word`, `! word` (refuses), `id: word` (in one
    language), or both."""
    hard, language, rest = False, "", text.strip()
    while True:
        code, colon, after = rest.partition(":")
        if rest.startswith("!"):
            hard, rest = True, rest[1:].strip()
        elif colon and not language and code.strip().lower() in set(languages):
            language, rest = code.strip().lower(), after.strip()
        else:
            return Blocked(rest, hard, language)


def contains(key: str, phrase: str) -> bool:
    """Whether a text has the words of a phrase, whole and in this order (both are keys)."""
    return bool(phrase) and f" {phrase} " in f" {key} "


def alike(one: str, other: str) -> bool:
    """Whether two texts (keys) say nearly the same; short ones ("I agree!") never count."""
    mine, theirs = one.split(), other.split()
    if min(len(mine), len(theirs)) < _ALIKE_WORDS:
        return False
    if max(len(mine), len(theirs)) > 1.5 * min(len(mine), len(theirs)):
        return False
    first, second = set(mine), set(theirs)
    return len(first & second) >= _ALIKE * len(first | second)


_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+"
    r"|(?<![\w.@-])(?:[a-z0-9-]++\.)+(?:com|net|org|id|info|biz|xyz|top|site|online|shop|me|ru|io|co"
    r"|tv|link|club|app|dev)\b(?:/\S*)?",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"(?:t\.me|telegram\.me|telegram\.dog|wa\.me|chat\.whatsapp\.com|discord\.gg)/\S+"
    r"|tg://\S+|(?<![\w.])@[a-z][a-z0-9_]{3,31}\b",
    re.IGNORECASE,
)


def links_in(text: str) -> list[str]:
    """Web addresses in a text, also those without http."""
    return [match.group().rstrip(".,;:!?)") for match in _LINK.finditer(text)]


def _host(link: str) -> str:
    """The host of an address; empty for anything malformed."""
    if "\\" in link:
        return ""
    try:
        host = urlsplit(link if "://" in link else f"https://{link}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


# --- the rules, in order --------------------------------------------------------------------------


def _closed(facts: CommentFacts) -> RuleFinding | None:
    return RuleFinding("", Ruling.REFUSE) if facts.closed else None


def _banned(facts: CommentFacts) -> RuleFinding | None:
    return RuleFinding("", Ruling.REFUSE) if facts.banned else None


def _muted(facts: CommentFacts) -> RuleFinding | None:
    if facts.muted_until <= facts.now:
        return None
    return RuleFinding("", Ruling.REFUSE, str(facts.muted_until))


def _flood(facts: CommentFacts) -> RuleFinding | None:
    return RuleFinding("", Ruling.REFUSE, str(_FLOOD)) if facts.recent >= _FLOOD else None


def _length(facts: CommentFacts) -> RuleFinding | None:
    over = len(facts.text) - LENGTH_LIMIT
    return RuleFinding("", Ruling.REFUSE, str(over)) if over > 0 else None


def _empty(facts: CommentFacts) -> RuleFinding | None:
    return None if facts.text.strip() or facts.media else RuleFinding("", Ruling.REFUSE)


def _media(facts: CommentFacts) -> RuleFinding | None:
    strange = sorted(set(facts.media) - _CARRIED)
    return RuleFinding("", Ruling.HOLD, ", ".join(strange)) if strange else None


def _words(facts: CommentFacts) -> RuleFinding | None:
    hits = [
        one
        for one in facts.blocked
        if contains(facts.key, key_of(one.word))
        and not language_guess.elsewhere(facts.words, one.language, facts.common_words)
    ]
    if not hits:
        return None
    ruling = Ruling.REFUSE if any(one.hard for one in hits) else Ruling.HOLD
    return RuleFinding("", ruling, ", ".join(_once(one.word for one in hits)))


def _links(facts: CommentFacts) -> RuleFinding | None:
    strange = [
        link
        for link in _once([*links_in(facts.text), *facts.links])
        if not any(_within(_host(link), host) for host in facts.own_hosts)
    ]
    return RuleFinding("", Ruling.HOLD, " ".join(strange)[:300]) if strange else None


def _invitations(facts: CommentFacts) -> RuleFinding | None:
    found = _once(
        match.group() for text in (facts.text, *facts.links) for match in _INVITATION.finditer(text)
    )
    return RuleFinding("", Ruling.HOLD, " ".join(found)[:300]) if found else None


def _duplicate(facts: CommentFacts) -> RuleFinding | None:
    same = [number for number, key in facts.others if alike(facts.key, key)]
    return RuleFinding("", Ruling.HOLD, " ".join(map(str, sorted(same)))) if same else None


def _new_reader(facts: CommentFacts) -> RuleFinding | None:
    known = facts.approved >= _NEW_UNTIL
    return None if known else RuleFinding("", Ruling.HOLD, str(facts.approved))


def _within(host: str, own: str) -> bool:
    return host == own or host.endswith("." + own)


def _once(found: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(found))


RULES: dict[str, Rule] = {
    "closed": _closed,
    "banned": _banned,
    "muted": _muted,
    "flood": _flood,
    "empty": _empty,
    "length": _length,
    "media": _media,
    "words": _words,
    "links": _links,
    "invitations": _invitations,
    "duplicate": _duplicate,
    "new": _new_reader,
}
"""By name, in the order of evaluation."""
