"""The sample newsroom's pictures: thirteen scenes, drawn by us. Knows no article and no file.

This file has nature and the table of all; `buildings` has what people built.

draw("volcano", "dusk", seed=7)  ->  JPEG, 1280 x 720
"""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.sandbox.newsroom import buildings
from bot.sandbox.newsroom.canvas import BRIGHT, HEIGHT, LIGHTS, WIDTH, Canvas, mix

Scene = Callable[[Canvas], None]


def draw(scene: str, light: str, seed: int) -> bytes:
    """A picture as JPEG; the same words give the same picture. Raises KeyError for unknown ones."""
    canvas = Canvas(LIGHTS[light], seed)
    SCENES[scene](canvas)
    return canvas.jpeg()


def _sea(c: Canvas) -> None:
    light, horizon = c.light, 400.0
    c.sky((420, 300), 78, horizon)
    for x, y, size in ((980, 130, 60), (180, 110, 42), (1150, 220, 34)):
        c.cloud(x, y, size, mix(light.sky[1], "#ffffff", 0.45), 170)
    c.gradient(horizon, HEIGHT, mix(light.far, light.sky[1], 0.35), light.near)
    for y in range(416, 640, 16):
        wide = 30 + (y - 400) * 0.7 + c.chance.uniform(-20, 20)
        c.box(420 - wide / 2 + c.chance.uniform(-25, 25), y, wide, 5, light.sun, 2, 150)
    c.polygon([(690, 470), (1130, 470), (1085, 535), (745, 535)], "#f4f1e8")
    c.polygon([(699, 486), (1121, 486), (1112, 500), (708, 500)], light.accent)
    c.box(770, 418, 290, 54, "#ffffff", 8)
    c.box(850, 378, 160, 44, "#f4f1e8", 8)
    for x in range(786, 1040, 34):
        c.box(x, 432, 22, 22, light.middle, 5)
    c.box(930, 340, 34, 40, light.accent, 4)
    for row, y in enumerate(range(540, 760, 44)):
        shade = mix(light.middle, light.near, row / 4)
        c.ridge(y + 40, 26, shade, waves=6)
    for x, y in ((250, 190), (310, 165), (620, 150), (560, 210)):
        c.line([(x - 20, y - 8), (x, y), (x + 20, y - 8)], light.near, 4)


def _reef(c: Canvas) -> None:
    c.gradient(0, HEIGHT, "#7fd6dd", "#0b4a72")
    for x in range(60, WIDTH, 210):
        slant = c.chance.uniform(60, 160)
        c.polygon(
            [(x, 0), (x + 70, 0), (x + 70 + slant, 620), (x - 60 + slant, 620)], "#ffffff", 22
        )
    c.ridge(640, 150, "#156080")
    for _ in range(26):
        _coral(c, c.chance.uniform(0, WIDTH), c.chance.uniform(600, 700), c.chance.uniform(50, 130))
    c.ridge(720, 60, "#e8d3a8")
    for _ in range(15):
        at, deep = c.chance.uniform(80, 1200), c.chance.uniform(90, 480)
        _fish(c, at, deep, c.chance.uniform(18, 46), BRIGHT[c.chance.randrange(5)])
    for _ in range(34):
        size = c.chance.uniform(2, 8)
        c.oval(c.chance.uniform(0, WIDTH), c.chance.uniform(20, 600), size, size, "#ffffff", 90)


def _coral(c: Canvas, x: float, y: float, size: float) -> None:
    colour = ("#f08a7a", "#f6b36a", "#d36fa5", "#9a6fc4", "#f3d27a")[c.chance.randrange(5)]
    for angle in range(-150, -20, 22):
        turn = math.radians(angle + c.chance.uniform(-8, 8))
        tip = (x + math.cos(turn) * size, y + math.sin(turn) * size)
        c.line([(x, y + 20), tip], colour, size * 0.13)
        c.oval(*tip, size * 0.1, size * 0.1, mix(colour, "#ffffff", 0.35))


