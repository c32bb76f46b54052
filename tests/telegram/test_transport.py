"""The wire: what is known of a request's fate, PTB on the same session, the token's secrecy."""

from __future__ import annotations

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.core.html import Html
from bot.core.model import (
    PICTURE_HERE,
    Button,
    ChatKind,
    Destination,
    Post,
    Rich,
    SendResult,
    SendStatus,
    TelegramId,
)
from bot.core.posts.pictures import Look, Sight
from bot.core.posts.rate_limit import RateLimit, Urgency
from bot.telegram.limiter import Limiter
from bot.telegram.messenger import Messenger, usable_picture
from bot.telegram.transport import PtbRequest, Transport
from tests.support.strict_server import DROP, Answer, Server, error, flood, times

TOKEN = "123456:very-secret-token"
READER = Destination(TelegramId(5))
PRESS = (Button("📖", url="https://kabar.example/1"), Button("💬", data="c:1"))


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running


@pytest.fixture
async def transport(server: Server) -> AsyncIterator[Transport]:
    async with Transport(server.root, TOKEN) as opened:
        yield opened


@pytest.fixture
async def messenger(transport: Transport) -> Messenger:
    return Messenger(transport, Limiter(RateLimit(1000)))


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def test_what_never_left_is_unsent_and_what_broke_is_unknown(
    server: Server, transport: Transport
) -> None:
    body = b'{"chat_id":5,"text":"x"}'
    async with Transport(f"http://127.0.0.1:{closed_port()}", TOKEN) as nowhere:
        result = await nowhere.call("sendMessage", body)
    assert result.status is SendStatus.UNSENT
    server.after.append(times(1, DROP))
    result = await transport.call("sendMessage", body)
    assert result.status is SendStatus.UNKNOWN
    assert len(server.arrived) == 1
    assert (await transport.call("sendMessage", body)).message_id == 2


async def test_token_is_in_no_error(caplog: pytest.LogCaptureFixture) -> None:
    root = f"http://127.0.0.1:{closed_port()}"
    async with Transport(root, TOKEN) as transport:
        result = await transport.call("sendMessage", b"{}")
        assert TOKEN not in repr(result)
        bot = telegram.Bot(TOKEN, base_url=f"{root}/bot", request=PtbRequest(transport))
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()
    assert "very-secret" not in "".join(traceback.format_exception(caught.value))
    assert "very-secret" not in caplog.text


async def test_slow_server_is_a_timeout_for_ptb() -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", hang)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with Transport(root, TOKEN) as transport:
        request = PtbRequest(transport, read_timeout=0.05)
        bot = telegram.Bot(TOKEN, base_url=f"{root}/bot", request=request)
        with pytest.raises(TimedOut) as caught:
            await bot.get_me()
    await runner.cleanup()
    assert "very-secret" not in "".join(traceback.format_exception(caught.value))


async def test_ptb_speaks_through_the_same_session(server: Server, transport: Transport) -> None:
    bot = telegram.Bot(TOKEN, base_url=f"{server.root}/bot", request=PtbRequest(transport))
    found = await bot.send_message(5, "halo <b>")
    assert found.message_id == 1
    assert server.arrived[0].text == "halo <b>"
    await bot.send_photo(5, b"jpeg", caption="a")
    assert server.uploads == 1
    assert server.arrived[1].values["content"] == b"jpeg"
    server.faults.append(times(1, error(400, "Bad Request: nope")))
    with pytest.raises(BadRequest, match="Nope"):
        await bot.send_message(5, "x")


async def test_post_on_the_wire(server: Server, messenger: Messenger) -> None:
    post = Post(Html("<b>a</b>"), preview="https://kabar.example/1", keyboard=(PRESS,), silent=True)
    topic = Destination(TelegramId(-100), 7, ChatKind.SUPERGROUP)
    result = await messenger.send(post, topic, reply_to=3)
    assert result.message_id == 1
    assert server.arrived[0].values == {
        "chat_id": -100,
        "message_thread_id": 7,
        "reply_parameters": {"message_id": 3, "allow_sending_without_reply": True},
        "parse_mode": "HTML",
        "text": "<b>a</b>",
        "link_preview_options": {
            "url": "https://kabar.example/1",
            "prefer_large_media": True,
            "show_above_text": True,
        },
        "disable_notification": True,
        "reply_markup": {
            "inline_keyboard": [
                [
                    {"text": "📖", "url": "https://kabar.example/1"},
                    {"text": "💬", "callback_data": "c:1"},
                ]
            ]
        },
    }


async def test_edits_presses_and_copies(server: Server, messenger: Messenger) -> None:
    post = Post(Html("baru"), keyboard=(PRESS,))
    assert (await messenger.edit(post, READER, 9, photo=True)).status is SendStatus.OK
    assert (await messenger.edit(post, Destination(TelegramId(6)), 9)).status is SendStatus.OK
    await messenger.edit_keyboard((PRESS,), Destination(TelegramId(7)), 9)
    assert [one.method for one in server.arrived] == [
        "editMessageCaption",
        "editMessageText",
        "editMessageReplyMarkup",
    ]
    await messenger.answer_press("77", "x" * 300, alert=True)
    assert server.pressed == [{"callback_query_id": "77", "text": "x" * 200, "show_alert": True}]
    copied = await messenger.copy(Destination(TelegramId(8)), TelegramId(5), [4], reply_to=2)
    assert copied.message_ids == (1,)
    assert server.arrived[-1].values["message_id"] == 4


