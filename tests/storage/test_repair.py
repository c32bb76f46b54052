"""Mistyped words on a real index: repaired from the archive's own vocabulary, and said so."""

from __future__ import annotations

import pytest

from bot.core.model import ArticleId
from bot.core.search.repair import Repair
from storage import Database, articles, indexing, vocabulary
from tests.conftest import NOON
from tests.storage.conftest import Filled
from tests.storage.test_search import find, found, put, story


async def _mines(db: Database) -> None:
    """An archive about miners, with a slip of its own."""
    for n in range(40):
        await put(db, story(f"Penambang emas {n}", "Kementerian menutup tambang ilegal."))
    await put(db, story("Penimbang beras", "Pasar dan rumah sakit."))
    await put(db, story("Pasar induk", "Rumah sakit dan penimbang, rumah sakit."))
    await put(db, story("Kabar", "Di rumah, sakit. Kata menteri tentang perekonomian."))
    await put(db, story("Penanbang", "Salah ketik."))
    for n in range(40):
        await put(db, story(f"Menteri {n}", "Kesetiaan di sini."))
    await put(db, story("Seta"))
    await put(db, story("Destry"))
    await put(db, story("Destry lagi", "Destria"))


@pytest.fixture
async def mines(filled: Filled) -> Database:
    return await filled(_mines)


@pytest.mark.parametrize(
    ("text", "first", "repairs"),
    [
        ("penmbang", "Penambang emas", [Repair("penmbang", ("penambang", "penimbang"))]),
        ("penmbang beras", "Penimbang beras", [Repair("penmbang", ("penimbang", "penambang"))]),
        ("penambnag eams", "Penambang emas", [
            Repair("penambnag", ("penambang",)), Repair("eams", ("emas",))]),
        ("perekonmain", "Kabar", [Repair("perekonmain", ("perekonomian",))]),
        ("rumahsakit", "Pasar induk", [Repair("rumahsakit", ("rumah sakit",))]),
        ("mneteri", "Menteri", [Repair("mneteri", ("menteri",))]),
        ("kesetaian", "Seta", [Repair("kesetaian", ("kesetiaan",), besides=True)]),
    ],
)  # fmt: skip
async def test_repairs(mines: Database, text: str, first: str, repairs: list[Repair]) -> None:
    page = await find(mines, text)
    assert page.hits[0].headline.startswith(first)
    assert list(page.repairs) == repairs


@pytest.mark.parametrize(
    "text",
    ["emas", "tambangkan", '"penmbang"', "-penmbang", "2024", "sumber:penmbang", "xqzw", "destri"],
)
async def test_what_is_known_quoted_or_a_number_is_not_repaired(mines: Database, text: str) -> None:
    assert (await find(mines, text)).repairs == ()


async def test_a_repair_is_marked_in_the_texts(mines: Database) -> None:
    (hit, *_) = (await find(mines, "penmbang")).hits
    assert [one.text for one in hit.title if one.marked] == ["Penambang"]


async def test_a_known_word_is_asked_about_and_not_changed(mines: Database) -> None:
    page = await find(mines, "penanbang")
    assert [hit.headline for hit in page.hits] == ["Penanbang"]
    assert page.repairs == ()
    assert page.maybe == Repair("penanbang", ("penambang",))


async def test_nothing_found_names_what_is_near_and_new(mines: Database) -> None:
    page = await find(mines, "penxxbangan")
    assert page.hits == ()
    assert page.nearest[0] in {"penambang", "penimbang", "penanbang"}
    assert len(page.newest) == 5
    assert len((await find(mines, "sumber:kompas")).newest) == 5


async def test_the_vocabulary_counts_articles_once(db: Database) -> None:
    one = await put(db, story("Gempa gempa", "gempa 2024"))
    async with db.transaction() as tx:
        await indexing.index_many(tx, [one, one])
        assert await vocabulary.uses(tx, ["gempa", "2024"]) == {"gempa": 1}
        await articles.correct(tx, ArticleId(one), story("Gempa", "susulan"), now=NOON)
        await indexing.index(tx, one)
        assert await vocabulary.uses(tx, ["gempa", "susulan"]) == {"gempa": 1, "susulan": 1}
        assert await vocabulary.having(tx, ["gempa", "x"]) == {"gempa": 1}
    assert await found(db, "susuln") == ["Gempa"]


async def test_the_words_of_an_undone_transaction_are_not_known(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as tx:
            one = await articles.add(tx, story("Gempa"), feed_id=None, origin="feed", now=NOON)
            await indexing.index(tx, one)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with db.reading() as cx:
        assert await vocabulary.uses(cx, ["gempa"]) == {}
