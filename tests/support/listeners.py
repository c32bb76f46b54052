"""Updates as Telegram sends them, and handlers that note what they are given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.telegram.backlog import Update
from bot.telegram.places import away
from bot.telegram.updates import CONCERN, Inbox
from storage import Database, set_aside
from storage.set_aside import SetAside
from tests.conftest import Clock


def message(number: int, chat: int = 1, text: str = "hai") -> Update:
    return {"update_id": number, "message": {"message_id": 5, "chat": {"id": chat}, "text": text}}


class Handler:
    """Records what it is given; may be told to wait or to fail."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.first = asyncio.Event()
        self.faults: list[Exception] = []

    async def __call__(self, update: Update) -> None:
        if update["message"]["text"] == "slow":
            await self.open.wait()
        if self.faults:
            raise self.faults.pop()
        self.seen.append(update["update_id"])
        self.first.set()


@asynccontextmanager
async def working(updates: Inbox) -> AsyncIterator[None]:
    task = asyncio.create_task(updates.work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def unhandled(db: Database) -> int:
    async with db.reading() as cx:
        return int(await cx.value("SELECT count(*) FROM inbox WHERE done_at IS NULL"))


async def aside(db: Database) -> dict[str, SetAside]:
    async with db.reading() as cx:
        return await set_aside.of(cx, CONCERN)


def said(number: int, text: str, chat: int = 1, **more: Any) -> Update:
    update = message(number, chat, text)
    update["message"] |= {"from": {"id": abs(chat)}, **more}
    return update


def pressed(number: int, chat: int = 1) -> Update:
    where = {"message_id": 5, "chat": {"id": chat}}
    return {"update_id": number, "callback_query": {"from": {"id": 1}, "message": where}}


class Listener:
    """Handles everything; a text of `waits` waits until `go`."""

    def __init__(self, waits: str = "/slow") -> None:
        self.seen: list[int] = []
        self.left_out: list[int] = []
        self.waits = waits
        self.mark = 9000
        self.go = asyncio.Event()
        self.faults: dict[int, list[Exception]] = {}
        self.happened = asyncio.Condition()

    async def __call__(self, update: Update) -> None:
        try:
            await self.handle(update)
        finally:
            async with self.happened:
                self.happened.notify_all()

    async def handle(self, update: Update) -> None:
        if update.get("message", {}).get("text") == self.waits:
            with away():
                await self.go.wait()
        if faults := self.faults.get(update["update_id"]):
            raise faults.pop(0)
        self.seen.append(update["update_id"])

    async def leave_out(self, update: Update) -> None:
        self.left_out.append(update["update_id"])

    async def all_known(self, updates: Inbox) -> None:
        """Wait until all that is kept is in its backlog: it is read in order."""
        self.mark += 1
        await updates.keep([said(self.mark, "mark", chat=-900)])
        await self.until(lambda: self.mark in self.seen)
        self.seen.remove(self.mark)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60), self.happened:
            await self.happened.wait_for(true)


def attended(db: Database, clock: Clock, listener: Listener, **more: Any) -> Inbox:
    return Inbox(db, listener, clock=clock, left_out=listener.leave_out, pause=0, **more)
