"""Every language is complete: no message missing, fuzzy or stale, places and plural forms equal."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tests.support.catalogues import catalogues, said

LANGUAGES = [pytest.param(path, catalogue, id=code) for code, path, catalogue in catalogues()]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def strings(message: Message) -> tuple[str, ...]:
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


def test_indonesian_and_english_are_there() -> None:
    assert {code for code, _, _ in catalogues()} >= {"id", "en"}


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
            assert all(strings(message)), message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_nothing_was_left_in_english(path: Path, catalogue: Catalog) -> None:
    if str(catalogue.locale) == "en":
        return
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        for one in strings(message):
            same = one in ids and re.search(r"[a-z]{2,} [a-z]{2,}|\} [a-z]{2,}", one)
            assert not same, message.id


@pytest.mark.parametrize(("path", "catalogue"), LANGUAGES)
def test_plural_forms_are_all_there(path: Path, catalogue: Catalog) -> None:
    for message in catalogue:
        if message.pluralizable:
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


def tags(text: str) -> list[str]:
    return [part.split(">")[0] for part in text.split("<")[1:]]
