"""What an operator got wrong about PostgreSQL gets a sentence; what is temporary is waited for."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.errors import OperatorError, StorageError
from storage import Database, open_database
from storage.postgres_opening import open_postgres
from tests.support.postgres import LOCKED, PostgresServer
from tests.support.postgres_wire import Greeter, Pooler, Relay, listening


async def complaint(url: str) -> str:
    with pytest.raises(OperatorError) as told:
        await open_database(url)
    said = str(told.value)
    assert said.startswith("KABAR_DATABASE_URL: ")
    assert "\n" not in said
    return said


def of(user: str, url: str) -> str:
    """The same address for another user."""
    return url.replace("postgres:@", f"{user}@")


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_an_unknown_database_or_user(postgres: PostgresServer, database_url: str) -> None:
    assert 'database "nowhere" does not exist' in await complaint(postgres.url("nowhere"))
    assert 'role "nobody" does not exist' in await complaint(of("nobody", database_url))


async def test_a_wrong_password_is_not_waited_for(
    postgres: PostgresServer, database_url: str
) -> None:
    postgres.admin(f"CREATE ROLE {LOCKED} LOGIN PASSWORD 'right'")
    for password, said in (("wrong", "password authentication failed"), ("", "no password")):
        with pytest.raises(OperatorError, match=said) as told:
            await open_postgres(of(f"{LOCKED}:{password}", database_url), patience=60)
        assert "wrong" not in str(told.value)
    db = await open_postgres(of(f"{LOCKED}:right", database_url))
    await db.close()


async def test_a_server_that_is_not_there(tmp_path: object) -> None:
    assert "cannot be opened" in await complaint(f"postgresql://x@/kabar?host={tmp_path}")
    assert "cannot be opened" in await complaint("postgresql://x@no-such-host.invalid/kabar")


async def test_a_server_that_is_not_there_yet(database_url: str) -> None:
    relay = Relay(database_url)
    async with listening(relay):
        await relay.close()
        with capture_logs() as logs:
            opening = asyncio.create_task(
                open_postgres(relay.url(database_url), patience=60, pause=0.01)
            )
            while not logs:  # noqa: ASYNC110 - the log tells
                await asyncio.sleep(0.01)
            await relay.open()
            db = await opening
        async with db.reading() as cx:
            assert await cx.value("SELECT 1") == 1
        await db.close()
    assert {one["event"] for one in logs} == {"database.away"}
    assert "refused" in logs[0]["reason"]


@pytest.mark.parametrize(
    "fault",
    [
        ("57P03", "the database system is starting up"),
        ("53300", "sorry, too many clients already"),
        ("53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute"),
    ],
)
async def test_what_the_server_says_that_passes_is_waited_for(fault: tuple[str, str]) -> None:
    async with listening(Greeter("16.1", fault)) as server:
        url = f"postgresql://kabar@127.0.0.1:{server.port}/kabar"
        with capture_logs() as logs, pytest.raises(OperatorError, match=fault[1]):
            await open_postgres(url, patience=0.02, pause=0.01)
    assert [one["event"] for one in logs] == ["database.away"] * 2


async def test_what_a_server_says_in_another_language_is_told_at_once() -> None:
    said = "пользователь не прошёл проверку подлинности"
    async with listening(Greeter("16.1", ("28P01", said), severity="ВАЖНО")) as server:
        url = f"postgresql://kabar@127.0.0.1:{server.port}/kabar"
        with pytest.raises(OperatorError, match=said):
            await open_postgres(url, patience=60)


async def test_too_few_connections_for_us(postgres: PostgresServer, database_url: str) -> None:
    postgres.admin("CREATE ROLE few LOGIN CONNECTION LIMIT 1")
    assert 'too many connections for role "few"' in await complaint(of("few", database_url))


async def test_an_old_server() -> None:
    for version, number in (("13.14", 13), ("9.6.24", 9), ("8.0.2", 8)):
        async with listening(Greeter(version)) as server:
            url = f"postgresql://kabar@127.0.0.1:{server.port}/kabar"
            told = await complaint(url)
            assert f"is PostgreSQL {number}; Kabar needs 14 or newer" in told


async def test_no_right_to_create_tables(postgres: PostgresServer) -> None:
    postgres.admin("CREATE ROLE reader LOGIN")
    assert "lacks a right" in await complaint(of("reader", postgres.create_empty("bare")))


async def test_another_encoding(postgres: PostgresServer) -> None:
    postgres.admin("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    assert "ENCODING 'UTF8'" in await complaint(postgres.url("latin"))


async def test_an_address_that_is_none() -> None:
    assert "KABAR_DATABASE_URL" in await complaint("postgresql://x:y@host:port/db?what=1")


async def test_a_database_without_a_schema(postgres: PostgresServer, database_url: str) -> None:
    postgres.admin("CREATE ROLE homeless LOGIN")
    postgres.admin("ALTER ROLE homeless SET search_path = nowhere")
    assert "CREATE SCHEMA" in await complaint(of("homeless", database_url))


# --- between us and the server --------------------------------------------------------------------


@pytest.mark.parametrize("statements", [False, True])
async def test_a_pooler_that_keeps_no_sessions_is_refused(
    database_url: str, statements: bool
) -> None:
    async with listening(Pooler(database_url, statements=statements)) as pooler:
        told = await complaint(pooler.url(database_url))
        assert "pooler in transaction or statement mode" in told


async def test_a_pooler_with_a_single_connection_is_refused(database_url: str) -> None:
    async with listening(Pooler(database_url, most=1)) as pooler:
        with pytest.raises(OperatorError, match="uses up to 5"):
            await open_postgres(pooler.url(database_url), probe=0.3)


@pytest.mark.parametrize("patience", [0.0, 60.0])
async def test_a_server_that_vanishes_in_the_middle_of_an_upgrade(
    postgres: PostgresServer, patience: float
) -> None:
    """It is waited for, or a sentence says so; either way the upgrade goes on where it was."""
    name = f"upgrade_{int(patience)}"
    empty = postgres.create_empty(name)
    async with listening(Relay(empty)) as relay:
        steps = 0

        def lose(statement: bytes) -> bool:
            nonlocal steps
            ours = b"INSERT INTO migration" in statement
            steps += ours
            return ours and steps == 9  # once

        relay.lose = lose
        if not patience:
            with pytest.raises(OperatorError, match="cannot be brought up to date"):
                await open_database(relay.url(empty))
        db = await open_database(relay.url(empty), patience=patience, pause=0.01)
        async with db.reading() as cx:
            numbers = [row["number"] for row in await cx.rows("SELECT number FROM migration")]
        await db.close()
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) > 30


async def _cut_off(db: Database, relay: Relay) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO memo (key, value) VALUES ('a', '1')")
        await relay.close()
        await tx.run("INSERT INTO memo (key, value) VALUES ('b', '1')")


async def test_a_server_that_is_gone_in_the_middle(database_url: str) -> None:
    """Nothing of a transaction stays, the next says what is wrong, and all goes on by itself."""
    async with listening(Relay(database_url)) as relay:
        db = await open_postgres(relay.url(database_url))
        with pytest.raises(StorageError, match="cannot do it now"):
            await _cut_off(db, relay)
        async with db.reading() as cx:
            with pytest.raises(StorageError, match="refused"):
                await cx.value("SELECT 1")
        await relay.open()
        async with db.transaction() as tx:
            await tx.run("INSERT INTO memo (key, value) VALUES ('c', '1')")
        async with db.reading() as cx:
            keys = {row["key"] for row in await cx.rows("SELECT key FROM memo")}
        assert keys & {"a", "b", "c"} == {"c"}
        await db.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself."""
    folder = tmp_path_factory.mktemp("certificates")
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("CI") == "true":
            raise AssertionError("openssl is missing")
        pytest.skip("there is no openssl here")
    words = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=localhost"
    )
    more = "-addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem"
    subprocess.run(
        [openssl, *words.split(), *more.split()], cwd=folder, check=True, capture_output=True
    )
    return folder


@asynccontextmanager
async def secret(database: str, certificates: Path) -> AsyncIterator[Relay]:
    """A server that speaks TLS."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
    async with listening(Relay(database, tls)) as relay:
        yield relay


async def test_certificates_are_looked_at_as_libpq_does(
    database_url: str, certificates: Path
) -> None:
    trusted = f"sslrootcert={certificates / 'cert.pem'}&sslmode=verify-full"
    async with secret(database_url, certificates) as relay:
        db = await open_postgres(relay.url(database_url, host="localhost", more=trusted))
        await db.close()
        named = relay.url(database_url, more=trusted)
        assert "does not match host name" in await complaint(named)
        for more, said in (
            ("sslmode=verify-full&sslrootcert=system", "certificate verify failed"),
            ("sslmode=verify-full&sslrootcert=/nowhere/root.crt", "does not exist"),
        ):
            assert said in await complaint(relay.url(database_url, host="localhost", more=more))


async def test_a_server_without_tls_is_refused_where_it_is_wanted(database_url: str) -> None:
    async with listening(Relay(database_url)) as relay:
        told = await complaint(relay.url(database_url, more="sslmode=require"))
    assert "does not support SSL" in told
