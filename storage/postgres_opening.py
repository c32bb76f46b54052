"""Opens a PostgreSQL: waits for an unreachable server, and says in a sentence what is wrong with an
unsuitable one. Knows libpq's parameters and servers' answers, no transactions.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import partial

import psycopg
import structlog
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from bot.core.errors import OperatorError, StorageError
from storage.postgres import READERS, PostgresDatabase, Raw, Settings, sentence
from storage.postgres_sql import row_factory, teach

log = structlog.get_logger("database")

_OLDEST = 14
"""The oldest version of PostgreSQL that Kabar runs on."""
_PREPARED = 500
"""Statements that a connection keeps prepared: all of ours."""
_PAUSE = 2.0
"""Seconds between two attempts to reach the server."""
_PROBE = 15.0
"""Seconds for the first check: a pooler with only one connection would never answer it."""

_SETTINGS: Settings = {
    # A process that was paused, or whose machine is gone, must not hold up the others for long.
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "20s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    # Our statements are short; JIT compilation costs more than it saves.
    "jit": "off",
}
_PARAMETERS = {
    "application_name": "kabar",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""Parameters for libpq unless the address sets them: a dead network is noticed in seconds."""


async def open_postgres(
    url: str,
    *,
    schema: str = "",
    patience: float = 0.0,
    pause: float = _PAUSE,
    probe: float = _PROBE,
) -> PostgresDatabase:
    """Connect; for an unreachable server we wait up to `patience` seconds, trying every `pause`.
    `schema`: where its tables are, if not where the server says; `probe`: seconds that the first
    check may take. Raises OperatorError, in one sentence, for what the operator can fix."""
    try:
        parameters = _PARAMETERS | {
            name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None
        }
    except psycopg.ProgrammingError as error:
        raise OperatorError(f"KABAR_DATABASE_URL: {sentence(error)}.") from error
    settings = _SETTINGS | ({"search_path": schema} if schema else {})
    db = PostgresDatabase(partial(_connect, parameters, settings))
    waited = 0.0
    while True:
        try:
            await _look_at(db, probe)
        except StorageError as error:
            cause = error.__cause__ or error
            if not _comes_back(cause) or waited >= patience:
                await db.close()
                raise OperatorError(
                    f"KABAR_DATABASE_URL: the database cannot be opened: {sentence(cause)}."
                ) from error
            log.warning("database.away", reason=sentence(cause), again_in=pause)
            await asyncio.sleep(pause)
            waited += pause
        except BaseException:
            await db.close()
            raise
        else:
            return db


_SAID_BY_SERVER = re.compile(r"\w+:  ")
"""A severity, in the server's language: libpq's own errors have none."""
_PASSING = (
    "starting up",
    "shutting down",
    "recovery",
    "too many",
    "remaining connection",
    "no more conn",
)
_NEVER = ("certificate", "SSL", "ssl", "root.crt", "password", "authentication")


def _comes_back(error: BaseException) -> bool:
    """Whether waiting may help: not if the server itself reports the error."""
    said = str(error)
    if any(words in said for words in _PASSING):
        return True
    return not _SAID_BY_SERVER.search(said) and not any(words in said for words in _NEVER)


async def _look_at(db: PostgresDatabase, seconds: float) -> None:
    """Raises OperatorError if Kabar cannot work there."""
    schema = None
    try:
        async with asyncio.timeout(seconds):
            kept = await _keeps_sessions(db)
            async with db.beside() as cx:
                schema = await cx.value("SELECT current_schema()")
    except TimeoutError:
        raise OperatorError(
            "KABAR_DATABASE_URL: two connections at once did not get their answers within"
            f" {seconds:.0f} s; Kabar uses up to {2 + READERS}, so let the server or the pooler"
            " before it allow so many."
        ) from None
    except StorageError as error:
        if not isinstance(error.__cause__, errors.ProtocolViolation):
            raise
        kept = False
    except psycopg.Error:  # statements of ours that the server does not understand
        kept = False
    if not kept:
        raise OperatorError(
            "KABAR_DATABASE_URL: a pooler in transaction or statement mode stands before the"
            " server; Kabar's connections keep settings and prepared statements, so connect"
            " directly or in session mode."
        )
    if schema is None:
        raise OperatorError(
            "KABAR_DATABASE_URL: the database has no schema for our tables: CREATE SCHEMA public,"
            " or name one of yours in the user's search_path."
        )


async def _keeps_sessions(db: PostgresDatabase) -> bool:
    """Whether a connection stays with one server process. A pooler in statement mode explains its
    refusal only for a lone BEGIN; with other statements it merely hangs up."""
    async with db.beside() as cx:
        await cx.run("BEGIN")
        await cx.run("ROLLBACK")
    async with db.transaction() as tx:
        here = await tx.value("SELECT pg_backend_pid()")
        async with db.beside() as cx:
            there = await cx.value("SELECT pg_backend_pid()")
    async with db.beside() as cx:
        there_again = await cx.value("SELECT pg_backend_pid()")
    async with db.transaction() as tx:
        here_again = await tx.value("SELECT pg_backend_pid()")
    return bool((here, there) == (here_again, there_again))


def _refuse_unfit(raw: Raw) -> None:
    """Refuse a server by its greeting: an old one does not understand our SQL."""
    version = raw.info.server_version // 10_000
    encoding = raw.info.parameter_status("server_encoding") or "UTF8"
    if version < _OLDEST:
        raise OperatorError(
            f"KABAR_DATABASE_URL: the server is PostgreSQL {version}; Kabar needs {_OLDEST} or"
            " newer."
        )
    if encoding != "UTF8":
        raise OperatorError(
            f"KABAR_DATABASE_URL: the database is encoded in {encoding}; create one with ENCODING"
            " 'UTF8'."
        )


async def _connect(parameters: Mapping[str, str], settings: Settings, more: Settings) -> Raw:
    raw = await psycopg.AsyncConnection.connect(
        **parameters,  # type: ignore[arg-type]  # libpq's own names
        autocommit=True,
        row_factory=row_factory,
        cursor_factory=psycopg.AsyncRawCursor,
        prepare_threshold=0,
    )
    try:
        _refuse_unfit(raw)
        raw.prepared_max = _PREPARED
        teach(raw)
        for name, value in (settings | more).items():
            await raw.execute(f"SET {name} = '{value}'".encode(), prepare=False)
    except BaseException:
        await raw.close()
        raise
    return raw
