"""Members: banned, restricted, promoted."""

from __future__ import annotations

from bot.sandbox import permissions
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.base import Call, method
from bot.sandbox.methods.chats import named_member, rights_of
from bot.sandbox.world import (
    ADMIN_CHANNEL_RIGHTS,
    ADMIN_GROUP_RIGHTS,
    ADMIN_RIGHTS,
    GROUP_RIGHTS,
    Member,
    WorldChat,
)


@method("banChatMember", "kickChatMember")
def ban_chat_member(call: Call) -> bool:
    """Out, and not to come back before `until_date`."""
    chat, member = _changeable(call, "can_restrict_members")
    until = call.params.number("until_date")
    call.activity.change_member(chat, call.activity.bot, Member(member.user, "kicked", until=until))
    return True


@method("unbanChatMember")
def unban_chat_member(call: Call) -> bool:
    """Free to come back; a present member is put out unless `only_if_banned`."""
    chat, member = _changeable(call, "can_restrict_members")
    if member.status == "kicked" or not call.params.flag("only_if_banned"):
        call.activity.change_member(chat, call.activity.bot, Member(member.user, "left"))
    return True


@method("restrictChatMember")
def restrict_chat_member(call: Call) -> bool:
    """Fewer rights in a supergroup; all of them lift the restriction."""
    chat, member = _changeable(call, "can_restrict_members")
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    wanted = call.params.object("permissions")
    if wanted is None:
        raise bad_request("can't parse permissions")
    rights = {name: bool(wanted.get(name)) for name in GROUP_RIGHTS}
    status = "member" if all(rights.values()) else "restricted"
    new = Member(member.user, status, rights | {"is_member": member.present})
    new.until = call.params.number("until_date")
    call.activity.change_member(chat, call.activity.bot, new)
    return True


@method("promoteChatMember")
def promote_chat_member(call: Call) -> bool:
    """An administrator's rights; none at all make a plain member again."""
    chat, member = _changeable(call, "can_promote_members")
    names = ADMIN_RIGHTS + (ADMIN_CHANNEL_RIGHTS if chat.channel else ADMIN_GROUP_RIGHTS)
    rights = rights_of(call.params, names)
    status = "administrator" if any(rights.values()) else "member"
    call.activity.change_member(chat, call.activity.bot, Member(member.user, status, rights))
    return True


def _changeable(call: Call, right: str) -> tuple[WorldChat, Member]:
    chat, member = named_member(call)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    me = chat.member(call.activity.bot)
    if me.status not in {"administrator", "creator"} or not permissions.has_right(
        call.activity, chat, right
    ):
        raise bad_request("not enough rights to restrict/unrestrict chat member")
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.status == "administrator" and member.user is not call.activity.bot:
        raise bad_request("user is an administrator of the chat")
    return chat, member
