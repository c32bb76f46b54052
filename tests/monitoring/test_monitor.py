"""/metrics, /healthz and /readyz over real HTTP, and the files of deploy/ that read them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from bot.core.errors import OperatorError, StorageError
from bot.health import Health
from bot.http_server import HttpServer
from bot.monitoring.metrics import Metrics
from bot.monitoring.monitor import Monitor, Sources
from storage import Database, feeds
from storage.observed import ObservedDatabase
from tests.conftest import Clock

DEPLOY = Path(__file__).parents[2] / "deploy"


class Seen:
    """A monitor that is served, and what it says."""

    def __init__(self, db: Database, clock: Clock, folder: Path) -> None:
        self.metrics = Metrics()
        self.seconds = 0.0
        self.health = Health(lambda: self.seconds)
        self.monitor = Monitor(self.metrics, self.health, clock=clock)
        self.left = 0
        self.sources = Sources(
            ObservedDatabase(db, self.metrics.time_database),
            lambda: self.left,
            30,
            folder / "kabar.db",
            lambda: {"polling": True, "sending": False},
        )
        self.address = ""

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def values(self) -> dict[str, float]:
        """Each sample with its labels' values."""
        _, text = await self.get("/metrics")
        return {
            " ".join((one.name, *one.labels.values())): one.value
            for family in families(text)
            for one in family.samples
        }


@pytest.fixture
async def seen(db: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Seen]:
    found = Seen(db, clock, tmp_path)
    async with HttpServer("127.0.0.1:0", found.monitor.routes(), setting="X") as server:
        found.address = f"http://127.0.0.1:{server.port}"
        yield found


async def test_before_it_is_built_the_process_lives_and_is_not_ready(seen: Seen) -> None:
    assert await seen.get("/healthz") == (200, "ok\n")
    assert await seen.get("/readyz") == (503, "The program is starting.\n")
    assert (await seen.values())["kabar_ready"] == 0


async def test_ready_until_a_loop_stands_still(seen: Seen) -> None:
    seen.monitor.watch(seen.sources)
    beat = seen.health.beat("polling", within=60)
    beat()
    seen.seconds = 59
    assert await seen.get("/readyz") == (200, "ok\n")
    assert (await seen.values())["kabar_loop_age_seconds polling"] == 59
    seen.seconds = 61
    assert await seen.get("/readyz") == (503, "The loop of polling stands still.\n")
    assert (await seen.values())["kabar_ready"] == 0
    beat()
    assert await seen.get("/readyz") == (200, "ok\n")


async def test_what_hangs_on_telegram_is_told_outside_only(seen: Seen) -> None:
    seen.monitor.watch(seen.sources)
    seen.health.beat("Telegram", within=300, outside=True)()
    seen.seconds = 301
    assert await seen.monitor.amiss() == []
    assert await seen.monitor.silent() == ["No word from Telegram."]


async def test_a_database_that_is_away(seen: Seen, db: Database) -> None:
    class Away:
        dialect = "sqlite"
        transaction = db.transaction
        close = db.close

        def reading(self) -> object:
            raise StorageError("The database is away.")

    seen.monitor.watch(Sources(Away(), lambda: 0, 30))  # type: ignore[arg-type]
    assert await seen.get("/readyz") == (503, "The database is away.\n")
    assert (await seen.values())["kabar_ready"] == 0


async def test_a_database_file_that_was_taken_away(seen: Seen, tmp_path: Path) -> None:
    """What is written into it from then on is lost with the end of the program."""
    file = tmp_path / "kabar.db"
    file.touch()
    seen.monitor.watch(replace(seen.sources, file=file))
    assert await seen.get("/readyz") == (200, "ok\n")
    away = file.rename(tmp_path / "away.db")
    moved = (503, "The database file is not where it was: put it back, and start anew.\n")
    assert await seen.get("/readyz") == moved
    file.touch()  # another one
    assert await seen.get("/readyz") == moved
    away.replace(file)
    assert await seen.get("/readyz") == (200, "ok\n")


