"""The sample newsroom: its feed is Blogger's in shape, and the desk's work shows in it at once."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from lxml import html
from PIL import Image

from bot.sandbox.newsroom.canvas import LIGHTS
from bot.sandbox.newsroom.feed import atom
from bot.sandbox.newsroom.newsroom import DeskError, Newsroom
from bot.sandbox.newsroom.scenes import SCENES, draw
from bot.sandbox.newsroom.seed import read
from bot.sandbox.newsroom.site import Site
from tests.support.shared import SHARED

Client = TestClient[web.Request, web.Application]
ROOT = "http://127.0.0.1:8800"


class Clock:
    """A morning in November that passes when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def room() -> Newsroom:
    return Newsroom(clock=Clock())


@pytest.fixture
async def site(room: Newsroom) -> AsyncIterator[Client]:
    application = web.Application()
    served = Site(room, lambda: ROOT)
    application.add_routes(served.routes())
    async with TestClient(TestServer(application)) as opened:
        yield opened


def parsed(text: str) -> Any:
    """A page; its types are those of lxml, which no test needs."""
    return html.fromstring(text)


async def feed_of(site: Client, query: str = "") -> Any:
    answer = await site.get(f"/feeds/posts/default{query}")
    assert answer.status == 200
    return feedparser.parse(await answer.read())


async def desk(site: Client, action: str, **words: str | bytes) -> Any:
    form = aiohttp.FormData()
    for name, value in words.items():
        if isinstance(value, bytes):
            form.add_field(name, io.BytesIO(value), filename="chosen.png")
        else:
            form.add_field(name, value)
    answer = await site.post(f"/desk/{action}", data=form)
    return answer.status, await answer.json()


# --- the feed -------------------------------------------------------------------------------------


async def test_a_dozen_articles_and_one_that_waits(room: Newsroom, site: Client) -> None:
    feed = await feed_of(site)
    assert len(feed.entries) == 12
    assert feed.feed.title == "Kabar Contoh"
    waiting = room.waiting
    assert waiting is not None
    assert waiting.headline not in [entry.title for entry in feed.entries]
    room.release()
    feed = await feed_of(site)
    assert feed.entries[0].title == waiting.headline
    assert room.release() is None


async def test_articles_are_written_and_drawn_for_themselves(room: Newsroom) -> None:
    pieces = [*room.pieces, room.waiting]
    assert len({piece.drawing.token for piece in pieces if piece and piece.drawing}) == 13
    assert all(piece and len(piece.text) >= 4 and piece.caption for piece in pieces)
    english = [piece for piece in pieces if piece and "English" in piece.labels]
    assert 2 <= len(english) <= 4


async def test_an_entry_has_the_shape_of_bloggers(site: Client) -> None:
    """Element by element as in the seed: the same names in the same roles."""
    entry = (await feed_of(site)).entries[0]
    assert entry.id.startswith("tag:blogger.com,1999:blog-")
    assert ".post-" in entry.id
    assert entry.thr_total == "0"
    assert entry.link.startswith(f"{ROOT}/2026/11/")
    body = parsed(f"<div>{entry.content[0].value}</div>")
    (caption,) = body.xpath("//table[@class='tr-caption-container']//td[@class='tr-caption']")
    assert caption.text_content().endswith(")")
    (large,) = body.xpath("//table//a/@href")
    assert "/s1600/" in large
    assert body.xpath("//table//img/@src")[0].count("/w640-h360/") == 1
    assert body.xpath("//p/b")[0].text_content().startswith("KABAR CONTOH (")


async def test_the_feed_is_of_the_seeds_shape(room: Newsroom) -> None:
    seed = SHARED / "seed" / "feed.xml"
    if not seed.exists():
        pytest.skip("the seed is not here")
    theirs = feedparser.parse(seed.read_bytes()).entries[0]
    ours = feedparser.parse(atom(room, ROOT).encode()).entries[0]
    assert set(theirs.keys()) - set(ours.keys()) <= {"href"}


