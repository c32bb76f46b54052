"""From an entry to what a reader sees: pictures, captions, sources, headlines, topics."""

from __future__ import annotations

import pytest

from bot.core.articles import caption as captions
from bot.core.articles.entry import Media
from bot.core.articles.story import headline_of, topics_of
from bot.core.model import Picture
from tests.support.entries import BLOGGER, NOW, picture, story

# --- the picture ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        (f'<img src="{BLOGGER}/w640-h360/a.jpg">', f"{BLOGGER}/s1600/a.jpg"),
        (f'<img src="{BLOGGER}/s72-w640-h360-c/a%20b.jpg">', f"{BLOGGER}/s1600/a%20b.jpg"),
        (
            f'<a href="{BLOGGER}/s4030/a.jpg"><img src="{BLOGGER}/w640-h360/a.jpg"></a>',
            f"{BLOGGER}/s4030/a.jpg",
        ),
        (
            f'<a href="{BLOGGER}/s1600-h/a.jpg"><img src="{BLOGGER}/s320/a.jpg"></a>',
            f"{BLOGGER}/s1600/a.jpg",
        ),
        (
            '<img src="https://lh3.googleusercontent.com/abc=w1200-h630-p-k-no-nu">',
            "https://lh3.googleusercontent.com/abc=s1600",
        ),
        (
            '<img src="https://p.example/wp-content/uploads/2024/a-300x200.jpg">',
            "https://p.example/wp-content/uploads/2024/a.jpg",
        ),
        (
            '<img src="https://i0.wp.com/p.example/a.jpg?resize=300%2C200&amp;ssl=1">',
            "https://i0.wp.com/p.example/a.jpg?ssl=1",
        ),
        ('<img src="/b.png">', "https://p.example/b.png"),
        ('<img src="//cdn.example/b.png">', "https://cdn.example/b.png"),
        ('<img src="data:image/gif;base64,R0" data-src="b.jpg">', "https://p.example/a/b.jpg"),
        ('<img src="/blank.gif" data-lazy-src="/b.jpg">', "https://p.example/b.jpg"),
        (
            '<img src="/s.jpg" srcset="/m.jpg 640w, /l.jpg 1280w, /s.jpg 320w">',
            "https://p.example/l.jpg",
        ),
        (
            '<a href="/gambar/rapat.jpg"><img src="/gambar/rapat_thumb.jpg"></a>',
            "https://p.example/gambar/rapat.jpg",
        ),
        ('<video poster="/film.jpg"></video>', "https://p.example/film.jpg"),
        ('<noscript><img src="/b.jpg"></noscript>', "https://p.example/b.jpg"),
        ('<noscript>&lt;img src="/b.jpg"&gt;</noscript>', "https://p.example/b.jpg"),
        (
            '<picture><source srcset="/b.jpg"><img src="data:image/gif;base64,R0"></picture>',
            "https://p.example/b.jpg",
        ),
        (
            '<picture><source data-srcset="/b.jpg 9w"><source srcset="/a.jpg 3w"><img></picture>',
            "https://p.example/b.jpg",
        ),
        (
            '<figure><a href="/b.jpg"><img src="data:image/gif;base64,R0"></a></figure>',
            "https://p.example/b.jpg",
        ),
        ('<img src="/s.jpg" srcset="/s.jpg 90h, /b.jpg 900h">', "https://p.example/b.jpg"),
        ("<div style=\"background: #fff url('/b.jpg') 0 0\"></div>", "https://p.example/b.jpg"),
        ('<div data-bg="/b.jpg"></div>', "https://p.example/b.jpg"),
        ('<img width=0 height=0 src="/a.jpg"><img src="/b.jpg">', "https://p.example/b.jpg"),
        ('<div data-bg="/a.jpg"></div><img src="/b.jpg">', "https://p.example/b.jpg"),
        (
            '<img src="https://img.youtube.com/vi/x/default.jpg">',
            "https://img.youtube.com/vi/x/hqdefault.jpg",
        ),
    ],
)
def test_full_size_addresses(markup: str, address: str) -> None:
    assert picture(f"<p>Isi berita.</p>{markup}")[0] == address


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://feeds.feedburner.com/~r/x/~4/abc" width="1" height="1">',
        '<a href="http://feeds.feedburner.com/~ff/x?a=1"><img src="http://p.example/a.jpg"></a>',
        '<img src="https://p.example/a.jpg" width="1">',
        '<img src="https://p.example/a.jpg" width="24" height="24">',
        '<img src="https://p.example/a.jpg" style="width: 16px; height: 16px">',
        '<img src="https://pixel.wp.com/b.gif?x=1">',
        '<img src="http://rss.p.example/~c/Kabar/kota?i=dJ24JB">',
        '<img src="https://secure.gravatar.com/avatar/abc?s=96">',
        '<img src="https://p.example/img/facebook.png">',
        '<img class="wp-smiley" src="https://s.w.org/images/core/emoji/1f600.svg" alt="😀">',
        '<img src="https://p.example/img/signature.png">',
        '<img src="https://p.example/chart.svg">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="https://ad.doubleclick.net/x.jpg">',
        '<img src="javascript:alert(1)">',
        '<img src="file:///etc/a.jpg">',
        '<img src="https://p.example/iklan-728x90.jpg">',
        '<img src="https://p.example/rumah.gif" width="468" height="60">',
        '<div class="sharedaddy sd-block"><img src="https://p.example/a.jpg"></div>',
        '<div class="author-box"><img src="https://p.example/budi.jpg"></div>',
    ],
)
def test_what_is_no_picture(markup: str) -> None:
    assert story(f"<p>Isi berita.</p>{markup}").picture is None


