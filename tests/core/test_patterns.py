"""No regular expression of the core takes more than linear time: strangers write the text.

Each is tried on the same few characters over and over. At this length a quadratic one takes some
ten milliseconds of CPU time, a linear one at most one.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from time import process_time

import bot
import handlers
import storage

LENGTH = 1_500
LIMIT = 0.007
"""CPU seconds: ten times as much as the slowest takes."""
UNITS = (
    " ", "\n", "a", "A", "1", "a ", "Aa ", "1 ", "(", "[", "<", "<a", "<!--", "&#", "1.", "a.",
    "A. ", ". ", ".", "-", "- ", " -", "--", "a-", "/", "a/", "http://a", "www.", "a@", "=", "a=",
    ":", "a: ", "1:", ",", "a, ", "| ", "\"", "“a", "%", "#", "\u00a0", "é",
)  # fmt: skip
PARTS = re.compile(r"[A-Za-z/.:@#%&=<>-]{2,12}")
CLASSES = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|\(\?[a-zA-Z:<=!P]+")
"""The parts of a pattern that are no text."""
MARKS = re.compile("[-.,:;=&@#%/<>~_!]")
"""Characters that separate words."""
OWN = ("bot.sandbox", "bot.settings", "storage.postgres_opening", "__main__")
"""Where the text is the program's or the operator's own."""


def patterns_in(value: object, name: str, depth: int = 3) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif depth and isinstance(value, tuple | list | set | frozenset | dict):
        inside = value.values() if isinstance(value, dict) else value
        for one in inside:
            yield from patterns_in(one, name, depth - 1)


def all_patterns() -> dict[re.Pattern[str], str]:
    found: dict[re.Pattern[str], str] = {}
    names = [
        module.name
        for package in (bot, handlers, storage)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    for module in names:
        if not any(own in module for own in OWN):
            for name, value in vars(importlib.import_module(module)).items():
                if not name.startswith("__"):
                    found |= {one: at for at, one in patterns_in(value, f"{module}.{name}")}
    return found


def own_units(pattern: re.Pattern[str]) -> Iterator[str]:
    """Parts of what the pattern itself looks for."""
    for part in PARTS.findall(CLASSES.sub("|", pattern.pattern))[:4]:
        yield from (part, f"{part} ", f"-{part}")
        if "<" in pattern.pattern:
            yield f"<{part}"
    marks = list(dict.fromkeys(MARKS.findall(pattern.pattern)))[:4]
    for mark in marks:
        yield from (f"{mark}{other}" for other in marks if other != mark)


def is_slow(pattern: re.Pattern[str], unit: str) -> bool:
    text = (unit * (LENGTH // len(unit) + 1))[:LENGTH] + "!\0"
    for _ in range(3):
        started = process_time()
        pattern.search(text)
        if process_time() - started < LIMIT:
            return False
    return True


def test_no_pattern_grows_faster_than_its_text() -> None:
    patterns = all_patterns()
    assert len(patterns) > 200
    slow = [
        (name, unit)
        for pattern, name in patterns.items()
        for unit in (*UNITS, *own_units(pattern))
        if is_slow(pattern, unit)
    ]
    assert slow == []


def test_one_that_does_is_found() -> None:
    # Four times as slow as it must be, for a quick machine.
    assert is_slow(re.compile(r"\s+(?:a|$)|\s+(?:b|$)|\s+(?:c|$)|\s+(?:d|$)"), " ")
    assert not is_slow(re.compile(r"(?<!\s)\s+$"), " ")
