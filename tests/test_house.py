"""The rules of the house that no linter knows: where SQL may stand, which names there are, and what
is easily forgotten when something is added."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import handlers
from bot.core.model import TelegramId
from bot.core.posts.content_kinds import ContentKind
from bot.discussion.rendering import CommentRendering
from bot.editorial.rendering import EditorialRendering
from bot.i18n import Languages
from bot.readers.rendering import ReaderRendering
from handlers.menu import menus
from storage import migrate

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "storage")
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)", re.DOTALL
)
VAGUE = {"desk", "bench", "office", "house", "town", "stage", "lanes", "gate", "projection"}
"""Words that once meant five things; a newcomer could not guess them."""


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    return chain.from_iterable(map(parsed, rooms))


@cache
def parsed(room: str) -> list[tuple[Path, ast.Module]]:
    """Parsed once: every test here reads all of it."""
    return [
        (path.relative_to(ROOT), ast.parse(path.read_text("utf-8")))
        for path in sorted((ROOT / room).rglob("*.py"))
    ]


def names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_sql_stands_in_storage_only() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules("bot", "handlers")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert not found


def test_no_two_public_classes_share_a_name() -> None:
    places = defaultdict(list)
    for path, tree in modules(*ROOMS):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path))
    assert not {name: where for name, where in places.items() if len(where) > 1}


@pytest.mark.parametrize("room", ROOMS)
def test_names_are_the_fields_own(room: str) -> None:
    """The sample newsroom of the sandbox has a desk in earnest: people edit its articles there."""
    found = {
        f"{path}: {name}"
        for path, tree in modules(room)
        if path.parts[:2] != ("bot", "sandbox")
        for name in names(tree)
        if VAGUE & set(name.lower().strip("_").split("_"))
    }
    assert not found


def test_architecture_names_what_there_is() -> None:
    """Files by their paths (from `bot/` too), modules of the import table, names of the code."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    code = {
        path: path.read_text("utf-8")
        for room in (*ROOMS, "tests", "benchmarks")
        for path in (ROOT / room).rglob("*.py")
    }
    words = set(re.findall(r"\w+", "\n".join(code.values()))) | {path.stem for path in code}
    missing = [name for name in re.findall(r"\bbot(?:\.\w+)+", page) if not _stands(name)]
    for name in re.findall(r"`([^`]+)`", page):
        if re.fullmatch(r"[\w./]+(\.\w+|/)", name) and "/" in name:
            known = any((folder / name).exists() for folder in (ROOT, ROOT / "bot"))
        elif re.fullmatch(r"\w+\.(py|md|toml|po)", name):
            known = any(ROOT.glob(f"docs/{name}")) or any(path.name == name for path in code)
            known = known or (ROOT / name).exists()
        else:
            known = not re.fullmatch(r"\w+(\.\w+)*", name) or name.split(".")[-1] in words
        if not known:
            missing.append(name)
    assert not missing


def _stands(module: str) -> bool:
    path = ROOT / module.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").exists()


def test_migrations_go_in_pairs() -> None:
    """How the one becomes the other stands in `storage.migrate`."""
    sqlite, postgresql = (
        [(one.number, one.name) for one in migrate.available(dialect)]
        for dialect in ("sqlite", "postgresql")
    )
    assert sqlite == postgresql


def test_every_kind_of_content_is_rendered() -> None:
    """Articles by the sender itself, all others by one of these."""
    nobody: Any = None
    tables = [
        CommentRendering(nobody, nobody).renderers(),
        ReaderRendering(nobody, clock=nobody).renderers(),
        EditorialRendering(nobody, bot_username="", clock=nobody).renderers(),
    ]
    found = [kind for table in tables for kind in table]
    assert sorted([*found, ContentKind.ARTICLE]) == sorted(ContentKind)


def test_every_command_is_in_a_menu() -> None:
    """Telegram sends /start itself; /privacy names /mydata."""
    languages = Languages.load("id", UTC)
    shown = {
        command.command for menu in menus(languages, TelegramId(-100)) for command in menu.commands
    }
    assert handlers._COMMANDS.keys() - shown == {"start", "mydata"}
    assert shown <= handlers._COMMANDS.keys()
