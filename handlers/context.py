"""An update, turned into what a handler needs, with the ways to answer.

A handler is `async def name(ctx: Context) -> None`: it reads the context, makes one storage or
use-case call, renders, answers. Answers to a person's own tap go straight back; everything that
Kabar says on its own initiative goes through the delivery table.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import telegram
from telegram import Update
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.core.errors import Refusal, Unanswered
from bot.core.html import Html, escape
from bot.core.language import Translator
from bot.core.model import (
    Chat,
    ChatKind,
    Destination,
    Post,
    SendResult,
    SendStatus,
    TelegramId,
)
from bot.core.posts.links import LinkStyle
from bot.discussion import Discussion
from bot.editorial.editing import Editing
from bot.editorial.gallery import Gallery
from bot.i18n import Languages
from bot.readers.releases import Releases
from bot.readers.tickers import Tickers
from bot.reading.reader import BytesReader
from bot.telegram.messenger import Messenger
from storage import Database, chats

Handler = Callable[["Context"], Awaitable[None]]
Check = Callable[["Context"], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Deps:
    """What handlers work with; built once by `bot.app`."""

    db: Database
    languages: Languages
    bot: telegram.Bot
    messenger: Messenger
    discussion: Discussion
    clock: Callable[[], int]
    zone: ZoneInfo
    wake: Callable[[], None]
    """Tells the sender that something waits."""
    editing: Editing
    """What editors do with articles."""
    gallery: Gallery
    """Pictures that editors choose from."""
    style: LinkStyle
    """What the operator adds to articles' addresses."""
    rate: float
    """Messages a second, all chats together."""
    tickers: Tickers
    """Pinned headlines."""
    reader: BytesReader
    """Draws pictures, in a process of its own."""
    releases: Releases
    """What is kept back from chats, and comes later."""
    moderators: TelegramId | None = None
    keep_days: int = 30
    """Days for which it is remembered which posts were sent where."""
    told_at: dict[TelegramId, int] = field(default_factory=dict)
    """When chats were told that they ask too much."""

    @property
    def username(self) -> str:
        """The bot's own name, without @."""
        return self.bot.username

    @property
    def commenting(self) -> bool:
        """Whether commenting is on: it needs a moderators' chat."""
        return self.moderators is not None


@dataclass(slots=True)
class Context:
    """One update, its chat (ours) and the language to answer in."""

    deps: Deps
    update: Update
    chat: Chat
    tr: Translator
    args: tuple[str, ...] = ()
    answered: bool = False
    forum_topic: int | None = None
    """The forum topic that a button names: for a message that Telegram no longer keeps it gives
    none."""

    @property
    def now(self) -> int:
        return self.deps.clock()

    @property
    def message(self) -> telegram.Message:
        """The message that was sent, or the one whose button was pressed."""
        message = self.update.effective_message
        assert isinstance(
            message, telegram.Message
        )  # handlers of updates without one do not use this
        return message

    @property
    def message_id(self) -> int:
        """Its id, even if Telegram no longer says what it contains."""
        query = self.update.callback_query
        if query is not None and query.message is not None:
            return query.message.message_id
        return self.message.message_id

    @property
    def user(self) -> telegram.User:
        user = self.update.effective_user
        assert user is not None  # only channel posts have none
        return user

    @property
    def words(self) -> str:
        """The words after a command."""
        return " ".join(self.args)

    @property
    def data(self) -> str:
        """The payload of the pressed button."""
        query = self.update.callback_query
        return (query.data or "") if query else ""

    @property
    def thread(self) -> int:
        if self.forum_topic is not None:
            return self.forum_topic
        message = self.update.effective_message
        if not isinstance(message, telegram.Message) or not message.is_topic_message:
            return 0
        return message.message_thread_id or 0

    @property
    def here(self) -> Destination:
        """Where an answer goes."""
        return Destination(self.chat.telegram_id, self.thread, self.chat.kind)

    @property
    def private(self) -> bool:
        return self.chat.kind is ChatKind.PRIVATE

    async def answer(self, post: Post | Html | str, *, quoting: bool = False) -> SendResult:
        """Send a message here; `quoting` makes it a reply to the person's own message. Raises
        Unanswered if it certainly was not sent: the update is handled again."""
        reply_to = self.message.message_id if quoting else None
        post = as_post(post)
        return _left(await self.deps.messenger.send(post, self.here, reply_to=reply_to))

    async def replace(self, post: Post | Html | str) -> SendResult:
        """Replace the message whose button was pressed; if Telegram does not let us, answer below
        it. Raises Unanswered."""
        message = self.update.effective_message
        photo = isinstance(message, telegram.Message) and bool(message.photo)
        post = as_post(post)
        edited = _left(
            await self.deps.messenger.edit(post, self.here, self.message_id, photo=photo)
        )
        return await self.answer(post) if edited.status is SendStatus.REFUSED else edited

    async def toast(self, text: str = "", *, alert: bool = False, url: str = "") -> None:
        """Answer a pressed button: a short note (at most 200 characters) on the person's screen."""
        query = self.update.callback_query
        if query is not None and not self.answered:
            self.answered = True
            await self.deps.messenger.answer_press(query.id, text, alert=alert, url=url)

    async def require_administrator(self) -> None:
        """Settings of a group or channel belong to its administrators. Raises Refusal."""
        if self.private or self.update.channel_post is not None:
            return
        sender = self.update.effective_sender
        if isinstance(sender, telegram.Chat) and sender.id == self.chat.telegram_id:
            return  # an anonymous administrator writes as the group itself
        if not await is_administrator(self.deps.bot, self.chat.telegram_id, self.user.id):
            raise Refusal(self.tr.gettext("Only administrators of this chat can do that."))


