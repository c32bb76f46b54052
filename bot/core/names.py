"""Names of people and chats, made safe for a line of a message whatever they contain."""

from __future__ import annotations

import unicodedata

from bot.core.text import fit

_NAME = 64
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5\u180e\u034f")
"""Invisible letters and characters, used for names that show nothing."""
_SHOWN = frozenset("LNSP")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def clean_name(name: str) -> str:
    """A name on one line, shortened, without characters that reverse the line or are invisible.
    Empty if nothing of it is visible: the caller then shows a stand-in."""
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


def chat_name(title: str, username: str | None = "") -> str:
    """A chat's title, else its @name, else a stand-in."""
    return clean_name(title) or (f"@{username}" if username else "?")
