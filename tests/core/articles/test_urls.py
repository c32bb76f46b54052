"""Addresses: usable or empty, canonical, for pictures the same in every size."""

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


STORY = "https://koran.example/2024/harga-cabai"


@pytest.mark.parametrize(
    "written",
    [
        "http://koran.example/2024/harga-cabai",
        "https://www.koran.example/2024/harga-cabai/",
        "HTTPS://Koran.Example:443/2024/harga-cabai",
        "https://m.koran.example/2024/harga-cabai?utm_source=rss",
        "https://koran.example/2024/harga-cabai/amp/",
        "https://koran.example/2024/harga%2Dcabai",
        "https://koran.example//2024//harga-cabai",
        "https://koran.example/2024/harga-cabai;jsessionid=8FA2B6C1D0.node2",
        "https://koran.example/(S(lit3py55t21z5v55vlm25s55))/2024/harga-cabai",
        "https://koran.example/2024/harga-cabai?PHPSESSID=1",
        "https://koran.example/2024/harga-cabai?SID=a81fe2&nocache=17",
        "https://koran.example/2024/harga-cabai?_=1693458000123",
        "https://koran.example/2024/harga-cabai?zenid=abc&CFTOKEN=99&CFID=4",
        "https://koran.example/2024/harga-cabai?_afrLoop=55&p_auth=Xy12",
        "https://koran.example/2024/harga-cabai?s=0123456789abcdef0123456789abcdef",
        "https://koran.example/2024/harga-cabai?t=1693458000&rand=0.8812345",
        "https://koran.example/2024/harga-cabai?5f3a9c1e77d2b04489aa",
    ],
)
def test_an_article_has_one_identity(written: str) -> None:
    assert urls.identity(written) == STORY
    assert urls.is_same_page(written, STORY)


@pytest.mark.parametrize(
    "other",
    [
        "https://koran.example/2024/harga-cabai-naik",
        "https://lain.example/2024/harga-cabai",
        "https://koran.example/2024/harga-cabai?page=2",
        "https://koran.example/2024/harga-cabai?sid=4711",  # PHP-Nuke's stories
        "https://koran.example/2024/harga-cabai?v=dQw4w9WgXcQ",  # a film
        "https://koran.example/2024/harga-cabai#bagian-2",
        "https://koran.example/",
    ],
)
def test_other_articles_have_others(other: str) -> None:
    assert urls.identity(other) != STORY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://p.example/read.php?id=7&zz=81", "https://p.example/read.php?id=7&zz=4", True),
        ("https://p.example/read?tiket=81&id=7", "https://p.example/read?id=7", True),
        ("https://node1.p.example/baca/7", "https://node2.p.example/baca/7", True),
        ("https://jabar1.p.example/baca/7", "https://jateng1.p.example/baca/7", False),
        ("https://node1.p.example/", "https://node2.p.example/", False),
        ("https://p.example/read.php?id=7", "https://p.example/read.php?id=8", False),
        ("https://p.example/?p=7", "https://p.example/?p=8", False),
        ("https://p.example/?x=7", "https://p.example/?x=8", False),
        ("https://p.example/a", "https://p.example/b", False),
        ("https://p.example/a#1-2", "https://p.example/a#3-4", False),
    ],
)
def test_an_entry_keeps_its_page_though_numbers_in_its_link_change(
    one: str, other: str, same: bool
) -> None:
    assert urls.is_same_page(one, other) is same
    assert urls.is_same_page(other, one) is same


