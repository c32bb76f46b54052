"""Messenger: our Post -> a call of the Bot API -> our SendResult. Does not know the database.

Every message waits for the rate limiter, which broadcasts use too; answers to people come first
there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import orjson

from bot.core.html import Html
from bot.core.model import Destination, Keyboard, Post, Rich, SendResult, SendStatus, TelegramId
from bot.core.posts.outcome import bad_link, bad_picture, photos_forbidden
from bot.core.posts.pictures import PATIENCE, Look, Sight
from bot.core.posts.rate_limit import Urgency
from bot.telegram import botapi
from bot.telegram.botapi import Encoded
from bot.telegram.limiter import Limiter
from bot.telegram.places import away
from bot.telegram.transport import Transport

SeePicture = Callable[[str], Awaitable[Look]]
"""What is at a picture's address, if it arrives in time."""

_TRIES = 3
_PAUSE = 0.5
_PATIENCE = 61.0
"""Seconds: somebody who has to wait longer than a group's minute is gone by then."""


class Messenger:
    """Sends, edits, copies. Never raises for what Telegram or the network do. `patience`: seconds
    for Telegram to fetch a picture by its address."""

    def __init__(
        self,
        transport: Transport,
        limiter: Limiter,
        *,
        see: SeePicture | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._patience = patience
        self._transport = transport
        self._limiter = limiter
        self._see = see

    def busy(self, to: Destination, urgency: Urgency = Urgency.PERSON) -> float:
        """Seconds until the limits of this chat allow a message."""
        return self._limiter.busy(to, urgency)

    async def send(
        self,
        post: Post,
        to: Destination,
        *,
        urgency: Urgency = Urgency.PERSON,
        reply_to: int | None = None,
    ) -> SendResult:
        """Send a message. A picture that does not arrive in time, or that Telegram refuses, is left
        out: the text is sent. One that only Telegram may be able to fetch is added afterwards,
        within 5 s.

        The result's `file_id` is that of the picture, if there is one.
        """
        if post.rich is not None and self._transport.takes_rich:
            result = await self._send_rich(post.rich, to, urgency, reply_to, silent=post.silent)
            if result.status is not SendStatus.REFUSED:
                return result
        content, offered = b"", None
        if post.photo is not None:
            look = await self._seen(post.photo)
            content = look.content
            if look.finding is Sight.MISSING and is_address(post.photo):
                offered = post
            if offered or look.finding in {Sight.SMALL, Sight.LATE}:
                post = without_picture(post)
        result = await self._in_form(post, content, to, urgency, reply_to)
        if result.status is SendStatus.REFUSED and bad_link(result.description):
            post = without_links(post)
            result = await self._in_form(post, content, to, urgency, reply_to)
        if offered is not None and result.message_id is not None:
            return await self._joined(replace(offered, keyboard=post.keyboard), to, result)
        if not post.photo or not _about_picture(result):
            return result
        return await self._in_form(without_picture(post), b"", to, urgency, reply_to)

    async def sight(self, address: str) -> Sight:
        """What is at the address of a picture, if it arrives in time."""
        return (await self._seen(address)).finding

    async def edit(
        self,
        post: Post,
        to: Destination,
        message_id: int,
        *,
        photo: bool = False,
        urgency: Urgency = Urgency.PERSON,
    ) -> SendResult:
        """New words and buttons for a message; `photo`: it is a picture with a caption."""
        encoded = botapi.encode_edit(post, photo=photo)
        body = encoded.to(to, message_id=message_id)
        return await self._call(encoded.method, body, to, urgency)

    async def edit_keyboard(
        self,
        keyboard: Keyboard,
        to: Destination,
        message_id: int,
        *,
        urgency: Urgency = Urgency.PERSON,
    ) -> SendResult:
        """New buttons for a message."""
        encoded = botapi.encode_keyboard(keyboard)
        body = encoded.to(to, message_id=message_id)
        return await self._call(encoded.method, body, to, urgency)

    async def answer_press(
        self, press_id: str, text: str = "", *, alert: bool = False, url: str = ""
    ) -> None:
        """Stop the progress indicator of a pressed button (text: at most 200 characters). A late
        answer is ignored."""
        values: dict[str, object] = {"callback_query_id": press_id}
        if text:
            values |= {"text": text[:200], "show_alert": alert}
        if url:
            values["url"] = url
        with away():
            await self._transport.call("answerCallbackQuery", orjson.dumps(values))

    async def copy(
        self,
        to: Destination,
        source: TelegramId,
        message_ids: Sequence[int],
        *,
        captions: bool = True,
        reply_to: int | None = None,
        urgency: Urgency = Urgency.PERSON,
    ) -> SendResult:
        """Copy messages of another chat, without their sender; albums stay albums (at most 100).

        The result's `message_ids` are those of the copies. Only a single copy can be a reply.
        """
        values: dict[str, object] = {"from_chat_id": source}
        if not captions:
            empty = {"caption": ""} if len(message_ids) == 1 else {"remove_caption": True}
            values |= empty
        if len(message_ids) == 1:
            method, values["message_id"] = "copyMessage", message_ids[0]
        else:
            method, values["message_ids"] = "copyMessages", sorted(message_ids)
            reply_to = None
        rest = b"," + orjson.dumps(values)[1:]
        result = await self._send(Encoded(method, rest), to, urgency, reply_to)
        if result.message_id is not None and not result.message_ids:
            result = result._replace(message_ids=(result.message_id,))
        return result

    async def send_file(
        self,
        name: str,
        content: bytes,
        to: Destination,
        *,
        caption: Html | None = None,
        urgency: Urgency = Urgency.PERSON,
    ) -> SendResult:
        """Send a file that we made: a `.png` is shown as a photo, anything else as a document."""
        photo = name.endswith(".png")
        fields = {"chat_id": str(to.telegram_id)}
        if to.thread:
            fields["message_thread_id"] = str(to.thread)
        if caption:
            fields |= {"caption": caption, "parse_mode": "HTML"}
        await self._limiter.wait_turn(to, urgency)
        result = await self._transport.upload(
            "sendPhoto" if photo else "sendDocument",
            fields,
            "photo" if photo else "document",
            content,
            filename=name,
            content_type="image/png" if photo else "application/octet-stream",
        )
        self._limiter.told(to, result)
        return result

    async def pin(
        self, to: Destination, message_id: int, *, urgency: Urgency = Urgency.PERSON
    ) -> SendResult:
        """Pin a message without notifying everybody."""
        body = _message(to, message_id, disable_notification=True)
        return await self._call("pinChatMessage", body, to, urgency)

    async def unpin(
        self, to: Destination, message_id: int, *, urgency: Urgency = Urgency.PERSON
    ) -> SendResult:
        """Unpin a message."""
        return await self._call("unpinChatMessage", _message(to, message_id), to, urgency)

    async def delete(
        self, to: Destination, message_id: int, *, urgency: Urgency = Urgency.PERSON
    ) -> SendResult:
        """Delete a message (Telegram: only one younger than 48 hours)."""
        return await self._call("deleteMessage", _message(to, message_id), to, urgency)

    async def _send(
        self, encoded: Encoded, to: Destination, urgency: Urgency, reply_to: int | None
    ) -> SendResult:
        return await self._call(encoded.method, encoded.to(to, reply_to=reply_to), to, urgency)

    async def _seen(self, photo: str) -> Look:
        """What we find of a picture: a file id need not be fetched, the name of a local file must
        not be."""
        if not usable_picture(photo):
            return Look(Sight.LATE)
        if self._see is None or not is_address(photo):
            return Look(Sight.MISSING)
        with away():
            return await self._see(photo)

    async def _send_rich(
        self, rich: Rich, to: Destination, urgency: Urgency, reply_to: int | None, *, silent: bool
    ) -> SendResult:
        """Send a rich message; REFUSED if the server does not support these, or not this one: then
        a plain one can be sent. Its picture is never left to Telegram to fetch."""
        look = await self._seen(rich.photo) if is_address(rich.photo) else Look(Sight.MISSING)
        if look.content:
            encoded = botapi.encode_rich(rich, picture=botapi.ATTACHED, silent=silent)
            await self._limiter.wait_turn(to, urgency)
            fields = botapi.fields(encoded, to, reply_to=reply_to)
            result = await self._transport.upload(encoded.method, fields, "photo", look.content)
            self._limiter.told(to, result)
            return result
        picture = "" if is_address(rich.photo) or not usable_picture(rich.photo) else rich.photo
        encoded = botapi.encode_rich(rich, picture=picture, silent=silent)
        return await self._send(encoded, to, urgency, reply_to)

    async def _joined(self, post: Post, to: Destination, sent: SendResult) -> SendResult:
        """Add to a sent message the picture that Telegram can fetch in time. This may take forever,
        or succeed late: as an edit that does no harm."""
        encoded = botapi.encode_media(post, post.photo or "")
        body = encoded.to(to, message_id=sent.message_id)
        await self._limiter.wait_turn(to, Urgency.POST)
        with away():
            result = await self._transport.call(encoded.method, body, patience=self._patience)
        if result.status is SendStatus.UNKNOWN:
            return sent
        self._limiter.told(to, result)
        return sent._replace(file_id=result.file_id) if result.status is SendStatus.OK else sent

    async def _in_form(
        self,
        post: Post,
        content: bytes,
        to: Destination,
        urgency: Urgency,
        reply_to: int | None,
    ) -> SendResult:
        """Send it with the picture's `content` as an upload, else as it is."""
        if not content or not post.photo:
            return await self._send(botapi.encode_send(post), to, urgency, reply_to)
        await self._limiter.wait_turn(to, urgency)
        fields = botapi.fields(botapi.encode_send(post), to, reply_to=reply_to)
        result = await self._transport.upload("sendPhoto", fields, "photo", content)
        self._limiter.told(to, result)
        return result

    async def _call(
        self, method: str, body: bytes, to: Destination, urgency: Urgency
    ) -> SendResult:
        """Make a call; repeat it while it certainly did not arrive, and once if that is unknown."""
        wait = self._limiter.busy(to, urgency)
        if urgency is Urgency.PERSON and wait > _PATIENCE:
            return SendResult(SendStatus.FLOOD, description="held", retry_after=wait)
        doubted = False
        for tries_left in reversed(range(_TRIES)):
            await self._limiter.wait_turn(to, urgency)
            with away():
                result = await self._transport.call(method, body)
            self._limiter.told(to, result)
            if not tries_left or not _worth_repeating(result) or doubted:
                break
            doubted = result.status is SendStatus.UNKNOWN
            if result.status is not SendStatus.FLOOD:
                with away():
                    await asyncio.sleep(_PAUSE)
        return result


def is_address(text: str) -> bool:
    """Whether it begins like a web address: anything else might name a local file somewhere."""
    return text.startswith(("http://", "https://"))


def usable_picture(photo: str) -> bool:
    """A web address, or a file id (letters, digits, - and _): nothing else goes near Telegram."""
    return is_address(photo) or (
        photo.isascii() and photo.replace("-", "").replace("_", "").isalnum()
    )


def without_picture(post: Post) -> Post:
    """The same text with a large preview of its link in place of the picture."""
    links = (one.url for row in post.keyboard for one in row)
    pages = (url for url in links if url and not url.startswith("https://t.me/"))
    return replace(post, photo=None, preview=post.preview or next(pages, None))


def without_links(post: Post) -> Post:
    """The same without the buttons that lead out of Telegram."""
    rows = (
        tuple(one for one in row if not one.url or one.url.startswith("https://t.me/"))
        for row in post.keyboard
    )
    return replace(post, keyboard=tuple(filter(None, rows)))


def _about_picture(result: SendResult) -> bool:
    return result.status is SendStatus.REFUSED and (
        bad_picture(result.description) or photos_forbidden(result.description)
    )


def _worth_repeating(result: SendResult) -> bool:
    if result.status is SendStatus.FLOOD:
        return (result.retry_after or 1) <= _PATIENCE
    return result.status in {SendStatus.UNSENT, SendStatus.UNKNOWN}


def _message(to: Destination, message_id: int, **more: object) -> bytes:
    return orjson.dumps({"chat_id": to.telegram_id, "message_id": message_id, **more})
