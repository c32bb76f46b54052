"""Pages that are gone and do not say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import missing

NAV = "<nav>" + "".join(f"<a href=/{n}>Rubrik {n}</a> " for n in range(60)) + "</nav>"
STORY = "<p>" + "Warga membersihkan sungai sejak pagi bersama lurah. " * 12 + "</p>"


def page(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body>{NAV}{body}</body></html>".encode()


GONE = page("Halaman tidak ditemukan", "<h1>404</h1><p>Maaf, /2023/a tidak ada. 14.05 WIB</p>")


def test_a_page_shows_its_headline() -> None:
    told = page(
        "Sungai &amp; kali bersih | Koran", "<h1>Sungai &amp; kali bersih lagi</h1>" + STORY
    )
    assert missing.shows(told, "text/html", "Sungai kali bersih lagi")
    assert not missing.shows(GONE, "text/html", "Sungai kali bersih lagi")
    assert not missing.shows(GONE, "text/html", "404")


def test_two_pages_that_say_that_there_is_nothing() -> None:
    again = page("Halaman tidak ditemukan", "<h1>404</h1><p>Maaf, /x/b tidak ada. 15.22 WIB</p>")
    assert missing.are_alike(GONE, again)
    assert not missing.are_alike(GONE, page("Sungai bersih", STORY))
    assert not missing.are_alike(page("Sungai bersih", STORY), page("Pasar ramai", "<p>Lain</p>"))


@pytest.mark.parametrize(
    "link",
    [
        "https://p.example/2023/08/sungai-bersih.html",
        "https://p.example/2023/08/sungai-bersih/",
        "https://p.example/baca/1234567/sungai-bersih",
        "https://p.example/?p=4711",
        "https://p.example/baca.php?id=4711&hal=2",
    ],
)
def test_a_made_up_address_is_beside_the_articles_own(link: str) -> None:
    made = missing.made_up(link)
    assert made != link
    assert "sungai" not in made
    assert "4711" not in made
    assert "1234567" not in made
    assert made.startswith("https://p.example/")
    assert made.endswith(".html") == link.endswith(".html")
    assert missing.made_up(link) == made


@given(st.binary(max_size=400), st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_are_pages(one: bytes, other: bytes, text: str) -> None:
    missing.shows(one, "", text)
    missing.are_alike(one, other)
    missing.made_up(f"https://p.example/{text}")
