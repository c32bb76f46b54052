"""Marks that keep Latin words in their place in a text that is read from right to left. Pure.

There a sign in front of a Latin word belongs to nobody, and is drawn behind it: /search becomes
search/, +4 becomes 4+; and Latin words on both sides of a comma change places. An invisible mark
(Unicode UAX #9) in front of the sign, and one after the comma, keeps them.
"""

from __future__ import annotations

import re

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
COMMA = "،" + RIGHT_TO_LEFT + " "
"""Stands between the parts of a list."""
_SIGN = re.compile(r"(?<![A-Za-z0-9_/<>@+])((?:<code>)?(?:/(?=[a-z{])|[@+](?=[\w{])))")
_COMMA = re.compile(r"([،؛]) (?=[\u200e\"<{A-Za-z])")


def marked(text: str) -> str:
    """A message of a catalogue (its `{places}` still empty) with such marks. What was marked by
    hand stays as it is."""
    signed = _SIGN.sub(rf"{LEFT_TO_RIGHT}\1", text)
    signed = signed.replace(LEFT_TO_RIGHT * 2, LEFT_TO_RIGHT)
    return _COMMA.sub(rf"\1{RIGHT_TO_LEFT} ", signed)
