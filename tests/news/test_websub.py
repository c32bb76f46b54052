"""W3C's WebSub, the subscriber's part point by point, against a small hub over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.fetch import Fetcher
from bot.news.websub import LEASE, WebSub
from storage import Database
from tests.conftest import NOON, Clock
from tests.news.hubs import DAY, Paper, open_paper
from tests.support.feed_site import item
from tests.support.hub import CHALLENGE


@pytest.fixture
async def paper(db: Database, clock: Clock) -> AsyncIterator[Paper]:
    async with open_paper(db, clock) as opened:
        yield opened


# --- discovery ------------------------------------------------------------------------------------


async def test_the_feed_names_hub_and_topic(paper: Paper) -> None:
    await paper.poller.tick()
    await paper.websub.tick()
    [form] = paper.hub.asked
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == paper.site.itself
    assert form["hub.lease_seconds"] == str(LEASE)
    assert 20 <= len(form["hub.secret"]) < 200
    assert "/kabar/websub/" in form["hub.callback"]
    assert len(form["hub.callback"].rpartition("/")[2]) >= 30  # nobody guesses it


async def test_the_header_goes_before_the_feed(paper: Paper) -> None:
    paper.site.hub = "https://other.example/"
    topic = f"{paper.site.address}/topic"
    paper.site.headers = {"Link": f'<{paper.hub.address}>; rel="hub", <{topic}>; rel="self"'}
    await paper.poller.tick()
    await paper.websub.tick()
    assert paper.hub.asked[0]["hub.topic"] == topic


async def test_a_feed_that_does_not_name_itself_is_known_by_its_address(paper: Paper) -> None:
    paper.site.itself = ""
    await paper.poller.tick()
    await paper.websub.tick()
    assert paper.hub.asked[0]["hub.topic"] == paper.site.feed


async def test_without_a_hub_nobody_is_asked(paper: Paper) -> None:
    paper.site.hub = ""
    await paper.poller.tick()
    await paper.websub.tick()
    assert await paper.rows("SELECT * FROM websub") == []


async def test_a_hub_in_a_private_network_is_not_asked(paper: Paper, clock: Clock) -> None:
    await paper.poller.tick()
    async with Fetcher() as careful:
        guarded = WebSub(
            paper.db, careful, paper.poller.pushed, public_url="http://a.example", clock=clock
        )
        await guarded.tick()
    assert paper.hub.asked == []
    assert "private network" in (await paper.subscription())["reason"]


# --- subscribing and verification of intent -------------------------------------------------------


async def test_what_we_asked_for_is_confirmed_with_the_challenge(paper: Paper) -> None:
    await paper.poller.tick()
    await paper.websub.tick()
    assert await paper.state() == "asked"
    assert await paper.hub.verify() == (200, CHALLENGE)
    assert await paper.state() == "active"


@pytest.mark.parametrize(
    "wrong",
    [{"topic": "http://other.example/feed"}, {"mode": "unsubscribe"}, {"mode": "dance"},
     {"challenge": ""}, {"challenge": "x" * 5000}],
)  # fmt: skip
async def test_what_we_did_not_ask_for_is_404(paper: Paper, wrong: dict[str, Any]) -> None:
    await paper.poller.tick()
    await paper.websub.tick()
    status, text = await paper.hub.verify(**wrong)
    assert (status, CHALLENGE in text) == (404, False)
    assert await paper.state() == "asked"


async def test_an_unknown_callback_is_404_and_a_push_there_410(paper: Paper) -> None:
    await paper.subscribe()
    paper.hub.asked[-1]["hub.callback"] += "x"
    assert (await paper.hub.verify())[0] == 404
    assert await paper.pushed(item("c", published=NOON)) == 410
    assert await paper.announced() == []


async def test_a_hub_may_send_us_elsewhere(paper: Paper) -> None:
    paper.hub.redirect = paper.hub.address + "moved"
    await paper.subscribe()
    assert await paper.state() == "active"


async def test_a_hub_that_fails_is_asked_again_ever_later(paper: Paper) -> None:
    paper.hub.status = 500
    await paper.poller.tick()
    waits = []
    for _ in range(4):
        await paper.websub.tick()
        waits.append((await paper.subscription())["due_at"] - paper.clock.now)
        paper.clock.pass_(waits[-1])
    assert waits == [60, 120, 240, 480]
    assert (await paper.subscription())["reason"] == "It answers 500: tidak"
    assert await paper.pause() < 60  # polled as any other meanwhile


async def test_a_hub_that_never_verifies_is_asked_again(paper: Paper) -> None:
    await paper.poller.tick()
    await paper.websub.tick()
    await paper.websub.tick()
    assert len(paper.hub.asked) == 1
    paper.clock.pass_(300)
    await paper.websub.tick()
    assert len(paper.hub.asked) == 2


async def test_a_denial_is_taken_and_asked_again_a_day_later(paper: Paper) -> None:
    await paper.poller.tick()
    await paper.websub.tick()
    assert (await paper.hub.verify("denied", reason="not today", challenge=""))[0] == 200
    row = await paper.subscription()
    assert (row["state"], row["reason"]) == ("denied", "not today")
    paper.clock.pass_(DAY - 1)
    await paper.websub.tick()
    assert len(paper.hub.asked) == 1
    paper.clock.pass_(1)
    await paper.websub.tick()
    assert await paper.hub.verify() == (200, CHALLENGE)


async def test_a_subscription_that_is_revoked_falls_back_to_polling(paper: Paper) -> None:
    await paper.subscribe()
    await paper.hub.verify("denied", reason="closing")
    assert await paper.state() == "denied"
    assert await paper.pause() <= 0


# --- the lease ------------------------------------------------------------------------------------


async def test_it_is_renewed_before_the_hubs_lease_ends(paper: Paper) -> None:
    await paper.subscribe(lease_seconds=1000)
    paper.clock.pass_(799)
    await paper.websub.tick()
    assert len(paper.hub.asked) == 1
    paper.clock.pass_(1)
    await paper.websub.tick()
    first, second = paper.hub.asked
    assert first == second  # the same callback, topic and secret: a renewal
    assert await paper.state() == "active"
    assert await paper.hub.verify(lease_seconds=1000) == (200, CHALLENGE)
    assert (await paper.subscription())["lease_until"] == paper.clock.now + 1000


@pytest.mark.parametrize("said", ["", "never", "-5", "9" * 30])
async def test_a_lease_that_says_nothing_is_the_one_we_asked_for(paper: Paper, said: str) -> None:
    await paper.subscribe(lease_seconds=said)
    assert (await paper.subscription())["lease_until"] == paper.clock.now + LEASE


async def test_a_hub_that_goes_away_is_noticed(paper: Paper) -> None:
    await paper.subscribe(lease_seconds=1000)
    await paper.poller.tick()
    paper.hub.status = 500
    paper.clock.pass_(800)
    await paper.websub.tick()
    assert await paper.state() == "active"
    paper.clock.pass_(300)
    await paper.websub.tick()
    row = await paper.subscription()
    assert (row["state"], row["lease_until"]) == ("asked", None)
    assert await paper.pause() <= 0


# --- content --------------------------------------------------------------------------------------


async def test_a_push_is_news_and_the_feed_is_looked_at_soon(paper: Paper) -> None:
    await paper.subscribe()
    paper.woken.clear()
    assert await paper.pushed(item("c", published=NOON)) == 202
    assert await paper.announced() == ["Berita c"]
    assert paper.woken.is_set()
    assert await paper.pause() <= 0
    paper.site.items.insert(0, item("c", published=NOON))
    await paper.poller.tick()  # the look that follows finds nothing that is not known
    assert await paper.announced() == ["Berita c"]
    assert sorted(await paper.headlines()) == ["Berita a", "Berita b", "Berita c"]


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_method_of_signing(paper: Paper, method: str) -> None:
    await paper.subscribe()
    assert await paper.pushed(item("c", published=NOON), method=method) == 202
    assert await paper.announced() == ["Berita c"]


@pytest.mark.parametrize(
    "how",
    [{"secret": "guessed"}, {"method": "md5"}, {"headers": {"X-Hub-Signature": ""}},
     {"headers": {"X-Hub-Signature": "sha256="}}, {"headers": {"X-Hub-Signature": "sha256=zz"}},
     {"headers": {"X-Hub-Signature": "new=ab"}}],
)  # fmt: skip
async def test_what_is_not_signed_by_the_hub_is_dropped(paper: Paper, how: dict[str, Any]) -> None:
    await paper.subscribe()
    due = await paper.pause()
    assert await paper.pushed(item("c", published=NOON), **how) == 202
    assert await paper.announced() == []
    assert await paper.pause() == due


async def test_a_push_that_is_no_feed_costs_nothing(paper: Paper) -> None:
    await paper.subscribe()
    assert await paper.hub.push(b"\x00 no feed") == 202
    await paper.websub.settled()
    assert await paper.pushed(item("c", published=NOON)) == 202
    assert await paper.announced() == ["Berita c"]


async def test_while_it_pushes_polling_slows_down_but_stays(paper: Paper) -> None:
    await paper.poller.tick()
    assert await paper.pause() == 60
    await paper.websub.tick()
    await paper.hub.verify(lease_seconds=10_000)
    paper.clock.pass_(60)
    await paper.poller.tick()
    assert await paper.pause() == 900
    paper.clock.pass_(10_000)
    await paper.poller.tick()  # the lease has ended
    assert await paper.pause() == 60


async def test_a_hub_that_pushes_nothing_is_noticed(paper: Paper) -> None:
    await paper.subscribe()
    for number, pause in enumerate([900, 0]):
        paper.clock.pass_(900)
        paper.site.items.insert(0, item(f"x{number}", published=paper.clock.now))
        await paper.poller.tick()
        assert await paper.pause() == pause
    assert len(await paper.announced()) == 2  # nothing was lost
    assert await paper.state() == "wanted"
    await paper.websub.tick()
    assert len(paper.hub.asked) == 2


async def test_one_news_that_the_poll_saw_first_is_no_silence(paper: Paper) -> None:
    await paper.subscribe()
    for number in range(4):
        paper.clock.pass_(900)
        news = item(f"x{number}", published=paper.clock.now)
        paper.site.items.insert(0, news)
        await paper.poller.tick()
        await paper.pushed(news)
    assert await paper.state() == "active"
    assert len(await paper.announced()) == 4


# --- ends and changes -----------------------------------------------------------------------------


async def test_only_get_and_post_are_answered(paper: Paper) -> None:
    await paper.subscribe()
    callback = paper.hub.asked[-1]["hub.callback"]
    async with aiohttp.ClientSession() as session:
        for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
            async with session.request(method, callback) as answer:
                assert answer.status == 405
