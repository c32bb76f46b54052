"""Prints covered lines by package from `coverage.json`; fails if the core or the storage is below
what we promise. `make coverage` runs it after the tests."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

HELD = {"bot/core": 95.0, "storage": 95.0}
"""Percent of lines, at least, of each package at or below these."""


def main(report: str = "coverage.json") -> int:
    files = json.loads(Path(report).read_text("utf-8"))["files"]
    lines: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, found in files.items():
        summary = found["summary"]
        one = lines[str(Path(name).parent)]
        one[0] += summary["covered_lines"]
        one[1] += summary["num_statements"]
    below = 0
    for package, (covered, all_lines) in sorted(lines.items()):
        if not all_lines:
            continue
        percent = 100 * covered / all_lines
        least = max((at for held, at in HELD.items() if package.startswith(held)), default=0.0)
        below += percent < least
        mark = f"  below {least:.0f} %" if percent < least else ""
        print(f"{package:28} {all_lines:6} lines {percent:6.1f} %{mark}")
    covered, all_lines = (sum(pair[n] for pair in lines.values()) for n in (0, 1))
    print(f"{'all':28} {all_lines:6} lines {100 * covered / all_lines:6.1f} %")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
