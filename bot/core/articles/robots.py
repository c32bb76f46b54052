"""A site's robots.txt -> may we read this address, and how often. Fetches nothing (RFC 9309).

    text -> groups by agent -> the rules for us -> the longest rule that matches decides

The standard library's reader knows no `*` and `$` and takes the first rule that matches instead of
the longest: it reads pages that their owners closed, and skips others that they opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

_LONGEST_LINE = 2000
_MOST_RULES = 2000
_LONGEST_DELAY = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of us. `delay` is the time between two requests in seconds, 0 if it names
    none: not in the standard, but widely written."""

    rules: tuple[tuple[bool, str], ...] = ()
    """Allowed or not, and the path that it is about; `*` stands for anything, `$` for the end."""
    delay: float = 0.0

    def allow(self, address: str) -> bool:
        """Whether the site lets us read an address of it: the longest rule that matches decides,
        of two equal ones the one that allows."""
        parts = urlsplit(address)
        path = _even((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        matching = [(len(rule), allows) for allows, rule in self.rules if _matches(rule, path)]
        return max(matching)[1] if matching else True


NOTHING = Robots(((False, "/"),))
"""Of a site whose robots.txt cannot be had now: nothing may be read (RFC 9309, 2.3.1.4)."""


def read_robots(text: str, agent: str) -> Robots:
    """The rules for the program whose product token is `agent`, else those for all (`*`)."""
    ours: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    named, agents, ruled = False, set[str](), False
    for name, value in _lines(text):
        if name == "user-agent":
            if ruled:
                agents, ruled = set(), False
            agents.add(re.split(r"[\s/]", value.lower())[0])
            named = named or agent.lower() in agents
            continue
        ruled = True
        if agent.lower() in agents:
            ours.append((name, value))
        elif "*" in agents:
            others.append((name, value))
    return _rules(ours if named else others)


def _rules(lines: list[tuple[str, str]]) -> Robots:
    rules = tuple((name == "allow", _even(path)) for name, path in lines if name != "crawl-delay")
    delays = [float(value) for name, value in lines if name == "crawl-delay" and _is_time(value)]
    return Robots(
        tuple(rule for rule in rules if rule[1])[:_MOST_RULES],
        min(max(delays, default=0.0), _LONGEST_DELAY),
    )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.lstrip("\ufeff").splitlines():
        name, colon, value = line[:_LONGEST_LINE].partition("#")[0].partition(":")
        key = name.strip().lower()
        if colon and key in {"user-agent", "allow", "disallow", "crawl-delay"}:
            yield key, value.strip()


def _is_time(text: str) -> bool:
    return re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", text) is not None


def _even(path: str) -> str:
    """The same for the same path, however it is escaped; `*` and `$` keep their meaning."""
    return quote(unquote(path), safe="/*$?&=;:@+,!~'()[]")


def _matches(rule: str, path: str) -> bool:
    """Piece by piece, from left to right: linear, whatever a stranger writes."""
    to_end = rule.endswith("$")
    first, *rest = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not to_end or at == len(path)
    *middle, last = rest
    for piece in middle:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if to_end:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
