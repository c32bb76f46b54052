"""Pictures that are no `<img>`: an article that has no other is posted with them."""

from __future__ import annotations

import pytest

from tests.support.entries import picture, story
from tests.support.feeds import item, only, parse, rss

TEXT = "<p>Warga desa memperbaiki jembatan gantung yang putus pada Senin malam.</p>"
GOOD = "https://cdn.example/2026/banjir.jpg"
OTHER = "https://cdn.example/2026/warga.jpg"
STILL = "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg"

HIDDEN = [
    f'<meta property="og:image" content="{GOOD}">',
    f'<meta itemprop="image" content="{GOOD}">',
    f'<div itemprop="image" itemscope><meta itemprop="url" content="{GOOD}"></div>',
    f'<html><head><meta name="twitter:image" content="{GOOD}"></head><body>',
    f'<link itemprop="image" href="{GOOD}">',
    f'<link rel="image_src" href="{GOOD}">',
    f'<link rel="preload" as="image" href="{GOOD}">',
    f'<span style="background-image:url({GOOD})"></span>',
    f"<a href='#' style=\"background: url('{GOOD}')\"></a>",
    f'<style>.utama{{color:red;background-image:url({GOOD})}}</style><div class="a utama"></div>',
    "<style>@media all{ i #foto:before , p{background:#fff url('" + GOOD
    + "') no-repeat}}</style><div id='foto'></div>",
    f'<div class="hero"></div><style>b{{x:y}}.kepala .hero{{background:url("{GOOD}")}}</style>',
    f'<section data-bg="url({GOOD})"></section>',
    f'<div data-bgset="{GOOD} 1200w"></div>',
    f'<div class="lazy" data-src="{GOOD}"></div>',
    f'<a class="glightbox" data-src="{GOOD}"><img src="/img/blank.gif"></a>',
    f'<table><tr><td background="{GOOD}">&nbsp;</td></tr></table>',
    f'<figure><a href="{GOOD}"></a><figcaption>Jembatan itu.</figcaption></figure>',
    f'<p><a href="{GOOD}">Lihat foto</a></p>',
    '<script type="application/ld+json">{"@type":"NewsArticle","image":["' + GOOD + '"]}</script>',
    '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","image":{"url":"'
    + GOOD + '"}}]}</script>',
]  # fmt: skip
SHOWN = [
    f'<picture><source data-srcset="{GOOD}"></picture>',
    f'<object data="{GOOD}" type="image/jpeg"></object>',
    f'<object data="/a.svg" type="image/svg+xml"><img src="{GOOD}"></object>',
    f'<embed src="{GOOD}">',
    f'<picture><source srcset="{GOOD} 1200w, /kecil.jpg 300w"></picture>',
    f'<amp-img src="{GOOD}" width="1200" height="800"></amp-img>',
    f'<amp-anim src="{GOOD}"></amp-anim>',
    f'<amp-video poster="{GOOD}" src="a.mp4"></amp-video>',
    f'<video data-poster="{GOOD}"></video>',
    f'<image src="{GOOD}">',
    f'<svg viewBox="0 0 9 9"><image href="{GOOD}"/></svg>',
    f'<noscript><img src="{GOOD}"></noscript>',
    f"<img data-media='{{\"src\":\"{GOOD}\"}}'>",
    f'<img v-lazy="\'{GOOD}\'">',
    f'<p>{GOOD}</p>',
    f"<p>![Jembatan]({GOOD})</p>",
    f"[img]{GOOD}[/img]",
    f"&lt;img src=&quot;{GOOD}&quot;&gt;",
]  # fmt: skip


@pytest.mark.parametrize("form", [*HIDDEN, *SHOWN])
def test_it_stands_for_the_article(form: str) -> None:
    assert picture(form + TEXT)[0] == GOOD
    assert story(form + TEXT).lead.endswith("jembatan gantung yang putus pada Senin malam.")


@pytest.mark.parametrize("form", HIDDEN)
def test_a_picture_that_is_shown_goes_before_it(form: str) -> None:
    assert picture(f'{form}{TEXT}<img src="{OTHER}">{TEXT}')[0] == OTHER


@pytest.mark.parametrize(
    "form",
    ['<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
     '<amp-youtube data-videoid="dQw4w9WgXcQ"></amp-youtube>',
     '<object><embed src="https://www.youtube.com/v/dQw4w9WgXcQ"></embed></object>'],
)  # fmt: skip
def test_a_films_still(form: str) -> None:
    assert picture(form + TEXT)[0] == STILL


@pytest.mark.parametrize(
    "form",
    ['<meta property="og:title" content="a.jpg">', '<link rel="stylesheet" href="/a.css">',
     '<a href="https://paper.example/foto.html">Foto</a>', '<div data-title="a.jpg"></div>',
     '<object data="/film.swf"></object>', '<p>Alamat https://cdn.example/a.jpg dihapus.</p>',
     '<script type="application/ld+json">{"@type":"Organization","logo":"/l.png"}</script>',
     '<style>.lain{background:url(/a.jpg)}</style><div class="utama"></div>',
     '<style>.site-logo{background:url(/logo.jpg)}</style><div class="site-logo"></div>',
     '<style>body{background:url(/latar.jpg)}</style>',
     '<script type="application/ld+json">{{{</script>', '<div data-src="app.js"></div>'],
)  # fmt: skip
def test_what_is_no_picture(form: str) -> None:
    assert picture(form + TEXT)[0] == ""


def test_a_caption_stays_with_the_picture_that_is_seen() -> None:
    shown = picture(
        f'<img src="{OTHER}"><meta itemprop="image" content="{GOOD}">'
        f"<p>Jembatan itu. (ANTARA/Budi)</p>{TEXT}"
    )
    assert shown == (OTHER, "Jembatan itu.", "ANTARA/Budi")


def test_what_is_never_closed_swallows_no_text() -> None:
    assert story(f'<embed src="/film.swf">{TEXT}').lead


@pytest.mark.parametrize(
    "element",
    [f"<post-thumbnail><url>{GOOD}</url></post-thumbnail>", f"<fotoUtama>{GOOD}</fotoUtama>",
     f"<featuredImage><url>{GOOD}</url></featuredImage>", f'<img src="{GOOD}"/>',
     f"<image><![CDATA[<img alt='x' src=\"{GOOD}\">]]></image>", f"<image_url>{GOOD}</image_url>",
     f"<post-thumbnail><width>900</width><url>{GOOD}</url></post-thumbnail>",
     f"<thumb>{OTHER}</thumb><foto>{GOOD}</foto>",
     f"<thumbnail>{OTHER}</thumbnail><image>{GOOD}</image>"],
)  # fmt: skip
def test_elements_that_systems_invent(element: str) -> None:
    shot = only(parse(rss(item(1, extra=f"{element}<description>x</description>")))).picture
    assert shot is not None
    assert shot.address == GOOD


@pytest.mark.parametrize("element", ["<photo>Foto Budi</photo>", "<image><b/></image>", "<img/>"])
def test_words_are_no_address(element: str) -> None:
    assert only(parse(rss(item(1, extra=element)))).picture is None
