"""Topics as people type them."""

from __future__ import annotations

import pytest

from bot.core.readers.topics import PAGE, NamedTopics, TopicLabel, key_of, named, nearest, offered

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
        ("Budaya، Luar Negeri، Kota Tua", ("Budaya", "Luar Negeri"), ("Kota Tua",)),
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


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Luar-Negeri", "luarnegeri"),
        ("#LuarNegeri", "luarnegeri"),
        ("Hukum & Kriminal", "hukumkriminal"),
        ("Ｅｋｏｎｏｍｉ", "ekonomi"),
        ("हिन्दी", "हिन्दी"),
        ("C++", "c"),
        ("🔥", "🔥"),
        (" ", ""),
    ],
)
def test_letters_and_digits_make_a_topic(name: str, key: str) -> None:
    assert key_of(name) == key


def test_labels_that_one_article_carries_do_not_crowd_the_list() -> None:
    used = [TopicLabel(n, f"Topik {n}", 2 + n % 7) for n in range(1, 13)]
    single = [TopicLabel(n, f"Sekali {n}", 1) for n in range(20, 60)]
    never = [TopicLabel(70, "Lama", 0)]
    found = offered([*single, *used, *never], {25, 70})
    assert [one.id for one in found[-2:]] == [25, 70]
    assert len(found) == 14
    assert [one.articles for one in found] == sorted((one.articles for one in found), reverse=True)


def test_where_there_is_little_else_they_fill_the_page() -> None:
    found = offered([TopicLabel(n, f"Sekali {n:02}", 1) for n in range(40)], set())
    assert [one.id for one in found] == list(range(PAGE))
