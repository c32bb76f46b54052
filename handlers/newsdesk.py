"""Commands of the moderators' chat: the queue, the log, readers, rules, replies at hand."""

from __future__ import annotations

from bot.core import bench, rules
from bot.core.bench import Line
from bot.core.comments import Actor, Comment, Reader
from bot.core.errors import Refusal
from bot.core.html import Html, escape, join
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.render import fit
from bot.core.rules import Blocked
from handlers import review, statistics
from handlers.bench import at_the_bench, editor, named
from handlers.turn import Handler, Turn
from storage import deliveries

_MONTH = 30 * 86_400


async def _moderator(turn: Turn) -> None:
    """To look at something: anybody in the moderators' chat may. Raises Refusal elsewhere."""
    if not await at_the_bench(turn):
        raise Refusal(turn.tr.gettext("This works in the moderators' chat only."))


# --- what waits, and what was done ----------------------------------------------------------------


async def queue(turn: Turn) -> None:
    """How much waits, and the oldest; in a private chat a moderator's own desk."""
    if turn.private:
        await review.open_here(turn)
        return
    await _moderator(turn)
    count, oldest, found = await turn.desk.discussion.bench.queue()
    head = bench.queue(count, oldest, turn.tr, now=turn.now)
    rows = [
        escape(f"#{one.id} · {turn.tr.time(one.created_at)} · {fit(_one_line(one), 80)}")
        for one in found
    ]
    shown = bench.queue_message(count, oldest, turn.tr, now=turn.now)
    await turn.answer(Post(join("\n", [head, *rows]), keyboard=shown.keyboard))


def _one_line(comment: Comment) -> str:
    return " ".join(comment.text.split()) or "📎"


async def log(turn: Turn) -> None:
    """`/log 1842`, or as an answer to a card: who decided what."""
    await _moderator(turn)
    number = await _comment_number(turn)
    if number is None:
        raise Refusal(turn.tr.gettext("Which comment? /log 1842, or answer its card with /log."))
    await turn.answer(await _history(turn, number))


async def _history(turn: Turn, number: int) -> Post:
    rows = await turn.desk.discussion.bench.log(number)
    lines = [
        Line(row["at"], row["actor"], row["actor_id"] != 0, row["action"], row["reason"])
        for row in rows
    ]
    return bench.history(number, lines, turn.tr)


async def show(turn: Turn, number: int, what: str) -> None:
    """The history of a comment, or all by its reader."""
    if what == "history":
        await turn.answer(await _history(turn, number), quoting=True)
        return
    found = await turn.desk.discussion.bench.about_reader(number)
    if found is not None:
        reader, written, notes = found
        post = bench.reader_page(reader, written, notes, turn.tr, now=turn.now)
        await turn.answer(post, quoting=True)


async def _comment_number(turn: Turn) -> int | None:
    """The comment that a command names, or whose card it answers."""
    text = turn.args[0].lstrip("#") if turn.args else ""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    replied = turn.message.reply_to_message
    if replied is None:
        return None
    async with turn.desk.db.reading() as cx:
        row = await deliveries.at_message(cx, turn.chat.telegram_id, replied.message_id)
    return row["comment_id"] if row else None


# --- readers --------------------------------------------------------------------------------------


async def _reader(turn: Turn) -> Reader:
    """The reader whom a command names, or whose card it answers. Raises Refusal."""
    names = [one for one in turn.args if not (one.isdigit() and len(one) < 4)]
    found = await turn.desk.discussion.bench.find(names[0]) if names else None
    if found is None and not names:
        number = await _comment_number(turn)
        about = await turn.desk.discussion.bench.about_reader(number) if number else None
        found = about[0] if about else None
    if found is None:
        raise Refusal(
            turn.tr.gettext(
                "Which reader? Name one as R-4f2 or @name, or answer a card with this command."
            )
        )
    return found


async def ban(turn: Turn) -> None:
    """`/ban R-4f2`, or as an answer to a card."""
    by = await named(turn)
    reader = await _reader(turn)
    await turn.desk.discussion.bench.ban(reader, by=by)
    await turn.answer(turn.tr.gettext("🚫 {who} is banned.", who=bench.who(reader)))


async def unban(turn: Turn) -> None:
    """Ends a ban or a mute."""
    by = await named(turn)
    reader = await _reader(turn)
    changed = await turn.desk.discussion.bench.unban(reader, by=by)
    who = bench.who(reader)
    await turn.answer(
        turn.tr.gettext("✅ {who} can comment again.", who=who)
        if changed
        else turn.tr.gettext("{who} was neither banned nor muted.", who=who)
    )


async def mute(turn: Turn) -> None:
    """`/mute R-4f2 7`: for so many days (1 if none are named)."""
    by = await named(turn)
    reader = await _reader(turn)
    days = next((int(one) for one in turn.args if one.isdigit() and len(one) < 4), 1)
    until = await turn.desk.discussion.bench.mute(reader, max(1, days), by=by)
    await turn.answer(_muted(turn, reader, until))


def _muted(turn: Turn, reader: Reader, until: int) -> str:
    return turn.tr.gettext(
        "🔇 {who} is muted until {moment}.", who=bench.who(reader), moment=turn.tr.moment(until)
    )


async def mute_days(turn: Turn, number: int, days: int, by: Actor) -> None:
    """From the ⋯ of a card."""
    found = await turn.desk.discussion.bench.about_reader(number)
    if found is not None:
        until = await turn.desk.discussion.bench.mute(found[0], days, by=by)
        await turn.toast(_muted(turn, found[0], until), alert=True)


