"""An editor's announcement to everybody, as a story of the newsroom. Knows its form and limits.

The first line is the headline, the rest the text: it is posted like an article without an address.
"""

from __future__ import annotations

from bot.core.model import Story
from bot.core.text import utf16

HEADLINE_LIMIT = 250
TEXT_LIMIT = 600
"""UTF-16 units that a post can show without cutting."""


def read_announcement(text: str, *, now: int) -> Story:
    """An editor's words as a story."""
    first, _, rest = text.strip().partition("\n")
    body = rest.strip()
    return Story("", " ".join(first.split()), lead=body, body=body, published=now)


def excess(story: Story) -> int:
    """By how many units it is too long; nothing of an announcement is cut."""
    return max(utf16(story.headline) - HEADLINE_LIMIT, 0) + max(utf16(story.lead) - TEXT_LIMIT, 0)
