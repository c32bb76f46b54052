"""Finds the catalogues in `locale/` and makes a Translator of each. Knows files, not sentences.

Adding a language is adding `locale/<code>/LC_MESSAGES/kabar.po`: nothing is compiled beforehand.
What a catalogue lacks is said in English, for the messages of the code are English.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import tzinfo
from functools import cache, cached_property
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from bot.core.comments import language_guess
from bot.core.language import Translator

LOCALE = Path(__file__).parent / "locale"


def languages() -> tuple[str, ...]:
    """The codes of all languages that have a catalogue, in order."""
    return tuple(sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/kabar.po")))


def load(code: str, zone: tzinfo) -> Translator:
    """The Translator of one language. Raises FileNotFoundError for one without a catalogue."""
    return Translator(code, _read(LOCALE / code / "LC_MESSAGES" / "kabar.po", code), zone)


@cache
def _read(file: Path, code: str) -> Translations:
    """Reading one takes tens of milliseconds; it is the same for as long as the program runs."""
    with file.open("rb") as catalogue:
        read = read_po(catalogue, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled, "kabar")


class Languages:
    """All translators by code; an unknown or unset code gives the newsroom's default. Each but that
    one is read when it is first asked for: a start has no time for six."""

    def __init__(self, default: str, zone: tzinfo) -> None:
        self._zone = zone
        self._read = {default: load(default, zone)}
        self.default = default
        self.codes = (default, *(code for code in languages() if code != default))
        """All languages, the newsroom's first."""

    @classmethod
    def load(cls, default: str, zone: tzinfo) -> Languages:
        return cls(default, zone)

    @cached_property
    def common_words(self) -> Mapping[str, frozenset[str]]:
        """By which a text's language is recognised."""
        return {code: language_guess.common_words(self.of(code)) for code in self.codes}

    def names(self) -> dict[str, str]:
        """How each language calls itself, by its code."""
        return {code: self.of(code).own_name for code in self.codes}

    def of(self, code: str) -> Translator:
        found = self._read.get(code)
        if found is None:
            if code not in self.codes:
                return self._read[self.default]
            found = self._read[code] = load(code, self._zone)
        return found