# --- articles -------------------------------------------------------------------------------------


async def comments(turn: Turn) -> None:
    """`/comments off` or `on`, as an answer to a card: closes or opens those of its article."""
    by = await named(turn)
    word = turn.args[-1].lower() if turn.args else ""
    number = await _comment_number(turn)
    if word not in {"off", "on"} or number is None:
        raise Refusal(turn.tr.gettext("Answer a card with /comments off or /comments on, please."))
    await close_comments(turn, number, closed=word == "off", by=by)


async def close_comments(turn: Turn, number: int, *, closed: bool, by: Actor) -> None:
    """Of the article that a comment is about."""
    changed = await turn.desk.discussion.bench.close_comments_of(number, closed=closed, by=by)
    if changed is None:
        raise Refusal(turn.tr.gettext("This one is a letter: there is no article to close."))
    text = (
        turn.tr.gettext("🔒 The comments of this article are closed.")
        if closed
        else turn.tr.gettext("🔓 The comments of this article are open.")
    )
    if turn.update.callback_query is not None:
        await turn.toast(text, alert=True)
    else:
        await turn.answer(text)


# --- rules, replies, repair -----------------------------------------------------------------------


async def rule_list(turn: Turn) -> None:
    """The rules, and what each did in the last 30 days."""
    await _moderator(turn)
    totals = await turn.desk.discussion.bench.rule_totals(since=turn.now - _MONTH)
    await turn.answer(bench.rules_page(totals, turn.tr))


async def words(turn: Turn) -> None:
    """`/words`, `/words add [!] [id:] a phrase` (! refuses, else it holds; in one language or in
    all), `/words remove [id:] a phrase`."""
    how = turn.args[0].lower() if turn.args else "list"
    phrase = rules.as_blocked(" ".join(turn.args[1:]), turn.desk.languages.codes)
    desk = turn.desk.discussion.house
    if how == "add" and phrase.word:
        by = await editor(turn)
        if not await desk.block_word(phrase, by=by):
            raise Refusal(turn.tr.gettext("I see no word in that."))
    elif how == "remove" and phrase.word:
        await editor(turn)
        if not await desk.unblock_word(phrase.word, language=phrase.language):
            raise Refusal(turn.tr.gettext("That is not among the blocked words."))
    else:
        await _moderator(turn)
    await turn.answer(await _word_list(turn))


async def _word_list(turn: Turn) -> Post:
    tr = turn.tr
    found = await turn.desk.discussion.house.blocked_words()
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
                    "<code>/words add word</code> holds, <code>/words add ! word</code> refuses, "
                    "<code>/words remove word</code>. A language before it, as in "
                    "<code>/words add {code}: word</code>, leaves texts in other languages alone.",
                    code=turn.tr.code,
                ),
            ],
        )
    )


def _blocked(one: Blocked) -> str:
    return f"{one.language}: {one.word}" if one.language else one.word


async def reply(turn: Turn) -> None:
    """`/reply add NAME text`, `/reply remove NAME`, `/reply list`: replies at hand."""
    how = turn.args[0].lower() if turn.args else "list"
    house = turn.desk.discussion.house
    if how == "add" and len(turn.args) > 2:
        by = await editor(turn)
        text = (turn.message.text or "").split(maxsplit=3)[3]
        await house.keep_reply(turn.args[1], text, by=by)
    elif how == "remove" and len(turn.args) == 2:
        await editor(turn)
        await house.drop_reply(turn.args[1])
    else:
        await _moderator(turn)
    await turn.answer(await _reply_list(turn))


async def _reply_list(turn: Turn) -> Post:
    tr = turn.tr
    found = await turn.desk.discussion.house.replies()
    rows = [
        Html(f"<code>/{escape(name)}</code> {escape(fit(text, 150))}") for name, text in found[:25]
    ]
    return Post(
        join(
            "\n",
            [
                tr.html("<b>Replies at hand</b>"),
                *rows,
                tr.html(
                    "<code>/reply add thanks Thank you for writing!</code> keeps one; answer a "
                    "prompt with <code>/thanks</code> to send it."
                ),
            ],
        )
    )


async def canned(turn: Turn, text: str) -> str:
    """`/thanks` as an answer to a prompt stands for the reply of that name. Raises Refusal."""
    if not text.startswith("/"):
        return text
    kept = await turn.desk.discussion.house.reply(text[1:].partition("@")[0].strip())
    if kept is None:
        raise Refusal(turn.tr.gettext("There is no such reply at hand: /reply list"))
    return kept


async def rebuild(turn: Turn) -> None:
    """Everything that waits gets a new card: after the chat was tidied up."""
    await editor(turn)
    count = await turn.desk.discussion.rebuild()
    await turn.answer(turn.tr.ngettext("♻️ {n} new card", "♻️ {n} new cards", count))


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
        ("queue", tr.gettext("what waits for a decision")),
        ("stats", tr.gettext("the last 30 days in figures")),
        ("log", tr.gettext("who decided what about a comment")),
        ("ban", tr.gettext("ban a reader")),
        ("unban", tr.gettext("let a reader comment again")),
        ("mute", tr.gettext("pause a reader for some days")),
        ("comments", tr.gettext("close or open the comments of an article")),
        ("rules", tr.gettext("what is held or refused, and how often")),
        ("words", tr.gettext("blocked words")),
        ("reply", tr.gettext("replies at hand")),
        ("rebuild", tr.gettext("all waiting cards anew")),
        ("announce", tr.gettext("tell all readers something (editors)")),
        ("retract", tr.gettext("withdraw an article (editors)")),
    ]