S3 = "https://toko.s3.ap-southeast-3.amazonaws.com/f/beras.jpg?X-Amz-Expires=900&X-Amz-Date="
AZURE = "https://k.blob.core.windows.net/f/beras.jpg?sv=2022-11-02&sig="
HASHES = ("9f86d081884c7d659a2feaa0c55ad015", "60303ae22b998861bce3b28f33eec1be")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{S3}20240301T010000Z&X-Amz-Signature=aa1", f"{S3}20240301T020000Z&X-Amz-Signature=bb2"),
        (
            "https://storage.googleapis.com/k/beras.jpg?GoogleAccessId=a&Expires=17&Signature=x%2B",
            "https://storage.googleapis.com/k/beras.jpg?GoogleAccessId=a&Expires=18&Signature=y%2F",
        ),
        (
            "https://d1.cloudfront.net/beras.jpg?Policy=eyJT&Signature=Ab~&Key-Pair-Id=K2",
            "https://d1.cloudfront.net/beras.jpg?Policy=eyJU&Signature=Cd~&Key-Pair-Id=K2",
        ),
        (f"{AZURE}a&se=2024-03-01T01%3A00Z", f"{AZURE}b&se=2024-03-01T02%3A00Z"),
        (
            "https://scontent-sin6-1.xx.fbcdn.net/v/t39/44_55_n.jpg?_nc_cat=1&oh=00_A&oe=65E1",
            "https://scontent.fcgk8-2.fna.fbcdn.net/v/t39/44_55_n.jpg?_nc_cat=1&oh=00_B&oe=65F2",
        ),
        (
            f"https://cdn.example/t/1709251200/{HASHES[0]}/beras.jpg",
            f"https://cdn.example/t/1709254800/{HASHES[1]}/beras.jpg",
        ),
        (
            "https://img1.example/a/gudang-bulog-karawang.jpg",
            "https://img4.example/b/gudang-bulog-karawang.jpg?tiket=7",
        ),
        (
            "https://res.cloudinary.com/p/image/upload/v1709251200/beras.jpg",
            "https://res.cloudinary.com/p/image/upload/v1709254800/beras.jpg",
        ),
        (
            "https://res.cloudinary.com/p/image/upload/s--a1B2c3D4--/beras.jpg",
            "https://res.cloudinary.com/p/image/upload/s--Z9y8X7w6--/beras.jpg",
        ),
        (
            "https://p.b-cdn.net/bcdn_token=a1&expires=1709251200/beras.jpg",
            "https://p.b-cdn.net/bcdn_token=b2&expires=1709254800/beras.jpg",
        ),
        ("https://cdn2.p.example/f/beras.jpg", "https://cdn7.p.example/f/beras.jpg"),
        ("https://p.example/f/beras.jpg", "https://p.example/f/beras.jpg.webp"),
        (
            f"https://thumb.p.example/{HASHES[0][:27]}=/800x0/https://img.p.example/f/beras.jpg",
            f"https://thumb.p.example/{HASHES[1][:27]}=/640x0/https://img.p.example/f/beras.jpg",
        ),
        (
            "https://images.p.example/unsafe/rs:fit:800:600/plain/https://img.p.example/f/b.jpg",
            "https://images.p.example/unsafe/rs:fit:640:480/plain/https://img.p.example/f/b.jpg",
        ),
        (
            "https://p16-sign-sg.tiktokcdn.com/obj/tos/a1?x-expires=17&x-signature=a%3D",
            "https://p16-sign-sg.tiktokcdn.com/obj/tos/a1?x-expires=18&x-signature=b%3D",
        ),
        ("https://p.example/image?id=7&sign=a8f2", "https://p.example/image?id=7&sign=9c11"),
        (
            f"https://p.example/gambar.php?id=7&expires=1709251200&md5={HASHES[0]}",
            f"https://p.example/gambar.php?id=7&expires=1709254800&md5={HASHES[1]}",
        ),
    ],
)
def test_a_picture_that_is_signed_anew_is_the_same(one: str, other: str) -> None:
    assert urls.picture_identity(one) == urls.picture_identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://p.example/f/beras.jpg", "https://p.example/f/cabai.jpg"),
        ("https://p.example/2024/1/image.jpg", "https://p.example/2024/2/image.jpg"),
        ("https://p.example/gambar.php?id=7", "https://p.example/gambar.php?id=8"),
        ("https://p.example/a.jpg?file=x.jpg", "https://p.example/a.jpg?file=y.jpg"),
        (
            "https://i.guim.co.uk/img/media/9f86d081884c7d65/500.jpg",
            "https://i.guim.co.uk/img/media/60303ae22b998861/500.jpg",
        ),
    ],
)
def test_another_picture_is_another(one: str, other: str) -> None:
    assert urls.picture_identity(one) != urls.picture_identity(other)


@given(st.lists(st.sampled_from([*"aé/:?#=&%@. ;(", "&amp;", "amp;"]), max_size=60).map("".join))
def test_an_identity_is_its_own(tail: str) -> None:
    once = urls.identity("https://p.example/" + tail)
    assert urls.identity(once) == once


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("https://tim.koran.example/a", "tim.koran.example"),
        ("https://forum.koran.example/a", "forum.koran.example"),
        ("https://camp.koran.example/a", "camp.koran.example"),
        ("https://id.m.koran.example/a", "id.koran.example"),
        ("https://m.koran.example/a", "koran.example"),
    ],
)
def test_a_site_for_phones_is_known_by_a_whole_label(written: str, place: str) -> None:
    assert urls.identity(written) == f"https://{place}/a"


def test_where_only_the_query_names_an_article_a_number_stays() -> None:
    """Al Jazeera's guids."""
    assert urls.identity("https://www.p.example/?t=1712345678") == "https://p.example/?t=1712345678"
    assert urls.identity("https://p.example/index.php?PHPSESSID=x&p=7") == "https://p.example/?p=7"