def test_a_picture_far_below_gives_way_to_the_one_named_beside_the_text() -> None:
    text = "<p>" + "Kalimat yang panjang sekali untuk berita ini. " * 30 + '</p><img src="/b.jpg">'
    beside = (Media("https://p.example/utama.jpg", "content", "image/jpeg"),)
    assert picture(text, media=beside)[0] == "https://p.example/utama.jpg"
    assert picture('<img src="/b.jpg">' + text, media=beside)[0] == "https://p.example/b.jpg"


@pytest.mark.parametrize("doubtful", ["site-logo.png", "penulis-budi.jpg", "banner-promo.jpg"])
def test_a_logo_gives_way_to_a_picture(doubtful: str) -> None:
    first = f'<img src="/{doubtful}"><p>Isi berita.</p>'
    assert picture(first + '<img src="/rapat.jpg">')[0] == "https://p.example/rapat.jpg"
    assert picture(first)[0] == f"https://p.example/{doubtful}"


def test_a_film_gives_its_still() -> None:
    film = '<iframe src="https://www.youtube-nocookie.com/embed/abcDEF_-123?rel=0"></iframe>'
    assert picture(film)[0] == "https://i.ytimg.com/vi/abcDEF_-123/hqdefault.jpg"
    assert picture(film + '<img src="/rapat.jpg">')[0] == "https://p.example/rapat.jpg"
    assert story('<iframe src="https://maps.example/embed/abcDEF12345"></iframe>').picture is None


