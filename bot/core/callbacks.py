"""What a pressed button sends: at most 64 bytes, never a reader's words. Knows the format, not the
meaning.

    kind ":" number in base 36 ... ":" word          c:2a    d:1fe:2:7:approve    s:1:negosiasi

Every payload of the program is declared here, so that no two of them can look alike. A payload is
untrusted: whoever can press a button can send any other payload in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LIMIT = 64
"""Bytes that Telegram carries."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_HIGHEST = 2**63 - 1


class PressKind(StrEnum):
    """The first part of a payload, and what follows it."""

    OPEN = "a"  # article
    COMMENT = "c"  # article: ask for a comment on it
    READ = "r"  # article, page, order (new, best; open: in a new message): its published comments
    WHICH = "w"  # comment, article (0 = a letter to the editors): what a free text is about
    COMPLAIN = "cp"  # comment, article, what (kind, back; reply, correction; with ! it is filed)
    TERMS = "te"  # comment, version of the rules that are accepted
    LIKE = "k"  # comment, page, order
    REPORT = "f"  # comment, page, order
    WHOLE = "v"  # comment, page, order: a long comment in full
    MEDIA = "u"  # comment: its pictures and recordings
    MINE = "y"  # page: what became of my comments
    WITHDRAW = "x"  # comment, asked (0 = from its confirmation, 1 = from the list)
    PAGE = "pg"  # article, page of its text (open: in a new message)
    SIGN = "n"  # comment, how (name, alias, anonymous)
    FORGET = "z"  # forget me, asked once (no: cancelled)
    DECIDE = "d"  # comment, revision, version, what (a `Decision`, a reason or undo)
    MENU = "m"  # comment, revision, version, which (main, reject, ban, more)
    CARD = "o"  # comment, what (answer, note, history, reader, close, reopen, mute1 ...)
    SAVED = "sr"  # comment, name of a saved reply
    UNDO = "un"  # number of a decision that is not about a comment: it is taken back
    ANSWER = "e"  # answer, what (cancel, publish)
    ANNOUNCE = "j"  # number of the pending announcement, what (send, cancel)
    QUEUE = "q"  # place, what: a moderator's review
    SEARCH = "s"  # page, the words as typed
    SEARCH_KEPT = "h"  # page, number of a kept query: words too long for a button
    SUBSCRIBE = "b"  # what (only: and topics)
    TOPIC = "t"  # chat (0 = here), forum topic, topic, page, what (a `topic_pages.Wish`)
    INSTEAD = "in"  # topic, topic: the second in place of the first
    CHANNEL = "ch"  # chat, what (all, none, a language)
    LANGUAGE = "g"  # code
    CORRECTIONS = "co"  # page
    DIGEST = "di"  # page of the digest under which it stands
    FOLLOW = "fo"  # chat (0 = here), forum topic, number of an alert: remove it
    EDIT = "ed"  # article, version of its editorial state, what
    SETTING = "p"  # chat (0 = here), forum topic, page and what to set there (limit=10)


_NUMBERS = {
    PressKind.OPEN: 1,
    PressKind.COMMENT: 1,
    PressKind.READ: 2,
    PressKind.WHICH: 2,
    PressKind.COMPLAIN: 2,
    PressKind.TERMS: 1,
    PressKind.LIKE: 2,
    PressKind.REPORT: 2,
    PressKind.WHOLE: 2,
    PressKind.MEDIA: 1,
    PressKind.MINE: 1,
    PressKind.WITHDRAW: 2,
    PressKind.PAGE: 2,
    PressKind.SIGN: 1,
    PressKind.FORGET: 0,
    PressKind.DECIDE: 3,
    PressKind.MENU: 3,
    PressKind.CARD: 1,
    PressKind.SAVED: 1,
    PressKind.UNDO: 1,
    PressKind.ANSWER: 1,
    PressKind.ANNOUNCE: 1,
    PressKind.QUEUE: 1,
    PressKind.SEARCH: 1,
    PressKind.SEARCH_KEPT: 2,
    PressKind.SUBSCRIBE: 0,
    PressKind.TOPIC: 4,
    PressKind.INSTEAD: 2,
    PressKind.CHANNEL: 1,
    PressKind.LANGUAGE: 0,
    PressKind.CORRECTIONS: 1,
    PressKind.DIGEST: 1,
    PressKind.FOLLOW: 3,
    PressKind.EDIT: 2,
    PressKind.SETTING: 2,
}


