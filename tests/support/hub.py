"""A small WebSub hub over real HTTP: verifies intent, distributes, refuses; tests control it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

CHALLENGE = "tantangan-123"


@dataclass
class Hub:
    """`asked` are the forms that it received; `status` is its answer to the next ones."""

    session: aiohttp.ClientSession
    address: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    status: int = 202
    redirect: str = ""
    got_one: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        if self.redirect and request.path == "/":
            return web.Response(status=308, headers={"Location": self.redirect})
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        self.got_one.set()
        return web.Response(status=self.status, text="" if self.status == 202 else "tidak")

    async def verify(self, mode: str = "", **more: Any) -> tuple[int, str]:
        """Verify the intent of the last form, as the Recommendation asks."""
        last = self.asked[-1]
        query = {
            "hub.mode": mode or last["hub.mode"],
            "hub.topic": last["hub.topic"],
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": last.get("hub.lease_seconds", ""),
        } | {f"hub.{name}": str(value) for name, value in more.items()}
        query = {name: value for name, value in query.items() if value}
        async with self.session.get(last["hub.callback"], params=query) as answer:
            return answer.status, await answer.text()

    async def push(
        self,
        body: bytes,
        *,
        method: str = "sha256",
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Distribute content, signed as it should be."""
        last = self.asked[-1]
        key = (last["hub.secret"] if secret is None else secret).encode()
        digest = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
        signed = {
            "Content-Type": "application/rss+xml",
            "Link": f'<{self.address}>; rel="hub", <{last["hub.topic"]}>; rel="self"',
            "X-Hub-Signature": f"{method}={digest}",
        } | dict(headers or {})
        async with self.session.post(last["hub.callback"], data=body, headers=signed) as answer:
            return answer.status


@asynccontextmanager
async def open_hub() -> AsyncIterator[Hub]:
    """A hub on loopback."""
    app = web.Application()
    async with aiohttp.ClientSession() as session:
        hub = Hub(session)
        app.router.add_post("/{path:.*}", hub.take)
        server = TestServer(app)
        await server.start_server()
        hub.address = f"http://127.0.0.1:{server.port}/"
        yield hub
        await server.close()