# --- caption and credit ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "markup",
    [
        """<table class="tr-caption-container"><tr><td><img src="/a.jpg"></td></tr><tr>
        <td class="tr-caption">Rapat. (AFP/BUDI)<br></td></tr></table><p>Isi berita.</p>""",
        """<figure><img src="/a.jpg"><figcaption>Rapat. <i>(AFP/BUDI)</i></figcaption></figure>
        <p>Isi berita.</p>""",
        """<div class="wp-caption"><img src="/a.jpg">
        <p class="wp-caption-text">Rapat. (AFP/BUDI)</p></div>Isi berita.""",
        '<img src="/a.jpg"><br>Rapat. (AFP/BUDI)<br><br>Isi berita.',
        '<p><img src="/a.jpg"></p><p>Rapat. Foto: AFP/BUDI</p><p>Isi berita.</p>',
    ],
)
def test_captions_of_every_kind_leave_the_text(markup: str) -> None:
    read = story(markup)
    assert read.picture == Picture("https://p.example/a.jpg", "Rapat.", "AFP/BUDI")
    assert read.body == "Isi berita."


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Rapat di Jakarta (ANTARA FOTO/Rivan)", "Rapat di Jakarta", "ANTARA FOTO/Rivan"),
        ("Rapat di Jakarta. (Dok. Pribadi)", "Rapat di Jakarta.", "Dok. Pribadi"),
        ("Rapat. [Foto: Istimewa]", "Rapat.", "Istimewa"),
        ("Foto: Budi Santoso", "", "Budi Santoso"),
        ("Foto: Suasana rapat di Medan", "Suasana rapat di Medan", ""),
        ("Ket. Foto : Warga antre beras murah (ist)", "Warga antre beras murah", "ist"),
        ("Keterangan gambar: Warga antre beras. (Foto/Ist)", "Warga antre beras.", "Ist"),
        ("Rapat | Photo by Ana Lee", "Rapat", "Ana Lee"),
        ("Rapat © Budi", "Rapat", "Budi"),
        ("Bulan (2025). All images courtesy Tomio Koyama", "Bulan (2025).", "Tomio Koyama"),
        ("Rapat REUTERS/Beawiharta", "Rapat", "REUTERS/Beawiharta"),
        ("Tribun Medan/Budi Santoso", "", "Tribun Medan/Budi Santoso"),
        ("Medan /Tebing Tinggi", "Medan /Tebing Tinggi", ""),
        ("Suasana 7/8 malam", "Suasana 7/8 malam", ""),
        ("Lurah menanam pohon. Dok. Humas Pemko", "Lurah menanam pohon.", "Dok. Humas Pemko"),
        ("Lurah menyerahkan dokumen", "Lurah menyerahkan dokumen", ""),
        ("Presiden Joko Widodo (kiri)", "Presiden Joko Widodo (kiri)", ""),
        ("Pasar Senen pada tahun lalu (2019)", "Pasar Senen pada tahun lalu (2019)", ""),
        ("(Image credit: Kevin Frayer)", "", "Kevin Frayer"),
        ("Jembatan putus. Foto/Ist", "Jembatan putus.", "Ist"),
        ("Warga lewat (18/11/2026). KORAN/BUDI", "Warga lewat (18/11/2026).", "KORAN/BUDI"),
        (
            "Jembatan putus. Tangkapan layar Kompas TV",
            "Jembatan putus.",
            "Tangkapan layar Kompas TV",
        ),
        ("Keterangan foto: Jembatan putus. (Ant)", "Jembatan putus.", "Ant"),
        ("", "", ""),
    ],
)
def test_caption_and_credit_apart(text: str, caption: str, credit: str) -> None:
    assert captions.split(text) == (caption, credit)


GLUED = (
    "Presiden meninjau jembatan di Medan. (ANTARA FOTO/Irsan)MEDAN, MajalahJurnalis.com -"
    " Pemerintah membuka jembatan baru.Warga senang."
)
"""As Blogger writes a summary: what was a table and paragraphs, without a space between them."""


def test_a_caption_glued_to_a_summary_goes_to_the_picture() -> None:
    beside = (Media(f"{BLOGGER}/s72-c/a.jpg", "thumbnail"),)
    read = story("", summary=GLUED, media=beside)
    assert read.picture == Picture(
        f"{BLOGGER}/s1600/a.jpg", "Presiden meninjau jembatan di Medan.", "ANTARA FOTO/Irsan"
    )
    assert read.lead == "MEDAN - Pemerintah membuka jembatan baru. Warga senang."
    noted = story("", summary=GLUED.replace("baru", "A &amp; B"), media=beside)
    assert noted.picture == read.picture
    assert story("", summary=GLUED).body.startswith("Presiden meninjau")


@pytest.mark.parametrize(
    "text",
    ["Situs Kabar.Com dan Node.Js ramai.", "Harga 1.500.Lalu", "Ia (Budi) dan Ani.", "J.K.Rowling"],
)
def test_what_only_looks_glued_stays(text: str) -> None:
    assert story("", summary=text).body == text


