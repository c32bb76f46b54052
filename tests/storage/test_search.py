"""The index and its answers on a real database."""

from __future__ import annotations

import pytest

from bot.core.model import ArticleId, Story
from bot.core.search.found import SearchPage
from bot.core.search.query import clean, parse, similar_to
from storage import (
    Database,
    articles,
    indexing,
    remembered,
    search,
)
from tests.conftest import JAKARTA, NOON
from tests.storage.conftest import Filled

DAY = 86_400


async def put(db: Database, story: Story, *, feed: int | None = None, at: int = NOON) -> ArticleId:
    async with db.transaction() as tx:
        article_id = await articles.add(tx, story, feed_id=feed, origin="feed", now=at)  # type: ignore[arg-type]
        await indexing.index(tx, article_id)
    return article_id


def story(headline: str, body: str = "", **more: object) -> Story:
    return Story(key=headline, headline=headline, body=body, **more)  # type: ignore[arg-type]


async def find(
    db: Database, text: str, *, now: int = NOON, offset: int = 0, limit: int = 7
) -> SearchPage:
    async with db.reading() as cx:
        return await search.search(cx, parse(text, JAKARTA), now=now, offset=offset, limit=limit)


async def found(db: Database, text: str, **more: int) -> list[str]:
    return [hit.headline for hit in (await find(db, text, **more)).hits]


async def small_archive(db: Database) -> None:
    """A small archive: three sources, two feeds, topics, days."""
    async with db.transaction() as tx:
        await tx.run("INSERT INTO feed (id, address, title) VALUES (1, 'a', 'MAJALAHJURNALIS.Com')")
        await tx.run("INSERT INTO feed (id, address, name, title) VALUES (2, 'b', 'Harian', 'x')")
    talks = story(
        "AS: Rusia-Korut Negosiasi Senjata",
        "Putin menawarkan persenjataan. Pertemuan di Vladivostok.",
        source="CNN Indonesia",
        topics=("Luar Negeri",),
        published=NOON - 3 * DAY,
    )
    await put(db, talks, feed=1)
    price = story("Harga beras naik", "Pemerintah menambah pasokan.", topics=("Ekonomi",))
    await put(db, price, feed=1, at=NOON - 2 * DAY)
    await put(db, story("Rusia menambah drone", "Kata menteri."), feed=2, at=NOON - DAY)
    await put(db, story("Impor lama", "beras", link="https://www.tempo.co/1"), at=NOON - 9 * DAY)


@pytest.fixture
async def news(filled: Filled) -> Database:
    return await filled(small_archive)


