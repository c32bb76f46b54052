"""Addresses that were put together wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import urls
from bot.core.articles.mistyped import mended

BASE = "https://www.paper.example/berita/"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://https://paper.example/2", "https://paper.example/2"),
        ("http://https://paper.example/2", "https://paper.example/2"),
        ("https://http://paper.example/2", "http://paper.example/2"),
        ("https://https//paper.example/2", "https://paper.example/2"),
        ("https:https://paper.example/2", "https://paper.example/2"),
        ("http:/paper.example/3", "http://paper.example/3"),
        ("http:///paper.example/3", "http://paper.example/3"),
        ("https//paper.example/3", "https://paper.example/3"),
        ("http//:paper.example/3", "http://paper.example/3"),
        ("htps://paper.example/3", "https://paper.example/3"),
        ("htttp://paper.example/3", "http://paper.example/3"),
        ("ttps://paper.example/3", "https://paper.example/3"),
        ("HTTP://paper.example/3", "http://paper.example/3"),
        ("://paper.example/3", "https://paper.example/3"),
        ("paper.example/4", "https://paper.example/4"),
        ("www.paper.example/4", "https://www.paper.example/4"),
        ("cdn.paper.example/4.jpg", "https://cdn.paper.example/4.jpg"),
        ("www.lain.example/4", "https://www.lain.example/4"),
        ("kompas.com/4", "https://kompas.com/4"),
        ("detik.co.id/4", "https://detik.co.id/4"),
        ("https://paper.example/https://paper.example/5", "https://paper.example/5"),
        ("https://paper.examplehttps://paper.example/5", "https://paper.example/5"),
        ("https://www.paper.example/http://paper.example/5", "http://paper.example/5"),
        ("https://paper.exampleberita/6", "https://paper.example/berita/6"),
        ("\\gambar\\2026\\a.jpg", "https://www.paper.example/gambar/2026/a.jpg"),
        ("https:\\\\paper.example\\a.jpg?b=\\c", "https://paper.example/a.jpg?b=%5Cc"),
        ("'https://paper.example/7'", "https://paper.example/7"),
        ("“https://paper.example/7”", "https://paper.example/7"),
        ("<https://paper.example/7>", "https://paper.example/7"),
        ('https://paper.example/foto "baru".jpg', "https://paper.example/foto%20%22baru%22.jpg"),
        ("https://paper.example/100% murah.jpg", "https://paper.example/100%25%20murah.jpg"),
        ("https://paper.example/100%.jpg?a=5%", "https://paper.example/100%25.jpg?a=5%25"),
        ("https://paper.example/100%25.jpg", "https://paper.example/100%25.jpg"),
        ("https://pa%per.example/a", ""),
    ],
)
def test_what_was_meant(written: str, meant: str) -> None:
    assert urls.absolute(written, BASE) == meant


@pytest.mark.parametrize(
    "right",
    [
        "https://web.archive.org/web/2020/https://paper.example/5",
        "https://proxy.example/https://paper.example/5",
        "https://paper.example/masuk?ke=https://paper.example/5",
        "https://https.example/a",
        "https://paper.community/a",
        "https://paper.example/http/a",
        "https://paper.example/a//b",
    ],
)
def test_what_is_right_stays(right: str) -> None:
    assert urls.absolute(right, BASE) == right


@pytest.mark.parametrize(
    "path", ["berita.html", "foto.jpg", "2026/11/a.jpg", "?p=7", "./a", "a.b/c"]
)
def test_a_path_is_no_host(path: str) -> None:
    assert mended(path, BASE) == path


@given(st.text(alphabet="htps:/\\.paexml%#?= w", max_size=40))
def test_an_address_that_was_mended_needs_no_mending(text: str) -> None:
    once = urls.absolute(text, BASE)
    assert urls.absolute(once, BASE) == once
