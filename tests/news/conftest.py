"""A newsroom's feed over real HTTP, and looks at it, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.conftest import NOON, Clock
from tests.support.feed_site import Item, Site, open_site
from tests.support.looks import Looks, looking

HOUR = 3600
DAY = 86_400


def piece(name: str, *, hours: float = 0, **more: object) -> Item:
    """An article with words of its own; `hours` after noon."""
    values: dict[str, object] = {
        "title": f"Kabar {name} dari kota",
        "link": f"https://paper.example/2023/08/{name}.html",
        "guid": f"tag:paper.example,2023:{name}",
        "body": f"Jakarta - Warga membicarakan {name} sejak pagi, dan pemerintah kota berjanji "
        f"membahas {name} dalam rapat pekan depan.",
        "published": NOON + int(hours * HOUR),
    }
    return Item(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
async def looks(db: Database, clock: Clock) -> AsyncIterator[Looks]:
    async with looking(db, clock) as opened:
        yield opened


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site(
        piece("jalan", hours=-1), piece("pasar", hours=-3), piece("sungai", hours=-5)
    ) as opened:
        opened.validators = False
        yield opened


@pytest.fixture
async def known(looks: Looks, site: Site) -> Looks:
    """A feed that was looked at once."""
    await looks.follow(site.feed)
    await looks.look()
    return looks
