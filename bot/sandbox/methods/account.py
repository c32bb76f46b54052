"""The bot itself: who it is, its commands, names and buttons, and its files."""

from __future__ import annotations

import re
from typing import Any

import orjson

from bot.sandbox import permissions
from bot.sandbox.errors import bad_request
from bot.sandbox.files import DOWNLOAD_MOST
from bot.sandbox.methods.base import Call, method
from bot.sandbox.world import ADMIN_CHANNEL_RIGHTS, ADMIN_GROUP_RIGHTS, ADMIN_RIGHTS, Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


@method("getMe")
def get_me(call: Call) -> Json:
    """The bot as a User."""
    return call.activity.bot_json | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.activity.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


@method("logOut", "close")
def log_out(_: Call) -> bool:
    """Nothing to close here; Telegram says yes, too."""
    return True


@method("getFile")
def get_file(call: Call) -> Json:
    """Where a file is downloaded; at most 20 MB."""
    file_id = call.params.text("file_id")
    if not file_id:
        raise bad_request("invalid file_id")
    stored = call.activity.files.find(file_id)
    if len(stored.content) > DOWNLOAD_MOST:
        raise bad_request("file is too big")
    return stored.json() | {"file_id": file_id, "file_path": stored.path}


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Up to 100 commands for a scope and a language."""
    commands = call.params.array("commands")
    if commands is None:
        raise bad_request("can't parse commands: commands not found")
    if len(commands) > 100:
        raise bad_request("too many commands specified")
    kept = [_command(command) for command in commands]
    key = _scope_key(call)
    if kept:
        call.activity.profile.commands[key] = kept
    else:
        call.activity.profile.commands.pop(key, None)
    call.activity.events.emit("profile")
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """The commands set for exactly this scope and language."""
    return call.activity.profile.commands.get(_scope_key(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """No commands for this scope and language."""
    call.activity.profile.commands.pop(_scope_key(call), None)
    call.activity.events.emit("profile")
    return True


def _command(value: Any) -> Json:
    if not isinstance(value, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(value.get("command") or "").removeprefix("/")
    description = str(value.get("description") or "").strip()
    if not name:
        raise bad_request("BOT_COMMAND_INVALID")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not _COMMAND.match(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


def _scope_key(call: Call) -> tuple[str, str]:
    scope = call.params.object("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    kept: Json = {"type": kind}
    for name in _SCOPES[kind]:
        if not scope.get(name):
            raise bad_request(f"can't parse BotCommandScope: can't find field \"{name}\"")
        kept[name] = scope[name]
    if "chat_id" in kept:
        inner = type(call.params)({"chat_id": kept["chat_id"]})
        kept["chat_id"] = permissions.find_chat(call.activity, inner).id
    return orjson.dumps(kept).decode(), _language(call)


def _language(call: Call) -> str:
    language = call.params.text("language_code")
    if language and not re.match(r"[a-z]{2}\Z", language):
        raise bad_request("invalid language code specified")
    return language


def _set(call: Call, texts: dict[str, str], value: str, most: int) -> bool:
    if len(value) > most:
        raise bad_request("BOT_TITLE_INVALID" if most == 64 else "BOT_DESCRIPTION_INVALID")
    language = _language(call)
    if value:
        texts[language] = value
    else:
        texts.pop(language, None)
    call.activity.events.emit("profile")
    return True


def _get(call: Call, texts: dict[str, str], default: str = "") -> str:
    return texts.get(_language(call)) or texts.get("", default)


@method("setMyName")
def set_my_name(call: Call) -> bool:
    """Up to 64 characters."""
    return _set(call, call.activity.profile.names, call.params.text("name"), 64)


@method("getMyName")
def get_my_name(call: Call) -> Json:
    """The name in a language."""
    return {"name": _get(call, call.activity.profile.names, call.activity.bot.first_name)}


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    """Up to 512 characters, shown in the empty chat."""
    return _set(call, call.activity.profile.descriptions, call.params.text("description"), 512)


@method("getMyDescription")
def get_my_description(call: Call) -> Json:
    """The description in a language."""
    return {"description": _get(call, call.activity.profile.descriptions)}


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    """Up to 120 characters, shown on the profile."""
    value = call.params.text("short_description")
    return _set(call, call.activity.profile.short_descriptions, value, 120)


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Json:
    """The short description in a language."""
    return {"short_description": _get(call, call.activity.profile.short_descriptions)}


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """The button beside the input of a private chat, or of all."""
    chat = permissions.find_chat(call.activity, call.params).id if "chat_id" in call.params else 0
    button = call.params.object("menu_button") or {"type": "default"}
    if str(button.get("type")) not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse MenuButton: unsupported type specified")
    call.activity.profile.menu_buttons[chat] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """The button of a private chat, or of all."""
    buttons = call.activity.profile.menu_buttons
    default = buttons.get(0, {"type": "commands"})
    return buttons.get(call.params.number("chat_id"), default)


@method("setMyDefaultAdministratorRights")
def set_my_default_administrator_rights(call: Call) -> bool:
    """The rights that the bot asks for when it is made an administrator."""
    rights = call.params.object("rights") or {}
    call.activity.profile.rights[call.params.flag("for_channels")] = rights
    return True


@method("getMyDefaultAdministratorRights")
def get_my_default_administrator_rights(call: Call) -> Json:
    """The rights that the bot asks for."""
    channels = call.params.flag("for_channels")
    names = ADMIN_RIGHTS[1:] + (ADMIN_CHANNEL_RIGHTS if channels else ADMIN_GROUP_RIGHTS)
    rights = call.activity.profile.rights.get(channels, {})
    return {name: bool(rights.get(name)) for name in names}


@method("getUserProfilePhotos")
def get_user_profile_photos(call: Call) -> Json:
    """Nobody here has a photo."""
    if call.params.number("user_id") not in call.world.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
