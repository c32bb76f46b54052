"""What deliveries carry: every content survives its encoding, nothing else is taken for one."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.posts.content import CardMedia, Content, CopySource, DecisionNotice, decode, encode
from bot.core.posts.content_kinds import DELETED, EMPTIED, MODERATORS, ContentKind

CLASSES = get_args(Content)
numbers = st.integers(-(2**63), 2**63 - 1)
"""As databases hold them."""
sources = st.builds(CopySource, numbers, st.lists(numbers).map(tuple))
FIELDS: dict[object, st.SearchStrategy[object]] = {
    int: numbers,
    int | None: st.none() | numbers,
    tuple[int, ...]: st.lists(numbers).map(tuple),
    bool: st.booleans(),
    CopySource: sources,
    CopySource | None: st.none() | sources,
}


def _contents_of(one: type[Content]) -> st.SearchStrategy[Content]:
    hints = get_type_hints(one)
    return st.builds(one, **{each.name: _values_of(hints[each.name]) for each in fields(one)})


def _values_of(hint: object) -> st.SearchStrategy[object]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return FIELDS[hint]


contents = st.one_of([_contents_of(one) for one in CLASSES])


@given(contents)
def test_what_is_encoded_is_decoded(content: Content) -> None:
    assert decode(content.kind, encode(content)) == content


def test_each_kind_has_one_class() -> None:
    assert sorted(one.kind for one in CLASSES) == sorted(ContentKind)


def test_what_has_to_go_is_either_deleted_or_emptied() -> None:
    assert not DELETED & EMPTIED
    elsewhere = (DELETED | EMPTIED) - MODERATORS
    assert elsewhere == {ContentKind.REVIEW, ContentKind.REVIEW_MEDIA, ContentKind.THREAD}


@given(st.sampled_from([*ContentKind, "digest", ""]), st.text() | st.just('{"number":"2"}'))
def test_strangers_texts_are_no_content(kind: str, text: str) -> None:
    try:
        found = decode(kind, text)
    except ValueError:
        return
    assert encode(found) == ""  # those without fields read none


def test_the_form_in_the_database_stays() -> None:
    """A delivery written by one version is sent by the next."""
    media = CardMedia(CopySource(501, (7, 8)))  # type: ignore[arg-type]
    assert encode(media) == '{"source":{"chat":501,"messages":[7,8],"files":[]},"answer":null}'
    older = '{"source":{"chat":501,"messages":[7,8]},"answer":null}'
    assert decode("card_media", older) == media
    assert decode("card_media", '{"source":null}') == CardMedia(None)
    assert decode("decisions", '{"decisions":[1, 2]}') == DecisionNotice((1, 2))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("card_part", ""),
        ("card_part", '{"number":true}'),
        ("card_part", '{"number":"2"}'),
        ("new_topic", '{"topic":"kitchen"}'),
        ("decisions", '{"decisions":[1,null]}'),
        ("digest", "{}"),
    ],
)
def test_damaged_rows_are_told_apart(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="content"):
        decode(kind, text)
