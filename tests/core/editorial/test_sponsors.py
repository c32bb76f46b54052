"""What an editor writes after /sponsor, and how the line looks under a post."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.editorial.sponsors import SponsorFault, complaint, listing, parse
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, ChatKind, CorrectionKind, Mark, Picture
from bot.core.posts import article as posts
from bot.core.posts.content_kinds import KeptFor
from bot.core.posts.sponsors import Sponsor
from bot.core.readers import digests
from bot.core.text import CAPTION_LIMIT, TEXT_LIMIT, utf16
from tests.conftest import JAKARTA, NOON
from tests.support.telegram_parser import parse as parsed

DAYS = "2023-09-01..2023-09-30"
SHOP = Sponsor(1, "https://shop.example/?a=1&b=2", "Kopi <murah> & enak", NOON, NOON + 9, 5)


def at(*day: int) -> int:
    return int(datetime(*day, tzinfo=JAKARTA).timestamp())  # type: ignore[arg-type, misc]


def test_the_days_are_whole_ones_of_the_newsroom() -> None:
    found = parse(f"https://shop.example {DAYS} every:7  Kopi   enak", now=NOON, zone=JAKARTA)
    assert found == Sponsor(
        0, "https://shop.example", "Kopi enak", at(2023, 9, 1), at(2023, 10, 1), 7
    )
    assert parse(f"https://shop.example {DAYS} Kopi", now=NOON, zone=JAKARTA) == replace(
        SHOP, id=0, address="https://shop.example", text="Kopi", every=5,
        begins_at=at(2023, 9, 1), ends_at=at(2023, 10, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", SponsorFault.ADDRESS),
        (f"shop.example {DAYS} Kopi", SponsorFault.ADDRESS),
        (f"javascript:alert(1) {DAYS} Kopi", SponsorFault.ADDRESS),
        ("https://shop.example Kopi", SponsorFault.DATES),
        ("https://shop.example 2023-09-30..2023-09-01 Kopi", SponsorFault.DATES),
        ("https://shop.example 2023-02-30..2023-03-01 Kopi", SponsorFault.DATES),
        ("https://shop.example 2022-09-01..2023-08-30 Kopi", SponsorFault.OVER),
        (f"https://shop.example {DAYS} every:0 Kopi", SponsorFault.EVERY),
        (f"https://shop.example {DAYS} every:² Kopi", SponsorFault.EVERY),
        (f"https://shop.example {DAYS} every:101 Kopi", SponsorFault.EVERY),
        (f"https://shop.example {DAYS} every:5", SponsorFault.EMPTY),
        (f"https://shop.example {DAYS} {'x' * 121}", SponsorFault.LONG),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, fault: SponsorFault, english: Translator) -> None:
    assert parse(text, now=NOON, zone=JAKARTA) is fault
    assert complaint(fault, english)


def test_the_list_tells_what_runs_and_how_often_it_was_shown(english: Translator) -> None:
    running = replace(SHOP, shown=12, begins_at=at(2023, 8, 1), ends_at=at(2023, 9, 1))
    stopped = replace(SHOP, id=2, stopped_at=NOON)
    text = parsed(listing([running, stopped], english, tickers=3, now=NOON))[0]
    assert "#1 · 1 August 2023 – 31 August 2023 · under one post in 5 · running" in text
    assert "shown in 12 messages" in text
    assert "#2" in text
    assert "stopped" in text
    assert "3 pinned tickers" in text
    assert "/sponsor add" in listing([], english, tickers=0, now=NOON)


_WORDS = st.text(alphabet=st.sampled_from("a &<>😀.\n"), max_size=1500)
_MARKS = st.sampled_from([None, *CorrectionKind])


@given(
    headline=_WORDS,
    lead=_WORDS,
    pictured=st.booleans(),
    threaded=st.booleans(),
    kind=_MARKS,
    sponsor=st.sampled_from([None, SHOP]),
)
def test_no_post_has_two_and_corrected_ones_have_none(  # noqa: PLR0917 - what is drawn
    english: Translator,
    headline: str,
    lead: str,
    pictured: bool,
    threaded: bool,
    kind: CorrectionKind | None,
    sponsor: Sponsor | None,
) -> None:
    article = Article(
        ArticleId(1),
        headline,
        "https://paper.example/1",
        lead=lead,
        picture=Picture("https://paper.example/1.jpg", "A caption") if pictured else None,
        mark=Mark(kind, NOON, "why") if kind else None,
        retracted_at=NOON if kind is CorrectionKind.WITHDRAWN else None,
    )
    said = posts.post(
        article, english, bot_username="kabar_bot", kind=ChatKind.CHANNEL, commenting=True,
        now=NOON, threaded=threaded, sponsor=sponsor,
    )  # fmt: skip
    text = parsed(said.text)[0]
    assert text.count("Ad · Kopi <murah> & enak") == int(sponsor is not None and kind is None)
    assert utf16(text) <= (CAPTION_LIMIT if pictured else TEXT_LIMIT)
    if "Ad ·" in text:
        assert text.endswith("Ad · Kopi <murah> & enak")


def test_digests_and_tickers_carry_one_at_their_end(english: Translator) -> None:
    found = [Article(ArticleId(n), f"Berita {n}", f"https://p.example/{n}") for n in range(20)]
    digest = digests.digest(found, KeptFor.DIGEST, english, now=NOON, private=True, sponsor=SHOP)
    ticker = digests.ticker(found[:7], english, now=NOON, sponsor=SHOP)
    bare = digests.digest(found, KeptFor.DIGEST, english, now=NOON, private=True)
    assert digest is not None
    assert ticker is not None
    assert bare is not None
    for post in (digest, ticker):
        text = parsed(post.text)[0]
        assert text.count("Ad · ") == 1
        assert text.endswith("Ad · Kopi <murah> & enak")
    assert "Ad · " not in parsed(bare.text)[0]
