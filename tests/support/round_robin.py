"""A load balancer that gives each request to the next process, whatever the request is."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer


@asynccontextmanager
async def balancing(behind: Sequence[str], took: Counter[str]) -> AsyncIterator[str]:
    """Its address. `behind`: `host:port` of each process; `took` counts what each one got."""
    turns = cycle(behind)
    async with aiohttp.ClientSession() as session:

        async def pass_on(request: web.Request) -> web.Response:
            body, turn = await request.read(), next(turns)
            took[turn] += 1
            address = f"http://{turn}{request.path_qs}"
            headers = {
                name: value for name, value in request.headers.items() if name.lower() != "host"
            }
            try:
                async with session.request(
                    request.method, address, data=body, headers=headers
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientError:
                return web.Response(status=502)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", pass_on)
        server = TestServer(app)
        await server.start_server()
        try:
            yield str(server.make_url("")).rstrip("/")
        finally:
            await server.close()
