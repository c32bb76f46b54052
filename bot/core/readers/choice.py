"""This article, this chat, now: post it, keep it for later, or nothing. Pure.

    filter -> breaking only -> digest -> quiet hours -> limit of the day -> post

Breaking news passes digests and limits, and quiet hours too if its editor said so.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.posts.content_kinds import KeptFor
from bot.core.readers.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Kept:
    """Not now; it comes with the others that are kept back for the same reason."""

    why: KeptFor


@dataclass(frozen=True, slots=True)
class Posted:
    """It goes out as a post."""


@dataclass(frozen=True, slots=True)
class Passed:
    """This chat does not want it."""


Choice = Posted | Kept | Passed


@dataclass(frozen=True, slots=True)
class News:
    """What counts about an article besides its words. `loud`: its editor lets it through quiet
    hours."""

    breaking: bool = False
    loud: bool = False


def choose(wants: Preferences, news: News, *, fits: bool, posted_today: int, now: int) -> Choice:
    """What a subscription does with an article. `fits`: its filter matches (or there is none);
    `posted_today`: posts that it has got since its midnight."""
    if not fits:
        return Passed()
    if wants.breaking_only and not news.breaking:
        return Kept(KeptFor.DIGEST) if wants.digest else Passed()
    if wants.digest and not news.breaking:
        return Kept(KeptFor.DIGEST)
    if wants.quiet and wants.quiet.holds(now, wants.zone) and not (news.breaking and news.loud):
        return Kept(KeptFor.QUIET)
    if wants.limit is not None and posted_today >= wants.limit and not news.breaking:
        return Kept(KeptFor.LIMIT)
    return Posted()
