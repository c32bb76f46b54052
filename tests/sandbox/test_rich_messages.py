"""Rich messages at the stand-in: what becomes of their HTML, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

import bot.sandbox
from bot.core.model import Article, ArticleId, CorrectionKind, Mark, Picture
from bot.core.posts import reading
from bot.core.posts.content_kinds import KeptFor
from bot.core.posts.reading import ReadingRoom
from bot.core.posts.sponsors import Sponsor
from bot.core.readers.digests import digest
from bot.i18n import load
from bot.sandbox.errors import ApiError, Unsupported
from bot.sandbox.richtext import BLOCKS_MOST, DEPTH_MOST, TEXT_MOST, plain, read


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("kata", [{"type": "paragraph", "text": "kata"}]),
        ("<h1>A &amp; B</h1>", [{"type": "heading", "text": "A & B", "size": 1}]),
        (
            '<p>a <b>b</b> <a href="https://x.example/">c</a></p>',
            [
                {
                    "type": "paragraph",
                    "text": [
                        "a ",
                        {"type": "bold", "text": "b"},
                        " ",
                        {"type": "url", "text": "c", "url": "https://x.example/"},
                    ],
                }
            ],
        ),
        ("<p>a<br/>b</p><hr/>", [{"type": "paragraph", "text": "a\nb"}, {"type": "divider"}]),
        (
            "<ul><li>a</li><li><p>b</p></li></ul>",
            [
                {
                    "type": "list",
                    "items": [
                        {"label": "•", "blocks": [{"type": "paragraph", "text": "a"}]},
                        {"label": "•", "blocks": [{"type": "paragraph", "text": "b"}]},
                    ],
                }
            ],
        ),
        (
            "<details open><summary>s</summary><p>t</p></details>",
            [
                {
                    "type": "details",
                    "blocks": [{"type": "paragraph", "text": "t"}],
                    "summary": "s",
                    "is_open": True,
                }
            ],
        ),
        ('<p><a href="javascript:x">t</a></p>', [{"type": "paragraph", "text": "t"}]),
    ],
)
def test_markup_becomes_blocks(markup: str, blocks: list[dict[str, Any]]) -> None:
    assert read(markup).blocks == blocks


def test_the_words_of_blocks_stand_apart() -> None:
    assert plain(read("<h2>a <i>b</i></h2><p>c</p><ul><li>d</li></ul>").blocks) == "a b\n\nc\n\nd"


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<p></p>",
        "<script>x</script>",
        "<p>a",
        "<p>a</b></p>",
        "<p><h1>a</h1></p>",
        "<p><img src='https://x.example/a.jpg'/></p>",
        "<b/>",
        "x" * (TEXT_MOST + 1),
        "<p>a</p>" * (BLOCKS_MOST + 1),
        "<blockquote>" * (DEPTH_MOST + 1) + "a" + "</blockquote>" * (DEPTH_MOST + 1),
    ],
)
def test_what_telegram_would_not_take_is_refused(markup: str) -> None:
    with pytest.raises(ApiError) as raised:
        read(markup)
    assert raised.value.code == 400


def test_what_is_not_played_is_not_called_wrong() -> None:
    with pytest.raises(Unsupported):
        read("<table><tr><td>a</td></tr></table>")


def test_every_block_that_the_bot_sends_is_drawn_by_the_page() -> None:
    """The others are refused by name: `test_what_is_not_played_is_not_called_wrong`."""
    article = Article(
        ArticleId(1), "A & B", link="https://x.example/", body="a\n\nb", source="CNN",
        picture=Picture("https://x.example/a.jpg", "Foto", "Ani"), published=0,
        mark=Mark(CorrectionKind.CORRECTED, 0, "angka"),
    )  # fmt: skip
    tr = load("ar", UTC)
    room = ReadingRoom(tr, "kabar_bot", commenting=True, now=1)
    sponsor = Sponsor(1, "https://x.example/", "Kopi", 0, 9, 1)
    told = digest([article], KeptFor.DIGEST, tr, now=1, private=True, sponsor=sponsor)
    sent = [reading.rich(article, room), told and told.rich]
    drawn = (Path(bot.sandbox.__file__).parent / "static" / "blocks.js").read_text("utf-8")
    kinds = {kind for one in sent if one for kind in kinds_of(read(str(one.html)).blocks)}
    assert kinds >= {"heading", "paragraph", "photo", "divider", "url", "italic"}
    for kind in kinds:
        assert f'"{kind}"' in drawn or f"{kind}:" in drawn, kind


def kinds_of(value: Any) -> Iterator[str]:
    """The types of blocks and of parts of texts."""
    if isinstance(value, dict):
        yield from (value["type"],) if "type" in value else ()
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from kinds_of(one)
