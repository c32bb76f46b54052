"""The rules of the house that no linter knows: where SQL may stand, and which names there are."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import migrate

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "storage")
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)", re.DOTALL
)
VAGUE = {"desk", "bench", "office", "house", "town", "stage", "lanes", "gate", "projection"}
"""Words that once meant five things; a newcomer could not guess them."""


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


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


def test_migrations_go_in_pairs() -> None:
    """How the one becomes the other stands in `storage.migrate`."""
    sqlite, postgresql = (
        [(one.number, one.name) for one in migrate.available(dialect)]
        for dialect in ("sqlite", "postgresql")
    )
    assert sqlite == postgresql
