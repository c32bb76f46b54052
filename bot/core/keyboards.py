"""Rows of buttons: those that lead back and on, as ◀ 2/5 ▶; how many a phone has room for. Pure.

Right to left, rows that lead somewhere are mirrored like a book: the next page lies at the left.
Telegram cuts what a button has no room for: a row with such a label is divided.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import regex

from bot.core.language import Translator
from bot.core.model import Button, Keyboard, in_rows

ROOM = (0, 42, 20, 10, 7, 5, 4, 3, 3)
"""Letters that fit on each of so many buttons of one row, on a phone of 390 pixels: an emoji counts
as two. In narrow columns hardly any label has a space to be broken at, so less is left to luck."""
_EMOJI = regex.compile(
    r"(?![◀▶])\p{Extended_Pictographic}(?:\ufe0f|\u200d\p{Extended_Pictographic})*"
)
_UNSEEN = regex.compile(r"[\p{M}\p{Cf}]")


def turning(tr: Translator, back: str, on: str, here: Button | None = None) -> Keyboard:
    """A row for the page before and the one after (their payloads, empty where there is none),
    around the number of the page; no row where it would be empty."""
    before, after = "▶◀" if tr.rtl else "◀▶"
    buttons = (
        Button(before, data=back) if back else None,
        here,
        Button(after, data=on) if on else None,
    )
    row = in_order(tr, filter(None, buttons))
    return (row,) if row else ()


def in_order(tr: Translator, buttons: Iterable[Button]) -> tuple[Button, ...]:
    """A row whose first button is the one that is read first: Telegram mirrors none."""
    row = tuple(buttons)
    return row[::-1] if tr.rtl else row


def grid(tr: Translator, buttons: Iterable[Button], beside: int) -> Keyboard:
    """Buttons in rows of so many, fewer where a label is long, each row in the order in which one
    reads."""
    return tuple(in_order(tr, row) for row in fitted(in_rows(buttons, beside)))


def step(tr: Translator, label: str, steps: int) -> str:
    """The label of a button that leads so many steps back (below 0) or on; an arrow for each."""
    left = (steps < 0) != tr.rtl
    return f"{'◀' * abs(steps)} {label}" if left else f"{label} {'▶' * abs(steps)}"


def fitted(keyboard: Keyboard) -> Keyboard:
    """The same buttons in rows that hold their labels: one that would be cut gets more room."""
    return tuple(
        row[at : at + size]
        for row in keyboard
        for at, size in _parts(tuple(one.text for one in row))
    )


@lru_cache(4096)
def _parts(labels: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Where the rows of these labels begin, and how many each holds: as few rows as there can be,
    about equally long."""
    count = len(labels)
    longest = max(map(width, labels), default=0)
    beside = next((n for n in range(min(count, len(ROOM) - 1), 1, -1) if longest <= ROOM[n]), 1)
    rows = -(-count // beside)
    borders = [-(-count * at // rows) for at in range(rows + 1)] if rows else []
    return tuple((begin, end - begin) for begin, end in pairwise(borders))


def width(label: str) -> int:
    """How much room a label takes, in letters."""
    shown = _EMOJI.sub("00", label)
    return len(_UNSEEN.sub("", shown))
