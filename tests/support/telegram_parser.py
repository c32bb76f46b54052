"""Telegram's own HTML parser (TDLib, offline): it checks every message that the bot can render."""

from __future__ import annotations

import json
from typing import Any

import tdjson

Entity = tuple[str, int, int]
"""Kind, offset and length in UTF-16 units, as `("bold", 0, 5)`."""


def _execute(request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


_execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def parse(html: str) -> tuple[str, list[Entity]]:
    """The text that a chat shows, and its entities. Raises ValueError with Telegram's sentence."""
    request = {
        "@type": "parseTextEntities",
        "text": html,
        "parse_mode": {"@type": "textParseModeHTML"},
    }
    answer = _execute(request)
    if answer["@type"] == "error":
        raise ValueError(answer["message"])
    entities = [
        (_kind(one["type"]["@type"]), one["offset"], one["length"]) for one in answer["entities"]
    ]
    return answer["text"], entities


def _kind(name: str) -> str:
    return name.removeprefix("textEntityType").lower()
