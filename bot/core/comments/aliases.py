"""Aliases of readers, in place of their names."""

from __future__ import annotations

from bot.core.model import ReaderId

_ODD, _SHIFT = 0x5BD1E995, 0x2F1


def alias(reader_id: int) -> str:
    """A stable stand-in for a reader's name, for those who must not see that: `R-4f2`. Does not
    reveal the order in which readers came."""
    digits = max(3, -(-reader_id.bit_length() // 4))
    return f"R-{(reader_id * _ODD + _SHIFT) % 16**digits:0{digits}x}"


def reader_of(name: str) -> ReaderId | None:
    """The reader that an alias stands for; None if it is not an alias."""
    prefix, _, text = name.strip().partition("-")
    if prefix.upper() != "R" or not 3 <= len(text) <= 15 or text.lower().strip("0123456789abcdef"):
        return None
    size = 16 ** len(text)
    reader_id = (int(text, 16) - _SHIFT) * pow(_ODD, -1, size) % size
    return ReaderId(reader_id) if reader_id and alias(reader_id) == f"R-{text.lower()}" else None
