"""The `kabar` command line (also `python -m bot`): parses arguments, calls one function, reports
errors.

An error is one clear sentence on standard error and a non-zero exit status, never a traceback.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import KabarError, OperatorError
from bot.core.networks import without_credentials

if TYPE_CHECKING:
    from bot.settings import StoreSettings

_FAULT, _USAGE, _INTERRUPTED = 1, 2, 130
_OPTION = re.compile(r"--?(json|limit|help|h)(=.*)?$")
_WORD = "\0"
"""Prefix for a search word that looks like an option."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    given = [*(sys.argv[1:] if words is None else words)]
    parser, commands = _parser()
    if not given or not (given[0].startswith("-") or given[0] in commands):
        return _usage(parser, commands, *given[:1])
    options = parser.parse_args(_searched(given))
    if words is None and options.command not in {"run", "sandbox"}:
        _quiet()
    try:
        return _run(options)
    except KabarError as fault:
        print(without_credentials(str(fault)), file=sys.stderr)
        return _FAULT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has enough (`kabar preview ... | head`).
        return _silence(0)
    except OSError as fault:
        where = fault.filename or "The output"
        print(f"{where}: {fault.strerror or fault}.", file=sys.stderr)
        return _silence(_FAULT)


def _usage(parser: argparse.ArgumentParser, commands: Collection[str], word: str = "") -> int:
    """Help for a call without a command, or with a `word` that is none."""
    if not word:
        parser.print_help(sys.stderr)
        return _USAGE
    near = get_close_matches(word, commands, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    print(f"There is no command {word!r}.{meant} `kabar --help` lists them.", file=sys.stderr)
    return _USAGE


def _searched(words: list[str]) -> list[str]:
    """`kabar search feri -listrik`: an excluded word is part of the search, not an option."""
    if words[:1] != ["search"]:
        return words
    return [
        f"{_WORD}{word}" if word.startswith("-") and not _OPTION.match(word) else word
        for word in words
    ]


def _silence(status: int) -> int:
    """Write nothing any more, not even at the end of the process."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _quiet() -> None:
    """Logging is not part of a command's output; KABAR_LOG_LEVEL=debug shows it."""
    import logging  # noqa: PLC0415

    import structlog  # noqa: PLC0415

    if os.environ.get("KABAR_LOG_LEVEL", "").lower() != "debug":
        structlog.configure(
            processors=[structlog.processors.KeyValueRenderer()],
            logger_factory=structlog.ReturnLoggerFactory(),
        )
        logging.getLogger().addHandler(logging.NullHandler())


def _run(options: argparse.Namespace) -> int:
    status = _command(options)
    sys.stdout.flush()  # here, where errors in it are reported
    return status


def _command(options: argparse.Namespace) -> int:
    # A command imports what it needs, so that `kabar --help` answers at once.
    if options.command == "run":
        return _run_bot()
    from bot.settings import FeedSettings, Settings, StoreSettings, load  # noqa: PLC0415

    command = options.command
    if command == "backfill":
        from bot.cli import backfilling  # noqa: PLC0415

        return backfilling.backfill(load(FeedSettings))
    if command == "check":
        from bot.cli import checking  # noqa: PLC0415

        return checking.check(load(Settings))
    if command == "sandbox":
        from bot.cli import sandbox  # noqa: PLC0415

        return sandbox.sandbox(options)
    _offline(command, options, load(StoreSettings))
    return 0


def _run_bot() -> int:
    from bot import runtime  # noqa: PLC0415

    with runtime.hastening():
        from bot.cli import operate  # noqa: PLC0415
        from bot.settings import Settings, load  # noqa: PLC0415
    return operate.run(load(Settings))


def _offline(command: str, options: argparse.Namespace, settings: StoreSettings) -> None:
    from bot.cli import archive, moving, news, saving  # noqa: PLC0415

    match command:
        case "backup" | "restore" | "erase":
            saving.run(command, settings, options)
        case "preview":
            news.preview(
                settings,
                options.url,
                as_json=options.json,
                limit=options.limit,
                pages=options.pages,
            )
        case "search":
            words = " ".join(options.words).replace(_WORD, "")
            news.search_archive(settings, words, limit=options.limit, as_json=options.json)
        case "import-articles":
            moving.import_articles(settings, options.file)
        case "import-chats":
            moving.import_chats(settings, options.file)
        case "export-chats":
            archive.export_chats(settings)
        case "migrate":
            _migrate(settings, options)
        case "report":
            archive.report(settings, month=options.month, as_csv=options.csv)
        case "stats":
            archive.stats(settings, as_json=options.json)


def _migrate(settings: StoreSettings, options: argparse.Namespace) -> None:
    from bot.cli import archive, databases  # noqa: PLC0415

    if options.source is None and options.target is None:
        archive.migrate(settings)
    elif options.source is None or options.target is None:
        raise OperatorError("migrate needs both --from and --to, or none of them.")
    else:
        databases.move(options.source, options.target)


class _Version(argparse.Action):
    """The version, looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        print(f"kabar {version('kabar')}")
        parser.exit()


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    parser = argparse.ArgumentParser(
        prog="kabar",
        description="A newsroom's bot in Telegram. Settings: see .env.example.",
        epilog="`kabar COMMAND --help` explains a command.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show which Kabar this is")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, says: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")

    add("run", "run the bot; Ctrl-C stops it cleanly")
    _sandbox_options(add("sandbox", "try everything in the browser, with no Telegram account"))
    add("check", "check the settings: token, feeds, moderators' chat, database, disk")
    one = add("preview", "show how a feed's entries would look as posts")
    one.add_argument("url", metavar="URL-or-FILE", help="a feed, a site, or a file with a feed")
    one.add_argument("--limit", type=_positive, metavar="N", help="only the first N entries")
    one.add_argument("--pages", action="store_true", help="read the pages of short entries too")
    _json(one)
    one = add("search", "search the archive, as /search does")
    one.add_argument(
        "words", nargs="+", metavar="WORD", help="what readers can type: feri -listrik"
    )
    one.add_argument(
        "--limit", type=_positive, default=7, metavar="N", help="only the first N results (7)"
    )
    _json(one)
    add("backfill", "fetch the whole archive behind each feed; stores articles, posts nothing")
    one = add("import-articles", "import articles from another system; posts nothing")
    _file(one, "JSON Lines with url, title, body, published, source")
    one = add("import-chats", "import chats, each subscribed to all news")
    _file(one, "chat ids, one per line")
    add("export-chats", "print the ids of all subscribed chats, one per line")
    _file(add("backup", "copy the database, even while the bot runs"), "the copy to be written")
    one = add("restore", "replace the database by a backup; keeps the previous one beside it")
    _file(one, "the backup")
    one = add("erase", "delete everything about people for good; keeps the articles")
    one.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    one = add("migrate", "create or upgrade the database, or move it to another one")
    one.add_argument("--from", dest="source", metavar="URL", help="the database to move")
    one.add_argument("--to", dest="target", metavar="URL", help="the empty one to move it to")
    one = add("report", "print the transparency report of a month")
    one.add_argument("--month", default="", metavar="2026-11", help="by default last month")
    one.add_argument("--csv", action="store_true", help="print rows for a spreadsheet")
    _json(add("stats", "print what is in the archive and who reads it"))
    return parser, commands.choices


def _sandbox_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--feed", metavar="URL-or-FILE", help="use your own feed, not the sample one"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the data in this folder")
    parser.add_argument("--port", type=int, default=8800, help="the page's port (8800)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def _file(parser: argparse.ArgumentParser, says: str) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=says)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON Lines")


def _positive(text: str) -> int:
    value = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
    if not value:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return value


if __name__ == "__main__":
    sys.exit(main())
