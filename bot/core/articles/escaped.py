"""Markup that programs escaped or wrapped once too often -> markup as it was meant.

Knows HTML's tags by name, CDATA sections and WordPress's shortcodes; builds no tree.
"""

from __future__ import annotations

import re
from html import unescape

_NAMES = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big"
    " blink blockquote body br button canvas caption center cite code col colgroup content data"
    " datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font"
    " footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img"
    " input ins kbd keygen label legend li link main map mark marquee math menu meta meter nav nobr"
    " nextid noembed noframes noscript object ol optgroup option output p param path picture pre"
    " progress q rb rp rt rtc ruby s samp script section select slot small source span strike"
    " strong style sub summary sup svg table tbody td template textarea tfoot th thead time title"
    " tr track tt u ul var video wbr xml xmp"
)
_NAME = "|".join(
    f"{letter}(?:{'|'.join(name[1:] for name in _NAMES.split() if name[0] == letter)})"
    for letter in sorted({name[0] for name in _NAMES.split()})
)
"""Grouped by first letter: a quarter of the steps for anything that is no tag."""
TAG = rf"/?(?:{_NAME})(?=[\s/>]|\Z)"
"""How an HTML tag begins, after its `<`."""
_ANY_TAG = re.compile(rf"<{TAG}", re.IGNORECASE)
_HIDDEN_TAG = re.compile(rf"&lt;/?(?:{_NAME})(?:[\s/].{{0,300}}?)?&gt;", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_COMMON = "amp quot apos nbsp hellip rsquo lsquo rdquo ldquo ndash mdash laquo raquo bull middot"
_BEGUN = "|".join(
    sorted({name[:n] for name in _COMMON.split() for n in range(2, len(name) + 1)}, key=len)[::-1]
)
_TORN = re.compile(
    rf"(?<!\s)\s*+&(?:{_BEGUN}|#x?[\da-fA-F]{{0,5}}|#?)(?=\s*(?:\.\.\.|…|\[\s*(?:\.\.\.|…)\s*\])?\s*$)"
)
"""The beginning of an entity at the end of a text that was cut off there."""
_UNENDED = re.compile(r"&#(3[489]|1[6-9]\d|2[0-4]\d|25[0-5]|82[0-3]\d)(?![\d;])")
_HALVED = re.compile(r"&quo;|&quo(?:t(?!;))?(?![a-z])")
_CDATA = re.compile(r"(?:<|&lt;)!\[CDATA\[|\]\](?:>|&gt;)")
_SHORT_CAPTION = re.compile(
    r"\[caption\b(?P<said>[^\[\]]{0,400})\]\s*(?P<image>(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)"
    r"(?P<text>.{0,600}?)\[/caption\]",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION_SAID = re.compile(r"\bcaption=[\"']([^\"']+)")
_LAYOUT = re.compile(
    r"\[/?(?:(?:vc|et_pb|fusion|av|su|tdc?|tds|wpb|ux|kc|bs|penci)_[\w-]+|embed|gallery|playlist"
    r"|dropcap|one_(?:half|third)|toc|adrotate|contact-form-7|(?:audio|video)(?=\s[^\[\]]{0,99}=))"
    r"\b[^\[\]<>]{0,600}\]|\[/(?:audio|video)\]"
    r"|\[[a-z][\w-]{2,30}(?:\s++[\w-]{1,30}=(?:[\"'][^\"'\[\]<>]{0,200}[\"']|[^\s\[\]<>\"']{1,200})){1,9}"
    r"\s*+/?\]",
    re.IGNORECASE,
)
"""Shortcodes without a text of their own: those of page builders, and any with attributes."""


def undouble(markup: str) -> str:
    """Markup that was escaped once too often, as it was meant.

    Only if there are no unescaped tags beside the escaped ones: those would be text about markup.
    """
    for _ in range(2):
        if (
            "&lt;" not in markup
            or _ANY_TAG.search(markup)
            or not _HIDDEN_TAG.search(markup, 0, 20_000)
        ):
            return markup
        markup = unescape(markup)
    return markup


def without_wrapping(markup: str) -> str:
    """Markup without the marks of a second CDATA section, and without the shortcodes that WordPress
    should have processed: `[caption]` becomes a caption, layout ones are dropped."""
    if "]" not in markup:
        return markup
    if "CDATA[" in markup:
        markup = _CDATA.sub("", markup)
    return _LAYOUT.sub(" ", _SHORT_CAPTION.sub(_figure_of, markup))


def _figure_of(found: re.Match[str]) -> str:
    said = _CAPTION_SAID.search(found["said"])
    told = found["text"].strip() or (said[1] if said else "")
    return f"<figure>{found['image']}<figcaption>{told}</figcaption></figure>"


def unentity(text: str) -> str:
    """Text without the entities that survived because they were escaped twice."""
    for _ in range(2):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda found: unescape(found.group()), text)
    if "&" not in text:
        return text
    text = _UNENDED.sub(lambda found: chr(int(found[1])), text)
    return _HALVED.sub('"', _TORN.sub("", text)).replace("&apos", "'")
