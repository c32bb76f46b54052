"""Marks that keep Latin words in their place in a text that is read from right to left. Pure.

There a sign in front of a Latin word belongs to nobody, and is drawn behind it: /search becomes
search/, +4 becomes 4+; and Latin words on both sides of a comma change places. An invisible mark
(Unicode UAX #9) in front of the sign, and one after the comma, keeps them.
"""

from __future__ import annotations

import re

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200c\u200e", "\u200f"
"""The first is kept apart from the second: of marks side by side Telegram leaves but one."""
COMMA = "،" + RIGHT_TO_LEFT + " "
"""Stands between the parts of a list."""
_SIGN = re.compile(r"(?<![A-Za-z0-9_/<>@+])((?:<code>)?(?:/(?=[a-z{])|[@+](?=[\w{])))")
_COMMA = re.compile(r"([،؛]) (?=[\u200c\u200e\"<{A-Za-z])")
_SILENT = re.compile(r"<[^>]*>|{n}")
"""Tags and numbers, which have no direction."""
_STRONG = re.compile(r"[A-Za-z\u200e\u200f\u0590-\u08ff]|{")
_FROM_RIGHT = re.compile(r"[\u0590-\u08ff]")


def marked(text: str) -> str:
    """A message of a catalogue (its `{places}` still empty) with such marks. What was marked by
    hand stays as it is."""
    signed = _SIGN.sub(rf"{LEFT_TO_RIGHT}\1", text)
    signed = signed.replace(LEFT_TO_RIGHT * 2, LEFT_TO_RIGHT)
    listed = _COMMA.sub(rf"\1{RIGHT_TO_LEFT} ", signed)
    return "\n".join(map(_begun, listed.split("\n")))


def _begun(line: str) -> str:
    """A line that begins at the right, though its first word is Latin or not known yet: Telegram
    looks for the first letter of each."""
    first = _STRONG.search(_SILENT.sub("", line))
    known = first is None or first[0] == RIGHT_TO_LEFT or _FROM_RIGHT.match(first[0])
    if known or not _FROM_RIGHT.search(line):
        return line
    return RIGHT_TO_LEFT + line
