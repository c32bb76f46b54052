"""The command line as people use it: clear output, one sentence for a fault, never a traceback."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli import backfilling
from bot.settings import FeedSettings, load, setting_names
from storage import SingleProcess
from tests.support.article_site import open_press
from tests.support.feed_site import Site, item, open_site
from tests.support.postgres import PostgresServer
from tests.support.program import ROOT
from tests.support.shared import SHARED, needs_shared

FIELDS = {
    "title", "text", "html", "photo", "caption", "credit", "source", "topics", "link", "published",
    "id",
}  # fmt: skip


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own and no settings but these."""
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KABAR_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Out = pytest.CaptureFixture[str]


def lines(out: Out) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.readouterr().out.splitlines()]


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


@needs_shared
def test_preview_of_the_seed(capsys: Out) -> None:
    assert main(["preview", str(SHARED / "seed" / "feed.xml"), "--json"]) == 0
    (post,) = lines(capsys)
    assert set(post) == FIELDS
    assert post["title"] == "Benarkah Putin-Kim Jong Un Diam-diam Saling Surat Nego Beli Senjata?"
    assert post["source"] == "CNN Indonesia"
    assert post["credit"] == "AFP/ALEXEY NIKOLSKY"
    assert post["topics"] == ["Internasional"]
    assert post["published"] == "2023-08-31T09:58:00+07:00"
    assert "/s1600/" in str(post["photo"])
    assert "\n\nJakarta - Amerika Serikat" in str(post["text"])


@needs_shared
def test_preview_for_people(capsys: Out) -> None:
    assert main(["preview", str(SHARED / "seed" / "feed.xml")]) == 0
    out = capsys.readouterr().out
    assert "Sumber: CNN Indonesia" in out
    assert "1 entry in Majalah Jurnalis" in out


async def over_http(*words: str, site: Site | None = None) -> int:
    return await asyncio.to_thread(main, list(words))


async def test_preview_over_http_also_of_a_site(capsys: Out) -> None:
    async with open_site(item("b"), item("a")) as site:
        assert await over_http("preview", site.feed, "--json") == 0
        assert [post["title"] for post in lines(capsys)] == ["Berita b", "Berita a"]
        assert await over_http("preview", site.address + "/", "--json") == 0
        assert len(lines(capsys)) == 2


async def test_preview_says_where_the_feed_was_found(capsys: Out) -> None:
    async with open_site(item("a")) as site:
        assert await over_http("preview", site.address) == 0
        assert f"The feed was found at {site.feed}." in capsys.readouterr().out.replace("\n", " ")
        assert await over_http("preview", site.address, "--json") == 0
        said = capsys.readouterr()
        assert f"found at {site.feed}" in said.err.replace("\n", " ")
        assert json.loads(said.out)["title"] == "Berita a"


async def test_preview_shows_as_many_as_are_wanted(capsys: Out) -> None:
    async with open_site(item("c"), item("b"), item("a")) as site:
        assert await over_http("preview", site.feed, "--json", "--limit", "2") == 0
        assert [post["title"] for post in lines(capsys)] == ["Berita c", "Berita b"]


async def test_preview_reads_pages_when_it_is_asked_to(capsys: Out) -> None:
    async with open_press() as press:
        press.site.items = [press.item("b"), press.item("a")]
        assert await over_http("preview", press.site.feed, "--json") == 0
        assert [post["photo"] for post in lines(capsys)] == [None, None]
        assert press.asked == []
        assert await over_http("preview", press.site.feed, "--json", "--pages", "--limit=1") == 0
        (post,) = lines(capsys)
        assert post["photo"] == f"{press.address}/gambar/sungai.jpg"
        assert press.pages() == ["/b.html"]


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n<\x00", b"<html><body>Halo</body></html>"]
)
def test_preview_of_a_file_that_is_no_feed(capsys: Out, content: bytes) -> None:
    Path("x.xml").write_bytes(content)
    assert main(["preview", "x.xml"]) == 1
    said = capsys.readouterr()
    assert "is no feed" in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


async def test_preview_of_trouble_over_http(capsys: Out) -> None:
    async with open_site() as site:
        site.status = 404
        assert await over_http("preview", site.feed) == 1
        assert capsys.readouterr().err == f"{site.feed} answers 404 Not Found.\n"
        site.status, site.raw = 200, b"<rss>" + b"x" * 11_000_000
        assert await over_http("preview", site.feed) == 1
        assert capsys.readouterr().err == f"{site.feed} sends more than 10,240 KB.\n"


async def test_backfill_names_what_failed_and_walks_the_rest(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_site(item("b"), item("a")) as site:
        monkeypatch.setenv("KABAR_TOKEN", "1:x")
        monkeypatch.setenv("KABAR_FEEDS", site.feed)
        assert await over_http("backfill") == 0
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
