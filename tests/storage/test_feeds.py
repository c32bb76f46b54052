"""Rows of feeds, on both databases."""

from __future__ import annotations

from dataclasses import asdict

from storage import Database, feeds

ADDRESS = "https://paper.example/feed"
_NUMBERS = (
    "failures", "first_look_at", "push_until", "asked_at", "whole_at", "read_at", "habit",
    "oldest_at",
)  # fmt: skip
_TEXTS = ("found", "name", "title", "etag", "last_modified", "body_hash", "next_page", "own_parts")


async def test_a_row_has_every_column_in_its_own_field(db: Database) -> None:
    async with db.transaction() as tx:
        await feeds.configure(tx, [(ADDRESS, "")])
        [new] = await feeds.active(tx)
        assert (new.first_poll, new.push_until, new.asked_at) == (True, 0, None)
        numbers = {name: 10 + place for place, name in enumerate(_NUMBERS)}
        values = {name: name.upper() for name in _TEXTS} | numbers
        change = ", ".join(f"{name} = :{name}" for name in values)
        await tx.run(f"UPDATE feed SET {change} WHERE id = :id", id=new.id, **values)
        found = await feeds.get(tx, new.id)
    assert found is not None
    told = {**values, "id": new.id, "address": ADDRESS, "first_poll": False}
    assert asdict(found) == {name: value for name, value in told.items() if name != "first_look_at"}
