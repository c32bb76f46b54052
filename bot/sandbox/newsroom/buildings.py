"""Drawn scenes of what people built: market, stadium, train. Knows no article and no file."""

from __future__ import annotations

import math

from bot.sandbox.newsroom.canvas import BRIGHT, HEIGHT, WIDTH, Canvas, mix


def market(c: Canvas) -> None:
    """Stalls with fruit under striped awnings."""
    light = c.light
    c.gradient(0, HEIGHT, light.sky[1], mix(light.sky[1], light.accent, 0.25))
    for x in range(-20, WIDTH, 150):
        c.box(x, 90 + c.chance.uniform(-30, 30), 138, 400, mix(light.far, "#ffffff", 0.35), 6)
        for y in (170, 240):
            c.box(x + 30, y, 28, 40, light.far, 4)
            c.box(x + 82, y, 28, 40, light.far, 4)
    c.line([(0, 70), (320, 130), (640, 80), (960, 135), (1280, 75)], light.near, 3)
    for x in range(40, WIDTH, 80):
        c.polygon([(x, 98), (x + 38, 98), (x + 19, 142)], BRIGHT[x // 80 % 6])
    c.box(0, 600, WIDTH, 120, mix(light.near, "#e8d3b0", 0.72))
    for stall, x in enumerate((30, 450, 870)):
        _stall(c, x, BRIGHT[(stall * 2) % 6])


def _stall(c: Canvas, x: float, colour: str) -> None:
    wood = "#8a5a3b"
    c.box(x + 14, 300, 12, 340, wood)
    c.box(x + 354, 300, 12, 340, wood)
    for stripe in range(8):
        shade = colour if stripe % 2 == 0 else "#fff6e6"
        left = x - 12 + stripe * 50
        c.polygon([(left + 14, 250), (left + 60, 250), (left + 50, 340), (left, 340)], shade)
        c.oval(left + 25, 340, 25, 18, shade)
    c.box(x, 520, 380, 120, wood, 6)
    for crate in range(3):
        left, fruit = x + 10 + crate * 124, BRIGHT[(crate * 2 + int(x)) % 6]
        for row in range(2):
            for at in range(5 - row):
                c.oval(left + 18 + at * 20 + row * 10, 500 - row * 20, 13, 13, fruit)
                c.oval(left + 14 + at * 20 + row * 10, 495 - row * 20, 4, 4, "#ffffff", 120)
        c.box(left, 508, 112, 48, "#b9855a", 4)
        c.box(left, 528, 112, 5, wood)


def stadium(c: Canvas) -> None:
    """A full stand, a goal and a ball."""
    light = c.light
    c.gradient(0, 360, *light.sky)
    if light.dark:
        c.stars(90, 180)
    c.polygon([(0, 210), (640, 160), (1280, 210), (1280, 420), (0, 420)], light.middle)
    for row in range(9):
        y = 214 + row * 21
        for x in range(-10, WIDTH, 17):
            bend = abs(x - 640) / 640 * 26 - 18
            shade = BRIGHT[c.chance.randrange(6)]
            c.oval(x + (row % 2) * 8, y + bend, 6, 7, mix(shade, light.near, 0.35))
    for row in range(8):
        shade = "#3f9a57" if row % 2 else "#49aa62"
        c.box(0, 410 + row * row * 5.2, WIDTH, (2 * row + 1) * 5.2 + 1, shade)
    c.line([(0, 412), (WIDTH, 412)], "#ffffff", 4)
    c.line([(330, 412), (230, 540), (1050, 540), (950, 412)], "#ffffff", 5)
    c.line([(480, 412), (480, 300), (800, 300), (800, 412)], "#ffffff", 8)
    for x in range(500, 800, 20):
        c.line([(x, 304), (x, 410)], "#ffffff", 1, 120)
    for y in range(320, 412, 18):
        c.line([(482, y), (798, y)], "#ffffff", 1, 120)
    for x in (110, 1170):
        c.box(x - 6, 60, 12, 300, light.near)
        c.box(x - 62, 30, 124, 56, light.near, 8)
        for lamp in range(8):
            at = (x - 45 + lamp % 4 * 30, 45 + lamp // 4 * 26)
            c.oval(*at, 10, 10, "#fffbe0")
        c.glow(x, 58, 120)
    c.oval(640, 640, 46, 12, "#1d5a30", 150)
    c.oval(640, 600, 42, 42, "#fdfdfb")
    for angle in range(18, 378, 72):
        turn = math.radians(angle)
        c.oval(640 + math.cos(turn) * 29, 600 + math.sin(turn) * 29, 8, 8, "#26313a")
    c.oval(640, 600, 11, 11, "#26313a")


def observatory(c: Canvas) -> None:
    """A dome on a hill under falling stars."""
    light = c.light
    c.gradient(0, HEIGHT, *light.sky)
    for step in range(900):
        along = step / 900
        spread = c.chance.gauss(0, 60)
        x, y = along * 1400 - 60, 560 - along * 560 + spread
        c.oval(x, y, 1.2, 1.2, "#e9e4ff", c.chance.randint(40, 170))
    c.stars(260, 560)
    for _ in range(9):
        x, y = c.chance.uniform(120, 1150), c.chance.uniform(30, 330)
        length = c.chance.uniform(60, 150)
        c.line([(x, y), (x + length, y + length * 0.5)], "#ffffff", 2, 160)
        c.oval(x + length, y + length * 0.5, 3, 3, "#ffffff")
    c.ridge(610, 130, light.far)
    c.ridge(680, 110, light.middle)
    c.box(760, 440, 240, 170, "#d8dce8", 4)
    c.oval(880, 440, 120, 118, "#eef1f7")
    c.box(740, 430, 280, 22, "#b8bfd2", 8)
    c.polygon([(868, 322), (924, 330), (924, 430), (868, 430)], light.near)
    c.line([(896, 400), (980, 270)], "#f2a33a", 22)
    c.line([(970, 286), (988, 258)], "#fff4d6", 28)
    c.box(856, 520, 48, 90, light.middle, 8)
    c.box(866, 530, 28, 40, "#ffd98f", 4)
    c.ridge(720, 70, light.near)
    for x in (240, 300, 352):
        c.box(x - 9, 612, 18, 44, light.near, 8)
        c.oval(x, 602, 12, 12, light.near)


def batik(c: Canvas) -> None:
    """A cloth with the kawung pattern."""
    light = c.light
    ground, petal = mix(light.near, "#3b2412", 0.55), "#f3dfb8"
    c.box(0, 0, WIDTH, HEIGHT, ground)
    step = 160
    for row, y in enumerate(range(-40, HEIGHT + step, step)):
        for column, x in enumerate(range(-40, WIDTH + step, step)):
            shade = petal if (row + column) % 2 else mix(light.accent, petal, 0.35)
            _kawung(c, (x, y), step / 2, shade, ground)
    c.box(0, 0, WIDTH, 54, mix(light.accent, ground, 0.3))
    c.box(0, HEIGHT - 54, WIDTH, 54, mix(light.accent, ground, 0.3))
    for x in range(0, WIDTH + 40, 40):
        for base, tip in ((54, 12), (HEIGHT - 54, HEIGHT - 12)):
            c.polygon([(x, base), (x + 20, tip), (x + 40, base)], ground)
            c.oval(x + 20, (base * 2 + tip) / 3, 4, 4, petal)


def _kawung(c: Canvas, at: tuple[float, float], half: float, shade: str, ground: str) -> None:
    x, y = at
    for angle in (45, 135, 225, 315):
        turn = math.radians(angle)
        middle = (x + math.cos(turn) * half * 0.7, y + math.sin(turn) * half * 0.7)
        for size, colour in ((1.0, shade), (0.78, ground), (0.68, shade), (0.22, ground)):
            c.polygon(_petal(*middle, turn, half * 0.62 * size, half * 0.36 * size), colour)
    c.oval(x, y, 9, 9, shade)
    for angle in range(0, 360, 90):
        turn = math.radians(angle)
        c.oval(x + math.cos(turn) * half, y + math.sin(turn) * half, 6, 6, shade)


def _petal(x: float, y: float, turn: float, long: float, wide: float) -> list[tuple[float, float]]:
    points = []
    for step in range(36):
        angle = step * math.tau / 36
        along, across = math.cos(angle) * long, math.sin(angle) * wide
        points.append(
            (
                x + along * math.cos(turn) - across * math.sin(turn),
                y + along * math.sin(turn) + across * math.cos(turn),
            )
        )
    return points


def library(c: Canvas) -> None:
    """Shelves around an arched window."""
    light, wood = c.light, "#6b4429"
    c.gradient(0, HEIGHT, mix(light.sky[0], wood, 0.5), mix(light.sky[1], wood, 0.35))
    for shelf in range(4):
        y = 20 + shelf * 148
        x = 24.0
        while x < WIDTH - 40:
            wide, high = c.chance.uniform(16, 40), c.chance.uniform(88, 128)
            if 470 < x < 800 and shelf > 0:
                x += wide
                continue
            shade = mix(BRIGHT[c.chance.randrange(6)], wood, c.chance.uniform(0.15, 0.55))
            c.box(x, y + 132 - high, wide, high, shade, 3)
            c.box(x + 4, y + 148 - high, wide - 8, 5, "#fff1d0", 1, 190)
            x += wide + 3
        c.box(0, y + 132, WIDTH, 14, wood)
    c.box(478, 180, 324, 470, wood, 160)
    c.box(496, 198, 288, 452, light.sky[1], 144)
    c.oval(640, 330, 62, 62, light.sun)
    c.box(496, 470, 288, 180, mix(light.far, light.sky[1], 0.3))
    c.box(634, 198, 12, 452, wood)
    c.box(496, 440, 288, 12, wood)
    c.box(0, 640, WIDTH, 80, mix(wood, "#000000", 0.35))
    for x in (200, 1080):
        c.line([(x, 0), (x, 150)], "#2b1c12", 4)
        c.polygon([(x - 60, 196), (x - 26, 148), (x + 26, 148), (x + 60, 196)], light.accent)
        c.glow(x, 220, 90)


def city(c: Canvas) -> None:
    """A train on a viaduct before a skyline."""
    light = c.light
    c.sky((960, 300), 92)
    for depth, shade in enumerate((light.far, light.middle)):
        x = -20.0
        while x < WIDTH:
            wide, high = c.chance.uniform(60, 130), c.chance.uniform(120, 330) + depth * 20
            top = 560 + depth * 20 - high
            c.box(x, top, wide, 400, shade, 4)
            if c.chance.random() < 0.4:
                c.line([(x + wide / 2, top), (x + wide / 2, top - 46)], shade, 4)
            _windows(c, x, top, wide, 560)
            x += wide + c.chance.uniform(2, 26)
    c.box(0, 520, WIDTH, 26, light.near)
    for x in range(40, WIDTH, 200):
        c.polygon([(x, 546), (x + 60, 546), (x + 44, 720), (x + 16, 720)], light.near)
    c.box(250, 440, 760, 80, "#f6f3ea", 22)
    c.polygon([(980, 440), (1040, 440), (1120, 500), (1120, 520), (980, 520)], "#f6f3ea")
    c.box(250, 492, 870, 12, light.accent)
    for x in range(280, 990, 66):
        c.box(x, 456, 48, 28, light.middle, 6)
    c.polygon([(1030, 456), (1050, 456), (1082, 484), (1030, 484)], light.middle)
    c.ridge(730, 60, mix(light.near, "#000000", 0.25), waves=9)


def _windows(c: Canvas, x: float, top: float, wide: float, bottom: float) -> None:
    y = top + 16
    while y < bottom:
        at = x + 12
        while at < x + wide - 16:
            if c.chance.random() < 0.45:
                c.box(at, y, 8, 12, c.light.accent, 1, 190)
            at += 18
        y += 26


def rain(c: Canvas) -> None:
    """A street full of umbrellas."""
    light = c.light
    c.gradient(0, HEIGHT, mix(light.sky[0], "#3a4a66", 0.5), mix(light.sky[1], "#8fa3b5", 0.45))
    for x, y, size in ((160, 90, 110), (520, 60, 140), (900, 96, 120), (1200, 70, 110)):
        c.cloud(x, y, size, "#b9c2d2", 255)
    for x in range(-20, WIDTH, 170):
        high = c.chance.uniform(150, 230)
        c.box(x, 520 - high, 158, 260, mix(light.far, "#ffffff", 0.2), 4)
        c.polygon([(x - 12, 524 - high), (x + 79, 462 - high), (x + 170, 524 - high)], light.middle)
        c.box(x + 32, 560 - high, 34, 44, "#ffd98f", 4)
        c.box(x + 94, 560 - high, 34, 44, "#ffd98f", 4)
    c.gradient(500, HEIGHT, mix(light.middle, "#8fa3b5", 0.4), light.near)
    for row, y in enumerate((520, 580, 655)):
        size = 52 + row * 26
        for at, x in enumerate(range(40 - row * 50, WIDTH + 80, round(size * 1.9))):
            _umbrella(c, x + c.chance.uniform(-14, 14), y, size, BRIGHT[(at * 5 + row) % 6])
    for _ in range(240):
        left, top = c.chance.uniform(0, WIDTH), c.chance.uniform(0, HEIGHT)
        c.line([(left, top), (left - 7, top + 26)], "#ffffff", 1.4, 105)


def _umbrella(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    c.box(x - size * 0.24, y + size * 0.1, size * 0.48, size * 1.6, mix(colour, "#20263a", 0.7), 16)
    c.oval(x, y + size * 0.04, size * 0.2, size * 0.22, "#e6b58f")
    arc = [
        (x + math.cos(math.radians(at)) * size, y + math.sin(math.radians(at)) * size * 0.8)
        for at in range(180, 361, 6)
    ]
    c.polygon(arc, colour)
    for shift, shade in ((-0.52, "#ffffff"), (0.0, "#000000"), (0.52, "#ffffff")):
        tip = x + shift * size
        c.polygon([(x, y - size * 0.8), (tip - size * 0.16, y), (tip + size * 0.16, y)], shade, 46)
    c.line([(x, y - size * 0.8), (x, y - size * 0.92)], "#2b2a33", 4)
