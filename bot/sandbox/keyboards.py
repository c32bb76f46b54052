"""Keyboards under a message: which are allowed, and their one form. Knows no chat.

Sources: the Bot API server (Client.cpp 9585-9694) and TDLib (ReplyMarkup.cpp 567-733).
"""

from __future__ import annotations

from typing import Any

from bot.sandbox import links
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.params import as_object

BUTTONS_MOST = 100
DATA_MOST = 64
"""Bytes of callback_data."""
_ACTIONS = (
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
_STYLES = frozenset({"danger", "success", "primary"})


def read(markup: dict[str, Any] | None) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The inline keyboard of a `reply_markup`, and any other kind of keyboard.

    An empty keyboard counts as none. Raises ApiError.
    """
    if not markup:
        return None, None
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard", _inline_button)
        return ({"inline_keyboard": rows} if rows else None), None
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "reply keyboard", _reply_button)
        return None, {**markup, "keyboard": rows}
    if any(kind in markup for kind in _KINDS):
        placeholder = markup.get("input_field_placeholder") or ""
        if len(str(placeholder)) > 64:
            raise bad_request("input field placeholder is too long")
        return None, markup
    return None, None


def find_button(markup: dict[str, Any] | None, wanted: str) -> dict[str, Any] | None:
    """The inline button with these callback data or this text."""
    buttons = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
    for name in ("callback_data", "text"):
        for button in buttons:
            if button.get(name) == wanted:
                return dict(button)
    return None


def _rows(value: Any, name: str, reader: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(value, list):
        raise bad_request("object expected as reply markup")
    rows = []
    for row in value:
        if not isinstance(row, list):
            raise bad_request(f"can't parse {name}: field must be an Array of Arrays")
        buttons = [reader(button) for button in row]
        if buttons:
            rows.append(buttons)
    if sum(map(len, rows)) > BUTTONS_MOST:
        raise bad_request("reply markup is too long")
    return rows


def _reply_button(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse keyboard button: field "text" must be of type String')
    return button


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unreadable("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unreadable('field "text" must be of type String')
    if not text.strip():
        raise _unreadable("text must be non-empty")
    kept = {"text": text}
    if str(button.get("style")) in _STYLES:
        kept["style"] = button["style"]
    if "url" in button:
        return kept | {"url": _button_url(str(button["url"]))}
    for action in _ACTIONS:
        if button.get(action) is not None:
            return kept | {action: _action(action, button[action])}
    raise _unreadable("Text buttons are unallowed in the inline keyboard")


def _action(action: str, value: Any) -> Any:
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= DATA_MOST:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text":
        text = value.get("text", "") if isinstance(value, dict) else ""
        if not 1 <= len(text) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "web_app":
        _button_url(str(as_object(value, "WebAppInfo").get("url", "")), https=True)
    return value


def _button_url(url: str, *, https: bool = False) -> str:
    try:
        checked = links.check(url)
    except links.LinkError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from error
    if https and not checked.startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
        )
    return checked


def _unreadable(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")
