"""Topics as people type them -> the labels that the newsroom has. Pure.

Ekonomi, Luar Negeri     commas apart
ekonomi luar negeri      without them the longest labels that exist: Ekonomi, Luar Negeri
ekonmi                   unknown: kept as typed, with the labels nearest to it
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

LONGEST, MOST = 64, 20
PAGE = 10
"""Topics on one page of buttons."""
_NEAREST, _ALIKE = 3, 60
_COMMAS = str.maketrans("،、，", ",,,")


@dataclass(frozen=True, slots=True)
class NamedTopics:
    """What somebody typed: labels that exist, and the rest as typed."""

    found: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.found, *self.unknown)


def key_of(name: str) -> str:
    """What makes two spellings one topic: `Luar Negeri`, `luar-negeri`, `#LuarNegeri`. Letters and
    digits only, unless there are none."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LMN") or plain.strip()


@dataclass(frozen=True, slots=True)
class TopicLabel:
    """A topic as the newsroom has it, with how many of the newest articles carry it."""

    id: int
    name: str
    articles: int


def offered(labels: Sequence[TopicLabel], chosen: Collection[int]) -> list[TopicLabel]:
    """The labels to choose from, most used first. Those on only one article are included if chosen,
    or to fill a page that has little else."""
    ranked = sorted(labels, key=lambda one: (-one.articles, one.name.casefold(), one.id))
    listed = {one.id for one in ranked if one.articles > 1 or one.id in chosen}
    single = [one.id for one in ranked if one.articles == 1 and one.id not in listed]
    listed.update(single[: max(0, PAGE - len(listed))])
    return [one for one in ranked if one.id in listed]


def with_commas(text: str) -> str:
    """The commas of Arabic and Chinese as ours."""
    return text.translate(_COMMAS)


def named(text: str, known: Sequence[str]) -> NamedTopics:
    """The topics in a text. Raises ValueError for a name that is too long, or for too many
    names."""
    labels = {key_of(name): name for name in known}
    text = with_commas(text)
    if "," in text or key_of(text) in labels:
        parts = [" ".join(part.replace("#", " ").split()) for part in text.split(",")]
    else:
        parts = _by_labels(text.split(), labels)
    parts = list(dict.fromkeys(filter(None, parts)))
    if len(parts) > MOST or any(len(part) > LONGEST for part in parts):
        raise ValueError("topics")
    return NamedTopics(
        tuple(labels[key_of(part)] for part in parts if key_of(part) in labels),
        tuple(part for part in parts if key_of(part) not in labels),
    )


def _by_labels(words: list[str], labels: dict[str, str]) -> list[str]:
    """Consecutive words make the longest possible label; any other word is a topic of its own."""
    parts, at = [], 0
    longest = max((len(name.replace("-", " ").split()) for name in labels.values()), default=1)
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            part = " ".join(words[at : at + size])
            if size == 1 or key_of(part) in labels:
                parts.append(part.lstrip("#"))
                at += size
                break
    return parts


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """The labels that may have been meant, the likeliest first."""
    found = process.extract(
        name, known, scorer=fuzz.WRatio, processor=str.casefold, limit=_NEAREST, score_cutoff=_ALIKE
    )
    return [label for label, _, _ in found]
