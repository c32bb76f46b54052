"""A site's robots.txt -> whether we may read an address, and how often. Fetches nothing (RFC 9309).

Parsed by protego, which follows RFC 9309 in linear time. The standard library's parser does not
know `*` and `$` and takes the first matching rule instead of the longest: it would read pages that
their owners closed, and skip others that they opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

_LONGEST = 512 * 1024
"""Characters that are read (RFC 9309, 2.5)."""
_LONGEST_DELAY = 60.0
_VERSION = re.compile(
    r"^([ \t]*+user-agent[ \t]*+:[ \t]*+[^\s/#]++)/[^\s#]*+", re.IGNORECASE | re.MULTILINE
)
"""The version in a user agent, which is not part of its name (RFC 9309, 2.2.1)."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of the program whose product token is `agent`."""

    rules: Protego
    agent: str

    @property
    def delay(self) -> float:
        """Seconds between two requests, 0 if the site names none: not in the standard, but widely
        used."""
        said = self.rules.crawl_delay(self.agent) or 0.0
        return min(said, _LONGEST_DELAY) if said > 0 else 0.0

    def allow(self, address: str) -> bool:
        """Whether the site lets us read an address of it: the longest matching rule decides; of two
        equally long ones, the one that allows."""
        return self.rules.can_fetch(address, self.agent)


def read_robots(text: str, agent: str) -> Robots:
    """The rules for the program whose product token is `agent`, else those for all (`*`)."""
    plain = _VERSION.sub(r"\1", text[:_LONGEST].lstrip("\ufeff"))
    return Robots(Protego.parse(plain), agent)


ALL = read_robots("", "*")
"""For a site that has no rules."""
NOTHING = read_robots("User-agent: *\nDisallow: /", "*")
"""For a site whose robots.txt cannot be fetched now: nothing may be read (RFC 9309, 2.3.1.4)."""
