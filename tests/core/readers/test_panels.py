"""The pages of /settings: what they say and what their buttons ask for."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.core.callbacks import decode
from bot.core.hours import Hours
from bot.core.html import telegram_length
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.readers import in_words
from bot.core.readers.filters import is_filter, problem
from bot.core.readers.in_words import Chosen
from bot.core.readers.panel_changes import changed
from bot.core.readers.panel_parts import InForce, Page, chosen_page
from bot.core.readers.panels import panel
from bot.core.readers.preferences import EVERY_DAY, Digest, Preferences
from bot.core.readers.topic_pages import Choice, pages
from bot.core.readers.topics import TopicLabel
from bot.core.search.query import parse
from tests.conftest import JAKARTA, NOON
from tests.support.telegram_parser import parse as parsed

PLAIN = Preferences(JAKARTA)
FULL = Preferences(
    zone=ZoneInfo("America/Buenos_Aires"),
    filter="beras",
    breaking_only=True,
    digest=Digest(23 * 60 + 50, 0b0101010),
    quiet=Hours(0, 1),
    limit=99,
    silent=True,
    pictures=False,
)
HUGE = 2**52
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def state(wants: Preferences = PLAIN, **more: object) -> InForce:
    base = InForce(
        wants,
        Chosen(active=True),
        NOON,
        language="id",
        languages=(("en", "English"), ("id", "Bahasa Indonesia")),
        signs=(("name", "Ani <b>"), ("alias", "R-4f2"), ("anonymous", "Anonim")),
        sign="name",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def words(post: Post) -> dict[str, str]:
    """The choices of a page: label -> what is set."""
    found = {}
    for row in post.keyboard:
        for button in row:
            press = decode(button.data)
            assert press is not None
            found[button.text] = press.word
    return found


@pytest.mark.parametrize("page", Page)
def test_every_page_is_within_limits_and_leads_back(
    page: Page, indonesian: Translator, english: Translator
) -> None:
    for tr, wants in product((indonesian, english), (PLAIN, FULL)):
        one = state(wants, chat=HUGE, thread=HUGE, name="Kanal " * 40, alerts=50, ticker=True)
        post = panel(page, one, tr)
        assert telegram_length(post.text) < 4096
        assert parsed(post.text)
        said = words(post)
        assert page is Page.MAIN or "main" in said.values() or page in {Page.TOPICS, Page.ALERTS}


@pytest.mark.parametrize("page", [page for page in Page if page is not Page.MAIN])
def test_every_choice_is_understood(page: Page, english: Translator) -> None:
    for wants in (PLAIN, FULL):
        for word in words(panel(page, state(wants), english)).values():
            name, _, value = word.partition("=")
            press = decode(f"p:0:0:{word}")
            assert press is not None
            assert chosen_page(press) == (Page(name), value)
            if value and page not in {Page.LANGUAGE, Page.TICKER, Page.SIGNATURE}:
                assert changed(page, value, wants) is not None


def test_what_is_in_force_has_a_tick(english: Translator) -> None:
    wants = replace(PLAIN, digest=Digest(7 * 60, EVERY_DAY), quiet=Hours(1320, 360), limit=12)
    ticked = {
        page: [label for label in words(panel(page, state(wants), english)) if "✓" in label]
        for page in (Page.DIGEST, Page.QUIET, Page.LIMIT, Page.SOUND, Page.ZONE)
    }
    assert ticked == {
        Page.DIGEST: ["✓ 07:00", "✓ Every day", *(f"✓ {day}" for day in WEEK)],
        Page.QUIET: ["✓ 22:00–06:00"],
        Page.LIMIT: ["✓ 12"],
        Page.SOUND: ["✓ On"],
        Page.ZONE: ["✓ Jakarta 12:00"],
    }


@pytest.mark.parametrize("days", range(1, EVERY_DAY + 1))
def test_each_day_of_a_digest_is_switched_by_itself(days: int, english: Translator) -> None:
    one = Digest(7 * 60 + 15, days)
    labels = words(panel(Page.DIGEST, state(replace(PLAIN, digest=one)), english))
    for day, name in enumerate(WEEK):
        on = bool(days >> day & 1)
        value = labels[f"✓ {name}" if on else name].partition("=")[2]
        after = changed(Page.DIGEST, value, PLAIN)
        assert after is not None
        others = days ^ 1 << day
        assert after.digest == (Digest(one.minute, others) if others else None)


def test_the_first_day_that_is_chosen_is_the_only_one(english: Translator) -> None:
    labels = words(panel(Page.DIGEST, state(), english))
    after = changed(Page.DIGEST, labels["Wed"].partition("=")[2], PLAIN)
    assert after == replace(PLAIN, digest=Digest(7 * 60, 1 << 2))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("topik:ekonomi -iklan sumber:antara", "on ekonomi, from antara, without iklan"),
        ('beras "harga naik" murah', "with beras, “harga naik”, murah"),
        ("penulis:rina -topik:bola -sumber:x", "by rina, not on bola, not from x"),
        ("#LuarNegeri -gula", "on #luarnegeri, without gula"),
    ],
)  # fmt: skip
def test_a_filter_is_read_back(typed: str, said: str, english: Translator) -> None:
    assert is_filter(typed)
    assert problem(typed, JAKARTA) is None
    assert in_words.asked(parse(typed, JAKARTA), english) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('""', "isn't clear"),
        ("topik:! -!", "isn't clear"),
        ("kategori:ekonomi", "“kategori:” is unknown"),
        ("-iklan sejak:2023-08", "dates"),
        ("-" + "x" * 256, "256"),
        (" ".join(f"-kata{n}" for n in range(12)), "11 words"),
        ("-iklan https://kabar.example/beras", "address"),
    ],
)
def test_an_unreadable_filter_gets_one_sentence(typed: str, said: str, english: Translator) -> None:
    wrong = problem(typed, JAKARTA)
    assert wrong is not None
    told = in_words.unreadable(*wrong, english)
    assert said in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "typed", ["Ekonomi, Luar Negeri", "covid-19", "harga beras", "#ekonomi", ""]
)
def test_lists_of_topics_are_no_filters(typed: str) -> None:
    assert not is_filter(typed)


def test_pages_of_topics_are_within_limits(indonesian: Translator) -> None:
    labels = [TopicLabel(HUGE + n, f"<Topik> {n} " + "x" * 60, 5) for n in range(100)]
    ids = frozenset(one.id for one in labels)
    names = tuple(one.name for one in labels)
    for everything, page in product((True, False), (0, 9, 500)):
        choice = Choice(
            Chosen(active=True, everything=everything, topics=names),
            ids, chat=HUGE, thread=HUGE, name="Kanal",
        )  # fmt: skip
        post = pages(labels, choice, indonesian, page, pick=False)
        assert telegram_length(post.text) <= 4096
        assert parsed(post.text)
