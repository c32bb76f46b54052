"""Words of one family that the stemmer leaves apart find each other."""

from __future__ import annotations

from storage import Database
from tests.storage.test_search import find, found, put, story


async def test_relatives_are_found_after_the_words_themselves(db: Database) -> None:
    await put(db, story("Penambang emas"))
    await put(db, story("Menambang emas"))
    for word in ("pertambangan", "tambang", "ditambang"):
        await put(db, story(f"Emas {word}"))
    assert (await found(db, "penambang"))[0] == "Penambang emas"
    assert "Emas pertambangan" in await found(db, "penambang emas")
    page = await find(db, '"penambang"')
    assert [hit.headline for hit in page.hits] == ["Penambang emas"]


async def test_a_form_that_no_article_has_is_no_mistake(db: Database) -> None:
    for word in ("berunding", "perundingan", "runding", "rundinkan"):
        await put(db, story(f"Kabar {word}"))
    page = await find(db, "rundingkan")
    assert page.repairs == ()
    assert "Kabar berunding" in [hit.headline for hit in page.hits]


async def test_words_that_only_ask_do_not_drown_the_rest(db: Database) -> None:
    await put(db, story("Gempa di Cianjur", "Terjadi pada Senin."))
    await put(db, story("Kapan dan siapa", "di mana"))
    page = await find(db, "kapan gempa di cianjur terjadi")
    assert page.hits[0].headline == "Gempa di Cianjur"
    assert not page.hits[0].partial
    assert (await found(db, "kapan siapa"))[0] == "Kapan dan siapa"