def test_a_line_of_names_below_a_picture_is_its_credit() -> None:
    content = '<p><img src="/a.jpg"></p><p>Tribun Medan/Budi Santoso</p><p>Warga antre beras.</p>'
    assert picture(content)[1:] == ("", "Tribun Medan/Budi Santoso")
    assert story(content).body == "Warga antre beras."


def test_a_credit_is_never_said_twice() -> None:
    assert captions.split("Rapat di Jakarta. AFP", "AFP") == ("Rapat di Jakarta", "AFP")
    assert captions.split("AFP", "AFP") == ("", "AFP")


# --- source and author ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Sumber : CNN Indonesia", "CNN Indonesia"),
        ("<i>Sumber: https://www.cnnindonesia.com/a/b</i>", "cnnindonesia.com"),
        ("Source: Reuters", "Reuters"),
        ("(Sumber: ANTARA)", "ANTARA"),
        ("Quelle: dpa", "dpa"),
        ("来源：新华社", "新华社"),
        ("Источник: ТАСС", "ТАСС"),
        ("By Reuters", "Reuters"),
        ("Dikutip dari CNN Indonesia, Rabu (30/8), jembatan itu panjang.", "CNN Indonesia"),
        ("Jembatan itu panjang sekali. (ANTARA)", "ANTARA"),
        ("Sumber foto: Istimewa", ""),
        ("Source : istimewa", ""),
        ("Dilansir dari laman resmi BMKG, hujan masih turun.", "BMKG"),
        ("Warga senang. Sumber: Humas Polri", "Humas Polri"),
        ('Artikel ini telah tayang di Kompas.com dengan judul "Jembatan"', "Kompas.com"),
        ("Jembatan itu panjang sekali. (NTB)", ""),
    ],
)
def test_sources_that_a_text_names(line: str, source: str) -> None:
    read = story(f"<p>Pemerintah membuka jembatan baru di kota itu.</p><p>{line}</p>")
    assert read.source == source


def test_the_source_element_and_then_the_agency_of_the_dateline() -> None:
    assert story("<p>Isi.</p>", source="The Guardian").source == "The Guardian"
    assert story("<p>Isi.</p>", source="ANTARA News - Berita Terkini").source == "ANTARA News"
    assert story("<p>MEDAN (Reuters) - Polisi datang.</p>").source == "Reuters"
    assert story("<p>Isi.</p>", author="AFP").source == "AFP"
    assert (
        story("<p>Isi.</p>", source="https://p.example/x", link="https://p.example/1").source == ""
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("noreply@blogger.com (Budi Santoso)", "Budi Santoso"),
        ("Budi Santoso (noreply@blogger.com)", "Budi Santoso"),
        ("noreply@blogger.com", ""),
        ("admin", ""),
        ("super@p.example (Super User)", ""),
        ("Oleh: Budi", "Budi"),
        ("Sari Dewi | Editor: Budi", "Sari Dewi"),
        ("kapanlagi.com", ""),
    ],
)
def test_authors(written: str, name: str) -> None:
    assert story("<p>Isi.</p>", author=written).author == name


def test_a_byline_names_the_author_and_leaves_the_text() -> None:
    read = story("<p>By Matt Smith and Ani Lee</p><p>The bridge opened on Friday.</p>")
    assert (read.author, read.body) == ("Matt Smith and Ani Lee", "The bridge opened on Friday.")


# --- headlines and topics -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Jalan &amp; jembatan", "Jalan & jembatan"),
        ("<b>Jalan</b> baru", "Jalan baru"),
        ("Jalan&amp;nbsp;baru &#8217;", "Jalan baru ’"),
        ("Cara memakai <b> di HTML", "Cara memakai <b> di HTML"),
        ("1 < 2 dan 3 > 2, x<y", "1 < 2 dan 3 > 2, x<y"),
        ("&lt;b&gt;Jalan&lt;/b&gt;", "Jalan"),
        ("  Jalan \n\t baru\u200b ", "Jalan baru"),
        ("Jalan \u202ebaru", "Jalan baru"),
        ("<script>alert(1)</script>Jalan", "Jalan"),
        ("JalanÂ baru diÂ Medan", "Jalan baru di Medan"),
    ],
)
def test_headlines(written: str, shown: str) -> None:
    assert headline_of(written) == shown


