"""Strangers' pictures: either what Telegram accepts comes out, or nothing."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.core.errors import FeedError
from bot.core.posts.pictures import Sight
from bot.delivery.pictures import PictureBytes, Pictures
from bot.reading.jpeg import LONGEST_SIDE, as_jpeg


def saved(size: tuple[int, int], form: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form)
    return out.getvalue()


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "1"),
        ("GIF", "P"),
        ("WEBP", "RGBA"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
    ],
)
@pytest.mark.parametrize("size", [(200, 200), (640, 480), (4000, 3000), (5000, 20), (20, 5000)])
def test_every_form_comes_out_within_telegrams_limits(
    form: str, mode: str, size: tuple[int, int]
) -> None:
    with opened(as_jpeg(saved(size, form, mode))) as found:
        assert found.format == "JPEG"
        assert max(found.size) <= LONGEST_SIDE
        assert max(found.size) / min(found.size) <= 20


def test_a_picture_too_small_to_be_shown_is_nothing() -> None:
    assert as_jpeg(saved((199, 199), "PNG")) == b""
    assert as_jpeg(saved((60, 60), "JPEG")) == b""


def test_transparency_shows_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (240, 8), (0, 0, 0, 0)).save(out, "PNG")
    with opened(as_jpeg(out.getvalue())) as found:
        assert found.getpixel((4, 4)) == (255, 255, 255)


def test_picture_that_lies_on_its_side_stands_up() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 200)).save(out, "JPEG", exif=exif)
    with opened(as_jpeg(out.getvalue())) as found:
        assert found.size == (200, 600)


def bomb() -> bytes:
    """A few bytes that unpack to 2.5 gigapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def test_bombs_are_not_unpacked() -> None:
    assert as_jpeg(bomb()) is None


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_bytes_can_hurt(noise: bytes, place: int) -> None:
    whole = saved((240, 30), "PNG")
    for content in (noise, whole[:place], whole[:place] + noise + whole[place + len(noise) :]):
        found = as_jpeg(content)
        assert found is None or found.startswith(b"\xff\xd8")


async def test_missing_and_local_pictures_are_none() -> None:
    class Missing:
        asked = 0

        async def get(self, address: str, *, max_bytes: int = 0, accept: str = "") -> PictureBytes:
            self.asked += 1
            raise FeedError("no")

    downloads = Missing()
    pictures = Pictures(downloads)
    for address in ("https://kabar.example/1.jpg", "/etc/hostname"):
        assert (await pictures.look(address)).finding is Sight.MISSING
    assert downloads.asked == 1
