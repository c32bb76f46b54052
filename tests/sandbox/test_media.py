"""Files: ids, kinds, albums, addresses that Telegram fetches itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import Sandbox, User
from bot.sandbox.files import MB
from tests.sandbox.conftest import Client, Clock, picture


class Site:
    """A web site that counts what is fetched from it."""

    def __init__(self) -> None:
        self.root = ""
        self.fetched: list[str] = []
        self.pages: dict[str, tuple[int, str, bytes]] = {}

    async def serve(self, request: web.Request) -> web.Response:
        self.fetched.append(request.path)
        status, kind, body = self.pages.get(request.path, (404, "text/plain", b""))
        return web.Response(body=body, status=status, content_type=kind)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    served = Site()
    app = web.Application()
    app.add_routes([web.get("/{path:.*}", served.serve)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


async def test_a_photo_is_uploaded_once_and_sent_again(api: Client, sari: User) -> None:
    content = picture()
    sent = await api(
        "sendPhoto", chat_id=sari.id, photo=content, caption="<i>x</i>", parse_mode="HTML"
    )
    sizes = sent["photo"]
    assert [(one["width"], one["height"]) for one in sizes] == [(90, 68), (320, 240), (640, 480)]
    assert sent["caption_entities"][0]["type"] == "italic"
    again = await api("sendPhoto", chat_id=sari.id, photo=sizes[0]["file_id"])
    assert again["photo"] == sizes
    file = await api("getFile", file_id=sizes[-1]["file_id"])
    root = api.root.replace("/bot", "/file/bot")
    async with aiohttp.ClientSession() as session, session.get(root + file["file_path"]) as got:
        assert await got.read() == content
    as_document = await api.refused("sendDocument", chat_id=sari.id, document=sizes[0]["file_id"])
    assert as_document.text == "Bad Request: can't use file of type Photo as Document"


@pytest.mark.parametrize(
    ("photo", "complaint"),
    [
        ("", "there is no photo in the request"),
        ("AgAC$", "wrong remote file identifier specified: Wrong character in the string"),
        ("AgACA", "wrong remote file identifier specified: Wrong string length"),
        (
            "AgACAgQAAxkBMDp",
            "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        ("ftp://a.b/c.jpg", "invalid file HTTP URL specified: Unsupported URL protocol"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (picture()[:500], "IMAGE_PROCESS_FAILED"),
        (picture(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (
            b"x" * (10 * MB + 1),
            (
                "file of size 10485761 bytes is too big for a photo; "
                "the maximum size is 10485760 bytes"
            ),
        ),
    ],
)
async def test_bad_photos_are_refused(
    api: Client, sari: User, photo: str | bytes, complaint: str
) -> None:
    refused = await api.refused("sendPhoto", chat_id=sari.id, photo=photo)
    assert (refused.status, refused.text) == (400, f"Bad Request: {complaint}")


async def test_addresses_are_fetched_once_even_when_they_fail(
    api: Client, sandbox: Sandbox, sari: User, site: Site
) -> None:
    site.pages["/a.jpg"] = (200, "image/jpeg", picture())
    site.pages["/page.html"] = (200, "text/html", b"<html></html>")
    site.pages["/big.jpg"] = (200, "image/jpeg", b"x" * (5 * MB + 1))
    for _ in range(2):
        sent = await api("sendPhoto", chat_id=sari.id, photo=f"{site.root}/a.jpg")
        assert sent["photo"][-1]["width"] == 640
        for path, complaint in (
            ("/page.html", "wrong type of the web page content"),
            ("/big.jpg", "failed to get HTTP URL content"),
            ("/none.jpg", "failed to get HTTP URL content"),
        ):
            refused = await api.refused("sendPhoto", chat_id=sari.id, photo=site.root + path)
            assert refused.text == f"Bad Request: {complaint}"
    assert sorted(site.fetched) == ["/a.jpg", "/big.jpg", "/none.jpg", "/page.html"]
    sandbox.fetcher.forget()
    site.pages["/none.jpg"] = (200, "image/jpeg", picture())
    assert await api("sendPhoto", chat_id=sari.id, photo=f"{site.root}/none.jpg")


async def test_telegram_itself_reaches_no_private_network(clock: Clock, site: Site) -> None:
    site.pages["/a.jpg"] = (200, "image/jpeg", picture())
    async with (
        Sandbox(clock=clock, loopback=False) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        user = sandbox.create_user("Sari")
        sandbox.people.start(user)
        api = Client(sandbox, session)
        refused = await api.refused("sendPhoto", chat_id=user.id, photo=f"{site.root}/a.jpg")
        assert refused.text == "Bad Request: failed to get HTTP URL content"
    assert site.fetched == []


async def test_albums(api: Client, sandbox: Sandbox, sari: User, site: Site) -> None:
    site.pages["/a.jpg"] = (200, "image/jpeg", picture())
    good = {"type": "photo", "media": f"{site.root}/a.jpg"}
    bad = {"type": "photo", "media": f"{site.root}/none.jpg"}
    sent = await api("sendMediaGroup", chat_id=sari.id, media=[{**good, "caption": "dua"}, good])
    assert len({one["media_group_id"] for one in sent}) == 1
    refused = await api.refused("sendMediaGroup", chat_id=sari.id, media=[good, bad])
    assert refused.text == (
        "Bad Request: failed to send message #2 with the error message "
        '"Failed to get HTTP URL content"'
    )
    refused = await api.refused("sendMediaGroup", chat_id=sari.id, media=[good] * 11)
    assert refused.text == "Bad Request: too many messages to send as an album"
    document = {"type": "document", "media": "attach://one"}
    refused = await api.refused("sendMediaGroup", chat_id=sari.id, media=[good, document], one=b"x")
    assert refused.text == "Bad Request: document can't be mixed with other media types"
    above = {**good, "show_caption_above_media": True}
    refused = await api.refused("sendMediaGroup", chat_id=sari.id, media=[good, above])
    assert "must be the same for all messages" in refused.text
    uploaded = await api(
        "sendMediaGroup",
        chat_id=sari.id,
        media=[{"type": "photo", "media": "attach://one"}, good],
        one=picture(color="red"),
    )
    assert len(uploaded) == 2
    assert len(sandbox.said(sari)) == 4


async def test_media_are_edited(api: Client, sari: User) -> None:
    sent = await api("sendPhoto", chat_id=sari.id, photo=picture(), caption="lama")
    at = {"chat_id": sari.id, "message_id": sent["message_id"]}
    file_id = sent["photo"][-1]["file_id"]
    same = {"type": "photo", "media": file_id, "caption": "lama"}
    refused = await api.refused("editMessageMedia", **at, media=same)
    assert "message is not modified" in refused.text
    edited = await api("editMessageMedia", **at, media={**same, "caption": "baru"})
    assert edited["caption"] == "baru"
    other = {"type": "photo", "media": "attach://new"}
    edited = await api("editMessageMedia", **at, media=other, new=picture(color="red"))
    assert edited["photo"][-1]["file_id"] != file_id
    assert "caption" not in edited
    refused = await api.refused("editMessageText", **at, text="x")
    assert refused.text == "Bad Request: there is no text in the message to edit"
    too_long = await api.refused("editMessageCaption", **at, caption="x" * 1025)
    assert too_long.text == "Bad Request: message caption is too long"


async def test_a_picture_joins_a_text(api: Client, sandbox: Sandbox, sari: User) -> None:
    sent = await api(
        "sendMessage", chat_id=sari.id, text="kata", link_preview_options={"url": "https://a.b/c"}
    )
    at = {"chat_id": sari.id, "message_id": sent["message_id"]}
    long = {"type": "photo", "media": "attach://new", "caption": "x" * 1025}
    refused = await api.refused("editMessageMedia", **at, media=long, new=picture())
    assert refused.text == "Bad Request: message caption is too long"
    media = {"type": "photo", "media": "attach://new", "caption": "kata"}
    edited = await api("editMessageMedia", **at, media=media, new=picture())
    assert (edited["caption"], edited["photo"][-1]["width"]) == ("kata", 640)
    assert {"text", "link_preview_options", "reply_markup"}.isdisjoint(edited)
    refused = await api.refused("editMessageText", **at, text="x")
    assert refused.text == "Bad Request: there is no text in the message to edit"
    assert len(sandbox.said(sari)) == 1
    sticker = await api("sendSticker", chat_id=sari.id, sticker=b"bytes")
    at = {"chat_id": sari.id, "message_id": sticker["message_id"]}
    refused = await api.refused("editMessageMedia", **at, media=media, new=picture())
    assert refused.text == "Bad Request: there is no media in the message to edit"


@pytest.mark.parametrize(
    "kind", ["document", "voice", "audio", "video", "animation", "sticker", "video_note"]
)
async def test_every_kind_keeps_its_id(api: Client, sari: User, kind: str) -> None:
    name = "send" + kind.title().replace("_", "")
    sent = await api(name, chat_id=sari.id, **{kind: b"bytes"})
    again = await api(name, chat_id=sari.id, **{kind: sent[kind]["file_id"]})
    assert again[kind] == sent[kind]


async def test_people_send_files(api: Client, sandbox: Sandbox, sari: User) -> None:
    sandbox.people.send_photo(sari, picture(), caption="lihat #banjir")
    sandbox.people.send_voice(sari, b"suara")
    sandbox.people.send_album(sari, [picture(), picture()], caption="album")
    photo, voice, first, second = [one["message"] for one in await api.updates()]
    assert photo["caption_entities"][0]["type"] == "hashtag"
    assert voice["voice"]["duration"] == 3
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("album", False)
