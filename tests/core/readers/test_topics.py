"""Topics as people type them."""

from __future__ import annotations

import pytest

from bot.core.readers.topics import NamedTopics, named, nearest

KNOWN = ["Ekonomi", "Luar Negeri", "Budaya", "Olahraga"]


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("", (), ()),
        ("ekonomi", ("Ekonomi",), ()),
        ("#Budaya", ("Budaya",), ()),
        ("Luar Negeri", ("Luar Negeri",), ()),
        ("#Luar_Negeri", ("Luar Negeri",), ()),
        ("ekonomi luar negeri budaya", ("Ekonomi", "Luar Negeri", "Budaya"), ()),
        ("Ekonomi, luar  negeri", ("Ekonomi", "Luar Negeri"), ()),
        ("Ekonmi", (), ("Ekonmi",)),
        ("Kota Tua, budaya", ("Budaya",), ("Kota Tua",)),
        ("luar ekonomi", ("Ekonomi",), ("luar",)),
        ("budaya budaya", ("Budaya",), ()),
    ],
)
def test_named(text: str, found: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert named(text, KNOWN) == NamedTopics(found, unknown)


def test_nothing_endless_is_a_topic() -> None:
    with pytest.raises(ValueError, match="topics"):
        named("x" * 65, KNOWN)
    with pytest.raises(ValueError, match="topics"):
        named(", ".join(map(str, range(21))), KNOWN)


def test_the_nearest_labels_are_offered() -> None:
    assert nearest("Ekonmi", KNOWN)[0] == "Ekonomi"
    assert nearest("luarnegeri", KNOWN)[0] == "Luar Negeri"
    assert nearest("zzz", KNOWN) == []
