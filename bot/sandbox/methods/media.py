"""Messages with files: one at a time, and albums."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.sandbox import files, sending
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import StoredFile
from bot.sandbox.methods.base import Call, method
from bot.sandbox.params import Params, Upload
from bot.sandbox.world import Json

_METHODS = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAudio": "audio",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendAnimation": "animation",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}
"""Methods that differ by the kind of their file alone."""
RIGHTS = {
    "photo": "can_send_photos",
    "video": "can_send_videos",
    "audio": "can_send_audios",
    "document": "can_send_documents",
    "voice": "can_send_voice_notes",
    "video_note": "can_send_video_notes",
    "animation": "can_send_other_messages",
    "sticker": "can_send_other_messages",
}
CAPTIONED = frozenset(RIGHTS) - {"video_note", "sticker"}
_OF_DOCUMENTS = frozenset({"file_id", "file_unique_id", "file_size", "file_name", "mime_type"})
_TITLES = ("performer", "title")


async def _send(kind: str, call: Call) -> Json:
    """One file, by id, by address or uploaded."""
    content: Json = {}
    caption = sending.read_caption(call.params) if kind in CAPTIONED else None
    stored = await read_file(call, call.params, kind, kind)
    target = sending.aim(call, RIGHTS[kind])
    content.update(part(stored))
    if caption is not None:
        caption.put(content, "caption", call.world.users)
    content.update(looks(call.params, kind))
    return sending.send(call, target, content, kind).data


for _name, _kind in _METHODS.items():
    method(_name)(partial(_send, _kind))


def part(stored: StoredFile) -> Json:
    """A file as fields of a message; an animation is shown as a document as well."""
    shown: Json = {stored.kind: stored.message_part()}
    if stored.kind == "animation":
        shown["document"] = {
            name: value for name, value in stored.message_part().items() if name in _OF_DOCUMENTS
        }
    return shown


def looks(params: Params, kind: str) -> Json:
    """How the medium is shown."""
    shown: Json = {}
    if kind in {"photo", "video", "animation"}:
        if params.flag("has_spoiler"):
            shown["has_media_spoiler"] = True
        if params.flag("show_caption_above_media"):
            shown["show_caption_above_media"] = True
    return shown


async def read_file(call: Call, params: Params, name: str, kind: str) -> StoredFile:
    """The file that a parameter means: an upload, `attach://`, an address or an id."""
    upload = params.files.get(name)
    value = params.text(name)
    if upload is None and value.startswith("attach://"):
        upload = params.files.get(value[9:])
    if upload is not None:
        return _uploaded(call, upload, kind, params)
    if not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if "." in value:
        return await call.fetcher.get(value, kind)
    return call.activity.files.find_as(value, kind)


def _uploaded(call: Call, upload: Upload, kind: str, params: Params) -> StoredFile:
    most = files.PHOTO_UPLOAD_MOST if kind == "photo" else files.UPLOAD_MOST
    size = len(upload.content)
    if size > most:
        if kind == "photo":
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; "
                f"the maximum size is {most} bytes"
            )
        raise ApiError(413, "Request Entity Too Large")
    return call.activity.files.add(kind, upload, **_details(params, kind))


def _details(params: Params, kind: str) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if kind in {"video", "animation"}:
        details = {"width": params.number("width"), "height": params.number("height")}
    if kind == "sticker":
        details = {"type": "regular", "width": 512, "height": 512}
        details |= {"is_animated": False, "is_video": False}
    if kind == "video_note":
        details = {"length": params.number("length", 240)}
    if kind in {"video", "animation", "audio", "voice", "video_note"}:
        details["duration"] = params.number("duration")
    if kind == "audio":
        details |= {name: params.text(name) for name in _TITLES if name in params}
    return details


@method("sendMediaGroup")
async def send_media_group(call: Call) -> list[Json]:
    """An album of 2 to 10 photos and videos, or of documents, or of music."""
    items = call.params.array("media")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > 10:
        raise bad_request("too many messages to send as an album")
    contents = []
    for number, item in enumerate(items, 1):
        try:
            contents.append(await read_item(call, item))
        except ApiError as error:
            raise _of_item(error, number) from error
    _check_mix(contents)
    kinds = sorted(kind for kind, _ in contents)
    target = sending.aim(call, RIGHTS[kinds[0]], len(contents))
    target.content.pop("reply_markup", None)  # albums have no keyboard; it is ignored
    if len(contents) == 1:
        return [sending.send(call, target, contents[0][1], contents[0][0]).data]
    group = {"media_group_id": call.activity.next_media_group()}
    return [sending.send(call, target, group | content, kind).data for kind, content in contents]


async def read_item(call: Call, item: Any) -> tuple[str, Json]:
    """An InputMedia object: its kind, and the fields of the message it makes."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(item.get("type") or "")
    if kind not in {"photo", "video", "audio", "document", "animation"}:
        raise bad_request("can't parse InputMedia: invalid type")
    values = Params(item, call.params.files)
    caption = sending.read_caption(values)
    content = part(await read_file(call, Params(_named(item, kind), values.files), kind, kind))
    caption.put(content, "caption", call.world.users)
    content.update(looks(values, kind))
    return kind, content


def _named(item: dict[str, Any], kind: str) -> dict[str, Any]:
    """The item with its file under the name that a single message gives it."""
    if not item.get("media"):
        raise bad_request("can't parse InputMedia: media not found")
    return {**item, kind: item["media"]}


def _of_item(error: ApiError, number: int) -> ApiError:
    text = error.description.removeprefix("Bad Request: ")
    text = text[:1].upper() + text[1:]  # inside the quotes the sentence is as TDLib has it
    return bad_request(f'failed to send message #{number} with the error message "{text}"')


def _check_mix(contents: list[tuple[str, Json]]) -> None:
    """Photos and videos go together, shown alike; documents and music only among themselves."""
    kinds = {kind for kind, _ in contents}
    if "animation" in kinds:
        raise bad_request(
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup"
        )
    for kind in ("document", "audio"):
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")
    if len({content.get("show_caption_above_media") for _, content in contents}) > 1:
        raise bad_request("parameter show_caption_above_media must be the same for all messages")
