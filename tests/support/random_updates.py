"""Updates made from the machine-readable Bot API: of every kind and shape, whole or damaged."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

from tests.support.bot_api_spec import spec

Json = dict[str, Any]
_ALWAYS = re.compile(r"(?:always|must be) [“\"]([a-z_]+)[”\"]")
_CHOICES = re.compile(r"[“\"]([a-z_]+)[”\"]")
_DEEPEST = 4
_WORDS = (
    "",
    "hai",
    "/start",
    "/latest 3",
    "/subscribe Ekonomi",
    "Berita <b>&",
    "#x",
    "c:1",
    "@ada",
)
_NONSENSE: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**53, 2**63, 10**30, 1.5, "", "x", "\x00", "7", [], [[]],
    [None], {}, {"id": "x"}, {"id": 2**70},
)  # fmt: skip


def make(dice: random.Random, kind: str, number: int) -> Json:
    """A valid update of this kind."""
    field = next(one for one in spec()["types"]["Update"]["fields"] if one["name"] == kind)
    return {"update_id": number, kind: _value(dice, field["types"], field, 0)}


def damage(dice: random.Random, update: Json) -> Json:
    """The same with something missing or of a wrong shape, anywhere but in its number."""
    update = copy.deepcopy(update)
    for _ in range(dice.randint(1, 3)):
        holders = [one for one in _holders(update) if len(one) > 0]
        holder = dice.choice(holders)
        keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = dice.choice([one for one in keys if one != "update_id"] or [None])
        if key is None:
            continue
        if isinstance(holder, dict) and dice.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(dice.choice(_NONSENSE))
    return update


def _holders(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value, *(one for inner in value.values() for one in _holders(inner))]
    if isinstance(value, list):
        return [value, *(one for inner in value for one in _holders(inner))]
    return []


def _value(dice: random.Random, types: list[str], field: Json, depth: int) -> Any:
    kind = dice.choice(types)
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return [_value(dice, [inner], field, depth + 1) for _ in range(dice.randint(1, 2))]
    if kind == "Integer":
        return _integer(dice, field)
    if kind == "String":
        return _string(dice, field)
    if kind == "Float":
        return dice.uniform(-90, 90)
    if kind in {"Boolean", "True"}:
        return True
    return _object(dice, kind, depth)


def _integer(dice: random.Random, field: Json) -> int:
    if "date" in field["name"] or "time" in field["name"]:
        return dice.randint(1_600_000_000, 1_900_000_000)
    if "id" in field["name"].split("_"):
        return dice.choice([1, 77, 1001, -1_001_234_567_890, 2**31, 2**51, dice.randint(0, 10**6)])
    return dice.choice([0, 1, 5, dice.randint(0, 10**6)])


def _string(dice: random.Random, field: Json) -> str:
    said = field["description"]
    if found := _ALWAYS.search(said):
        return found.group(1)
    if field["name"] == "type" and (choices := _CHOICES.findall(said)):
        return str(dice.choice(choices))
    return dice.choice(_WORDS)


def _object(dice: random.Random, kind: str, depth: int) -> Any:
    described = spec()["types"][kind]
    if subtypes := described.get("subtypes"):  # the first is the simplest
        chosen = dice.choice(subtypes) if depth < _DEEPEST else subtypes[0]
        return _value(dice, [chosen], {"name": "", "description": ""}, depth + 1)
    found = {}
    for field in described.get("fields", []):
        wanted = field["required"] or (depth < _DEEPEST and dice.random() < 0.15)
        if wanted:
            found[field["name"]] = _value(dice, field["types"], field, depth + 1)
    return found
