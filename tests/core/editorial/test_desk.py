"""What waits for editors, and what they type for a time: by table and by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.editorial import cards
from bot.core.editorial.corrections import deserves_mark
from bot.core.editorial.desk import (
    EditorialState,
    Hold,
    Policy,
    policy,
    suggested_times,
    written_time,
)
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, Picture

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = int(datetime(2026, 11, 26, 15, 0, tzinfo=JAKARTA).timestamp())
SEEN = Article(ArticleId(1), "Harga beras turun", lead="Di pasar.", source="Antara")


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=JAKARTA).timestamp())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:30", at(26, 18, 30)),
        ("18.30", at(26, 18, 30)),
        ("14:00", at(27, 14)),  # its next coming
        ("besok 07:00", at(27, 7)),
        ("tomorrow 7 am", None),
        ("hari ini 18:30", at(26, 18, 30)),
        ("lusa 9", at(28, 9)),
        ("28.11. 18:30", at(28, 18, 30)),
        ("28/11/2026 18:30", at(28, 18, 30)),
        ("2026-12-01, 06:00", at(1, 6, month=12)),
        ("hari ini 09:00", at(26, 9)),  # in the past: the caller says so
        ("31.2. 10:00", None),
        ("nanti", None),
        ("", None),
        ("²8.11. 18:30", None),
    ],
)
def test_written_times(text: str, expected: int | None) -> None:
    assert written_time(text, now=NOW, zone=JAKARTA) == expected


@given(st.text(max_size=40))
def test_no_text_can_break_a_time(text: str) -> None:
    written_time(text, now=NOW, zone=JAKARTA)


@given(st.integers(NOW, NOW + 366 * 86_400))
def test_suggested_times_lie_ahead(now: int) -> None:
    times = suggested_times(now, JAKARTA)
    assert len(times) == 5
    assert all(now < one <= now + 25 * 3600 for one in times)


@pytest.mark.parametrize(
    ("hold", "topics", "held"),
    [
        ("none", ("Ekonomi",), False),
        ("all", (), True),
        ("ALL", ("Ekonomi",), True),
        ("Ekonomi, Luar Negeri", ("luar negeri",), True),
        ("Ekonomi", ("Budaya",), False),
    ],
)
def test_which_articles_wait(hold: str, topics: tuple[str, ...], held: bool) -> None:
    assert policy(hold).holds(topics) is held


def test_breaking_topics_and_minutes() -> None:
    chosen = policy("all", minutes=30, breaking="Gempa, Tsunami")
    assert chosen.is_breaking(["GEMPA"])
    assert policy("none", breaking="Bencana Alam").is_breaking(["bencana-alam"])
    assert chosen.release_at(NOW) == NOW + 1800
    assert Policy().release_at(NOW) is None


@pytest.mark.parametrize(
    ("after", "marked"),
    [
        (replace(SEEN, headline="Harga beras naik"), True),
        (replace(SEEN, lead="Di pasar induk."), True),
        (replace(SEEN, source="Kompas"), True),
        (replace(SEEN, picture=Picture("https://a.example/1.jpg")), True),
        (replace(SEEN, link="https://a.example/lain"), False),
        (replace(SEEN, headline="Harga  beras turun"), False),
    ],
)
def test_changes_that_readers_saw_are_marked(after: Article, marked: bool) -> None:
    assert deserves_mark(SEEN, after, posted_at=NOW, now=NOW + 601) is marked
    assert not deserves_mark(SEEN, after, posted_at=NOW, now=NOW + 600)
    assert not deserves_mark(SEEN, after, posted_at=None, now=NOW)


@pytest.mark.parametrize("hold", list(Hold))
@pytest.mark.parametrize("out", [False, True])
def test_every_state_has_its_words_and_its_buttons(
    english: Translator, hold: Hold, out: bool
) -> None:
    one = EditorialState(
        ArticleId(7),
        hold,
        release_at=NOW + 60 if hold is Hold.SCHEDULED else None,
        announced_at=NOW if out else None,
        decided_at=NOW,
    )
    card = cards.card(SEEN, one, english, bot_username="kabar_bot", now=NOW)
    assert card.text.startswith("🗂 <b>#7</b> · ")
    labels = "".join(button.text for row in card.keyboard for button in row)
    assert ("🚀" in labels) is not out
    assert ("⛔" in labels) is (one.waits and not out)
    assert ("↩" in labels) is (hold is Hold.STOPPED and not out)


def test_an_article_that_nobody_has_yet_is_on_its_way(english: Translator) -> None:
    out = EditorialState(ArticleId(7), announced_at=NOW, going=True)
    assert cards.state(out, english, now=NOW) == "on its way"
    assert cards.state(replace(out, delivered=2), english, now=NOW) == "posted to 2 chats"
    assert cards.state(replace(out, going=False), english, now=NOW) == "posted to 0 chats"
