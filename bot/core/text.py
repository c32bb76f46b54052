"""Plain text within Telegram's limits: lengths in UTF-16, cutting, deep links; numbers that people
and servers write. Knows no markup."""

from __future__ import annotations

CAPTION_LIMIT = 1024
TEXT_LIMIT = 4096
"""What Telegram takes in a caption and in a text message, counted after parsing (Bot API)."""


def deep_link(bot_username: str, payload: str) -> str:
    """A link that opens the private chat with the bot (payload: 1-64 of `A-Za-z0-9_-`)."""
    return f"https://t.me/{bot_username}?start={payload}"


def fit(text: str, limit: int) -> str:
    """Plain text within a number of UTF-16 units: at the end of a sentence, or else of a word."""
    if utf16(text) <= limit:
        return text
    if limit < 2:
        return ""
    cut = text[: limit - 1]
    while utf16(cut) > limit - 1:
        cut = cut[:-1]
    sentence = max(cut.rfind(mark) for mark in (". ", "! ", "? ", ".\n", "。", "！", "？"))
    if sentence >= limit // 2:
        return cut[: sentence + 1].rstrip()
    word = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:word] if word >= limit // 2 else cut).rstrip(" ,;:-–—\n") + "…"


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """A whole number as people write it: ASCII digits, at most so many (18 fit into a column). None
    for all else, also for what `isdigit` takes and `int` does not (², ①, thousands of digits)."""
    if 0 < len(text) <= digits and text.isascii() and text.isdigit():
        return int(text)
    return None


def utf16(text: str) -> int:
    """Length in UTF-16 units: never less than what Telegram counts (code points)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
