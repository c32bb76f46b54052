"""The exceptions of Kabar, shaped by what a caller can do about them.

KabarError
├── OperatorError      tell the operator, in one sentence, and stop (settings, database file)
├── FeedError          skip this poll of the feed, back off, try again later
├── StorageError       nothing was stored; try again when the disk or the lock is free
│   └── Superseded     another process has taken over: end, or begin anew under another number
├── Unanswered         Telegram did not answer a question; the update is handled again later
└── Refusal            tell the person, in one polite sentence; nothing is wrong with the program
"""

from __future__ import annotations

from bot.core.networks import without_credentials


class KabarError(Exception):
    """Anything that Kabar raises on purpose; its text is one clear sentence."""


class OperatorError(KabarError):
    """The operator has to change something before the program can go on."""


class FeedError(KabarError):
    """A feed (or page, or picture) could not be fetched or read this time.

    `gone`: its server says for certain that it does not exist (404, 410). `status`: the HTTP
    status, 0 without an answer. `retry_after`: the seconds that it asked us to wait. `kind`: one
    word for statistics. The sentence names addresses without the passwords in them.
    """

    def __init__(
        self,
        sentence: str,
        *,
        gone: bool = False,
        retry_after: float | None = None,
        status: int = 0,
        kind: str = "",
    ) -> None:
        super().__init__(without_credentials(sentence))
        self.gone = gone
        self.retry_after = retry_after
        self.status = status
        self.kind = kind or (str(status) if status else "unreadable")


class StorageError(KabarError):
    """The database could not do it now: disk full, locked, lost. The transaction left no trace."""


class Superseded(StorageError):  # noqa: N818 - it is an event, not a mistake
    """This process was taken for dead, and another has taken over: it can store nothing more."""


class Unanswered(KabarError):  # noqa: N818 - it is weather, not a mistake
    """Telegram could not be asked now, or its answer makes no sense. Nothing has been done."""


class Refusal(KabarError):  # noqa: N818 - it is an answer, not a failure
    """What a person asked for cannot be done; the text is in the person's language."""
