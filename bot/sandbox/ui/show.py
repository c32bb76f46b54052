"""Messages as a chat program shows them: HTML of a text, a message's view. Changes nothing."""

from __future__ import annotations

import html
from typing import Any

from bot.sandbox import richtext
from bot.sandbox.world import Json, Message, WorldChat

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote expandable",
}
_MEDIA = ("photo", "video", "audio", "voice", "animation", "document", "sticker", "video_note")


def as_html(text: str, entities: list[Json]) -> str:
    """A text with its entities as Telegram's HTML; found links become `<a>` as well."""
    units = text.encode("utf-16-le", "surrogatepass")
    marks: list[tuple[int, int, int, str]] = []
    for number, entity in enumerate(entities):
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        opening, closing = _tags(entity, _cut(units, begin, end))
        if opening:
            marks.append((begin, 1, number, opening))
            marks.append((end, 0, -number, closing))
    marks.sort()
    parts, at = [], 0
    for position, _, _, tag in marks:
        parts.append(html.escape(_cut(units, at, position), quote=False))
        parts.append(tag)
        at = position
    parts.append(html.escape(_cut(units, at, len(units) // 2), quote=False))
    return "".join(parts)


def _cut(units: bytes, begin: int, end: int) -> str:
    return units[2 * begin : 2 * end].decode("utf-16-le", "replace")


def _tags(entity: Json, shown: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "pre" and entity.get("language"):
        language = html.escape(entity["language"])
        return f'<pre><code class="language-{language}">', "</code></pre>"
    if tag := _TAGS.get(kind):
        return f"<{tag}>", f"</{tag.split()[0]}>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    if kind == "date_time":
        form = html.escape(entity.get("date_time_format", ""))
        return f'<tg-time unix="{entity["unix_time"]}" format="{form}">', "</tg-time>"
    address = _address(entity, shown)
    return (f'<a href="{html.escape(address)}">', "</a>") if address else ("", "")


def _address(entity: Json, shown: str) -> str:
    kind = entity["type"]
    if kind == "text_link":
        return str(entity["url"])
    if kind == "text_mention":
        return f"tg://user?id={entity['user']['id']}"
    if kind == "url":
        return shown if "://" in shown else f"http://{shown}"
    if kind == "email":
        return f"mailto:{shown}"
    if kind == "mention":
        return f"https://t.me/{shown[1:]}"
    return ""


def message(shown: Message) -> Json:
    """One message for a chat program or a test: the fields of /control (see `bot.sandbox`)."""
    data = shown.data
    blocks = data.get("rich_message", {}).get("blocks", [])
    text = str(data.get("text") or data.get("caption") or richtext.plain(blocks))
    entities = data.get("entities") or data.get("caption_entities") or []
    answered = data.get("reply_to_message")
    view: Json = {
        "id": shown.id,
        "chat": shown.chat.id,
        "kind": shown.kind,
        "mine": shown.mine,
        "from": data.get("from") or data.get("sender_chat"),
        "date": data["date"],
        "edited": data.get("edit_date", 0),
        "text": text,
        "html": as_html(text, entities),
        "entities": entities,
        "files": files(data),
        "buttons": data.get("reply_markup", {}).get("inline_keyboard", []),
        "keyboard": shown.extra.get("keyboard"),
        "reply_to": answered["message_id"] if answered else 0,
        "thread": shown.topic,
        "topic": _topic_name(shown),
        "pinned": shown.id in shown.chat.pinned,
        "silent": bool(shown.extra.get("silent")),
        "reactions": {str(user): marks for user, marks in shown.reactions.items()},
        "album": data.get("media_group_id", ""),
        "preview": data.get("link_preview_options"),
        "data": dict(data),
    }
    return view


def _topic_name(shown: Message) -> str:
    topic = shown.chat.topics.get(shown.topic)
    return topic.name if topic else ""


def files(data: Json) -> list[Json]:
    """The file of a message as (kind, file id, size in pixels), the largest of a photo."""
    found: list[Json] = []
    for kind in _MEDIA:
        part: Any = data.get(kind)
        if not part or (kind == "document" and "animation" in data):
            continue
        if kind == "photo":
            part = part[-1]
        found.append({"kind": kind, **part})
    return found


def chat(shown: WorldChat) -> Json:
    """A chat with its people and topics."""
    return {
        **shown.json(),
        "started": shown.started,
        "blocked": shown.blocked,
        "migrated_to": shown.migrated_to,
        "linked": shown.linked,
        "pinned": shown.pinned,
        "topics": [
            {"id": topic.id, "name": topic.name, "closed": topic.closed}
            for topic in shown.topics.values()
        ],
        "members": [
            {"user": member.user.id, "status": member.status} for member in shown.members.values()
        ],
    }
