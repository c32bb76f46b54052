"""The checker itself: it has to see what is wrong."""

from __future__ import annotations

import orjson

from bot.sandbox.params import Params
from tests.support import bot_api_spec
from tests.support.shared import needs_shared

pytestmark = needs_shared
CHAT = {"id": 1, "type": "private"}


def _answer(result: object) -> bytes:
    return orjson.dumps({"ok": True, "result": result})


def test_it_sees_a_wrong_request() -> None:
    body = _answer({"message_id": 1, "date": 1, "chat": CHAT})
    assert bot_api_spec.complaints("sendmessage", Params({"chat_id": 1, "text": "x"}), body) == []
    missing = bot_api_spec.complaints("sendmessage", Params({"chat_id": 1}), body)
    assert missing == ["sendMessage: text is missing"]
    unknown = bot_api_spec.complaints(
        "sendmessage", Params({"chat_id": 1, "text": "x", "txt": "y"}), body
    )
    assert unknown == ["sendMessage: txt is unknown"]
    wrong = bot_api_spec.complaints("sendmessage", Params({"chat_id": 1, "text": 5}), body)
    assert wrong == ["text: 5 is no String"]


def test_it_sees_a_wrong_answer() -> None:
    request = Params({"chat_id": 1, "text": "x"})
    missing = bot_api_spec.complaints(
        "sendmessage", request, _answer({"message_id": 1, "chat": CHAT})
    )
    assert missing == ["sendMessage ->.date is missing in Message"]
    extra = {"message_id": 1, "date": 1, "chat": {**CHAT, "kind": "x"}}
    unknown = bot_api_spec.complaints("sendmessage", request, _answer(extra))
    assert unknown == ["sendMessage ->.chat.kind is unknown in Chat"]


def test_it_sees_a_wrong_error() -> None:
    assert (
        bot_api_spec.refusal_complaints(400, {"ok": False, "error_code": 400, "description": "x"})
        == []
    )
    assert bot_api_spec.refusal_complaints(
        400, {"ok": False, "error_code": 403, "description": "x"}
    )
    with_extra = {"ok": False, "error_code": 400, "description": "x", "parameters": {"retry": 1}}
    assert bot_api_spec.refusal_complaints(400, with_extra)
