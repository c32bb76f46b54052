"""`kabar check`: ticks what is well, says what to do about the rest, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.core.model import TelegramId
from bot.http_server import HttpServer
from bot.monitoring import opening
from bot.monitoring.watch import Watch
from bot.sandbox import Sandbox, WorldChat
from bot.settings import setting_names
from tests.support.feed_site import Site, item, open_site


@dataclass
class Named:
    """Everything that the settings name."""

    telegram: Sandbox
    site: Site
    chat: WorldChat
    out: pytest.CaptureFixture[str]

    def set_webhook(self, url: str) -> None:
        self.telegram.webhook.set(url, secret="", most=40, allowed=None)

    async def check(self) -> tuple[int, str]:
        """The exit status and the table, without line breaks."""
        self.out.readouterr()
        status = await asyncio.to_thread(main, ["check"])
        return status, " ".join(self.out.readouterr().out.split())


@pytest.fixture
async def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Named]:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    async with Sandbox() as telegram, open_site(item("a")) as site:
        chat = telegram.create_supergroup("Meja redaksi", telegram.create_user("Anna"))
        telegram.add_bot(chat, as_admin=True)
        for name, value in {
            "TOKEN": telegram.token,
            "TELEGRAM_URL": telegram.url,
            "FEEDS": site.feed,
            "MODERATORS_CHAT": str(chat.id),
            "ALLOW_PRIVATE_ADDRESSES": "true",
        }.items():
            monkeypatch.setenv(f"KABAR_{name}", value)
        yield Named(telegram, site, chat, capsys)


def created(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_all_is_well_and_nothing_is_created(bench: Named, tmp_path: Path) -> None:
    status, text = await bench.check()
    assert status == 0
    assert text.count("✅") == 4
    assert "@kabar_bot" in text
    assert "Kabar Contoh: 1 entry" in text
    assert "Meja redaksi: the bot can write there" in text
    assert "kabar.db will be made at the first start" in text
    assert not created(tmp_path)


async def test_where_the_feed_was_found(bench: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_FEEDS", bench.site.address)
    bench.site.hub = "https://hub.example/"
    status, text = await bench.check()
    assert status == 0
    assert f"1 entry, found at {bench.site.feed}, hub hub.example" in text


async def test_what_is_wrong_is_crossed(bench: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_FEEDS", f"{bench.site.feed} http://ayu:sandi@127.0.0.1:1/feed")
    monkeypatch.setenv("KABAR_MODERATORS_CHAT", "-100123")
    status, text = await bench.check()
    assert status == 1
    assert text.count("❌") == 2
    assert "sandi" not in text
    monkeypatch.setenv("KABAR_TOKEN", "1:wrong")
    status, text = await bench.check()
    assert status == 1
    assert "KABAR_TOKEN is not accepted; ask @BotFather" in text


async def test_telegram_that_cannot_be_asked(bench: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_TELEGRAM_URL", "http://127.0.0.1:1")
    assert "KABAR_PROXY is a way around" in (await bench.check())[1]
    monkeypatch.setenv("KABAR_PROXY", "socks5://127.0.0.1:1")
    assert "through KABAR_PROXY" in (await bench.check())[1]


@pytest.mark.parametrize(
    ("standing", "rights", "members", "said"),
    [
        ("left", {}, {}, "the bot is not in that group; add it first"),
        (
            "member",
            {},
            {"can_send_messages": False},
            "❌ moderators' chat Meja redaksi: only admin",
        ),
        ("restricted", {"can_send_messages": False}, {}, "lift its restriction, or make the bot"),
        ("restricted", {"can_send_messages": True, "can_send_photos": False}, {}, "no pictures"),
        ("member", {}, {"can_send_photos": False}, "⚠️ moderators' chat Meja redaksi: the bot can"),
        ("administrator", {}, {"can_send_messages": False}, "✅ moderators' chat Meja redaksi"),
    ],
)
async def test_a_closed_moderators_chat(
    bench: Named, standing: str, rights: dict[str, bool], members: dict[str, bool], said: str
) -> None:
    bench.telegram.people.set_member(bench.chat, bench.telegram.bot, standing, rights or None)
    bench.chat.permissions.update(members)
    assert said in (await bench.check())[1]


async def test_a_moderators_forum(bench: Named) -> None:
    bench.chat.forum = True
    bench.telegram.people.set_member(bench.chat, bench.telegram.bot, "member")
    assert "may not manage topics, so all goes to General" in (await bench.check())[1]
    bench.chat.general_closed = True
    status, text = await bench.check()
    assert status == 1
    assert "its General topic is closed: reopen it, or make the bot an administrator" in text
    bench.telegram.people.set_member(bench.chat, bench.telegram.bot, "administrator")
    assert "✅ moderators' chat" in (await bench.check())[1]


async def test_the_web_hook(bench: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.set_webhook("http://other.example/secret")
    _, text = await bench.check()
    assert "⚠️ web hook one at other.example is set" in text
    assert "/secret" not in text
    monkeypatch.setenv("KABAR_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    monkeypatch.setenv("KABAR_LISTEN", "127.0.0.1:0")
    assert "one at other.example is set" in (await bench.check())[1]
    bench.set_webhook("http://127.0.0.1:9/hook")
    text = (await bench.check())[1]  # nobody listens there, which Telegram may have noticed already
    assert "✅ web hook is set" in text or "is the proxy passing on to KABAR_LISTEN?" in text
    bench.telegram.webhook.remove()
    assert "✅ web hook will be set at the start" in (await bench.check())[1]


async def test_ports_that_are_taken(bench: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(listen=None, heartbeat=None, clock=lambda: 0)
    async with HttpServer("127.0.0.1:0", watch.monitor.routes(), setting="X") as server:
        monkeypatch.setenv("KABAR_METRICS_LISTEN", f"127.0.0.1:{server.port}")
        monkeypatch.setenv("KABAR_LISTEN", f"127.0.0.1:{server.port}")
        monkeypatch.setenv("KABAR_PUBLIC_URL", f"http://127.0.0.1:{server.port}")
        status, text = await bench.check()
        assert status == 0
        assert "Kabar is running and answers there" in text
        assert "fine if that is Kabar, else take another port" in text
        assert f"✅ public address http://127.0.0.1:{server.port} answers" in text
    monkeypatch.setenv("KABAR_PUBLIC_URL", "http://127.0.0.1:1")
    text = (await bench.check())[1]
    assert "from here: nobody listens there; hubs and Telegram have to reach it" in text


async def test_a_port_that_kabar_could_not_listen_on(
    bench: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABAR_METRICS_LISTEN", "192.0.2.1:9090")  # TEST-NET: nobody's address
    status, text = await bench.check()
    assert status == 1
    assert "❌ metrics listen KABAR_METRICS_LISTEN: 192.0.2.1:9090 cannot be listened on" in text
    assert "kabar run would end there" in text


async def test_the_heartbeat_is_not_asked(bench: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = bench.site.looks
    monkeypatch.setenv("KABAR_HEARTBEAT_URL", bench.site.feed)
    status, text = await bench.check()
    assert (status, bench.site.looks - looks) == (0, 1)  # as a feed only
    assert "✅ heartbeat 127.0.0.1 can be reached" in text
    monkeypatch.setenv("KABAR_HEARTBEAT_URL", "http://127.0.0.1:1/rahasia")
    status, text = await bench.check()
    assert status == 0
    assert "⚠️ heartbeat KABAR_HEARTBEAT_URL: 127.0.0.1 cannot be reached: nobody" in text
    assert "rahasia" not in text


async def test_the_database(bench: Named, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    await asyncio.to_thread(main, ["migrate"])
    assert "kabar.db: 0 articles, 0 chats" in (await bench.check())[1]
    (tmp_path / "kabar.db").write_bytes(b"dear diary " * 1000)
    status, text = await bench.check()
    assert status == 1
    assert "kabar.db is damaged or is no database" in text
    monkeypatch.setenv("KABAR_DATABASE_URL", "sqlite:///nowhere/kabar.db")
    status, text = await bench.check()
    assert status == 1
    assert "there is no folder nowhere; create it" in text


async def test_secrets_that_others_can_read(bench: Named, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("")
    env.chmod(0o644)
    status, text = await bench.check()
    assert status == 0
    assert "chmod 600 .env" in text


def test_the_start_says_in_five_lines_what_will_be_done() -> None:
    plan = opening.Plan(
        every=60,
        rate=30,
        moderators=TelegramId(-5),
        webhook="https://bot.example/hook/secret",
        public="https://bot.example",
        metrics="127.0.0.1:9090",
    )
    said = opening.lines(plan, 3, 120, "Meja redaksi")
    assert [event for event, _ in said] == [
        "will.read", "will.post", "will.moderate", "will.hear", "will.tell",
    ]  # fmt: skip
    assert "secret" not in str(said)
    bare = opening.lines(opening.Plan(every=60, rate=30, moderators=None), 1, 0, None)
    assert bare[2][1] == {"chat": "none: commenting is off"}
    assert bare[3][1] == {"by": "long polling"}
