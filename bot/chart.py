"""A picture of figures, as what it shows: panels of lines and bars. Drawn by `bot.reading`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a panel: a number for each day."""

    name: str
    colour: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A heading and what is drawn below it: a line, or bars on top of each other."""

    title: str
    series: tuple[Series, ...]
    line: bool = False
