"""Indonesian affixes: a word -> the roots it may come from -> the words made from a root. Knows no
archive: the caller's vocabulary tells whether such words exist.

    perundingan -> runding, unding ... -> berunding, merundingkan, dirundingkan, perunding ...

A stemmer without a list of roots leaves one word of a family in four under a stem of its own. Here
the words of the archive serve as that list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_SHORTEST = 4  # letters of a root: shorter ones occur in unrelated words
_MOST = 12  # relatives that count: the most used
_PARTICLES = ("nya", "lah", "kah", "pun", "ku", "mu")
_VOWELS = "aiueo"
# What meN- and peN- become before a root's first letters, and how many of those give way.
_NASALS: tuple[tuple[tuple[str, ...], str, int], ...] = (
    (("ng", "ny", "l", "r", "w", "y", "m", "n"), "", 0),
    (("b", "f", "v"), "m", 0),
    (("p",), "m", 1),
    (("sy", "d", "c", "j", "z"), "n", 0),
    (("t",), "n", 1),
    (("s",), "ny", 1),
    (("kh", "g", "h", *_VOWELS), "ng", 0),
    (("k",), "ng", 1),
)
_MADE = (
    ("", ("", "kan", "an", "i")),
    ("di", ("", "kan", "i")),
    ("ber", ("", "an", "kan")),
    ("ter", ("", "kan", "i")),
    ("meN", ("", "kan", "i")),
    ("peN", ("", "an")),
    ("per", ("", "an")),
    ("pe", ("", "an")),
    ("memper", ("", "kan", "i")),
    ("diper", ("", "kan", "i")),
    ("ke", ("an",)),
    ("keber", ("an",)),
    ("keter", ("an",)),
    ("ketidak", ("an",)),
    ("se", ("",)),
)
"""Prefixes and the suffixes that they combine with."""
_PREFIXES = (
    "ketidak", "memper", "diper", "keber", "keter", "menge", "penge", "meng", "meny", "peng",
    "peny", "mem", "men", "pem", "pen", "ber", "ter", "per", "me", "pe", "be", "te", "di", "ke",
    "se", "",
)  # fmt: skip
_LOST = {"mem": "p", "pem": "p", "men": "t", "pen": "t", "meny": "s", "peny": "s", "meng": "k",
         "peng": "k"}  # fmt: skip


def derived(root: str) -> set[str]:
    """A root and the words that affixes make of it, whether there are such words or not."""
    made: set[str] = set()
    for prefix, suffixes in _MADE:
        for head in _heads(prefix, root):
            made.update(head + suffix for suffix in suffixes)
    return made


def _heads(prefix: str, root: str) -> Iterator[str]:
    if prefix in {"meN", "peN"}:
        for begins, nasal, lost in _NASALS:
            if root.startswith(begins):
                yield prefix[:-1] + nasal + root[lost:]
                break
    elif prefix in {"ber", "ter", "per"} and root[:1] == "r":
        yield prefix[:-1] + root
    else:
        yield prefix + root


def roots(word: str) -> list[str]:
    """The possible roots of a word, itself included; empty if it cannot be an Indonesian word."""
    if not word.isascii() or not word.isalpha():
        return []
    found = dict.fromkeys(
        root
        for base in _without_particle(word)
        for suffix in ("", "kan", "an", "i")
        if base.endswith(suffix)
        for root in _without_prefix(base.removesuffix(suffix))
        if len(root) >= _SHORTEST and base in derived(root)
    )
    return list(found)


def _without_particle(word: str) -> Iterator[str]:
    yield word
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) > _SHORTEST:
            yield word.removesuffix(particle)


def _without_prefix(word: str) -> Iterator[str]:
    for prefix in _PREFIXES:
        if word.startswith(prefix):
            yield word.removeprefix(prefix)
            if lost := _LOST.get(prefix):
                yield lost + word.removeprefix(prefix)


def relatives(word: str, uses: Mapping[str, int]) -> list[str]:
    """The other words of a word's family, most used first: from the possible root with the most
    known words. Empty if no family has two other words."""
    families = [[one for one in derived(root) if one in uses] for root in roots(word)]
    best = max(families, key=lambda made: (len(made), sum(map(uses.__getitem__, made))), default=())
    others = sorted((-uses[one], one) for one in best if one != word)
    return [one for _, one in others[:_MOST]] if len(others) > 1 else []


def possible(word: str) -> set[str]:
    """All words that may belong to a word's family: `relatives` needs to know their uses."""
    return {made for root in roots(word) for made in derived(root)}
