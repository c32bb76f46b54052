"""/start with its deep links, /help, and answers to unknown commands."""

from __future__ import annotations

from bot.core.callbacks import SUBSCRIBE, Press, PressKind, encode
from bot.core.comments import receipts
from bot.core.errors import Refusal
from bot.core.html import fill, join
from bot.core.model import Button, Post
from bot.core.text import deep_link, example_words, fit, whole_number
from handlers import comments, origins, reading, review
from handlers.access import is_member
from handlers.articles import show_article
from handlers.context import Context
from handlers.language import choose_button
from handlers.menu import everybody
from storage import articles, chats, feeds, topic_labels


async def start(ctx: Context) -> None:
    """Greets and offers to subscribe; `c_`, `r_`, `p_` and `a_` links lead straight to an article,
    `s_` counts where a reader came from, `queue` opens a moderator's review."""
    payload = ctx.args[0] if ctx.args else ""
    kind, _, written = payload.partition("_")
    number = whole_number(written)
    if payload == "queue" and ctx.private:
        await review.open_here(ctx)
        return
    if kind in _PRIVATE and number is not None and not ctx.private:
        await _lead_away(ctx, payload)
        return
    if kind in _LINKS and number is not None:
        await _LINKS[kind](ctx, number)
        return
    if kind == "s" and ctx.private:
        await origins.came(ctx, written)
    await greet(ctx)


async def _lead_away(ctx: Context, payload: str) -> None:
    """Refer people in groups to a private chat: comments are not written in groups, where nobody
    would know what a reply to us means, nor are articles read there page by page."""
    there = Button(ctx.tr.gettext("💬 Continue"), url=deep_link(ctx.deps.username, payload))
    text = (
        ctx.tr.html("📄 Articles are read in our private chat.")
        if payload.startswith("p_")
        else ctx.tr.html("💬 Comments are written and read in our private chat.")
    )
    await ctx.answer(Post(text, keyboard=((there,),)))


async def greet(ctx: Context) -> None:
    tr = ctx.tr
    if await is_member(ctx):
        await ctx.answer(await _to_moderators(ctx))
        return
    async with ctx.deps.db.reading() as cx:
        subscription = await chats.subscription(cx, ctx.chat.id, ctx.thread)
        papers = await feeds.titles(cx)
    subscribed = bool(subscription and subscription["active"])
    switch = (
        Button(tr.gettext("🔕 Unsubscribe"), data=encode(Press(PressKind.SUBSCRIBE, word="none")))
        if subscribed
        else Button(tr.gettext("🔔 Subscribe"), data=SUBSCRIBE)
    )
    rows = [(switch,), (choose_button(ctx),)]
    about = (
        tr.html(
            "👋 Hello! This is {paper}. Get our news here as soon as it's out, with pictures "
            "and sources.",
            paper=fit(tr.listed(papers), 100),
        )
        if papers
        else tr.html("👋 Hello! Get our news here as soon as it's out, with pictures and sources.")
    )
    if ctx.deps.commenting:
        write = tr.html("💬 You can comment on every article; our editors read along and reply.")
        about = join("\n\n", [about, write])
    ways = (
        tr.html("You're subscribed. /latest shows the newest articles, /search finds older ones.")
        if subscribed
        else tr.html("Tap the button to subscribe, or look around first with /latest and /search.")
    )
    parts = [about, ways]
    if not ctx.private:
        parts.append(
            tr.html(
                "👥 Only this group's administrators choose what comes here: /subscribe@{bot}, "
                "/topics@{bot}, /settings@{bot}",
                bot=ctx.deps.username,
            )
        )
    if not ctx.private and not ctx.deps.commenting:  # the operator looks for it then
        parts.append(tr.html("This chat's ID: <code>{id}</code>", id=ctx.chat.telegram_id))
    await ctx.answer(Post(join("\n\n", parts), keyboard=tuple(rows)))


async def _to_moderators(ctx: Context) -> Post:
    """The moderators' own chat is greeted as one."""
    tr = ctx.tr
    hello = tr.html(
        "👋 Hello! This is the moderators' group: readers' comments come here as cards. Whoever is "
        "a member can decide; administrators are editors."
    )
    return Post(join("\n\n", [hello, comments.moderators_help(tr)]))


async def help_(ctx: Context) -> None:
    """What everybody can do here, and what moderators can do in their chat."""
    tr = ctx.tr
    lines = [tr.html("<b>Commands</b>")]
    for name, text in everybody(tr, commenting=ctx.deps.commenting, private=ctx.private):
        lines.append(fill("{command} – {text}", command=tr.command(name), text=text))
    words, topic = await _examples(ctx)
    lines.append(
        tr.html(
            "\n"
            "For example: <code>/latest 15</code>, <code>/search {words}</code>, "
            "<code>/subscribe {topic}</code>.",
            words=words,
            topic=topic,
        )
    )
    lines.append(
        tr.html("🔎 In any chat: <code>@{bot} {words}</code>", bot=ctx.deps.username, words=words)
    )
    if ctx.deps.commenting:
        how = (
            tr.html("\n💬 To comment on an article, tap 💬 under it or reply to its message.")
            if ctx.private
            else tr.html(
                "\n💬 To comment on an article, tap 💬 under it and continue in a private chat."
            )
        )
        trusting = ctx.deps.discussion.trusted_after > 0
        lines.append(join(" ", [how, receipts.read_by_editors(tr, trusting=trusting)]))
        if ctx.private:
            lines.append(
                tr.html(
                    "✉️ A letter to the editors, or ⚖️ a complaint (right of reply or correction): "
                    "just write to us here and choose."
                )
            )
    if await is_member(ctx):
        lines.append(fill("\n{text}", text=comments.moderators_help(tr)))
    await ctx.answer(join("\n", lines))


async def _examples(ctx: Context) -> tuple[str, str]:
    """Example words to search for and a topic, from this paper's articles, else generic ones."""
    async with ctx.deps.db.reading() as cx:
        found = await articles.newest(cx, limit=1)
        labels = await topic_labels.most_used(cx)
    words = example_words(found[0].headline) if found else ""
    topic = max(labels, key=lambda one: one.articles).name if labels else ""
    return words or ctx.tr.gettext("arms talks"), topic or ctx.tr.gettext("Economy")


async def unknown_command(ctx: Context) -> None:
    """Only in private: in groups a command may be for another bot."""
    raise Refusal(ctx.tr.gettext("Unknown command. /help lists all commands."))


async def unknown_button(ctx: Context) -> None:
    """A button of an older version, or a forged one."""
    await ctx.toast(ctx.tr.gettext("This button no longer works."))


_PRIVATE = {"c", "r", "p"}
_LINKS = {
    "a": show_article,
    "c": comments.ask,
    "r": comments.read,
    "p": reading.open_text,
}
