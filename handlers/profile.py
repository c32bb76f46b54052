"""What Telegram shows about the bot: menus, name, descriptions; set only where they differ.

    asked (getMy*) -> the same: nothing          different: set (setMy*)

Telegram limits how often a bot may change these, and the bot works without them: this runs beside
everything else, and a refusal is only logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import structlog
import telegram
from telegram.error import RetryAfter, TelegramError

from bot.core.language import Translator
from bot.core.model import TelegramId
from bot.core.text import fit
from bot.i18n import Languages
from bot.telegram.asking import NONSENSE, seconds_of
from handlers.menu import Menu, menus

log = structlog.get_logger("profile")

NAME, SHORT, LONG = 64, 120, 512
"""The most characters that Telegram accepts (Bot API)."""
_LONGEST_WAIT = 3600.0
_NAMELESS = 30.0
"""Seconds between two checks for the paper's name while no feed has been read."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that Telegram shows; `same` checks it, `tell` changes it."""

    what: str
    language: str
    same: Callable[[], Awaitable[bool]]
    tell: Callable[[], Awaitable[object]]


class BotProfile:
    """`papers` returns the names of the papers read; if there is only one, the bot takes its name.
    `after`: seconds before it begins."""

    def __init__(
        self,
        bot: telegram.Bot,
        languages: Languages,
        moderators: TelegramId | None,
        papers: Callable[[], Awaitable[list[str]]],
        *,
        after: float = 0.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._after = after
        self._bot = bot
        self._languages = languages
        self._moderators = moderators
        self._papers = papers
        self._sleep = sleep

    async def run(self) -> None:
        """Run once; the menus first, the names as soon as a feed has given the paper's."""
        if self._after:
            await self._sleep(self._after)
        for code in self._languages.codes:  # one catalogue after the other: each takes 15 ms
            self._languages.of(code)
            await asyncio.sleep(0)
        for menu in menus(self._languages, self._moderators):
            await self._ensure(self._menu(menu))
        while not (papers := await self._papers()):
            await self._sleep(_NAMELESS)
        for part in self._names(papers):
            await self._ensure(part)

    async def _ensure(self, part: _Part) -> None:
        """Update Telegram if it shows something else. After a 429 try once more, when it says."""
        for last in (False, True):
            try:
                if not await part.same():
                    await part.tell()
                    log.info("profile.told", what=part.what, language=part.language or "all")
            except RetryAfter as error:
                log.info("profile.wait", what=part.what, seconds=seconds_of(error))
                if not last:
                    await self._sleep(min(seconds_of(error), _LONGEST_WAIT))
                    continue
            except (TelegramError, *NONSENSE) as error:
                log.warning("profile.refused", what=part.what, reason=str(error))
            return

    def _menu(self, menu: Menu) -> _Part:
        at = {"scope": menu.scope, "language_code": menu.language or None}

        async def same() -> bool:
            return await self._bot.get_my_commands(**at) == menu.commands  # type: ignore[arg-type]

        async def tell() -> None:
            await self._bot.set_my_commands(menu.commands, **at)  # type: ignore[arg-type]

        return _Part(f"menu of {menu.scope.type}", menu.language, same, tell)

    def _names(self, papers: list[str]) -> Iterator[_Part]:
        if len(papers) == 1:  # none of several can be the bot's name
            yield self._name(fit(papers[0], NAME))
        for code in ("", *self._languages.codes):
            tr = self._languages.of(code or self._languages.default)
            yield self._short(short_description(tr, papers), code)
            yield self._long(description(tr), code)

    def _name(self, name: str) -> _Part:
        async def same() -> bool:
            return (await self._bot.get_my_name()).name == name

        return _Part("name", "", same, lambda: self._bot.set_my_name(name))

    def _short(self, text: str, code: str) -> _Part:
        async def same() -> bool:
            return (
                await self._bot.get_my_short_description(code or None)
            ).short_description == text

        return _Part(
            "short description",
            code,
            same,
            lambda: self._bot.set_my_short_description(text, language_code=code or None),
        )

    def _long(self, text: str, code: str) -> _Part:
        async def same() -> bool:
            return (await self._bot.get_my_description(code or None)).description == text

        return _Part(
            "description",
            code,
            same,
            lambda: self._bot.set_my_description(text, language_code=code or None),
        )


def short_description(tr: Translator, papers: list[str]) -> str:
    """What the bot's profile says (at most 120 characters)."""
    papers_ = fit(tr.listed(papers), 60)
    return fit(tr.gettext("{paper} on Telegram: news as soon as it's out.", paper=papers_), SHORT)


def description(tr: Translator) -> str:
    """What an empty chat with the bot says (at most 512 characters)."""
    return fit(
        tr.gettext(
            "Our news as soon as it's out, with pictures and sources. Search the archive, "
            "comment, and hear back from the editors."
        ),
        LONG,
    )
