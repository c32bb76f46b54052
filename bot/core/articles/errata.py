"""A newsroom's own note in an article's text that something in it was wrong: `Ralat: ...`. Pure.

Source of the forms: what Indonesian, Malay, English, Spanish, Russian and Arabic papers write at
the top or the foot of a corrected article. A sentence that merely begins with such a word (`Koreksi
pasar berlanjut: ...`) does not count.
"""

from __future__ import annotations

import re

from bot.core.text import fit, holds_any

_LIMIT = 200
_LEAST = 3
_WORDS = (
    "ralat", "koreksi", "pembetulan", "correction", "erratum", "corrigendum", "corrección",
    "rectificación", "исправление", "уточнение", "تصحيح",
)  # fmt: skip
_LINE = re.compile(
    r"^[\W_]{0,3}(?:ralat|koreksi|pembetulan|corrections?|erratum|corrigendum|corrección"
    r"|rectificación|исправление|уточнение|تصحيح)"
    r"(?: (?:redaksi|berita|artikel|note|notice))?"
    r"(?: ?[(\[][^)\]\n]{1,60}[)\]])?"
    r"(?: \d[\d./,]{0,9}(?: \w{3,10} \d{4})?)?"
    r"(?:,? \d{1,2}[.:]\d\d(?: \w{2,5})?)?"
    r" ?[:–—] ?(?P<reason>[^\n]+)$",
    re.IGNORECASE | re.MULTILINE,
)


def erratum(text: str) -> str:
    """What the last such line of a text says, shortened to one line; empty if there is none."""
    found = ""
    for one in _LINE.finditer(text) if holds_any(text.lower(), _WORDS) else ():
        reason = " ".join(one["reason"].split())
        if len(reason) >= _LEAST:
            found = fit(reason, _LIMIT)
    return found
