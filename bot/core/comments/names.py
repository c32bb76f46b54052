"""Names of people as one line of a message: whatever they contain, they stay a name."""

from __future__ import annotations

import unicodedata

from bot.core.text import fit

_NAME = 64


def clean_name(name: str) -> str:
    """A name on one line, without characters that turn the line around or hide in it; short."""
    visible = "".join(
        " " if char.isspace() else char
        for char in name
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )
    return fit(" ".join(visible.split()), _NAME)
