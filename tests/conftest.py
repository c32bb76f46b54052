"""Fixtures for everybody: a real database in a folder of its own, a clock that tests move."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from itertools import islice
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
    deadline=None,  # these machines are noisy; time is measured by `make bench`
    derandomize=True,  # CI fails for a change, never for luck
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kabar")

_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
    # What tests write to their folders need not wait for a disk; a tenth of their CPU time goes.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected here stays: looking through it for garbage again and again finds none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, by each worker its share of it: begun last, it would be
    waited for while all other workers have nothing to do. What needs a browser follows at one
    worker, what needs PostgreSQL at half of them: each would start its own."""
    workers, total = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), len(items)
    kinds: dict[str, list[pytest.Item]] = {kind: [] for kind in ("long", "browser", "server", "")}
    for one in items:
        kinds[_kind(one)].append(one)
    short, servers = iter(kinds[""]), (workers + 1) // 2
    items.clear()
    for number in range(workers):  # xdist gives each worker as many, in this order
        items += kinds["long"][number::workers]
        items += kinds["browser"] if number == 0 else []
        items += kinds["server"][number::servers] if number < servers else []
        items += islice(short, max(0, total * (number + 1) // workers - len(items)))
    items += short


def _kind(item: pytest.Item) -> str:
    """Of what a test needs, whatever costs most."""
    if any(map(item.get_closest_marker, ("story", "long"))):
        return "long"
    if item.get_closest_marker("browser"):
        return "browser"
    called = getattr(item, "callspec", None)
    fixtures = getattr(item, "fixturenames", ())
    on_server = called is not None and called.params.get("engine") == "postgresql"
    return "server" if on_server or "postgres" in fixtures else ""


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real server, started when the first test asks for it."""
    with running() as server:
        yield server


@pytest.fixture
def engine() -> str:
    """Which database a test runs on. Folders whose tests run on both say so in their conftest."""
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
