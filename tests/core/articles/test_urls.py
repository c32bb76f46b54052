"""Addresses: usable or empty, canonical, of pictures the same in every size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import urls

BLOGGER = "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvX"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("https://p.example/a", "https://p.example/a"),
        ("HTTPS://P.Example:443/A", "https://p.example/A"),
        ("http://p.example:8080", "http://p.example:8080/"),
        ("/a?b=1#c", "https://base.example/a?b=1#c"),
        ("//cdn.example/a", "https://cdn.example/a"),
        (" https://p.example/a b\n", "https://p.example/a%20b"),
        ("https://p.example/%20+%2B/é", "https://p.example/%20+%2B/%C3%A9"),
        ("http://[::1]/a", "http://[::1]/a"),
        ("http://[::1/a", ""),
        ("https://p.example:99999/a", ""),
        ("javascript:alert(1)", ""),
        ("mailto:a@p.example", ""),
        ("data:text/html,x", ""),
        ("ftp://p.example/a", ""),
        ("https://", ""),
        ('https://p.example"><b>/a', ""),
        ("https://p.example/" + "a" * 3000, ""),
        ("", ""),
    ],
)
def test_absolute(written: str, wanted: str) -> None:
    assert urls.absolute(written, "https://base.example/x/") == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("https://p.example/a?utm_source=rss&utm_medium=x", "https://p.example/a"),
        ("https://p.example/a?id=3&fbclid=x&page=2", "https://p.example/a?id=3&page=2"),
        ("https://p.example/a?at_medium=RSS&at_campaign=rss", "https://p.example/a"),
        ("https://p.example/a?maca=en-rss-en-all-1573-rdf", "https://p.example/a"),
        ("https://p.example/a?ref=rss", "https://p.example/a"),
        ("https://p.example/a?ref=halaman-2", "https://p.example/a?ref=halaman-2"),
        ("https://p.example/a?source=budi", "https://p.example/a?source=budi"),
        ("https://p.example/a.html?m=1", "https://p.example/a.html"),
        ("https://p.example/a?m=1", "https://p.example/a?m=1"),
        ("https://p.example/a#xtor=RSS-3208", "https://p.example/a"),
        ("https://p.example/a#publisher=newsstand", "https://p.example/a"),
        ("https://p.example/a#0", "https://p.example/a"),
        ("https://p.example/a#a080605", "https://p.example/a#a080605"),
        ("https://p.example/#!/berita/7", "https://p.example/#!/berita/7"),
        ("http://p.example/index.php?p=87", "http://p.example/index.php?p=87"),
    ],
)
def test_canonical(written: str, wanted: str) -> None:
    assert urls.canonical(written) == wanted


@pytest.mark.parametrize(
    "other",
    [
        f"{BLOGGER}/s72-c/a.jpg",
        f"{BLOGGER}/w640-h360/a.jpg",
        f"{BLOGGER}/s72-w640-h360-c/a.jpg",
        f"{BLOGGER}/s4030/a.jpg",
        f"{BLOGGER}/w1200-h630-p-k-no-nu/a.jpg",
    ],
)
def test_sizes_of_one_picture_are_one_picture(other: str) -> None:
    assert urls.picture_identity(other) == urls.picture_identity(f"{BLOGGER}/s1600/a.jpg")
    assert urls.full_size(other) == f"{BLOGGER}/s1600/a.jpg"


@pytest.mark.parametrize(
    "same",
    [
        "https://p.example/gambar/800x600/a.jpg",
        "https://p.example/a.jpg?id=478654&width=960",
        "https://p.example/foto-300x200.jpg",
        "https://i.guim.co.uk/img/media/x/6000.jpg?width=460&s=919d",
    ],
)
def test_hosts_that_are_not_known_are_left_alone(same: str) -> None:
    """A guess would lead to nothing: some addresses are signed."""
    assert urls.full_size(same) == same


@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_is_written_is_usable_or_empty(written: str, base: str) -> None:
    for made in (urls.absolute(written, base), urls.canonical(written, base)):
        assert not made or made.startswith(("http://", "https://"))
        assert not set(made) & set(' \n\t<>"')


@given(st.lists(st.sampled_from([*"aé/:?#=&%@. ", "&amp;", "amp;"]), max_size=60).map("".join))
def test_canonical_twice_is_canonical(tail: str) -> None:
    once = urls.canonical("https://p.example/" + tail)
    assert urls.canonical(once) == once
