"""What `kabar check` finds."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Tick(Enum):
    """How a finding is."""

    GOOD = "✅"
    LOOK = "⚠️"
    BAD = "❌"


class Finding(NamedTuple):
    """What was looked at, and what was found; in trouble, what to do."""

    tick: Tick
    what: str
    found: str
