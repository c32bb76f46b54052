"""Articles that vanish from feed and site, and come back; sites in trouble withdraw nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.core.model import ArticleId
from bot.core.search import query
from bot.fetch import Fetcher
from bot.news.polling import Poller
from bot.news.retraction import Vanished, retract
from storage import Database, feeds, search
from tests.conftest import JAKARTA, NOON, Clock
from tests.support.article_site import Press, open_press
from tests.support.feed_site import open_site


class Paper:
    """A paper with a feed of four articles, each with its page; the newest can be taken off."""

    def __init__(self, db: Database, press: Press, fetcher: Fetcher, clock: Clock) -> None:
        self.db, self.press, self.clock = db, press, clock
        self.missing: dict[str, Callable[[], web.Response]] = {}
        self.poller = Poller(
            db,
            fetcher,
            every=60,
            clock=clock,
            on_news=lambda: None,
            vanished=Vanished(db, fetcher, clock=clock),
        )

    async def follow(self, *addresses: str) -> None:
        async with self.db.transaction() as tx:
            await feeds.configure(tx, [(one, "") for one in addresses])

    async def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.press.answers = {path: answer() for path, answer in self.missing.items()}
            await self.poller.tick()
            self.clock.pass_(60)

    def gone(self, *names: str, status: int = 404) -> None:
        for name in names:
            self.missing[f"/{name}.html"] = lambda: web.Response(status=status)

    async def withdrawn(self) -> list[str]:
        sql = "SELECT headline FROM article WHERE retracted_at IS NOT NULL ORDER BY id"
        async with self.db.reading() as cx:
            return [row["headline"] for row in await cx.rows(sql)]

    async def edits(self) -> int:
        async with self.db.reading() as cx:
            return int(await cx.value("SELECT count(*) FROM broadcast WHERE kind = 'edit'"))

    async def hits(self) -> int:
        async with self.db.reading() as cx:
            wanted = query.parse("berita", zone=JAKARTA)
            return len((await search.search(cx, wanted, now=self.clock.now, limit=9)).hits)


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    async with open_press() as opened:
        opened.site.items = [
            opened.item(name, published=NOON - n * 600) for n, name in enumerate("dcba")
        ]
        yield opened


@pytest.fixture
async def kit(db: Database, press: Press, clock: Clock) -> AsyncIterator[Paper]:
    async with Fetcher(allow_private=True) as fetcher:
        kit = Paper(db, press, fetcher, clock)
        await kit.follow(press.site.feed)
        await kit.look()
        yield kit


async def test_it_is_withdrawn_and_found_no_more(kit: Paper, press: Press) -> None:
    assert await kit.hits() == 4
    kit.gone("d")
    del press.site.items[0]
    await kit.look()
    assert await kit.withdrawn() == []
    await kit.look()
    assert await kit.withdrawn() == ["Berita d"]
    assert (await kit.hits(), await kit.edits()) == (3, 1)


async def test_what_left_the_feed_at_its_end_is_no_event(kit: Paper, press: Press) -> None:
    kit.gone("a")
    del press.site.items[-1]
    await kit.look(3)
    assert await kit.withdrawn() == []
    assert "/a.html" not in press.pages()


@pytest.mark.parametrize("status", [404, 500])
async def test_a_site_that_answers_so_for_everything_withdraws_nothing(
    kit: Paper, press: Press, status: int
) -> None:
    kit.gone(*"abcd", status=status)
    del press.site.items[0]
    await kit.look(4)
    assert await kit.withdrawn() == []
    kit.missing.clear()
    kit.gone("d")
    press.site.title = "Kabar Contoh, pulih"
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita d"]


async def test_gone_said_on_purpose_needs_no_witness(kit: Paper, press: Press) -> None:
    kit.gone(*"abcd", status=410)
    del press.site.items[0]
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita d"]


async def test_several_at_once_may_be_withdrawn(kit: Paper, press: Press) -> None:
    kit.gone("d", "c")
    del press.site.items[:2]
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita c", "Berita d"]


async def test_without_a_witness_the_front_page_is_one(kit: Paper, press: Press) -> None:
    elsewhere = press.address.replace("127.0.0.1", "localhost")
    press.site.items.insert(0, press.item("e", link=f"{elsewhere}/e.html", published=NOON))
    await kit.look()
    kit.missing["/"] = lambda: web.Response(status=404)
    kit.gone("e")
    del press.site.items[0]
    await kit.look(3)
    assert await kit.withdrawn() == []
    del kit.missing["/"]
    press.site.title = "Kabar Contoh, pulih"
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita e"]


async def test_a_page_that_a_cache_still_shows_is_looked_for_again(
    kit: Paper, press: Press
) -> None:
    del press.site.items[0]
    await kit.look()
    kit.gone("d")
    for n in range(2):
        press.site.items.insert(0, press.item(f"baru{n}", published=kit.clock.now))
        await kit.look()
    assert await kit.withdrawn() == ["Berita d"]


async def test_a_page_that_stays_is_asked_for_three_times(kit: Paper, press: Press) -> None:
    del press.site.items[0]
    for n in range(6):
        press.site.items.insert(0, press.item(f"baru{n}", published=kit.clock.now))
        await kit.look()
    assert press.pages().count("/d.html") == 3
    assert await kit.withdrawn() == []


async def test_what_comes_back_to_the_feed_is_withdrawn_no_more(kit: Paper, press: Press) -> None:
    kit.gone("d")
    back = press.site.items.pop(0)
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita d"]
    kit.missing.clear()
    press.site.items.insert(0, back)
    await kit.look()
    assert await kit.withdrawn() == []
    assert (await kit.hits(), await kit.edits()) == (4, 1)  # one edit: nobody had taken the first
    del press.site.items[0]
    kit.gone("d")
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita d"]


async def test_what_comes_back_under_another_key_is_the_same_article(
    kit: Paper, press: Press
) -> None:
    kit.gone("d")
    back = press.site.items.pop(0)
    await kit.look(2)
    kit.missing.clear()
    back.guid = "another"
    press.site.items.insert(0, back)
    await kit.look()
    assert await kit.withdrawn() == []


async def test_what_an_editor_withdrew_stays_so(kit: Paper, press: Press, db: Database) -> None:
    async with db.transaction() as tx:
        article_id = await tx.value("SELECT id FROM article WHERE headline = 'Berita d'")
        assert await retract(tx, ArticleId(article_id), now=kit.clock.now)
    assert await kit.hits() == 3
    press.site.title = "Kabar Contoh, baru"
    await kit.look()
    assert await kit.withdrawn() == ["Berita d"]


async def test_an_editor_who_was_first_stays_right(kit: Paper, press: Press, db: Database) -> None:
    kit.gone("d")
    back = press.site.items.pop(0)
    await kit.look()
    async with db.transaction() as tx:
        article_id = await tx.value("SELECT id FROM article WHERE missing = 1")
        await retract(tx, ArticleId(article_id), now=kit.clock.now)
    press.site.items.insert(0, back)
    await kit.look()
    assert await kit.withdrawn() == ["Berita d"]


async def test_a_missing_page_of_an_article_in_the_feed_is_no_event(
    kit: Paper, press: Press
) -> None:
    kit.gone("d")
    back = press.site.items.pop(0)
    await kit.look()
    press.site.items.insert(0, back)
    await kit.look(3)
    assert await kit.withdrawn() == []


async def test_new_addresses_for_all_articles_withdraw_nothing(kit: Paper, press: Press) -> None:
    """A site that changed its permalinks, and with them its guids."""
    text = "Jakarta - Isi berita yang cukup panjang untuk dikenali dari kata-katanya saja, "
    for one in press.site.items:
        one.body = text + one.title
    await kit.look()
    old = list("dcba")
    for one in press.site.items:
        one.link = one.guid = one.link.replace(".html", "-baru.html")
    kit.gone(*old)
    await kit.look(3)
    assert await kit.withdrawn() == []


async def test_what_another_feed_still_carries_is_there(
    kit: Paper, press: Press, db: Database
) -> None:
    async with open_site(*press.site.items) as other:
        other.title = "Rubrik"
        await kit.follow(press.site.feed, other.feed)
        await kit.look(2)
        kit.gone("d")
        del press.site.items[0]
        await kit.look(3)
        assert await kit.withdrawn() == []
        del other.items[0]
        await kit.look(2)
        assert await kit.withdrawn() == ["Berita d"]


async def test_a_page_that_hangs_holds_up_no_feed(kit: Paper, press: Press) -> None:
    kit.gone("d")
    del press.site.items[0]
    await kit.look()
    press.slow.add("/d.html")
    press.arrived["/d.html"].clear()
    kit.poller._every = 1
    loop = asyncio.create_task(kit.poller.run())
    try:
        async with asyncio.timeout(60):
            await press.arrived["/d.html"].wait()
            looks = press.site.looks
            while press.site.looks < looks + 2:
                kit.clock.pass_(1)
                await asyncio.sleep(0.02)
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
    assert not press.hold.is_set()


# --- sites that do not say so ---------------------------------------------------------------------


def not_found(path: str) -> web.Response:
    """The site's own page for what it never had, as polite as the others."""
    around = "Beranda Rubrik Kontak " * 30
    text = f"<title>Tidak ada</title><body>{around}<p>Maaf, {path} tidak ada.</p>"
    return web.Response(text=text, content_type="text/html")


