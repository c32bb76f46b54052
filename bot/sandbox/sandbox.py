"""The stand-in as one object: a server on loopback, its people and chats, faults and the log.

    async with Sandbox() as sandbox:
        reader = sandbox.create_user("Sari")
        sandbox.people.start(reader)                           # the bot gets /start
        answer = await sandbox.next_message(reader)            # what the bot says to it

Everything may be called while the bot is running; nothing here waits unless it says so.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.sandbox import methods
from bot.sandbox.activity import Activity, Query
from bot.sandbox.errors import ApiError, ControlError
from bot.sandbox.faults import Faults
from bot.sandbox.fetch import TelegramFetcher
from bot.sandbox.limits import RateLimiter, RateLimits
from bot.sandbox.params import Params
from bot.sandbox.people import People
from bot.sandbox.server import REQUEST_MOST, BotApi, Logged
from bot.sandbox.ui import show
from bot.sandbox.webhooks import WebHookCaller
from bot.sandbox.world import Json, Message, User, WorldChat

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - plays a token, opens nothing
PATIENCE_S = 30.0
"""Seconds, for what is bound to come: a busy machine is slow, and nobody waits for all of them."""
T = TypeVar("T")
Place = WorldChat | User


class Sandbox:
    """A whole Telegram for one bot. `port` 0 takes a free one; limits are off unless given.

    `people` does what people do in their chat programs: write, press, join, block.

    `clock` gives seconds since the epoch; pass your own to make days pass in a test.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        rate_limits: RateLimits | None = None,
        port: int = 0,
        bot_name: str = "Kabar",
        bot_username: str = "kabar_bot",
        privacy: bool = True,
        loopback: bool = True,
        poll_guard: bool = False,
        log_calls: int | None = 10_000,
        lean: bool = False,
        auto_chats: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        bot = User(int(token.partition(":")[0]), bot_name, username=bot_username, is_bot=True)
        self.token = token
        self.activity = Activity(
            bot,
            clock,
            privacy=privacy,
            limiter=RateLimiter(rate_limits) if rate_limits else None,
            guard=poll_guard,
            lean=lean,
            auto_chats=auto_chats,
        )
        self._world = self.activity.world
        self.people = People(self.activity)
        self.faults = Faults()
        self.fetcher = TelegramFetcher(self.activity.files, loopback=loopback)
        self.webhook = WebHookCaller(self.activity.updates, self._run, clock, local=loopback)
        call = methods.Call(self.activity, Params({}), self.fetcher, self.webhook)
        self.api = BotApi(token, call, self.faults, log_calls)
        self.app = web.Application(client_max_size=REQUEST_MOST)
        self.app.add_routes(self.api.routes())
        self._runner: web.AppRunner | None = None
        self._port = port

    # --- life -------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Listen on 127.0.0.1. Raises OSError when the port is in use."""
        self._runner = web.AppRunner(
            self.app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening; open polls and event streams end."""
        self.activity.events.close()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.fetcher.close()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._port

    @property
    def url(self) -> str:
        """The root: the bot's base address is `url + "/bot"`, files are at `url + "/file/bot"`."""
        return f"http://127.0.0.1:{self._port}"

    async def _run(self, name: str, params: dict[str, Any]) -> object:
        try:
            return await self.api.run(name, Params(params))
        except ApiError:
            return None  # Telegram reports nothing of a call made in a web hook's answer

    # --- people and chats -------------------------------------------------------------------------

    @property
    def bot(self) -> User:
        """The bot."""
        return self.activity.bot

    def create_user(
        self,
        first_name: str,
        language_code: str = "id",
        username: str | None = None,
        *,
        last_name: str = "",
        user_id: int | None = None,
    ) -> User:
        """A new person, whom the bot has not met yet."""
        user = self._world.add_user(first_name, last_name, username or "", language_code, user_id)
        self.activity.events.emit("user", user=user.id)
        return user

    def create_group(self, title: str, creator: User) -> WorldChat:
        """A basic group without the bot."""
        return self._create("group", title, creator)

    def create_supergroup(
        self, title: str, creator: User, *, username: str | None = None, forum: bool = False
    ) -> WorldChat:
        """A supergroup without the bot."""
        return self._create("supergroup", title, creator, username or "", forum=forum)

    def create_channel(
        self,
        title: str,
        creator: User,
        *,
        username: str | None = None,
        linked: WorldChat | None = None,
    ) -> WorldChat:
        """A channel without the bot; `linked` becomes its discussion group."""
        channel = self._create("channel", title, creator, username or "")
        if linked is not None:
            self.people.link(channel, linked)
        return channel

    def _create(
        self, kind: str, title: str, creator: User, username: str = "", *, forum: bool = False
    ) -> WorldChat:
        chat = self._world.add_chat(kind, title, creator, username, forum)
        self.activity.events.emit("chat", chat=chat.id)
        return chat

    def add_bot(
        self, chat: WorldChat, *, as_admin: bool = False, rights: Mapping[str, bool] | None = None
    ) -> None:
        """Put the bot into a chat, as a member or as an administrator with rights."""
        self.people.set_member(chat, self.bot, "administrator" if as_admin else "member", rights)

    def kick_bot(self, chat: WorldChat) -> None:
        """Put the bot out."""
        self.people.set_member(chat, self.bot, "kicked")

    def migrate(self, group: WorldChat) -> WorldChat:
        """Upgrade a basic group; the supergroup is returned, the old id answers 400."""
        if group.kind != "group" or group.migrated_to:
            raise ControlError("only a basic group becomes a supergroup, and only once")
        return self.activity.migrate(group)

    def user(self, user_id: int) -> User:
        """The person of a number. Raises ControlError."""
        user = self._world.users.get(user_id)
        if user is None:
            raise ControlError(f"there is no user {user_id}")
        return user

    def chat(self, chat_id: int) -> WorldChat:
        """The chat of a number. Raises ControlError."""
        chat = self._world.find_chat(chat_id)
        if chat is None:
            raise ControlError(f"there is no chat {chat_id}")
        return chat

    # --- what one sees ----------------------------------------------------------------------------

    def raw_messages(self, place: Place) -> list[Message]:
        """The messages of a chat, or of a person's chat with the bot, oldest first."""
        return list(self.chat(place.id).messages.values())

    def messages(self, place: Place) -> list[Json]:
        """The same as a chat program shows them (`show.message`)."""
        return [show.message(message) for message in self.raw_messages(place)]

    def said(self, place: Place) -> list[Json]:
        """Only what the bot said there."""
        return [one for one in self.messages(place) if one["mine"] and one["kind"] != "service"]

    @property
    def calls(self) -> deque[Logged]:
        """The log of the bot's calls, oldest first, at most `log_calls` of them."""
        return self.api.calls

    @property
    def counts(self) -> Counter[str]:
        """Calls by lower-case method, and by status other than 200 as `status.429`."""
        return self.activity.counts

    @property
    def polling(self) -> bool:
        """Does the bot wait for updates right now?"""
        return self.activity.updates.held

    # --- waiting ----------------------------------------------------------------------------------

    async def wait_for(self, predicate: Callable[[], T | None], timeout_s: float = PATIENCE_S) -> T:
        """The first true value of `predicate`, asked after everything that happens.

        Raises TimeoutError.
        """
        return await self.activity.events.wait_for(predicate, timeout_s)

    async def next_message(
        self,
        place: Place,
        matching: Callable[[Json], bool] = lambda _: True,
        *,
        after: int = 0,
        timeout_s: float = PATIENCE_S,
    ) -> Json:
        """The bot's first message there with an id above `after` that matches, once it comes."""

        def found() -> Json | None:
            for message in self.raw_messages(place):
                if message.mine and message.id > after and message.kind != "service":
                    shown = show.message(message)
                    if matching(shown):
                        return shown
            return None

        return await self.wait_for(found, timeout_s)

    async def ask_button(
        self,
        user: User,
        chat: WorldChat | User,
        message_id: int,
        button: str,
        timeout_s: float = PATIENCE_S,
    ) -> Json:
        """Press a button and wait for the bot's answer (text, show_alert, perhaps url).

        Raises ControlError without such a button, TimeoutError without an answer.
        """
        query_id = self.people.press(user, self.chat(chat.id), message_id, button)
        return await self._answer(self.activity.callbacks, query_id, timeout_s)

    async def ask_inline(
        self, user: User, query: str, offset: str = "", timeout_s: float = PATIENCE_S
    ) -> Json:
        """Type an inline query and wait for the results; `query_id` is among the answer."""
        query_id = self.people.inline(user, query, offset)
        answer = await self._answer(self.activity.inline, query_id, timeout_s)
        return {**answer, "query_id": query_id}

    async def _answer(self, where: dict[str, Query], query_id: str, timeout_s: float) -> Json:
        return await self.wait_for(lambda: where[query_id].answer, timeout_s)

    async def settled(self, quiet_s: float = 0.05, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the bot has taken all updates and made no call for `quiet_s` seconds."""
        async with asyncio.timeout(timeout_s):
            seen = -1
            while seen != self.activity.events.serial or len(self.activity.updates):
                seen = self.activity.events.serial
                await asyncio.sleep(quiet_s)
