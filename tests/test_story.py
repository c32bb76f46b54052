"""The main job end to end: the real program against the stand-in and a site, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import User, WorldChat
from storage import open_database
from tests.support.feed_site import Site, item, jpeg
from tests.support.program import Program
from tests.support.shared import SHARED, needs_shared
from tests.support.story_scene import OLD, PATIENCE, Scene, Shown, open_scene

pytestmark = pytest.mark.story


both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
"""For what the database decides: everything else is told once."""
HEADLINE = "Benarkah Putin-Kim Jong Un Diam-diam Saling Surat Nego Beli Senjata?"


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path, database_url=database_url, entries=(OLD,)) as opened:
        opened.site.files["/img/b/R29vZ2xl/AVvXsEgSeedExample/s1600/putin-kim.jpg"] = jpeg("navy")
        yield opened


def seed(site: Site) -> bytes:
    """The first publisher's article, its pictures served by our site."""
    text = (SHARED / "seed" / "feed.xml").read_text("utf-8")
    return text.replace("https://blogger.googleusercontent.com", site.address).encode()


@needs_shared
@both_engines
async def test_the_seed_article_travels_from_the_feed_to_chats_and_back(scene: Scene) -> None:
    await scene.first_look()
    await scene.everybody_subscribes()
    scene.site.raw = seed(scene.site)
    posts = [
        await scene.pictured(place, await scene.next(place, HEADLINE))
        for place in (scene.ani, scene.group, scene.channel)
    ]
    for post in posts:
        assert post["files"][0]["kind"] == "photo"
        assert post["text"].startswith(HEADLINE + "\n\nJakarta - Amerika Serikat menuding Rusia")
        assert "📷 AFP/ALEXEY NIKOLSKY" in post["text"]
        assert "Sumber: CNN Indonesia · Majalah Jurnalis · 31 Agustus 2023" in post["text"]
        assert "#Internasional" in post["text"]
    private, grouped, _ = posts
    assert [one["text"] for one in private["buttons"][0]] == ["📖 Baca selengkapnya", "💬 Komentar"]
    assert "start=c_2" in grouped["buttons"][0][1]["url"]

    scene.telegram.people.say(scene.ani, "/latest")
    latest = await scene.next(scene.ani, "CNN Indonesia", after=private["id"])
    assert HEADLINE in latest["text"]

    scene.telegram.people.say(scene.ani, "/search negosiasi senjata")
    found = await scene.next(scene.ani, HEADLINE, after=latest["id"])
    # Feeds, pages and pictures were read elsewhere.
    assert not [one for one in scene.program.libraries() if "/lxml/" in one or "/PIL/" in one]
    await scene.press(scene.ani, scene.ani, found, "1")
    await scene.pictured(scene.ani, await scene.next(scene.ani, "📷", after=found["id"]))

    await scene.press(scene.ani, scene.ani, private, "💬")
    prompt = await scene.telegram.next_message(scene.ani, lambda one: bool(one["keyboard"]))
    assert HEADLINE[:30] in prompt["text"]
    scene.telegram.people.say(scene.ani, "Semoga <b>damai</b> & selamat.", reply_to=prompt["id"])
    card = await scene.next(scene.desk, "Semoga <b>damai</b> & selamat.")
    answer = await scene.press(scene.anna, scene.desk, card, "✅")
    assert answer is not None
    places: list[User | WorldChat] = [scene.ani, scene.group, scene.channel]
    for place, post in zip(places, posts, strict=True):
        await scene.becomes(place, post["id"], "💬 1")

    assert scene.site.raw is not None  # the seed
    scene.site.raw = scene.site.raw.replace(b"Diam-diam", b"Terang-terangan")  # a correction
    for place, post in zip(places, posts, strict=True):
        await scene.becomes(place, post["id"], HEADLINE.replace("Diam-diam", "Terang-terangan"))


async def commented(scene: Scene) -> tuple[Shown, Shown]:
    """A published article in Ani's chat, and the card of her comment on it."""
    await scene.first_look()
    scene.telegram.people.say(scene.ani, "/subscribe")
    await scene.next(scene.ani, "🔔")
    scene.site.items = [item("banjir")]
    post = await scene.next(scene.ani, "Berita banjir")
    scene.telegram.people.say(scene.ani, "Terima kasih beritanya.", reply_to=post["id"])
    return post, await scene.next(scene.desk, "Terima kasih beritanya.")


async def test_an_answer_to_a_post_is_a_comment_and_the_moderators_reply_comes_back(
    scene: Scene,
) -> None:
    _, card = await commented(scene)
    await scene.press(scene.rudi, scene.desk, card, "💬")
    prompt = await scene.telegram.next_message(
        scene.desk, lambda one: bool(one["keyboard"]), after=card["id"]
    )
    scene.telegram.people.say(
        scene.anna, "Baik, kita bahas nanti.", scene.desk, reply_to=card["id"]
    )
    scene.telegram.people.say(scene.rudi, "Sama-sama, Ani.", scene.desk, reply_to=prompt["id"])
    await scene.next(scene.ani, "Sama-sama, Ani.")
    assert scene.count(scene.ani, "kita bahas") == 0


