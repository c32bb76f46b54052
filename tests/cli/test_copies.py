"""Backups, restoring and erasing from the command line."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from bot.__main__ import main
from storage import SingleProcess
from tests.cli.conftest import Out
from tests.support.postgres import PostgresServer


def test_backup_is_whole(capsys: Out) -> None:
    Path("chats.txt").write_text("1001\n")
    main(["import-chats", "chats.txt"])
    assert main(["backup", "copy.db"]) == 0
    with sqlite3.connect("copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM chat").fetchone() == (1,)
    copy.close()
    assert not Path("copy.db.part").exists()
    assert main(["backup", "kabar.db"]) == 1
    assert main(["backup", "nowhere/copy.db"]) == 1


def test_restore_keeps_what_was_there(capsys: Out) -> None:
    Path("chats.txt").write_text("1001\n")
    main(["import-chats", "chats.txt"])
    assert main(["backup", "copy.db"]) == 0
    Path("chats.txt").write_text("1002\n")
    main(["import-chats", "chats.txt"])
    capsys.readouterr()
    assert main(["restore", "copy.db"]) == 0
    said = capsys.readouterr().out
    assert "kabar.db is what copy.db holds." in said
    [kept] = Path().glob("kabar.db.before-restore-*")
    assert str(kept) in said
    main(["export-chats"])
    assert capsys.readouterr().out == "1001\n"
    assert main(["restore", "kabar.db"]) == 1
    assert main(["restore", "chats.txt"]) == 1
    assert "chats.txt is damaged or is no database" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["restore", "copy.db"], ["erase", "--yes"]])
def test_nothing_is_replaced_or_erased_under_a_running_bot(capsys: Out, words: list[str]) -> None:
    main(["migrate"])
    main(["backup", "copy.db"])
    capsys.readouterr()
    running = SingleProcess(Path("kabar.db"))
    running.acquire()
    try:
        assert main(words) == 1
    finally:
        running.release()
    assert capsys.readouterr().err == "A kabar run works on this database; stop it first.\n"


def test_erase_asks_and_keeps_the_articles(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("chats.txt").write_text("1001\n1002\n")
    main(["import-chats", "chats.txt"])
    monkeypatch.setattr("sys.stdin", io.StringIO("ERASE\n"))  # no terminal
    assert main(["erase"]) == 1
    assert "add --yes" in capsys.readouterr().err
    main(["export-chats"])
    assert capsys.readouterr().out == "1001\n1002\n"
    assert main(["erase", "--yes"]) == 0
    assert "2 × chat deleted" in capsys.readouterr().out
    main(["export-chats"])
    assert capsys.readouterr().out == ""


def test_backup_restore_and_erase_on_a_server(
    capsys: Out, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer
) -> None:
    monkeypatch.setenv("KABAR_DATABASE_URL", postgres.create())
    Path("chats.txt").write_text("1001\n1002\n")
    main(["import-chats", "chats.txt"])
    assert main(["backup", "copy.db"]) == 0
    assert "Backup written to copy.db" in capsys.readouterr().out
    assert main(["erase", "--yes"]) == 0
    assert "2 × chat deleted" in capsys.readouterr().out
    assert main(["restore", "copy.db"]) == 0
    assert "DROP SCHEMA kabar_before_restore_" in capsys.readouterr().out
    main(["export-chats"])
    assert capsys.readouterr().out == "1001\n1002\n"
    assert main(["erase", "--yes"]) == 0
    assert "kept by a restore, is not touched" in capsys.readouterr().out
