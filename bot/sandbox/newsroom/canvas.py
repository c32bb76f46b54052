"""A sheet to draw simple landscapes on: gradients, ridges, suns. Knows no scene and no article.

Coordinates are those of the finished picture, 1280 x 720. Everything is drawn twice as large and
made smaller at the end, which rounds the edges.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 720
_TWICE = 2
Point = tuple[float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour of the day, far to near."""

    sky: tuple[str, str]
    sun: str
    far: str
    middle: str
    near: str
    accent: str
    dark: bool = False


LIGHTS = {
    "dawn": Light(("#f7b58a", "#fde9c8"), "#fff4d6", "#c98f8a", "#7d7f8f", "#3d5a5b", "#e2604a"),
    "day": Light(("#5fb4d9", "#d8f0ee"), "#fffbe6", "#8fc0b4", "#4f9a86", "#23695f", "#f2a33a"),
    "dusk": Light(("#4a3f78", "#f48a64"), "#ffd98f", "#8a5a86", "#553f6e", "#2b2a4a", "#ffc35c"),
    "night": Light(
        ("#0b1530", "#24406b"), "#f3efd8", "#24365f", "#182747", "#0c162c", "#7fd0c8", dark=True
    ),
}

BRIGHT = ("#e2604a", "#f2a33a", "#f6d55c", "#3caea3", "#4f7fc0", "#b76fb0")
"""Awnings, kites, umbrellas."""


def rgb(text: str) -> Colour:
    """`#rrggbb` as numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: 0 gives `one`, 1 gives `other`."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """One picture under way. `chance` decides every random detail, so a seed repeats a picture."""

    def __init__(self, light: Light, seed: int) -> None:
        self.light = light
        self.chance = random.Random(seed)
        self._image = Image.new("RGB", (WIDTH * _TWICE, HEIGHT * _TWICE))
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def jpeg(self) -> bytes:
        """The finished picture."""
        small = self._image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=88, optimize=True, progressive=True)
        return kept.getvalue()

    # --- marks ------------------------------------------------------------------------------------

    def polygon(self, points: Sequence[Point], colour: str, alpha: int = 255) -> None:
        """A filled shape."""
        self._draw.polygon(
            [(x * _TWICE, y * _TWICE) for x, y in points], fill=(*rgb(colour), alpha)
        )

    def box(  # noqa: PLR0917 - places and sizes, as in every drawing library
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        radius: float = 0,
        alpha: int = 255,
    ) -> None:
        """A rectangle, perhaps with round corners."""
        corners = [x * _TWICE, y * _TWICE, (x + width) * _TWICE - 1, (y + height) * _TWICE - 1]
        if corners[2] > corners[0] and corners[3] > corners[1]:
            self._draw.rounded_rectangle(corners, radius * _TWICE, fill=(*rgb(colour), alpha))

    def oval(  # noqa: PLR0917 - places and sizes
        self, x: float, y: float, across: float, high: float, colour: str, alpha: int = 255
    ) -> None:
        """An ellipse around its middle; `across` and `high` are radii."""
        edges = [(x - across), (y - high), (x + across), (y + high)]
        self._draw.ellipse([edge * _TWICE for edge in edges], fill=(*rgb(colour), alpha))

    def line(
        self, points: Sequence[Point], colour: str, width: float = 3, alpha: int = 255
    ) -> None:
        """A line through points."""
        self._draw.line(
            [(x * _TWICE, y * _TWICE) for x, y in points],
            fill=(*rgb(colour), alpha),
            width=round(width * _TWICE),
            joint="curve",
        )

    # --- landscapes -------------------------------------------------------------------------------

    def gradient(self, top: float, bottom: float, upper: str, lower: str) -> None:
        """A band that changes its colour from top to bottom."""
        high = max(1, round((bottom - top) * _TWICE))
        ramp = Image.linear_gradient("L").resize((WIDTH * _TWICE, high))
        band = Image.composite(
            Image.new("RGB", ramp.size, rgb(lower)), Image.new("RGB", ramp.size, rgb(upper)), ramp
        )
        self._image.paste(band, (0, round(top * _TWICE)))

    def sky(self, sun: Point = (900, 210), size: float = 70, horizon: float = HEIGHT) -> None:
        """The sky with its sun or moon, and stars at night."""
        self.gradient(0, horizon, *self.light.sky)
        if self.light.dark:
            self.stars(140, horizon)
        self.glow(*sun, size * 3.2)
        self.oval(*sun, size, size, self.light.sun)

    def stars(self, count: int, horizon: float) -> None:
        """Points of light above the horizon."""
        for _ in range(count):
            x, y = self.chance.uniform(0, WIDTH), self.chance.uniform(0, horizon)
            size = self.chance.choice((0.8, 1.1, 1.6, 2.3))
            self.oval(x, y, size, size, "#fffdf0", self.chance.randint(110, 255))

    def glow(self, x: float, y: float, size: float) -> None:
        """Soft light around a point."""
        small = Image.new("L", (WIDTH // 8, HEIGHT // 8))
        at, radius = (x / 8, y / 8), size / 8
        ImageDraw.Draw(small).ellipse(
            [at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius], fill=120
        )
        mask = small.filter(ImageFilter.GaussianBlur(radius / 2)).resize(self._image.size)
        self._image.paste(rgb(self.light.sun), mask=mask)

    def ridge(self, base: float, height: float, colour: str, waves: int = 3) -> list[Point]:
        """A line of hills down to the lower edge; its points from left to right are returned."""
        parts = [
            (
                self.chance.uniform(0.6, 1.4) * waves,
                self.chance.uniform(0, math.tau),
                1 / (1.6**number),
            )
            for number in range(4)
        ]
        points: list[Point] = []
        for x in range(-10, WIDTH + 20, 10):
            turn = x / WIDTH * math.tau
            swing = sum(
                math.sin(turn * speed * (at + 1) / 2 + phase) * size
                for at, (speed, phase, size) in enumerate(parts)
            )
            points.append((float(x), base - height * (0.5 + swing / 4)))
        self.polygon([*points, (WIDTH + 10, HEIGHT), (-10, HEIGHT)], colour)
        return points

    def cloud(self, x: float, y: float, size: float, colour: str, alpha: int = 220) -> None:
        """A cloud on a flat base."""
        self.box(
            x - size * 1.6, y - size * 0.35, size * 3.2, size * 0.7, colour, size * 0.35, alpha
        )
        for shift, radius in ((-0.8, 0.5), (-0.1, 0.8), (0.75, 0.55)):
            self.oval(
                x + shift * size, y - size * 0.25, radius * size, radius * size, colour, alpha
            )

    def palm(self, x: float, y: float, size: float, colour: str) -> None:
        """A palm whose foot is at (x, y)."""
        top = (x + size * 0.18, y - size)
        self.line([(x, y), (x + size * 0.04, y - size * 0.5), top], colour, max(2, size * 0.06))
        for angle in (-165, -140, -100, -60, -25, 5):
            turn = math.radians(angle)
            tip = (top[0] + math.cos(turn) * size * 0.5, top[1] + math.sin(turn) * size * 0.32)
            droop = (tip[0] + math.copysign(size * 0.08, tip[0] - top[0]), tip[1] + size * 0.2)
            self.polygon(
                [top, (tip[0], tip[1] - size * 0.05), droop, (tip[0], tip[1] + size * 0.06)], colour
            )
