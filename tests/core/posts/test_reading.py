"""An article in pages: all of it in order, within limits, nothing cut inside a character."""

from __future__ import annotations

from dataclasses import replace

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.callbacks import read_here
from bot.core.html import shown
from bot.core.language import Translator
from bot.core.model import (
    PICTURE_HERE,
    Article,
    ArticleId,
    Button,
    ChatKind,
    CorrectionKind,
    Mark,
    Picture,
)
from bot.core.posts.article import post
from bot.core.posts.links import LinkStyle
from bot.core.posts.reading import PAGE, ReadingRoom, page, pages, rich
from bot.core.text import TEXT_LIMIT, utf16
from tests.conftest import NOON
from tests.support.telegram_parser import parse

HERE = LinkStyle(read_here=True)
ARTICLE = Article(
    id=ArticleId(17),
    headline="Rupiah menguat & pasar <tenang>",
    link="https://paper.example/2023/08/rupiah.html",
    lead="Rupiah menguat pagi ini.",
    body="\n\n".join(f"Paragraf {n}. " + "Pelaku pasar <tenang>. " * 20 for n in range(20)),
    picture=Picture("https://paper.example/rupiah.jpg", "Petugas menghitung uang.", "ANTARA/Budi"),
    source="CNN Indonesia",
    published=NOON - 3600,
    feed_title="Kabar Contoh",
)


def reader(tr: Translator) -> ReadingRoom:
    return ReadingRoom(tr, "kabar_bot", commenting=True, now=NOON, style=HERE)


def labels(keyboard: tuple[tuple[Button, ...], ...]) -> list[list[str]]:
    return [[one.text for one in row] for row in keyboard]


def test_pages_are_turned_in_place_and_every_one_names_its_source(indonesian: Translator) -> None:
    count = len(pages(ARTICLE))
    assert count == 4
    first, second = (page(ARTICLE, n, reader(indonesian)) for n in (1, 2))
    assert first.preview == "https://paper.example/rupiah.jpg"
    assert "📷 Petugas menghitung uang (ANTARA/Budi)" in first.text
    assert second.preview is None
    assert labels(first.keyboard) == [
        ["1/4", "▶"],
        ["📖 Baca selengkapnya", "💬 Komentar"],
    ]
    assert labels(second.keyboard)[0] == ["◀", "2/4", "▶"]
    assert second.keyboard[0][2].data == read_here(17, 3, "turn")
    assert labels(page(ARTICLE, 99, reader(indonesian)).keyboard)[0] == ["◀", "4/4"]
    for n in range(1, count + 1):
        text, _ = parse(page(ARTICLE, n, reader(indonesian)).text)
        assert text.startswith("Rupiah menguat & pasar <tenang>\n")
        assert text.endswith("Sumber: CNN Indonesia · Kabar Contoh · 31 Agustus 2023")


def test_a_short_article_is_one_page_and_one_without_text_its_lead(indonesian: Translator) -> None:
    short = replace(ARTICLE, body="Satu.\n\nDua.", picture=None)
    only = page(short, 1, reader(indonesian))
    assert "Satu.\n\nDua." in only.text
    assert labels(only.keyboard) == [["📖 Baca selengkapnya", "💬 Komentar"]]
    bare = page(replace(short, body=""), 1, reader(indonesian))
    assert "Rupiah menguat pagi ini." in bare.text


def test_withdrawn_and_corrected_articles_say_so(indonesian: Translator) -> None:
    mark = Mark(CorrectionKind.WITHDRAWN, NOON, "keliru")
    gone = page(replace(ARTICLE, retracted_at=NOON, mark=mark), 3, reader(indonesian))
    assert "⛔ Dicabut" in gone.text
    assert "Paragraf" not in gone.text
    assert gone.keyboard == ()
    mark = Mark(CorrectionKind.CORRECTED, NOON, "angka keliru")
    corrected = replace(ARTICLE, mark=mark, own_headline="Judul redaksi")
    text = shown(page(corrected, 1, reader(indonesian)).text)
    assert text.startswith("Judul redaksi\n✏️ Ralat")
    assert rich(replace(ARTICLE, retracted_at=NOON), reader(indonesian)) is None


def test_a_rich_message_holds_all_of_it(indonesian: Translator) -> None:
    found = rich(ARTICLE, reader(indonesian))
    assert found is not None
    title = "<h1>Rupiah menguat &amp; pasar &lt;tenang&gt;</h1>"
    assert found.html.startswith(title + PICTURE_HERE)
    assert (found.photo, found.rtl) == ("https://paper.example/rupiah.jpg", False)
    named = rich(replace(ARTICLE, file_id="AgAC"), reader(indonesian))
    assert named is not None
    assert named.photo == "AgAC"
    assert found.html.count("<p>Paragraf") == 20
    assert labels(found.keyboard) == [["📖 Baca selengkapnya", "💬 Komentar"]]
    assert rich(replace(ARTICLE, body="kata " * 7000), reader(indonesian)) is None
    assert rich(replace(ARTICLE, body="kata\n" * 500), reader(indonesian)) is None


_TEXT = st.text(alphabet=st.sampled_from("ab .&<\n👩‍👩‍👧é文"), min_size=1, max_size=6000)


@example("👩‍👩‍👧" * 900)
@example("x" * 9000)
@given(_TEXT)
def test_every_page_fits_and_together_they_are_the_text(body: str) -> None:
    article = replace(ARTICLE, body=body, lead="")
    texts = pages(article)
    assert all(utf16(one) <= PAGE for one in texts)
    assert "".join("".join(texts).split()) == "".join(body.split())
    whole = " ".join(body.split())
    if regex.fullmatch(r"(?:\X)*", whole) and "\n" not in body:
        clusters = regex.findall(r"\X", whole.replace(" ", ""))
        pieces = [one for text in texts for one in regex.findall(r"\X", "".join(text.split()))]
        assert pieces == clusters


def test_the_longest_pages_fit_into_a_message(indonesian: Translator) -> None:
    article = replace(ARTICLE, headline="文" * 400, body="&" * 9000, source="S" * 200)
    for n in range(1, len(pages(article)) + 1):
        assert utf16(parse(page(article, n, reader(indonesian)).text)[0]) <= TEXT_LIMIT


def test_posts_offer_it_where_the_operator_wants_it(indonesian: Translator) -> None:
    def buttons(article: Article, kind: ChatKind, style: LinkStyle) -> list[Button]:
        shown = post(
            article,
            indonesian,
            bot_username="kabar_bot",
            kind=kind,
            commenting=True,
            now=NOON,
            style=style,
        )
        return [one for row in shown.keyboard for one in row if one.text.startswith("📄")]

    assert buttons(ARTICLE, ChatKind.PRIVATE, LinkStyle()) == []
    [private] = buttons(ARTICLE, ChatKind.PRIVATE, HERE)
    assert (private.text, private.data) == ("📄 Baca di sini", read_here(17))
    [channel] = buttons(ARTICLE, ChatKind.CHANNEL, HERE)
    assert channel.url == "https://t.me/kabar_bot?start=p_17"
    for nothing in (replace(ARTICLE, body=""), replace(ARTICLE, retracted_at=NOON)):
        assert buttons(nothing, ChatKind.PRIVATE, HERE) == []
