"""The newsroom's site over HTTP: feed, pages, pictures and the desk. Knows no bot and no chat.

    /feeds/posts/default   /2026/11/slug.html   /img/b/.../s1600/x.jpg   /news   /desk

The desk is for the person at this machine: its requests must come from loopback (`local`).
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

import orjson
from aiohttp import web
from PIL import Image

from bot.sandbox.newsroom.canvas import LIGHTS
from bot.sandbox.newsroom.feed import PAGE_MOST, article_page, atom, front_page, picture_address
from bot.sandbox.newsroom.newsroom import DeskError, Newsroom, Piece
from bot.sandbox.newsroom.scenes import SCENES, draw

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STATIC = Path(__file__).parents[1] / "static"
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_POLICY = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'self'"
_SIZE_MOST = 1600


def local(handler: Handler) -> Handler:
    """Refuse a page elsewhere that reaches us through the visitor's browser (also by DNS)."""

    async def checked(request: web.Request) -> web.StreamResponse:
        host = request.host.rpartition(":")[0] or request.host
        origin = request.headers.get("Origin", "")
        if host not in _LOCAL or (origin and origin != f"http://{request.host}"):
            raise web.HTTPForbidden(text="this machine only")
        return await handler(request)

    return checked


def page(text: str | bytes, *, styled: bool = False) -> web.Response:
    """A page that runs nothing but our own scripts; `styled` as Blogger's text, with attributes."""
    policy = f"{_POLICY}; style-src 'self'" + (" 'unsafe-inline'" if styled else "")
    body = text.encode() if isinstance(text, str) else text
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)


class Site:
    """Serves one newsroom. `root` gives the site's own address, known once it listens."""

    def __init__(self, newsroom: Newsroom, root: Callable[[], str]) -> None:
        self.newsroom = newsroom
        self._root = root

    def routes(self) -> list[web.RouteDef]:
        """What the application serves."""
        return [
            web.get("/feeds/posts/default", self.feed),
            web.get("/feeds/posts/default/-/{label}", self.feed),
            web.get(r"/{year:\d{4}}/{month:\d{2}}/{slug}.html", self.article),
            web.get("/img/b/{room}/{token}/{size}/{name}", self.picture),
            web.get("/news", self.front),
            web.get("/desk", local(self.desk_page)),
            web.get("/desk/state", local(self.desk_state)),
            web.post("/desk/{action}", local(self.desk_act)),
            web.get(r"/desk/scene/{scene}/{light}.jpg", local(self.scene)),
        ]

    # --- for everybody ----------------------------------------------------------------------------

    async def feed(self, request: web.Request) -> web.Response:
        """The feed, with what makes a second poll cheap: ETag, Last-Modified, 304."""
        start, most = _number(request, "start-index", 1), _number(request, "max-results", 25)
        label = request.match_info.get("label", "")
        text = atom(self.newsroom, self._root(), start, min(most, PAGE_MOST), label)
        body = text.encode()
        moment = self.newsroom.updated.astimezone(UTC)
        headers = {
            "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
            "Last-Modified": format_datetime(moment, usegmt=True),
            "Cache-Control": "private, max-age=0",
        }
        if _unchanged(request, headers["ETag"], moment):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=body, content_type="application/atom+xml", charset="utf-8", headers=headers
        )

    async def article(self, request: web.Request) -> web.Response:
        """An article's page; 404 when it was retracted."""
        piece = self.newsroom.at(request.path)
        if piece is None:
            raise web.HTTPNotFound(text="Artikel ini tidak ada (lagi).")
        return page(article_page(piece, self._root()), styled=True)

    async def front(self, _: web.Request) -> web.Response:
        """The front page."""
        return page(front_page(self.newsroom.pieces, self._root()))

    async def picture(self, request: web.Request) -> web.Response:
        """A picture in one of Blogger's sizes: s1600, w640-h360, s72-c."""
        token, size = request.match_info["token"], request.match_info["size"]
        upload = self.newsroom.upload(token)
        scene, light, seed = _described(token)
        if upload is None and not scene:
            raise web.HTTPNotFound(text="no such picture")
        try:
            body = await asyncio.to_thread(_sized, upload or (scene, light, seed), _box(size))
        except (OSError, ValueError) as error:
            raise web.HTTPNotFound(text="no such picture") from error
        return web.Response(
            body=body, content_type="image/jpeg", headers={"Cache-Control": "public, max-age=86400"}
        )

    # --- the desk ---------------------------------------------------------------------------------

    async def desk_page(self, _: web.Request) -> web.Response:
        """Where the visitor plays the editor."""
        return page((STATIC / "desk.html").read_bytes())

    async def desk_state(self, _: web.Request) -> web.Response:
        """Every article for the desk's list, and the scenes to choose from."""
        root = self._root()
        return _json(
            {
                "articles": [_shown(piece, root) for piece in self.newsroom.pieces],
                "scenes": list(SCENES),
                "lights": list(LIGHTS),
            }
        )

    async def desk_act(self, request: web.Request) -> web.Response:
        """publish, correct, swap, retract; answered with the article."""
        form = await request.post()
        words = {name: value for name, value in form.items() if isinstance(value, str)}
        try:
            upload = await asyncio.to_thread(_upload, form.get("file"))
            piece = self._act(request.match_info["action"], words, upload)
        except DeskError as error:
            return _json({"error": str(error)}, 400)
        return _json(_shown(piece, self._root()))

    def _act(self, action: str, words: dict[str, str], upload: bytes) -> Piece:
        room = self.newsroom
        drawing = None
        if upload or words.get("scene"):
            drawing = room.drawing(words.get("scene", ""), words.get("light", "day"), upload)
        if action == "publish":
            headline, text = words.get("headline", ""), words.get("text", "")
            return room.publish(headline, text, words.get("label", ""), drawing)
        number = words.get("number", "")
        if not number.isascii() or not number.isdigit():
            raise DeskError("Which article?")
        if action == "correct":
            return room.correct(int(number), words.get("headline", ""))
        if action == "retract":
            return room.retract(int(number))
        if action == "swap" and drawing:
            return room.swap_picture(int(number), drawing)
        raise DeskError("The desk cannot do that.")

    async def scene(self, request: web.Request) -> web.Response:
        """A small picture of a scene, to choose by."""
        scene, light = request.match_info["scene"], request.match_info["light"]
        if scene not in SCENES or light not in LIGHTS:
            raise web.HTTPNotFound(text="no such scene")
        body = await asyncio.to_thread(_sized, (scene, light, 1), (240, 135))
        return web.Response(
            body=body, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"}
        )


