"""Lists for moderators: the log, a reader's history, what waits, what the rules did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.callbacks import Press, PressKind, encode
from bot.core.comments.card_buttons import reason_name
from bot.core.comments.model import Comment, Reader, Reason
from bot.core.comments.moderators_view import who
from bot.core.comments.notices import sign_of
from bot.core.comments.rules import RULES
from bot.core.html import Html, escape, join
from bot.core.language import Translator
from bot.core.model import Button, Keyboard, Post
from bot.core.names import moderator_name
from bot.core.text import fit, whole_number

_EXCERPT = 120
_HISTORY, _HISTORY_LINE, _LOG_LINE = 30, 125, 190
"""Lists of lines that fit into one message: 30 of a history, 20 of the log."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: `actor` is a moderator's name, or `reader`, or `rule`."""

    at: int
    actor: str
    human: bool
    action: str
    reason: str = ""
    about: str = ""
    """A comment's number, a reader's alias or a headline, where lines are about several."""


def history(comment_id: int, lines: Sequence[Line], tr: Translator) -> Post:
    """Who did what about a comment, in order."""
    if not lines:
        return Post(tr.html("Nothing has been decided about #{id} yet.", id=comment_id))
    rows = [tr.html("🕘 <b>#{id}</b>", id=comment_id)]
    rows += [
        escape(fit(f"{tr.moment(one.at)} · {said(one, tr)}", _HISTORY_LINE))
        for one in lines[-_HISTORY:]
    ]
    return Post(join("\n", rows))


def log(lines: Sequence[Line], tr: Translator) -> Post:
    """Recent decisions, a line each, for the silent log topic."""
    rows = [
        escape(fit(f"{tr.time(one.at)} · {fit(one.about, _EXCERPT)} · {said(one, tr)}", _LOG_LINE))
        for one in lines
    ]
    return Post(join("\n", rows), silent=True)


def said(one: Line, tr: Translator) -> str:
    """Who did what, and why."""
    reason = f" ({_reason(one.reason, tr)})" if one.reason else ""
    return f"{_actor(one, tr)}: {action_name(one.action, tr)}{reason}"


def _reason(reason: str, tr: Translator) -> str:
    """The reason; for a mute its duration, which is stored as `7 d`."""
    days = whole_number(reason.removesuffix(" d"))
    if days is not None:
        return tr.ngettext("{n} day", "{n} days", days)
    return reason_name(Reason(reason), tr) if reason in set(Reason) else reason


def _actor(one: Line, tr: Translator) -> str:
    if one.human:
        return moderator_name(one.actor)
    return tr.gettext("the reader") if one.actor == "reader" else tr.gettext("a rule")


def action_name(action: str, tr: Translator) -> str:
    """What somebody did, to follow a name."""
    return {
        "approve": tr.gettext("approved it"),
        "auto": tr.gettext("published it automatically (trusted reader)"),
        "reject": tr.gettext("rejected it"),
        "ban": tr.gettext("banned the reader"),
        "unban": tr.gettext("unbanned the reader"),
        "mute": tr.gettext("muted the reader"),
        "undo": tr.gettext("undid the decision"),
        "undo ban": tr.gettext("undid the ban"),
        "undo mute": tr.gettext("undid the mute"),
        "reopen": tr.gettext("reopened it"),
        "report": tr.gettext("reported it"),
        "withdraw": tr.gettext("withdrew it"),
        "restore": tr.gettext("restored it"),
        "erase": tr.gettext("deleted their data"),
        "answered": tr.gettext("answered the complaint"),
        "corrected": tr.gettext("answered the complaint with a correction"),
        "answer": tr.gettext("replied"),
        "answer-public": tr.gettext("published a reply"),
        "cancel": tr.gettext("took a reply back"),
        "announce": tr.gettext("sent an announcement"),
        "retract": tr.gettext("withdrew the article"),
        "correct": tr.gettext("corrected the article"),
        "sponsor": tr.gettext("added an advertisement"),
        "sponsor-stop": tr.gettext("ended an advertisement"),
        "release": tr.gettext("posted it"),
        "schedule": tr.gettext("scheduled it"),
        "stop": tr.gettext("stopped it"),
        "undo stop": tr.gettext("let it wait again"),
        "words": tr.gettext("changed the words"),
        "picture": tr.gettext("changed the picture"),
        "breaking 0": tr.gettext("made it regular news"),
        "breaking 1": tr.gettext("made it breaking news"),
        "breaking 2": tr.gettext("made it breaking news, also in quiet hours"),
        "sound": tr.gettext("switched the sound"),
        "close": tr.gettext("closed the comments"),
        "open": tr.gettext("opened the comments"),
    }.get(action, action)


