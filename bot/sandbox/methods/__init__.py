"""The methods of the Bot API that the stand-in plays, grouped as Telegram's reference is."""

from __future__ import annotations

from bot.sandbox.methods import (
    account,
    answers,
    chats,
    copying,
    editing,
    media,
    members,
    messages,
    receiving,
    rich,
    topics,
)
from bot.sandbox.methods.base import METHODS, Call

__all__ = [
    "METHODS",
    "Call",
    "account",
    "answers",
    "chats",
    "copying",
    "editing",
    "media",
    "members",
    "messages",
    "receiving",
    "rich",
    "topics",
]
