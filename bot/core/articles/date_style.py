"""How a feed writes its dates, as its dates show it: the zone, and the order of day and month."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from bot.core.articles.clocks import clock_in, zone_in
from bot.core.articles.dates import (
    DateStyle,
    Order,
    day_in,
    numbers_in,
    tidy,
    writes_numbers,
    written_moment,
)

_TOMORROW = timedelta(days=1, hours=12)
"""A date may lie this far ahead: clocks go wrong, and the zone may be a different one."""
_FRESH = 45
"""Days within which a feed's newest entry is expected."""


def parse_moment(value: object, *, now: int, zone: tzinfo = UTC) -> int | None:
    """Epoch seconds of a text or a number taken by itself, None if it is no date.

    Without a zone of its own it is read in `zone`. A moment in the future becomes `now`.
    """
    order = order_of([value], now=now) if isinstance(value, str) else Order.DAY_FIRST
    moment = written_moment(value, DateStyle(zone, order, now))
    return None if moment is None else min(moment, now)


def zone_of(written: Iterable[object]) -> tzinfo | None:
    """The zone that most of these dates show, None when none of them does."""
    shown: Counter[tzinfo] = Counter()
    for value in written:
        zone = _shown_zone(tidy(value)) if isinstance(value, str) and value else None
        if zone is not None:
            shown[zone] += 1
    return shown.most_common(1)[0][0] if shown else None


def order_of(written: Sequence[object], *, now: int, live: bool = False) -> Order:
    """The order of day and month in dates that stand together, as they are in a feed.

    Decided by, first to last: which order makes all of them valid dates (a day above 12, the day of
    the week), puts none into the future, makes them rise or fall, and places them close together;
    `live`: the newest is expected to be fresh, and then a twelve-hour clock suggests that the month
    is first. In doubt the day is first, as in most of the world.
    """
    texts = [tidy(one) for one in written if isinstance(one, str) and writes_numbers(one[:100])]
    if not texts:
        return Order.DAY_FIRST
    return min(Order, key=lambda order: _unlikely(texts, order, now, live))


def _unlikely(texts: Sequence[str], order: Order, now: int, live: bool) -> tuple[int, ...]:
    days = [numbers_in(text, order) for text in texts]
    known = [day for day in days if day is not None]
    if not known:
        return (len(texts),)
    latest = (datetime.fromtimestamp(now, UTC) + _TOMORROW).date()
    future = sum(day > latest for day in known)
    steps = [(later - earlier).days for earlier, later in pairwise(known)]
    disorder = min(sum(step > 0 for step in steps), sum(step < 0 for step in steps))
    span = int(math.log2((max(known) - min(known)).days + 1))
    stale = min(max((latest - max(known)).days // _FRESH, 0), 1) if live else 0
    halves = any("m" in text[-4:].lower() for text in texts)
    foreign = order is not Order.MONTH_FIRST if live and halves else order is not Order.DAY_FIRST
    return (len(texts) - len(known), future, disorder, span, stale, foreign)


def _shown_zone(text: str) -> tzinfo | None:
    """The zone that a date of any form names."""
    try:
        found = day_in(text)
    except (ValueError, OverflowError):
        return None
    clock = clock_in(found[1]) if found else None
    if not found or not clock or not clock.end:
        return None
    return zone_in(found[1][clock.end :], seconds=clock.exact)
