"""Any picture as a JPEG that Telegram accepts. Knows Pillow and limits; fetches nothing.

Telegram's limits for photos: 10 MB, width and height together 10,000, ratio at most 20 (Bot API,
sendPhoto).
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from bot.core.model import LEAST_SIDE

LONGEST_SIDE = 1280
_MAX_PIXELS = 60_000_000
Image.MAX_IMAGE_PIXELS = (
    None  # our own limit is lower, and Pillow's warnings must not get into the log
)
_MAX_RATIO = 20
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO")


def as_jpeg(content: bytes) -> bytes | None:
    """Any picture as a JPEG within Telegram's limits; None if it is not a picture or is a
    decompression bomb, and empty if it is too small to be shown."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                return None
            if max(picture.size) < LEAST_SIDE:
                return b""
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _encode(_flat(ImageOps.exif_transpose(picture)))
    except Exception:  # noqa: BLE001 - decoders raise anything for a stranger's bytes
        return None


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency (white shows through), small enough, not too narrow."""
    if picture.mode not in {"RGB", "L"}:
        colours = picture.convert("RGBA")
        paper = Image.new("RGBA", colours.size, "white")
        picture = Image.alpha_composite(paper, colours)
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    least = -(-max(picture.size) // _MAX_RATIO)
    if min(picture.size) < least:
        wide = (max(picture.width, least), max(picture.height, least))
        picture = ImageOps.pad(picture, wide, color="white")
    return picture


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()