@pytest.mark.parametrize(
    "address",
    [
        "https://p.example/in_pictures/4089944.stm",
        "https://p.example/7bd204c6-1655-4c27-aeee-53f933c5395f",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "7bd204c6-1655-4c27-face-53f933c5395f",
    ],
)
def test_an_address_without_words_gives_no_headline(address: str) -> None:
    assert story("", title="", link=address).headline == ""
    assert story("", title="", guid=address).headline == ""


def test_an_entry_without_title_takes_its_first_sentence() -> None:
    read = story("<p>Jembatan dibuka hari ini! Warga senang sekali.</p>", title="")
    assert (read.headline, read.lead) == ("Jembatan dibuka hari ini!", "Warga senang sekali.")


def test_a_first_sentence_that_is_too_long_for_a_headline_is_still_told() -> None:
    sentence = f"Warga yang {'sangat ' * 25}sabar menunggu pembukaan jembatan itu."
    read = story(f"<p>{sentence} Mereka datang sejak pagi.</p>", title="")
    assert read.headline.endswith("sangat…")
    assert read.lead == f"{sentence} Mereka datang sejak pagi."


def test_without_words_a_picture_or_the_address_gives_the_headline() -> None:
    assert story('<img src="/a.jpg" alt="Rapat besar">', title="").headline == "Rapat besar"
    assert (
        story("", title="", link="https://p.example/2024/jalan-baru.html").headline == "Jalan baru"
    )


def test_topics_are_labels_for_readers() -> None:
    labels = (
        "Kota",
        "kota",
        "Uncategorized",
        "Tanpa Kategori",
        "123",
        "https://x.example/",
        "Dunia &amp; Kita",
    )
    assert topics_of(labels) == ("Kota", "Dunia & Kita")
    assert topics_of(["Kota, Dunia, Ekonomi"]) == ("Kota", "Dunia", "Ekonomi")


def test_dates_never_lie_in_the_future() -> None:
    assert story("<p>Isi.</p>", published="Fri, 01 Jan 2100 00:00:00 GMT").published == NOW
    assert story("<p>Isi.</p>", published="besok", updated="2020-01-02").published == 1_577_923_200
    assert story("<p>Isi.</p>").published is None


def test_an_address_within_an_article_stays_and_leads_nowhere() -> None:
    told = [f"Sidang ke-{n} menghadirkan dua saksi dari pihak penggugat." for n in range(8)]
    told[3] = "https://pengadilan.example/perkara/12"
    told[7] = "Telegram: https://t.me/koran"
    found = story(content="".join(f"<p>{one}</p>" for one in told))
    assert found.body.split("\n\n") == told[:7]
    assert "https" not in found.lead


def test_how_a_word_is_read_is_no_second_word() -> None:
    told = "<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の壁を直すと決めた。"
    assert story(content=f"<p>{told}</p>").body == "港の壁を直すと決めた。"


def test_what_a_text_links_to_is_kept() -> None:
    links = (
        '<a href="http://www.p.example/lama/?utm_source=x">sebelumnya</a>',
        '<a href="/lain#atas">lain</a> <a href="https://p.example/">depan</a>',
        '<a href="https://p.example/lama">lagi</a> <a href="mailto:a@p.example">surat</a>',
    )
    told = story(content=f"<p>Banjir surut, tulis warga {' dan '.join(links)} kemarin sore.</p>")
    assert told.linked == ("https://p.example/lama", "https://p.example/lain#atas")
    read_on = '<p>Baca juga: <a href="https://p.example/resep">Resep soto</a></p>'
    assert story(content=f"<p>Banjir surut kemarin sore.</p>{read_on}").linked == ()
