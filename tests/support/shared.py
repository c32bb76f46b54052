"""Where real data of others is, beside a checkout; tests read it there and skip without it."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")


def feed_files() -> list[Path]:
    """Every real feed, in order of name; empty where the data is absent."""
    return sorted(path for path in (SHARED / "feeds").glob("*") if path.suffix in {".xml", ".json"})
