"""Runs every benchmark, or only those that are named: `python -m benchmarks [NAME ...]`.

A benchmark is a module of this folder with a `main()`; `--help` lists them with their first lines.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

_FOLDER = Path(__file__).parent


def main(words: Sequence[str] | None = None) -> int:
    """Run the benchmarks named, by default all; returns the exit status (2: no such benchmark)."""
    known = benchmarks()
    names = _parser(known).parse_args(words).names or list(known)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            where = "`python -m benchmarks --help` lists them."
            print(f"There is no benchmark {name!r}.{meant} {where}", file=sys.stderr)
            return 2
    from bot import logs  # noqa: PLC0415 - not needed for --help

    logs.configure("json", "error")
    sys.argv[1:] = []  # some take arguments when they are run by themselves
    for name in names:
        print(f"\n=== {name} " + "=" * (90 - len(name)), flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


def benchmarks() -> dict[str, str]:
    """The name of each benchmark, and the first line of what it says about itself."""
    found = {}
    for path in sorted(_FOLDER.glob("[a-z]*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(one, ast.FunctionDef) and one.name == "main" for one in module.body):
            found[path.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def _parser(known: dict[str, str]) -> argparse.ArgumentParser:
    width = max(map(len, known))
    lines = "\n".join(f"  {name:<{width}}  {says}" for name, says in known.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Print the figures that README and docs/ quote.",
        epilog=f"benchmarks (without a name all of them run, one after the other):\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="the benchmarks to run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
