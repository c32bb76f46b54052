"""Names of people as one line of a message, whatever they contain; and aliases in their place."""

from __future__ import annotations

import unicodedata

from bot.core.model import ReaderId
from bot.core.text import fit

_NAME = 64
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5\u180e\u034f")
"""Letters and signs that show nothing: with them people call themselves nothing."""
_SHOWN = frozenset("LNSP")


def clean_name(name: str) -> str:
    """A name on one line, without characters that turn the line around or hide in it; short. Empty
    where nothing of it can be seen: whoever shows it has a stand-in then."""
    visible = "".join(
        " " if char.isspace() else char
        for char in name
        if char.isspace() or (char not in _BLANKS and unicodedata.category(char) not in _HIDDEN)
    )
    if not any(unicodedata.category(char)[0] in _SHOWN for char in visible):
        return ""
    return fit(" ".join(visible.split()), _NAME)


def moderator_name(name: str) -> str:
    """A moderator's name, or a stand-in."""
    return clean_name(name) or "?"


_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_ODD, _SHIFT = 0x5BD1E995, 0x2F1


def alias(reader_id: int) -> str:
    """A reader's stable name for those who shall not see another: `R-4f2`. Tells no order."""
    digits = max(3, -(-reader_id.bit_length() // 4))
    return f"R-{(reader_id * _ODD + _SHIFT) % 16**digits:0{digits}x}"


def reader_of(name: str) -> ReaderId | None:
    """The reader whom an alias names; None for what is none."""
    prefix, _, text = name.strip().partition("-")
    if prefix.upper() != "R" or not 3 <= len(text) <= 15 or text.lower().strip("0123456789abcdef"):
        return None
    size = 16 ** len(text)
    reader_id = (int(text, 16) - _SHIFT) * pow(_ODD, -1, size) % size
    return ReaderId(reader_id) if reader_id and alias(reader_id) == f"R-{text.lower()}" else None
