"""A mixed archive: scripts and languages side by side, numbers and signs."""

from __future__ import annotations

import pytest

from storage import Database
from tests.storage.conftest import Filled
from tests.storage.test_search import find, found, put, story


async def _mixed(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO feed (id, address, language) VALUES (1, 'a', 'fr')")
    await put(db, story("Новости Москвы", "Королёв открыл музей."))
    await put(db, story("أخبار القاهرة", "قالت الحكومة المصرية"))
    await put(db, story("東京都知事が会見", "新しい地下鉄の計画を発表した。"))
    await put(db, story("ข่าวกรุงเทพมหานคร", "น้ำท่วมถนน"))
    await put(db, story("Les maisons brûlent à Marseille", "", language="fr"), feed=1)
    await put(db, story("Jaringan 5G dan covid-19", "Senilai Rp2,5 triliun pada 17/8. 😀"))


@pytest.fixture
async def mixed(filled: Filled) -> Database:
    return await filled(_mixed)


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("москва", "Новости Москвы"),
        ("королев", "Новости Москвы"),
        ("القاهره", "أخبار القاهرة"),
        ("القَاهِرَة", "أخبار القاهرة"),
        ("地下鉄", "東京都知事が会見"),
        ("東京", "東京都知事が会見"),
        ("น้ำท่วม", "ข่าวกรุงเทพมหานคร"),
        ("กรุงเทพ", "ข่าวกรุงเทพมหานคร"),
        ("maison", "Les maisons brûlent à Marseille"),
        ("brulent", "Les maisons brûlent à Marseille"),
        ("5G", "Jaringan 5G dan covid-19"),
        ("covid 19", "Jaringan 5G dan covid-19"),
        ("COVID-19", "Jaringan 5G dan covid-19"),
        ("rp 2,5 triliun", "Jaringan 5G dan covid-19"),
        ("Rp2,5 triliun", "Jaringan 5G dan covid-19"),
        ("17/8", "Jaringan 5G dan covid-19"),
    ],
)
async def test_finds(mixed: Database, text: str, headline: str) -> None:
    assert (await found(mixed, text))[0] == headline


async def test_numbers_stand_together(mixed: Database) -> None:
    assert [hit.partial for hit in (await find(mixed, "8/17")).hits] in ([], [True])


async def test_marks_in_a_script_without_spaces_are_what_was_asked_for(mixed: Database) -> None:
    (hit,) = (await find(mixed, "東京")).hits
    assert [one.text for one in hit.title if one.marked] == ["東京"]
