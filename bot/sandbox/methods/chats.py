"""Chats as a bot sees and changes them."""

from __future__ import annotations

from typing import Any

from bot.sandbox import permissions
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.base import Call, method
from bot.sandbox.world import GROUP_RIGHTS, Json, Member, WorldChat


@method("getChat")
def get_chat(call: Call) -> Json:
    """Everything about a chat, as ChatFullInfo."""
    chat = permissions.find_chat(call.activity, call.params)
    if not chat.private:
        permissions.check_present(call.activity, chat)
    return full_info(call, chat)


def full_info(call: Call, chat: WorldChat) -> Json:
    """ChatFullInfo."""
    data = chat.json()
    if chat.username:
        data["active_usernames"] = [chat.username]
    if chat.description:
        data["description"] = chat.description
    if chat.linked:
        data["linked_chat_id"] = chat.linked
    if chat.kind in {"group", "supergroup"}:
        data["permissions"] = chat.default_rights()
    pinned = chat.messages.get(chat.pinned[0]) if chat.pinned else None
    if pinned is not None:
        data["pinned_message"] = call.activity.shown_reply(pinned)
    data["accepted_gift_types"] = {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    }
    data["max_reaction_count"] = 11
    data["accent_color_id"] = abs(chat.id) % 7
    return data


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """One member's standing."""
    chat, member = named_member(call)
    return member.json(chat.channel)


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """Owner and administrators, other bots left out."""
    chat = _group(call)
    return [
        member.json(chat.channel)
        for member in chat.members.values()
        if member.status in {"creator", "administrator"}
    ]


@method("getChatMemberCount", "getChatMembersCount")
def get_chat_member_count(call: Call) -> int:
    """How many are in the chat."""
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    if chat.private:
        return 2
    return sum(member.present for member in chat.members.values())


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """The bot goes."""
    chat = _group(call)
    call.activity.change_member(chat, call.activity.bot, Member(call.activity.bot, "left"))
    return True


@method("setChatTitle")
def set_chat_title(call: Call) -> bool:
    """A new title of 1 to 128 characters."""
    chat = _group(call)
    permissions.check_right(
        call.activity, chat, "can_change_info", "not enough rights to change chat title"
    )
    title = call.params.text("title").strip()[:128]
    if not title:
        raise bad_request("title must be non-empty")
    if title != chat.title:
        chat.title = title
        call.activity.service(chat, call.activity.bot, {"new_chat_title": title})
    return True


@method("setChatDescription")
def set_chat_description(call: Call) -> bool:
    """A new description of up to 255 characters."""
    chat = _group(call)
    permissions.check_right(
        call.activity, chat, "can_change_info", "not enough rights to set chat description"
    )
    description = call.params.text("description").strip()[:255]
    if description == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = description
    return True


@method("setChatPermissions")
def set_chat_permissions(call: Call) -> bool:
    """What members without a role may do."""
    chat = _group(call)
    permissions.check_right(
        call.activity, chat, "can_restrict_members", "not enough rights to change chat permissions"
    )
    wanted = call.params.object("permissions")
    if wanted is None:
        raise bad_request("can't parse permissions")
    chat.permissions = {name: bool(wanted.get(name)) for name in GROUP_RIGHTS}
    return True


def named_member(call: Call) -> tuple[WorldChat, Member]:
    """The chat and the member that a request names. Raises ApiError."""
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    user = call.world.users.get(_user_id(call))
    if user is None:
        raise bad_request(
            "PARTICIPANT_ID_INVALID" if _user_id(call) else "invalid user_id specified"
        )
    if chat.private:
        return chat, Member(user, "member")
    return chat, chat.member(user)


def _user_id(call: Call) -> int:
    return call.params.number("user_id")


def _group(call: Call) -> WorldChat:
    chat = permissions.find_chat(call.activity, call.params)
    permissions.check_present(call.activity, chat)
    if chat.private:
        raise bad_request("method is available only for supergroups and channels")
    return chat


def rights_of(values: Any, names: tuple[str, ...]) -> dict[str, bool]:
    """The named rights as a request grants them."""
    return {name: values.flag(name) for name in names}
