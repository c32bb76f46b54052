"""Fixtures for everybody: a real database in a folder of its own, a clock that tests move."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from itertools import chain, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from bot import i18n
from bot.core.language import Translator
from storage import Database, open_database
from tests.support import databases
from tests.support.postgres import PostgresServer, running

settings.register_profile(
    "kabar",
    deadline=None,  # these machines are noisy; `make bench` measures time
    derandomize=True,  # CI fails because of a change, never by chance
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kabar")

_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
    # What tests write need not wait for a disk: that saves a tenth of their CPU time.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected here stays: searching it for garbage again and again finds none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is started first, a share of it by each worker: started last, it would keep
    one worker busy while the others have nothing to do. What needs PostgreSQL stays on half of the
    workers, and what needs a browser on another one: each would start its own."""
    workers, total = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), len(items)
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    with_server = shares[: (workers + 1) // 2]
    for one in sorted(items, key=_is_short):  # those of a kind in their order
        if one.get_closest_marker("browser"):
            shares[-1].append(one)
        elif _needs_server(one):
            min(with_server, key=len).append(one)
        elif not _is_short(one):
            min(shares, key=len).append(one)
    placed = set(chain.from_iterable(shares))
    rest = iter([one for one in items if one not in placed])
    items.clear()
    for number, share in enumerate(shares):  # xdist gives each worker as many, in this order
        items += share
        items += islice(rest, max(0, total * (number + 1) // workers - len(items)))
    items += rest


def _is_short(item: pytest.Item) -> bool:
    return not any(map(item.get_closest_marker, ("story", "long")))


def _needs_server(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    on_server = called is not None and called.params.get("engine") == "postgresql"
    return on_server or "postgres" in getattr(item, "fixturenames", ())


JAKARTA = ZoneInfo("Asia/Jakarta")
NOON = 1_693_458_000
"""31 August 2023, 12:00 in Jakarta."""


class Clock:
    """Whole seconds, which pass when a test says so."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_(self, seconds: int) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real server, started when the first test asks for it."""
    with running() as server:
        yield server


@pytest.fixture
def engine() -> str:
    """The database that a test runs on. Folders whose tests run on both say so in their
    conftest."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of the test's own."""
    if engine == "sqlite":
        yield databases.empty(tmp_path / "kabar.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def indonesian() -> Translator:
    return i18n.load("id", JAKARTA)


@pytest.fixture(scope="session")
def english() -> Translator:
    return i18n.load("en", JAKARTA)
