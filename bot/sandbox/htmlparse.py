"""Telegram's HTML: markup -> text and entities, with Telegram's error texts and byte offsets.

Knows tags and character references only. Written after TDLib's parser (MessageEntity.cpp,
parse_html) and compared with it in the tests on tens of thousands of strings.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.sandbox import links
from bot.sandbox.entities import Entity, sort, utf16_length

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset({*_SIMPLE, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"})
_SPECIAL = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#[xX]([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]*))")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACES = re.compile(r"[ \t\r\n\v]*")
_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE = re.compile(r"[^ \t\r\n\v\0=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_ENDS = frozenset(" \t\r\n\v\0>")
_FORMAT = re.compile(r"[rR]\Z|[wWdDtT]*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


class MarkupError(ValueError):
    """What is wrong with the markup, as Telegram says it after "can't parse entities: "."""


class _Open(NamedTuple):
    tag: str
    argument: str
    format: str
    offset: int
    parts: int
    """How many parts of text there were before it."""


def parse(markup: str) -> tuple[str, list[Entity]]:
    """Text and sorted entities of Telegram's HTML, neither trimmed nor fixed.

    Raises MarkupError.
    """
    if not _SPECIAL.search(markup):
        return markup, []
    return _Parser(markup).run()


class _Parser:
    def __init__(self, markup: str) -> None:
        self._text = markup + "\0"
        self._size = len(markup)
        self._at = 0
        self._parts: list[str] = []
        self._offset = 0
        self._entities: list[Entity] = []
        self._stack: list[_Open] = []

    def run(self) -> tuple[str, list[Entity]]:
        while self._at < self._size:
            special = _SPECIAL.search(self._text, self._at, self._size)
            end = special.start() if special else self._size
            if end > self._at:
                self._put(self._text[self._at : end])
                self._at = end
            if special:
                self._special(special[0])
        if self._stack:
            tag = self._stack[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self._entities:
            if entity.type == "code":
                entity.argument = ""
        sort(self._entities)
        text = "".join(self._parts)
        if _SURROGATE.search(text):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return text, self._entities

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._offset += utf16_length(text)

    def _special(self, char: str) -> None:
        if char == "&":
            decoded, after = self._reference(self._at)
            self._put(decoded or "&")
            self._at = after if decoded else self._at + 1
        elif self._text[self._at + 1] == "/":
            self._end_tag()
        else:
            self._start_tag()

    def _reference(self, at: int) -> tuple[str, int]:
        """The character that a reference stands for ("" for none) and where it ends."""
        match = _REFERENCE.match(self._text, at)
        if match is None:
            return "", at
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            char = _NAMED.get(name, "")
        else:
            digits = hexadecimal if decimal is None else decimal
            if not digits or match.end() - at >= 10:
                return "", at
            code = int(digits, 16 if decimal is None else 10)
            char = chr(code) if 0 < code < 0x10FFFF else ""
        end = match.end()
        return char, end + (self._text[end] == ";")

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode("utf-8", "surrogatepass"))

    # --- start tags -------------------------------------------------------------------------------

    def _start_tag(self) -> None:
        begin = self._at
        name = _NAME.match(self._text, begin + 1)
        assert name is not None
        self._at = name.end()
        if self._text[self._at] == "\0":
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = links.lowered(name[0])
        if tag not in _TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument, form = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise MarkupError(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        self._at += 1
        self._stack.append(_Open(tag, argument, form, self._offset, len(self._parts)))

    def _attributes(self, tag: str, begin: int) -> tuple[str, str]:
        argument = form = ""
        while self._text[self._at] != ">":
            self._skip_spaces()
            if self._text[self._at] == ">":
                break
            name, value = self._attribute(tag, begin)
            if tag == "tg-time" and name == "format":
                form = value or ""
            else:
                found = _meaning(tag, name, value)
                argument = argument if found is None else found
        return argument, form

    def _attribute(self, tag: str, begin: int) -> tuple[str, str | None]:
        """One attribute, its value None when it has none."""
        match = _ATTRIBUTE.match(self._text, self._at)
        name = match[0] if match else ""
        self._at += len(name)
        if not name:
            raise MarkupError(
                f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
            )
        self._skip_spaces()
        char = self._text[self._at]
        if char == "=":
            self._at += 1
            self._skip_spaces()
            char = self._text[self._at]
        elif char != "\0":
            return name, None
        if char == "\0":
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        value = self._quoted(char) if char in "'\"" else self._token()
        if self._text[self._at] == "\0":
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        return name, value

    def _token(self) -> str:
        begin = self._at
        match = _TOKEN.match(self._text, begin)
        token = match[0] if match else ""
        self._at += len(token)
        if self._text[self._at] not in _ENDS:
            raise MarkupError(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return links.lowered(token)

    def _quoted(self, quote: str) -> str:
        self._at += 1
        parts: list[str] = []
        while (char := self._text[self._at]) not in (quote, "\0"):
            decoded, after = self._reference(self._at) if char == "&" else ("", 0)
            parts.append(decoded or char)
            self._at = after if decoded else self._at + 1
        if self._text[self._at] == quote:
            self._at += 1
        return "".join(parts)

    def _skip_spaces(self) -> None:
        match = _SPACES.match(self._text, self._at)
        self._at = match.end() if match else self._at

    # --- end tags ---------------------------------------------------------------------------------

    def _end_tag(self) -> None:
        begin = self._at
        if not self._stack:
            raise MarkupError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        match = _NAME.match(self._text, begin + 2)
        name = match[0] if match else ""
        self._at = begin + 2 + len(name)
        self._skip_spaces()
        if self._text[self._at] != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self._at += 1
        name = links.lowered(name)
        opened = self._stack[-1]
        if name and name != opened.tag:
            raise MarkupError(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{name}>"'
            )
        if self._offset > opened.offset:
            self._close(opened)
        self._stack.pop()

    def _close(self, opened: _Open) -> None:
        if kind := _SIMPLE.get(opened.tag):
            self._add(kind, opened)
        elif opened.tag == "blockquote":
            self._add("expandable_blockquote" if opened.argument else "blockquote", opened)
        elif opened.tag == "a":
            self._close_link(opened)
        elif opened.tag == "tg-emoji":
            self._add("custom_emoji", opened, str(_emoji_id(opened.argument)))
        elif opened.tag == "tg-time":
            self._close_time(opened)
        else:
            self._close_code(opened)

    def _add(self, kind: str, opened: _Open, argument: str = "", number: int = 0) -> None:
        length = self._offset - opened.offset
        self._entities.append(Entity(kind, opened.offset, length, argument, number))

    def _close_link(self, opened: _Open) -> None:
        url = opened.argument or "".join(self._parts[opened.parts :])
        if user := links.user_of(url):
            self._add("text_mention", opened, number=user)
            return
        try:
            self._add("text_link", opened, links.check(url))
        except links.LinkError:
            return  # a link with a bad address is plain text

    def _close_time(self, opened: _Open) -> None:
        if not _FORMAT.match(opened.format):
            raise MarkupError("Invalid date format used")
        if (moment := _unix_time(opened.argument)) > 0:
            self._add("date_time", opened, _date_format(opened.format), moment)

    def _close_code(self, opened: _Open) -> None:
        """`<pre><code class="language-x">` and the reverse are one entity with a language."""
        partner = "code" if opened.tag == "pre" else "pre"
        last = self._entities[-1] if self._entities else None
        same = (
            last is not None
            and last.type == partner
            and not (partner == "pre" and last.argument)
            and (last.offset, last.end) == (opened.offset, self._offset)
        )
        language = last.argument if last and opened.tag == "pre" else opened.argument
        if same and language and last is not None:
            last.type, last.argument = "pre", language
        else:
            self._add(opened.tag, opened, opened.argument)


def _meaning(tag: str, name: str, value: str | None) -> str | None:
    """What an attribute says to its tag; None when it says nothing."""
    if (tag, name) == ("blockquote", "expandable"):
        return "1"
    if value is None:
        return None
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "unix")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value[9:]
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value[3:]
    return None


def _emoji_id(argument: str) -> int:
    if re.match(r"-?[0-9]+\Z", argument, re.ASCII):
        number = int(argument)
        if number and -(1 << 63) <= number < 1 << 63:
            return number
    raise MarkupError("Invalid custom emoji identifier specified")


def _date_format(form: str) -> str:
    """The one spelling of a format: weekday, date, time; the short form wins over the long."""
    if form in {"r", "R"}:
        return "r"
    day = "d" if "d" in form else "D" if "D" in form else ""
    moment = "t" if "t" in form else "T" if "T" in form else ""
    return ("w" if "w" in form.lower() else "") + day + moment


def _unix_time(argument: str) -> int:
    """Leading digits as a signed 32-bit number, wrapped around as in Telegram's parser."""
    match = re.match(r"-?[0-9]+", argument)
    if match is None:
        return 0
    number = int(match[0]) & 0xFFFFFFFF
    return number - (1 << 32) if number >= 1 << 31 else number
