"""Advertisements: one labelled line under some posts, in digests and in tickers. Layout and limits.

Never in breaking news, alerts, comments, or corrected or withdrawn articles; one in a message.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.html import Html, fill, link
from bot.core.language import Translator

TEXT_LIMIT = 120
"""Characters of an advertisement: a line, not a post of its own."""
A_DAY = 3
"""Advertisements under the posts of one chat a day, at most."""


@dataclass(frozen=True, slots=True)
class Sponsor:
    """One advertisement. It runs from `begins_at` to before `ends_at`."""

    id: int
    address: str
    text: str
    begins_at: int
    ends_at: int
    every: int
    shown: int = field(default=0, compare=False)
    """Messages sent with it; not part of what it looks like."""
    stopped_at: int | None = None


def line(sponsor: Sponsor | None, tr: Translator) -> Html:
    """The line, always with its label; empty without an advertisement."""
    if sponsor is None:
        return Html("")
    text = link(sponsor.text, sponsor.address)
    return fill("<i>{label}</i> · {text}", label=tr.gettext("Ad"), text=text)
