"""Draws a picture of figures: panels of lines and bars, readable on a phone. Knows no database.

Pillow alone: a plotting library would be the largest dependency of the program for one picture.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image, ImageDraw, ImageFont

from bot.chart import Panel, drawable

_WIDTH, _PANEL, _MARGIN, _TOP = 1080, 410, 50, 120
_SMALL = 34
"""Pixels: on a phone a picture is shown at about a third of its width, where these letters are as
high as the phone's own."""
_LARGE, _LEAST, _GAP = 42, 24, 24
"""Pixels: letters of a panel's title, which shrink where it would be cut."""
_PAPER, _INK, _FAINT = "#ffffff", "#1c1c1e", "#d8d8dc"


def draw(title: str, panels: Sequence[Panel], *, first: str, last: str) -> bytes:
    """A PNG; `first` and `last` name the ends of the time axis."""
    image = Image.new("RGB", (_WIDTH, _TOP + _PANEL * len(panels) + 30), _PAPER)
    pen = ImageDraw.Draw(image)
    _write(pen, (_MARGIN, 34), drawable(title), 54, room=_WIDTH - 2 * _MARGIN)
    for number, panel in enumerate(panels):
        shown = replace(
            panel,
            title=drawable(panel.title),
            series=tuple(replace(one, name=drawable(one.name)) for one in panel.series),
        )
        _panel(pen, shown, _TOP + number * _PANEL, drawable(first), drawable(last))
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _panel(pen: ImageDraw.ImageDraw, panel: Panel, top: int, first: str, last: str) -> None:
    room = _legend(pen, panel, top + 14) - _GAP - _MARGIN
    _write(pen, (_MARGIN, top + 10), panel.title, _LARGE, room=room)
    right, floor, ceiling = _WIDTH - _MARGIN, top + 330, top + 80
    highest = max(1, max((sum(day) for day in _days(panel)), default=0))
    left = _MARGIN + 28 + max(52, round(pen.textlength(str(highest), font=_font(_SMALL))))
    for share in (0.0, 0.5, 1.0):
        y = round(floor - share * (floor - ceiling))
        pen.line((left, y, right, y), fill=_FAINT, width=2)
        if share != 0.5 or highest % 2 == 0:
            label = str(round(highest * share))
            pen.text((left - 14, y), label, fill=_INK, font=_font(_SMALL), anchor="rm")
    scale = (floor - ceiling) / highest
    if panel.line:
        _line(pen, panel, (left, right, floor), scale)
    else:
        _bars(pen, panel, (left, right, floor), scale)
    pen.text((left, floor + 12), first, fill=_INK, font=_font(_SMALL))
    pen.text((right, floor + 12), last, fill=_INK, font=_font(_SMALL), anchor="ra")


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], title: str, size: int, *, room: int
) -> None:
    """Write a title in letters of this size, or in smaller ones where it would be cut."""
    left, top = at
    bottom = top + size
    while size > _LEAST and pen.textlength(title, font=_font(size)) > room:
        size -= 2
    pen.text((left, bottom - size), title, fill=_INK, font=_font(size))


def _days(panel: Panel) -> list[tuple[int, ...]]:
    """The values of each day."""
    return list(zip(*(one.values for one in panel.series), strict=True))


def _legend(pen: ImageDraw.ImageDraw, panel: Panel, top: int) -> int:
    """Draw the legend; returns where it begins."""
    right = left = _WIDTH - _MARGIN
    for one in reversed(panel.series if len(panel.series) > 1 else ()):
        width = round(pen.textlength(one.name, font=_font(_SMALL)))
        pen.text((right - width, top), one.name, fill=_INK, font=_font(_SMALL))
        pen.rectangle((right - width - 42, top + 8, right - width - 14, top + 36), fill=one.colour)
        left = right - width - 42
        right -= width + 76
    return left


def _line(
    pen: ImageDraw.ImageDraw, panel: Panel, frame: tuple[int, int, int], scale: float
) -> None:
    left, right, floor = frame
    for one in panel.series:
        step = (right - left) / max(1, len(one.values) - 1)
        points = [(left + at * step, floor - value * scale) for at, value in enumerate(one.values)]
        pen.line(points, fill=one.colour, width=6, joint="curve")


def _bars(
    pen: ImageDraw.ImageDraw, panel: Panel, frame: tuple[int, int, int], scale: float
) -> None:
    left, right, floor = frame
    days = _days(panel)
    step = (right - left) / max(1, len(days))
    for at, values in enumerate(days):
        y = float(floor)
        for value, one in zip(values, panel.series, strict=True):
            top = y - value * scale
            if value:
                x = left + at * step
                pen.rectangle((x + step * 0.15, top, x + step * 0.85, y), fill=one.colour)
            y = top


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
