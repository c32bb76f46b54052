"""Text that may be shown: the `Html` type, escaping, measuring and cutting. Knows no feeds, no
chats.

Escape by type: only a function that returns `Html` puts text into a message.
"""

from __future__ import annotations

import re
from html import unescape

from bot.core.text import border

_TAG = re.compile(r"<[^<>]*>")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9-]*)")
_TOKEN = re.compile(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
_AHEAD = 40
"""Characters after a cut that may belong to the one before it."""
_TRAILING = frozenset(" \n\t,;:-–—.…")


class Html(str):
    """Markup in Telegram's subset, safe to send as it is."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Any text as markup that shows exactly that text (Telegram knows four named entities)."""
    if isinstance(text, Html):
        return text
    return Html(
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def fill(template: str, **values: object) -> Html:
    """A trusted template with `{name}` places; values that are no `Html` are escaped.

    Only our own catalogues and code may be templates. Raises KeyError for a missing value.
    """
    safe = {
        name: value if isinstance(value, Html) else escape(str(value))
        for name, value in values.items()
    }
    return Html(template.format_map(safe))


def join(separator: str, parts: list[Html] | tuple[Html, ...]) -> Html:
    """Markup joined by a trusted separator, empty parts left out."""
    return Html(separator.join(part for part in parts if part))


def link(text: str, address: str) -> Html:
    """A text as a link; without an address the text alone."""
    return Html(f'<a href="{escape(address)}">{escape(text)}</a>') if address else escape(text)


def shown(html: Html) -> str:
    """Our own markup as the plain text that a chat shows."""
    return unescape(_TAG.sub("", html))


def telegram_length(html: Html) -> int:
    """How many characters (code points) are left after Telegram has parsed the markup."""
    return len(shown(html))


def cut(html: Html, limit: int) -> Html:
    """Markup of at most `limit` characters after parsing, ending with an ellipsis if something is
    missing: after a word, never inside a tag or an entity, every tag closed."""
    if telegram_length(html) <= limit:
        return html
    tokens: list[str] = _TOKEN.findall(html)
    end = _end(tokens, limit - 1)
    kept = tokens[:end]
    open_tags: list[str] = []
    for token in kept:
        name = _TAG_NAME.match(token)
        if name and token[1] != "/":
            open_tags.append(name[1])
        elif name and name[1] in open_tags:
            while open_tags.pop() != name[1]:
                pass
    closing = "".join(f"</{name}>" for name in reversed(open_tags))
    return Html("".join(kept) + ("…" if limit > 0 else "") + closing)


def _end(tokens: list[str], room: int) -> int:
    """How many tokens to keep so that at most `room` characters show, after a word if possible."""
    shown = [n for n, token in enumerate(tokens) if not _TAG.match(token)][: max(room, 0) + _AHEAD]
    last = border("".join(unescape(tokens[n])[:1] for n in shown), max(room, 0))
    word = next((n for n in range(last, last // 2, -1) if tokens[shown[n]].isspace()), last)
    while word > 0 and tokens[shown[word - 1]] in _TRAILING:
        word -= 1
    return shown[word] if word > 0 else 0
