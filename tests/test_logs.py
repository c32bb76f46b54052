"""The log as it is written: nothing that is secret, whoever logs it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import logging, structlog
from bot import logs
logs.configure("{form}", "info", secrets=("123:SECRET",))
structlog.get_logger("x").warning("feed.failed", feed="https://ayu:sandi@paper.example/f?key=abc")
logging.getLogger("library").error("GET https://api/bot123:SECRET/getMe http://ayu:sandi@p/")
def handle(words):
    raise ValueError("https://ayu:sandi@paper.example/")
try:
    handle("isi " + "komentar")
except ValueError:
    structlog.get_logger("x").exception("bug")
"""


def test_no_password_reaches_the_log() -> None:
    for form in ("json", "pretty"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(form=form)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "paper.example" in done.stderr
        for secret in ("sandi", "abc", "SECRET", "isi komentar"):
            assert secret not in done.stderr
