"""Indonesian and English are complete; in every language nothing is fuzzy or stale, places, markup
and plural forms are those of the message, and Telegram's own parser accepts it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Collection, Iterator
from datetime import UTC
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from bot.core.bidi import marked
from bot.core.comments.card_buttons import reasons
from bot.core.html import fill
from bot.core.keyboards import ROOM, width
from bot.i18n import Languages
from tests.support.catalogues import COMPLETE, ROOT, catalogues, said
from tests.support.telegram_parser import parse

LANGUAGES = [pytest.param(path, catalogue, id=code) for code, path, catalogue in catalogues()]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def strings(message: Message) -> tuple[str, ...]:
    """A message's forms, none if it is not translated."""
    found = message.string or ""
    return tuple(filter(None, (found,) if isinstance(found, str) else found))


def code_of(catalogue: Catalog) -> str:
    return str(catalogue.locale)


def test_all_promised_languages_are_there() -> None:
    assert {code for code, _, _ in catalogues()} >= {"id", "en", "ms", "ar", "ru", "es"}


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_says_all_that_the_code_says_and_nothing_else(path: Path, catalogue: Catalog) -> None:
    wanted = {str(message.id) for message in said() if message.id}
    found = {str(message.id) for message in catalogue if message.id}
    assert wanted - found == set()
    assert found - wanted == set()
    assert not catalogue.obsolete


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_nothing_is_empty_or_fuzzy(path: Path, catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            assert not message.fuzzy, message.id
            assert strings(message) or code_of(catalogue) not in COMPLETE, message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_nothing_was_left_in_english(path: Path, catalogue: Catalog) -> None:
    if code_of(catalogue) == "en":
        return
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        for one in strings(message):
            same = one in ids and re.search(r"[a-z]{2,} [a-z]{2,}|\} [a-z]{2,}", one)
            assert not same, message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_plural_forms_are_all_there(path: Path, catalogue: Catalog) -> None:
    for message in catalogue:
        if message.pluralizable and strings(message):
            assert len(strings(message)) == catalogue.num_plurals, message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_places_are_those_of_the_message(path: Path, catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else message.id
            for one in strings(message):
                # A singular may leave out its number.
                assert places(ids[-1]) >= places(one), message.id
                assert places(ids[0]) <= places(one) | {"n"}, message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_markup_is_balanced_as_in_the_message(path: Path, catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else message.id
            for one in strings(message):
                assert sorted(tags(one)) == sorted(tags(ids[-1])), message.id


LONGEST = 4096
TOAST = 200
"""Characters that Telegram shows of an answer to a press."""


HOSTILE = ("R&B <3", "</b></a></code><i>", "{n}&amp;{0}", "\u202e\u200fمرحبا\u0000", "😀" * 9, "")


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_telegrams_parser_takes_every_message(path: Path, catalogue: Catalog) -> None:
    """Every form of every message, also those whose values come from people."""
    names = {name for message in said() for one in ids(message) for name in places(one)}
    for message in catalogue:
        for one in map(in_use(code_of(catalogue)), strings(message)) if message.id else ():
            for value in HOSTILE if places(one) else HOSTILE[:1]:
                shown, _ = parse(str(fill(one, **dict.fromkeys(names, value))))
                assert 0 < len(shown) <= LONGEST, message.id
                assert "{" not in shown.replace(value, ""), message.id


def in_use(code: str) -> Callable[[str], str]:
    """A catalogue's message as the program says it."""
    return marked if code == "ar" else str


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_answers_to_presses_are_short_enough(path: Path, catalogue: Catalog) -> None:
    toasts = given_to("toast", "Refusal")
    assert len(toasts) > 50
    for message in catalogue:
        if toasts.intersection(ids(message)):
            assert all(len(one) <= TOAST for one in strings(message)), message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_no_button_says_more_than_a_row_of_its_own_holds(path: Path, catalogue: Catalog) -> None:
    labels = given_to("Button")
    assert len(labels) > 30
    for message in catalogue:
        if labels.intersection(ids(message)):
            assert all(width(one) <= ROOM[1] for one in strings(message)), message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_no_two_reasons_for_a_rejection_say_the_same(path: Path, catalogue: Catalog) -> None:
    tr = Languages.load("id", UTC).of(code_of(catalogue))
    offered = [*reasons(tr).values(), tr.gettext("✍️ Another reason…")]
    words = ["".join(filter(str.isalpha, one)).casefold() for one in offered]
    assert len(set(words)) == len(words)


def test_what_has_no_translation_is_said_in_english() -> None:
    spanish = Languages.load("id", UTC).of("es")
    assert spanish.gettext("Never translated {n}", n=1) == "Never translated 1"
    assert spanish.ngettext("{n} thing never", "{n} things never", 2) == "2 things never"


def test_every_language_names_itself_and_its_common_words() -> None:
    languages = Languages.load("id", UTC)
    names = {languages.of(code).own_name for code in languages.codes}
    assert names >= {
        "English",
        "Bahasa Indonesia",
        "Bahasa Melayu",
        "العربية",
        "Русский",
        "Español",
    }
    assert len(names) == len(languages.codes) == len(set(languages.common_words.values()))


def test_plural_forms_are_chosen_as_the_language_does() -> None:
    languages = Languages.load("id", UTC)

    def days(code: str, n: int) -> str:
        return languages.of(code).ngettext("{n} day", "{n} days", n)

    assert [days("ru", n) for n in (1, 2, 5, 21)] == ["1 день", "2 дня", "5 дней", "21 день"]
    assert [days("ar", n) for n in (1, 2, 3, 11)] == ["يوم واحد", "يومان", "3 أيام", "11 يومًا"]
    assert [days("es", n) for n in (1, 2)] == ["1 día", "2 días"]


THEIR_OWN = {"✅ I agree", "Another one: I name it in my text"}
"""On buttons it is the reader who speaks."""


def test_the_bot_never_says_i() -> None:
    spoken = [text for message in said() if message.id for text in ids(message)]
    assert {text for text in spoken if re.search(r"\bI('m|'ll|'ve)?\b", text)} == THEIR_OWN


THEIR_BUTTONS = {"✍️ Signature"}
FIRST_PERSON = {
    "ru": r"\b(я|мне|меня|мной|мо[йяёию]|понимаю|знаю|могу|нашёл|пропустил)\b",
    "es": r"\b(yo|me|mi|mis|he|sé|conozco|entiendo|puedo|encuentro|tengo|dejo|respondo|vigile)\b",
    "ms": r"\b(saya|aku)\b",
    "id": r"\b(saya|aku)\b",
    "ar": r"\b(أنا|لي|لدي|أستطيع|أفهم|أعرف|أترك|أرد|تركت)\b",
}


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_nor_does_it_in_another_language(path: Path, catalogue: Catalog) -> None:
    spoken = re.compile(FIRST_PERSON.get(code_of(catalogue), r"$^"), re.IGNORECASE)
    for message in catalogue:
        theirs = str(message.id).startswith("the and of ") or message.id in THEIR_BUTTONS
        if (
            message.id
            and not theirs
            and not re.search(r"\b(I|me|my)\b", ids(message)[0], re.IGNORECASE)
        ):
            assert not any(map(spoken.search, strings(message))), message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_what_is_on_says_so_in_lines_as_on_buttons(path: Path, catalogue: Catalog) -> None:
    for one in ("on", "off"):
        line, button = (str(found.string) for found in (catalogue[one], catalogue[one.title()]))
        assert button.casefold().startswith(line.casefold().rstrip(".")), line


def ids(message: Message) -> tuple[str, ...]:
    found = message.id
    return tuple(filter(None, (found,) if isinstance(found, str) else found))


@cache
def given_to(*functions: str) -> frozenset[str]:
    """Messages that stand right within a call of one of these functions."""
    return frozenset(_given_to(functions))


def _given_to(functions: Collection[str]) -> Iterator[str]:
    for path in sorted([*(ROOT / "handlers").glob("*.py"), *(ROOT / "bot").rglob("*.py")]):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and name_of(call) in functions:
                yield from (
                    str(inner.args[0].value)
                    for one in call.args
                    for inner in ast.walk(one)
                    if isinstance(inner, ast.Call)
                    and name_of(inner) in {"gettext", "ngettext", "html", "nhtml"}
                    and isinstance(inner.args[0], ast.Constant)
                )


def name_of(call: ast.Call) -> str:
    """The name of the function or method that is called."""
    return str(getattr(call.func, "attr", "") or getattr(call.func, "id", ""))


def tags(text: str) -> list[str]:
    return [part.split(">")[0] for part in text.split("<")[1:]]
