"""Processes on one database, to be killed and paused: `python -m tests.support.crash_processes
DATABASE_URL ROOT SPEED`, or `processes`, which starts that.

Each line on standard input starts a process (a fork), and its number is printed. A process has all
that `kabar run` has between the database and the wire: a sender, the loop of comments, an inbox.
The inbox hands on no updates from Telegram but commands to this file:
{"comment": 7} writes a comment, {"approve": 7} decides it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from bot import logs
from bot.core.comments.model import Decision, Part
from bot.core.errors import Superseded
from bot.core.html import Html
from bot.core.model import Actor, ChatKind, Post, TelegramId
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.delivery import Delivery
from bot.core.posts.rate_limit import RateLimit
from bot.delivery.content import Composer
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.discussion import Discussion, Person
from bot.i18n import Languages
from bot.leader import membership
from bot.telegram.limiter import Limiter
from bot.telegram.transport import Transport
from bot.telegram.updates import Inbox
from storage import Connection, Database, chats, comment_messages, comments, open_database
from tests.conftest import JAKARTA
from tests.support.crash_newsroom import newsroom
from tests.support.sending import TOKEN

MODERATORS = TelegramId(900)
SECONDS = 3
"""Seconds for which a process counts as alive: half the real value, so that more can be killed."""
_EVERY = 0.3
_RATE = 60
ANNA = Actor(TelegramId(71), "Anna")


processes = partial(newsroom, module="tests.support.crash_processes")


async def _card(_: Connection, one: Delivery) -> Post | None:
    return Post(Html(f"card {one.comment_id}"))


async def _notice(_: Connection, one: Delivery) -> Post | None:
    return Post(Html(f"notice {one.id}"))


class Handlers:
    """What people do."""

    def __init__(self, db: Database, discussion: Discussion, clock: Callable[[], int]) -> None:
        self._db = db
        self._discussion = discussion
        self._clock = clock

    async def __call__(self, update: dict[str, Any]) -> None:
        number = update.get("comment") or update["approve"]
        who = TelegramId(1000 + number)
        async with self._db.transaction() as tx:
            chat = await chats.see(tx, who, kind=ChatKind.PRIVATE, now=self._clock())
        if "comment" in update:
            words = sha256(str(number).encode()).hexdigest()
            text = " ".join(words[at : at + 8] for at in range(0, 64, 8))
            part = Part(number, text)
            await self._discussion.submissions.submit(
                Person(who, f"Reader {number}"), chat, part, article_id=1
            )
            return
        async with self._db.reading() as cx:
            about = await comment_messages.about(cx, chat.id, number)
            assert about is not None  # updates of a chat come in their order
            comment = await comments.get(cx, about["comment_id"])
        assert comment is not None  # as above
        await self._discussion.moderation.decide(
            comment.id,
            revision=comment.revision,
            version=comment.version,
            by=ANNA,
            decision=Decision.APPROVE,
        )


async def work(database_url: str, root: str, clock: Callable[[], int]) -> None:
    db = await open_database(database_url)
    try:
        async with (
            membership(db, seconds=SECONDS, every=_EVERY) as (member, keeping),
            Transport(root, TOKEN, may=member.holds) as transport,
        ):
            languages = Languages.load("id", JAKARTA)
            discussion = Discussion(
                db, clock=clock, grace=0, moderators=MODERATORS, languages=languages
            )
            await discussion.prepare()
            said = {**discussion.renderers(), ContentKind.CARD: _card}
            composer = Composer(
                languages,
                bot_username="kabar_bot",
                commenting=True,
                clock=clock,
                others={**said, ContentKind.DECISIONS: _notice},
            )
            downloads: Any = None  # these articles have no pictures
            limiter = Limiter(RateLimit(_RATE))
            member.share(limiter)
            sender = Sender(db, transport, limiter, composer, Pictures(downloads), clock=clock)
            inbox = Inbox(
                db,
                Handlers(db, discussion, clock),
                clock=clock,
                process=member.number,
                look_every=0.1,
            )
            async with asyncio.TaskGroup() as group:
                group.create_task(_raise(keeping))
                group.create_task(inbox.work())
                group.create_task(member.lead("sender", partial(sender.run, asyncio.Event())))
                group.create_task(member.lead("discussion", discussion.run))
    finally:
        await db.close()


async def _raise(task: asyncio.Task[None]) -> None:
    await asyncio.shield(task)


async def live(database_url: str, root: str, clock: Callable[[], int]) -> None:
    """Start over whenever another took over, as `kabar run` does."""
    while True:
        try:
            await work(database_url, root, clock)
        except* Superseded:
            pass


def main() -> None:
    database_url, root, speed = sys.argv[1], sys.argv[2], float(sys.argv[3])
    logs.configure("json", "critical")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    begun = time.time()

    def clock() -> int:
        return int(begun + (time.time() - begun) * speed)

    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(live(database_url, root, clock))
            finally:
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
