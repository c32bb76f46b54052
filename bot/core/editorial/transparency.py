"""A month's transparency report: what was decided, reported, corrected and withdrawn, and how long
it took. No person is named. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from bot.core.deadlines import DEADLINE_SECONDS
from bot.core.html import Html, fill, join
from bot.core.language import Translator
from bot.core.model import CorrectionKind
from bot.core.text import fit

_LISTED = 10
"""The most corrections that the message lists; the CSV has them all."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in seconds."""

    median: int | None = None
    worst: int | None = None

    @classmethod
    def of(cls, seconds: Sequence[int]) -> Times:
        """The median and the longest of sorted values."""
        return cls(seconds[len(seconds) // 2], seconds[-1]) if seconds else cls()


@dataclass(frozen=True, slots=True)
class Tickets:
    """Complaints or reports that have to be dealt with within `DEADLINE_SECONDS`: how many were,
    and how long that took."""

    received: int = 0
    kept: int = 0
    missed: int = 0
    """Dealt with too late, or overdue. Those that are neither met nor missed still have time, or
    were withdrawn."""
    times: Times = Times()
    came: tuple[int, ...] = ()
    """When each arrived."""

    @classmethod
    def of(cls, took: Sequence[tuple[int, int | None, bool]], *, now: int) -> Tickets:
        """From triples: when it arrived, when it was dealt with (None: not yet), and whether it no
        longer needs an answer."""
        spans = sorted(max(0, end - at) for at, end, _ in took if end is not None)
        kept = sum(span <= DEADLINE_SECONDS for span in spans)
        overdue = sum(
            end is None and not over and now - at > DEADLINE_SECONDS for at, end, over in took
        )
        missed = len(spans) - kept + overdue
        came = tuple(sorted(at for at, _, _ in took))
        return cls(len(took), kept, missed, Times.of(spans), came)


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of one month; `rejected` by reason, `corrections` with time, kind, headline and
    reason."""

    begin: int
    received: int = 0
    approved: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    waits: Times = Times()
    reports: Tickets = Tickets()
    complaints: Tickets = Tickets()
    corrections: tuple[tuple[int, CorrectionKind, str, str], ...] = ()


def span_of(text: str, *, now: int, zone: tzinfo) -> tuple[int, int]:
    """`2026-11` (or nothing: the month before this one) as its first second and that of the next
    month. Raises ValueError."""
    if text:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=zone)
    else:
        this = datetime.fromtimestamp(now, UTC).astimezone(zone).replace(day=1)
        year, month = (this.year - 1, 12) if this.month == 1 else (this.year, this.month - 1)
        first = datetime(year, month, 1, tzinfo=zone)
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return int(first.timestamp()), int(datetime(year, month, 1, tzinfo=zone).timestamp())


def message(found: Month, tr: Translator) -> Html:
    """The report as a message."""
    rejected = sum(found.rejected.values())
    lines = [
        tr.html("📑 <b>Transparency report · {month}</b>", month=tr.month(found.begin)),
        tr.html(
            "Comments: <b>{received}</b> received, <b>{approved}</b> published, <b>{rejected}</b> "
            "rejected",
            received=tr.number(found.received),
            approved=tr.number(found.approved),
            rejected=tr.number(rejected),
        ),
        *(
            fill("· {reason}: {n}", reason=reason, n=tr.number(n))
            for reason, n in found.rejected.items()
        ),
        *_times(tr.gettext("· time to a decision"), found.waits, tr),
        tr.html("Reports of published comments: <b>{n}</b>", n=tr.number(found.reports.received)),
        *_tickets(found.reports, tr),
        tr.html(
            "Complaints (right of reply or correction): <b>{n}</b>",
            n=tr.number(found.complaints.received),
        ),
        *_tickets(found.complaints, tr),
        tr.html("Corrections and withdrawals: <b>{n}</b>", n=tr.number(len(found.corrections))),
        *(_correction(one, tr) for one in found.corrections[:_LISTED]),
    ]
    return join("\n", lines)


def _tickets(found: Tickets, tr: Translator) -> list[Html]:
    if not found.received:
        return []
    within = tr.html(
        "· answered within 2 × 24 hours: {kept}; later or not at all: {missed}",
        kept=tr.number(found.kept),
        missed=tr.number(found.missed),
    )
    return [within, *_times(tr.gettext("· time to an answer"), found.times, tr)]


def _times(name: str, times: Times, tr: Translator) -> list[Html]:
    if times.median is None or times.worst is None:
        return []
    return [
        tr.html(
            "{name}: {median} (median), {worst} (longest)",
            name=name,
            median=tr.span(times.median),
            worst=tr.span(times.worst),
        )
    ]


def _correction(one: tuple[int, CorrectionKind, str, str], tr: Translator) -> Html:
    at, kind, headline, reason = one
    sign = "⛔" if kind is CorrectionKind.WITHDRAWN else "✏️"
    return fill(
        "{sign} {time} · {headline}{reason}",
        sign=sign,
        time=tr.zoned_moment(at),
        headline=fit(headline, 100),
        reason=f": {reason}" if reason else "",
    )


def a_day(moments: Iterable[int], found: Month, days: int) -> tuple[int, ...]:
    """How many of these moments fall on each day of the month."""
    counts = [0] * days
    for at in moments:
        counts[min(days - 1, max(0, (at - found.begin) // 86_400))] += 1
    return tuple(counts)


def as_csv(found: Month, zone: tzinfo) -> str:
    """The report as rows of kind, name, value, time: for a spreadsheet."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["kind", "name", "value", "time"])
    rows.writerow(["comments", "received", found.received, ""])
    rows.writerow(["comments", "published", found.approved, ""])
    for reason, n in found.rejected.items():
        rows.writerow(["rejected", reason, n, ""])
    tickets = {"reports": found.reports, "complaints": found.complaints}
    for name, one in tickets.items():
        rows.writerow([name, "received", one.received, ""])
        rows.writerow([name, "in time", one.kept, ""])
        rows.writerow([name, "late", one.missed, ""])
    times_of = {
        "decision": found.waits,
        "report": found.reports.times,
        "complaint": found.complaints.times,
    }
    for name, times in times_of.items():
        if times.median is not None:
            rows.writerow(["seconds", f"{name} median", times.median, ""])
            rows.writerow(["seconds", f"{name} longest", times.worst, ""])
    for at, kind, headline, reason in found.corrections:
        when = datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat()
        rows.writerow([kind.value, headline, reason, when])
    return out.getvalue()
