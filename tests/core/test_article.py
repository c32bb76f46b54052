"""From an entry to what a reader sees: pictures, captions, leads, sources, identity of content."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import article, sentences
from bot.core import caption as captions
from bot.core import lead as leads
from bot.core.article import Paper
from bot.core.entry import Entry, Media
from bot.core.model import Picture, Story

NOW = 1_800_000_000
PAPER = Paper(title="Majalah Jurnalis", site="https://www.majalahjurnalis.com/")
BLOGGER = "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvX"


def story(content: str = "", **more: object) -> Story:
    entry = replace(
        Entry(title="Judul berita", content=content, base="https://p.example/a/"),
        **more,  # type: ignore[arg-type]  # the tests name Entry's own fields
    )
    return article.story(article.draft(entry), PAPER, now=NOW)


def picture(content: str, **more: object) -> tuple[str, str, str]:
    shot = story(content, **more).picture or Picture("")
    return shot.address, shot.caption, shot.credit


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
        '<img src="https://secure.gravatar.com/avatar/abc?s=96">',
        '<img src="https://p.example/img/facebook.png">',
        '<img class="wp-smiley" src="https://s.w.org/images/core/emoji/1f600.svg" alt="😀">',
        '<img src="https://p.example/img/signature.png">',
        '<img src="https://p.example/chart.svg">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="https://ad.doubleclick.net/x.jpg">',
        '<img src="javascript:alert(1)">',
        '<img src="file:///etc/a.jpg">',
    ],
)
def test_what_is_no_picture(markup: str) -> None:
    assert story(f"<p>Isi berita.</p>{markup}").picture is None


def test_a_picture_far_below_gives_way_to_the_one_named_beside_the_text() -> None:
    text = "<p>" + "Kalimat yang panjang sekali untuk berita ini. " * 30 + '</p><img src="/b.jpg">'
    beside = (Media("https://p.example/utama.jpg", "content", "image/jpeg"),)
    assert picture(text, media=beside)[0] == "https://p.example/utama.jpg"
    assert picture('<img src="/b.jpg">' + text, media=beside)[0] == "https://p.example/b.jpg"


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
        ("Rapat | Photo by Ana Lee", "Rapat", "Ana Lee"),
        ("Rapat © Budi", "Rapat", "Budi"),
        ("Rapat REUTERS/Beawiharta", "Rapat", "REUTERS/Beawiharta"),
        ("Presiden Joko Widodo (kiri)", "Presiden Joko Widodo (kiri)", ""),
        ("Pasar Senen pada tahun lalu (2019)", "Pasar Senen pada tahun lalu (2019)", ""),
        ("(Image credit: Kevin Frayer)", "", "Kevin Frayer"),
        ("", "", ""),
    ],
)
def test_caption_and_credit_apart(text: str, caption: str, credit: str) -> None:
    assert captions.split(text) == (caption, credit)


def test_a_credit_is_never_said_twice() -> None:
    assert captions.split("Rapat di Jakarta. AFP", "AFP") == ("Rapat di Jakarta", "AFP")
    assert captions.split("AFP", "AFP") == ("", "AFP")


# --- the lead -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted", "agency"),
    [
        ("MAJALAHJURNALIS.Com (Jakarta) - Amerika", "Jakarta - Amerika", ""),
        ("TEMPO.CO, Jakarta - Polisi", "Jakarta - Polisi", ""),
        ("JAKARTA, KOMPAS.com - Polisi", "JAKARTA - Polisi", ""),
        ("Liputan6.com, Jakarta Polisi", "Jakarta - Polisi", ""),
        ("Jakarta, CNN Indonesia -- Polisi", "Jakarta - Polisi", "CNN Indonesia"),
        ("Jakarta (ANTARA) - Polisi", "Jakarta - Polisi", "ANTARA"),
        ("VIVA.co.id – polisi", "Polisi", ""),
        ("BEIJING, Feb. 3 (Xinhua) -- China", "BEIJING, Feb. 3 - China", "Xinhua"),
        ("Majalah Jurnalis, Medan — Polisi", "Medan - Polisi", ""),
        ("Jakarta - Polisi", "Jakarta - Polisi", ""),
        ("Dia datang - lalu pergi.", "Dia datang - lalu pergi.", ""),
        ("Situs kabar.com milik warga - kata dia.", "Situs kabar.com milik warga - kata dia.", ""),
    ],
)  # fmt: skip
def test_datelines_lose_the_papers_name(text: str, wanted: str, agency: str) -> None:
    assert leads.undated(text, PAPER.names) == (wanted, agency)


@pytest.mark.parametrize(
    "noise",
    [
        "Baca juga: Harga beras naik lagi",
        "BACA JUGA : Harga beras",
        "ADVERTISEMENT",
        "Scroll to continue with content",
        "[Gambas:Video CNN]",
        "Simak juga video berikut",
        "Share this:",
        "Subscribe to our newsletter for more",
        "The post Rapat appeared first on Kabar.",
        "Editor: Budi Santoso",
        "3 Komentar",
        "* * *",
        "Kamis, 31 Agustus 2023 | 09:58 WIB",
        "Lesen Sie auch: Mehr dazu",
    ],
)
def test_noise_never_reaches_the_lead(noise: str) -> None:
    read = story(
        f"<p>{noise}</p><p>Pemerintah membuka jembatan baru di kota itu.</p><p>{noise}</p>"
    )
    assert read.lead == read.body == "Pemerintah membuka jembatan baru di kota itu."


def test_titles_and_tables_are_no_lead() -> None:
    read = story(
        "<h2>Latar</h2><table><tr><td>Nama</td><td>Budi</td></tr></table><p>Kota Medan</p>"
        "<p>Pemerintah membuka jembatan baru di kota itu pada hari Rabu.</p>"
    )
    assert read.lead == "Pemerintah membuka jembatan baru di kota itu pada hari Rabu."
    assert "Latar" in read.body


def test_a_repeated_headline_is_left_out() -> None:
    assert story("<p>Judul berita</p><p>Pemerintah membuka jembatan baru.</p>").lead == (
        "Pemerintah membuka jembatan baru."
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Budi dan Prof. Ani tiba. Mereka rapat.", 2),
        ("Harga Rp 1.500 naik. Lalu turun.", 2),
        ("The U.S. Army said so. It left.", 2),
        ("Dia bertanya, \"Mau ke mana?\" lalu pergi. Selesai.", 2),
        ("J. K. Rowling menulis. Ia menang!", 2),
        ("Beras, gula, dll. dijual di pasar. Murah?", 2),
        ("Entah... mungkin besok. Ya.", 2),
        ("政府は発表した。「新しい橋」だ！本当か？", 3),
        ("مرحبا بكم. هل انتم بخير؟ نعم.", 3),
        ("यह समाचार है। यह दूसरा है।", 2),
        ("Er kam z.B. am 3. Mai an. Dann ging er.", 2),
    ],
)  # fmt: skip
def test_sentences(text: str, count: int) -> None:
    found = sentences.split(text)
    assert len(found) == count
    assert "".join(sentences.join(found).split()) == "".join(text.split())


def test_a_lead_is_whole_sentences_within_its_limits() -> None:
    text = [f"Kalimat nomor {n} menceritakan sesuatu yang penting bagi pembaca." for n in range(40)]
    lead = leads.of([" ".join(text)])
    assert 300 <= len(lead) <= 600
    assert lead.endswith("pembaca.")


def test_a_cut_text_ends_with_its_last_whole_sentence() -> None:
    whole = "Pemerintah Indonesia membuka jembatan baru di kota Medan pada hari Rabu kemarin pagi."
    assert leads.of([f"{whole} Jembatan itu panja..."]) == whole
    assert leads.of([f"{whole} Jembatan itu panja"]) == whole
    assert leads.of(["Jembatan itu panja..."]) == "Jembatan itu panja…"


def test_a_sentence_without_end_is_cut_behind_a_word() -> None:
    lead = leads.of(["kata " * 400])
    assert 500 < len(lead) <= 600
    assert lead.endswith("kata…")


@given(st.text(max_size=3000), st.integers(1, 700))
def test_cutting_keeps_the_limit(text: str, limit: int) -> None:
    assert len(leads.cut(text, limit)) <= limit
    assert len(leads.of([text], limit=limit)) <= limit


@given(st.lists(st.text(alphabet="ab .?!…\"'()。\n", max_size=80), max_size=8))
def test_a_lead_holds_nothing_that_the_text_does_not(paragraphs: list[str]) -> None:
    told = "".join("".join(paragraphs).split())
    lead = "".join(leads.of(paragraphs).rstrip("…").split()).rstrip(".…")
    assert lead.replace("…", "") in told.replace("...", "").replace("…", "") or lead in told


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
        ("Jembatan itu panjang sekali. (NTB)", ""),
    ],
)
def test_sources_that_a_text_names(line: str, source: str) -> None:
    read = story(f"<p>Pemerintah membuka jembatan baru di kota itu.</p><p>{line}</p>")
    assert read.source == source


def test_the_source_element_and_then_the_agency_of_the_dateline() -> None:
    assert story("<p>Isi.</p>", source="The Guardian").source == "The Guardian"
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
        ("Oleh: Budi", "Budi"),
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
        ("<script>alert(1)</script>Jalan", "Jalan"),
    ],
)
def test_headlines(written: str, shown: str) -> None:
    assert article.headline_of(written) == shown


def test_an_entry_without_title_takes_its_first_sentence() -> None:
    read = story("<p>Jembatan dibuka hari ini! Warga senang sekali.</p>", title="")
    assert (read.headline, read.lead) == ("Jembatan dibuka hari ini!", "Warga senang sekali.")


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
    assert article.topics_of(labels) == ("Kota", "Dunia & Kita")
    assert article.topics_of(["Kota, Dunia, Ekonomi"]) == ("Kota", "Dunia", "Ekonomi")


# --- corrections, likeness ------------------------------------------------------------------------

SHOWN = Story(
    key="1",
    headline="Jembatan dibuka",
    lead="Pemerintah membuka jembatan baru di kota Medan pada hari Rabu.",
    picture=Picture("https://1.bp.blogspot.com/x/s1600/a.jpg", "Jembatan.", "AFP"),
    source="ANTARA",
    link="https://p.example/1",
    updated=1,
)


def shot(name: str, caption: str = "Jembatan.", credit: str = "AFP") -> Story:
    return replace(SHOWN, picture=Picture(f"https://{name}", caption, credit))


COSMETIC = {
    "updated": replace(SHOWN, updated=2, published=5, key="2", guid="x"),
    "white space": replace(SHOWN, lead=SHOWN.lead.replace(" ", "\u00a0 \n")),
    "body": replace(SHOWN, body="Lebih panjang", topics=("Kota",), author="Budi"),
    "link": replace(SHOWN, link="https://p.example/1-baru"),
    "size": shot("4.bp.blogspot.com/x/s320/a.jpg"),
    "comments": replace(SHOWN, lead=SHOWN.lead + " (3 komentar)"),
}
CORRECTED = {
    "headline": replace(SHOWN, headline="Jembatan ditutup"),
    "capital": replace(SHOWN, headline="Jembatan Dibuka"),
    "lead": replace(SHOWN, lead=SHOWN.lead.replace("Rabu", "Kamis")),
    "picture": shot("1.bp.blogspot.com/x/s1600/b.jpg"),
    "no picture": replace(SHOWN, picture=None),
    "caption": shot("1.bp.blogspot.com/x/s1600/a.jpg", caption="Jalan."),
    "credit": shot("1.bp.blogspot.com/x/s1600/a.jpg", credit="AP"),
    "source": replace(SHOWN, source="Reuters"),
}


@pytest.mark.parametrize("change", COSMETIC)
def test_cosmetic_changes_are_no_corrections(change: str) -> None:
    assert article.fingerprint(COSMETIC[change]) == article.fingerprint(SHOWN)


@pytest.mark.parametrize("change", CORRECTED)
def test_what_a_post_shows_is_corrected(change: str) -> None:
    assert article.fingerprint(CORRECTED[change]) != article.fingerprint(SHOWN)


@pytest.mark.parametrize(
    ("address", "alike"),
    [
        ("https://p.example/a.jpg?v=2", True),
        ("https://p.example/a.jpg?width=640&s=abc", True),
        ("https://p.example/a.jpg?id=7", False),
        ("https://p.example/b.jpg", False),
    ],
)
def test_a_pictures_signature_does_not_make_it_another(address: str, alike: bool) -> None:
    before = replace(SHOWN, picture=Picture("https://p.example/a.jpg"))
    after = replace(SHOWN, picture=Picture(address))
    assert (article.fingerprint(before) == article.fingerprint(after)) is alike


def test_the_same_story_in_two_feeds_has_one_content_key() -> None:
    other = replace(
        SHOWN, link="https://p.example/kanal/1", headline="JEMBATAN DIBUKA", topics=("B",)
    )
    assert article.content_key(other) == article.content_key(SHOWN)
    assert article.content_key(replace(SHOWN, lead="Lain " * 20)) != article.content_key(SHOWN)


def test_a_story_that_says_little_is_like_none_but_itself() -> None:
    short = replace(SHOWN, lead="")
    assert article.content_key(short) == article.content_key(replace(short, body="x"))
    assert article.content_key(short) != article.content_key(
        replace(short, link="https://p.example/2")
    )


def test_a_page_fills_what_the_feed_lacked() -> None:
    page = replace(
        SHOWN,
        headline="Lain | Kabar",
        lead="Lead halaman.",
        body="Isi halaman. " * 40,
        author="Budi",
    )
    feed = Story(key="1", headline="Jembatan", lead="Ringkas.", body="Ringkas.", published=7)
    merged = article.merge(feed, page)
    assert (merged.headline, merged.published, merged.key) == ("Jembatan", 7, "1")
    assert (merged.lead, merged.picture, merged.source, merged.author) == (
        "Lead halaman.", SHOWN.picture, "ANTARA", "Budi",
    )  # fmt: skip
    kept = article.merge(
        replace(SHOWN, body="Panjang. " * 100), replace(page, picture=None, source="X")
    )
    assert (kept.lead, kept.picture, kept.source) == (SHOWN.lead, SHOWN.picture, "ANTARA")


def test_a_page_names_the_maker_of_the_feeds_picture() -> None:
    bare = replace(SHOWN, picture=Picture("https://1.bp.blogspot.com/x/s640/a.jpg"))
    assert article.merge(bare, SHOWN).picture == Picture(
        "https://1.bp.blogspot.com/x/s640/a.jpg", "Jembatan.", "AFP"
    )


def test_dates_never_lie_in_the_future() -> None:
    assert story("<p>Isi.</p>", published="Fri, 01 Jan 2100 00:00:00 GMT").published == NOW
    assert story("<p>Isi.</p>", published="besok", updated="2020-01-02").published == 1_577_923_200
    assert story("<p>Isi.</p>").published is None
