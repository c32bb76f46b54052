"""What a feed's title says about the feed is not part of its paper's name."""

from __future__ import annotations

import pytest

from bot.core.articles.paper_name import paper_name


@pytest.mark.parametrize(
    "title",
    [
        "Koran Kita RSS Feed", "RSS Feed Koran Kita", "Koran Kita - RSS", "RSS: Koran Kita",
        "Latest News Feed - Koran Kita", "Koran Kita Latest News Feed", "Koran Kita » Feed",
        "Koran Kita » Berita", "Koran Kita | All", "Koran Kita | Terkini", "Koran Kita RSS 2.0",
        "Koran Kita (RSS)", "Koran Kita Atom Feed", "Koran Kita - Atom",
        "Koran Kita: Berita Terkini",
        "Berita Terkini dari Koran Kita", "Latest articles from Koran Kita", "Beranda - Koran Kita",
        "Tin mới nhất - Koran Kita RSS", "Koran Kita - آخر الأخبار", "Новости - Koran Kita",
        "Koran Kita - News, Business, Culture & Multimedia from Sumatra",
        "Koran Kita : Berita Hari Ini, Kabar Terbaru Terkini Indonesia dan Dunia",
        "Portal Berita Terkini | Koran Kita", "Koran Kita",
    ],
)  # fmt: skip
def test_the_paper_is_named_without_its_feed(title: str) -> None:
    assert paper_name(title) == "Koran Kita"


@pytest.mark.parametrize(
    "title",
    [
        "", "RSS", "Berita Terkini", "RSS.com", "BBC News", "World news | The Guardian",
        "Reader Feedback", "The Feed", "NPR Topics: World", "Kabar Rakyat: Politik",
        "Humas - Kementerian Pendidikan dan Kebudayaan Republik Indonesia", "Hacker News",
        "YANUB: yet another (nearly) useless blog",
    ],
)  # fmt: skip
def test_what_may_be_a_name_stays(title: str) -> None:
    assert paper_name(title) == title