async def test_a_second_look_is_cheap(room: Newsroom, site: Client) -> None:
    first = await site.get("/feeds/posts/default")
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    again = await site.get("/feeds/posts/default", headers={"If-None-Match": etag})
    assert (again.status, await again.read()) == (304, b"")
    dated = await site.get("/feeds/posts/default", headers={"If-Modified-Since": modified})
    assert dated.status == 304
    room.correct(room.pieces[0].number, "Judul baru")
    for known in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        changed = await site.get("/feeds/posts/default", headers=known)
        assert changed.status == 200
    nonsense = await site.get("/feeds/posts/default", headers={"If-Modified-Since": "kemarin"})
    assert nonsense.status == 200


async def test_pages_of_the_feed_lead_to_its_end(site: Client) -> None:
    seen: list[str] = []
    query = "?max-results=5"
    while query:
        feed = await feed_of(site, query)
        seen += [entry.id for entry in feed.entries]
        following = [link.href for link in feed.feed.links if link.rel == "next"]
        query = following[0].partition("default")[2] if following else ""
    assert len(seen) == len(set(seen)) == 12


async def test_a_label_has_a_feed(site: Client) -> None:
    feed = await feed_of(site, "/-/Olahraga")
    assert [entry.tags[0].term for entry in feed.entries] == ["Olahraga"]


# --- the desk -------------------------------------------------------------------------------------


async def test_publish_correct_swap_and_retract_show_at_once(site: Client) -> None:
    status, made = await desk(
        site,
        "publish",
        headline="Jembatan <Bambu> & Baru",
        text="Satu.\n\nDua & <b>tiga</b>.",
        label="Daerah, Uji",
        scene="sea",
        light="night",
    )
    assert status == 200
    entry = (await feed_of(site)).entries[0]
    assert entry.title == "Jembatan <Bambu> & Baru"
    assert [tag.term for tag in entry.tags] == ["Daerah", "Uji"]
    assert "Dua &amp; &lt;b&gt;tiga&lt;/b&gt;." in entry.content[0].value

    number = made["number"]
    status, corrected = await desk(site, "correct", number=number, headline="Jembatan Bambu")
    assert (status, corrected["url"], corrected["corrected"]) == (200, made["url"], True)
    after = (await feed_of(site)).entries[0]
    assert (after.title, after.id) == ("Jembatan Bambu", entry.id)
    assert after.updated > entry.updated

    status, swapped = await desk(site, "swap", number=number, scene="reef", light="day")
    assert status == 200
    assert swapped["picture"] != made["picture"]
    assert "reef-day" in (await feed_of(site)).entries[0].content[0].value

    page = made["url"].removeprefix(ROOT)
    assert (await site.get(page)).status == 200
    assert (await desk(site, "retract", number=number))[0] == 200
    assert (await site.get(page)).status == 404
    assert number not in " ".join(one.id for one in (await feed_of(site)).entries)


async def test_a_picture_of_ones_own(site: Client) -> None:
    kept = io.BytesIO()
    Image.new("RGBA", (300, 200), "#336699").save(kept, "PNG")
    status, made = await desk(
        site, "publish", headline="Foto sendiri", text="Isi.", file=kept.getvalue()
    )
    assert status == 200
    answer = await site.get(made["picture"].removeprefix(ROOT))
    with Image.open(io.BytesIO(await answer.read())) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (202, 135)


@pytest.mark.parametrize(
    ("action", "words", "says"),
    [
        ("publish", {"headline": "  ", "text": "Isi"}, "needs a headline"),
        ("publish", {"headline": "a" * 201, "text": "Isi"}, "at most 200"),
        ("publish", {"headline": "Judul", "text": "\n \n"}, "needs a text"),
        ("publish", {"headline": "Judul", "text": "a" * 20_001}, "at most 20000"),
        ("publish", {"headline": "J", "text": "I", "scene": "no", "light": "day"}, "no such"),
        ("publish", {"headline": "J", "text": "I", "file": b"GIF8 no picture"}, "is no picture"),
        ("correct", {"number": "1", "headline": "Judul"}, "no such article"),
        ("retract", {"number": "\u0665"}, "Which article"),
        ("swap", {"number": "7000000000000000001"}, "cannot do that"),
        ("burn", {"number": "7000000000000000001"}, "cannot do that"),
    ],
)
async def test_what_the_desk_refuses(
    site: Client, action: str, words: dict[str, str | bytes], says: str
) -> None:
    before = (await feed_of(site)).feed.updated
    status, answer = await desk(site, action, **words)
    assert status == 400
    assert says in answer["error"]
    assert (await feed_of(site)).feed.updated == before


