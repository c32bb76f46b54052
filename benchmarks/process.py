"""What benchmarks of the whole program share: its database, and how large a process is."""

from __future__ import annotations

from pathlib import Path

from storage import open_database


async def populate(path: Path, chats: int) -> None:
    """A database of this many private chats, all subscribed."""
    db = await open_database(f"sqlite:///{path}")
    async with db.transaction() as tx:
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < {chats})"
        await tx.run(
            "INSERT INTO chat (id, telegram_id, kind, language, created_at)"
            f" {numbers} SELECT i, 1000000000 + i, 'private', 'id', 1 FROM n"
        )
        await tx.run(
            f"INSERT INTO subscription (id, chat_id, created_at) {numbers} SELECT i, i, 1 FROM n"
        )
    await db.close()


def resident(pid: int) -> float:
    """MiB of a process."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
