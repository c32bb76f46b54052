"""Removes the warnings that servers print into what they send: readers must not see their paths.

Knows how PHP writes its warnings, as markup, escaped and plain; nothing of feeds.
"""

from __future__ import annotations

import re

_BOLD = r"(?:(?:<|&lt;)/?b(?:>|&gt;))?"
_BREAK = r"(?:\s*+(?:<|&lt;)br\s*+/?(?:>|&gt;))?"
_END = re.compile(rf" on line {_BOLD}\d+{_BOLD}{_BREAK}", re.IGNORECASE)
_START = re.compile(
    rf"(?:(?<!\s)|(?=\S)){_BREAK}\s*+{_BOLD}(?:PHP )?"
    rf"(?:Warning|Notice|Deprecated|Strict Standards|(?:Recoverable )?"
    rf"[Ff]atal error|Parse error){_BOLD}:"
)
_PATH = re.compile(rf"\bin {_BOLD}(?:/|[A-Z]:\\|phar:)", re.IGNORECASE)
_LONGEST = 2000


def without_notices(text: str) -> str:
    """A text (markup or plain) without the warnings of PHP in it. Linear in its length."""
    if " on line " not in text:
        return text
    kept: list[str] = []
    at = looked = 0
    for end in _END.finditer(text):
        begun = list(_START.finditer(text, max(looked, end.start() - _LONGEST), end.start()))
        found = begun[-1] if begun else None
        looked = end.end()
        if found and _PATH.search(text, found.end(), end.start()):
            kept.append(text[at : found.start()])
            at = end.end()
    return "".join((*kept, text[at:]))
