"""Untrusted HTML -> blocks of plain text and pictures, in reading order.

    markup -> tree (libxml2, depth at most 256) -> one pass -> Block | Image | Figure

Knows the grammar of pages and feed bodies; does not decide what is worth showing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree

from bot.core.articles import stand_ins
from bot.core.articles.charset import squeeze
from bot.core.articles.escaped import TAG, undouble, unentity, without_wrapping
from bot.core.articles.img import Image, emoji, image
from bot.core.articles.sentences import unglued

LONGEST = 400_000
"""Characters of markup that are read; the rest is ignored."""

MOST = 3000
"""Paragraphs and pictures of one article that are read."""

_LONGEST_CAPTION = 400
_SURE = re.compile(
    r"<(?:a|p|div|span|h\d|t[adhr]\w*|img|ul|li|strong|em|font|blockquote)\s[^<>]*=[^<>]*>",
    re.IGNORECASE,
)
"""A tag with attributes: in the middle of an article's text it is markup that was escaped."""
_TEXT_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|h\d|b|i|em|strong|span|a)\s*/?>", re.IGNORECASE)
_CODE = frozenset(("code", "kbd", "samp", "tt", "xmp"))
_CUSTOM = r"/?[a-z][a-z0-9]*[-:][a-z0-9:-]*(?=[\s/>])"
_NO_TAG = re.compile(
    rf"<(?!{TAG}|{_CUSTOM}|!--|!\[CDATA\[|!doctype|\?)(?P<name>/?[a-z][a-z0-9]*(?=[\s/>]))?"
    r"|<(?=[abipqsu]\s+[^<>=]{0,80}[^<>=\s/][^<>=]{0,80}>)",
    re.IGNORECASE,
)
"""Also `a <b and c> d`: words without a value are not attributes of such tags."""
_CLOSED = re.compile(r"</([a-z][a-z0-9]*)\s*>", re.IGNORECASE)
_DROPPED_NAMES = (
    "script style iframe object applet form select textarea button input svg math canvas audio"
    " video amp-video amp-youtube template head title meta link nav dialog map datalist noembed"
    " noframes rt rp"
)
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 header hgroup hr li main menu ol p pre section summary table tbody"
    " td tfoot th thead tr ul html"
)
_IMAGES = ("img", "amp-img", "amp-anim", "image")
_DROPPED = frozenset(_DROPPED_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_KINDS = {"li": "li", "dd": "li", "dt": "li", "pre": "pre", "blockquote": "quote"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.)", re.IGNORECASE
)
_HIDDEN_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader-text|visually-hidden)(?:$|\s)"
    r"|(?:^|\s)(?:sharedaddy|jp-relatedposts|addtoany_\w+|a2a_kit|heateor_\w+|yarpp\S*"
    r"|crp_related|ez-toc\S*|toc_container|lwptoc\S*|wp-block-(?:jetpack-subscriptions|\S*toc\S*)"
    r"|rp4wp-related-posts|(?:related|baca)[-_](?:posts?|articles?|juga)|author[-_](?:box|bio|info)"
    r"|ssba|sfsi_\w+|feedflare|adsbygoogle)(?:$|\s|-)",
    re.IGNORECASE,
)
"""What only screen readers see, and the boxes that publishing systems insert into article text."""
_EMPTY_LINE = re.compile(r"\n[ \n]*\n")
_CAPTIONED_CLASS = re.compile(
    r"(?:^|\s)(?:wp-caption|tr-caption-container|image-caption-container)(?:$|\s)"
)
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:caption|figcaption|wp-caption-text|tr-caption|captext|photo-?credit"
    r"|foto-?caption|ket-?foto|caption-?text|caption-?foto|pic-?caption|img-?caption)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (or heading, list item ...) of plain text. Lines inside it are separated by
    newlines."""

    text: str
    kind: str = "p"
    """p, heading, li, quote, pre, cell or caption."""
    strong: bool = False
    """All of it is bold."""
    opening: str = ""
    """The bold words at its beginning, if others follow."""
    links: tuple[str, ...] = ()
    """The texts of its links."""
    targets: tuple[str, ...] = ()
    """Where they lead, as written."""


Piece = Block | Image


def pieces(markup: str) -> list[Piece]:
    """Paragraphs and pictures in reading order. Never raises."""
    markup = without_wrapping(undouble(markup[:LONGEST]))
    if "<" not in markup:
        return _lines(markup)[:MOST]
    root = parse(markup)
    return [] if root is None else list(islice(walk(root), MOST))


def plain(markup: str) -> str:
    """Untrusted HTML as readable text: paragraphs separated by an empty line, scripts and styles
    left out, entities resolved, including those escaped twice. What only looks like a tag stays."""
    return "\n\n".join(piece.text for piece in pieces(markup) if isinstance(piece, Block))


def walk(root: Any) -> Iterator[Piece]:
    """Paragraphs and pictures below an element of a tree."""
    return _Walk().over(root)


def parse(markup: str) -> Any:
    """The tree of a fragment or a page, None if there is none. What looks like a tag but is not (`x
    < y`, `<3`) stays text."""
    text = _without_signs(markup) if _NO_TAG.search(markup) else markup
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return etree.fromstring(b"<body>" + text.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _without_signs(markup: str) -> str:
    """Escapes what looks like a tag but is not; an unknown element counts as a tag if it is
    closed."""
    closed = {name.lower() for name in _CLOSED.findall(markup)}

    def written(char: re.Match[str]) -> str:
        is_tag = (char["name"] or "").lstrip("/").lower() in closed
        return char.group() if is_tag else f"&lt;{char.group()[1:]}"

    return _NO_TAG.sub(written, markup)


def text_of(element: Any) -> str:
    """All text in an element as one line."""
    return squeeze(unentity(" ".join(element.itertext())))


def _lines(text: str) -> list[Piece]:
    """Plain text: an empty line ends a paragraph."""
    text = unglued(unentity(unescape(text)).replace("\r\n", "\n"), "\n\n")
    told = filter(None, map(squeeze, re.split(r"\n[ \t\r]*\n", text)))
    return [stand_ins.written(one) or Block(one) for one in told]


@dataclass(slots=True)
class _Walk:
    """One pass over a tree: start and end of each element, with the text before and after it."""

    out: list[Piece] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pre: int = 0
    coded: bool = False
    """Part of the current block is code."""
    inner: bool = False
    """Reading markup that was escaped in other markup: what is escaped in it stays."""
    bold: int = 0
    plain: bool = False
    """Part of the current block is not bold."""
    opening: str = ""
    begun: int = 0
    """Where in `parts` the current link begins."""
    linked: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def over(self, root: Any) -> Iterator[Piece]:
        walk = etree.iterwalk(root, events=("start", "end"))
        dropped: Any = None
        for event, element in walk:
            tag = element.tag
            if event == "end":
                if element is dropped:
                    dropped = None
                else:
                    self._leave(tag)
                if element is not root:
                    self._text(element.tail)
            elif _is_dropped(tag, element):
                dropped = element
                self.out += stand_ins.instead(tag, element)
                walk.skip_subtree()
            elif self._figure(tag, element):
                dropped = element
                walk.skip_subtree()
            else:
                self._enter(tag, element)
            if self.out:
                yield from self.out
                self.out.clear()
        self._flush()
        yield from self.out

    def _enter(self, tag: str, element: Any) -> None:
        if tag in _BLOCKS:
            self._flush()
            self.kinds.append(_kind(tag, element))
            self.pre += tag == "pre"
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "a":
            self.links.append(element.get("href") or "")
            self.begun = len(self.parts)
        elif tag in {"b", "strong"}:
            self.bold += 1
        elif tag in _CODE:
            self.coded = True
        elif tag in _IMAGES:
            self._image(element)
        elif tag == "noscript" and "<img" in (element.text or ""):  # it was escaped by mistake
            self._flush()
            self.out += (one for one in pieces(element.text) if isinstance(one, Image))
            return
        if tag not in _IMAGES:
            self.out += stand_ins.beside(tag, element)
        self._text(element.text)

    def _leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            if self.kinds:
                self.kinds.pop()
            self.pre -= tag == "pre"
        elif tag == "a" and self.links:
            self.targets.append(self.links.pop())
            self.linked.append("".join(self.parts[self.begun :]))
        elif tag in {"b", "strong"}:
            self.bold -= 1

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if not self.pre and not (text.isprintable() and "  " not in text):  # quicker than searching
            text = _evened(text)
        if not self.plain and not self.bold and text.strip():
            self.plain = True
            self.opening = "".join(self.parts)
        self.parts.append(text)

    def _flush(self) -> None:
        """The present block ends; most of them are empty, for each begins with the end of one."""
        text = "".join(self.parts)
        if text and not text.isspace():
            self._close(text)
        self.parts.clear()
        self.begun = 0
        self.linked.clear()
        self.targets.clear()
        self.plain = self.coded = False
        self.opening = ""

    def _close(self, text: str) -> None:
        if self.links:  # a link around this block
            self.linked.append("".join(self.parts[self.begun :]))
            self.targets.append(self.links[-1])
        kind = next((kind for kind in reversed(self.kinds) if kind), "p")
        if kind != "pre":
            text = unentity(text)
            if not self.coded and not self.inner and _is_markup(text):
                root = parse(text)
                self.out.extend(() if root is None else _Walk(inner=True).over(root))
                return
        links = tuple(filter(None, map(str.strip, self.linked)))
        targets = tuple(filter(None, self.targets))
        opening = squeeze(self.opening) if self.opening else ""
        for one in _paragraphs(text, kind):
            self.out.append(
                stand_ins.written(one) or Block(one, kind, not self.plain, opening, links, targets)
            )
            opening = ""

    def _image(self, element: Any) -> None:
        char = emoji(element)
        if char:
            self._text(char)
            return
        self._flush()
        self.out.append(image(element, self.links[-1] if self.links else ""))

    def _figure(self, tag: str, element: Any) -> bool:
        """A picture with its caption in one box; both leave the text."""
        captioned = tag == "figure" or _CAPTIONED_CLASS.search(element.get("class") or "")
        if not captioned or element.find(".//figure") is not None:
            return False
        images = [one for one in element.iter(*_IMAGES) if not emoji(one)]
        if not images:
            return False
        caption = caption_of(element)
        if len(caption) > _LONGEST_CAPTION:
            return False  # the whole article was put into the caption
        self._flush()
        for one in images:
            linked = next((up.get("href") or "" for up in one.iterancestors("a")), "")
            self.out.append(image(one, linked, caption))
        return True


def caption_of(box: Any) -> str:
    """The caption in a figure, a `wp-caption` or a `tr-caption` table."""
    for element in box.iter("figcaption"):
        return _caption_text(element)
    for element in box.iter():
        if element is not box and _CAPTION_CLASS.search(element.get("class") or ""):
            return _caption_text(element)
    return ""


def _caption_text(element: Any) -> str:
    found = _Walk().over(element)
    return squeeze(" ".join(piece.text for piece in found if isinstance(piece, Block)))


def _evened(text: str) -> str:
    """A text with single spaces for any white space, at its ends too."""
    told = " ".join(text.split())
    if not told:
        return " "  # most of what stands between tags
    return f"{' ' if text[0].isspace() else ''}{told}{' ' if text[-1].isspace() else ''}"


def _kind(tag: str, element: Any) -> str:
    if tag in _HEADINGS:
        return "heading"
    if tag == "th" or (tag == "td" and _has_neighbour(element)):
        return "cell"
    if tag == "figcaption" or _CAPTION_CLASS.search(element.get("class") or ""):
        return "caption"
    return _KINDS.get(tag, "")


def _has_neighbour(cell: Any) -> bool:
    """Whether a table cell has neighbours: one alone is layout, not data."""
    return cell.getnext() is not None or cell.getprevious() is not None


def _is_markup(text: str) -> bool:
    """Whether a paragraph is escaped markup, not a text about markup."""
    if ("</" in text or "/>" in text) and (
        len(_SURE.findall(text)) >= 2 or len(_TEXT_TAG.findall(text)) >= 4
    ):
        return True
    return text.lstrip().startswith("<img") and bool(_SURE.fullmatch(text.strip()))


def _is_dropped(tag: Any, element: Any) -> bool:
    if not isinstance(tag, str) or tag in _DROPPED:
        return True
    if not element.keys():  # most elements
        return False
    if "hidden" in element.attrib and tag != "img":
        return True
    style = element.get("style")
    if style and _HIDDEN.search(style) and tag not in {"img", "body", "html"}:
        return True
    marks = element.get("class")
    return bool(marks and _HIDDEN_CLASS.search(marks))


def _paragraphs(text: str, kind: str) -> Iterator[str]:
    if kind == "pre":
        text = text.strip("\n").rstrip()
        if text:
            yield text
        return
    if "\n" not in text:
        yield from filter(None, (squeeze(text),))
        return
    for paragraph in _EMPTY_LINE.split(text):
        lines = [squeeze(line) for line in paragraph.split("\n")]
        joined = "\n".join(line for line in lines if line)
        if joined:
            yield joined
