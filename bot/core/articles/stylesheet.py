"""Pictures that a `<style>` puts behind elements by their class or number. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

_BACKGROUND = re.compile(r"background[^;]{0,80}?url\(\s*[\"']?([^\"'()\s]{5,2000})")
_LAST = re.compile(r"[.#][\w-]+(?=(?:::?[\w-]+(?:\([^()]*\))?)*\s*$)")
_LONGEST = 50_000
_LONGEST_SELECTOR = 500
_SOME = 20
"""Rules with pictures of one sheet."""


def pictures(style: Any, box: Any = None) -> Iterator[tuple[str, str]]:
    """The addresses that a `<style>` shows behind elements in a box (else anywhere), as written,
    and how those are marked."""
    rules = list(islice(_rules((style.text or "")[:_LONGEST]), _SOME))
    if not rules:
        return
    marks = _marks(style.getroottree().getroot() if box is None else box)
    for selectors, address in rules:
        named = [found for one in selectors.split(",") if (found := _LAST.search(one))]
        shown = next((one for one in named if one.group() in marks), None)
        if shown:
            yield address, f"{shown.string.strip()} {shown.group()[1:]}"


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    for rule in sheet.split("}") if "url(" in sheet else ():
        selectors, _, said = rule.rpartition("{")
        found = _BACKGROUND.search(said) if "url(" in said else None
        if found:
            yield selectors.rpartition("{")[2][-_LONGEST_SELECTOR:], found[1]


def _marks(root: Any) -> set[str]:
    """The classes and numbers of all elements, as a style sheet writes them."""
    found: set[str] = set()
    for one in root.iter("*"):
        found.update(f".{name}" for name in (one.get("class") or "").split())
        if one.get("id"):
            found.add(f"#{one.get('id')}")
    return found
