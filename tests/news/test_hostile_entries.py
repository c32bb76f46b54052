"""Whatever stands in a feed can be stored, indexed and found again, on both databases."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.search.query import parse
from storage import Database, remembered, search
from tests.conftest import JAKARTA, NOON, Clock
from tests.news.polled import PollerKit, open_poller


@pytest.fixture
async def kit(db: Database, clock: Clock) -> AsyncIterator[PollerKit]:
    async with open_poller(db, clock) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def noise(length: int, seed: int) -> str:
    """Letters that no database can make shorter."""
    dice = random.Random(seed)
    return "".join(dice.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(length))


HOSTILE = {
    "long": noise(5_000, 1),
    "rather long": noise(1_900, 3),
    "longer than a key": noise(2_700, 4),
    "wide": "".join(map(chr, random.Random(5).sample(range(0x4E00, 0x9FFF), 1_500))),
    "very long": noise(200_000, 2),
    "many long words": " ".join(noise(3_000, seed) for seed in range(30)),
    "nul": "ka\x00bar\x00",
    "escaped nul": r"ka\u0000bar \\u0000 \x00",
    "half a pair": "ka\ud800bar \udc00",
    "not characters": "\ufffe\uffff\U0010ffff \x01\x08\x7f\x9f",
    "other scripts": "漢字" * 3_000,
    "combining": "a" + "\u0301" * 4_000,
    "quotes": "'\"`$$;-- \\ % _ :name $1 ::text {} [] \n\r\t",
    "query": 'AND OR NOT "* ( ) & | ! <-> :* NEAR/3 ^title:',
}
FIELDS = ("id", "url", "title", "content_text", "tags", "authors", "image", "language")


def entry(number: int, field: str, words: str) -> dict[str, Any]:
    one: dict[str, Any] = {
        "id": f"tag:paper.example,2023:{number}",
        "url": f"https://paper.example/{number}",
        "title": f"Berita {number}",
        "content_text": f"Isi berita {number} yang cukup panjang untuk dibaca.",
    }
    wrapped: dict[str, Any] = {
        "tags": [words, "Ekonomi"],
        "authors": [{"name": words}],
        "url": f"https://paper.example/{number}/{words}",
        "image": f"https://paper.example/{words}/{number}.jpg",
        "title": f"Berita {number} {words}",
        "content_text": f"Isi berita {number} yang {words} panjang.",
    }
    return one | {field: wrapped.get(field, words)}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_entry_is_stored_and_keeps_no_other(
    kit: PollerKit, db: Database, kind: str
) -> None:
    items = [entry(number, field, HOSTILE[kind]) for number, field in enumerate(FIELDS, 1)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": HOSTILE[kind], "items": items}
    kit.site.raw = json.dumps(feed).encode()
    await kit.look()
    assert await kit.rows("SELECT * FROM set_aside") == []
    found = await kit.rows("SELECT id, headline FROM article")
    assert len(found) == len(items)
    for text in ("berita 3", HOSTILE[kind][:4096], f'"{HOSTILE[kind][:300]}"'):
        async with db.reading() as cx:
            page = await search.search(cx, parse(text, JAKARTA), now=NOON)
        async with db.transaction() as tx:
            number = await remembered.remember(tx, text, now=NOON)
        async with db.reading() as cx:
            assert await remembered.query(cx, number) is not None
        if text == "berita 3":
            assert page.total
    await kit.look()
    assert len(await kit.rows("SELECT id FROM article")) == len(items)
