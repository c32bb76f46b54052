"""/latest, and the full post of an article that a person opens."""

from __future__ import annotations

from dataclasses import replace

from bot.core.callbacks import opened_article
from bot.core.errors import Refusal
from bot.core.model import Article, ChatKind, SendStatus
from bot.core.posts.article import post
from bot.core.readers.topics import LONGEST, NamedTopics, key_of
from bot.core.search import results
from bot.core.text import deep_link, whole_number
from bot.telegram.messenger import without_picture
from handlers import topics
from handlers.context import Context
from storage import Connection, articles, deliveries, pictures, preferences, related, topic_labels

_DEFAULT, _MOST = 7, 20


async def latest(ctx: Context) -> None:
    """The ticker: the newest headlines, of one topic if named; a button opens each."""
    count, topic = _wanted(ctx.args)
    async with ctx.deps.db.reading() as cx:
        found = await articles.newest(cx, limit=count, topic=topic)
    if not found and topic:
        raise Refusal(await _no_such_topic(ctx, topic))
    if not found:
        raise Refusal(
            ctx.tr.gettext(
                "There are no articles yet. They will appear here as soon as they're published."
            )
        )
    name = _as_labelled(topic, found[0]) if topic else ""
    await ctx.answer(
        results.ticker(ctx.tr, found, now=ctx.now, topic=name, bot_username=ctx.deps.username)
    )


async def _no_such_topic(ctx: Context, topic: str) -> str:
    async with ctx.deps.db.reading() as cx:
        labels = await topic_labels.known(cx)
    asked = topics.Asked(NamedTopics(unknown=(topic[:LONGEST],)), labels)
    return "\n".join(topics.unknown(asked, ctx.tr))


def _as_labelled(topic: str, article: Article) -> str:
    """A topic as the newsroom spells it, not as somebody typed it."""
    key = key_of(topic)
    return next((name for name in article.topics if key_of(name) == key), topic)


def _wanted(args: tuple[str, ...]) -> tuple[int, str | None]:
    """`[n] [topic]` in either order."""
    count, words = _DEFAULT, []
    for word in args:
        number = whole_number(word)
        if number is None:
            words.append(word)
        else:
            count = max(1, min(_MOST, number))
    return count, " ".join(words) or None


async def open_article(ctx: Context) -> None:
    """A numbered button under /latest or /search. Readers do not decide what a channel posts: they
    read the article in a private chat."""
    article_id = opened_article(ctx.data)
    if article_id is None:
        return
    if ctx.chat.kind is ChatKind.CHANNEL:
        await ctx.toast(url=deep_link(ctx.deps.username, f"a_{article_id}"))
        return
    await show_article(ctx, article_id)


async def show_newest(ctx: Context, topic: str | None) -> None:
    """The newest article (of a topic), if there is one: an example for a chat that subscribes."""
    async with ctx.deps.db.reading() as cx:
        newest = await articles.newest(cx, limit=1, topic=topic)
    if newest:
        await show_article(ctx, newest[0].id)


async def show_article(ctx: Context, article_id: int) -> None:
    """Show the full post, in a private chat with buttons to others on its story. It is recorded, so
    that corrections and the count of comments reach it."""
    async with ctx.deps.db.reading() as cx:
        public = await articles.is_public(cx, article_id)
        article = await articles.get(cx, article_id) if public else None
        bare = await pictures.none_now(cx, article_id)
        wants = await preferences.get(cx, ctx.chat.id, ctx.thread, default=ctx.deps.zone)
        more = await related.to(cx, article, now=ctx.now) if article and ctx.private else []
    if article is None:
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    message = post(
        article,
        ctx.tr,
        bot_username=ctx.deps.username,
        kind=ctx.chat.kind,
        commenting=ctx.deps.commenting,
        threaded=ctx.chat.threaded,
        style=ctx.deps.style,
        now=ctx.now,
    )
    message = replace(message, keyboard=(*message.keyboard, *results.related(more)))
    picture = message.photo or ""
    if not wants.pictures:
        message = without_picture(message)
    elif article.file_id:
        message = replace(message, photo=article.file_id)
    elif bare:
        message = without_picture(message)
    sent = await ctx.answer(message)
    if sent.status is not SendStatus.OK or sent.message_id is None:
        return
    async with ctx.deps.db.transaction() as tx:
        if sent.file_id and not article.file_id:
            await pictures.named(tx, article.id, address=picture, file_id=sent.file_id, now=ctx.now)
        elif message.photo and not sent.file_id:
            await pictures.wait_for(tx, article.id, address=picture, due_at=ctx.now)
        photo = sent.file_id is not None
        await record_shown(tx, ctx, article, sent.message_id, photo=photo)


async def record_shown(
    tx: Connection, ctx: Context, article: Article, message_id: int, *, photo: bool
) -> None:
    """Record that a message of this chat shows an article: edits reach it, and replies to it are
    understood."""
    await deliveries.record_copy(
        tx,
        chat_id=ctx.chat.id,
        thread=ctx.thread,
        article_id=article.id,
        message_id=message_id,
        photo=photo,
        revision=article.revision,
        comments=article.comments,
        now=ctx.now,
    )