@dataclass(frozen=True, slots=True)
class Press:
    """A decoded payload: as many numbers as its kind has, and the word after them."""

    kind: PressKind
    numbers: tuple[int, ...] = ()
    word: str = ""


def _base36(number: int) -> str:
    if not 0 <= number <= _HIGHEST:
        raise ValueError("numbers of payloads are our own: 0 to 2**63 - 1")
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text


def _number(text: str) -> int:
    if not text or text.strip(_DIGITS):
        raise ValueError("no number")
    return int(text, 36)


def encode(press: Press) -> str:
    """The payload as text. Raises ValueError if it is too long (`fits` tells beforehand)."""
    if len(press.numbers) != _NUMBERS[press.kind]:
        raise ValueError(f"{press.kind.name} has {_NUMBERS[press.kind]} numbers")
    data = ":".join([press.kind, *map(_base36, press.numbers), press.word])
    data = data.removesuffix(":") if not press.word else data
    if len(data.encode()) > LIMIT:
        raise ValueError(f"{press.kind.name}: more than {LIMIT} bytes")
    return data


def fits(press: Press) -> bool:
    """Whether a payload is short enough for a button."""
    try:
        encode(press)
    except ValueError:
        return False
    return True


def decode(data: str) -> Press | None:
    """The payload in a text; None for anything that `encode` does not produce."""
    name, _, rest = data.partition(":")
    try:
        kind = PressKind(name)
        count = _NUMBERS[kind]
        parts = rest.split(":", count) if rest else []
        press = Press(kind, tuple(map(_number, parts[:count])), ":".join(parts[count:]))
        return press if encode(press) == data else None
    except ValueError:
        return None


def pattern(kind: PressKind) -> str:
    """A regular expression that matches payloads of a kind, for the table of handlers."""
    return rf"^{kind}(:|$)"


SUBSCRIBE = encode(Press(PressKind.SUBSCRIBE))
LANGUAGES = encode(Press(PressKind.LANGUAGE))
"""Opens the choice of languages."""


def language(code: str) -> str:
    """A button that sets the language of a chat."""
    return encode(Press(PressKind.LANGUAGE, word=code))


def chosen_language(data: str) -> str | None:
    """The code that `language` carries; None for anything else, also for `LANGUAGES`."""
    press = decode(data)
    return (press.word or None) if press and press.kind is PressKind.LANGUAGE else None


def opened_article(data: str) -> int | None:
    """The article that `open_article` carries."""
    press = decode(data)
    return press.numbers[0] if press and press.kind is PressKind.OPEN else None


def comment_on(article_id: int) -> str:
    """The 💬 button under a post in a private chat."""
    return encode(Press(PressKind.COMMENT, (article_id,)))


def open_article(article_id: int) -> str:
    """A button that shows an article in full."""
    return encode(Press(PressKind.OPEN, (article_id,)))


def read_here(article_id: int, page: int = 1, how: str = "open") -> str:
    """A page (from 1) of an article's text; `open` shows it in a new message."""
    return encode(Press(PressKind.PAGE, (article_id, page), how))


def read_comments(article_id: int, page: int = 1, order: str = "open") -> str:
    """A page (from 1) of an article's published comments, in the order new or best; `open` shows
    the newest in a message of their own."""
    return encode(Press(PressKind.READ, (article_id, page), order))
