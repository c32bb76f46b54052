"""Latin words keep their place in a text that is read from right to left."""

from __future__ import annotations

from datetime import UTC

import pytest

from bot.core.bidi import marked
from bot.i18n import load
from tests.support.telegram_parser import parse

L, R = "\u200c\u200e", "\u200f"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("كل الأوامر في /help.", f"كل الأوامر في {L}/help."),
        ("أو عبر /latest و/search.", f"أو عبر {L}/latest و{L}/search."),
        (
            "مثلًا: /digest 07:00، /digest off",
            f"مثلًا: {L}/digest 07:00،{R} {L}/digest off",
        ),
        (
            "<code>/search {words}</code>، <b>a</b>",
            f"{R}{L}<code>/search {{words}}</code>،{R} <b>a</b>",
        ),
        ("<code>@{bot} {words}</code>", f"{L}<code>@{{bot}} {{words}}</code>"),
        ("+{n} مشابهة", f"{R}{L}+{{n}} مشابهة"),
        ("<b>أ</b>\n{name}: ب\n/help", f"<b>أ</b>\n{R}{{name}}: ب\n{L}/help"),
        ("{name}", "{name}"),
        (f"{L}/help", f"{L}/help"),
        (
            "https://x.example/a/b a@b.example 1/2 </b>",
            "https://x.example/a/b a@b.example 1/2 </b>",
        ),
        ("أ، ب", "أ، ب"),
    ],
)
def test_signs_and_commas_are_marked(text: str, shown: str) -> None:
    assert marked(text) == shown
    assert marked(shown) == shown


def test_arabic_is_marked_and_stays_readable_to_telegram() -> None:
    arabic = load("ar", UTC)
    unknown = arabic.gettext("Unknown command. /help lists all commands.")
    assert f"{L}/help" in unknown
    markup = arabic.html("🔎 In any chat: <code>@{bot} {words}</code>", bot="kabar_bot", words="x")
    shown, _ = parse(str(markup))
    assert f"{L}@kabar_bot x" in shown
    line = f"{arabic.command('help')} – {arabic.line(['a', arabic.gettext('+{n} similar', n=4)])}"
    assert "\u200f\u200e" not in line + shown  # Telegram would leave but the last


def test_lines_begin_at_the_right() -> None:
    arabic, english = load("ar", UTC), load("en", UTC)
    assert arabic.line(("CNN", "", "2 سبتمبر")) == f"{R}CNN · {R}2 سبتمبر"
    assert english.line(("CNN", "", "2 September")) == "CNN · 2 September"
    assert arabic.command("help") == f"{R}{L}/help"
    assert [one.listed("ab") for one in (arabic, english)] == [f"a،{R} b", "a, b"]
    assert load("ru", UTC).gettext("Unknown command. /help lists all commands.").isprintable()
