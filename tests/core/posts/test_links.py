"""Where 📖 leads: with the operator's parameters, nowhere else, and never in place of the site's
own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.language import Translator
from bot.core.model import Article, ArticleId, ChatKind, TelegramId
from bot.core.posts.article import post
from bot.core.posts.links import LinkStyle, message_address, unknown_places

ARTICLE = Article(
    ArticleId(12), "Harga beras", link="https://paper.example/a?id=3#isi", topics=("Luar Negeri",)
)
STYLE = LinkStyle("utm_source=telegram&utm_medium={kind}&utm_campaign={topic}&a={article}", "ab12")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ChatKind.PRIVATE, "private"),
        (ChatKind.SUPERGROUP, "group"),
        (ChatKind.GROUP, "group"),
        (ChatKind.CHANNEL, "channel"),
    ],
)
def test_parameters_with_their_places(kind: ChatKind, name: str) -> None:
    assert STYLE.read_on(ARTICLE, kind) == (
        f"https://paper.example/a?id=3&utm_source=telegram&utm_medium={name}"
        "&utm_campaign=Luar+Negeri&a=12#isi"
    )


def test_parameters_of_the_site_stay() -> None:
    own = replace(ARTICLE, link="https://paper.example/a?utm_source=rss", topics=())
    assert STYLE.inline(own) == (
        "https://paper.example/a?utm_source=rss&utm_medium=inline&utm_campaign=&a=12"
    )


def test_without_settings_or_address_nothing_changes() -> None:
    assert LinkStyle().read_on(ARTICLE, ChatKind.PRIVATE) == ARTICLE.link
    assert STYLE.read_on(replace(ARTICLE, link=""), ChatKind.PRIVATE) == ""


def test_only_the_button_carries_them_and_the_preview_is_instant(english: Translator) -> None:
    shown = post(
        ARTICLE, english, bot_username="k", kind=ChatKind.PRIVATE, commenting=False, now=0,
        style=STYLE,
    )  # fmt: skip
    assert "utm_source" in shown.keyboard[0][0].url
    assert "utm_source" not in shown.text
    assert shown.preview == (
        "https://t.me/iv?url=https%3A%2F%2Fpaper.example%2Fa%3Fid%3D3%23isi&rhash=ab12"
    )


def test_unknown_places_are_named() -> None:
    assert unknown_places("a={kind}&b={chat}&c={x") == ["chat", "x"]


def test_the_address_of_a_message() -> None:
    assert message_address(TelegramId(-1001234), "", 5) == "https://t.me/c/1234/5"
    assert message_address(TelegramId(-1001234), "kabar", 5) == "https://t.me/kabar/5"
    assert message_address(TelegramId(-77), "", 5) == ""
