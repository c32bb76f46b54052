"""Which picture stands for an article, and in which of the forms that pages know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import page
from bot.core.articles.entry import Media
from bot.core.articles.img import largest
from tests.support.entries import NOW, picture, story
from tests.support.feeds import item, only, parse, rss

TEXT = "<p>Warga desa memperbaiki jembatan gantung yang putus pada Senin malam.</p>"
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
GOOD = "https://cdn.example/2026/banjir.jpg"


def of(markup: str) -> str:
    return picture(markup + TEXT)[0]


# --- where the address stands ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "attribute",
    ["data-src", "data-lazy-src", "data-original", "data-ezimgsrc", "data-cfsrc", "data-wpfc-src",
     "data-normal", "data-lazyimage", "data-realsrc", "data-src-retina", "data-full-src",
     "data-zoom-image", "data-image-large", "lazysrc", "nitro-lazy-data", "loadlate", "original",
     "data-pagespeed-high-res-src", "data-i", "ng-src", ":src", "data-delayed-url", "data-photo"],
)  # fmt: skip
@pytest.mark.parametrize("src", ['src="/img/blank.gif"', f'src="{PLACEHOLDER}"', "", 'src=""'])
def test_a_lazy_picture_is_found_in_whatever_attribute(attribute: str, src: str) -> None:
    assert of(f'<img {src} {attribute}="{GOOD}" alt="Banjir">') == GOOD


def test_an_attribute_of_blanks_says_nothing() -> None:
    assert of(f'<img data-src="      " data-sizes="\n\n\n\n\n" title="     " src="{GOOD}">') == GOOD


@given(st.from_regex(r"data-[a-z]{1,12}(-[a-z]{1,8})?", fullmatch=True))
def test_any_attribute_will_do(name: str) -> None:
    hidden = ("link", "href", "perma", "page", "caption", "credit", "title", "alt", "meta", "icon",
              "author", "avatar")  # fmt: skip
    if not any(word in name for word in hidden):
        assert of(f'<img src="{PLACEHOLDER}" {name}="{GOOD}">') == GOOD


@pytest.mark.parametrize(
    "attribute",
    ['data-permalink="https://p.example/foto.jpg"', 'data-caption="https://p.example/a.jpg"',
     'data-attachment-id="7"', 'data-link="/lain.jpg"', 'data-thumb-src="/kecil.jpg"',
     'data-fallback-src="/gagal.jpg"', 'alt="a.jpg"', 'onerror="this.src=\'/gagal.jpg\'"',
     'data-src="https://cdn.example/{width}/a.jpg"'],
)  # fmt: skip
def test_a_real_picture_gives_way_to_no_other_attribute(attribute: str) -> None:
    assert of(f'<img src="{GOOD}" {attribute}>') == GOOD


@pytest.mark.parametrize(
    ("srcset", "address"),
    [
        ("a.jpg 300w 200h, b.jpg 600w 400h", "b.jpg"),
        ("a.jpg 400h, b.jpg 800h", "b.jpg"),  # no standard knows heights alone
        ("a.jpg, b.jpg 2x", "b.jpg"),
        ("a.jpg,\n b.jpg 1.5x,\n c.jpg 3x", "c.jpg"),
        ("/w_300,h_200/a.jpg 300w, /w_900,h_600/a.jpg 900w", "/w_900,h_600/a.jpg"),
        ("https://a.example/1.jpg 300w,https://a.example/2.jpg 900w", "https://a.example/2.jpg"),
        ("https://a.example/1.jpg,https://a.example/2.jpg 2x", "https://a.example/2.jpg"),
        ("/f:crop(10,20):origin()/a.jpg 97w,/b.jpg 595w", "/b.jpg"),
        ("a.jpg 1x, , b.jpg 2x,", "b.jpg"),
        ("a.jpg", "a.jpg"),
        (" , ", ""),
        ("a.jpg w, b.jpg 2.2.2x", "a.jpg"),
        ("https://a.example/{w}.jpg 900w", ""),
    ],
)
def test_the_largest_of_a_srcset(srcset: str, address: str) -> None:
    assert largest(srcset) == address


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"/[a-z,_()]{0,8}[a-z]\.jpg", fullmatch=True), st.integers(9, 3000)
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda one: one[1],
    ),
    st.sampled_from([", ", ",\n    ", " ,"]),
)
def test_commas_inside_an_address_do_not_end_it(
    candidates: list[tuple[str, int]], between: str
) -> None:
    best = max(candidates, key=lambda one: one[1])[0]
    assert largest(between.join(f"{address} {width}w" for address, width in candidates)) == best


# --- names ----------------------------------------------------------------------------------------

NEWS = """
presiden-tanda-tangan-uu.jpg tanda_tangan.jpg signature-bank-tutup.jpg pixel-9-pro.jpg pixel.jpg
avatar-the-way-of-water.jpg badge-polisi.jpg icon-2026.jpg ikon-kota.png whatsapp-down.png
iklan-rokok.jpg logo-halal-baru.jpg banner-partai.jpg loading-dock.jpg blank-spot.jpg
facebook-denda.jpg youtube-premium-indonesia.png button-mobil-listrik.jpg no-image-rights.jpg
volcano-image.jpg taboola-saham.jpg social/kerja.jpg ads/kampanye.jpg track/balap.jpg share/a.jpg
emoji/film-emoji.jpg beacon/menara.jpg tracking-paket.jpg default-utang.jpg placeholder-nama.jpg
adservice-di-bengkel.jpg dot-matrix.jpg clear-water.jpg spacer-mobil.jpg gravatar.com-mati.jpg
"""


@pytest.mark.parametrize("name", NEWS.split())
def test_news_has_pictures_that_are_named_like_furniture(name: str) -> None:
    address = f"https://cdn.example/2026/{name}"
    assert of(f'<img src="{address}">') == address
    assert of(f'<img src="{address}"><img src="{GOOD}">') in {address, GOOD}
    beside = (Media(address, "content", "image/jpeg", 1280, 720),)
    assert picture(TEXT, media=beside)[0] == address


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://wa.me/?text=x"><img src="/img/bagikan.png"></a>',
        '<img class="share-button" src="/ikon/wa-icon-biru.png">',
        '<img src="/themes/kabar/img/placeholder-kotak.png">',
        '<img src="/images/icons/doc.gif">',
        '<img src="/img/loading.gif">',
        '<img src="/img/no-image-available.jpg">',
        '<img src="/img/default-thumbnail.png">',
        '<img src="https://track.example.com/a.jpg">',
        '<img src="https://p.example/track/open?id=7">',
        '<img src="https://analitik.example/o/9f3a" style="display:none">',
        '<img src="undefined">',
        '<img src="#">',
    ],
)
def test_what_two_witnesses_say_is_no_picture(markup: str) -> None:
    assert of(markup) == ""
    assert of(markup + f'<img src="{GOOD}">') == GOOD


@pytest.mark.parametrize(
    "style",
    ["display:none", "display : NONE;", "position:absolute; visibility:hidden", "opacity:0;",
     "width:1px;height:1px", "position:absolute;left:-9999px", "width:0;height:0"],
)  # fmt: skip
def test_what_nobody_sees_on_the_site_gives_way(style: str) -> None:
    hidden = f'<img src="https://cdn.example/o/9f3a.png" style="{style}">'
    assert of(hidden + f'<p><img src="{GOOD}"></p>') == GOOD


def test_what_is_named_badly_in_two_entries_is_the_papers() -> None:
    entries = [
        item(n, extra=f"<description>&lt;img src='/img/{name}'&gt; Berita {n}.</description>")
        for n, name in enumerate(("kabar-default.jpg", "kabar-default.jpg", "avatar-3.jpg"))
    ]
    found = [story.picture for story in parse(rss("".join(entries))).stories]
    assert found[:2] == [None, None]
    assert found[2] is not None


# --- sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="/a.jpg" width="60" height="60">',
        '<img src="/a.jpg" width="199" height="150">',
        '<img src="/a.jpg" style="width:120px;height:90px">',
        '<img src="/cache/100x80/a.jpg">',
        '<img src="/a_154x115.jpg">',
        '<img src="/a.jpg?w=150&amp;h=100">',
        '<a href="/b-100x100.jpg"><img src="/a.jpg" width="90" height="60"></a>',
        '<a href="/b.html"><img src="/a.jpg" width="90" height="60"></a>',
    ],
)
def test_a_picture_known_to_be_small_is_none(markup: str) -> None:
    assert of(markup) == ""


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ('<img src="/a.jpg" width="320" height="180">', "https://p.example/a.jpg"),
        ('<img src="/a.jpg" width="150">', "https://p.example/a.jpg"),
        ('<img src="/a.jpg" width="150" height="100" data-src="/b.jpg">', "https://p.example/b.jpg"),
        ('<img src="/a_16x9.jpg">', "https://p.example/a_16x9.jpg"),
        ('<a href="/a.jpg"><img src="/a_thumb.jpg" width="90" height="60"></a>',
         "https://p.example/a.jpg"),
        ('<a href="/besar.jpg"><img src="/kecil-150x150.jpg"></a>', "https://p.example/besar.jpg"),
        ('<img src="https://img.youtube.com/vi/x/default.jpg" width="120" height="90">',
         "https://img.youtube.com/vi/x/hqdefault.jpg"),
    ],
)  # fmt: skip
def test_a_picture_of_which_a_larger_form_is_known_is_one(markup: str, address: str) -> None:
    assert of(markup) == address


def test_a_small_thumbnail_beside_the_text_is_none() -> None:
    beside = (Media("https://p.example/a.jpg", "thumbnail", "", 60, 60),)
    assert picture(TEXT, media=beside)[0] == ""
    assert picture(TEXT, media=(Media("https://p.example/a.jpg", "thumbnail"),))[0] != ""


# --- what it is relative to -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "src", "address"),
    [
        ("https://paper.example/2026/11/banjir/", "foto.jpg", "https://paper.example/2026/11/banjir/foto.jpg"),
        ("https://paper.example/2026/11/pasar.html", "../foto.jpg", "https://paper.example/2026/foto.jpg"),
        ("/2026/pasar.html", "foto.jpg", "https://paper.example/2026/foto.jpg"),
        ("https://daerah.paper.example/a/", "foto.jpg", "https://daerah.paper.example/a/foto.jpg"),
        ("https://daerah.paper.example/a/", "/foto.jpg", "https://daerah.paper.example/foto.jpg"),
        ("https://counter.example/~r/7", "/foto.jpg", "https://paper.example/foto.jpg"),
        ("", "foto.jpg", "https://paper.example/foto.jpg"),
    ],
)  # fmt: skip
def test_a_picture_is_relative_to_its_entrys_page(link: str, src: str, address: str) -> None:
    text = f'<description>&lt;img src="{src}"&gt; Isi berita.</description>'
    shot = only(parse(rss(item(1, link=link, extra=text)))).picture
    assert shot is not None
    assert shot.address == address


def test_a_base_of_its_own_is_for_the_text_and_not_for_the_link() -> None:
    story = only(
        parse(
            """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://paper.example/"/>
    <entry><title>Banjir</title><id>urn:1</id><link href="/2026/banjir"/>
    <content type="html" xml:base="https://cdn.example/arsip/">&lt;img src="a.jpg"&gt;</content>
    </entry></feed>"""
        )
    )
    assert story.link == "https://paper.example/2026/banjir"
    assert story.picture is not None
    assert story.picture.address == "https://cdn.example/arsip/a.jpg"


@pytest.mark.parametrize(
    "image",
    [
        "<title>Banjir</title><link>https://paper.example/1</link><url>{}</url>",
        "<link>https://paper.example/1</link><url>{}</url><title>Banjir</title>",
        "<title>Banjir</title><src>{}</src>",
        "<caption>Banjir</caption><besar>{}</besar>",
        '<title>Banjir</title><img src="{}"/>',
        "{}",
    ],
)
def test_an_entrys_image_is_its_address_whatever_stands_first(image: str) -> None:
    entry = item(1, extra=f"<image>{image.format(GOOD)}</image>")
    shot = only(parse(rss(entry))).picture
    assert shot is not None
    assert shot.address == GOOD


def test_an_image_that_names_no_address_is_none() -> None:
    entry = item(
        1, extra="<image><title>Banjir</title><link>https://paper.example/1</link></image>"
    )
    assert only(parse(rss(entry))).picture is None


# --- pages ----------------------------------------------------------------------------------------


SMALL = """<meta property="og:image" content="/kabar.png">
<meta property="og:image:width" content="120"><meta property="og:image:height" content="60">"""
BRAND = """<meta property="og:image" content="https://p.example/brand.png">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Banjir",
"publisher": {"logo": {"url": "https://p.example/brand.png"}}}</script>"""


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<meta property="og:image" content="/img/logo-kabar.png">', GOOD),
        ('<meta property="og:image" content="/themes/x/default-og.png">', GOOD),
        (SMALL, GOOD),
        (BRAND, GOOD),
        (
            '<meta property="og:image" content="/2026/utama.jpg">',
            "https://p.example/2026/utama.jpg",
        ),
    ],
)
def test_a_sites_logo_is_no_picture_for_sharing(head: str, address: str) -> None:
    text = "Pemerintah membuka jembatan baru di kota Medan pada hari Rabu kemarin. " * 5
    html = f"""<html><head>{head}</head><body><div class="entry-content"><img src="{GOOD}">
    <p>{text}</p></div></body></html>"""
    shot = page.read_page(html.encode(), address="https://p.example/a", now=NOW).picture
    assert shot is not None
    assert shot.address == address


def test_no_picture_is_better_than_an_address_of_nothing() -> None:
    assert story('<img src="null"><img src="https://[::1/a.jpg"><p>Isi.</p>').picture is None


# --- further ones ---------------------------------------------------------------------------------


def test_further_pictures_are_kept_for_an_editor_to_choose() -> None:
    inside = [f'<img src="https://cdn.example/{name}.jpg" width="800">' for name in "abca"]
    beside = (
        Media("https://cdn.example/d.jpg", "enclosure", "image/jpeg"),
        Media("https://cdn.example/b.jpg?w=900", "content", "image/jpeg"),
        Media("https://cdn.example/film.mp4", "content", "video/mp4"),
        Media("https://cdn.example/logo.png", "content", "image/png"),
    )
    read = story("".join(inside) + TEXT, media=beside)
    assert read.picture is not None
    names = [one.rpartition("/")[2] for one in (read.picture.address, *read.pictures)]
    assert names == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    many = "".join(f'<img src="https://cdn.example/{n}.jpg" width="800">' for n in range(30))
    assert len(story(many + TEXT).pictures) == 7
    assert not story(inside[0] + TEXT).pictures
