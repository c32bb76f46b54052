"""Who is a moderator: a member of the moderators' chat at this moment, and nobody else."""

from __future__ import annotations

from telegram import Chat
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.core.comments import Actor
from bot.core.errors import Refusal
from bot.core.model import TelegramId
from handlers.turn import Turn

_MEMBERS = {
    ChatMemberStatus.OWNER,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.MEMBER,
}


async def at_the_bench(turn: Turn) -> bool:
    """Whether this happens in the moderators' chat."""
    chat = await turn.desk.discussion.moderators_chat()
    return chat is not None and chat.id == turn.chat.id


async def moderator(turn: Turn) -> Actor | None:
    """Who acts in the moderators' chat; None elsewhere. Raises Refusal for those who are no
    members any more, and for those who hide their name."""
    if not await at_the_bench(turn):
        return None
    if isinstance(turn.update.effective_sender, Chat):
        raise _nameless(turn)
    by = await member(turn)
    if by is None:
        raise Refusal(turn.tr.gettext("Only members of this chat can do that."))
    return by


async def member(turn: Turn) -> Actor | None:
    """The person of this turn, wherever it happens, if a member of the moderators' chat now.

    Messages of an anonymous administrator name nobody, and presses the real person: what is done
    is signed with a name, so both get a hint instead. Raises Refusal.
    """
    chat = await turn.desk.discussion.moderators_chat()
    if chat is None:
        return None
    user = turn.user
    try:
        found = await turn.desk.bot.get_chat_member(chat.telegram_id, user.id)
    except (BadRequest, Forbidden):
        return None
    here = found.status in _MEMBERS or getattr(found, "is_member", False) is True
    if getattr(found, "is_anonymous", False):
        raise _nameless(turn)
    return Actor(TelegramId(user.id), user.full_name) if here else None


async def named(turn: Turn) -> Actor:
    """Whoever does what the log has to name: a member, by name. Raises Refusal."""
    by = await moderator(turn)
    if by is None:
        raise Refusal(turn.tr.gettext("This works in the moderators' chat only."))
    return by


async def editor(turn: Turn) -> Actor:
    """The same, and an administrator of it. Raises Refusal."""
    by = await named(turn)
    await turn.require_administrator()
    return by


def _nameless(turn: Turn) -> Refusal:
    return Refusal(
        turn.tr.gettext(
            "You are here as an anonymous administrator, and what moderators do bears their name. "
            "Please switch that off for a moment and try again."
        )
    )
