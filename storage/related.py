"""Articles on the same story as another."""

from __future__ import annotations

from itertools import combinations

from bot.core.model import Article
from bot.core.search.query import SearchQuery, Term
from bot.core.search.wording import Wording
from bot.core.search.words import stem, words
from storage import articles, candidates, vocabulary
from storage.database import Connection
from storage.expressions import Phrase, Scope, either, every, in_title
from storage.indexing import LOW_BITS
from storage.matching import BY_TITLE, Question, archive_of, ranked

_RARE = 5  # words of a headline that identify its story
_LEAST = 0.02
"""What another is worth at least, of what the article itself is: two words in passing are no story.
Measured by reading 110 proposals over real articles."""


async def to(cx: Connection, article: Article, *, now: int, limit: int = 3) -> list[Article]:
    """Articles on the same story, best first: those with two of the rarest words of its headline,
    if that is more than by chance."""
    named = [word for word in words(article.headline) if word.isalpha()]
    whole = Wording(SearchQuery(terms=tuple(Term((word,)) for word in dict.fromkeys(named))))
    uses = await vocabulary.uses(cx, whole.asked)
    rare = sorted((word for word in uses if uses[word] > 1), key=uses.__getitem__)[:_RARE]
    if len(rare) < 2:
        return []
    pairs = [every([Phrase((stem(a),)), Phrase((stem(b),))]) for a, b in combinations(rare, 2)]
    scope = Scope(last=((now + 1) << LOW_BITS) - 1)
    rows = await candidates.titled(cx, scope, (in_title(either(pairs)), BY_TITLE))
    rows += await candidates.newest(cx, either(pairs), scope, BY_TITLE)
    asked = SearchQuery(terms=tuple(Term((word,)) for word in rare))
    wording = Wording(asked, having=await vocabulary.having(cx, list(map(stem, rare))), uses=uses)
    question = Question(wording, scope, await archive_of(cx), now)
    found = await ranked(cx, list(dict.fromkeys(rows)), question, folded=False)
    own = next((one.worth for one in found if one.article_id == article.id), 0.0)
    others = [
        one.article_id
        for one in found
        if one.article_id != article.id and one.worth >= _LEAST * own
    ]
    return await articles.many(cx, others[:limit])
