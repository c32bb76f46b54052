"""What every page of /settings is made of: the pages' names, what is in force, buttons.

A button says what is to be (`limit=10`), never "change it": a press on a panel from last week does
what it says. Its payload names the chat (0: where it stands) and the forum topic, since for a very
old message Telegram no longer says what and where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.callbacks import Press, PressKind, encode
from bot.core.keyboards import in_order
from bot.core.language import Translator
from bot.core.model import Button, Keyboard
from bot.core.readers.in_words import Chosen
from bot.core.readers.preferences import Preferences


class Page(StrEnum):
    """What a panel can show."""

    MAIN = "main"
    TOPICS = "topics"
    ALERTS = "alerts"
    DIGEST = "digest"
    QUIET = "quiet"
    LIMIT = "limit"
    BREAKING = "breaking"
    TICKER = "ticker"
    PICTURES = "pictures"
    SOUND = "sound"
    LANGUAGE = "language"
    ZONE = "zone"
    SIGNATURE = "sign"


WORDS = "words"
"""In place of a value: what to set is asked for, and typed."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What is in force for a chat, or a forum topic. `chat` and `thread` are for the payloads;
    `name` is that of a channel that is set up from elsewhere."""

    wants: Preferences
    chosen: Chosen
    now: int
    language: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    """Codes, each with its own name."""
    chat: int = 0
    thread: int = 0
    name: str = ""
    alerts: int = 0
    ticker: bool = False
    signs: tuple[tuple[str, str], ...] = ()
    """How comments can be signed, each with an example; empty if comments are off."""
    sign: str = ""


def button(state: InForce, label: str, page: Page, value: str = "") -> Button:
    """Leads to a page, or sets `value` there."""
    word = f"{page}={value}" if value else page.value
    return Button(label, data=encode(Press(PressKind.SETTING, (state.chat, state.thread), word)))


def option(state: InForce, label: str, page: Page, value: str, *, on: bool) -> Button:
    """Sets a value; marked where that is in force."""
    return button(state, ("✓ " if on else "") + label, page, value)


def off(state: InForce, tr: Translator, page: Page, *, on: bool) -> Button:
    return option(state, tr.gettext("Off"), page, "off", on=on)


def switch(state: InForce, tr: Translator, page: Page, *, on: bool) -> Keyboard:
    choices = ((tr.gettext("On"), "on", on), (tr.gettext("Off"), "off", not on))
    row = (option(state, label, page, value, on=it) for label, value, it in choices)
    return (in_order(tr, row),)


def back(state: InForce, tr: Translator) -> tuple[Button, ...]:
    """The way to the main page."""
    return (button(state, tr.gettext("« Settings"), Page.MAIN),)


def chosen_page(data: Press) -> tuple[Page, str] | None:
    """The page that a payload is about, and the value it sets (empty: it only leads there)."""
    name, _, value = data.word.partition("=")
    return (Page(name), value) if name in set(Page) else None