def sent_home(path: str) -> web.StreamResponse:
    raise web.HTTPFound("/")


def sent_to_search(path: str) -> web.StreamResponse:
    raise web.HTTPFound("/cari")


def nothing_at_all(path: str) -> web.StreamResponse:
    return web.Response(text="", content_type="text/html")


def sent_home_by_script(path: str) -> web.StreamResponse:
    return web.Response(text='<script>location.href = "/"</script>', content_type="text/html")


NOTHINGS = {
    "its own page": not_found,
    "the front page": sent_home,
    "its search": sent_to_search,
    "nothing at all": nothing_at_all,
    "the front page by a script": sent_home_by_script,
}


@pytest.fixture
async def polite(kit: Paper, press: Press) -> Paper:
    """A site whose pages are headed by their headlines."""
    press.headlines = {"/": "Koran kami", "/cari": "Cari di koran kami"}
    for name in "abcd":
        press.headlines[f"/{name}.html"] = f"Berita {name} dari kota kami"
    for one in press.site.items:
        one.title = f"{one.title} dari kota kami"
    await kit.look()
    return kit


@pytest.mark.parametrize("nothing", NOTHINGS)
async def test_what_is_shown_for_nothing_is_nothing(
    polite: Paper, press: Press, nothing: str
) -> None:
    press.nothing = NOTHINGS[nothing]
    del press.headlines["/d.html"], press.site.items[0]
    await polite.look(3)
    assert await polite.withdrawn() == ["Berita d dari kota kami"]


