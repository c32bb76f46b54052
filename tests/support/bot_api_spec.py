"""Checks requests and answers against the machine-readable Bot API: the judge of the stand-in."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from bot.sandbox.params import Params
from tests.support.shared import SHARED

FILE = SHARED / "telegram" / "bot-api-10.0.json"
_SIMPLE: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "String": (str,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
}
_SPELLED = {"Integer", "Float", "Boolean", "True"}
_NUMERIC = {"Integer", "Float"}


@cache
def spec() -> dict[str, Any]:
    """The specification."""
    loaded: dict[str, Any] = orjson.loads(FILE.read_bytes())
    _add_rich_messages(loaded["methods"], loaded["types"])
    return loaded


def _field(name: str, *types: str, required: bool = False) -> dict[str, Any]:
    return {"name": name, "types": list(types), "required": required, "description": ""}


def _add_rich_messages(methods: dict[str, Any], types: dict[str, Any]) -> None:
    """What 10.1 and 10.2 added, as far as the stand-in plays it."""
    text = ("text", "parse_mode", "entities", "link_preview_options")
    rest = [one for one in methods["sendMessage"]["fields"] if one["name"] not in text]
    wanted = _field("rich_message", "InputRichMessage", required=True)
    methods["sendRichMessage"] = methods["sendMessage"] | {
        "name": "sendRichMessage",
        "fields": [*rest, wanted],
    }
    edit = methods["editMessageText"]["fields"]
    methods["editMessageText"]["fields"] = [
        *(one | {"required": False} if one["name"] == "text" else one for one in edit),
        wanted | {"required": False},
    ]
    types["Message"]["fields"].append(_field("rich_message", "RichMessage"))
    for name, fields in _RICH.items():
        types[name] = {"name": name, "fields": [_field(*one) for one in fields]}
        for at, one in enumerate(types[name]["fields"]):
            one["required"] = at < _REQUIRED.get(name, 0)
    blocks = [name for name in _RICH if name.startswith("RichBlock") and name != "RichBlockItem"]
    types["RichBlock"] = {"name": "RichBlock", "subtypes": blocks}
    types["RichText"] = {
        "name": "RichText",
        "subtypes": ["String", "Array of RichText", "RichTextStyled", "RichTextUrl"],
    }


_RICH: dict[str, list[tuple[str, ...]]] = {
    "InputRichMessage": [
        ("html", "String"),
        ("markdown", "String"),
        ("is_rtl", "Boolean"),
        ("skip_entity_detection", "Boolean"),
        ("media", "Array of InputRichMessageMedia"),
    ],
    "InputRichMessageMedia": [("id", "String"), ("media", "InputMediaPhoto")],
    "RichMessage": [("blocks", "Array of RichBlock"), ("is_rtl", "Boolean")],
    "RichBlockText": [("type", "String"), ("text", "RichText")],
    "RichBlockHeading": [("type", "String"), ("text", "RichText"), ("size", "Integer")],
    "RichBlockDivider": [("type", "String")],
    "RichBlockPhoto": [("type", "String"), ("photo", "Array of PhotoSize")],
    "RichBlockList": [("type", "String"), ("items", "Array of RichBlockItem")],
    "RichBlockItem": [("label", "String"), ("blocks", "Array of RichBlock")],
    "RichBlockHolder": [("type", "String"), ("blocks", "Array of RichBlock")],
    "RichBlockDetails": [
        ("type", "String"),
        ("summary", "RichText"),
        ("blocks", "Array of RichBlock"),
        ("is_open", "Boolean"),
    ],
    "RichTextStyled": [("type", "String"), ("text", "RichText")],
    "RichTextUrl": [("type", "String"), ("text", "RichText"), ("url", "String")],
}
"""Types by their fields, those of one shape under one name."""
_REQUIRED = {
    "InputRichMessageMedia": 2,
    "RichMessage": 1,
    "RichBlockText": 2,
    "RichBlockHeading": 3,
    "RichBlockDivider": 1,
    "RichBlockPhoto": 2,
    "RichBlockList": 2,
    "RichBlockItem": 2,
    "RichBlockHolder": 2,
    "RichBlockDetails": 3,
    "RichTextStyled": 2,
    "RichTextUrl": 3,
}
"""The number of leading fields that have to be there."""


@cache
def _method(name: str) -> dict[str, Any]:
    by_name: dict[str, dict[str, Any]] = {
        key.lower(): value for key, value in spec()["methods"].items()
    }
    return by_name[name]


def complaints(name: str, params: Params, body: bytes) -> list[str]:
    """What is wrong with a request that was accepted, or with its answer."""
    method = _method(name)
    found = _request(method, params)
    answer = orjson.loads(body)
    if answer.keys() != {"ok", "result"} or answer["ok"] is not True:
        found.append(f"{method['name']}: the envelope is {sorted(answer)}")
    found += _any_of(method["returns"], answer.get("result"), f"{method['name']} ->")
    return found


def refusal_complaints(status: int, body: dict[str, Any]) -> list[str]:
    """What is wrong with an error."""
    found = []
    if body.get("ok") is not False or body.get("error_code") != status:
        found.append(f"an error {status} says {body}")
    if not isinstance(body.get("description"), str):
        found.append("an error without a description")
    if "parameters" in body:
        found += _any_of(["ResponseParameters"], body["parameters"], "error")
    return found


def _request(method: dict[str, Any], params: Params) -> list[str]:
    fields = {field["name"]: field for field in method.get("fields", [])}
    given = set(params.values) | {name for name in params.files if name in fields}
    found = [
        f"{method['name']}: {name} is missing"
        for name, field in fields.items()
        if field["required"] and name not in given
    ]
    attached = "".join(str(value) for value in params.values.values())
    for name in given:
        if name in fields:
            value = params.values.get(name)
            if value is not None:
                found += _any_of(fields[name]["types"], _read(value, fields[name]), name)
        elif f"attach://{name}" not in attached:
            found.append(f"{method['name']}: {name} is unknown")
    return found


def _read(value: Any, field: dict[str, Any]) -> Any:
    """A parameter as JSON: in forms everything is text."""
    types = field["types"]
    if not isinstance(value, str) or types == ["String"]:
        return value
    if "String" in types and not _SPELLED.isdisjoint(types):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _any_of(types: list[str], value: Any, path: str) -> list[str]:
    best: list[str] | None = None
    for one in types:
        found = _check(one, value, path)
        if not found:
            return []
        if best is None or len(found) < len(best):
            best = found
    return best or [f"{path}: no type at all"]


def _check(kind: str, value: Any, path: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no array"]
        inner = kind.removeprefix("Array of ")
        return [
            line for at, one in enumerate(value) for line in _check(inner, one, f"{path}[{at}]")
        ]
    if kind in _SIMPLE:
        fits = isinstance(value, _SIMPLE[kind]) and (
            kind not in _NUMERIC or not isinstance(value, bool)
        )
        return [] if fits else [f"{path}: {value!r} is no {kind}"]
    if kind == "InputFile":
        return [] if isinstance(value, str) else [f"{path}: {value!r} is no file"]
    return _check_object(kind, value, path)


def _check_object(kind: str, value: Any, path: str) -> list[str]:
    described = spec()["types"].get(kind)
    if described is None:
        return [f"{path}: {kind} is not in the specification"]
    if described.get("subtypes"):
        return _any_of(described["subtypes"], value, path)
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {kind}"]
    fields = {field["name"]: field for field in described.get("fields", [])}
    found = [
        f"{path}.{name} is missing in {kind}"
        for name, field in fields.items()
        if field["required"] and name not in value
    ]
    for name, inner in value.items():
        if name in fields:
            found += _any_of(fields[name]["types"], inner, f"{path}.{name}")
        else:
            found.append(f"{path}.{name} is unknown in {kind}")
    return found
