"""Who is a moderator: a member of the moderators' chat at this moment, and nobody else."""

from __future__ import annotations

from telegram import Chat
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.core.errors import Refusal
from bot.core.model import Actor, TelegramId
from handlers.context import Context

_MEMBERS = {
    ChatMemberStatus.OWNER,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.MEMBER,
}


async def is_member(ctx: Context) -> bool:
    """Whether this happens in the moderators' chat."""
    chat = await ctx.deps.discussion.moderators_chat()
    return chat is not None and chat.id == ctx.chat.id


async def meant_for_others(ctx: Context) -> bool:
    """A moderators' command in some other group that does not name us (`/ban`, `/rules`): another
    bot there may have it too, and we would be in its way."""
    text = ctx.message.text or ctx.message.caption or ""
    named = "@" in text.split(maxsplit=1)[0]
    return not ctx.private and not named and not await is_member(ctx)


async def moderator(ctx: Context) -> Actor | None:
    """Who acts in the moderators' chat; None elsewhere. Raises Refusal for people who are no longer
    members, and for those who hide their name."""
    if not await is_member(ctx):
        return None
    if isinstance(ctx.update.effective_sender, Chat):
        raise _nameless(ctx)
    by = await member(ctx)
    if by is None:
        raise Refusal(ctx.tr.gettext("Only members of this group can do that."))
    return by


async def member(ctx: Context) -> Actor | None:
    """The person behind this update, wherever it happens, if a member of the moderators' chat now.
    Messages of an anonymous administrator name nobody, and presses name the real person: actions
    are signed with a name, so both get a hint instead. Raises Refusal.
    """
    chat = await ctx.deps.discussion.moderators_chat()
    if chat is None:
        return None
    user = ctx.user
    try:
        found = await ctx.deps.bot.get_chat_member(chat.telegram_id, user.id)
    except (BadRequest, Forbidden):
        return None
    here = found.status in _MEMBERS or getattr(found, "is_member", False) is True
    if getattr(found, "is_anonymous", False):
        raise _nameless(ctx)
    return Actor(TelegramId(user.id), user.full_name) if here else None


async def named(ctx: Context) -> Actor:
    """The author of an action that the log records: a member, by name. Raises Refusal."""
    by = await moderator(ctx)
    if by is None:
        raise Refusal(ctx.tr.gettext("This only works in the moderators' group."))
    return by


async def editor(ctx: Context) -> Actor:
    """The same, but only an administrator of that chat. Raises Refusal."""
    by = await named(ctx)
    await ctx.require_administrator()
    return by


def _nameless(ctx: Context) -> Refusal:
    return Refusal(
        ctx.tr.gettext(
            "You're here as an anonymous administrator, but what moderators do is recorded with "
            "their names. Please turn anonymity off for a moment and try again."
        )
    )
