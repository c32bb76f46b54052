"""/subscribe and /unsubscribe: here, in a forum's topic, or for a channel that one administers."""

from __future__ import annotations

import telegram
from telegram.error import BadRequest, Forbidden

from bot.core.errors import Refusal
from bot.core.model import Chat, ChatKind, TelegramId
from handlers.articles import show_article
from handlers.context import Context, is_administrator
from storage import articles, chats


async def subscribe(ctx: Context) -> None:
    """All news, or the named topics, from now on; the newest article comes as an example."""
    if ctx.private and ctx.words.startswith("@"):
        await _subscribe_channel(ctx)
        return
    await ctx.require_administrator()
    topics = _topics(ctx)
    async with ctx.deps.db.transaction() as tx:
        changed = await chats.subscribe(
            tx, ctx.chat.id, thread=ctx.thread, topics=topics, now=ctx.now
        )
        newest = await articles.newest(tx, limit=1, topic=topics[0] if topics else None)
    if ctx.chat.kind is ChatKind.CHANNEL:
        await ctx.deps.discussion.threads.learn(ctx.chat.telegram_id)
    tr = ctx.tr
    if not changed:
        await ctx.answer(tr.gettext("You're already subscribed. /unsubscribe ends it."))
        return
    if topics:
        await ctx.answer(
            tr.gettext("🔔 You now get: {topics}. Here's the latest:", topics=", ".join(topics))
            if newest
            else tr.gettext("🔔 You now get: {topics}.", topics=", ".join(topics))
        )
    else:
        await ctx.answer(
            tr.gettext("🔔 You now get all news. Here's the latest:")
            if newest
            else tr.gettext("🔔 You now get all news.")
        )
    if newest:
        await show_article(ctx, newest[0].id)


async def unsubscribe(ctx: Context) -> None:
    """No more news, or no more of the named topics."""
    if ctx.private and ctx.words.startswith("@"):
        await _unsubscribe_channel(ctx)
        return
    await ctx.require_administrator()
    topics = _topics(ctx)
    async with ctx.deps.db.transaction() as tx:
        changed = await chats.unsubscribe(tx, ctx.chat.id, thread=ctx.thread, topics=topics)
    tr = ctx.tr
    if not changed:
        await ctx.answer(tr.gettext("There is no such subscription. /subscribe starts one."))
    elif topics:
        await ctx.answer(tr.gettext("🔕 No more news on: {topics}.", topics=", ".join(topics)))
    else:
        await ctx.answer(tr.gettext("🔕 You won't get any more news. /subscribe starts again."))


def _topics(ctx: Context) -> tuple[str, ...]:
    """`Ekonomi, Luar Negeri`: commas apart, or words where there is no comma."""
    text = ctx.words
    parts = text.split(",") if "," in text else text.split()
    topics = tuple(filter(None, (part.strip().lstrip("#") for part in parts)))
    if any(len(topic) > 64 for topic in topics) or len(topics) > 20:
        raise Refusal(
            ctx.tr.gettext("A topic's name can have up to 64 characters; up to 20 topics at once.")
        )
    return topics


async def _subscribe_channel(ctx: Context) -> None:
    channel = await _channel(ctx)
    async with ctx.deps.db.transaction() as tx:
        await chats.subscribe(tx, channel.id, topics=_channel_topics(ctx), now=ctx.now)
    await ctx.deps.discussion.threads.learn(channel.telegram_id)
    await ctx.answer(ctx.tr.gettext("🔔 {channel} is subscribed.", channel=ctx.args[0]))


async def _unsubscribe_channel(ctx: Context) -> None:
    channel = await _channel(ctx)
    async with ctx.deps.db.transaction() as tx:
        await chats.unsubscribe(tx, channel.id, topics=_channel_topics(ctx))
    await ctx.answer(ctx.tr.gettext("🔕 {channel} gets no more news.", channel=ctx.args[0]))


def _channel_topics(ctx: Context) -> tuple[str, ...]:
    return tuple(word.strip(",#") for word in ctx.args[1:])


async def _channel(ctx: Context) -> Chat:
    """The channel that a person named, if both of us have rights there. Raises Refusal."""
    name, tr, bot = ctx.args[0], ctx.tr, ctx.deps.bot
    try:
        theirs = await bot.get_chat(name)
    except (BadRequest, Forbidden):
        raise Refusal(
            tr.gettext("{channel} was not found. Please check the spelling.", channel=name)
        ) from None
    if not await is_administrator(bot, theirs.id, ctx.user.id):
        raise Refusal(tr.gettext("Only administrators of {channel} can do that.", channel=name))
    if not await _may_post(bot, theirs.id):
        raise Refusal(
            tr.gettext(
                "Please make this bot an administrator of {channel} with the right to post, then "
                "try again.",
                channel=name,
            )
        )
    async with ctx.deps.db.transaction() as tx:
        return await chats.see(
            tx,
            TelegramId(theirs.id),
            kind=ChatKind(theirs.type),
            title=theirs.title or "",
            username=theirs.username or "",
            now=ctx.now,
        )


async def _may_post(bot: telegram.Bot, chat: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, bot.id)
    except (BadRequest, Forbidden):
        return False
    if isinstance(member, telegram.ChatMemberAdministrator):
        return member.can_post_messages is not False
    return isinstance(member, telegram.ChatMemberMember)
