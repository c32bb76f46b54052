"""Posts as drawn in the contract: layout, limits, buttons, languages, Telegram's own parser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, Button, ChatKind, Earlier, Picture, Post
from bot.core.posts.article import hashtag, post
from bot.core.text import CAPTION_LIMIT, TEXT_LIMIT, fit, utf16
from tests.conftest import JAKARTA, NOON
from tests.support.telegram_parser import parse

PUBLISHED = 1_693_450_680  # 31 August 2023, 09:58 in Jakarta
ARTICLE = Article(
    id=ArticleId(17),
    headline="Rupiah menguat & pasar <tenang>",
    link="https://paper.example/2023/08/rupiah.html",
    lead="Jakarta - Rupiah menguat pagi ini. Pelaku pasar tenang.",
    picture=Picture("https://paper.example/rupiah.jpg", "Petugas menghitung uang.", "ANTARA/Budi"),
    source="CNN Indonesia",
    topics=("Ekonomi", "Luar Negeri"),
    published=PUBLISHED,
    feed_title="Kabar Contoh",
)


def rendered(article: Article, tr: Translator, **more: object) -> Post:
    options: dict[str, object] = {
        "bot_username": "kabar_bot",
        "kind": ChatKind.PRIVATE,
        "commenting": True,
        "now": NOON,
    }
    return post(article, tr, **(options | more))  # type: ignore[arg-type]


def test_indonesian_post_is_as_drawn(indonesian: Translator) -> None:
    shown = rendered(ARTICLE, indonesian)
    assert parse(shown.text)[0] == (
        "Rupiah menguat & pasar <tenang>\n\n"
        "Jakarta - Rupiah menguat pagi ini. Pelaku pasar tenang.\n\n"
        "📷 Petugas menghitung uang (ANTARA/Budi)\n"
        "Sumber: CNN Indonesia · Kabar Contoh · 31 Agustus 2023\n"
        "#Ekonomi #LuarNegeri"
    )
    assert shown.photo == "https://paper.example/rupiah.jpg"
    assert shown.keyboard == (
        (
            Button("📖 Baca selengkapnya", url=ARTICLE.link),
            Button("💬 Komentar", data="c:h"),
        ),
    )


def test_english_post(english: Translator) -> None:
    shown = rendered(ARTICLE, english)
    assert "\nSource: CNN Indonesia · Kabar Contoh · 31 August 2023\n" in parse(shown.text)[0]
    assert [button.text for button in shown.keyboard[0]] == ["📖 Read more", "💬 Comment"]


def test_only_the_headline_is_bold(indonesian: Translator) -> None:
    entities = [one for one in parse(rendered(ARTICLE, indonesian).text)[1] if one[0] == "bold"]
    assert entities == [("bold", 0, len(ARTICLE.headline))]


def test_a_picture_without_words_has_no_empty_headline(english: Translator) -> None:
    bare = replace(ARTICLE, headline="", lead="", topics=(), published=None)
    assert rendered(bare, english).text.startswith("📷 ")
    withdrawn = rendered(replace(bare, retracted_at=1), english).text
    assert withdrawn.startswith(
        "⛔ Withdrawn 1 Jan 1970, 07:00 WIB: it is no longer on our site\n\n📷 "
    )


def test_published_comments_are_counted_on_the_button(indonesian: Translator) -> None:
    shown = rendered(replace(ARTICLE, comments=3), indonesian)
    assert shown.keyboard[0][1].text == "💬 3"


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.SUPERGROUP, ChatKind.CHANNEL])
def test_outside_private_chats_comments_lead_into_one(
    indonesian: Translator, kind: ChatKind
) -> None:
    button = rendered(ARTICLE, indonesian, kind=kind).keyboard[0][1]
    assert button.url == "https://t.me/kabar_bot?start=c_17"


def test_without_moderators_there_is_no_comment_button(indonesian: Translator) -> None:
    shown = rendered(ARTICLE, indonesian, commenting=False)
    assert [button.text for button in shown.keyboard[0]] == ["📖 Baca selengkapnya"]


def test_without_a_picture_the_link_is_previewed_large(indonesian: Translator) -> None:
    shown = rendered(replace(ARTICLE, picture=None), indonesian)
    assert (shown.photo, shown.preview) == (None, ARTICLE.link)
    assert "📷" not in shown.text


def test_without_a_link_there_is_nothing_to_read_on(indonesian: Translator) -> None:
    shown = rendered(replace(ARTICLE, link="", picture=None), indonesian, commenting=False)
    assert (shown.keyboard, shown.preview) == ((), None)


def test_a_caption_that_the_lead_repeats_is_not_shown_twice(indonesian: Translator) -> None:
    picture = Picture("https://paper.example/a.jpg", "Rupiah menguat pagi ini.", "AFP/NAME")
    shown = rendered(replace(ARTICLE, picture=picture), indonesian)
    assert "\n📷 AFP/NAME\n" in shown.text
    assert shown.text.count("menguat pagi ini") == 1


@pytest.mark.parametrize(
    ("source", "feed_title", "link", "named"),
    [
        ("CNN", "Kabar", "https://a.example/x", "Sumber: CNN · Kabar · "),
        ("", "Kabar", "https://a.example/x", "Sumber: Kabar · "),
        ("KABAR", "Kabar", "https://a.example/x", "Sumber: KABAR · "),
        ("", "", "https://a.example/x", "Sumber: a.example · "),
    ],
)
def test_every_post_names_a_source(
    indonesian: Translator, source: str, feed_title: str, link: str, named: str
) -> None:
    article = replace(ARTICLE, source=source, feed_title=feed_title, link=link)
    assert named in rendered(article, indonesian).text


def test_a_date_never_lies_in_the_future(indonesian: Translator) -> None:
    shown = rendered(replace(ARTICLE, published=NOON + 10 * 86_400), indonesian)
    assert "31 Agustus 2023" in shown.text


def test_an_undated_article_shows_no_date(indonesian: Translator) -> None:
    shown = rendered(replace(ARTICLE, published=None), indonesian)
    assert "Sumber: CNN Indonesia · Kabar Contoh\n" in shown.text


def test_a_withdrawn_article_says_so(indonesian: Translator) -> None:
    shown = rendered(replace(ARTICLE, retracted_at=NOON), indonesian)
    assert parse(shown.text)[0].startswith("⛔ Dicabut 12.00 WIB: sudah tidak ada")
    assert ARTICLE.link not in [button.url for row in shown.keyboard for button in row]


def test_a_channel_with_a_discussion_group_gets_links_in_place_of_buttons(
    indonesian: Translator,
) -> None:
    article = replace(ARTICLE, comments=3)
    shown = rendered(article, indonesian, kind=ChatKind.CHANNEL, threaded=True)
    text, entities = parse(shown.text)
    assert text.endswith("#Ekonomi #LuarNegeri\n\n📖 Baca selengkapnya · 💬 Komentar")
    assert shown.keyboard == ()
    assert [one[0] for one in entities] == ["bold", "texturl", "texturl"]
    assert f'href="{ARTICLE.link}"' in shown.text
    assert 'href="https://t.me/kabar_bot?start=c_17"' in shown.text


def test_a_withdrawn_article_keeps_no_link_to_it_there(indonesian: Translator) -> None:
    shown = rendered(
        replace(ARTICLE, retracted_at=NOON), indonesian, kind=ChatKind.CHANNEL, threaded=True
    )
    assert ARTICLE.link not in shown.text
    assert shown.text.endswith("💬 Komentar</a>")


TEXTS = st.text(max_size=3000) | st.text("<b>&;'\"/ a.\n😀", max_size=3000)
ARTICLES = st.builds(
    Article,
    id=st.just(ArticleId(1)),
    headline=TEXTS.filter(str.strip),
    link=st.sampled_from(["", "https://paper.example/a?x=1&y=<2>"]),
    lead=TEXTS,
    picture=st.none() | st.builds(Picture, st.just("https://p.example/a.jpg"), TEXTS, TEXTS),
    source=TEXTS,
    topics=st.lists(st.text(max_size=50), max_size=30).map(tuple),
    published=st.none() | st.integers(0, 4_000_000_000),
    feed_title=TEXTS,
    retracted_at=st.none() | st.just(1),
    comments=st.integers(0, 10_000_000),
)


@given(ARTICLES, st.sampled_from(["id", "en"]))
def test_any_article_fits_with_its_links_whole_where_there_are_no_buttons(
    article: Article, code: str
) -> None:
    shown = rendered(article, i18n.load(code, JAKARTA), kind=ChatKind.CHANNEL, threaded=True)
    text, entities = parse(shown.text)
    assert shown.keyboard == ()
    assert utf16(text) <= (CAPTION_LIMIT if shown.photo else TEXT_LIMIT)
    reading = bool(article.link) and article.retracted_at is None
    assert [one[0] for one in entities].count("texturl") == 1 + reading
    assert text.endswith(("💬 Comment", "💬 Komentar"))


@given(ARTICLES, st.sampled_from(["id", "en"]))
def test_any_article_becomes_a_message_that_telegram_takes(article: Article, code: str) -> None:
    shown = rendered(article, i18n.load(code, JAKARTA))
    text, entities = parse(shown.text)
    assert utf16(text) <= (CAPTION_LIMIT if shown.photo else TEXT_LIMIT)
    assert {entity[0] for entity in entities} <= {"bold", "strikethrough"}
    assert all(len(button.data.encode()) <= 64 for row in shown.keyboard for button in row)


@given(st.text(max_size=300), st.integers(2, 200))
def test_fitting_text_never_exceeds_its_room(text: str, limit: int) -> None:
    cut = fit(text, limit)
    assert utf16(cut) <= limit
    assert cut == text or text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Satu dua. Tiga empat lima.", 30, "Satu dua. Tiga empat lima."),
        ("Satu dua. Tiga empat lima.", 15, "Satu dua."),
        ("Satu dua tiga empat lima", 15, "Satu dua tiga…"),
        ("Satukatasajayangpanjang", 10, "Satukatas…"),
    ],
)
def test_fitting_prefers_sentences_then_words(text: str, limit: int, expected: str) -> None:
    assert fit(text, limit) == expected


@pytest.mark.parametrize(
    ("topic", "tag"),
    [
        ("Ekonomi", "#Ekonomi"),
        ("Luar Negeri", "#LuarNegeri"),
        ("ekonomi & bisnis", "#EkonomiBisnis"),
        ("Covid-19", "#Covid19"),
        ("2023", ""),
        ("!!!", ""),
        ("संस्कृति", "#संस्कृति"),
        ("国际", "#国际"),
    ],
)
def test_hashtags(topic: str, tag: str) -> None:
    assert hashtag(topic) == tag


@pytest.mark.parametrize(
    ("code", "shown"), [("id", "31 Agu 2023, 09.58"), ("en", "31 Aug 2023, 09:58")]
)
def test_a_moment_has_the_clock_of_its_language(code: str, shown: str) -> None:
    assert i18n.load(code, JAKARTA).moment(PUBLISHED) == shown


def test_a_post_leads_back_to_what_its_text_links_to(indonesian: Translator) -> None:
    told = replace(ARTICLE, earlier=Earlier(ArticleId(9), "Rupiah <melemah>"))
    text = rendered(told, indonesian).text
    assert text.endswith(
        '⏪ Sebelumnya: <a href="https://t.me/kabar_bot?start=a_9">Rupiah &lt;melemah&gt;</a>'
    )
    here = rendered(told, indonesian, earlier_at="https://t.me/kabar/3").text
    assert '<a href="https://t.me/kabar/3">Rupiah' in here
    assert "⏪" not in rendered(replace(told, retracted_at=NOON), indonesian).text
    long = replace(told, lead="kata " * 500, earlier=Earlier(ArticleId(9), "judul " * 60))
    assert utf16(parse(rendered(long, indonesian).text)[0]) <= CAPTION_LIMIT
