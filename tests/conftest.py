"""Fixtures for everybody: a real database in a folder of its own, a clock that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from bot import i18n
from bot.core.language import Translator
from storage import Database, open_database

settings.register_profile(
    "kabar",
    deadline=None,  # these machines are noisy; time is measured by `make bench`
    derandomize=True,  # CI fails for a change, never for luck
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kabar")

JAKARTA = ZoneInfo("Asia/Jakarta")
NOON = 1_693_458_000
"""31 August 2023, 12:00 in Jakarta."""


class Clock:
    """Whole seconds that pass when a test says so."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_(self, seconds: int) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{tmp_path / 'kabar.db'}")
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def indonesian() -> Translator:
    return i18n.load("id", JAKARTA)


@pytest.fixture(scope="session")
def english() -> Translator:
    return i18n.load("en", JAKARTA)