async def test_a_rejected_comment_is_never_public_and_its_author_is_told(scene: Scene) -> None:
    post, card = await commented(scene)
    await scene.press(scene.anna, scene.desk, card, "❌")
    asked = await scene.becomes(scene.desk, card["id"], "🚫")
    reason = next(
        one["text"]
        for row in asked["buttons"]
        for one in row
        if not one["text"].startswith(("✅", "💬", "🚫", "⋯", "◀", "↩", "❌"))
    )
    await scene.telegram.ask_button(scene.anna, scene.desk, card["id"], reason)
    await scene.telegram.next_message(
        scene.ani, lambda one: one["reply_to"] != 0 and one["id"] > post["id"] + 2
    )
    buttons = [one["text"] for one in scene.telegram.messages(scene.ani)[2]["buttons"][0]]
    assert "💬 1" not in buttons


@both_engines
async def test_two_moderators_at_once_make_one_decision(scene: Scene) -> None:
    post, card = await commented(scene)
    first = scene.press(scene.anna, scene.desk, card, "✅")
    second = scene.press(scene.rudi, scene.desk, card, "✅")
    answers = [(await one)["text"] for one in (first, second)]
    await scene.becomes(scene.ani, post["id"], "💬 1")
    assert sum("Anna" in one for one in answers) == 1


async def recorded(url: str) -> None:
    """Until the program has noted what it sent: killed before that, it sends it again."""
    db = await open_database(url)
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with db.reading() as cx:
                    if not await cx.value("SELECT count(*) FROM delivery WHERE state = 'claimed'"):
                        return
                await asyncio.sleep(0.05)
    finally:
        await db.close()


@both_engines
async def test_killed_in_between_and_started_again_nothing_is_lost_or_doubled(
    scene: Scene, database_url: str
) -> None:
    await scene.first_look()
    await scene.everybody_subscribes()
    await scene.program.kill()
    scene.site.items = [item("gempa")]
    scene.telegram.people.say(scene.ani, "/latest")
    await scene.program.start()
    post = await scene.next(scene.ani, "Berita gempa")
    scene.telegram.people.say(scene.ani, "Semoga semua selamat.", reply_to=post["id"])
    await scene.next(scene.ani, "diterima", after=post["id"])
    await scene.program.kill()  # acknowledged, perhaps before its card went out
    await scene.program.start()
    await scene.next(scene.desk, "Semoga semua selamat.")
    for place in (scene.group, scene.channel):
        await scene.next(place, "Berita gempa")
    await scene.telegram.settled(quiet_s=0.5)
    cards = scene.count(scene.desk, "Semoga semua selamat.")
    assert cards <= 2  # a second one only if the first was in flight when the program was killed
    await recorded(database_url)
    await scene.program.kill()
    await scene.program.start()
    scene.telegram.people.say(scene.ani, "/help")
    await scene.next(scene.ani, "/search")
    assert scene.count(scene.desk, "Semoga semua selamat.") == cards
    assert scene.count(scene.group, "Berita gempa") == 1


async def test_it_stops_when_told_and_refuses_a_second_copy(scene: Scene, tmp_path: Path) -> None:
    await scene.first_look()
    await scene.telegram.settled()
    second = Program(tmp_path, scene.program.settings, fresh=True)
    await second.start()
    assert await second.ended() == 1
    assert "Another kabar run already works on this database" in scene.program.said()
    assert await scene.program.stop() == 0
    assert "Traceback" not in scene.program.said()


async def test_a_revoked_token_is_one_sentence(scene: Scene) -> None:
    await scene.first_look()
    scene.telegram.faults.add(method="getUpdates", error=(401, "Unauthorized"), times=100)
    scene.telegram.people.say(scene.ani, "/start")  # ends the poll that is under way
    assert await scene.program.ended() == 1
    assert scene.program.said().splitlines()[-1].startswith("KABAR_TOKEN: Telegram does not accept")
    assert "Traceback" not in scene.program.said()


async def test_neither_the_token_nor_words_of_readers_reach_the_log(scene: Scene) -> None:
    await commented(scene)
    scene.telegram.faults.add(error=(500, "Internal Server Error"), times=5)
    scene.telegram.people.say(scene.ani, "/search rahasia pribadi")
    await scene.next(scene.ani, "rahasia pribadi")
    await scene.program.stop()
    said = scene.program.said()
    assert scene.telegram.token not in said
    assert "Terima kasih beritanya" not in said
    assert "rahasia" not in said


async def test_a_stop_is_heard_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    settings = {
        "KABAR_TOKEN": "123:test",
        "KABAR_FEEDS": "https://paper.example/feed",
        "KABAR_TELEGRAM_URL": "http://127.0.0.1:9",  # the port where nobody listens
    }
    async with Program(tmp_path, settings, fresh=True) as program:
        async with asyncio.timeout(PATIENCE):
            while "telegram.unreachable" not in program.said():  # noqa: ASYNC110 - a log file
                await asyncio.sleep(0.02)
        async with asyncio.timeout(PATIENCE):
            assert await program.stop() == 0
    assert "Traceback" not in program.said()
