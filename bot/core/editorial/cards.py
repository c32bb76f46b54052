"""An article's card for the editors: the post as it will look, its state, what can be done. Layout
only.

🗂 #12 · waits · goes out by itself 14:35
(the post)
[🚀 Post now] [⏰ Later]  [✏️ Words] [🖼 Picture]  [📢 Breaking] [🔕 No sound]  [⛔ Stop]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from bot.core.callbacks import Press, PressKind, encode
from bot.core.editorial.desk import EditorialState, Hold, suggested_times
from bot.core.html import Html, fill, join, link
from bot.core.language import Translator
from bot.core.model import Article, Button, ChatKind, Keyboard, Post
from bot.core.posts.article import post as article_post
from bot.core.text import fit

_HEADLINE, _FILE_NAME = 120, 60


def card(
    article: Article, standing: EditorialState, tr: Translator, *, bot_username: str, now: int
) -> Post:
    """The card: what readers see (or will see), under a line that gives its state."""
    shown = article_post(
        article,
        tr,
        bot_username=bot_username,
        kind=ChatKind.CHANNEL,
        commenting=False,
        now=now,
        reserve=200,
    )
    text = join("\n\n", [state_line(standing, tr, now=now), shown.text])
    return replace(shown, text=text, keyboard=menu(standing, tr, now=now))


def state_line(one: EditorialState, tr: Translator, *, now: int) -> Html:
    """`🗂 #12 · ...`: its state, and what editors chose for it."""
    chosen = [
        text
        for text, on in (
            (tr.html("📢 breaking, also in quiet hours"), one.breaking == 2),
            (tr.html("📢 breaking"), one.breaking == 1),
            (tr.html("🔕 without sound"), one.silent),
            (tr.html("✏️ our own words"), one.own_headline or one.own_lead),
            (tr.html("🖼 our own picture"), bool(one.own_picture)),
        )
        if on
    ]
    number = fill("🗂 <b>#{id}</b>", id=one.article_id)
    return Html(tr.line((number, state(one, tr, now=now), *chosen)))


def state(  # noqa: PLR0911 - one state a line is the clearest table
    one: EditorialState, tr: Translator, *, now: int
) -> Html:
    """Its state, in words."""
    if one.retracted:
        return tr.html("withdrawn")
    if one.going and not one.delivered:
        return tr.html("on its way")
    if one.out:
        return tr.nhtml("posted to {n} chat", "posted to {n} chats", one.delivered)
    match one.hold:
        case Hold.HELD if one.release_at is not None:
            return tr.html(
                "waits; goes out by itself {time}", time=tr.when(one.release_at, now=now)
            )
        case Hold.HELD:
            return tr.html("waits for an editor")
        case Hold.SCHEDULED if one.release_at is not None:
            return tr.html("goes out {time}", time=_time(one.release_at, tr, now))
        case Hold.STOPPED:
            return tr.html("stopped")
        case _:
            return tr.html("kept, not posted")


def menu(one: EditorialState, tr: Translator, *, now: int) -> Keyboard:
    """Buttons for what can be done now."""
    if one.retracted:
        return ()
    rows = []
    if not one.out:
        rows.append([(tr.gettext("🚀 Post now"), "now"), (tr.gettext("⏰ Later"), "later")])
    rows.append([(tr.gettext("✏️ Words"), "words"), (tr.gettext("🖼 Picture"), "picture")])
    if not one.out:
        rows.append(
            [
                (tr.gettext("📢 Breaking") + (" ✓" if one.breaking else ""), "breaking"),
                (tr.gettext("🔕 No sound") + (" ✓" if one.silent else ""), "silent"),
            ]
        )
    last = [(tr.gettext("🧭 Where to"), "routes")]
    if one.waits and not one.out:
        last.insert(0, (tr.gettext("⛔ Stop"), "stop"))
    rows.append(last)
    if one.undoable(now):
        rows.append([(tr.gettext("↩ Undo"), "undo")])
    return tuple(tuple(_button(one, text, word) for text, word in row) for row in rows)


def ask_stop(one: EditorialState, tr: Translator) -> Keyboard:
    """⛔ asks for confirmation."""
    return (
        (_button(one, tr.gettext("⛔ Yes, do not post it"), "stop!"),),
        (_button(one, tr.gettext("↩ Back"), "main"),),
    )


def ask_time(one: EditorialState, tr: Translator, *, now: int) -> Keyboard:
    """⏰: some times as buttons; any other can be typed."""
    buttons = [
        _button(one, f"⏰ {_time(at, tr, now)}", f"at{at}") for at in suggested_times(now, tr.zone)
    ]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    rows.append((_button(one, tr.gettext("⌨️ Another time"), "time"),))
    return (*rows, (_button(one, tr.gettext("↩ Back"), "main"),))


def ask_words(one: EditorialState, tr: Translator) -> Keyboard:
    """✏️: asks which words to change."""
    rows: list[tuple[Button, ...]] = [
        (
            _button(one, tr.gettext("✏️ Headline"), "headline"),
            _button(one, tr.gettext("✏️ Lead"), "lead"),
        )
    ]
    if one.own_headline or one.own_lead:
        rows.append((_button(one, tr.gettext("✏️ Back to the site's words"), "original"),))
    return (*rows, (_button(one, tr.gettext("↩ Back"), "main"),))


def ask_picture(one: EditorialState, found: Sequence[str], shown: str, tr: Translator) -> Post:
    """🖼: asks for one of the pictures found, by its number (`shown`: the one that posts show now),
    one of the editor's own, or none."""
    head = (
        tr.html("🖼 <b>Pictures for #{id}</b>, by their numbers:", id=one.article_id)
        if found
        else tr.html("🖼 <b>A picture for #{id}</b>", id=one.article_id)
    )
    lines = [
        fill("{n}. {name}", n=n, name=link(_file_name(address), address))
        for n, address in enumerate(found, 1)
    ]
    marks = ["✓ " if address == shown else "" for address in found]
    numbers = [_button(one, f"{mark}{n}", f"pic{n}") for n, mark in enumerate(marks, 1)]
    rows = [tuple(numbers[at : at + 4]) for at in range(0, len(numbers), 4)]
    rows.append(
        (
            _button(one, tr.gettext("🖼 Send one"), "image"),
            _button(one, tr.gettext("🖼 None"), "noimage"),
        )
    )
    if one.own_picture:
        rows.append((_button(one, tr.gettext("🖼 The site's picture"), "ownimage"),))
    return Post(join("\n", [head, *lines]), keyboard=tuple(rows))


