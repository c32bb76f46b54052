"""Copies and forwards."""

from __future__ import annotations

from bot.sandbox import permissions, sending
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.base import Call, method
from bot.sandbox.methods.media import RIGHTS
from bot.sandbox.world import Json, Message, WorldChat

_FIELDS_OF_ITS_PLACE = """
    message_id from sender_chat chat date edit_date reply_to_message external_reply quote
    message_thread_id is_topic_message reply_markup media_group_id author_signature via_bot
    forward_origin is_automatic_forward has_protected_content
"""
_OF_ITS_PLACE = frozenset(_FIELDS_OF_ITS_PLACE.split())


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """A copy without a link to the original; caption and keyboard may be new ones."""
    source = _source(call, call.params.number("message_id"), "to copy")
    content = _content(source)
    if "caption" in call.params.values and source.kind != "text":
        _new_caption(call, content)
    target = sending.aim(call, RIGHTS.get(source.kind, "can_send_messages"))
    return {"message_id": sending.send(call, target, content, source.kind).id}


@method("copyMessages")
def copy_messages(call: Call) -> list[Json]:
    """Copies of up to 100 messages; those that cannot be copied are skipped."""
    target, sources = _many(call, "to copy")
    contents = [(source.kind, _content(source)) for source in sources]
    if call.params.flag("remove_caption"):
        for _, content in contents:
            content.pop("caption", None)
            content.pop("caption_entities", None)
    albums = _albums(call, sources)
    return [
        {"message_id": sending.send(call, target, content | album, kind).id}
        for (kind, content), album in zip(contents, albums, strict=True)
    ]


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """A forward, which names where it comes from."""
    source = _source(call, call.params.number("message_id"), "to forward")
    target = sending.aim(call, RIGHTS.get(source.kind, "can_send_messages"))
    return sending.send(call, target, _forwarded(source), source.kind).data


@method("forwardMessages")
def forward_messages(call: Call) -> list[Json]:
    """Forwards of up to 100 messages; those that cannot be forwarded are skipped."""
    target, sources = _many(call, "to forward")
    albums = _albums(call, sources)
    return [
        {"message_id": sending.send(call, target, _forwarded(source) | album, source.kind).id}
        for source, album in zip(sources, albums, strict=True)
    ]


def _from_chat(call: Call) -> WorldChat:
    if "from_chat_id" not in call.params:
        raise bad_request("chat_id is empty")
    chat = permissions.find_chat(call.activity, call.params, "from_chat_id")
    if not chat.private:
        permissions.check_present(call.activity, chat)
    return chat


def _source(call: Call, message_id: int, purpose: str) -> Message:
    source = permissions.find_message(_from_chat(call), message_id, purpose)
    if not _can_leave(source):
        word = purpose.removeprefix("to ")
        raise bad_request(f"message can't be {'copied' if word == 'copy' else 'forwarded'}")
    return source


def _can_leave(source: Message) -> bool:
    return source.kind != "service" and not source.data.get("has_protected_content")


def _many(call: Call, purpose: str) -> tuple[sending.Target, list[Message]]:
    numbers = call.params.id_list("message_ids")
    if sorted(set(numbers)) != numbers:
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = _from_chat(call)
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    sources = [source for source in found if _can_leave(source)]
    if not sources:
        raise bad_request("there are no messages " + purpose)
    return sending.aim(call, count=len(sources)), sources


def _content(source: Message) -> Json:
    return {name: value for name, value in source.data.items() if name not in _OF_ITS_PLACE}


def _forwarded(source: Message) -> Json:
    return {"forward_origin": sending.origin(source)} | _content(source)


def _albums(call: Call, sources: list[Message]) -> list[Json]:
    """A new media_group_id for each old one."""
    new: dict[str, Json] = {}
    result = []
    for source in sources:
        old = source.data.get("media_group_id")
        if old and old not in new:
            new[old] = {"media_group_id": call.activity.next_media_group()}
        result.append(new[old] if old else {})
    return result


def _new_caption(call: Call, content: Json) -> None:
    content.pop("caption", None)
    content.pop("caption_entities", None)
    sending.read_caption(call.params).put(content, "caption", call.world.users)
