"""How Telegram reaches us: sets or removes the web hook, only when needed. Knows addresses only.

    getWebhookInfo + what we noted -> nothing to do | setWebhook | deleteWebhook

Telegram does not reveal the secret that it was given, so a digest of the whole registration is
noted. A web hook that is not the noted one was set by another program with the same token: its host
is named.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from urllib.parse import urlsplit

import orjson
import structlog
import telegram
from telegram.error import BadRequest, TelegramError

from bot.core.errors import OperatorError, StorageError
from bot.health import Beat, no_beat
from storage import Database, memos

log = structlog.get_logger("webhook")

_MEMO = "webhook"
_EVERY = 300.0


class Registration:
    """`url` is the web hook's address, empty for long polling; `allowed` the kinds of updates."""

    def __init__(
        self,
        bot: telegram.Bot,
        db: Database,
        *,
        url: str = "",
        secret: str = "",
        allowed: Sequence[str] = (),
        beat: Beat = no_beat,
    ) -> None:
        self._beat = beat
        self._bot = bot
        self._db = db
        self._url = url
        self._secret = secret
        self._allowed = list(allowed)
        self._warned_of = ""
        self._trouble_at = 0

    async def ensure(self) -> None:
        """Bring Telegram's side in line with ours. Raises TelegramError if it cannot be asked,
        OperatorError if it refuses the address."""
        info = await self._bot.get_webhook_info()
        noted_url, noted = await self._noted()
        if info.url not in {"", self._url, noted_url}:
            self._name(info.url)
        if not self._url:
            if info.url:
                await self._bot.delete_webhook()
                log.info("webhook.removed")
            if noted_url:
                await self._note("")
            return
        if info.url == self._url and noted == self._digest():
            return
        try:
            await self._bot.set_webhook(
                self._url, secret_token=self._secret, allowed_updates=self._allowed
            )
        except BadRequest as error:
            raise OperatorError(f"KABAR_WEBHOOK_URL: Telegram refuses it: {error}.") from None
        await self._note(orjson.dumps([self._url, self._digest()]).decode())
        log.info("webhook.set", host=urlsplit(self._url).hostname)

    async def watch(self, *, every: float = _EVERY) -> None:
        """Notice, forever, when another program takes the web hook and when ours fails."""
        while True:
            self._beat()
            await asyncio.sleep(every)
            try:
                await self.look()
            except (TelegramError, StorageError) as error:
                log.info("webhook.unseen", reason=str(error))

    async def look(self) -> None:
        """Check once what Telegram reports about the web hook."""
        info = await self._bot.get_webhook_info()
        if not info.url and self._url:
            await self.ensure()  # Telegram removes a web hook that answers 410 for a day
        elif info.url != self._url:
            self._name(info.url)
        elif info.last_error_date is not None:
            at = int(info.last_error_date.timestamp())
            if at > self._trouble_at:
                self._trouble_at = at
                log.warning(
                    "webhook.trouble",
                    reason=info.last_error_message,
                    waiting=info.pending_update_count,
                )

    def _name(self, url: str) -> None:
        """Only the host: the rest of the address may be a secret of that program."""
        host = urlsplit(url).hostname or ""
        if host != self._warned_of:
            self._warned_of = host
            log.warning("webhook.foreign", host=host, hint="another program uses this token")

    def _digest(self) -> str:
        said = orjson.dumps([self._url, self._secret, self._allowed])
        return hashlib.sha256(said).hexdigest()

    async def _noted(self) -> tuple[str, str]:
        async with self._db.reading() as cx:
            text = await memos.get(cx, _MEMO)
        url, digest = orjson.loads(text) if text else ("", "")
        return str(url), str(digest)

    async def _note(self, text: str) -> None:
        async with self._db.transaction() as tx:
            await memos.put(tx, _MEMO, text)
