"""The contents of a chart: panels of lines and bars. Drawn by `bot.reading`.

Pillow's own font knows Latin letters without accents: accents are left out, and where letters are
others a chart is labelled in English (its figures stand beside it in the chat's language).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.core.language import Translator
from bot.i18n import Languages


@dataclass(frozen=True, slots=True)
class Series:
    """One series in a panel, with a colour of its own: a number for each day."""

    name: str
    colour: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A heading and what is drawn below it: a line, or stacked bars."""

    title: str
    series: tuple[Series, ...]
    line: bool = False


def drawable(text: str) -> str:
    """A text as it is drawn: its letters without their accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def label_language(tr: Translator, languages: Languages) -> Translator:
    """The language of a chart's labels: this one, or English where its letters can't be drawn."""
    if drawable(tr.own_name).isascii():
        return tr
    return languages.of("en").in_zone(tr.zone)
