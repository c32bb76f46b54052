"""Commands of the moderators' chat: the queue, the log, readers, rules, saved replies."""

from __future__ import annotations

from bot.core.callbacks import PressKind, decode
from bot.core.comments import moderators_lists, moderators_view, rules
from bot.core.comments.aliases import alias
from bot.core.comments.model import Comment, Conflict, Reader
from bot.core.comments.moderators_lists import Line
from bot.core.comments.rules import Blocked
from bot.core.errors import Refusal
from bot.core.html import Html, escape, join
from bot.core.language import Translator
from bot.core.model import Actor, Post
from bot.core.text import fit, whole_number
from handlers import corrections, review, statistics
from handlers.access import editor, is_member, member, moderator, named
from handlers.context import Context, Handler
from storage import Row, decisions, deliveries

_MONTH = 30 * 86_400


async def _moderator(ctx: Context) -> None:
    """Allow reading commands to anybody in the moderators' chat. Raises Refusal elsewhere."""
    if not await is_member(ctx):
        raise Refusal(ctx.tr.gettext("This only works in the moderators' group."))


# --- what waits, and what was done ----------------------------------------------------------------


async def queue(ctx: Context) -> None:
    """How much waits, and the oldest; in a private chat it opens a review."""
    if ctx.private:
        await review.open_here(ctx)
        return
    await _moderator(ctx)
    count, oldest, found = await ctx.deps.discussion.overview.queue()
    head = moderators_lists.queue(count, oldest, ctx.tr, now=ctx.now)
    rows = [
        escape(f"#{one.id} · {ctx.tr.time(one.created_at)} · {fit(_one_line(one), 80)}")
        for one in found
    ]
    shown = moderators_lists.queue_message(count, oldest, ctx.tr, now=ctx.now)
    await ctx.answer(Post(join("\n", [head, *rows]), keyboard=shown.keyboard))


def _one_line(comment: Comment) -> str:
    return " ".join(comment.text.split()) or "📎"


async def log(ctx: Context) -> None:
    """`/log 1842`, or as a reply to the card of a comment or an article: who decided what."""
    await _moderator(ctx)
    if not ctx.args and (article := await _answered_article(ctx)) is not None:
        async with ctx.deps.db.reading() as cx:
            rows = await decisions.of_article(cx, article)
        await ctx.answer(moderators_lists.history(article, list(map(line_of, rows)), ctx.tr))
        return
    number = await _comment_number(ctx)
    if number is None:
        raise Refusal(ctx.tr.gettext("Which comment? /log 1842, or reply to its card with /log."))
    await ctx.answer(await _history(ctx, number))


async def _history(ctx: Context, number: int) -> Post:
    rows = await ctx.deps.discussion.overview.log(number)
    return moderators_lists.history(number, list(map(line_of, rows)), ctx.tr)


def line_of(row: Row) -> Line:
    """A row of the log as a line to show."""
    return Line(row["at"], row["actor"], row["actor_id"] != 0, row["action"], row["reason"])


async def show(ctx: Context, number: int, what: str) -> None:
    """Show the history of a comment, or everything by its reader."""
    if what == "history":
        await ctx.answer(await _history(ctx, number), quoting=True)
        return
    found = await ctx.deps.discussion.overview.about_reader(number)
    if found is not None:
        reader, written, notes = found
        post = moderators_lists.reader_page(reader, written, notes, ctx.tr, now=ctx.now)
        await ctx.answer(post, quoting=True)


async def _answered_article(ctx: Context) -> int | None:
    """The article whose card or post a command replies to."""
    replied = ctx.message.reply_to_message
    if replied is None:
        return None
    async with ctx.deps.db.reading() as cx:
        row = await deliveries.at_message(cx, ctx.chat.telegram_id, replied.message_id)
    return row["article_id"] if row and row["comment_id"] is None else None


async def _comment_number(ctx: Context) -> int | None:
    """The comment that a command names, or whose card it replies to."""
    number = whole_number(ctx.args[0].lstrip("#")) if ctx.args else None
    if number is not None:
        return number
    replied = ctx.message.reply_to_message
    if replied is None:
        return None
    async with ctx.deps.db.reading() as cx:
        row = await deliveries.at_message(cx, ctx.chat.telegram_id, replied.message_id)
    return row["comment_id"] if row else None


# --- readers --------------------------------------------------------------------------------------


async def _reader(ctx: Context) -> Reader:
    """The reader that a command names, or whose card it replies to. Raises Refusal."""
    names = [one for one in ctx.args if whole_number(one, digits=3) is None]
    found = await ctx.deps.discussion.overview.find(names[0]) if names else None
    if found is None and not names:
        number = await _comment_number(ctx)
        about = await ctx.deps.discussion.overview.about_reader(number) if number else None
        found = about[0] if about else None
    if found is None:
        raise Refusal(
            ctx.tr.gettext(
                "Which reader? Write R-4f2 or @name, or reply to a card with this command."
            )
        )
    return found


