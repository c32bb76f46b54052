"""Answers to button presses and inline queries."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import formatting, keyboards
from bot.sandbox.activity import CALLBACK_S, INLINE_S
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.base import Call, method
from bot.sandbox.params import as_object
from bot.sandbox.world import Json

RESULTS_MOST = 50
_START = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_NEEDED = {
    "article": ("title", "input_message_content"),
    "photo": ("photo_url", "thumbnail_url"),
    "gif": ("gif_url", "thumbnail_url"),
    "video": ("video_url", "mime_type", "thumbnail_url", "title"),
    "document": ("title", "document_url", "mime_type"),
    "voice": ("voice_url", "title"),
    "audio": ("audio_url", "title"),
}


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """A toast or an alert of up to 200 characters, or an address to open."""
    params = call.params
    text = params.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    answer: Json = {"text": text, "show_alert": params.flag("show_alert")}
    if "url" in params:
        answer["url"] = params.text("url")
    query_id = params.text("callback_query_id")
    call.activity.answer(call.activity.callbacks, query_id, answer, CALLBACK_S)
    return True


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    """Up to 50 results."""
    params = call.params
    results = params.array("results")
    if results is None:
        raise bad_request("can't parse inline query results: results not found")
    if len(results) > RESULTS_MOST:
        raise bad_request("RESULTS_TOO_MUCH")
    shown = [_result(call, result) for result in results]
    if len({result["id"] for result in shown}) != len(shown):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(params.text("next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer: Json = {
        "results": shown,
        "cache_time": params.number("cache_time", 300, 0, 86_400),
        "is_personal": params.flag("is_personal"),
        "next_offset": params.text("next_offset"),
    }
    if button := params.object("button"):
        answer["button"] = _button(button)
    query_id = params.text("inline_query_id")
    call.activity.answer(call.activity.inline, query_id, answer, INLINE_S)
    return True


def _button(button: Json) -> Json:
    start = button.get("start_parameter")
    if not button.get("text"):
        raise bad_request("can't parse inline query results button: text not found")
    if start is not None and not _START.match(str(start)):
        raise bad_request("START_PARAM_INVALID")
    return button


def _result(call: Call, result: Any) -> Json:
    """One result, checked, with its message as it will be sent under `message`."""
    result = as_object(result, "inline query result")
    kind = result.get("type")
    if not 1 <= len(str(result.get("id") or "").encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if kind not in _NEEDED and not str(kind).startswith("cached_") and kind != "sticker":
        raise bad_request("can't parse inline query result: type is unsupported")
    cached = any(name.endswith("_file_id") for name in result)
    for name in () if cached else _NEEDED.get(str(kind), ()):
        if not result.get(name):
            raise bad_request(f"can't parse inline query result: can't find field \"{name}\"")
    inline, _ = keyboards.read(_markup(result))
    message = _message(call, result)
    if inline:
        message["reply_markup"] = inline
    return {**result, "message": message}


def _markup(result: Json) -> Json | None:
    markup = result.get("reply_markup")
    return None if markup is None else as_object(markup, "InlineKeyboardMarkup")


def _message(call: Call, result: Json) -> Json:
    content: Json = {}
    if result.get("input_message_content"):
        given = as_object(result["input_message_content"], "InputMessageContent")
        text = formatting.read(
            str(given.get("message_text") or ""),
            str(given.get("parse_mode") or ""),
            given.get("entities"),
        )
        formatting.checked_text(text).put(content, "text", call.world.users)
        if given.get("link_preview_options"):
            content["link_preview_options"] = given["link_preview_options"]
        return content
    caption = formatting.read(
        str(result.get("caption") or ""),
        str(result.get("parse_mode") or ""),
        result.get("caption_entities"),
    )
    formatting.checked_caption(caption).put(content, "caption", call.world.users)
    return content
