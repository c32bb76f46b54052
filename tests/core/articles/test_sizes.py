"""The larger forms of pictures on hosts that are known; what looks small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import urls
from bot.core.articles.sizes import looks_small

LARGER = {
    "https://ichef.bbci.co.uk/ace/standard/240/cpsprodpb/1/live/a.jpg": "https://ichef.bbci.co.uk/ace/standard/976/cpsprodpb/1/live/a.jpg",
    "https://ichef.bbci.co.uk/news/480/cpsprodpb/a.jpg": "https://ichef.bbci.co.uk/news/976/cpsprodpb/a.jpg",
    "https://cdn-images-1.medium.com/fit/c/304/160/1*a.png": "https://cdn-images-1.medium.com/max/1200/1*a.png",
    "https://miro.medium.com/v2/resize:fit:700/1*a.png": "https://miro.medium.com/v2/resize:fit:1200/1*a.png",
    "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/A.jpg/300px-A.jpg": "https://upload.wikimedia.org/wikipedia/commons/a/ab/A.jpg",
    "https://static.wixstatic.com/media/a~mv2.jpg/v1/fill/w_300,h_200/b.jpg": "https://static.wixstatic.com/media/a~mv2.jpg",
    "https://static.dw.com/image/123_302.jpg": "https://static.dw.com/image/123_6.jpg",
    "https://s.france24.com/media/display/ab-c/w:300/p:16x9/a.jpg": "https://s.france24.com/media/display/ab-c/w:1280/p:16x9/a.jpg",
    "https://static.euronews.com/articles/1/320x180_cmsv2_a.jpg": "https://static.euronews.com/articles/1/1200x675_cmsv2_a.jpg",
    "https://img.antaranews.com/cache/350x233/2024/01/02/a.jpg": "https://img.antaranews.com/cache/1200x800/2024/01/02/a.jpg",
    "https://asset-2.tstatic.net/medan/foto/bank/thumbnails/a.jpg": "https://asset-2.tstatic.net/medan/foto/bank/images/a.jpg",
    "https://akcdn.detik.net.id/community/media/visual/a_169.jpeg?w=360&q=90": "https://akcdn.detik.net.id/community/media/visual/a_169.jpeg?w=1200&q=90",
    "https://live.staticflickr.com/1/123_0af_m.jpg": "https://live.staticflickr.com/1/123_0af.jpg",
    "https://pbs.twimg.com/media/Abc?format=jpg&name=small": "https://pbs.twimg.com/media/Abc?format=jpg&name=large",
    "https://i2.ytimg.com/vi/abc/default.jpg": "https://i2.ytimg.com/vi/abc/hqdefault.jpg",
    "https://res.cloudinary.com/k/image/upload/c_fill,w_300,h_200/v1/a_b/c.jpg": "https://res.cloudinary.com/k/image/upload/v1/a_b/c.jpg",
    "https://k.imgix.net/a.jpg?w=300&h=200&fit=crop&auto=format": "https://k.imgix.net/a.jpg?w=1280&fit=max&auto=format",
    "https://images.squarespace-cdn.com/content/a.jpg?format=300w": "https://images.squarespace-cdn.com/content/a.jpg?format=1500w",
    "https://p.example/content/images/size/w600/2024/01/a.jpg": "https://p.example/content/images/2024/01/a.jpg",
    "https://p.example/sites/default/files/styles/large/public/images/a.jpg?itok=A": "https://p.example/sites/default/files/images/a.jpg",
    "https://p.example/sites/default/files/styles/large/public/a.jpg.webp?itok=A": "https://p.example/sites/default/files/a.jpg",
    "https://p.example/resizer/v2/ABC.jpg?auth=1&width=300&height=200": "https://p.example/resizer/v2/ABC.jpg?auth=1&width=1200",
    "https://p.example/cdn-cgi/image/width=300,quality=75/img/a.jpg": "https://p.example/img/a.jpg",
    "https://p.example/_next/image?url=https%3A%2F%2Fi.example%2Fa.jpg&w=640&q=75": "https://i.example/a.jpg",
    "https://p.example/_next/image?url=%2Fimg%2Fa.jpg&w=640&q=75": "https://p.example/img/a.jpg",
    "https://substackcdn.com/image/fetch/$s_!x!,w_424,c_limit/https%3A%2F%2Fs3.example%2Fa.jpeg": "https://s3.example/a.jpeg",
    "https://wsrv.nl/?url=i.example/a.jpg&w=300": "https://i.example/a.jpg",
    "https://i0.wp.com/p.example/wp-content/uploads/2024/01/a-150x150.jpg?resize=150%2C150&ssl=1": "https://i0.wp.com/p.example/wp-content/uploads/2024/01/a.jpg?ssl=1",
    "https://p.example/app/uploads/2024/01/a-300x200.jpg": "https://p.example/app/uploads/2024/01/a.jpg",
}  # fmt: skip


@pytest.mark.parametrize("small", LARGER)
def test_known_hosts_serve_a_larger_one(small: str) -> None:
    assert urls.full_size(small) == LARGER[small]
    assert urls.picture_identity(small) == urls.picture_identity(LARGER[small])


@pytest.mark.parametrize(
    "kept",
    [
        *LARGER.values(),
        "https://k.imgix.net/a.jpg?w=300&s=0123",
        "https://k.imgix.net/a.jpg?w=2000&fit=crop",
        "https://res.cloudinary.com/k/image/upload/s--abc--/w_300/a.jpg",
        "https://res.cloudinary.com/k/image/upload/my_photos/a.jpg",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/A.svg/300px-A.svg.png",
        "https://p.example/resizer/v2/ABC.jpg?auth=1&width=1600",
        "https://p.example/files/styles/thumb.jpg",
        "https://p.example/cdn-cgi/image/",
        "https://p.example/_next/image?w=640",
        "https://notytimg.com/vi/abc/default.jpg",
    ],
)
def test_large_signed_and_unknown_ones_stay(kept: str) -> None:
    assert urls.full_size(kept) == kept


@pytest.mark.parametrize(
    ("written", "small"),
    [
        ("https://p.example/cache/1/100x80/a.jpg", True),
        ("https://p.example/a_154x115.jpg", True),
        ("https://p.example/2015/thumb/a.jpg", True),
        ("https://p.example/image-1-thumbsmall-x.jpg", True),
        ("https://p.example/a.jpg?width=140&s=1", True),
        ("https://p.example/a.jpg?width=460&s=1", False),
        ("https://p.example/2017/05/19/a-640x480.jpg", False),
        ("https://p.example/thumbelina/a-12.jpg", False),
    ],
)
def test_what_looks_small(written: str, small: bool) -> None:
    assert looks_small(written) is small


@given(st.sampled_from(sorted(LARGER)), st.integers(0, 200), st.text(max_size=8))
def test_the_largest_has_no_larger_one(small: str, at: int, piece: str) -> None:
    written = urls.absolute(small[:at] + piece + small[at:])
    once = urls.full_size(written)
    assert urls.full_size(once) == once
