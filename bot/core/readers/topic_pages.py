"""/topics: pages of labels to switch on and off, in one message that is edited in place. Pure.

[✓ All news]  [Only some]
[✓ Economy]   [  Culture]      off leaves one out of all news, or out of those chosen
[◀]   2/3   [▶]                only: this one and no others (nothing was chosen yet)

As in `panels`, a button says what is to be. New labels join all news, never a choice of some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from bot.core.callbacks import Press, PressKind, encode
from bot.core.html import escape, fill, join
from bot.core.keyboards import grid, in_order, turning
from bot.core.language import Translator
from bot.core.model import Button, Post
from bot.core.readers import in_words
from bot.core.readers.in_words import Chosen
from bot.core.readers.panel_parts import WORDS, Page
from bot.core.readers.topics import PAGE, TopicLabel, offered
from bot.core.text import fit


class Wish(StrEnum):
    """What a button of these pages asks for."""

    ON = "on"
    OFF = "off"
    ONLY = "only"
    ALL = "all"
    NONE = "none"
    PICK = "pick"  # opens the same page with nothing chosen yet
    LEAF = "page"  # opens another page


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chat has chosen. `chat` and `thread` are for the payloads, `name` is that of a channel
    that is set up from elsewhere; `ids` are the topics that `chosen` names."""

    chosen: Chosen
    ids: frozenset[int] = frozenset()
    chat: int = 0
    thread: int = 0
    name: str = ""


class _Mode(Enum):
    ALL = auto()
    SOME = auto()
    PICK = auto()


def pages(
    labels: Sequence[TopicLabel], choice: Choice, tr: Translator, page: int, *, pick: bool
) -> Post:
    """A page (from 0; the last one for more). `pick`: nothing is ticked, the first tap chooses."""
    mode = _mode(choice, pick=pick)
    listed = offered(labels, choice.ids)
    count = max(1, -(-len(listed) // PAGE))
    page = min(page, count - 1)
    topics = [_topic(choice, one, mode, page) for one in listed[page * PAGE : (page + 1) * PAGE]]
    rows = [
        _modes(choice, mode, tr),
        *grid(tr, topics, 2),
        _turning(choice, mode, page, count, tr),
    ]
    by_words = Press(PressKind.SETTING, (choice.chat, choice.thread), f"{Page.TOPICS}={WORDS}")
    rows.append((Button(tr.gettext("🔎 By words"), data=encode(by_words)),))
    if choice.chosen.active:
        rows.append((_button(choice, tr.gettext("🔕 Unsubscribe"), Wish.NONE),))
    main = Press(PressKind.SETTING, (choice.chat, choice.thread), Page.MAIN)
    rows.append((Button(tr.gettext("« Settings"), data=encode(main)),))
    text = [
        fill("📢 <b>{name}</b>\n", name=choice.name)
        if choice.name
        else tr.html("🔔 <b>Topics</b>\n"),
        escape(in_words.chosen(choice.chosen, tr)),
        escape(_hint(mode, tr) if listed else tr.gettext("No article carries a topic yet.")),
    ]
    return Post(join("\n", text), keyboard=tuple(filter(None, rows)))


def _mode(choice: Choice, *, pick: bool) -> _Mode:
    one = choice.chosen
    if pick or not one.active or one.filter:
        return _Mode.PICK
    return _Mode.ALL if one.everything else _Mode.SOME


def _hint(mode: _Mode, tr: Translator) -> str:
    match mode:
        case _Mode.ALL:
            return tr.gettext("All topics with ✓, and new ones too. Tap one to leave it out.")
        case _Mode.SOME:
            return tr.gettext("Only topics with ✓. New topics don't join by themselves.")
        case _Mode.PICK:
            return tr.gettext("Tap a topic to get only that one; then add others.")


def _modes(choice: Choice, mode: _Mode, tr: Translator) -> tuple[Button, ...]:
    all_, some = (
        ("✓ " if mode is one else "") + label
        for one, label in (
            (_Mode.ALL, tr.gettext("All news")),
            (_Mode.SOME, tr.gettext("Only some")),
        )
    )
    pick = Wish.LEAF if mode is _Mode.SOME else Wish.PICK
    return in_order(tr, (_button(choice, all_, Wish.ALL), _button(choice, some, pick)))


def _topic(choice: Choice, label: TopicLabel, mode: _Mode, page: int) -> Button:
    on = mode is not _Mode.PICK and (label.id in choice.ids) is (mode is _Mode.SOME)
    wish = Wish.ONLY if mode is _Mode.PICK else Wish.OFF if on else Wish.ON
    return _button(choice, ("✓ " if on else "") + fit(label.name, 30), wish, label.id, page)


def _turning(
    choice: Choice, mode: _Mode, page: int, count: int, tr: Translator
) -> tuple[Button, ...]:
    if count == 1:
        return ()
    wish = Wish.PICK if mode is _Mode.PICK else Wish.LEAF
    here = f"{tr.number(page + 1)}/{tr.number(count)}"
    back, leaf, on = (
        _button(choice, here, wish, page=(page + step) % count) for step in (-1, 0, 1)
    )
    return turning(tr, back.data, on.data, leaf)[0]


def _button(choice: Choice, label: str, wish: Wish, topic: int = 0, page: int = 0) -> Button:
    numbers = (choice.chat, choice.thread, topic, page)
    return Button(label, data=encode(Press(PressKind.TOPIC, numbers, wish.value)))