async def test_unchanged_edit_is_fine(server: Server, messenger: Messenger) -> None:
    server.faults.append(times(1, error(400, "Bad Request: message is not modified: same")))
    assert (await messenger.edit(Post(Html("a")), READER, 9)).status is SendStatus.OK


async def test_answer_survives_haste_and_one_broken_connection(
    server: Server, messenger: Messenger
) -> None:
    server.faults.append(times(1, flood(1)))
    assert (await messenger.send(Post(Html("a")), READER)).status is SendStatus.OK
    server.faults.append(times(1, DROP))
    assert (await messenger.send(Post(Html("b")), READER)).status is SendStatus.OK
    server.faults.append(times(9, DROP))
    assert (await messenger.send(Post(Html("c")), READER)).status is SendStatus.UNKNOWN
    assert server.texts(5) == ["a", "b"]


async def test_long_holds_and_refusals_are_told_not_waited_for(
    server: Server, messenger: Messenger
) -> None:
    server.faults.append(times(1, flood(600)))
    assert (await messenger.send(Post(Html("a")), READER)).status is SendStatus.FLOOD
    server.faults.append(times(1, error(403, "Forbidden: bot was blocked by the user")))
    other = Destination(TelegramId(6))
    assert (await messenger.send(Post(Html("a")), other)).status is SendStatus.FORBIDDEN


async def test_a_picture_is_uploaded_or_offered_by_its_address_or_left_out(
    server: Server, transport: Transport
) -> None:
    seen = {
        "good.png": Look(Sight.FOUND, b"\xff\xd8jpeg"),
        "bad.png": Look(Sight.MISSING),
        "slow.png": Look(Sight.LATE),
    }

    async def see(address: str) -> Look:
        return seen[address.rpartition("/")[2]]

    async def refuses(_: str, values: dict[str, object]) -> Answer:
        if "bad.png" in str(values.get("media")):
            return error(400, "Bad Request: wrong type of the web page content")
        return None

    server.faults.append(refuses)
    messenger = Messenger(transport, Limiter(RateLimit(1000)), see=see)
    good = Post(Html("words"), photo="https://kabar.example/good.png", keyboard=(PRESS,))
    assert (await messenger.send(good, READER)).file_id == "file-1"
    for number, name in enumerate(("bad", "slow"), 6):
        post = Post(Html("words"), photo=f"https://kabar.example/{name}.png", keyboard=(PRESS,))
        result = await messenger.send(post, Destination(TelegramId(number)))
        assert result.status is SendStatus.OK
    assert [one.method for one in server.arrived] == ["sendPhoto", "sendMessage", "sendMessage"]
    assert server.arrived[0].values["content"] == b"\xff\xd8jpeg"
    assert server.arrived[1].values["link_preview_options"]["url"] == "https://kabar.example/1"


async def test_what_only_telegram_can_fetch_joins_an_answer_that_waits_for_nobody(
    server: Server, transport: Transport
) -> None:
    never = asyncio.Event()

    async def missing(_: str) -> Look:
        return Look(Sight.MISSING)

    async def hangs(_: str, values: dict[str, object]) -> Answer:
        if "slow.png" in str(values.get("media")):
            await never.wait()
        return None

    server.faults.append(hangs)
    limiter = Limiter(RateLimit(1000))
    messenger = Messenger(transport, limiter, see=missing, patience=0.05)
    for number, (name, file_id) in enumerate((("slow", None), ("good", "file-1")), 6):
        post = Post(Html("words"), photo=f"https://kabar.example/{name}.png", keyboard=(PRESS,))
        result = await messenger.send(post, Destination(TelegramId(number)))
        assert (result.message_id, result.file_id) == (1, file_id)
    never.set()
    assert [one.method for one in server.sent()] == ["sendMessage"] * 2  # and nothing twice


async def test_rich_messages_are_sent_where_the_server_knows_them(
    server: Server, transport: Transport
) -> None:
    messenger = Messenger(transport, Limiter(RateLimit(1000)))
    rich = Rich(Html(f"<h1>a</h1>{PICTURE_HERE}"), (PRESS,), rtl=True)
    post = Post(Html("a"), rich=rich)

    async def said(number: int, one: Post = post) -> str:
        sent = await messenger.send(one, Destination(TelegramId(number)))
        assert sent.status is SendStatus.OK
        return server.arrived[-1].method

    assert await said(5) == "sendRichMessage"
    assert server.arrived[0].values["rich_message"] == {"html": "<h1>a</h1>", "is_rtl": True}
    named = replace(post, rich=replace(rich, photo="AgAC"))
    assert await said(6, named) == "sendRichMessage"
    media = [{"id": "picture", "media": {"type": "photo", "media": "AgAC"}}]
    assert server.arrived[-1].values["rich_message"]["media"] == media
    server.faults.append(times(1, error(400, "Bad Request: can't parse rich message")))
    assert await said(7) == "sendMessage"
    assert await said(8) == "sendRichMessage"
    server.faults.append(times(1, error(404, "Not Found: method not found")))
    assert await said(9) == "sendMessage"
    before = len(server.answered)
    assert await said(10) == "sendMessage"
    assert len(server.answered) == before + 1  # it is asked once