def _shown(piece: Piece, root: str) -> dict[str, object]:
    return {
        "number": str(piece.number),  # larger than what a browser keeps exactly
        "headline": piece.headline,
        "labels": list(piece.labels),
        "published": piece.published,
        "corrected": piece.updated != piece.published,
        "url": root + piece.path,
        "picture": picture_of(piece, root, "w240-h135"),
    }


def picture_of(piece: Piece, root: str, size: str = "s1600") -> str:
    """The address of an article's picture, "" when it has none."""
    return picture_address(piece.drawing, root, size) if piece.drawing else ""


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    usable = text.isascii() and text.isdigit() and len(text) < 9
    return max(1, int(text)) if usable else default


def _unchanged(request: web.Request, etag: str, moment: datetime) -> bool:
    """RFC 9110, 13.2.2: the entity tag decides when there is one, else the date."""
    if known := request.headers.get("If-None-Match"):
        return etag in [one.strip() for one in known.split(",")]
    try:
        since = parsedate_to_datetime(request.headers.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and moment <= since


def _described(token: str) -> tuple[str, str, int]:
    scene, _, rest = token.partition("-")
    light, _, seed = rest.partition("-")
    known = scene in SCENES and light in LIGHTS and seed.isascii() and seed.isdigit()
    return (scene, light, int(seed)) if known and len(seed) < 9 else ("", "", 0)


def _box(size: str) -> tuple[int, int]:
    """The largest width and height of `s1600`, `w640-h360`, `s72-w640-h360-c`; s0 is all."""
    wide = high = _SIZE_MOST
    for part in size.split("-"):
        letter, digits = part[:1], part[1:]
        if digits.isascii() and digits.isdigit() and 0 < int(digits[:5]) <= _SIZE_MOST:
            if letter in "ws":
                wide = int(digits[:5])
            if letter in "hs":
                high = int(digits[:5])
    return wide, high


@lru_cache(maxsize=64)
def _drawn(scene: str, light: str, seed: int) -> bytes:
    return draw(scene, light, seed)


def _sized(what: bytes | tuple[str, str, int], box: tuple[int, int]) -> bytes:
    full = what if isinstance(what, bytes) else _drawn(*what)
    with Image.open(io.BytesIO(full)) as picture:
        if picture.width <= box[0] and picture.height <= box[1]:
            return full
        small = picture.convert("RGB")
        small.thumbnail(box)
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _upload(field: object) -> bytes:
    """A picture that the visitor chose, as JPEG. Raises DeskError."""
    if not isinstance(field, web.FileField):
        return b""
    content = field.file.read()
    if not content:
        return b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                plain = picture.convert("RGB")
                plain.thumbnail((_SIZE_MOST, _SIZE_MOST))
    except (
        OSError,
        ValueError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise DeskError("That file is no picture.") from error
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=88)
    return kept.getvalue()
