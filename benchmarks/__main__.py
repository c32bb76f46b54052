"""Runs every benchmark: each module of this folder that has a `main()`; or those that are named.

python -m benchmarks [delivery latency ...]
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from bot import logs


def main() -> None:
    logs.configure("json", "error")
    names = sys.argv[1:] or sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            print(f"\n=== {name} " + "=" * (90 - len(name)), flush=True)
            module.main()


if __name__ == "__main__":
    main()
