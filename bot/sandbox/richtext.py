"""Rich messages (Bot API 10.1): their HTML -> blocks as `RichMessage` tells them. Knows no chat.

<h1> ... <h6> <p> <footer> <hr/> <pre>      one block each; loose words are a paragraph
<ul> <ol> <blockquote> <details>            hold blocks
<img src>                                   a picture: a block of its own, never inside a text
<b> <i> <u> <s> <a> <code> <mark> ...       inside texts

Tables, maps, slideshows, music and formulas are not played. What Telegram's own parser says of
broken markup is not public: only the refusal itself is imitated, the sentences are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from bot.sandbox import links
from bot.sandbox.errors import Unsupported, bad_request

TEXT_MOST, BLOCKS_MOST, DEPTH_MOST, MEDIA_MOST = 32768, 500, 16, 50

_TEXTS = {
    "p": "paragraph",
    "footer": "footer",
    "pre": "pre",
    "summary": "",
    "cite": "",
    **{f"h{size}": "heading" for size in range(1, 7)},
}
_HOLDERS = {"ul": "list", "ol": "list", "li": "", "blockquote": "blockquote", "details": "details"}
_INLINE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "mark": "marked",
    "sub": "subscript",
    "sup": "superscript",
    "a": "url",
}
_VOID = {"hr", "br", "img"}
_NOT_PLAYED = {"table", "figure", "video", "audio", "aside", "tg-map", "tg-slideshow"}
_NOT_PLAYED |= {"tg-collage", "tg-math", "tg-math-block", "tg-time", "tg-emoji", "tg-button"}


@dataclass(slots=True)
class RichContent:
    """The blocks of a message, and those of its pictures that still name an address."""

    blocks: list[dict[str, Any]]
    pictures: list[dict[str, Any]] = field(default_factory=list)


def read(markup: str) -> RichContent:
    """Raises ApiError."""
    parser = _Parser()
    parser.feed(markup)
    parser.close()
    content = parser.done()
    if not content.blocks:
        raise bad_request("rich message must be non-empty")
    if len(plain(content.blocks)) > TEXT_MOST:
        raise bad_request("message is too long")
    if parser.count > BLOCKS_MOST or len(content.pictures) > MEDIA_MOST:
        raise bad_request("too many blocks in the rich message")
    return content


def plain(value: Any) -> str:
    """The words of blocks (a blank line between them) or of a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        blocks = bool(value) and isinstance(value[0], dict) and _is_block(value[0])
        return ("\n\n" if blocks else "").join(filter(None, map(plain, value)))
    parts = [value.get(name) for name in ("summary", "text", "blocks", "items")]
    return "\n".join(filter(None, (plain(one) for one in parts if one)))


def _is_block(value: dict[str, Any]) -> bool:
    kinds = {*_TEXTS.values(), *_HOLDERS.values(), "divider", "photo"} - {""}
    return value.get("type") in kinds or "label" in value


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    parts: list[Any] = field(default_factory=list)
    """The text so far; between blocks: loose words."""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    summary: Any = ""

    @property
    def holds_blocks(self) -> bool:
        return self.tag in _HOLDERS or not self.tag

    def text(self) -> Any:
        """The text as RichText: a string, one part, or an array of parts."""
        parts = self.parts
        if all(isinstance(one, str) for one in parts):
            return "".join(parts)
        return parts[0] if len(parts) == 1 else list(parts)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.count = 0
        self._stack = [_Open("", {})]
        self._pictures: list[dict[str, Any]] = []

    def done(self) -> RichContent:
        if len(self._stack) > 1:
            raise _broken(f'no end tag for "{self._stack[-1].tag}"')
        self._flush()
        return RichContent(self._stack[0].blocks, self._pictures)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _NOT_PLAYED:
            raise Unsupported(f"<{tag}> in rich messages")
        if tag in _VOID:
            self._void(tag, attributes)
            return
        if tag not in {*_TEXTS, *_HOLDERS, *_INLINE}:
            raise _broken(f'unsupported start tag "{tag}"')
        if tag not in _INLINE and not (tag == "code" and self._top.tag == "pre"):
            self._expect_blocks(tag)
        if len(self._stack) > DEPTH_MOST:
            raise _broken("tags are nested too deep")
        self._stack.append(_Open(tag, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            raise _broken(f'unsupported start tag "{tag}/"')
        self._void(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._top.tag != tag:
            raise _broken(f'unexpected end tag "{tag}"')
        self._flush()
        self._close(self._stack.pop())

    def handle_data(self, data: str) -> None:
        if self._top.tag != "pre":
            data = " ".join(data.split("\n")) if data.strip() else data and " "
            if not data.strip() and self._top.holds_blocks and not self._top.parts:
                return
        self._top.parts.append(data)

    @property
    def _top(self) -> _Open:
        return self._stack[-1]

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self._top.parts.append("\n")
            return
        self._expect_blocks(tag)
        if tag == "hr":
            self._add({"type": "divider"})
            return
        picture = {"type": "photo", "photo": attributes.get("src", "")}
        self._pictures.append(picture)
        self._add(picture)

    def _expect_blocks(self, tag: str) -> None:
        if not self._top.holds_blocks:
            raise _broken(f'"{tag}" inside of "{self._top.tag}"')
        self._flush()

    def _flush(self) -> None:
        """Loose words between blocks become a paragraph."""
        top = self._top
        if top.holds_blocks and top.parts:
            text = top.text()
            top.parts = []
            if plain(text).strip():
                self._add({"type": "paragraph", "text": text})

    def _add(self, block: dict[str, Any]) -> None:
        self.count += 1
        self._top.blocks.append(block)

    def _close(self, one: _Open) -> None:
        if one.tag in _INLINE:
            self._top.parts.append(_styled(one))
        elif one.tag == "summary":
            self._top.summary = one.text()
        elif one.tag == "li":
            label = "•" if self._top.tag == "ul" else f"{len(self._top.blocks) + 1}."
            self._add({"label": label, "blocks": one.blocks})
        elif one.tag in _HOLDERS:
            self._add(_holder(one))
        elif plain(one.text()).strip():
            heading = {"size": int(one.tag[1])} if one.tag[0] == "h" else {}
            self._add({"type": _TEXTS[one.tag] or "paragraph", "text": one.text(), **heading})


def _styled(one: _Open) -> Any:
    kind = _INLINE[one.tag]
    if kind != "url":
        return {"type": kind, "text": one.text()}
    try:
        address = links.check(one.attributes.get("href", ""))
    except links.LinkError:
        return one.text()
    return {"type": "url", "text": one.text(), "url": address}


def _holder(one: _Open) -> dict[str, Any]:
    kind = _HOLDERS[one.tag]
    if kind == "list":
        return {"type": kind, "items": one.blocks}
    more = {}
    if kind == "details":
        more = {"summary": one.summary, **({"is_open": True} if "open" in one.attributes else {})}
    return {"type": kind, "blocks": one.blocks, **more}


def _broken(what: str) -> Exception:
    return bad_request(f"can't parse rich message: {what}")
