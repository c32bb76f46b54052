"""The chat page's own routes: the page, its files, link previews. All else comes from /control.

browser ── /control/* ──> the stand-in          (what happens in chats)
        └─ /, /static/*, /page/* ──> Page       (what the page itself needs)
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

import orjson
from aiohttp import web

from bot.sandbox.newsroom.newsroom import NAME, Piece
from bot.sandbox.newsroom.site import STATIC, Site, local, page, picture_of
from bot.sandbox.ui import actions
from bot.sandbox.world import Json

_KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class ChatPage:
    """Serves the page. `site` is None when the visitor brought a feed of his own."""

    ACTIONS = (actions.answer_album,)
    """What it adds to /control."""

    def __init__(
        self, scene: Callable[[], Json], site: Site | None, root: Callable[[], str]
    ) -> None:
        self._scene = scene
        self._site = site
        self._root = root
        self._run = secrets.token_hex(8)
        self._files = {
            file.name: file.read_bytes() for file in STATIC.iterdir() if file.suffix in _KINDS
        }
        self.trouble: list[str] = []
        """The last words of a bot that died, for pages opened later."""

    def routes(self) -> list[web.RouteDef]:
        """What the application serves."""
        return [
            web.get("/", local(self.index)),
            web.get("/static/{name}", self.static),
            web.get("/page/scene", local(self.scene)),
            web.get("/page/preview", local(self.preview)),
        ]

    async def index(self, _: web.Request) -> web.Response:
        """The chat program."""
        return page((STATIC / "index.html").read_bytes())

    async def static(self, request: web.Request) -> web.Response:
        """Scripts, styles, drawings: only those that were there at the start."""
        name = request.match_info["name"]
        content = self._files.get(name)
        if content is None:
            raise web.HTTPNotFound(text="no such file")
        etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        kind = _KINDS[name[name.rindex(".") :]]
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    async def scene(self, _: web.Request) -> web.Response:
        """Who is played, under which headings the chats stand, and is there an editor's page?"""
        own = {"desk": self._site is not None, "trouble": self.trouble, "run": self._run}
        return _json(self._scene() | own)

    async def preview(self, request: web.Request) -> web.Response:
        """What a link preview shows of an address; only the newsroom's own pages are known."""
        address, root = request.query.get("url", ""), self._root()
        piece = None
        if self._site is not None and address.startswith(f"{root}/"):
            path = address.removeprefix(root).partition("#")[0].partition("?")[0]
            piece = self._site.newsroom.at(path)
        if piece is None:
            return _json({"error": "there is no preview"}, 404)
        return _json(_seen(piece, root))


def _seen(piece: Piece, root: str) -> Json:
    return {
        "site": NAME,
        "title": piece.headline,
        "description": piece.text[0] if piece.text else "",
        "image": picture_of(piece, root, "w640-h360"),
    }


def _json(value: object, status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", headers=headers
    )
