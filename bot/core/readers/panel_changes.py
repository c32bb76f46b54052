"""What a press on a page of /settings changes: payload and preferences -> preferences. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.hours import DAY, Hours
from bot.core.readers import wishes
from bot.core.readers.panel_parts import Page
from bot.core.readers.preferences import EVERY_DAY, Digest, Preferences
from bot.core.readers.wishes import Off, Unclear
from bot.core.text import whole_number


def changed(page: Page, value: str, wants: Preferences) -> Preferences | None:
    """A chat's preferences after a press; None for a payload that is not ours, or about something
    stored elsewhere."""
    change = _CHANGES.get(page)
    return change(value, wants) if change else None


def _change_digest(value: str, wants: Preferences) -> Preferences | None:
    if value == "off":
        return replace(wants, digest=None)
    pair = _pair(value)
    if pair is None or pair[0] >= DAY or not 0 < pair[1] <= EVERY_DAY:
        return None
    return replace(wants, digest=Digest(*pair))


def _change_quiet(value: str, wants: Preferences) -> Preferences | None:
    if value == "off":
        return replace(wants, quiet=None)
    pair = _pair(value)
    if pair is None or max(pair) >= DAY or pair[0] == pair[1]:
        return None
    return replace(wants, quiet=Hours(*pair))


def _change_limit(value: str, wants: Preferences) -> Preferences | None:
    wanted = wishes.limit(value)
    if isinstance(wanted, Unclear):
        return None
    return replace(wants, limit=None if isinstance(wanted, Off) else wanted)


def _change_zone(value: str, wants: Preferences) -> Preferences | None:
    try:
        return replace(wants, zone=ZoneInfo(value))
    except (OSError, ValueError):  # no such zone, or the folder of several
        return None


def _pair(value: str) -> tuple[int, int] | None:
    first, _, second = value.partition(".")
    numbers = whole_number(first), whole_number(second)
    return None if numbers[0] is None or numbers[1] is None else (numbers[0], numbers[1])


def _change_flag(page: Page) -> Callable[[str, Preferences], Preferences | None]:
    def change(value: str, wants: Preferences) -> Preferences | None:
        on = {"on": True, "off": False}.get(value)
        if on is None:
            return None
        if page is Page.BREAKING:
            return replace(wants, breaking_only=on)
        return (
            replace(wants, pictures=on) if page is Page.PICTURES else replace(wants, silent=not on)
        )

    return change


_CHANGES: dict[Page, Callable[[str, Preferences], Preferences | None]] = {
    Page.DIGEST: _change_digest,
    Page.QUIET: _change_quiet,
    Page.LIMIT: _change_limit,
    Page.ZONE: _change_zone,
    **{page: _change_flag(page) for page in (Page.BREAKING, Page.PICTURES, Page.SOUND)},
}
