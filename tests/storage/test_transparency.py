"""The figures of a month on both engines."""

from __future__ import annotations

from bot.core.model import CorrectionKind
from storage import Database, corrections, transparency
from tests.conftest import NOON
from tests.support.sending import add_article


async def test_a_month_without_anything_and_one_with_a_correction(db: Database) -> None:
    async with db.reading() as cx:
        found = await transparency.month(cx, NOON, NOON + 100, now=NOON + 100)
    assert (found.received, found.approved, found.reports.received, found.corrections) == (
        0,
        0,
        0,
        (),
    )
    article = await add_article(db)
    async with db.transaction() as tx:
        await corrections.add(tx, article, CorrectionKind.CORRECTED, reason="Salah", now=NOON + 5)
    async with db.reading() as cx:
        found = await transparency.month(cx, NOON, NOON + 100, now=NOON + 100)
        later = await transparency.month(cx, NOON + 50, NOON + 100, now=NOON + 100)
    assert found.corrections == ((NOON + 5, CorrectionKind.CORRECTED, "Berita 1", "Salah"),)
    assert later.corrections == ()
