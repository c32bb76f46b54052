"""The command line as people use it: clear output, one sentence for a fault, never a traceback."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli import backfilling
from bot.settings import FeedSettings, load
from tests.cli.conftest import Out, lines
from tests.support.feed_site import item, open_site
from tests.support.program import ROOT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "check the settings"),
        (
            ["sttas"],
            "There is no command 'sttas'. Did you mean stats? `kabar --help` lists them.\n",
        ),
        (["xyz"], "There is no command 'xyz'. `kabar --help` lists them.\n"),
    ],
)
def test_a_call_without_a_command_is_answered_by_help(
    capsys: Out, words: list[str], said: str
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 5000])
def test_a_limit_that_is_no_number_is_named(capsys: Out, number: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["search", "feri", f"--limit={number}"])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert f"{number!r} is not a whole number above 0" in said


async def test_backfill_names_what_failed_and_walks_the_rest(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_site(item("b"), item("a")) as site:
        monkeypatch.setenv("KABAR_TOKEN", "1:x")
        monkeypatch.setenv("KABAR_FEEDS", site.feed)
        assert await asyncio.to_thread(main, ["backfill"]) == 0
        said = capsys.readouterr()
        assert said.out == "2 articles added to the archive.\n"
        assert "2 entries, 2 new." in said.err
        monkeypatch.setenv("KABAR_FEEDS", f"http://localhost:1/feed, {site.feed}")
        assert await asyncio.to_thread(backfilling.backfill, load(FeedSettings), tries=1) == 1
        said = capsys.readouterr()
        assert said.out == "0 articles added to the archive.\n"
        assert "http://localhost:1/feed cannot be reached: nobody listens there." in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["preview", "nowhere.xml"], "nowhere.xml is neither an http address nor a file."),
        (["preview", "http://127.0.0.1:1/feed"], "cannot be reached: nobody listens there."),
        (["preview", "."], ". is a folder; preview needs a file or an address."),
        (["preview", ""], " is neither an http address nor a file."),
        (["preview", "a" * 5000], "is neither an http address nor a file."),
        (["preview", "x\0y"], "is neither an http address nor a file."),
        (["preview", "ftp://paper.example/feed"], "is no http or https address."),
        (["preview", "http://[paper"], "cannot be reached"),
        (["import-chats", "nowhere.txt"], "There is no file nowhere.txt."),
        (["import-articles", "nowhere.jsonl"], "There is no file nowhere.jsonl."),
        (["backup", "copy.db"], "There is no database kabar.db to back up."),
        (["restore", "copy.db"], "There is no file copy.db."),
        (["erase", "--yes"], "There is no database kabar.db to erase from."),
        (["run"], "KABAR_TOKEN is required but not set."),
        (["check"], "KABAR_FEEDS is required but not set."),
    ],
)
def test_faults_are_sentences_on_standard_error(
    capsys: Out, words: list[str], sentence: str
) -> None:
    assert main(words) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_folder_that_is_not_there_is_one_sentence(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABAR_DATABASE_URL", "sqlite:///nowhere/kabar.db")
    assert main(["migrate"]) == 1
    assert "KABAR_DATABASE_URL" in capsys.readouterr().err


def test_articles_move_in_and_are_found(capsys: Out) -> None:
    records = [
        {"url": "https://a.example/1", "title": "Perundingan senjata", "body": "Isi satu.",
         "published": "2023-08-31T10:00:00+07:00", "source": "CNN Indonesia"},
        {"url": "https://a.example/2", "title": "Harga beras", "body": "Isi dua.",
         "published": None, "source": None},
    ]  # fmt: skip
    file = Path("old.jsonl")
    text = "\n".join([*map(json.dumps, records), "no json", "{}", ""])
    file.write_text(text, "utf-8")
    assert main(["import-articles", str(file)]) == 0
    said = capsys.readouterr()
    assert "2 articles read, 2 of them new, 2 bad lines skipped." in said.out
    assert "Line 3" in said.err
    assert "Line 4" in said.err
    assert main(["import-articles", str(file)]) == 0
    assert "2 articles read, 0 of them new" in capsys.readouterr().out
    assert main(["search", "berunding", "--json"]) == 0
    (hit,) = lines(capsys)
    assert set(hit) == {"url", "title", "published", "source", "snippet"}
    assert (hit["url"], hit["title"]) == ("https://a.example/1", "Perundingan senjata")
    assert hit["published"] == "2023-08-31T10:00:00+07:00"
    assert main(["search", "nothing", "like", "it"]) == 0
    assert "Nothing found" in capsys.readouterr().out


def test_chats_move_in_and_out(capsys: Out) -> None:
    Path("chats.txt").write_text("\ufeff1001\n-500\n\nabc\n0\n-1001234567890\n1001\n", "utf-8")
    assert main(["import-chats", "chats.txt"]) == 0
    said = capsys.readouterr()
    assert "4 chats read, 3 of them new, 2 bad lines skipped." in said.out
    assert "Line 4: 'abc' is no chat id; skipped." in said.err
    assert main(["import-chats", "chats.txt"]) == 0
    assert "4 chats read, 0 of them new" in capsys.readouterr().out
    assert main(["export-chats"]) == 0
    assert capsys.readouterr().out.split() == ["1001", "-500", "-1001234567890"]


@pytest.mark.parametrize("line", ["+628123456789", "1_000", "١٢", "104 # Ani", "@kanal", "1" * 30])
def test_what_only_resembles_a_chat_id_is_skipped(capsys: Out, line: str) -> None:
    """A telephone number is not the chat of its owner, though Python reads it as a number."""
    Path("chats.txt").write_text(f"1001\n{line}\n", "utf-8")
    assert main(["import-chats", "chats.txt"]) == 0
    said = capsys.readouterr()
    assert "1 chats read, 1 of them new, 1 bad lines skipped." in said.out
    assert f"Line 2: {line!r} is no chat id; skipped." in said.err


def test_migrate_and_stats(capsys: Out) -> None:
    assert main(["migrate"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert main(["stats", "--json"]) == 0
    (figures,) = lines(capsys)
    assert (figures["articles"], figures["articles_restless"]) == (0, 0)
    assert main(["stats"]) == 0
    assert "articles" in capsys.readouterr().out
    with sqlite3.connect("kabar.db") as raw:
        raw.execute("INSERT INTO set_aside VALUES ('update', '7', 3, 'KeyError', 0, 60)")
    raw.close()
    assert main(["stats"]) == 0
    assert "set aside: update" in capsys.readouterr().out


def test_output_that_cannot_be_written_is_one_sentence() -> None:
    Path("x.xml").write_text('<rss version="2.0"><channel><item><title>y</title></item></channel>')
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "preview", str(Path("x.xml").absolute()), "--json"],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "The output: No space left on device.\n"


def test_help_names_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for command in (
        "run", "sandbox", "check", "preview", "search", "backfill", "import-articles",
        "import-chats", "export-chats", "backup", "restore", "erase", "migrate", "stats",
    ):  # fmt: skip
        assert f"    {command}" in done.stdout


async def test_backfill_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_site(item("a")) as site:
        monkeypatch.setenv("KABAR_FEEDS", site.feed)
        assert await asyncio.to_thread(main, ["backfill"]) == 0


def test_the_version_is_told(capsys: Out) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("kabar ")


@pytest.mark.parametrize("words", [["stats"], ["search", "feri"], ["search", "feri", "-listrik"]])
def test_in_a_wrong_folder_nothing_is_created(capsys: Out, words: list[str]) -> None:
    assert main(words) == 1
    assert "no database" in capsys.readouterr().err
    assert not Path("kabar.db").exists()


def test_a_search_leaves_words_out(capsys: Out) -> None:
    lines = ({"url": f"https://a.example/{n}", "title": f"Feri {n}"} for n in ("listrik", "kayu"))
    Path("a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert main(["import-articles", "a.jsonl"]) == 0
    capsys.readouterr()
    assert main(["search", "feri", "-listrik", "--json"]) == 0
    assert [json.loads(line)["title"] for line in capsys.readouterr().out.splitlines()] == [
        "Feri kayu"
    ]


def test_an_import_that_took_nothing_fails(capsys: Out) -> None:
    Path("a.jsonl").write_text('{"x": 1}\n', "utf-8")
    assert main(["import-articles", "a.jsonl"]) == 1
    assert "No line of a.jsonl" in capsys.readouterr().err
