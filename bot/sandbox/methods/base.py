"""The table of methods and what each one gets. Knows no method by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.activity import Activity
from bot.sandbox.fetch import TelegramFetcher
from bot.sandbox.params import Params
from bot.sandbox.webhooks import WebHookCaller
from bot.sandbox.world import World


@dataclass(slots=True)
class Call:
    """One request: its parameters and everything that it may touch."""

    activity: Activity
    params: Params
    fetcher: TelegramFetcher
    webhook: WebHookCaller

    @property
    def world(self) -> World:
        return self.activity.world


Handler = Callable[[Call], Any | Awaitable[Any]]
METHODS: dict[str, Handler] = {}
"""Lower-case name -> what answers it; the result is what the client gets as `result`."""


def method(*names: str) -> Callable[[Handler], Handler]:
    """Add a function to the table under these names."""

    def enter(handler: Handler) -> Handler:
        for name in names:
            METHODS[name.lower()] = handler
        return handler

    return enter
