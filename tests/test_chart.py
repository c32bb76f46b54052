"""The picture of /stats: it shows what it is given, and nothing can break it."""

from __future__ import annotations

import io
from datetime import UTC

from PIL import Image

from bot.chart import Panel, Series, drawable, label_language
from bot.i18n import Languages
from bot.reading.drawing import draw


def drawn(*panels: Panel) -> Image.Image:
    picture = Image.open(io.BytesIO(draw("30 days", panels, first="1 Aug", last="30 Aug")))
    picture.load()
    return picture


def pixels(image: Image.Image, colour: tuple[int, int, int]) -> int:
    return sum(n for n, found in image.getcolors(1_000_000) or [] if found == colour)


def test_bars_are_as_high_as_their_numbers() -> None:
    low = drawn(Panel("A", (Series("", "#00ff00", (1, 4)), Series("x", "#ff0000", (0, 4)))))
    green, red = pixels(low, (0, 255, 0)), pixels(low, (255, 0, 0))
    assert low.width == 1080
    assert 1.1 < green / red < 1.4  # five of green, four of red (and its sign in the legend)


def test_a_line_and_nothing_at_all_can_be_drawn() -> None:
    blank = drawn(Panel("A", (Series("", "#0000ff", (0,) * 30),)))
    assert pixels(blank, (0, 0, 255)) == 0
    line = drawn(Panel("A", (Series("", "#0000ff", (0, 5, 9)),), line=True))
    assert pixels(line, (0, 0, 255)) > 1000
    assert drawn(Panel("A", (Series("", "#0000ff", ()),))).height > 400
    assert drawn(Panel("A", (Series("", "#0000ff", (10**12,)),), line=True)).height > 400


def test_a_long_title_leaves_the_legend_alone() -> None:
    title, names = "Laporan dan pengaduan per hari", ("laporan", "pengaduan")
    colours = ((0, 255, 0), (255, 0, 0))
    series = [Series(one, f"#{r:02x}{g:02x}{b:02x}", (0, 0)) for one, (r, g, b) in
              zip(names, colours, strict=True)]  # fmt: skip
    picture = drawn(Panel(title, tuple(series)))
    rows = range(120, 190)
    sign = min(x for x in range(1080) for y in rows if picture.getpixel((x, y)) == colours[0])
    before = {picture.getpixel((x, y)) for x in range(sign - 20, sign) for y in rows}
    assert before == {(255, 255, 255)}
    assert any(picture.getpixel((x, y)) != (255, 255, 255) for x in range(sign - 20) for y in rows)


def test_a_long_heading_is_not_cut() -> None:
    heading = "Informe de transparencia · noviembre de 2026"
    picture = Image.open(io.BytesIO(draw(heading, [], first="", last=""))).convert("L")
    left, _, right, _ = picture.point(lambda grey: 255 if grey < 128 else 0).getbbox() or (0,) * 4
    assert 50 <= left < 70
    assert 900 < right <= 1030


def test_labels_are_in_letters_that_can_be_drawn() -> None:
    languages = Languages.load("id", UTC)
    labelled = {
        code: label_language(languages.of(code), languages).code for code in languages.codes
    }
    assert labelled == {"id": "id", "en": "en", "ms": "ms", "es": "es", "ru": "en", "ar": "en"}
    assert drawable("Últimos 30 días · año") == "Ultimos 30 dias · ano"
    for code in set(labelled.values()):
        tr = languages.of(code)
        words = [tr.gettext("The last 30 days"), tr.gettext("Corrections and withdrawals per day")]
        words += [tr.date(day * 2_700_000) for day in range(12)]
        assert all(drawable(one).isascii() for one in words), code
