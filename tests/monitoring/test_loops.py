"""Every loop of the program is watched: a new one that nobody registers fails here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from inspect import CORO_SUSPENDED, getcoroutinestate
from pathlib import Path
from types import CoroutineType
from typing import Any

import pytest

from bot import app
from bot.health import Health, next_of
from bot.sandbox import Sandbox
from tests.handlers.conftest import running, settings
from tests.support.feed_site import item, open_site

BOT = str(Path(app.__file__).parents[1])
PATIENCE = 60
LOOPS = {
    "Poller.run": "polling",
    "Completer.run": "pages",
    "WebSub.run": "websub",
    "WebSub.take_pushes": "pushes",
    "Releases.run": "digests",
    "Editing.run": "editorial",
    "Tickers.run": "tickers",
    "LatePictures.run": "pictures",
    "Sender.run": "delivery",
    "Notices.run": "notices",
    "Inbox.poll": "Telegram",
    "Inbox.work": "inbox",
    "Inbox._mark_done": "updates",
    "WebHook.run": "webhook",
    "Registration.watch": "registration",
    "Monitor.run": "monitor",
    "Heartbeat.run": "heartbeat",
}
"""A coroutine of a task, and the name of its loop in `bot.health`."""
WRAPPED = {"Membership.lead", "Kabar._hear", "Kabar._send"}
"""They await another one of them themselves, or tasks that do."""
HOLDERS = {
    "Kabar.run": "waits for the loops",
    "Kabar._listen": "waits for the loops",
    "Kabar._keep": "waits for the membership",
    "Kabar._poll": "waits for the loops",
    "Watch.run": "waits for the loops",
    "Discussion.run": "waits for its concerns",
    "Sender._watch": "waits for the end of the program",
    "Membership.keep": "alone on its database it waits for ever; else it beats",
    "BotProfile.run": "ends by itself, and nothing needs it",
}


def words(task: asyncio.Task[Any]) -> Iterator[str]:
    """The coroutines of ours that a task is in, from the outermost."""
    coro: Any = task.get_coro()
    while isinstance(coro, CoroutineType) and getcoroutinestate(coro) == CORO_SUSPENDED:
        if coro.cr_code.co_filename.startswith(BOT) and "sandbox" not in coro.cr_code.co_filename:
            yield coro.__qualname__
        coro = coro.cr_await


def at_work() -> set[str]:
    """What all tasks of the program do."""
    found = set()
    for task in asyncio.all_tasks():
        ours = [one for one in words(task) if one not in WRAPPED]
        if ours:
            found.add(task.get_name() if ours[0] == "for_ever" else ours[0])
    return found


@pytest.mark.parametrize("by_web_hook", [False, True])
async def test_every_loop_is_watched(tmp_path: Path, *, by_web_hook: bool) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    async with Sandbox() as telegram, open_site(item("a")) as site:
        group = telegram.create_supergroup("Meja redaksi", telegram.create_user("Anna"))
        telegram.add_bot(group, as_admin=True)
        hook = {"webhook_url": f"http://127.0.0.1:{port}/hook"} if by_web_hook else {}
        wanted = settings(
            telegram,
            site,
            tmp_path,
            moderators_chat=group.id,
            public_url=f"http://127.0.0.1:{port}",
            listen=f"127.0.0.1:{port}",
            heartbeat_url=site.feed,
            notices=True,
            fetch_pages=True,
            **hook,
        )
        async with running(wanted) as kabar:
            concerns = set(kabar.discussion.concerns)
            known = LOOPS.keys() | HOLDERS.keys() | concerns
            other_way = {"Inbox.poll"} if by_web_hook else {"WebHook.run", "Registration.watch"}
            expected = LOOPS.keys() - other_way | concerns
            names = {LOOPS.get(one, one) for one in expected}

            async def amiss() -> list[set[str]]:
                """What is not known is either short and ends, or a loop that nobody watches."""
                await asyncio.sleep(0.01)  # leaves the processor to what starts
                now = at_work()
                unseen = names - kabar.watch.health.ages().keys()
                return [one for one in (now - known, expected - now, unseen) if one]

            found = await amiss()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    while found:  # something short may begin again at any time
                        found = await amiss()
            assert found == []


async def test_who_waits_for_work_turns_all_the_same() -> None:
    health = Health()
    queue: asyncio.Queue[int] = asyncio.Queue()
    beat, turns = health.beat("pushes", within=1), asyncio.Event()
    count = 0

    def turned() -> None:
        nonlocal count
        beat()
        count += 1
        if count > 3:
            turns.set()

    waiting = asyncio.create_task(next_of(queue, turned, idle=0))
    await turns.wait()
    queue.put_nowait(7)
    assert await waiting == 7
    assert "pushes" in health.ages()
    health.over("pushes")
    assert health.ages() == {}