async def test_a_rich_messages_picture_is_ours_to_fetch(
    server: Server, transport: Transport
) -> None:
    async def see(address: str) -> Look:
        return Look(Sight.FOUND, b"jpeg") if "good" in address else Look(Sight.LATE)

    messenger = Messenger(transport, Limiter(RateLimit(1000)), see=see)
    for number, name in enumerate(("good", "slow"), 5):
        rich = Rich(Html(f"a{PICTURE_HERE}"), photo=f"https://kabar.example/{name}.png")
        await messenger.send(Post(Html("a"), rich=rich), Destination(TelegramId(number)))
    good, slow = server.arrived
    assert good.values["content"] == b"jpeg"
    assert "attach://photo" in good.values["rich_message"]
    assert slow.values["rich_message"] == {"html": "a"}


@pytest.mark.parametrize("photo", ["/etc/hostname", "file:///etc/hostname", "../secret.png", ""])
async def test_local_names_are_no_pictures(
    server: Server, messenger: Messenger, photo: str
) -> None:
    assert not usable_picture(photo)
    await messenger.send(Post(Html("words"), photo=photo), READER)
    assert "photo" not in server.arrived[0].values


async def place(order: list[str], name: str) -> int:
    """How many went before it: by their order, not by the clock, since on a busy machine the
    limiter wakes up late and lets several go."""
    async with asyncio.timeout(60):
        while name not in order:  # noqa: ASYNC110 - the limiter calls, it wakes nobody
            await asyncio.sleep(0.005)
    return order.index(name)


async def test_people_go_before_everything_that_waits() -> None:
    limiter, order = Limiter(RateLimit(20)), []
    for number in range(40):
        to = Destination(TelegramId(100 + number))
        limiter.submit(
            to, Urgency.COUNT if number % 2 else Urgency.POST, lambda: order.append("news")
        )
    before = len(order)
    limiter.submit(READER, Urgency.PERSON, lambda: order.append("person"))
    assert await place(order, "person") - before <= 1


async def test_groups_come_after_persons() -> None:
    limiter, order = Limiter(RateLimit(20)), []
    groups = [Destination(TelegramId(-9 - one), kind=ChatKind.SUPERGROUP) for one in range(30)]
    for one in groups:
        limiter.submit(one, Urgency.PERSON, lambda: order.append("group"))
    before = len(order)
    assert before <= 10
    limiter.submit(READER, Urgency.PERSON, lambda: order.append("person"))
    assert await place(order, "person") - before <= 1


async def test_in_a_crowd_who_comes_last_is_not_served_last() -> None:
    limiter, order = Limiter(RateLimit(20)), []
    for number in range(200):
        to = Destination(TelegramId(100 + number))
        limiter.submit(to, Urgency.PERSON, lambda: order.append("crowd"))
    limiter.submit(READER, Urgency.PERSON, lambda: order.append("person"))
    assert await place(order, "person") < 60


async def test_a_chat_that_is_held_for_long_is_not_waited_for(
    server: Server, messenger: Messenger
) -> None:
    server.faults.append(times(1, flood(10**9)))
    assert (await messenger.send(Post(Html("a")), READER)).status is SendStatus.FLOOD
    again = await asyncio.wait_for(messenger.send(Post(Html("b")), READER), 60)
    assert again.status is SendStatus.FLOOD
    assert server.arrived == []


async def test_an_album_counts_as_many_messages_as_it_has_pictures() -> None:
    limiter = Limiter(RateLimit(1000))
    group = Destination(TelegramId(-5), kind=ChatKind.GROUP)
    await limiter.wait_turn(group, Urgency.CARD)
    began = asyncio.get_running_loop().time()
    limiter.told(group, SendResult(SendStatus.OK, 1, message_ids=tuple(range(1, 20))))
    assert limiter.chat_at(group) < began + 2  # 19 of 20 a minute
    limiter.told(group, SendResult(SendStatus.OK, 20, message_ids=(20, 21)))
    assert limiter.chat_at(group) > began + 50


async def test_cancelled_waiter_gives_its_place_away() -> None:
    limiter = Limiter(RateLimit(10))
    await limiter.wait_turn(READER, Urgency.PERSON)
    waiting = asyncio.create_task(limiter.wait_turn(READER, Urgency.PERSON))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    await asyncio.wait_for(limiter.wait_turn(READER, Urgency.PERSON), 2)
    assert limiter.waiting() == 0
