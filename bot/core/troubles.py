"""What the moderators' chat is told about the program itself: each trouble once, and its end. Pure.

state of the program -> current troubles
current troubles x those reported -> lines to send, those reported from then on
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.html import Html, join
from bot.core.language import Translator
from bot.core.model import Post

BROKEN = 2 * 3600
"""Seconds that a feed cannot be read: anything shorter may be a restart of the paper's server."""
SILENT = 48 * 3600
"""Seconds without news from a feed that otherwise has some."""
STUCK = 600
"""Seconds that a message is due while none is sent."""
_FULL, _FREE = 0.10, 0.12
"""Free share of the disk: below the first it counts as full, above the second no longer."""
_MOST = 20
"""Lines of one message."""


class TroubleKind(StrEnum):
    """What can be wrong."""

    BROKEN = "broken"
    SILENT = "silent"
    STUCK = "stuck"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`subject` is the feed's name and `feed` its address, both empty for the program's own
    troubles; `since` when it began; `detail` why a feed cannot be read, or how many megabytes are
    free."""

    kind: TroubleKind
    subject: str = ""
    since: int = 0
    detail: str = ""
    feed: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """By the feed's address: two may have one name, and a name may change with every poll."""
        return self.kind.value, self.feed


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """The state of a feed: when it last had news, and when the current row of failures began."""

    address: str
    name: str
    news_at: int | None
    failing_since: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ProgramState:
    """The state of the program: since when the oldest message is due, when one was last sent, and
    the disk's free and total bytes (0 of 0 if the disk is not ours)."""

    feeds: Sequence[FeedHealth]
    due_since: int | None
    left_at: int
    free: int = 0
    size: int = 0


def troubles(stand: ProgramState, told: Iterable[tuple[str, str]], *, now: int) -> list[Trouble]:
    """What is wrong now; `told` are the keys of what was reported, so that a disk at the threshold
    does not flap."""
    found = [one for feed in stand.feeds if (one := _of_feed(feed, now)) is not None]
    if stand.due_since is not None and now - max(stand.due_since, stand.left_at) >= STUCK:
        found.append(Trouble(TroubleKind.STUCK, since=stand.due_since))
    edge = _FREE if (TroubleKind.DISK.value, "") in set(told) else _FULL
    if stand.size and stand.free < edge * stand.size:
        found.append(Trouble(TroubleKind.DISK, detail=str(stand.free // 1_000_000)))
    return found


def _of_feed(feed: FeedHealth, now: int) -> Trouble | None:
    if feed.failing_since is not None and now - feed.failing_since >= BROKEN:
        return Trouble(
            TroubleKind.BROKEN, feed.name, feed.failing_since, feed.reason, feed=feed.address
        )
    if feed.news_at is not None and now - feed.news_at >= SILENT:
        return Trouble(TroubleKind.SILENT, feed.name, feed.news_at, feed=feed.address)
    return None


def notice(
    found: Sequence[Trouble],
    told: Sequence[tuple[str, str]],
    names: Mapping[str, str],
    tr: Translator,
    *,
    now: int,
) -> Post | None:
    """What is new and what is over, in one message; None if there is nothing. `names` are those of
    all feeds, by address: of one that is no longer read nothing more is said."""
    known, present = set(told), {one.key for one in found}
    lines = [_begun(one, tr, now) for one in found if one.key not in known]
    # A feed that falls silent after it was broken (or vice versa) has not recovered.
    ill = {one.feed for one in found if one.feed}
    lines += [
        _over(TroubleKind(kind), names.get(feed, ""), tr)
        for kind, feed in told
        if (kind, feed) not in present and (not feed or (feed in names and feed not in ill))
    ]
    if not lines:
        return None
    more = len(lines) - _MOST
    if more > 0:
        lines[_MOST:] = [tr.nhtml("… and {n} more", "… and {n} more", more)]
    return Post(join("\n\n", lines))


def _begun(one: Trouble, tr: Translator, now: int) -> Html:
    since = tr.when(one.since, now=now)
    match one.kind:
        case TroubleKind.BROKEN:
            return tr.html(
                "⚠️ {feed} has been unreadable since {time}: {reason}",
                feed=one.subject,
                time=since,
                reason=one.detail,
            )
        case TroubleKind.SILENT:
            return tr.html("⚠️ Nothing new from {feed} since {time}.", feed=one.subject, time=since)
        case TroubleKind.STUCK:
            return tr.html(
                "⚠️ Messages have been waiting since {time}, and none gets through to Telegram.",
                time=since,
            )
        case TroubleKind.DISK:
            return tr.html(
                "⚠️ The disk is nearly full: {size} MB left. Once it is full, nothing more can be "
                "sent or answered.",
                size=tr.number(int(one.detail)),
            )


def _over(kind: TroubleKind, subject: str, tr: Translator) -> Html:
    match kind:
        case TroubleKind.BROKEN:
            return tr.html("✅ {feed} can be read again.", feed=subject)
        case TroubleKind.SILENT:
            return tr.html("✅ {feed} has news again.", feed=subject)
        case TroubleKind.STUCK:
            return tr.html("✅ Messages get through to Telegram again.")
        case TroubleKind.DISK:
            return tr.html("✅ There is room on the disk again.")


def upgraded(version: str, tr: Translator) -> Post:
    """A newer Kabar has brought the database up to date."""
    return Post(
        tr.html("ℹ️ Kabar {version} is running; its database is up to date.", version=version)
    )
