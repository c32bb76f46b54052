"""A lenient connection: a response's head is repaired before aiohttp's parser sees it.

For servers that the strict parser could not read; one response per connection.
"""

from __future__ import annotations

import asyncio

from aiohttp.client_proto import ResponseHandler

from bot.core import wire

_LONGEST_HEAD = 256 * 1024


class LenientHandler(ResponseHandler):
    """aiohttp's protocol of one connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._head: bytes | None = b""
        self._chunks: wire.Chunks | None = None

    def data_received(self, data: bytes) -> None:
        """Wait for the head, mend it, and from then on pass everything through, chunks mended."""
        if self._head is None:
            if body := self._chunks.mended(data) if self._chunks else data:
                super().data_received(body)
            return
        self._head += data
        while end := wire.head_end(self._head):
            head, rest = self._head[:end], self._head[end:]
            if not wire.is_interim(head):
                self._head = None
                if wire.is_chunked(head):
                    self._chunks = wire.Chunks()
                    rest = self._chunks.mended(rest)
                super().data_received(wire.repaired_head(head) + rest)
                return
            self._head = rest
        if len(self._head) > _LONGEST_HEAD:
            head, self._head = self._head, None
            super().data_received(head)
