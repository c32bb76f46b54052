"""Finds the catalogues in `locale/` and makes a Translator of each. Knows files, not sentences.

Adding a language is adding `locale/<code>/LC_MESSAGES/kabar.po`: nothing is compiled beforehand.
Messages missing from a catalogue appear in English, the language of the messages in the code.
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

from bot.core.bidi import marked
from bot.core.language import Translator

LOCALE = Path(__file__).parent / "locale"


def languages() -> tuple[str, ...]:
    """The codes of all languages that have a catalogue, in order."""
    return tuple(sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/kabar.po")))


def load(code: str, zone: tzinfo) -> Translator:
    """The Translator of one language. Raises FileNotFoundError for one without a catalogue."""
    return Translator(code, _read(LOCALE / code / "LC_MESSAGES" / "kabar.po", code), zone)


_FROM_RIGHT = frozenset({"ar", "fa", "he", "ur"})
"""Asking Babel loads all that it knows of each language: 10 MiB."""


@cache
def _read(file: Path, code: str) -> Translations:
    """Reading a catalogue takes tens of milliseconds, and it does not change while the program
    runs."""
    with file.open("rb") as catalogue:
        read = read_po(catalogue, locale=code)
    if code in _FROM_RIGHT:
        for message in read:
            said = message.string or ""
            message.string = marked(said) if isinstance(said, str) else tuple(map(marked, said))
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled, "kabar")


class Languages:
    """All translators by code; an unknown or unset code gives the newsroom's default. All but that
    one are read when first asked for: reading six would slow down the start."""

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
        """The words by which a text's language is recognised."""
        return {code: self.of(code).common_words for code in self.codes}

    def names(self) -> dict[str, str]:
        """Each language's own name, by its code."""
        return {code: self.of(code).own_name for code in self.codes}

    def of(self, code: str) -> Translator:
        found = self._read.get(code)
        if found is None:
            if code not in self.codes:
                return self._read[self.default]
            found = self._read[code] = load(code, self._zone)
        return found
