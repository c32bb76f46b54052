"""Settings: names and defaults of the contract, one sentence per fault, `.env.example` true."""

from __future__ import annotations

from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.core.errors import OperatorError
from bot.core.hours import Hours
from bot.settings import (
    FeedSource,
    Settings,
    StoreSettings,
    load,
    others_read_env,
    parse_feeds,
    setting_names,
)

EXAMPLE = Path(__file__).parents[1] / ".env.example"
GOOD = {"KABAR_TOKEN": "123456:ABC-def", "KABAR_FEEDS": "https://paper.example/feed"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def loaded(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in (GOOD | values).items():
        monkeypatch.setenv(name, value)
    return load(Settings)


def faults(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    with pytest.raises(OperatorError) as caught:
        loaded(monkeypatch, **values)
    return str(caught.value).split("\n")


def test_example_names_every_setting_with_its_default() -> None:
    example = dotenv_values(EXAMPLE)
    assert set(example) == set(setting_names())
    for name, field in Settings.model_fields.items():
        text = example["KABAR_" + name.upper()] or ""
        default = None if field.is_required() else field.default
        expected = "" if default is None else str(default)
        assert text == (expected.lower() if isinstance(default, bool) else expected)


def test_example_is_accepted_once_the_two_required_ones_are_filled(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    text = text.replace("KABAR_TOKEN=", "KABAR_TOKEN=" + GOOD["KABAR_TOKEN"])
    text = text.replace("KABAR_FEEDS=", "KABAR_FEEDS=" + GOOD["KABAR_FEEDS"])
    (tmp_path / ".env").write_text(text, "utf-8")
    assert load(Settings).feeds == (FeedSource("https://paper.example/feed"),)


def test_settings_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch)
    with pytest.raises(ValueError, match="frozen"):
        settings.rate = 5


def test_token_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ABC-def" not in repr(loaded(monkeypatch))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"KABAR_TOKEN": "nonsense"}, "KABAR_TOKEN"),
        ({"KABAR_FEEDS": "nonsense"}, "KABAR_FEEDS"),
        ({"KABAR_FEEDS": "https://paper.example/feed, dan lagi"}, "KABAR_FEEDS"),
        ({"KABAR_FEEDS": "https://"}, "KABAR_FEEDS"),
        ({"KABAR_FEEDS": " , "}, "KABAR_FEEDS"),
        ({"KABAR_FEEDS": "ftp://paper.example/feed"}, "KABAR_FEEDS"),
        ({"KABAR_MODERATORS_CHAT": "@moderators"}, "KABAR_MODERATORS_CHAT"),
        ({"KABAR_LANGUAGE": "tlh"}, "KABAR_LANGUAGE"),
        ({"KABAR_TIMEZONE": "Asia/Atlantis"}, "KABAR_TIMEZONE"),
        ({"KABAR_POLL_SECONDS": "soon"}, "KABAR_POLL_SECONDS"),
        ({"KABAR_POLL_SECONDS": "0"}, "KABAR_POLL_SECONDS"),
        ({"KABAR_TELEGRAM_URL": "localhost:8081"}, "KABAR_TELEGRAM_URL"),
        ({"KABAR_RATE": "0"}, "KABAR_RATE"),
        ({"KABAR_RATE": "100"}, "KABAR_RATE"),
        ({"KABAR_RATE": "2000", "KABAR_PAID_BROADCAST": "true"}, "KABAR_RATE"),
        ({"KABAR_GRACE_SECONDS": "-1"}, "KABAR_GRACE_SECONDS"),
        ({"KABAR_WEBHOOK_SECRET": "no spaces please"}, "KABAR_WEBHOOK_SECRET"),
        ({"KABAR_LISTEN": "8080"}, "KABAR_LISTEN"),
        ({"KABAR_LISTEN": "127.0.0.1:²"}, "KABAR_LISTEN"),
        ({"KABAR_WEBHOOK_URL": "https://paper.example/hook"}, "KABAR_LISTEN"),
        ({"KABAR_LOG_FORMAT": "xml"}, "KABAR_LOG_FORMAT"),
        ({"KABAR_ALLOW_PRIVATE_ADDRESSES": "perhaps"}, "KABAR_ALLOW_PRIVATE_ADDRESSES"),
        ({"KABAR_QUIET_HOURS": "at night"}, "KABAR_QUIET_HOURS"),
        ({"KABAR_TOKN": "typo"}, "KABAR_TOKN"),
        ({"KABAR_TOKN_FILE": "typo"}, "KABAR_TOKN_FILE"),
        ({"KABAR_PROXY": "socks4://a:1"}, "KABAR_PROXY"),
        ({"KABAR_PROXY": "socks5://127.0.0.1"}, "KABAR_PROXY"),
        ({"KABAR_PROXY": "http://a:99999"}, "KABAR_PROXY: expected http://host:port or socks5"),
        ({"KABAR_PUBLIC_URL": "https://[a"}, "KABAR_PUBLIC_URL: expected an http or https address"),
        ({"KABAR_FEEDS": "https://ani:sandi@[a/f"}, "KABAR_FEEDS: https://***@[a/f is no http"),
        ({"KABAR_PUBLIC_URL": "https://bot.example"}, "KABAR_LISTEN"),
        ({"KABAR_HEARTBEAT_URL": "ping"}, "KABAR_HEARTBEAT_URL"),
        ({"KABAR_FEEDS": "nowhere.opml"}, "KABAR_FEEDS: nowhere.opml cannot be read"),
        ({"KABAR_WEBHOOK_SECRET_FILE": "nowhere"}, "KABAR_WEBHOOK_SECRET_FILE: nowhere cannot be"),
        ({"KABAR_TOKEN_FILE": "token"}, "KABAR_TOKEN and KABAR_TOKEN_FILE are both set"),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    sentences = faults(monkeypatch, **values)
    assert len(sentences) == 1
    assert sentences[0].startswith(named)
    assert sentences[0].endswith(".")


def test_every_fault_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(faults(monkeypatch, KABAR_TOKEN="x", KABAR_RATE="x", KABAR_FOO="1")) == 3


def test_a_newcomer_is_told_where_settings_live() -> None:
    with pytest.raises(OperatorError, match=r"copy \.env\.example to \.env"):
        load(Settings)


def test_every_setting_can_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(GOOD["KABAR_TOKEN"] + "\n")
    (tmp_path / "rate").write_text("5\n")
    (tmp_path / "list.opml").write_text('<opml><outline text="A" xmlUrl="a.example/f"/></opml>')
    monkeypatch.setenv("KABAR_TOKEN_FILE", "token")
    monkeypatch.setenv("KABAR_RATE_FILE", "rate")
    (tmp_path / ".env").write_text("KABAR_FEEDS=list.opml\nKABAR_LOG_LEVEL_FILE=\n")
    settings = load(Settings)
    assert settings.token.get_secret_value() == GOOD["KABAR_TOKEN"]
    assert settings.rate == 5
    assert settings.feeds == (FeedSource("https://a.example/f", "A"),)
    assert load(StoreSettings).rate == 5


def test_a_bad_value_in_a_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "rate").write_text("fast")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    [sentence] = faults(monkeypatch, KABAR_RATE_FILE="rate")
    assert sentence.startswith("KABAR_RATE_FILE: rate: ")
    (tmp_path / "token").write_text("\n")
    _, sentence = sorted(faults(monkeypatch, KABAR_TOKEN="", KABAR_TOKEN_FILE="token"))
    assert sentence.startswith("KABAR_TOKEN_FILE: token: expected a token")
    assert "it is no text" in faults(monkeypatch, KABAR_RATE_FILE="binary")[0]


def test_others_who_can_read_the_file_are_noticed(tmp_path: Path) -> None:
    assert not others_read_env()
    file = tmp_path / ".env"
    file.touch(0o600)
    assert not others_read_env()
    file.chmod(0o640)
    assert others_read_env()


def test_unknown_names_in_the_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KABAR_FEED=https://paper.example\n")
    with pytest.raises(OperatorError, match="KABAR_FEED is not a setting"):
        load(StoreSettings)


def test_commands_on_the_archive_need_neither_token_nor_feeds() -> None:
    assert load(StoreSettings).database_url == "sqlite:///kabar.db"


def test_quiet_hours_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch).quiet == Hours(22 * 60, 6 * 60)
    assert loaded(monkeypatch, KABAR_QUIET_HOURS="off").quiet is None


def test_paid_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch, KABAR_RATE="1000", KABAR_PAID_BROADCAST="true").rate == 1000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/f", [("https://a.example/f", "")]),
        (
            "https://a.example/f,https://b.example/g\n https://c.example",
            [("https://a.example/f", ""), ("https://b.example/g", ""), ("https://c.example", "")],
        ),
        ("Kabar=https://a.example/f", [("https://a.example/f", "Kabar")]),
        ("Kabar Contoh=https://a.example/f?x=1", [("https://a.example/f?x=1", "Kabar Contoh")]),
        ("https://a.example/f?x=1", [("https://a.example/f?x=1", "")]),
        ("https://a.example/f https://a.example/f", [("https://a.example/f", "")]),
        ("www.a.com", [("https://www.a.com", "")]),
        ("a.com/f b.co.id", [("https://a.com/f", ""), ("https://b.co.id", "")]),
        ("a.com https://b.com", [("https://a.com", ""), ("https://b.com", "")]),
        ("Kabar Contoh=a.com/?feed=rss2", [("https://a.com/?feed=rss2", "Kabar Contoh")]),
        ("a.com/?feed=rss2", [("https://a.com/?feed=rss2", "")]),
        ("PAPER.Com Dunia=https://a.com", [("https://a.com", "PAPER.Com Dunia")]),
        ("paper.com, Dunia=https://a.com", [("https://paper.com", ""), ("https://a.com", "Dunia")]),
        ("Dunia https://a.com", [("https://a.com", "Dunia")]),
        ("localhost:8080/feed", [("http://localhost:8080/feed", "")]),
        ("127.0.0.1:8080", [("http://127.0.0.1:8080", "")]),
    ],
)
def test_feed_addresses(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.address, one.name) for one in parse_feeds(text)] == expected


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KABAR_POLL_SECONDS", "abc", "KABAR_POLL_SECONDS: expected a whole number."),
        ("KABAR_TIMEZONE", "Mars/X", "KABAR_TIMEZONE: Mars/X is no time zone"),
        ("KABAR_NOTICES", "often", "KABAR_NOTICES: expected true or false."),
    ],
)
def test_faults_are_told_in_our_words_and_as_they_were_spelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError) as raised:
        load(Settings)
    assert sentence in str(raised.value)
    assert "pydantic" not in str(raised.value)


def test_an_env_file_that_is_no_text_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes("KABAR_RATE=30".encode("utf-16"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OperatorError, match="save it as UTF-8 text"):
        load(Settings)