async def is_administrator(bot: telegram.Bot, chat: int | str, user: int) -> bool:
    """Whether Telegram says so at this moment; if we cannot ask about the chat, the answer is
    no."""
    try:
        member = await bot.get_chat_member(chat, user)
    except (BadRequest, Forbidden):
        return False
    return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


def _left(result: SendResult) -> SendResult:
    if result.status is SendStatus.UNSENT:
        raise Unanswered(f"an answer could not be sent: {result.description}")
    return result


def as_post(post: Post | Html | str) -> Post:
    return post if isinstance(post, Post) else Post(escape(post))


Callback = Callable[[Update, Any], Coroutine[Any, Any, None]]
"""A handler in python-telegram-bot's form."""


def bind(deps: Deps, handler: Handler, *, unless: Sequence[Check] = ()) -> Callback:
    """A handler as python-telegram-bot calls it. A Refusal becomes the sentence that it carries.

    If one of `unless` says so, the handler is not called."""

    async def callback(update: Update, context: Any) -> None:
        ctx = await open_context(deps, update, tuple(context.args or ()))
        if update.callback_query is not None and update.effective_chat is None:
            await ctx.toast()  # a button without a chat is not ours
            return
        try:
            for check in unless:
                if await check(ctx):
                    break
            else:
                await handler(ctx)
        except Refusal as refusal:
            if update.callback_query is not None:
                await ctx.toast(str(refusal), alert=True)
            else:
                await ctx.answer(str(refusal))
        await ctx.toast()

    callback.__name__ = getattr(handler, "__name__", "handler")
    return callback


async def open_context(deps: Deps, update: Update, args: tuple[str, ...] = ()) -> Context:
    """The context of an update; its chat is stored or updated along the way."""
    chat = await _chat(deps, update)
    return Context(deps, update, chat, deps.languages.of(chat.language), args)


async def _chat(deps: Deps, update: Update) -> Chat:
    theirs = update.effective_chat
    if theirs is None:  # an inline query: its person's private chat decides the language
        user = update.effective_user
        assert user is not None  # every update has a chat or a person
        async with deps.db.reading() as cx:
            known = await chats.get(cx, TelegramId(user.id))
        return known or Chat(chats.NOWHERE, TelegramId(user.id), ChatKind.PRIVATE)
    kind = ChatKind(theirs.type)
    title = theirs.title or " ".join(filter(None, [theirs.first_name, theirs.last_name]))
    async with deps.db.reading() as cx:
        known = await chats.get(cx, TelegramId(theirs.id))
    if known and (known.kind, known.title, known.username, known.gone) == (
        kind,
        title,
        theirs.username or "",
        False,
    ):
        return known
    async with deps.db.transaction() as tx:
        chat = await chats.see(
            tx,
            TelegramId(theirs.id),
            kind=kind,
            title=title,
            username=theirs.username or "",
            now=deps.clock(),
        )
        spoken = _spoken(deps, update) if known is None else ""
        if not spoken:
            return chat
        await chats.set_language(tx, chat.id, spoken)
        return replace(chat, language=spoken)


def _spoken(deps: Deps, update: Update) -> str:
    """The language in which somebody uses Telegram, if we have it: a new chat starts with it."""
    user = update.effective_user
    code = (user.language_code or "").partition("-")[0].lower() if user is not None else ""
    return code if code in deps.languages.codes else ""
