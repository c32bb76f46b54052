"""`kabar run`. Imports only what a start needs, so that it is quick."""

from __future__ import annotations

import asyncio

import structlog

from bot import app, logs
from bot.core.errors import KabarError
from bot.settings import Settings, others_read_env

log = structlog.get_logger("kabar")


def run(settings: Settings) -> int:
    """The bot, until it is told to stop. A bug is logged; the supervisor starts it again."""
    logs.configure(
        settings.log_format,
        settings.log_level,
        secrets=(settings.token.get_secret_value(),),
    )
    if others_read_env():
        log.warning("env.readable", file=".env", hint="chmod 600 .env: it holds the token")
    try:
        asyncio.run(app.run(settings))
    except KabarError:
        raise
    except Exception:
        log.exception("kabar.crashed")
        return 1
    return 0
