"""When a change is a correction that posts have to state. Pure.

Source of the rule: Pedoman Pemberitaan Media Siber (Dewan Pers), points 4 and 5: a correction
states its time, a withdrawal is announced with its reason.
"""

from __future__ import annotations

from bot.core.articles.errata import erratum
from bot.core.articles.likeness import shown
from bot.core.articles.urls import picture_identity
from bot.core.model import Article, Story

FRESH_SECONDS = 600
"""A change within so many seconds of posting is part of publishing, and needs no mark."""
REASON_LIMIT = 200
"""Characters of a reason, so that a caption keeps its headline and lead."""


def deserves_mark(
    before: Article | Story, after: Article | Story, *, posted_at: int | None, now: int
) -> bool:
    """Whether posts have to say that they changed: something that readers saw (headline, lead,
    picture, source; not a caption or the address) is different, more than 10 minutes after
    posting."""
    if posted_at is None or now - posted_at <= FRESH_SECONDS:
        return False
    return _seen(before) != _seen(after)


def gained_erratum(before: Article | Story, after: Article | Story, untold: str = "") -> str:
    """The erratum (`Ralat: ...`) that a text has now and posts have not stated: it is new, or it
    was `untold` because the posts still waited. Empty if there is none."""
    now = _erratum(after)
    return now if now == untold or now != _erratum(before) else ""


def _erratum(story: Article | Story) -> str:
    return erratum(f"{story.lead}\n{story.body}")


def _seen(story: Article | Story) -> tuple[str, ...]:
    headline, lead, _, source, _ = shown(story)
    picture = picture_identity(story.picture.address) if story.picture else ""
    return headline, lead, source, picture
