"""The command line in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.settings import setting_names

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own and no settings but these."""
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KABAR_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(out: Out) -> list[dict[str, object]]:
    """Each line of what was written, as JSON."""
    return [json.loads(line) for line in out.readouterr().out.splitlines()]