def _fish(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    way = 1 if c.chance.random() < 0.6 else -1
    c.polygon(
        [
            (x - way * size * 0.8, y),
            (x - way * size * 1.7, y - size * 0.6),
            (x - way * size * 1.7, y + size * 0.6),
        ],
        mix(colour, "#0b4a72", 0.25),
    )
    c.oval(x, y, size, size * 0.6, colour)
    c.box(x - size * 0.1, y - size * 0.52, size * 0.2, size * 1.04, "#ffffff", size * 0.1, 190)
    c.oval(x + way * size * 0.55, y - size * 0.12, size * 0.13, size * 0.13, "#14303c")


def _wind(c: Canvas) -> None:
    light = c.light
    c.sky((300, 230), 80)
    for x, y, size in ((760, 120, 54), (1050, 200, 40)):
        c.cloud(x, y, size, "#ffffff", 150)
    c.ridge(560, 170, light.far)
    for x, y, size in ((560, 470, 130), (760, 450, 150), (1130, 470, 140)):
        _turbine(c, x, y, size)
    c.ridge(640, 130, light.middle)
    for x, y, size in ((180, 560, 220), (930, 560, 270)):
        _turbine(c, x, y, size)
    c.ridge(735, 130, light.near)
    for x in range(430, 800, 56):
        y = 650 - abs(x - 610) // 16
        c.box(x, y, 40, 34, "#fff6e6", 2)
        c.polygon([(x - 6, y + 2), (x + 20, y - 20), (x + 46, y + 2)], light.accent)
        c.box(x + 14, y + 12, 12, 22, light.middle)


def _turbine(c: Canvas, x: float, y: float, size: float) -> None:
    top = (x, y - size)
    c.polygon(
        [(x - size * 0.035, y + 40), (x + size * 0.035, y + 40), (x + 3, top[1]), (x - 3, top[1])],
        "#fbfaf5",
    )
    start = c.chance.uniform(0, 120)
    for blade in range(3):
        turn = math.radians(start + blade * 120)
        side = turn + math.pi / 2
        tip = (top[0] + math.cos(turn) * size * 0.62, top[1] + math.sin(turn) * size * 0.62)
        thick = size * 0.045
        base = (top[0] + math.cos(turn) * size * 0.12, top[1] + math.sin(turn) * size * 0.12)
        wide = (base[0] + math.cos(side) * thick, base[1] + math.sin(side) * thick)
        c.polygon([top, wide, tip], "#ffffff")
    c.oval(*top, size * 0.04, size * 0.04, "#dfe4e2")


def _kites(c: Canvas) -> None:
    light = c.light
    c.sky((1040, 180), 74)
    for x, y, size in ((220, 130, 58), (620, 90, 44), (900, 330, 40), (140, 380, 36)):
        c.cloud(x, y, size, "#ffffff", 200)
    c.ridge(650, 120, light.far)
    c.ridge(710, 100, light.middle)
    for at, (x, y, size) in enumerate(
        ((300, 270, 90), (560, 190, 70), (760, 330, 110), (1010, 420, 64), (440, 430, 56))
    ):
        _kite(c, (x, y), size, BRIGHT[at % 6], BRIGHT[(at + 2) % 6])
    c.ridge(740, 70, light.near, waves=5)
    for x in range(0, WIDTH, 9):
        sway = c.chance.uniform(-10, 10)
        c.line(
            [(x, 720), (x + sway, 668 + c.chance.uniform(0, 30))], mix(light.near, "#e8d77a", 0.5)
        )


def _kite(c: Canvas, at: tuple[float, float], size: float, one: str, other: str) -> None:
    x, y = at
    c.line([(x, y + size), (x + size * 0.5, y + size * 2.4), (640, 690)], "#ffffff", 1.6, 190)
    c.polygon([(x, y - size), (x + size * 0.8, y), (x, y + size), (x - size * 0.8, y)], one)
    c.polygon([(x, y - size), (x + size * 0.8, y), (x, y)], other)
    c.polygon([(x, y + size), (x - size * 0.8, y), (x, y)], other)
    c.line([(x, y - size), (x, y + size)], "#ffffff", 2)
    c.line([(x - size * 0.8, y), (x + size * 0.8, y)], "#ffffff", 2)
    for bow in range(1, 5):
        tip = (x + math.sin(bow * 1.3) * 16, y + size + bow * size * 0.24)
        c.polygon([tip, (tip[0] - 13, tip[1] - 8), (tip[0] - 13, tip[1] + 8)], one)
        c.polygon([tip, (tip[0] + 13, tip[1] - 8), (tip[0] + 13, tip[1] + 8)], other)


def _volcano(c: Canvas) -> None:
    light, peak = c.light, 660
    c.sky((980, 260), 64)
    for step in range(16):
        rise = step * 15
        size = 18 + step * 4.6
        c.oval(peak + step * 9, 176 - rise * 0.7, size * 1.3, size, "#ffffff", 60)
    left = [(60 + step * 28, 540 - (step / 20) ** 2.1 * 350) for step in range(21)]
    right = [(1280 - step * 29, 540 - (step / 20) ** 2.1 * 350) for step in range(21)]
    c.polygon([*left, (640, 204), (676, 198), *reversed(right)], light.middle)
    c.polygon(
        [left[20], left[18], (630, 260), (652, 236), (676, 270), (702, 240), right[18], right[20]],
        mix(light.sun, light.middle, 0.25),
    )
    c.ridge(560, 70, mix(light.middle, light.far, 0.4), waves=5)
    c.gradient(556, HEIGHT, mix(light.sky[1], light.middle, 0.35), light.middle)
    for _ in range(46):
        wide = c.chance.uniform(30, 170)
        c.box(c.chance.uniform(0, WIDTH), c.chance.uniform(564, 690), wide, 3, light.sun, 1, 70)
    for x in range(-20, WIDTH + 20, 26):
        high = c.chance.uniform(20, 62)
        c.polygon([(x - 16, 560), (x, 560 - high), (x + 16, 560)], light.near)
    c.box(0, 558, WIDTH, 6, light.near)
    c.polygon([(820, 628), (980, 628), (950, 652), (850, 652)], light.near)
    c.oval(890, 596, 12, 12, light.near)
    c.box(880, 604, 20, 28, light.near, 8)
    c.line([(900, 610), (960, 560), (1010, 640)], light.near, 3)
    c.palm(110, 720, 210, mix(light.near, "#000000", 0.3))
    c.palm(1200, 740, 250, mix(light.near, "#000000", 0.3))


def _terraces(c: Canvas) -> None:
    light = c.light
    c.sky((940, 180), 76)
    c.ridge(380, 150, light.far)
    c.ridge(440, 130, mix(light.far, "#6f9f5a", 0.6))
    for row in range(9):
        base = 470 + row * 36 + row * row * 1.4
        green = mix("#b5cf63", "#2f7a44", row / 8)
        points = c.ridge(base, 60, green, waves=2)
        c.line(points, mix(light.sun, green, 0.15), 5)
        c.line([(x, y + 9) for x, y in points], mix(green, light.near, 0.45), 4)
    c.box(930, 452, 92, 44, "#e8d3a8", 3)
    c.polygon([(912, 456), (976, 400), (1040, 456)], "#8a5a3b")
    for x, y, size in ((170, 480, 130), (230, 500, 100), (1090, 470, 120), (760, 470, 90)):
        c.palm(x, y, size, mix(light.near, "#1d4a2c", 0.6))
    for x, y in ((420, 610), (470, 622), (525, 612)):
        c.oval(x, y, 7, 16, light.accent)
        c.polygon([(x - 17, y - 12), (x, y - 27), (x + 17, y - 12)], "#f3dfb8")


SCENES: dict[str, Scene] = {
    "sea": _sea,
    "market": buildings.market,
    "stadium": buildings.stadium,
    "observatory": buildings.observatory,
    "batik": buildings.batik,
    "reef": _reef,
    "library": buildings.library,
    "wind": _wind,
    "city": buildings.city,
    "kites": _kites,
    "volcano": _volcano,
    "terraces": _terraces,
    "rain": buildings.rain,
}
"""Name of a scene -> how it is drawn."""
