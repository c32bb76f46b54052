"""Which processes work on one database, and which of them leads what. Knows rows, no loops.

    enter    a number for a process; each of its writes carries the number (`fence`)
    renew    it is alive
    succeed  roles of dead processes go to live ones; dead ones can no longer write
    leave    a clean end

Times are the database's own: the clocks of two machines need not agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.errors import OperatorError
from storage.database import Connection, in_both

_CLOCK = {
    "sqlite": "unixepoch()",
    "postgresql": "CAST(floor(EXTRACT(EPOCH FROM clock_timestamp())) AS bigint)",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """What a process learns when it says that it is alive."""

    alive: bool
    """It is still registered; else another one has taken over."""
    dead: bool
    """Another process has not said so for too long."""
    led: Mapping[str, int]
    """Which process leads what."""
    shares: Sequence[int] = ()
    """What the other processes announce about their share of the rate (`core.posts.shares`)."""


async def enter(tx: Connection, name: str, *, seconds: int, alone: bool) -> int:
    """Register a process that will say at least every `seconds` that it is alive; returns its
    number. `alone`: no other can be alive, so all registered ones are dead."""
    if alone:
        await _bury(tx, [row["number"] for row in await tx.rows("SELECT number FROM process")])
        await tx.run("UPDATE inbox SET claimed_by = NULL WHERE claimed_by IS NOT NULL")
    return int(await tx.value(_ENTER, name=name, seconds=seconds))


_ENTER = in_both(
    "INSERT INTO process (name, started_at, until) VALUES (:name, {clock}, {clock} + :seconds)"
    " RETURNING number",
    clock=_CLOCK,
)


async def renew(cx: Connection, number: int, *, seconds: int, share: int = 0) -> Presence:
    """Note that a process is alive for so many seconds more, and its share of the rate. To be run
    outside of transactions: it waits for nobody."""
    alive, dead, led, others = await cx.batch(
        (_RENEW, {"number": number, "seconds": seconds, "share": share}),
        (_DEAD, {}),
        ("SELECT name, process FROM role", {}),
        ("SELECT share FROM process WHERE number <> :number", {"number": number}),
    )
    return Presence(
        bool(alive),
        bool(dead),
        {row["name"]: row["process"] for row in led},
        [row["share"] for row in others],
    )


_RENEW = in_both(
    "UPDATE process SET until = {clock} + :seconds, share = :share WHERE number = :number"
    " RETURNING number",
    clock=_CLOCK,
)
_DEAD = in_both("SELECT number FROM process WHERE until < {clock}", clock=_CLOCK)


async def succeed(tx: Connection, number: int, wanted: Collection[str]) -> list[str]:
    """Remove dead processes, and give this one the free roles that it wants. Returns the roles that
    it leads now."""
    await _bury(tx, [row["number"] for row in await tx.rows(_DEAD) if row["number"] != number])
    for role in sorted(wanted):
        await tx.run(_TAKE, role=role, number=number)
    rows = await tx.rows("SELECT name FROM role WHERE process = :number", number=number)
    return [row["name"] for row in rows]


_TAKE = in_both(
    "INSERT INTO role (name, process, since) VALUES (:role, :number, {clock})"
    " ON CONFLICT (name) DO NOTHING",
    clock=_CLOCK,
)


async def leave(tx: Connection, number: int) -> None:
    """Unregister a process that ends with all its work finished."""
    await _bury(tx, [number])


async def _bury(tx: Connection, numbers: Iterable[int]) -> None:
    for number in numbers:
        await tx.run(
            "UPDATE inbox SET claimed_by = NULL WHERE claimed_by = :number AND done_at IS NULL",
            number=number,
        )
        await tx.run("DELETE FROM process WHERE number = :number", number=number)


async def anybody(cx: Connection) -> str | None:
    """The name of a process that is using this database now."""
    name = await cx.value(_ALIVE)
    return None if name is None else str(name)


async def refuse_company(cx: Connection) -> None:
    """Raises OperatorError if a bot is using this database."""
    if name := await anybody(cx):
        raise OperatorError(
            f"A kabar run works on the database ({name}); stop it first. One that was killed counts"
            " as working for six seconds more."
        )


_ALIVE = in_both("SELECT name FROM process WHERE until >= {clock} LIMIT 1", clock=_CLOCK)


@dataclass(frozen=True, slots=True)
class Leader:
    """Which process leads a role."""

    role: str
    process: str
    since: int


async def leaders(cx: Connection) -> list[Leader]:
    """The roles led now, and by which process."""
    rows = await cx.rows(
        "SELECT role.name AS role, process.name AS process, since FROM role JOIN process"
        " ON number = process ORDER BY role.name"
    )
    return [Leader(row["role"], row["process"], row["since"]) for row in rows]
