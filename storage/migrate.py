"""Brings a database's tables up to date: numbered .sql files, forward only, checked by checksum.

Each file is applied in one transaction together with its record in `migration`; a file that was
applied is never edited again (its checksum is compared at every start).
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import OperatorError
from storage.database import Database

_FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def available(dialect: str) -> list[Migration]:
    """All migrations of a dialect, in order. Raises ValueError when numbers have gaps."""
    found = []
    for path in sorted((_FOLDER / dialect).glob("[0-9]*.sql")):
        number, _, name = path.stem.partition("_")
        found.append(Migration(int(number), name, path.read_text("utf-8")))
    if [one.number for one in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations of {dialect} are not numbered 1, 2, 3 ...")
    return found


async def upgrade(db: Database) -> list[str]:
    """Apply what is missing; returns the names of what was applied.

    Raises OperatorError when the database comes from a newer Kabar or a file was changed.
    """
    async with db.transaction() as tx:
        await tx.run(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
            " checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)"
        )
        applied = {row["number"]: row for row in await tx.rows("SELECT * FROM migration")}
    known = available(db.dialect)
    _compare(known, {number: row["checksum"] for number, row in applied.items()})
    fresh = [one for one in known if one.number not in applied]
    for one in fresh:
        await _apply(db, one)
    return [f"{one.number:04} {one.name}" for one in fresh]


def _compare(known: list[Migration], applied: dict[int, str]) -> None:
    if applied.keys() - {one.number for one in known}:
        raise OperatorError(
            "The database was written by a newer Kabar; run that version or restore a backup."
        )
    for one in known:
        if applied.get(one.number, one.checksum) != one.checksum:
            raise OperatorError(
                f"The database was set up with another form of migration {one.number:04}; "
                "use the Kabar that made it, or export its chats and begin anew."
            )


async def _apply(db: Database, one: Migration) -> None:
    async with db.transaction() as tx:
        if await tx.value("SELECT 1 FROM migration WHERE number = :number", number=one.number):
            return  # another process that started with us was faster
        await tx.script(one.text)
        await tx.run(
            "INSERT INTO migration (number, name, checksum, applied_at)"
            " VALUES (:number, :name, :checksum, :now)",
            number=one.number,
            name=one.name,
            checksum=one.checksum,
            now=int(time.time()),
        )
