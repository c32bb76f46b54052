"""Which processes work on one database, and which of them leads what. Knows rows, no loops.

    enter    a number for a process; every write of it carries the number (`fence`)
    renew    it is alive
    succeed  what the dead led goes to somebody alive; the dead cannot write any more
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
    """It is still known; else another one has taken over."""
    dead: bool
    """Somebody has not said so for too long."""
    led: Mapping[str, int]
    """Which process leads what."""
    shares: Sequence[int] = ()
    """What the other processes say of their part of the rate (`core.posts.shares`)."""


async def enter(tx: Connection, name: str, *, seconds: int, alone: bool) -> int:
    """A number for a process that will say at least every `seconds` that it is alive. `alone`: no
    other can live, so whatever is known of others is of the dead."""
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
    """A process is alive for so many seconds more, and has this share of the rate. To be run beside
    all transactions: it waits for nobody."""
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
    """The dead are buried, and of what nobody leads a process takes what it wants. Returns what it
    leads now."""
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
    """A process ends and leaves nothing undone of what it had begun."""
    await _bury(tx, [number])


async def _bury(tx: Connection, numbers: Iterable[int]) -> None:
    for number in numbers:
        await tx.run(
            "UPDATE inbox SET claimed_by = NULL WHERE claimed_by = :number AND done_at IS NULL",
            number=number,
        )
        await tx.run("DELETE FROM process WHERE number = :number", number=number)


async def anybody(cx: Connection) -> str | None:
    """The name of a process that works on this database now."""
    name = await cx.value(_ALIVE)
    return None if name is None else str(name)


async def refuse_company(cx: Connection) -> None:
    """Raises OperatorError when a bot works on this database."""
    if name := await anybody(cx):
        raise OperatorError(
            f"A kabar run works on the database ({name}); stop it first. One that was killed counts"
            " as working for six seconds more."
        )


_ALIVE = in_both("SELECT name FROM process WHERE until >= {clock} LIMIT 1", clock=_CLOCK)


@dataclass(frozen=True, slots=True)
class Leader:
    """Who does what only one may do."""

    role: str
    process: str
    since: int


async def leaders(cx: Connection) -> list[Leader]:
    """What is led now, and by whom."""
    rows = await cx.rows(
        "SELECT role.name AS role, process.name AS process, since FROM role JOIN process"
        " ON number = process ORDER BY role.name"
    )
    return [Leader(row["role"], row["process"], row["since"]) for row in rows]
