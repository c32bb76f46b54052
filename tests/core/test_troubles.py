"""Troubles of the program: each is told once, and once when it is over."""

from __future__ import annotations

import pytest

from bot.core.language import Translator
from bot.core.troubles import (
    BROKEN,
    SILENT,
    STUCK,
    FeedHealth,
    ProgramState,
    Trouble,
    TroubleKind,
    notice,
    troubles,
    upgraded,
)
from tests.conftest import NOON

MB = 1_000_000
ANTARA = "https://Antara.example/"
BROKEN_ANTARA = ("broken", ANTARA)


def feed(name: str = "Antara", *, silent: int = 0, failing: int = 0) -> FeedHealth:
    return FeedHealth(
        f"https://{name}.example/",
        name,
        NOON - silent,
        NOON - failing if failing else None,
        "it answers 500 <x>.",
    )


def standing(*feeds: FeedHealth, **more: int) -> ProgramState:
    due = more.pop("due", None)
    left = more.pop("left", NOON)
    return ProgramState(feeds, None if due is None else NOON - due, left, **more)


def kinds(stand: ProgramState, told: tuple[tuple[str, str], ...] = ()) -> list[str]:
    return [one.kind.value for one in troubles(stand, told, now=NOON)]


@pytest.mark.parametrize(
    ("stand", "found"),
    [
        (standing(feed()), []),
        (standing(feed(failing=BROKEN - 1)), []),
        (standing(feed(failing=BROKEN)), ["broken"]),
        (standing(feed(silent=SILENT - 1)), []),
        (standing(feed(silent=SILENT)), ["silent"]),
        (standing(feed(silent=SILENT, failing=BROKEN)), ["broken"]),
        (standing(FeedHealth("https://new.example/", "new", None, None, "")), []),
        (standing(due=STUCK), []),
        (standing(due=STUCK, left=NOON - STUCK), ["stuck"]),
        (standing(due=STUCK - 1, left=0), []),
        (standing(left=0), []),
        (standing(free=100 * MB, size=1000 * MB), []),
        (standing(free=99 * MB, size=1000 * MB), ["disk"]),
        (standing(free=0, size=0), []),
    ],
)
def test_what_counts_as_trouble(stand: ProgramState, found: list[str]) -> None:
    assert kinds(stand) == found


def test_a_disk_at_the_edge_is_told_once() -> None:
    edge = standing(free=110 * MB, size=1000 * MB)
    assert kinds(edge) == []
    assert kinds(edge, (("disk", ""),)) == ["disk"]
    assert kinds(standing(free=120 * MB, size=1000 * MB), (("disk", ""),)) == []


def said(stand: ProgramState, told: list[tuple[str, str]], tr: Translator) -> str:
    names = {one.address: one.name for one in stand.feeds}
    post = notice(troubles(stand, told, now=NOON), told, names, tr, now=NOON)
    return post.text if post else ""


def test_each_is_told_once_and_once_when_it_is_over(english: Translator) -> None:
    broken = standing(feed(failing=BROKEN))
    assert said(broken, [], english) == (
        "⚠️ Antara has been unreadable since 10:00: it answers 500 &lt;x&gt;."
    )
    assert said(broken, [BROKEN_ANTARA], english) == ""
    assert said(standing(feed()), [BROKEN_ANTARA], english) == ("✅ Antara can be read again.")


def test_from_broken_to_silent_is_no_recovery(english: Translator) -> None:
    text = said(standing(feed(silent=SILENT)), [BROKEN_ANTARA], english)
    assert text == "⚠️ Nothing new from Antara since August 29, 2023." or "✅" not in text


def test_a_feed_that_is_no_longer_read_has_not_recovered(english: Translator) -> None:
    assert said(standing(), [BROKEN_ANTARA], english) == ""


def test_a_silent_feed_whose_name_changes_is_told_once(english: Translator) -> None:
    named = [FeedHealth(ANTARA, f"Antara {n}", NOON - SILENT, None, "") for n in range(2)]
    assert "Antara 0" in said(standing(named[0]), [], english)
    assert said(standing(named[1]), [("silent", ANTARA)], english) == ""


def test_of_two_feeds_with_one_name_each_is_told(english: Translator) -> None:
    two = [
        FeedHealth(f"https://{n}.example/", "Antara", NOON, NOON - BROKEN, "it is away.")
        for n in range(2)
    ]
    assert said(standing(*two), [("broken", two[0].address)], english).count("Antara") == 1


@pytest.mark.parametrize("kind", TroubleKind)
def test_every_kind_has_its_words(kind: TroubleKind, indonesian: Translator) -> None:
    one = Trouble(kind, "Antara", NOON - 60, "5", feed=ANTARA)
    begun = notice([one], [], {}, indonesian, now=NOON)
    over = notice([], [one.key], {ANTARA: "Antara"}, indonesian, now=NOON)
    assert begun is not None
    assert over is not None
    assert begun.text.startswith("⚠️")
    assert over.text.startswith("✅")


def test_many_at_once_are_one_message(english: Translator) -> None:
    text = said(standing(*(feed(f"f{n}", failing=BROKEN) for n in range(50))), [], english)
    assert len(text.split("\n\n")) == 21
    assert text.endswith("… and 30 more")


def test_an_upgrade_names_the_version(english: Translator) -> None:
    assert "Kabar 2.0 is running" in upgraded("2.0", english).text
