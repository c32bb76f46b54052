"""What readers are asked and told while they write: prompts, receipts and their buttons, refusals.

Short, polite and warm; nobody is blamed. Every text is within Telegram's 4,096 characters.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import Press, PressKind, encode, read_comments
from bot.core.comments import complaint_notices
from bot.core.comments.aliases import alias
from bot.core.comments.cards import Subject, about
from bot.core.comments.model import Comment, Reader, Signature, State
from bot.core.comments.notices import UNTOLD, letter_read, published, rejected
from bot.core.comments.rules import RuleFinding
from bot.core.html import Html, join
from bot.core.language import Translator
from bot.core.model import Article, Button, Keyboard, Post
from bot.core.names import clean_name
from bot.core.text import fit

_LETTER = 0
RESTORE = "restore"
"""In the payload of a withdraw button: undo the withdrawal."""


def read_by_editors(tr: Translator, *, trusting: bool) -> Html:
    """How a comment gets published; `trusting`: some readers' comments appear before they are
    read."""
    if trusting:
        return tr.html("We read every comment, some only after it's published.")
    return tr.html("We read every comment before it's published.")


def prompt(
    subject: Subject, tr: Translator, *, article_id: int, comments: int, trusting: bool
) -> Post:
    """Asks for a comment: the next message is taken as one, whether it replies to this one or
    not."""
    text = join(
        "\n\n",
        [
            tr.html("💬 Your comment on {article}", article=about(subject, tr)),
            tr.html("Please write your comment now."),
            read_by_editors(tr, trusting=trusting),
        ],
    )
    if not comments:
        return Post(text, prompt=tr.gettext("Your comment"))
    button = tr.ngettext("📖 Read {n} comment", "📖 Read {n} comments", comments)
    return Post(text, keyboard=((Button(button, data=read_comments(article_id)),),))


def which_article(comment: Comment, found: Sequence[Article], tr: Translator) -> Post:
    """A text came without an article: asks its reader what it is about."""
    rows = [(Button("📰 " + fit(one.title, 60), data=_which(comment, one.id)),) for one in found]
    rows.append((Button(tr.gettext("✉️ A letter to the editors"), data=_which(comment, _LETTER)),))
    rows.append((complaint_notices.offer(comment.id, tr),))
    rows.append((Button(tr.gettext("✖ Never mind"), data=withdraw_data(comment)),))
    return Post(tr.html("Thank you. Which article is this about?"), keyboard=tuple(rows))


def _which(comment: Comment, article_id: int) -> str:
    return encode(Press(PressKind.WHICH, (comment.id, article_id)))


def withdraw_data(comment: Comment, *, listed: bool = False) -> str:
    """The payload of a withdraw button; `listed`: the button is in the list of /mycomments."""
    return encode(Press(PressKind.WITHDRAW, (comment.id, int(listed))))


def receipt(
    comment: Comment, reader: Reader, subject: Subject | None, tr: Translator, *, now: int
) -> Post:
    """The comment is stored; later on, what became of it: a line without buttons. A decision that
    is kept from the reader is not shown here either."""
    if comment.state is State.WITHDRAWN:
        return withdrawn(comment, tr, now=now)
    if comment.complaint is not None:
        return complaint_notices.receipt(comment, subject, tr, now=now)
    if comment.live is not None:
        return Post(published(comment, subject, tr))
    if comment.state is State.REJECTED and subject and comment.reason not in UNTOLD:
        return Post(rejected(comment, subject, tr))
    read = comment.state is State.REJECTED and comment.reason not in UNTOLD and subject is None
    if comment.state is State.APPROVED or read:
        return Post(letter_read(comment, tr))
    signs = _sign_menu(comment, reader, tr) if comment.article_id is not None else ()
    withdraw = Button(tr.gettext("↩ Withdraw"), data=withdraw_data(comment))
    return Post(
        join("\n\n", [_received(comment, subject, tr, now), _who_sees(comment, reader, tr)]),
        keyboard=(*signs, (withdraw,)),
    )


def _received(comment: Comment, subject: Subject | None, tr: Translator, now: int) -> Html:
    left = comment.due_at - now
    values = {"id": comment.id, "article": about(subject, tr)}
    if comment.state is not State.HELD or left <= 0:
        if subject is None:
            return tr.html("⏳ Letter #{id} received. The editors will read it.", **values)
        return tr.html("⏳ Comment #{id} received, waiting for review: {article}", **values)
    head = (
        tr.html("✅ Letter #{id} received.", **values)
        if subject is None
        else tr.html("✅ Comment #{id} received: {article}", **values)
    )
    change = tr.nhtml(
        "You can still change it for {n} second by editing your message, or withdraw it.",
        "You can still change it for {n} seconds by editing your message, or withdraw it.",
        left,
    )
    return join("\n", [head, change])


def changed(comment: Comment, tr: Translator) -> str:
    """The reader edited a message: its comment has followed."""
    if comment.complaint is not None:
        return tr.gettext("Your complaint #{id} has been changed.", id=comment.id)
    if comment.article_id is None:
        return tr.gettext("Your letter #{id} has been changed.", id=comment.id)
    if comment.live is not None and comment.state is State.PENDING:
        return tr.gettext(
            "Your edit of comment #{id} is being reviewed; until then the earlier text stays.",
            id=comment.id,
        )
    return tr.gettext("Your comment #{id} has been changed.", id=comment.id)


def added(comment: Comment, tr: Translator) -> str:
    """A further message was added to the comment."""
    if comment.complaint is not None:
        return tr.gettext("Added to your complaint #{id}.", id=comment.id)
    if comment.article_id is None and comment.state is not State.DRAFT:
        return tr.gettext("Added to your letter #{id}.", id=comment.id)
    return tr.gettext("Added to your comment #{id}.", id=comment.id)


def withdrawn(comment: Comment, tr: Translator, *, now: int) -> Post:
    """The reader withdrew it, and can undo that for a while."""
    if comment.complaint is not None:
        text = tr.html("↩️ Complaint #{id} has been withdrawn.", id=comment.id)
    elif comment.article_id is None:
        text = tr.html("↩️ Letter #{id} has been withdrawn.", id=comment.id)
    else:
        text = tr.html("↩️ Comment #{id} has been withdrawn.", id=comment.id)
    return Post(text, keyboard=((restore_button(comment, tr),),) if now < comment.due_at else ())


def restore_button(comment: Comment, tr: Translator, *, listed: bool = False) -> Button:
    """Takes the withdrawal of a comment back."""
    press = Press(PressKind.WITHDRAW, (comment.id, int(listed)), RESTORE)
    label = tr.gettext("↩ Restore #{id}", id=comment.id) if listed else tr.gettext("↩ Undo")
    return Button(label, data=encode(press))


def _who_sees(comment: Comment, reader: Reader, tr: Translator) -> Html:
    if comment.article_id is None:
        return tr.html(
            "A letter goes to the editors only and is not published. They see your Telegram name "
            "and what became of your earlier comments."
        )
    signed = tr.html(
        "It will be signed “{name}”. Moderators always see your Telegram name and what became of "
        "your earlier comments.",
        name=signature(comment.sign, reader.id, reader.name, tr),
    )
    if not any(part.media for part in comment.parts):
        return signed
    return join("\n", [signed, tr.html("📎 Attachments are published along with it.")])


def signature(sign: Signature, reader_id: int, name: str, tr: Translator) -> str:
    """How a comment is signed in public."""
    if sign is Signature.ANONYMOUS:
        return tr.gettext("Anonymous")
    return (clean_name(name) if sign is Signature.NAME else "") or alias(reader_id)


def _sign_menu(comment: Comment, reader: Reader, tr: Translator) -> Keyboard:
    name, chosen = clean_name(reader.name), comment.sign
    if not name and chosen is Signature.NAME:  # readers with an invisible name sign with the alias
        chosen = Signature.ALIAS
    names = {Signature.NAME: name} if name else {}
    names |= {
        Signature.ALIAS: alias(reader.id),
        Signature.ANONYMOUS: tr.gettext("Anonymous"),
    }
    return (
        tuple(
            Button(
                ("✓ " if sign is chosen else "") + fit(name, 30),
                data=encode(Press(PressKind.SIGN, (comment.id,), sign.value)),
            )
            for sign, name in names.items()
        ),
    )


def refusal(found: RuleFinding, tr: Translator) -> str:
    """What a reader can do when a rule does not let a comment through."""
    sentences = {
        "closed": lambda: tr.gettext(
            "Comments on this article are closed. Thank you for your interest."
        ),
        "banned": lambda: tr.gettext(
            "Sorry, you can no longer comment here. You can still read everything."
        ),
        "muted": lambda: tr.gettext(
            "You can't comment until {moment}. After that you're welcome again.",
            moment=tr.moment(int(found.detail)),
        ),
        "flood": lambda: tr.gettext(
            "You've sent several comments in a short time. Please wait about ten minutes before "
            "the next one."
        ),
        "empty": lambda: tr.gettext("This message is empty. Please write your comment."),
        "length": lambda: tr.gettext(
            "A comment can have up to 4,000 characters. Please shorten yours by {n}.",
            n=tr.number(int(found.detail)),
        ),
        "words": lambda: tr.gettext(
            "Your comment contains a word that we don't publish. Please put it differently."
        ),
    }
    known = sentences.get(found.rule)
    return known() if known else tr.gettext("We can't accept this comment.")
