"""What Telegram finds in plain text by itself: addresses, names, tags, commands. Knows no markup.

A close imitation of TDLib's finders, not a copy: bare domains count only under the endings listed
here, card numbers and media time stamps are not looked for.
"""

from __future__ import annotations

import re

from bot.sandbox.entities import Entity, utf16_length

_ANY = re.compile(r"[@#$/.]")
_COMMAND = re.compile(
    r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])", re.ASCII
)
_MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9_]{2,32})(?![\w@])")
_HASHTAG = re.compile(r"(?<![\w#@$·])#(?=\d*[^\W\d])\w{1,256}(?:@[A-Za-z0-9_]{3,32})?(?![\w#])")
_CASHTAG = re.compile(r"(?<![\w$])\$(?:[A-Z]{1,8}|1INCH)(?![\w$])")
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,63}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,12}\b")
_TG = re.compile(r"(?<![A-Za-z])(?:tg|ton|tonsite)://[A-Za-z0-9_.?=&/%+-]{1,255}", re.IGNORECASE)
_URL = re.compile(
    r"(?<![\w@./-])(?:(?P<scheme>(?:https?|ftp)://)(?:[^\s/?#@<>\"]+@)?)?"
    r"(?P<host>(?:[\w-]{1,63}\.)+(?P<tld>[^\W_]{2,63}|xn--[a-z0-9]+)|\d{1,3}(?:\.\d{1,3}){3})"
    r"(?::\d{1,5})?(?P<path>[/?#][^\s<>\"«»“”]*)?(?![\w@])",
    re.IGNORECASE,
)
_TOP_LEVEL = """
    com org net info biz id my sg in uk us au de fr nl jp cn ru br eu io co me tv news edu
    gov mil int app dev blog site online xyz page link media press name pro museum asia test
"""
_ENDINGS = frozenset(_TOP_LEVEL.split())
_SHORT_NAMES = frozenset({"gif", "vid", "pic"})


def find(text: str, commands: bool) -> list[Entity]:
    """The entities that a text has by itself, in order, none overlapping."""
    if not _ANY.search(text):
        return []
    spans = [
        *((match.start(), match.end(), "email") for match in _EMAIL.finditer(text)),
        *((match.start(), match.end(), "url") for match in _TG.finditer(text)),
        *_urls(text),
        *_names(text),
        *((match.start(), match.end(), "hashtag") for match in _HASHTAG.finditer(text)),
        *((match.start(), match.end(), "cashtag") for match in _CASHTAG.finditer(text)),
    ]
    if commands:
        spans += [(match.start(), match.end(), "bot_command") for match in _COMMAND.finditer(text)]
    return _entities(text, sorted(spans))


def _urls(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _URL.finditer(text):
        ending = (match["tld"] or "").lower()
        if match["scheme"] or not ending or ending in _ENDINGS or ending.startswith("xn--"):
            found.append((match.start(), match.end() - _loose_end(match["path"] or ""), "url"))
    return found


def _loose_end(path: str) -> int:
    """How many characters at the end of a path belong to the sentence around it."""
    size = len(path)
    depth = {")": 0, "]": 0, "}": 0}
    partner = {"(": ")", "[": "]", "{": "}"}
    for position, char in enumerate(path):
        if char in partner:
            depth[partner[char]] += 1
        elif char in depth:
            depth[char] -= 1
            if depth[char] < 0:
                size = position
                break
    return len(path) - len(path[:size].rstrip(".:;,('?!`"))


def _names(text: str) -> list[tuple[int, int, str]]:
    return [
        (match.start(), match.end(), "mention")
        for match in _MENTION.finditer(text)
        if len(match[1]) >= 4 or match[1].lower() in _SHORT_NAMES
    ]


def _entities(text: str, spans: list[tuple[int, int, str]]) -> list[Entity]:
    entities = []
    last = offset = 0
    for begin, end, kind in spans:
        if begin < last:
            continue
        offset += utf16_length(text[last:begin])
        length = utf16_length(text[begin:end])
        entities.append(Entity(kind, offset, length))
        offset += length
        last = end
    return entities