async def ban(ctx: Context) -> None:
    """`/ban R-4f2`, or as a reply to a card."""
    by = await named(ctx)
    reader = await _reader(ctx)
    number = await ctx.deps.discussion.moderation.ban(reader, by=by)
    text = ctx.tr.gettext("🚫 {who} is banned.", who=moderators_view.who(reader))
    await ctx.answer(moderators_view.with_undo(text, number, ctx.tr) if number else text)


async def unban(ctx: Context) -> None:
    """Lift a ban or a mute."""
    by = await named(ctx)
    reader = await _reader(ctx)
    changed = await ctx.deps.discussion.moderation.unban(reader, by=by)
    who = moderators_view.who(reader)
    await ctx.answer(
        ctx.tr.gettext("✅ {who} can comment again.", who=who)
        if changed
        else ctx.tr.gettext("{who} was neither banned nor muted.", who=who)
    )


async def mute(ctx: Context) -> None:
    """`/mute R-4f2 7`: for so many days (1 if none are named)."""
    by = await named(ctx)
    reader = await _reader(ctx)
    said = [whole_number(one, digits=3) for one in ctx.args]
    days = next((one for one in said if one is not None), 1)
    until, number = await ctx.deps.discussion.moderation.mute(reader, max(1, days), by=by)
    await ctx.answer(moderators_view.with_undo(_muted(ctx, reader, until), number, ctx.tr))


def _muted(ctx: Context, reader: Reader, until: int) -> str:
    return ctx.tr.gettext(
        "🔇 {who} is muted until {moment}.",
        who=moderators_view.who(reader),
        moment=ctx.tr.moment(until),
    )


async def mute_days(ctx: Context, number: int, days: int, by: Actor) -> None:
    """Mute a reader from the ⋯ menu of a card."""
    found = await ctx.deps.discussion.overview.about_reader(number)
    if found is not None:
        until, number = await ctx.deps.discussion.moderation.mute(found[0], days, by=by)
        text = _muted(ctx, found[0], until)
        await ctx.toast(text)
        await ctx.answer(moderators_view.with_undo(text, number, ctx.tr), quoting=True)


# --- articles -------------------------------------------------------------------------------------


async def comments(ctx: Context) -> None:
    """`/comments off` or `on`, as a reply to a card: closes or opens the comments of its
    article."""
    by = await named(ctx)
    word = ctx.args[-1].lower() if ctx.args else ""
    number = await _comment_number(ctx)
    if word not in {"off", "on"} or number is None:
        raise Refusal(ctx.tr.gettext("Please reply to a card with /comments off or /comments on."))
    await close_comments(ctx, number, closed=word == "off", by=by)


async def close_comments(ctx: Context, number: int, *, closed: bool, by: Actor) -> None:
    """Close or open the comments of the article that a comment is about."""
    changed = await ctx.deps.discussion.moderation.close_comments_of(number, closed=closed, by=by)
    if changed is None:
        raise Refusal(
            ctx.tr.gettext("This is a letter: there's no article whose comments could be closed.")
        )
    text = _closed(ctx.tr, closed=closed)
    if ctx.update.callback_query is not None:  # to be swapped for its opposite on the card
        await ctx.toast(text, alert=True)
    elif changed:
        await ctx.answer(moderators_view.with_undo(text, changed, ctx.tr))
    else:
        await ctx.answer(text)


def _closed(tr: Translator, *, closed: bool) -> str:
    if closed:
        return tr.gettext("🔒 Comments on this article are now closed.")
    return tr.gettext("🔓 Comments on this article are now open.")


async def undo(ctx: Context) -> None:
    """↩ under what was done to a reader or an article."""
    press = decode(ctx.data)
    by = await (member(ctx) if ctx.private else moderator(ctx))
    if press is None or by is None:
        return
    if await corrections.undo(ctx, press.numbers[0]):
        return
    undone = await ctx.deps.discussion.moderation.take_back(press.numbers[0], by=by)
    if isinstance(undone, Conflict):
        await ctx.toast(moderators_view.conflict(undone, None, ctx.tr, now=ctx.now), alert=True)
        return
    if undone["reader_id"] is None:
        said = _closed(ctx.tr, closed=undone["action"] == "open")
    else:
        who = alias(undone["reader_id"])
        reader = await ctx.deps.discussion.overview.find(who)
        if reader is not None and reader.muted_until > ctx.now:  # by an earlier decision
            said = _muted(ctx, reader, reader.muted_until)
        else:
            said = ctx.tr.gettext("✅ {who} can comment again.", who=who)
    await ctx.replace(f"↩ {said}")


# --- rules, replies, repair -----------------------------------------------------------------------


async def rule_list(ctx: Context) -> None:
    """The rules, and what each did in the last 30 days."""
    await _moderator(ctx)
    totals = await ctx.deps.discussion.overview.rule_totals(since=ctx.now - _MONTH)
    await ctx.answer(moderators_lists.rules_page(totals, ctx.tr))


