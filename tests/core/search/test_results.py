"""Search results and the ticker as a chat sees them, judged by Telegram's own parser."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from babel.support import NullTranslations
from hypothesis import given
from hypothesis import strategies as st

from bot.core.callbacks import decode, opened_article
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, Earlier, Post
from bot.core.search import results
from bot.core.search.excerpt import LENGTH, Marker, plain
from bot.core.search.found import Hit, SearchPage
from bot.core.search.query import Period, parse
from bot.core.search.repair import Repair
from bot.core.search.wording import Wording
from tests.support.telegram_parser import parse as telegram

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = 1_693_458_000  # 31 August 2023, 12:00 in Jakarta
TR = Translator("en", NullTranslations(), JAKARTA)
PENAMBANG = Repair("penmbang", ("penambang", "penimbang"))
HOSTILE = [
    "x" * 5000,
    "🎉" * 3000,
    "<b>&amp;</i> & \"'" * 400,
    "rusia <u> " * 800,
    "\u202erusia\n\n\n\u2066" * 300,
    "rusia, " * 900,
    "{place} {0} %s rusia",
    " \n ",
]


def hit(query: str, headline: str, body: str, number: int = 1, *, partial: bool = False) -> Hit:
    marker = Marker(Wording(parse(query, JAKARTA)))
    return Hit(
        article_id=ArticleId(number),
        headline=headline,
        link="https://example.com/1",
        source="CNN Indonesia",
        published=NOW - 86_400,
        title=marker.mark(headline),
        snippet=marker.excerpt(body),
        partial=partial,
    )


def judged(post: Post) -> tuple[str, list[tuple[str, str]]]:
    """What a chat shows: the text, and each piece of it with a formatting."""
    text, entities = telegram(post.text)
    units = text.encode("utf-16-le")
    assert len(units) // 2 <= 4096
    assert len(post.text.encode()) <= 32_768
    assert len(entities) < 100
    for row in post.keyboard:
        assert 1 <= len(row) <= 8
        assert all(decode(button.data) is not None for button in row)
    pieces = [(kind, units[2 * at : 2 * (at + n)].decode("utf-16-le")) for kind, at, n in entities]
    return text, pieces


def pressed(post: Post) -> dict[str, str]:
    return {button.text: button.data for row in post.keyboard for button in row}


def test_a_page() -> None:
    found = hit("senjata", "Negosiasi Persenjataan", "Rusia menawarkan senjata kepada Iran.")
    post = results.page(TR, "senjata", SearchPage((found,), 1), 0, now=NOW)
    text, pieces = judged(post)
    assert text == (
        "🔎 senjata · 1 article\n\n"
        "1. Negosiasi Persenjataan\n"
        "CNN Indonesia · 30 August 2023\n"
        "Rusia menawarkan senjata kepada Iran."
    )
    assert ("underline", "Persenjataan") in pieces
    assert pieces.count(("bold", "senjata")) == 2
    assert opened_article(pressed(post)["1"]) == 1
    assert post.preview is None


def test_pages_turn_both_ways() -> None:
    hits = tuple(hit("a b", f"Kabar {n}", "b", n) for n in range(8, 15))
    post = results.page(TR, "  a   b ", SearchPage(hits, 200, capped=True, offset=7), 1, now=NOW)
    text, _ = judged(post)
    assert text.startswith("🔎 a b · 8–14 of 200+\n\n8. Kabar 8\n")
    buttons = pressed(post)
    assert list(buttons) == [*map(str, range(8, 15)), "◀", "▶"]
    assert results.asked_page(buttons["◀"]) == results.AskedPage(0, text="a b")
    assert results.asked_page(buttons["▶"]) == results.AskedPage(14, text="a b")
    assert results.asked_page(buttons["8"]) is None


def test_the_last_page_leads_back_only() -> None:
    post = results.page(TR, "a", SearchPage((hit("a", "A", "a"),), 8, offset=7), 1, now=NOW)
    assert list(pressed(post)) == ["8", "◀"]


def test_a_long_query_is_paged_by_its_number() -> None:
    query = "negosiasi senjata antara rusia dan korea utara di vladivostok tahun ini"
    assert results.fits("negosiasi senjata")
    assert not results.fits(query)
    found = SearchPage((hit(query, "A", "a"),), 20)
    assert list(pressed(results.page(TR, query, found, 0, now=NOW))) == ["1"]
    buttons = pressed(results.page(TR, query, found, 0, now=NOW, kept={query: 123_456_789}))
    assert results.asked_page(buttons["▶"]) == results.AskedPage(7, token=123_456_789)


def test_each_kind_of_result_has_its_heading() -> None:
    one = hit("a", "A", "", 1)
    some, other = replace(one, partial=True), replace(one, elsewhen=True)

    def headings(*hits: Hit) -> list[str]:
        text, _ = judged(results.page(TR, "a b", SearchPage(hits, len(hits)), 0, now=NOW))
        return [line for line in text.split("\n\n")[1:] if line.endswith(":")]

    assert headings(one, one) == []
    assert headings(one, some, some) == ["These have some of the words:"]
    assert headings(some, one) == ["These have some of the words:", "These have all of the words:"]
    assert headings(other, other) == ["From other times:"]
    assert headings(one, other, some) == ["From other times:", "These have some of the words:"]
    assert headings(some) == ["No article has all of these words. These have some of them:"]


def test_a_story_told_again_leads_to_the_others() -> None:
    hits = (hit("a b", "A b", "", 7), replace(hit("a b", "B a", "", 8), similar=4))
    post = results.page(TR, "a b", SearchPage(hits, 9, offset=7), 1, now=NOW)
    assert "CNN Indonesia · 30 August 2023 · +4 similar" in judged(post)[0]
    asked = results.asked_page(pressed(post)["9: +4 similar"])
    assert asked == results.AskedPage(0, text="a b serupa:8")
    text = asked.text
    assert text
    assert (parse(text, JAKARTA).story, parse(text, JAKARTA).terms) == (
        8,
        parse("a b", JAKARTA).terms,
    )
    post = results.page(TR, text, SearchPage((hits[0],), 1), 0, now=NOW)
    assert judged(post)[0].startswith(
        "🔎 a b · 1 article\n\nOnly articles that tell the same story"
    )
    assert results.asked_page(pressed(post)["All results"]) == results.AskedPage(0, text="a b")


def test_a_long_query_leads_to_the_others_by_its_number() -> None:
    query = "kata " * 60
    found = SearchPage((replace(hit("kata", "A", ""), similar=1),), 1)
    asked = results.texts(query, found)
    assert [parse(one, JAKARTA).story for one in asked] == [None, 1]
    kept = {one: n for n, one in enumerate(asked)}
    buttons = pressed(results.page(TR, query, found, 0, now=NOW, kept=kept))
    assert results.asked_page(buttons["1: +1 similar"]) == results.AskedPage(0, token=1)


def test_partial_results_say_so() -> None:
    all_, some = hit("a b", "A b", ""), hit("a b", "B", "", partial=True)
    text, _ = judged(results.page(TR, "a b", SearchPage((all_, some, some), 3), 0, now=NOW))
    assert text.count("These have some of the words:") == 1
    assert text.index("A b") < text.index("These have some")
    text, _ = judged(results.page(TR, "a b", SearchPage((some, some), 2), 0, now=NOW))
    assert text.count("No article has all of these words.") == 1


def test_nothing_found() -> None:
    text, _ = judged(results.page(TR, "<zzz> & co", SearchPage(), 0, now=NOW))
    assert text.startswith("🔎 Nothing found for <zzz> & co. Try")
    late = results.page(TR, "zzz", SearchPage(offset=700), 100, now=NOW)
    assert "no more results" in judged(late)[0]
    assert results.asked_page(pressed(late)["◀"]) == results.AskedPage(0, text="zzz")


def test_how_to_search_has_an_example() -> None:
    text, pieces = judged(results.how_to_search(TR))
    assert ("code", '"exact phrase"') in pieces
    assert "/search " in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_page_of_hostile_articles(hostile: str) -> None:
    hits = tuple(hit("rusia x 🎉 b", hostile, hostile, n, partial=n > 3) for n in range(7))
    post = results.page(
        TR, hostile, SearchPage(hits, 200, capped=True), 0, now=NOW, kept={hostile: 1}
    )
    text, _ = judged(post)
    assert not set(text) & {"\u202e", "\u2066"}
    assert len(post.keyboard[0]) == 7


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("count", [1, 7, 9, 20, 30])
def test_a_ticker_of_hostile_articles(hostile: str, count: int) -> None:
    before = Earlier(ArticleId(2**40), hostile)
    one = Article(
        ArticleId(2**40),
        hostile,
        source=hostile,
        feed_title=hostile,
        first_seen=NOW,
        earlier=before,
    )
    text, _ = judged(results.ticker(TR, [one] * count, now=NOW, bot_username="kabar_bot"))
    assert text.count("\n\n") == min(count, 20)
    assert text.count("⏪") == (count if count <= 10 else 0)


@given(st.text(), st.text(), st.text(), st.integers(0, 10**6))
def test_any_text_can_be_shown(query: str, headline: str, body: str, number: int) -> None:
    found = SearchPage((hit(query, headline, body),), 200, offset=number * 7)
    judged(results.page(TR, query, found, number, now=NOW))
    judged(results.ticker(TR, [Article(ArticleId(1), headline, source=body)], now=NOW))


def test_the_ticker_shows_times_of_today_and_yesterday_and_then_days() -> None:
    articles = [
        Article(ArticleId(3), "Baru", source="Antara", published=NOW - 3600),
        Article(ArticleId(2), "Lama", feed_title="Kabar Contoh", published=NOW - 86_400),
        Article(ArticleId(1), "Tanpa tanggal", first_seen=NOW + 500),
        Article(ArticleId(4), "Lebih lama", published=NOW - 2 * 86_400),
    ]
    post = results.ticker(TR, articles, now=NOW)
    text, _ = judged(post)
    lines = text.replace("\u202f", " ").split("\n")
    assert lines[:3] == ["📰 Latest news", "", "1. Baru"]
    assert lines[3] == "11:00 · Antara"
    assert lines[6] == "yesterday 12:00 · Kabar Contoh"
    assert lines[9] == "12:00"
    assert lines[12] == "29 August 2023"
    assert [opened_article(data) for data in pressed(post).values()] == [3, 2, 1, 4]


# --- excerpts -------------------------------------------------------------------------------------


def test_the_excerpt_is_where_the_words_meet() -> None:
    text = "Rusia di awal. " + "lain " * 200 + "senjata untuk rusia kata orang. " + "lain " * 200
    shown = Marker(Wording(parse("rusia senjata", JAKARTA))).excerpt(text)
    assert [one.text for one in shown if one.marked] == ["senjata", "rusia"]
    assert plain(shown).startswith("… lain")
    assert plain(shown).endswith("lain …")
    assert len(plain(shown)) <= LENGTH + 4


def test_an_excerpt_near_the_beginning_is_the_beginning() -> None:
    text = "KABAR.Com (Jakarta) - Amerika menyatakan kekhawatirannya bahwa senjata " + "lain " * 60
    shown = plain(Marker(Wording(parse("senjata", JAKARTA))).excerpt(text))
    assert shown.startswith("KABAR.Com")
    assert "senjata" in shown


def test_neighbours_are_marked_at_once() -> None:
    shown = Marker(Wording(parse('"kapal selam"', JAKARTA))).mark("Kapal selam, kapal-selam")
    assert [one.text for one in shown if one.marked] == ["Kapal selam", "kapal-selam"]


def test_quoted_words_mark_only_their_own_form() -> None:
    shown = Marker(Wording(parse('"senjata"', JAKARTA))).mark("senjata persenjataan")
    assert [one.text for one in shown if one.marked] == ["senjata"]


@given(st.text(), st.text(min_size=1))
def test_marks_change_no_text(query: str, text: str) -> None:
    assert plain(Marker(Wording(parse(query, JAKARTA))).mark(text)) == text


@given(st.lists(st.sampled_from(["rusia", "lain", "x" * 90, "🎉", "½", "\u0301"]), max_size=200))
def test_an_excerpt_is_a_piece_of_the_text(pieces: list[str]) -> None:
    text = " ".join(" ".join(pieces).split())
    shown = plain(Marker(Wording(parse("rusia lain", JAKARTA))).excerpt(text))
    core = shown.removeprefix("… ").removesuffix(" …")
    assert core in text
    assert len(core) <= LENGTH + 90


# --- repairs --------------------------------------------------------------------------------------


def asks(post: Post) -> dict[str, str | None]:
    """What each button below the numbers asks for."""
    return {
        label: asked.text
        for label, data in pressed(post).items()
        if (asked := results.asked_page(data)) is not None
    }


def test_a_repair_is_said_and_can_be_undone() -> None:
    found = SearchPage((hit("emas", "Penambang emas", ""),), 1, repairs=(PENAMBANG,))
    post = results.page(TR, "penmbang emas", found, 0, now=NOW)
    text, pieces = judged(post)
    assert "Showing results for penambang emas · search exactly penmbang\n" in text
    assert ("bold", "penambang emas") in pieces
    assert "and for penimbang" in text
    assert asks(post) == {"Search exactly: penmbang": '"penmbang" emas'}


def test_a_repair_besides_the_word_itself() -> None:
    found = SearchPage((hit("x", "X", ""),), 1, repairs=(replace(PENAMBANG, besides=True),))
    text, _ = judged(results.page(TR, "penmbang", found, 0, now=NOW))
    assert "Also showing results for penambang" in text


def test_a_known_word_that_may_be_a_slip_is_asked_about() -> None:
    found = SearchPage((hit("x", "X", ""),), 1, maybe=Repair("mentri", ("menteri",)))
    post = results.page(TR, "mentri ekonomi", found, 0, now=NOW)
    assert "Did you mean menteri ekonomi?" in judged(post)[0]
    assert asks(post) == {"Yes, search menteri ekonomi": "menteri ekonomi"}


def test_a_long_query_keeps_its_ways_back_too() -> None:
    long = "penmbang " + "emas ilegal " * 8
    found = SearchPage((hit("emas", "Emas", ""),), 20, repairs=(PENAMBANG,))
    kept = {text: number for number, text in enumerate(results.texts(long, found), start=7)}
    buttons = pressed(results.page(TR, long, found, 0, now=NOW, kept=kept))
    tokens = [asked.token for data in buttons.values() if (asked := results.asked_page(data))]
    assert tokens == [7, 8]


def test_nothing_found_is_no_silence() -> None:
    newest = (Article(ArticleId(5), "Berita baru", first_seen=NOW),)
    found = SearchPage(nearest=("penambang", "tambang"), newest=newest)
    post = results.page(TR, "penxxbang", found, 0, now=NOW)
    text, _ = judged(post)
    assert "Words in the archive: penambang, tambang" in text
    assert "Berita baru" in text
    assert opened_article(pressed(post)["1"]) == 5
    assert asks(post) == {"penambang": "penambang", "tambang": "tambang"}


@given(st.text(), st.text(min_size=1), st.text(min_size=1))
def test_any_repair_can_be_shown(query: str, typed: str, word: str) -> None:
    one = Repair(typed, (word, word))
    judged(
        results.page(
            TR, query, SearchPage((hit("a", "A", ""),), 1, repairs=(one,), maybe=one), 0, now=NOW
        )
    )
    judged(results.page(TR, query, SearchPage(nearest=(word,), repairs=(one,)), 0, now=NOW))


def test_a_time_in_words_narrows_and_says_so() -> None:
    period = Period("kemarin", NOW - 129_600, NOW - 43_200, "gempa")
    found = SearchPage((hit("gempa", "Gempa", ""),), 1, period=period)
    post = results.page(TR, "gempa kemarin", found, 0, now=NOW)
    assert "Only 30 August 2023 (kemarin)" in judged(post)[0]
    assert asks(post) == {"Search all times": "gempa"}


def test_the_last_page_says_that_there_are_more_articles_than_can_be_paged_through() -> None:
    found = SearchPage((hit("rusia", "Rusia", "rusia"),), 15, capped=True, offset=14)
    assert (
        "These are the best 15 of more articles"
        in judged(results.page(TR, "rusia", found, 2, now=NOW))[0]
    )
    for other in (replace(found, capped=False), replace(found, total=16)):
        assert "the best" not in judged(results.page(TR, "rusia", other, 2, now=NOW))[0]