@pytest.mark.parametrize(
    ("text", "headlines"),
    [
        ("negosiasi senjata", ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("NEGOSIASIKAN bersenjata", ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("kementerian", ["Rusia menambah drone"]),
        ("memerintah", ["Harga beras naik"]),
        ("rusia", ["Rusia menambah drone", "AS: Rusia-Korut Negosiasi Senjata"]),
        ("rusia -drone", ["AS: Rusia-Korut Negosiasi Senjata"]),
        ('"menambah drone"', ["Rusia menambah drone"]),
        ('"drone menambah"', []),
        ('"bersenjata"', []),
        ('"persenjataan"', ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("as rusia-korut", ["AS: Rusia-Korut Negosiasi Senjata", "Rusia menambah drone"]),
        ("sumber:cnn", ["AS: Rusia-Korut Negosiasi Senjata"]),
        ('source:"CNN indonesia" rusia', ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("sumber:jurnalis", ["Harga beras naik"]),
        ("sumber:harian", ["Rusia menambah drone"]),
        ("sumber:tempo.co", ["Impor lama"]),
        ("sumber:cnn sumber:harian", ["Rusia menambah drone", "AS: Rusia-Korut Negosiasi Senjata"]),
        ("-sumber:cnn rusia", ["Rusia menambah drone"]),
        ("sumber:kompas", []),
        ("sumber:kompas rusia", []),
        ("-sumber:kompas beras", ["Harga beras naik", "Impor lama"]),
        ("topik:ekonomi", ["Harga beras naik"]),
        ('topik:"luar negeri"', ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("topik:luar topik:ekonomi", []),
        ("-topik:luar rusia", ["Rusia menambah drone"]),
        ("-rusia", ["Harga beras naik", "Impor lama"]),
        ("sejak:2023-08-29", ["Rusia menambah drone", "Harga beras naik"]),
        ("sampai:2023-08-28 sejak:28/08/2023", ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("beras sampai:2023-08-25", ["Impor lama"]),
        ("sejak:2024", []),
        ("berita terbaru sumber:cnn", ["AS: Rusia-Korut Negosiasi Senjata"]),
        ("apa topik:ekonomi", ["Harga beras naik"]),
        ("latest news since:2023-08-29", ["Rusia menambah drone", "Harga beras naik"]),
        ("!!!", []),
        ("§", []),
    ],
)
async def test_finds(news: Database, text: str, headlines: list[str]) -> None:
    assert await found(news, text) == headlines


async def test_fills_a_page_with_some_of_the_words(news: Database) -> None:
    page = await find(news, "senjata vladivostok drone")
    assert [(hit.headline, hit.partial) for hit in page.hits] == [
        ("AS: Rusia-Korut Negosiasi Senjata", True),
        ("Rusia menambah drone", True),
    ]
    page = await find(news, "rusia drone")
    assert [hit.partial for hit in page.hits] == [False, True]
    assert (await find(news, "rusia drone", limit=1)).total == 2
    assert await found(news, "rusia tidakada -drone") == ["AS: Rusia-Korut Negosiasi Senjata"]


async def test_what_is_about_the_query_comes_before_what_happens_to_hold_it(db: Database) -> None:
    filler = "kata " * 80
    await put(db, story("Tambang ditutup", f"mobil {filler} listrik {filler} murah"))
    await put(db, story("Mobil listrik buatan Bandung", "diproduksi tahun depan"))
    await put(db, story("Pasar malam", f"{filler} murah"))
    page = await find(db, "mobil listrik murah")
    assert [(hit.headline, hit.partial) for hit in page.hits] == [
        ("Mobil listrik buatan Bandung", True),
        ("Tambang ditutup", False),
        ("Pasar malam", True),
    ]


async def test_a_time_in_words_is_filled_up_with_other_times(db: Database) -> None:
    for n, headline in enumerate(["Rupiah menguat", "Rupiah melemah", "Rupiah stabil"]):
        await put(db, story(headline), at=NOON - n * DAY)
    async with db.reading() as cx:
        asked = parse("rupiah hari ini", JAKARTA, now=NOON)
        page = await search.search(cx, asked, now=NOON)
        assert [(hit.headline, hit.elsewhen) for hit in page.hits] == [
            ("Rupiah menguat", False),
            ("Rupiah melemah", True),
            ("Rupiah stabil", True),
        ]
        asked = parse("rupiah hari ini sampai:2023-08-30", JAKARTA, now=NOON)
        assert not (await search.search(cx, asked, now=NOON)).hits


async def test_a_hit_has_all_that_is_shown(news: Database) -> None:
    (hit,) = (await find(news, "senjata korut")).hits
    assert (hit.source, hit.published) == ("CNN Indonesia", NOON - 3 * DAY)
    assert [one.text for one in hit.title if one.marked] == ["Korut", "Senjata"]
    assert [one.text for one in hit.snippet if one.marked] == ["persenjataan"]
    assert hit.snippet_text == "Putin menawarkan persenjataan. Pertemuan di Vladivostok."
    (hit,) = (await find(news, "harga")).hits
    assert (hit.source, hit.published) == ("MAJALAHJURNALIS.Com", None)


async def test_a_feed_that_is_renamed_is_found_by_its_new_name(news: Database) -> None:
    async with news.transaction() as tx:
        await tx.run("UPDATE feed SET name = 'Surat Kabar' WHERE id = 2")
    assert await found(news, "sumber:harian") == []
    assert await found(news, 'sumber:"surat kabar"') == ["Rusia menambah drone"]


async def test_the_index_follows_a_correction(news: Database) -> None:
    async with news.transaction() as tx:
        fixed = story("Gencatan", "Baru", source="Antara", published=NOON - 30 * DAY)
        await articles.correct(tx, ArticleId(1), fixed, now=NOON)
        await indexing.index(tx, 1)
    assert await found(news, "senjata") == []
    assert await found(news, "sumber:cnn") == []
    assert await found(news, "gencatan sumber:antara sampai:2023-08-05") == ["Gencatan"]


async def test_retracted_articles_are_not_found(news: Database) -> None:
    async with news.transaction() as tx:
        await articles.retract(tx, ArticleId(1), now=NOON)
    assert await found(news, "senjata") == []  # even before the index knows
    async with news.transaction() as tx:
        await indexing.index(tx, 1)
        assert await tx.value("SELECT count(*) FROM search_text") == 3
        await indexing.remove(tx, 3)
    assert await found(news, "rusia") == []


async def test_counts_follow_the_articles(news: Database) -> None:
    async with news.transaction() as tx:
        await indexing.index_many(tx, [1, 2, 2, 3, 999])
        await indexing.remove(tx, 4)
        await indexing.remove(tx, 4)
        total = await tx.row("SELECT articles, words FROM search_total")
        held = await tx.row("SELECT count(*) AS articles, sum(words) AS words FROM search_row")
    assert total is not None
    assert held is not None
    assert tuple(total) == tuple(held)


async def test_a_text_without_end_is_searched_in_its_first_part(db: Database) -> None:
    await put(db, story("Panjang", "awal " + "kata " * 200_000 + "akhir"))
    assert await found(db, "awal kata") == ["Panjang"]
    assert await found(db, "akhir") == []


async def test_the_lead_is_searched_where_the_text_lacks_it(db: Database) -> None:
    await put(db, story("Satu", "isi", lead="ringkasan"))
    await put(db, story("Dua", "", lead="ringkasan"))
    assert sorted(await found(db, "ringkasan")) == ["Dua", "Satu"]
    assert await found(db, "isi") == ["Satu"]


async def test_nothing_of_an_undone_transaction_is_found(news: Database) -> None:
    async def fail() -> None:
        async with news.transaction() as tx:
            one = await articles.add(tx, story("Gempa"), feed_id=None, origin="feed", now=NOON)
            await indexing.index(tx, one)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await found(news, "gempa") == []


async def test_articles_of_one_second_and_equal_low_bits(db: Database) -> None:
    await put(db, story("Gempa satu"))
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO article (id, content_key, fingerprint, headline, first_seen_at, sort_at,"
            " origin) SELECT id + 1048576, 'x', 'x', 'Gempa dua', first_seen_at, sort_at, origin"
            " FROM article"
        )
        await indexing.index(tx, 1 + 1048576)
    assert sorted(await found(db, "gempa")) == ["Gempa dua", "Gempa satu"]


async def test_pages_hold_still(db: Database) -> None:
    for n in range(30):
        await put(db, story(f"Gempa {n}", "kata " * n), at=NOON - n * 3600)
    before = await found(db, "gempa", limit=30)
    assert len(before) == 30
    await put(db, story("Gempa baru"), at=NOON + 60)
    pages: list[str] = []
    for offset in range(0, 35, 7):
        page = await find(db, "gempa", offset=offset)
        assert (page.total, page.capped, page.offset) == (30, False, offset)
        pages += [hit.headline for hit in page.hits]
    assert pages == before
    assert (await found(db, "gempa", now=NOON + 120, limit=31)).count("Gempa baru") == 1


async def test_one_story_told_again_is_one_result(db: Database) -> None:
    again = ["Bank Delta meluncurkan tabungan pelajar", "Tabungan pelajar diluncurkan Bank Delta"]
    best = await put(db, story("Bank Delta luncurkan tabungan pelajar", "Delta"), at=NOON)
    for n, headline in enumerate(again, start=1):
        await put(db, story(headline), at=NOON - n)
    others = [f"Delta sungai {name}" for name in ("Musi", "Barito", "Kapuas", "Mahakam")]
    for n, headline in enumerate(others, start=3):
        await put(db, story(headline), at=NOON - n)
    page = await find(db, "delta", limit=3)
    rest = await find(db, "delta", limit=3, offset=3)
    shown = [*page.hits, *rest.hits]
    assert sorted((one.headline, one.similar) for one in shown) == sorted(
        [("Bank Delta luncurkan tabungan pelajar", 2), *((name, 0) for name in others)]
    )
    assert (page.total, rest.total) == (5, 5)
    one_by_one = await find(db, similar_to("delta", best))
    assert {hit.headline for hit in one_by_one.hits} == {
        *again,
        "Bank Delta luncurkan tabungan pelajar",
    }
    assert {hit.similar for hit in one_by_one.hits} == {0}
    async with db.reading() as cx:
        whole = await search.search(cx, parse("delta", JAKARTA), now=NOON, folded=False)
    assert (whole.total, len(whole.hits)) == (7, 7)
    assert (await find(db, similar_to("delta", 999))).hits == ()


async def test_the_article_of_a_pasted_address_is_not_folded_away(db: Database) -> None:
    for n, headline in enumerate(["Bank Delta buka tabungan pelajar", "Bank Delta buka tabungan"]):
        link = f"https://x.example/{n}/bank-delta-buka-tabungan.html"
        await put(db, story(headline, link=link), at=NOON - n)
    for n in range(2):
        (hit,) = (await find(db, f"https://x.example/{n}/bank-delta-buka-tabungan.html")).hits
        assert (hit.link[18], hit.similar) == (str(n), 1)


async def test_long_queries_are_kept_for_their_buttons(db: Database) -> None:
    text = "negosiasi “senjata” " * 10
    async with db.transaction() as tx:
        number = await remembered.remember(tx, text, now=NOON)
        assert await remembered.remember(tx, text, now=NOON + 1) == number
        other = await remembered.remember(tx, "lain", now=NOON + 80 * DAY)
        assert await remembered.query(tx, number) == clean(text)
        await remembered.remember(tx, "baru", now=NOON + 100 * DAY)
        assert await remembered.query(tx, number) is None
        assert await remembered.query(tx, other) == "lain"
        assert await remembered.query(tx, 2**63 - 1) is None


async def test_a_pasted_address_finds_its_article_first(db: Database) -> None:
    await put(db, story("Gempa besar di Aceh", link="https://x.example/gempa-besar-di-aceh.html"))
    await put(db, story("Gempa di Aceh", link="https://x.example/2023/gempa.html"))
    asked = "https://www.x.example/2023/gempa.html?utm_source=telegram"
    assert (await found(db, asked))[0] == "Gempa di Aceh"
    assert (await found(db, "http://y.example/gempa-besar-di-aceh"))[0] == "Gempa besar di Aceh"


async def test_hashtags_are_topics_or_words(news: Database) -> None:
    assert await found(news, "#LuarNegeri") == ["AS: Rusia-Korut Negosiasi Senjata"]
    assert await found(news, "#ekonomi beras") == ["Harga beras naik"]
    assert await found(news, "#drone") == ["Rusia menambah drone"]


async def test_an_unknown_address_without_words_finds_nothing(db: Database) -> None:
    await put(db, story("Gempa besar", "Isi berita."), at=NOON)
    assert await found(db, "https://other.example/123") == []
    assert await found(db, "www.other.example") == []
