"""What strangers type into a search: random strings, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

_SIGNS = [*"()\"*^:-+{}§#'/.,%;\\|&!?<>=@~$ ", "NEAR(", "AND", "OR", "NOT", "<->", "\x00", "\ud800"]
_PARTS = [
    *("t:", "k:", "h:", "b:", "sumber:", "topik:", "penulis:", "sejak:", "serupa:", "serupa:1 "),
    *(
        "2023",
        "17/8 ",
        "5G ",
        "covid-19 ",
        "Rp2,5 triliun ",
        "kemarin ",
        "agustus 2023 ",
        "https://",
    ),
    *(
        "rusia ",
        "senjata ",
        "drone",
        "beras",
        "yang ",
        "a",
        "\u0300",
        "\u202e",
        "🎉",
        "คำ",
        "日本",
        "كتاب",
    ),
]


def strings(seed: int, count: int) -> Iterator[str]:
    """Any characters, characters that operators are made of, and words with slips."""
    rng = random.Random(seed)
    for _ in range(count):
        kind = rng.randrange(3)
        if kind == 0:
            yield "".join(_character(rng) for _ in range(rng.randrange(60)))
        elif kind == 1:
            yield "".join(rng.choice(_SIGNS + _PARTS) for _ in range(rng.randrange(1, 40)))
        else:
            letters = list("".join(rng.choice(_PARTS) for _ in range(rng.randrange(1, 14))))
            for _ in range(rng.randrange(4)):
                letters[rng.randrange(len(letters))] = _character(rng)
            yield "".join(letters)


def _character(rng: random.Random) -> str:
    return chr(rng.randrange(rng.choice((0x80, 0x3000, 0x110000))))
