"""Structured logging: events with fields, pretty on a terminal, JSON elsewhere, secrets masked.

Libraries that use the standard logging come out in the same form.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from bot.core.networks import without_credentials

_QUIET = ("httpx", "httpcore", "aiohttp.access", "telegram", "trafilatura", "htmldate", "courlan")


def configure(form: str, level: str, *, secrets: tuple[str, ...] = ()) -> None:
    """Set up logging for the process. `form` is auto, pretty or json; every occurrence of a
    secret in any event is replaced by `***`, and so are passwords in addresses."""
    pretty = form == "pretty" or (form == "auto" and sys.stderr.isatty())
    renderer: Any = (
        # Without the values of variables, which structlog would add: readers' words are among them.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if not pretty:
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Masking(
            secrets,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns about every pipeline on a lost connection; what that means is reported where it is
    # known.
    logging.getLogger("psycopg").setLevel(logging.ERROR)


class _Masking(structlog.stdlib.ProcessorFormatter):
    """The last step before the stream, so that no path around it can leak a secret."""

    def __init__(self, secrets: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return without_credentials(line)
