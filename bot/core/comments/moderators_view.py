"""What moderators see besides cards: prompts, the fate of answers, words for presses. Knows layout,
no rows."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.callbacks import Press, PressKind, encode
from bot.core.comments.aliases import alias
from bot.core.comments.cards import Subject, about
from bot.core.comments.model import Comment, Conflict, Decision, Reader
from bot.core.html import Html, escape, join
from bot.core.language import Translator
from bot.core.model import Actor, Button, Post
from bot.core.names import clean_name, moderator_name
from bot.core.text import TEXT_LIMIT, fit, utf16


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One message between the editors and a reader."""

    number: int
    way: str
    state: str
    text: str
    public: bool
    due_at: int
    earlier: str = ""
    """Who has replied to the same prompt before."""


def answer_prompt(
    by: Actor, reader: Reader, comment: Comment, subject: Subject | None, tr: Translator
) -> Post:
    """The prompt: only a reply to this message goes to the reader."""
    text = tr.html(
        "✍️ {moderator}, reply to this message: your reply goes to {who} (#{id}, {article}).",
        moderator=mention(by),
        who=who(reader),
        id=comment.id,
        article=about(subject, tr),
    )
    return Post(text, prompt=tr.gettext("Reply to the reader"), selective=True)


def note_prompt(by: Actor, reader: Reader, comment: Comment, tr: Translator) -> Post:
    """The prompt for a note: a reply to this message stays among moderators."""
    text = tr.html(
        "📝 {moderator}, reply to this message with your note about {who} (#{id}). Only moderators "
        "see it.",
        moderator=mention(by),
        who=who(reader),
        id=comment.id,
    )
    return Post(text, prompt=tr.gettext("Note for moderators"), selective=True)


def mention(by: Actor) -> Html:
    """A moderator's name as a mention, so that Telegram prompts that person."""
    return Html(f'<a href="tg://user?id={int(by.id)}">{escape(moderator_name(by.name))}</a>')


def who(reader: Reader) -> str:
    """A reader as moderators name him."""
    name = clean_name(reader.name)
    return f"{name} · {alias(reader.id)}" if name else alias(reader.id)


def answer_state(
    line: AnswerLine, comment: Comment, reader: Reader, tr: Translator, *, now: int
) -> Post:
    """What became of a moderator's answer."""
    values = {"who": who(reader), "id": comment.id}
    publish = Button(
        tr.gettext("📣 Publish it too"),
        data=encode(Press(PressKind.ANSWER, (line.number,), "publish")),
    )
    row = [] if line.public or comment.live is None else [publish]
    if line.state == "cancelled":
        return Post(tr.html("✖️ The reply to {who} (#{id}) was cancelled.", **values))
    if line.state == "unreachable":
        text = tr.html(
            "🔕 The reply to {who} (#{id}) didn't arrive: the reader has blocked the bot.",
            **values,
        )
    elif line.state == "sent":
        text = tr.html("✅ The reply to {who} (#{id}) was delivered.", **values)
    else:
        text = tr.nhtml(
            "⏳ The reply to {who} (#{id}) goes out in {n} second.",
            "⏳ The reply to {who} (#{id}) goes out in {n} seconds.",
            max(1, line.due_at - now),
            **values,
        )
        cancel = encode(Press(PressKind.ANSWER, (line.number,), "cancel"))
        row.insert(0, Button(tr.gettext("✖ Cancel"), data=cancel))
    if line.earlier:
        text = join("\n", [text, _second(line, tr)])
    if line.public:
        text = join(" ", [text, tr.html("Everyone can read it under the comment.")])
    return Post(text, keyboard=(tuple(row),) if row else ())


def _second(line: AnswerLine, tr: Translator) -> Html:
    """Tells the writer that another moderator has answered too: the reader gets both."""
    return tr.html(
        "⚠️ {who} has already replied to this prompt; the reader gets both replies.",
        who=moderator_name(line.earlier),
    )


def reason_prompt(by: Actor, reader: Reader, comment: Comment, tr: Translator) -> Post:
    """The prompt for a reason: a reply to this message rejects the comment and is shown to its
    reader."""
    text = tr.html(
        "❌ {moderator}, why is the comment of {who} (#{id}) not published? Your reply to this "
        "message rejects it, and the reader is told these words.",
        moderator=mention(by),
        who=who(reader),
        id=comment.id,
    )
    return Post(text, prompt=tr.gettext("Reason for the reader"), selective=True)


def with_undo(text: str, number: int, tr: Translator) -> Post:
    """What was done to a reader or an article, and a button that takes it back."""
    data = encode(Press(PressKind.UNDO, (number,)))
    return Post(escape(text), keyboard=((Button(tr.gettext("↩ Undo"), data=data),),))


def from_reader(
    line: AnswerLine, comment: Comment, reader: Reader, subject: Subject | None, tr: Translator
) -> Post:
    """What a reader answered to the editors."""
    head = tr.html(
        "↩️ {who} replied (#{id}, {article}):",
        who=who(reader),
        id=comment.id,
        article=about(subject, tr),
    )
    quote = fit(line.text, TEXT_LIMIT - utf16(head) - 8)
    body = Html(f"<blockquote>{escape(quote)}</blockquote>") if quote else Html("📎")
    reply = Button(
        tr.gettext("💬 Reply"), data=encode(Press(PressKind.CARD, (comment.id,), "answer"))
    )
    return Post(join("\n", [head, body]), keyboard=((reply,),))


def conflict(found: Conflict, comment: Comment | None, tr: Translator, *, now: int) -> str:
    """Why a press did nothing, for the pop-up on the moderator's screen."""
    if found is Conflict.DECIDED and comment is not None and comment.decided_by is not None:
        return _already(comment, comment.decided_by, tr, now)
    return {
        Conflict.AGAIN: tr.gettext("Already done."),
        Conflict.DECIDED: tr.gettext("A decision has already been made."),
        Conflict.CHANGED: tr.gettext("The text has changed. Please look again."),
        Conflict.WITHDRAWN: tr.gettext("The reader has withdrawn this comment."),
        Conflict.LATE: tr.gettext("A decision can only be undone within 10 minutes."),
        Conflict.NOTHING: tr.gettext("There's nothing left to do here."),
    }[found]


def _already(comment: Comment, by: Actor, tr: Translator, now: int) -> str:
    age = tr.span(max(1, now - (comment.decided_at or now)))
    values = {"who": moderator_name(by.name), "age": age}
    if comment.decision in {Decision.APPROVE, Decision.AUTO}:
        return tr.gettext("{who} approved this {age} ago.", **values)
    if comment.decision is Decision.BAN:
        return tr.gettext("{who} banned this reader {age} ago.", **values)
    return tr.gettext("{who} rejected this {age} ago.", **values)


def done(comment: Comment, tr: Translator) -> str:
    """What a press did."""
    if comment.decision in {Decision.APPROVE, Decision.AUTO}:
        return tr.gettext("✅ Approved") if comment.article_id else tr.gettext("✅ Done")
    if comment.decision is Decision.BAN:
        return tr.gettext("🚫 Banned")
    return tr.gettext("❌ Rejected")
