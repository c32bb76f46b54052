"""Where an article goes, and why not elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.editorial.routes import ChannelRoute, Reach, message, summary
from bot.core.hours import Hours
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, ChatKind
from bot.core.readers.choice import News
from bot.core.readers.filters import words_of
from bot.core.readers.preferences import Digest, Preferences
from tests.conftest import JAKARTA, NOON
from tests.support.telegram_parser import parse

WORDS = words_of(Article(ArticleId(7), "Harga beras naik", source="Antara", topics=("Ekonomi",)))
PLAIN = Preferences(JAKARTA)
ROUTE = ChannelRoute("Kanal <Warta>", "warta", ChatKind.CHANNEL, 0, PLAIN, True, (), on_topic=False)
SPORT: dict[str, Any] = {"everything": False, "topics": ("Olahraga", "Sepak bola")}


def reach(*found: ChannelRoute, out: bool = False, breaking: bool = False) -> Reach:
    return Reach(7, found, WORDS, News(breaking=breaking), private=12, out=out)


def said(*found: ChannelRoute, tr: Translator, out: bool = False, breaking: bool = False) -> str:
    return parse(message(reach(*found, out=out, breaking=breaking), tr, now=NOON))[0]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "✓ 📣 Kanal <Warta> (@warta): as a post"),
        ({"delivery": "sent"}, "✓ 📣 Kanal <Warta> (@warta): posted"),
        ({"delivery": "due"}, "on its way"),
        ({"delivery": "dead"}, "✗ 📣 Kanal <Warta> (@warta): Telegram refused it there"),
        ({"gone": True}, "✗ 📣 Kanal <Warta> (@warta): the bot is no longer there"),
        ({"active": False}, "paused"),
        ({"rests": True}, "closed at the moment"),
        (SPORT, "wants only Olahraga, Sepak bola"),
        ({**SPORT, "on_topic": True}, "as a post"),
        ({"everything": True, "topics": ("Ekonomi",), "on_topic": True}, "wants all but Ekonomi"),
        ({"wants": replace(PLAIN, filter="sumber:cnn -iklan")}, "its filter: sumber:cnn -iklan"),
        ({"wants": replace(PLAIN, filter="sumber:antara beras")}, "as a post"),
        ({"wants": replace(PLAIN, digest=Digest(420))}, "✓ 📣 Kanal <Warta> (@warta): with its di"),
        ({"wants": replace(PLAIN, quiet=Hours(600, 900))}, "after its quiet hours"),
        ({"wants": replace(PLAIN, limit=3), "posted_today": 3}, "in the evening"),
        ({"wants": replace(PLAIN, breaking_only=True)}, "wants breaking news only"),
        ({"kind": ChatKind.SUPERGROUP, "username": "", "thread": 9}, "👥 Kanal <Warta> #9: as a"),
    ],
)
def test_each_reason_is_told(changes: dict[str, Any], line: str, english: Translator) -> None:
    text = said(replace(ROUTE, **changes), tr=english)
    assert line in text
    assert "👤 12 private chats whose topics it fits" in text


def test_what_is_out_says_what_became_of_it_and_breaking_news_passes(english: Translator) -> None:
    assert "subscribed later" in said(ROUTE, tr=english, out=True)
    digest = replace(ROUTE, wants=replace(PLAIN, digest=Digest(420)))
    assert "as a post" in said(digest, tr=english, breaking=True)


def test_many_fit_into_one_message_those_that_get_it_first(english: Translator) -> None:
    many = [replace(ROUTE, title=f"Kanal {n} " + "x" * 60, **SPORT) for n in range(99)]
    text = said(*many, ROUTE, tr=english)
    assert len(text) <= 4096
    assert "more" in text.splitlines()[-1]
    assert text.splitlines()[2].startswith("✓")
    assert "No channel or group" in said(tr=english)


SPORTS = replace(ROUTE, title="Olahraga", **SPORT)
GROUP = replace(ROUTE, title="Warga", kind=ChatKind.SUPERGROUP)


@pytest.mark.parametrize(
    ("found", "out", "line"),
    [
        ((), False, "→ 👤 12"),
        ((), True, ""),
        ((ROUTE, ROUTE, GROUP), False, "→ 👤 12 · 📣 2 · 👥 1"),
        ((replace(ROUTE, delivery="sent"), GROUP), True, "→ 📣 1 · ✗ Warga (it subscribed later"),
        ((SPORTS,), False, "→ 👤 12 · ✗ Olahraga (wants only Olahraga, Sepak bola)"),
        ((SPORTS, ROUTE, replace(GROUP, active=False), SPORTS, SPORTS), False,
         "→ 👤 12 · 📣 1 · ✗ Olahraga (wants only Olahraga, Sepak bola), Warga (paused), +2"),
    ],
)  # fmt: skip
def test_a_line_counts_who_gets_it_and_names_the_first_who_do_not(
    found: tuple[ChannelRoute, ...], out: bool, line: str, english: Translator
) -> None:
    text = summary(reach(*found, out=out), english, now=NOON)
    assert (parse(text)[0] if text else "").startswith(line)
    assert bool(text) == bool(line)