async def words(ctx: Context) -> None:
    """`/words`, `/words add [!] [id:] a phrase` (! refuses, else it holds; in one language or in
    all), `/words remove [id:] a phrase`."""
    how = ctx.args[0].lower() if ctx.args else "list"
    phrase = rules.as_blocked(" ".join(ctx.args[1:]), ctx.deps.languages.codes)
    deps = ctx.deps.discussion.canned
    if how == "add" and phrase.word:
        by = await editor(ctx)
        if not await deps.block_word(phrase, by=by):
            raise Refusal(ctx.tr.gettext("There's no word in that."))
    elif how == "remove" and phrase.word:
        await editor(ctx)
        if not await deps.unblock_word(phrase.word, language=phrase.language):
            raise Refusal(ctx.tr.gettext("That's not among the blocked words."))
    else:
        await _moderator(ctx)
    await ctx.answer(await _word_list(ctx))


async def _word_list(ctx: Context) -> Post:
    tr = ctx.tr
    found = await ctx.deps.discussion.canned.blocked_words()
    refused = ", ".join(map(_blocked, (one for one in found if one.hard))) or "–"
    held = ", ".join(map(_blocked, (one for one in found if not one.hard))) or "–"
    return Post(
        join(
            "\n",
            [
                tr.html("<b>Blocked words</b>"),
                tr.html("refused: {words}", words=fit(refused, 1500)),
                tr.html("held: {words}", words=fit(held, 1500)),
                tr.html(
                    "<code>/words add word</code> holds comments for review, <code>/words add ! "
                    "word</code> refuses them, <code>/words remove word</code> takes it off the "
                    "list. With a language code in front, as in <code>/words add {code}: "
                    "word</code>, texts clearly in another language are left alone.",
                    code=ctx.tr.code,
                ),
            ],
        )
    )


def _blocked(one: Blocked) -> str:
    return f"{one.language}: {one.word}" if one.language else one.word


async def reply(ctx: Context) -> None:
    """`/reply add NAME text`, `/reply remove NAME`, `/reply list`: saved replies."""
    how = ctx.args[0].lower() if ctx.args else "list"
    canned = ctx.deps.discussion.canned
    if how == "add" and len(ctx.args) > 2:
        by = await editor(ctx)
        text = (ctx.message.text or "").split(maxsplit=3)[3]
        await canned.keep_reply(ctx.args[1], text, by=by)
    elif how == "remove" and len(ctx.args) == 2:
        await editor(ctx)
        await canned.drop_reply(ctx.args[1])
    else:
        await _moderator(ctx)
    await ctx.answer(await _reply_list(ctx))


async def _reply_list(ctx: Context) -> Post:
    tr = ctx.tr
    found = await ctx.deps.discussion.canned.replies()
    rows = [
        Html(f"<code>/{escape(name)}</code> {escape(fit(text, 150))}") for name, text in found[:25]
    ]
    return Post(
        join(
            "\n",
            [
                tr.html("<b>Saved replies</b>"),
                *rows,
                tr.html(
                    "<code>/reply add thanks Thank you for writing!</code> saves one; reply to a "
                    "prompt with <code>/thanks</code> to send it."
                ),
            ],
        )
    )


async def canned(ctx: Context, text: str) -> str:
    """`/thanks` as a reply to a prompt stands for the saved reply of that name. Raises Refusal."""
    if not text.startswith("/"):
        return text
    kept = await ctx.deps.discussion.canned.reply(text[1:].partition("@")[0].strip())
    if kept is None:
        raise Refusal(ctx.tr.gettext("There's no such saved reply; see /reply list."))
    return kept


async def rebuild(ctx: Context) -> None:
    """Send a new card for everything that waits, for example after the chat was cleared."""
    await editor(ctx)
    count = await ctx.deps.discussion.rebuild()
    await ctx.answer(
        ctx.tr.ngettext("♻️ {n} new card", "♻️ {n} new cards", count)
        if count
        else ctx.tr.gettext("♻️ Nothing to resend.")
    )


BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.UNDO, undo),)
COMMANDS: dict[str, Handler] = {
    "queue": queue,
    "log": log,
    "ban": ban,
    "unban": unban,
    "mute": mute,
    "comments": comments,
    "rules": rule_list,
    "words": words,
    "reply": reply,
    "rebuild": rebuild,
    "stats": statistics.stats,
}


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return [
        ("queue", tr.gettext("comments waiting for a decision")),
        ("stats", tr.gettext("the last 30 days in figures")),
        ("log", tr.gettext("who decided what about a comment")),
        ("ban", tr.gettext("ban a reader")),
        ("unban", tr.gettext("let a reader comment again")),
        ("mute", tr.gettext("mute a reader for a few days")),
        ("comments", tr.gettext("close or open the comments of an article")),
        ("rules", tr.gettext("what is held or refused, and how often")),
        ("words", tr.gettext("blocked words")),
        ("reply", tr.gettext("saved replies")),
        ("rebuild", tr.gettext("resend all waiting cards")),
        ("announce", tr.gettext("send an announcement to all readers (editors)")),
        ("correct", tr.gettext("say what was wrong in an article (editors)")),
        ("retract", tr.gettext("withdraw an article (editors)")),
    ]
