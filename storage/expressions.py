"""What an article must have to be found, as a tree, and its form for FTS5 and PostgreSQL.

Never a person's text: only stems (letters, digits and marks) and labels that no word can equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias


class Where(StrEnum):
    """The part of an article in which a phrase occurs."""

    ANYWHERE = ""
    TITLE = "t"
    HEADLINE = "h"  # in exactly these forms: its words are not stems


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent stems."""

    stems: tuple[str, ...]
    where: Where = Where.ANYWHERE


@dataclass(frozen=True, slots=True)
class Label:
    """A label for filters: every article has `§`, those with name 12 have `§12`, those of feed 3
    without a source of their own `§f3`."""

    name: str


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Expression, ...]


Expression: TypeAlias = Phrase | Label | Every | Either

ANY_ARTICLE = Label("§")


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the archive in which a query looks: filters, and rows (see `indexing.LOW_BITS`)
    from `first` to `last`."""

    needed: tuple[Expression, ...] = ()
    refused: tuple[Expression, ...] = ()
    first: int = -(1 << 63)
    last: int = (1 << 63) - 1


WHOLE_ARCHIVE = Scope()


def every(parts: Sequence[Expression]) -> Expression:
    """All of these parts; with none, every article."""
    return parts[0] if len(parts) == 1 else Every(tuple(parts)) if parts else ANY_ARTICLE


def either(parts: Sequence[Expression]) -> Expression:
    """At least one of these parts, of which there must be one."""
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def has_phrase(one: Expression) -> bool:
    """Whether several stems must stand side by side somewhere."""
    match one:
        case Phrase(stems):
            return len(stems) > 1
        case Every(parts) | Either(parts):
            return any(map(has_phrase, parts))
        case Label():
            return False


def in_title(one: Expression) -> Expression:
    """The same, in the headline alone."""
    match one:
        case Phrase():
            return replace(one, where=Where.TITLE)
        case Every(parts):
            return Every(tuple(map(in_title, parts)))
        case Either(parts):
            return Either(tuple(map(in_title, parts)))
        case Label():
            return one


def fts5(wanted: Expression, scope: Scope) -> str:
    """The text after MATCH."""
    match = _fts5(every([*scope.needed, wanted]))
    return f"({match}) NOT ({_fts5(either(scope.refused))})" if scope.refused else match


def tsquery(wanted: Expression, scope: Scope) -> str:
    """The text of a tsquery."""
    match = _tsquery(every([*scope.needed, wanted]))
    return f"({match}) & !({_tsquery(either(scope.refused))})" if scope.refused else match


def tsvector(title: Sequence[str], body: Sequence[str], labels: Sequence[str] = ()) -> str:
    """The text of a tsvector: what `tsquery` finds an article by. Neither stems nor labels contain
    a character with a meaning there."""
    places: dict[str, list[str]] = {label: [] for label in labels}
    for place, word in enumerate(title, 1):
        places.setdefault(word, []).append(f"{min(place, _LAST_PLACE)}A")
    for place, word in enumerate(body, len(title) + _GAP):
        places.setdefault(word, []).append(str(min(place, _LAST_PLACE)))
    return " ".join(
        f"'{word}':{','.join(held[:_MOST_PLACES])}" if held else f"'{word}'"
        for word, held in places.items()
    )


def exactly(word: str) -> str:
    """A word of a headline as written, beside its stem in the same tsvector."""
    return f"={word}"


_LAST_PLACE, _MOST_PLACES = 16_383, 255  # PostgreSQL's limits for a word of a tsvector
_GAP = 10  # between headline and text: no phrase reaches across


def _tsquery(one: Expression) -> str:
    match one:
        case Phrase(stems, where):
            weight = ":A" if where is Where.TITLE else ""
            words = map(exactly, stems) if where is Where.HEADLINE else stems
            return "(" + " <-> ".join(f"'{word}'{weight}" for word in words) + ")"
        case Label(name):
            return f"'{name}'"
        case Every(parts):
            return f"({' & '.join(map(_tsquery, parts))})"
        case Either(parts):
            return f"({' | '.join(map(_tsquery, parts))})"


def _fts5(one: Expression) -> str:
    match one:
        case Phrase(stems, where):
            return f'{f"{where} : " if where else ""}"{" ".join(stems)}"'
        case Label(name):
            return f'"{name}"'
        case Every(parts):
            return f"({' AND '.join(map(_fts5, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(_fts5, parts))})"
