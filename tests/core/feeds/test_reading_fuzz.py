"""Damaged feeds and pages: whatever happens to their bytes, there is a feed or one clear reason."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.core import html
from bot.core.articles import page
from bot.core.articles.likeness import content_key, fingerprint
from bot.core.errors import FeedError
from bot.core.feeds import parse
from bot.core.model import Article, ArticleId, ChatKind, ParsedFeed, Story
from bot.core.posts.article import post
from bot.core.text import CAPTION_LIMIT, TEXT_LIMIT
from tests.support.feeds import ATOM, KINDS, check
from tests.support.shared import feed_files, needs_shared
from tests.support.telegram_parser import parse as judged

NOW = 1_800_000_000
ZONE = ZoneInfo("Asia/Jakarta")
TRANSLATOR = i18n.load("id", ZONE)
ADDRESS = "https://paper.example/feed"
FEEDS = 40
"""So many of the real ones are damaged, three times each."""
PIECES = (
    b"<", b">", b"&", b"</item>", b"<item>", b"<![CDATA[", b"]]>", b"<b>", b'"', b"<!--", b"\x00",
    b"</description>", b"&#x110000;", b"&#55296;", b"\xff\xfe", b"\xed\xa0\x80", b"{", b"}", b"%",
)  # fmt: skip


def damaged(body: bytes, chance: random.Random) -> bytes:
    """One of the things that happen to bytes in transit."""
    size = len(body)
    at = chance.randrange(size)
    match chance.randrange(6):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + body[at + chance.randrange(1, 400) :]
        case 2:
            flipped = bytearray(body)
            for _ in range(max(3, size // 3000)):
                flipped[chance.randrange(size)] = chance.randrange(256)
            return bytes(flipped)
        case 3:
            return body[:at] + chance.choice(PIECES) + body[at:]
        case 4:
            return body[:at] + body[at : at + 500] * 2 + body[at + 500 :]
        case _:
            return body.replace(b"<![CDATA[", b"").replace(b"]]>", b"")


def read(body: bytes) -> ParsedFeed | None:
    try:
        return parse.parse(body, address=ADDRESS, now=NOW, zone=ZONE)
    except FeedError:
        return None


def judge(parsed: ParsedFeed | None, name: str) -> None:
    """Fit to be shown, and valid for Telegram's own parser."""
    for story in parsed.stories[:5] if parsed else ():
        check(story, name)
        assert fingerprint(story) == fingerprint(story)
        assert content_key(story)
        shown = html.Html(f"<b>{html.escape(story.headline)}</b> {html.escape(story.lead)}x")
        judged(html.cut(shown, 300))
        told = post(
            article_of(story),
            TRANSLATOR,
            bot_username="k",
            kind=ChatKind.GROUP,
            commenting=True,
            now=NOW,
        )
        assert len(judged(told.text)[0]) <= (CAPTION_LIMIT if told.photo else TEXT_LIMIT), name


def article_of(story: Story) -> Article:
    """As it would be kept."""
    return Article(
        id=ArticleId(1),
        headline=story.headline,
        link=story.link,
        lead=story.lead,
        body=story.body,
        picture=story.picture,
        source=story.source,
        author=story.author,
        topics=story.topics,
        published=story.published,
        feed_title="Kabar Kota",
    )


@needs_shared
@pytest.mark.long
def test_damaged_real_feeds() -> None:
    chance = random.Random(20240301)
    files = [path for path in feed_files() if path.stat().st_size < 150_000]
    for path in chance.sample(files, FEEDS):
        body = path.read_bytes()
        for _ in range(3):
            judge(read(damaged(body, chance)), path.name)


@pytest.mark.parametrize("kind", KINDS)
def test_own_feeds_cut_at_every_place(kind: str) -> None:
    body = KINDS[kind].encode()
    for at in range(0, len(body), 3):
        judge(read(body[:at]), kind)


@given(st.binary(max_size=300))
def test_noise(body: bytes) -> None:
    judge(read(body), "noise")


@given(st.integers(0, len(ATOM) - 1), st.sampled_from(PIECES))
def test_pieces_in_the_wrong_place(at: int, piece: bytes) -> None:
    body = ATOM.encode()
    judge(read(body[:at] + piece + body[at:]), "atom")


@given(st.text(max_size=300))
def test_any_text_as_title_and_content(text: str) -> None:
    told = text.replace("]]>", "")
    body = (
        "<rss><channel><item><guid>tag:x,2024:1</guid>"
        f"<title><![CDATA[{told}]]></title><description><![CDATA[{told}]]></description>"
        "</item></channel></rss>"
    ).encode("utf-8", "replace")
    judge(read(body), "text")


@given(st.binary(max_size=400))
def test_noise_as_a_page(body: bytes) -> None:
    page.feed_links(body, address=ADDRESS)
    with suppress(FeedError):
        page.read_page(body, address=ADDRESS, now=NOW)


def test_damage_is_the_same_every_time() -> None:
    body = Path(__file__).read_bytes()
    assert damaged(body, random.Random(1)) == damaged(body, random.Random(1))
