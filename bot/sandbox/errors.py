"""How the Bot API says no: codes, sentences and parameters. Knows no method and no chat.

ApiError            answered to the client as `{"ok": false, ...}`
└── Unsupported     this stand-in does not play the method (501); Telegram would
Dropped             the connection is closed without an answer (a fault asked for by a test)
ControlError        the control interface was asked for something that cannot be
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal as Telegram words it. `parameters` become ResponseParameters."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object that goes to the client."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class Unsupported(ApiError):  # noqa: N818 - it reads as what it is
    """The method exists at Telegram, not here: our own answer, never Telegram's."""

    def __init__(self, method: str) -> None:
        super().__init__(501, f"Not Implemented: the stand-in does not play {method}")


class Dropped(Exception):  # noqa: N818 - an event that a test asked for
    """The connection ends without an answer."""


class ControlError(Exception):
    """A control call that makes no sense here; its text is one clear sentence."""


def bad_request(text: str, **parameters: int) -> ApiError:
    """400 with Telegram's prefix and its rule for the first letter (Client.cpp:71-205).

    A sentence starts in lower case, a code like TOPIC_CLOSED passes unchanged.
    """
    return ApiError(400, f"Bad Request: {_lowered(text)}", parameters or None)


def forbidden(text: str) -> ApiError:
    """403: the chat does not want the bot."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409: two receivers of updates."""
    return ApiError(409, f"Conflict: {text}")


def flood(seconds: int) -> ApiError:
    """429 with the whole number of seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def _lowered(text: str) -> str:
    if len(text) > 1 and (text[1].isupper() or text[1] == "_"):
        return text
    return text[:1].lower() + text[1:]
