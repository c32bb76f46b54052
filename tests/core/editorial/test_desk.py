"""What waits for editors, and the times that they type: by table and by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.callbacks import decode
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
from bot.core.html import Html
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, Keyboard, Picture

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
        ("14:00", at(27, 14)),  # the next time it is 14:00
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


def words(keyboard: Keyboard) -> list[str]:
    """What its buttons ask for."""
    presses = [decode(button.data) for row in keyboard for button in row]
    return [press.word for press in presses if press is not None]


def test_nothing_can_be_done_about_a_withdrawn_article(english: Translator) -> None:
    one = EditorialState(ArticleId(7), announced_at=NOW, delivered=2, retracted=True)
    assert cards.state(one, english, now=NOW) == "withdrawn"
    assert cards.menu(one, english, now=NOW) == ()


@pytest.mark.parametrize(
    ("own_headline", "own_lead"), [(False, False), (True, False), (False, True)]
)
def test_the_sites_words_come_back_only_where_others_took_their_place(
    english: Translator, own_headline: bool, own_lead: bool
) -> None:
    one = EditorialState(ArticleId(7), own_headline=own_headline, own_lead=own_lead)
    back = ["original"] if own_headline or own_lead else []
    assert words(cards.ask_words(one, english)) == ["headline", "lead", *back, "main"]


@pytest.mark.parametrize("breaking", [0, 1, 2])
def test_breaking_news_is_asked_about_with_how_many_it_reaches(
    english: Translator, breaking: int
) -> None:
    one = EditorialState(ArticleId(7), breaking=breaking)
    text, keyboard = cards.ask_breaking(one, english, readers=1_200, minutes=0)
    assert "1,200 chats, about 1 minute" in text
    assert words(keyboard) == ["break1", "break2", *(["break0"] if breaking else []), "main"]


def test_the_list_of_articles(english: Translator) -> None:
    assert cards.listing([], english, now=NOW).text == "🗂 No articles yet."
    held = EditorialState(ArticleId(7), Hold.HELD)
    rows = [(held, "Harga  beras\nturun", Html("→ 👤 12")), (held, "", Html(""))]
    shown = cards.listing(rows, english, now=NOW)
    assert "<b>#7</b> Harga beras turun\n<i>waits for an editor</i>\n→ 👤 12\n\n" in shown.text
    assert shown.text.endswith("<b>#7</b> …\n<i>waits for an editor</i>")
    assert words(shown.keyboard) == ["open", "open"]