async def test_the_desk_is_for_this_machine(site: Client) -> None:
    foreign = ({"Host": "evil.example:80"}, {"Origin": "http://evil.example"})
    for headers in foreign:
        answer = await site.post("/desk/retract", data={"number": "1"}, headers=headers)
        assert answer.status == 403


# --- pages and pictures ---------------------------------------------------------------------------


async def test_a_page_names_what_previews_read(room: Newsroom, site: Client) -> None:
    piece = room.pieces[0]
    answer = await site.get(piece.path)
    page = parsed(await answer.text())
    seen = {one.get("property"): one.get("content") for one in page.xpath("//meta[@property]")}
    assert seen["og:title"] == piece.headline
    assert seen["og:image"].startswith(f"{ROOT}/img/")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    picture = await site.get(seen["og:image"].removeprefix(ROOT))
    with Image.open(io.BytesIO(await picture.read())) as shown:
        assert shown.size == (1280, 720)


@pytest.mark.parametrize(
    ("size", "shown"),
    [("s0", (1280, 720)), ("s72-w640-h360-c", (640, 360)), ("w640-h360", (640, 360))],
)
async def test_sizes_as_at_blogger(site: Client, size: str, shown: tuple[int, int]) -> None:
    answer = await site.get(f"/img/b/R29vZ2xl/kites-day-3/{size}/kites.jpg")
    with Image.open(io.BytesIO(await answer.read())) as picture:
        assert picture.size == shown


@pytest.mark.parametrize("token", ["kites-day", "kites-day-x", "no-day-1", "upload-1-1", "--"])
async def test_no_such_picture(site: Client, token: str) -> None:
    assert (await site.get(f"/img/b/R29vZ2xl/{token}/s1600/x.jpg")).status == 404


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_in_every_light(scene: str) -> None:
    drawn = [draw(scene, light, 5) for light in LIGHTS]
    assert drawn[0] == draw(scene, next(iter(LIGHTS)), 5)
    assert len(set(drawn)) == (4 if scene != "reef" else 1)
    with Image.open(io.BytesIO(drawn[0])) as picture:
        assert (picture.size, picture.format) == ((1280, 720), "JPEG")


# --- the seed -------------------------------------------------------------------------------------


def test_an_article_of_another_blog(room: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    theirs = atom(room, "https://blogger.googleusercontent.com", most=1)
    file.write_text(theirs)
    piece = read(file)
    assert piece is not None
    room.add(piece)
    ours = feedparser.parse(atom(room, ROOT)).entries
    added = [entry for entry in ours if entry.title == room.pieces[0].headline]
    assert len(ours) == 13
    assert any(f"{ROOT}/img/b/R29vZ2xl/city-night-77/" in one.content[0].value for one in added)


def test_the_seed_itself() -> None:
    file = SHARED / "seed" / "feed.xml"
    if not file.exists():
        pytest.skip("the seed is not here")
    piece = read(file)
    assert piece is not None
    assert "Sumber : CNN Indonesia" in piece.raw
    assert "googleusercontent" not in piece.raw


@pytest.mark.parametrize(
    "text", ["", "<feed", "<feed/>", "<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>"]
)
def test_what_is_no_feed_adds_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(text)
    assert read(file) is None
    assert read(tmp_path / "absent.xml") is None


# --- between two runs -----------------------------------------------------------------------------


def test_a_newsroom_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "newsroom" / "state.json"
    clock = Clock()
    room = Newsroom(file, clock)
    made = room.publish("Disimpan", "Isi.", "Uji", room.drawing("", "", b"bytes"))
    room.retract(room.pieces[-1].number)
    clock.now += timedelta(hours=1)
    again = Newsroom(file, clock)
    assert again.pieces == room.pieces
    assert made.drawing is not None
    assert again.upload(made.drawing.token) == b"bytes"
    assert again.waiting == room.waiting
    assert again.publish("Sesudahnya", "Isi.").number > made.number


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("{")
    with pytest.raises(DeskError, match=r"state\.json cannot be read"):
        Newsroom(file)