@pytest.mark.parametrize("nothing", ["its own page", "the front page"])
async def test_an_article_that_only_a_list_of_the_most_read_still_names_is_gone(
    polite: Paper, press: Press, nothing: str
) -> None:
    press.text = f"{press.text} Terpopuler: Berita d dari kota kami."
    press.nothing = NOTHINGS[nothing]
    if nothing == "its own page":
        press.nothing = lambda path: web.Response(
            text=f"<title>Tidak ditemukan</title>{press.text}", content_type="text/html"
        )
    del press.headlines["/d.html"], press.site.items[0]
    await polite.look(3)
    assert await polite.withdrawn() == ["Berita d dari kota kami"]


@pytest.mark.parametrize("nothing", NOTHINGS)
async def test_a_site_that_shows_nothing_for_everything_withdraws_nothing(
    polite: Paper, press: Press, nothing: str
) -> None:
    press.nothing = NOTHINGS[nothing]
    for name in "abcd":
        del press.headlines[f"/{name}.html"]
    del press.site.items[0]
    await polite.look(4)
    assert await polite.withdrawn() == []


async def test_a_page_whose_headline_changed_is_there(polite: Paper, press: Press) -> None:
    press.nothing = lambda path: web.Response(status=404)
    press.headlines["/d.html"] = "Judul yang lain sama sekali"
    del press.site.items[0]
    await polite.look(4)
    assert await polite.withdrawn() == []


async def test_unavailable_for_legal_reasons_is_said_on_purpose(kit: Paper, press: Press) -> None:
    kit.gone(*"abcd", status=451)
    del press.site.items[0]
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita d"]


async def test_patience_begins_anew_when_a_feed_carries_it_again(kit: Paper, press: Press) -> None:
    back = press.site.items.pop(0)
    for n in range(5):
        press.site.items.insert(0, press.item(f"baru{n}", published=kit.clock.now))
        await kit.look()
    assert press.pages().count("/d.html") == 3
    press.site.items.insert(5, back)
    await kit.look()
    press.site.items.remove(back)
    kit.gone("d")
    await kit.look(2)
    assert await kit.withdrawn() == ["Berita d"]
