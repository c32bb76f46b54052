"""How comments look in a channel's discussion group, and what becomes of a message there. Pure.

**Ivan P.** 📎        signed as its reader chose
the text exactly as written
  ↳ The editors: ...  an answer that is public, as an answer to the comment's message
"""

from __future__ import annotations

from enum import Enum, auto

from bot.core.html import Html, cut, escape, join
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.posts.outcome import REMOVED, SILENT
from bot.core.text import TEXT_LIMIT


class Move(Enum):
    """What has to happen for a message in a thread to follow the records."""

    NOTHING = auto()
    POST = auto()
    REVISE = auto()  # edit or delete it: which one is decided when it is sent
    WAIT = auto()  # something is on its way; look again when its fate is known


def next_move(
    *, wanted: bool, state: str, reason: str = "", there: bool = False, revising: bool = False
) -> Move:
    """What to do. `state` and `reason`: of the message's delivery (empty: there was none). `there`:
    the chat has it. `revising`: a change of it is on its way."""
    if revising or state == "claimed":
        return Move.WAIT
    if state in {"due", "unknown"}:
        return Move.NOTHING  # it is rendered when it is sent
    if state == "sent":
        # Without a message id somebody else deleted it: that stands.
        return Move.REVISE if there else Move.NOTHING
    again = state in {"", "gone"} or reason in {REMOVED, SILENT}
    return Move.POST if wanted and again else Move.NOTHING


def comment(signature: str, text: str, *, media: bool) -> Post:
    """A published comment. Its text is never markup and always fits whole: a comment has at most
    4,000 characters (`bot.core.comments`), a signature 64 and Telegram takes 4,096."""
    head = join(" ", [Html(f"<b>{escape(signature)}</b>"), Html("📎" if media else "")])
    return _post(join("\n", [head, escape(text)]))


def answer(text: Html, tr: Translator) -> Post:
    """The editors' public answer."""
    return _post(tr.html("↳ <b>The editors:</b> {text}", text=text))


def withdrawn(message_id: int, tr: Translator) -> Post:
    """Deletes a message whose comment is no longer public; where Telegram does not let us, these
    words take its place.
    """
    return Post(tr.html("(comment withdrawn)"), removes=(message_id,))


def _post(text: Html) -> Post:
    return Post(cut(text, TEXT_LIMIT), silent=True, strict=True)
