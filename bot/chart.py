"""The contents of a chart: panels of lines and bars. Drawn by `bot.reading`."""

from __future__ import annotations

from dataclasses import dataclass


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