def reader_page(
    reader: Reader,
    found: Sequence[Comment],
    notes: Sequence[tuple[str, str, int]],
    tr: Translator,
    *,
    now: int,
) -> Post:
    """A reader's history: counts, restrictions, notes (author, text, time), newest comments."""
    parts = [
        Html(f"👤 <b>{escape(who(reader))}</b>"),
        tr.html(
            "{approved} approved / {rejected} rejected",
            approved=tr.number(reader.approved),
            rejected=tr.number(reader.rejected),
        ),
    ]
    if reader.banned_at is not None:
        parts.append(tr.html("🚫 banned since {moment}", moment=tr.moment(reader.banned_at)))
    if reader.muted_until > now:
        parts.append(tr.html("🔇 muted until {moment}", moment=tr.moment(reader.muted_until)))
    parts += [
        escape(f"📝 {fit(text, _EXCERPT)} — {moderator_name(author)}, {tr.moment(at)}")
        for author, text, at in notes
    ]
    parts += [
        escape(f"{sign_of(one)} #{one.id} {fit(' '.join(one.text.split()), _EXCERPT)}")
        for one in found
    ]
    return Post(join("\n", parts))


def queue(count: int, oldest: int | None, tr: Translator, *, now: int) -> Html:
    """How much waits, and for how long."""
    if not count:
        return tr.html("✨ All caught up. Thank you!")
    waiting = tr.nhtml("📥 {n} comment waiting", "📥 {n} comments waiting", count)
    age = tr.html("the oldest for {age}", age=tr.span(max(60, now - (oldest or now))))
    return join(", ", [waiting, age])


def queue_message(
    count: int, oldest: int | None, tr: Translator, *, now: int, reminder: bool = False
) -> Post:
    """Summarises all that waits; ▶ opens a review in a private chat."""
    text = queue(count, oldest, tr, now=now)
    if reminder:
        text = Html(f"⏰ {text}")
    button = Button(tr.gettext("▶ Review"), data=encode(Press(PressKind.QUEUE, (0,), "start")))
    return Post(text, keyboard=((button,),) if count else ())


def review_menu(
    menu: Keyboard, comment: Comment, undoable: Comment | None, tr: Translator
) -> Keyboard:
    """A card's buttons in a moderator's review, where one comment follows the other."""
    later = Button(
        tr.gettext("⏭ Later"), data=encode(Press(PressKind.QUEUE, (comment.id,), "later"))
    )
    return (*menu, (*_undo(undoable, tr), later))


def caught_up(undoable: Comment | None, tr: Translator) -> Post:
    """Nothing is left in a moderator's review."""
    row = _undo(undoable, tr)
    return Post(tr.html("✨ All caught up. Thank you!"), keyboard=(row,) if row else ())


def _undo(undoable: Comment | None, tr: Translator) -> tuple[Button, ...]:
    """Undoes the moderator's last decision."""
    if undoable is None:
        return ()
    data = encode(Press(PressKind.QUEUE, (undoable.id,), "undo"))
    return (Button(tr.gettext("↩ Undo #{id}", id=undoable.id), data=data),)


def left_review(line: Html, tr: Translator) -> Post:
    """The comment under review was withdrawn; ▶ leads to the next."""
    button = Button(tr.gettext("▶ Review"), data=encode(Press(PressKind.QUEUE, (0,), "start")))
    return Post(line, keyboard=((button,),))


def rule_names(tr: Translator) -> dict[str, str]:
    """What each rule checks, by its name."""
    return {
        "closed": tr.gettext("comments on the article are closed"),
        "banned": tr.gettext("banned reader"),
        "muted": tr.gettext("muted reader"),
        "flood": tr.gettext("more than 5 in 10 minutes"),
        "empty": tr.gettext("no words"),
        "length": tr.gettext("more than 4,000 characters"),
        "media": tr.gettext("unusual content"),
        "words": tr.gettext("blocked words"),
        "links": tr.gettext("links"),
        "invitations": tr.gettext("invite links and @names"),
        "duplicate": tr.gettext("nearly the same as another"),
        "new": tr.gettext("a new reader's first three"),
    }


def rules_page(totals: Mapping[tuple[str, str], int], tr: Translator) -> Post:
    """The rules in their order, and what each did in the last 30 days."""
    names = rule_names(tr)
    rows = [tr.html("<b>Rules and their results, last 30 days</b>")]
    for number, rule in enumerate(RULES, 1):
        held, refused = totals.get((rule, "hold"), 0), totals.get((rule, "refuse"), 0)
        did = tr.gettext(
            "held {held}, refused {refused}", held=tr.number(held), refused=tr.number(refused)
        )
        rows.append(escape(f"{number}. {names[rule]}: {did}"))
    return Post(join("\n", rows))
