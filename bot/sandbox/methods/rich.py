"""Rich messages: sent, and put in place of texts (Bot API 10.1 and later)."""

from __future__ import annotations

from typing import Any

from bot.sandbox import richtext, sending
from bot.sandbox.errors import Unsupported, bad_request
from bot.sandbox.methods import media
from bot.sandbox.methods.base import Call, method
from bot.sandbox.params import Params
from bot.sandbox.world import Json

KIND = "rich"
"""What such a message is called in a chat."""
_BY_ID = "tg://photo?id="


@method("sendRichMessage")
async def send_rich_message(call: Call) -> Json:
    """A message of blocks; its pictures need the right to send pictures too."""
    content = await read(call)
    pictured = any(one["type"] == "photo" for one in content["rich_message"]["blocks"])
    target = sending.aim(call, media.RIGHTS["photo"] if pictured else "can_send_messages")
    return sending.send(call, target, content, KIND).data


async def read(call: Call) -> Json:
    """The parameter `rich_message` as a field of a message. Raises ApiError."""
    wanted = call.params.object("rich_message")
    if wanted is None:
        raise bad_request("rich message must be non-empty")
    forms = [name for name in ("html", "markdown", "blocks") if wanted.get(name) is not None]
    if len(forms) != 1:
        raise bad_request("exactly one of html, markdown and blocks must be specified")
    if forms != ["html"]:
        raise Unsupported(f"rich messages in {forms[0]}; use html")
    content = richtext.read(str(wanted["html"]))
    bound = _bound(wanted.get("media") or [])
    for picture in content.pictures:
        stored = await _picture(call, str(picture["photo"]), bound)
        picture["photo"] = stored
    message: Json = {"blocks": content.blocks}
    if wanted.get("is_rtl"):
        message["is_rtl"] = True
    return {"rich_message": message}


def _bound(items: list[Any]) -> dict[str, Json]:
    """Media that the markup names by `tg://photo?id=` (Bot API 10.2)."""
    return {
        str(one["id"]): one["media"]
        for one in items
        if isinstance(one, dict) and "id" in one and isinstance(one.get("media"), dict)
    }


async def _picture(call: Call, source: str, bound: dict[str, Json]) -> Any:
    if source.startswith(_BY_ID):
        item = bound.get(source.removeprefix(_BY_ID))
        if item is None or item.get("type") != "photo":
            raise bad_request("unknown media in the rich message")
        params = Params({"media": item.get("media", "")}, call.params.files)
    else:
        params = Params({"media": source})
    stored = await media.read_file(call, params, "media", "photo")
    return stored.message_part()