async def test_how_things_stand(seen: Seen, db: Database, clock: Clock) -> None:
    async with db.transaction() as tx:
        await feeds.configure(
            tx, [("https://ayu:sandi@a.example/f", ""), ("https://b.example", "")]
        )
        good, bad = await feeds.active(tx)
        looked: Any = {
            "title": "",
            "language": "",
            "etag": "",
            "last_modified": "",
            "body_hash": "",
        }
        for one in (good, bad):
            await feeds.looked(
                tx, one.id, now=clock.now, due_at=0, found="", news=one is good, **looked
            )
        await tx.run(
            "INSERT INTO inbox (update_id, payload, received_at) VALUES (1, '{}', :now)",
            now=clock.now,
        )
    clock.pass_(60)
    async with db.transaction() as tx:
        await feeds.failed(tx, bad.id, now=clock.now, due_at=0, trouble="no")
    clock.pass_(60)
    async with db.transaction() as tx:
        await feeds.failed(tx, bad.id, now=clock.now, due_at=0, trouble="no")
        await feeds.unchanged(tx, [(good.id, 0)], now=clock.now)
    seen.monitor.watch(seen.sources)
    seen.left = 7
    seen.metrics.count_feed_error("https://ayu:sandi@a.example/f", "404")
    seen.metrics.count_outcomes({("post", "ChatGone"): 2})
    seen.metrics.count_answer(429)
    seen.metrics.see_update({"update_id": 1, "message": {"date": clock.now - 3}}, clock.now)
    found = await seen.values()
    name = "https://***@a.example/f"
    assert found[f"kabar_feed_last_success_timestamp_seconds {name}"] == clock.now
    assert found[f"kabar_feed_newest_article_timestamp_seconds {name}"] == clock.now - 120
    assert found[f"kabar_feed_errors_total {name} 404"] == 1
    assert found["kabar_feed_last_success_timestamp_seconds https://b.example"] == clock.now - 60
    assert found["kabar_feed_failures https://b.example"] == 2
    assert found["kabar_deliveries_total post chat_gone"] == 2
    assert found["kabar_telegram_answers_total 429"] == 1
    assert found["kabar_telegram_messages_total"] == 7
    assert found["kabar_rate_allowed"] == 30
    assert found["kabar_updates_waiting"] == 1
    assert found["kabar_updates_oldest_seconds"] == 120
    assert found["kabar_update_lag_seconds_sum"] == 3
    assert found["kabar_leader polling"] == 1
    assert found["kabar_database_seconds_count read"] > 0
    assert found["kabar_disk_free_bytes"] > 0
    seen.left = 9
    assert (await seen.values())["kabar_telegram_messages_total"] == 9


async def test_a_port_in_use_is_one_sentence(seen: Seen) -> None:
    listen = seen.address.removeprefix("http://")
    with pytest.raises(OperatorError, match=r"^KABAR_METRICS_LISTEN: 127.* cannot be listened on"):
        async with HttpServer(listen, [], setting="KABAR_METRICS_LISTEN"):
            pass


def metric_names() -> set[str]:
    """All that /metrics can show, and what Prometheus makes of histograms and counters."""
    names = set()
    for one in Metrics().registry.collect():
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}
        names |= {one.name + end for end in suffixes.get(one.type, [""])}
        names |= {f"{one.name}_info"} if one.type == "info" else set()
    return names


def expressions() -> list[str]:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    found = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    return [*found, (DEPLOY / "alerts.yml").read_text("utf-8")]


def test_dashboard_and_alerts_name_metrics_that_exist() -> None:
    named = set(re.findall(r"\b(?:kabar|process)_[a-z_]+", "\n".join(expressions())))
    assert named <= metric_names()


def test_the_dashboard_shows_every_metric_of_ours() -> None:
    text = "\n".join(expressions())
    ours = {one.name for one in Metrics().registry.collect() if one.name.startswith("kabar_")}
    assert [name for name in ours if name not in text] == []
