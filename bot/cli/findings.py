"""What `kabar check` finds."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Tick(Enum):
    """How serious a finding is."""

    GOOD = "✅"
    LOOK = "⚠️"
    BAD = "❌"


class Finding(NamedTuple):
    """What was checked, and what was found; for a problem, what to do."""

    tick: Tick
    what: str
    found: str
