"""What an article must have to be found, as a tree, and the same for FTS5 and for PostgreSQL.

Never a person's text: only stems (letters, digits and marks) and labels that no word can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Phrase:
    """Stems that stand side by side; in the headline, if `title`."""

    stems: tuple[str, ...]
    title: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What filters ask for: `§` every article has, `§12` those with name 12, `§f3` those of feed 3
    without a source of their own."""

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
    """All of them; every article has all of nothing."""
    return parts[0] if len(parts) == 1 else Every(tuple(parts)) if parts else ANY_ARTICLE


def either(parts: Sequence[Expression]) -> Expression:
    """At least one of them, of which there must be one."""
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def in_title(one: Expression) -> Expression:
    """The same, in the headline alone."""
    match one:
        case Phrase():
            return replace(one, title=True)
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


def _tsquery(one: Expression) -> str:
    match one:
        case Phrase(stems, title):
            weight = ":A" if title else ""
            return "(" + " <-> ".join(f"'{stem}'{weight}" for stem in stems) + ")"
        case Label(name):
            return f"'{name}'"
        case Every(parts):
            return f"({' & '.join(map(_tsquery, parts))})"
        case Either(parts):
            return f"({' | '.join(map(_tsquery, parts))})"


def _fts5(one: Expression) -> str:
    match one:
        case Phrase(stems, title):
            return f'{"t : " if title else ""}"{" ".join(stems)}"'
        case Label(name):
            return f'"{name}"'
        case Every(parts):
            return f"({' AND '.join(map(_fts5, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(_fts5, parts))})"
