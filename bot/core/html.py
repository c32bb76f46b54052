"""Text that may be shown: the `Html` type, escaping, measuring and cutting. Knows no feed, no chat.

Escape by type: only a function that returns `Html` puts text into a message.
"""

from __future__ import annotations


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
