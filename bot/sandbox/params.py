"""A request's parameters, read the way the Bot API reads them. Knows no method and no chat.

Parameters come from the query, a form, a multipart form or a JSON body; everything may be text,
also numbers and JSON objects. Numbers that cannot be read count as absent, as in Telegram's
`get_integer_arg`; objects that cannot be read are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.sandbox.errors import bad_request

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    mime: str = ""


@dataclass(slots=True)
class Params:
    """The parameters of one request and the files that came with it."""

    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        value = self.values.get(name)
        return value is not None and value != ""

    def text(self, name: str, default: str = "") -> str:
        """The value as text; objects become JSON again."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        return orjson.dumps(value).decode()

    def number(
        self, name: str, default: int = 0, low: int | None = None, high: int | None = None
    ) -> int:
        """The value as a whole number, clamped between `low` and `high`."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        number = _integer(value)
        if number is None:
            return default
        if low is not None:
            number = max(low, number)
        return number if high is None else min(high, number)

    def flag(self, name: str) -> bool:
        """True for true, yes and 1 in any case."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        return str(value).strip().lower() in _TRUE

    def json(self, name: str, kind: str = "") -> Any:
        """The value as a JSON value, None when absent. Raises `can't parse <kind> JSON object`."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise bad_request(f"can't parse {kind or name} JSON object") from error

    def object(self, name: str) -> dict[str, Any] | None:
        """The value as a JSON object, None when absent."""
        value = self.json(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def array(self, name: str) -> list[Any] | None:
        """The value as a JSON array, None when absent."""
        value = self.json(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise bad_request(f"expected an Array as {name.replace('_', ' ')}")
        return value

    def id_list(self, name: str) -> list[int]:
        """Message ids: 1 to 100, strictly positive."""
        values = self.array(name)
        if not values:
            raise bad_request("message identifiers are not specified")
        if len(values) > 100:
            raise bad_request("too many message identifiers specified")
        numbers = [_integer(value) for value in values]
        if any(number is None or number <= 0 for number in numbers):
            raise bad_request("invalid message identifier specified")
        return [number for number in numbers if number is not None]


def as_object(value: Any, kind: str) -> dict[str, Any]:
    """A JSON value that must be an object. Raises ApiError."""
    if not isinstance(value, dict):
        raise bad_request(f"can't parse {kind}: expected an Object")
    return value


def as_array(value: Any, kind: str) -> list[Any]:
    """A JSON value that must be an array; None counts as an empty one. Raises ApiError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request(f"can't parse {kind}: expected an Array")
    return value


def as_number(value: Any) -> int:
    """A JSON value as a whole number, 0 when it is none."""
    return _integer(value) or 0


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value)
    if isinstance(value, str):
        try:
            return int(value.strip())
        except ValueError:
            return None
    return None
