"""Whether a text is clearly in some language, judged by its most common words. Guesses nothing
beyond that.

"the price of rice is high"       the, of, is -> clearly English: an Indonesian blocked word
                                  is not looked for in it
"harga beras naik", "ok", "mahal the best"    -> not clearly any other: every word counts
"""

from __future__ import annotations

from collections.abc import Mapping

CommonWords = Mapping[str, frozenset[str]]
"""The most common words of each language, by its code."""
_CLEAR = 2


def elsewhere(words: frozenset[str], language: str, known: CommonWords) -> bool:
    """Whether a text (its words) is clearly in a language other than this one: it has at least two
    of another's most common words, and none of this one's."""
    if not language or language not in known or words & known[language]:
        return False
    return any(len(words & common) >= _CLEAR for code, common in known.items() if code != language)
