"""Copies of a SQLite database: taken while others write, checked before they are trusted.

    copy       one snapshot, page by page, into a file that appears whole or not at all
    replace    a checked copy takes the place of a database; the previous one is kept beside it

Knows files, and of our tables only the record of migrations. All files are readable by their owner
only.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import OperatorError
from storage import migrate

_PAGES = 1_000
_OWNER = 0o600
_HEADER = b"SQLite format 3\0"
_BESIDE = ("", "-wal", "-shm")
"""The files of a database: without its -wal it lacks the latest commits."""

MEND = "Put a backup in its place: kabar restore FILE (docs/operating.md, A damaged database)."

Progress = Callable[[int, int], None]
"""(pages done, pages in all)."""


def private(path: Path) -> None:
    """Make a file readable by its owner only (creating it empty if needed); -wal and -shm follow
    it. A file of somebody else's stays as it is, and so does one that is not a database: an address
    may name any file by mistake. Raises OSError if it cannot be created."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER))
    if not _is_ours(path):
        return
    for end in _BESIDE:
        one = path.with_name(path.name + end)
        with contextlib.suppress(PermissionError, FileNotFoundError):
            if one.stat().st_mode & 0o077:
                one.chmod(_OWNER)


def _is_ours(path: Path) -> bool:
    """Whether it is a SQLite database, or does not exist yet."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) in {_HEADER, b""}


def copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy the source as of one moment, even while a bot writes to it. Raises OperatorError with a
    sentence; then there is no target."""
    partial = target.with_name(target.name + ".part")
    try:
        _remove(partial)
        private(partial)
        with _reading(source) as here, contextlib.closing(sqlite3.connect(partial)) as there:
            # An open read transaction keeps the snapshot: otherwise each write would restart the
            # copy, and under load it would never end.
            here.isolation_level = None
            here.execute("BEGIN")
            here.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            here.backup(
                there,
                pages=_PAGES,
                progress=lambda _, left, total: progress(total - left, total),
            )
        complete(partial, target, named=source, advice=MEND)
    except (sqlite3.Error, OSError) as error:
        _remove(partial)
        why = getattr(error, "strerror", None) or str(error)
        advice = f" {MEND}" if damaged(error) else ""
        raise OperatorError(f"{source} could not be copied to {target}: {why}.{advice}") from error
    except OperatorError:
        _remove(partial)
        raise


def _remove(path: Path) -> None:
    """A database file, and what SQLite leaves beside one on a full disk or when it is killed."""
    for end in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def damaged(error: Exception) -> bool:
    """Whether an error says that the file is damaged, or not a database. Other errors may be
    temporary."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError
    )


def complete(partial: Path, target: Path, *, named: Path | None = None, advice: str = "") -> None:
    """Give a finished copy, which nobody uses, its final name: as a single, checked file. Errors
    are reported about `named`, with `advice` at the end. Raises OperatorError, sqlite3.Error or
    OSError; then `partial` is still there."""
    with contextlib.closing(sqlite3.connect(partial)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    check(partial, named=named, advice=advice)
    _flush(partial)
    partial.replace(target)
    _flush(target.parent)


def _reading(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def check(path: Path, *, named: Path | None = None, advice: str = "") -> None:
    """Check that a file is a complete Kabar database. Raises OperatorError with a sentence about
    the file `named`, followed by `advice` if it is damaged."""
    name, end = named or path, f" {advice}" if advice else ""
    if not path.is_file():
        raise OperatorError(f"There is no file {path}.")
    try:
        with _reading(path) as raw:
            found = [row[0] for row in raw.execute("PRAGMA integrity_check(1)")]
            numbers = [row[0] for row in raw.execute("SELECT number FROM migration")]
    except sqlite3.OperationalError as error:
        raise OperatorError(f"{name} is no database of Kabar: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise OperatorError(f"{name} is damaged or is no database: {error}.{end}") from error
    if found != ["ok"]:
        what = " ".join(found[0].replace("***", "").split())
        raise OperatorError(f"{name} is damaged: {what}.{end}")
    if max(numbers, default=0) > len(migrate.available("sqlite")):
        raise OperatorError(f"{name} was written by a newer Kabar; use that version.")


def counts(path: Path) -> tuple[int, int]:
    """The numbers of articles and chats in a complete file."""
    with _reading(path) as raw:
        [(articles,)] = raw.execute("SELECT COUNT(*) FROM article")
        [(chats,)] = raw.execute("SELECT COUNT(*) FROM chat WHERE gone_at IS NULL")
    return articles, chats


def replace(target: Path, source: Path, *, name: str, progress: Progress) -> Path | None:
    """Replace the database by a copy of `source`, after checking it. The previous one is kept with
    the suffix `name`; returns where, None if there was none. The caller holds the lock.

    Raises OperatorError; then the database is as it was.
    """
    check(source)
    incoming = target.with_name(target.name + ".incoming")
    copy(source, incoming, progress)
    kept = None
    try:
        if target.exists():
            _settle(target)
            kept = target.with_name(f"{target.name}.{name}")
            # The database itself is moved last: until then it is complete in its place.
            for end in reversed(_BESIDE):
                old = target.with_name(target.name + end)
                if old.exists():
                    old.rename(kept.with_name(kept.name + end))
        for end in _BESIDE[1:]:  # a deleted database's: they would be replayed into this one
            target.with_name(target.name + end).unlink(missing_ok=True)
        incoming.replace(target)
        _flush(target.parent)
    except OSError as error:
        raise OperatorError(f"{target} could not be replaced: {error}.") from error
    return kept


def shred(path: Path) -> None:
    """Rewrite the file without deleted data. Raises OperatorError."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as raw:
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise OperatorError(
            f"{path} still holds remains of what was deleted: {error}. Free the disk and try again."
        ) from error


def _settle(path: Path) -> None:
    """Merge the -wal into the file, if possible: a damaged one is kept as it is."""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(path)) as raw,
    ):
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _flush(path: Path) -> None:
    """Flush a file or a folder to disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