def _file_name(address: str) -> str:
    parts = urlsplit(address)
    name = unquote(parts.path.rpartition("/")[2]) or address
    return f"{fit(name, _FILE_NAME)} ({parts.hostname})"


def ask_breaking(
    one: EditorialState, tr: Translator, *, readers: int, minutes: int
) -> tuple[Html, Keyboard]:
    """📢: asks, with the number of chats it reaches and how long that takes."""
    text = tr.nhtml(
        "📢 Breaking news goes out first and bypasses digests and limits: {n} chat, about "
        "{span}. In quiet hours too?",
        "📢 Breaking news goes out first and bypasses digests and limits: {n} chats, about "
        "{span}. In quiet hours too?",
        readers,
        span=tr.span(max(60, minutes * 60)),
    )
    rows: list[tuple[Button, ...]] = [
        (_button(one, tr.gettext("📢 Breaking, not in quiet hours"), "break1"),),
        (_button(one, tr.gettext("📢 In quiet hours too"), "break2"),),
    ]
    if one.breaking:
        rows.append((_button(one, tr.gettext("📢 Not breaking"), "break0"),))
    return text, (*rows, (_button(one, tr.gettext("↩ Back"), "main"),))


def listing(found: Sequence[tuple[EditorialState, str, Html]], tr: Translator, *, now: int) -> Post:
    """`/desk`: the newest articles with their state and where they go (`routes.summary`), with a
    button to open each."""
    if not found:
        return Post(tr.html("🗂 No articles yet."))
    lines = [
        join(
            "\n",
            [
                fill(
                    "<b>#{id}</b> {headline}\n<i>{state}</i>",
                    id=one.article_id,
                    headline=fit(" ".join(headline.split()), _HEADLINE) or "…",
                    state=state(one, tr, now=now),
                ),
                *([where] if where else []),
            ],
        )
        for one, headline, where in found
    ]
    buttons = [_button(one, f"#{one.article_id}", "open") for one, _, _ in found]
    rows = tuple(tuple(buttons[at : at + 5]) for at in range(0, len(buttons), 5))
    return Post(join("\n\n", [tr.html("🗂 <b>The newest articles</b>"), *lines]), keyboard=rows)


def _button(one: EditorialState, text: str, word: str) -> Button:
    return Button(text, data=encode(Press(PressKind.EDIT, (one.article_id, one.version), word)))


def _time(at: int, tr: Translator, now: int) -> str:
    return tr.time(at) if tr.date(at) == tr.date(now) else tr.moment(at)
