"""The judged queries of the search's benchmark, over the corpus that lies beside the checkout."""

from __future__ import annotations

import pytest

from benchmarks.archive import corpus
from benchmarks.judged import Judged, judged
from tests.support.shared import needs_shared


@needs_shared
def test_every_judged_article_is_in_the_corpus() -> None:
    queries = judged(corpus())
    assert len({one.query for one in queries}) == len(queries) > 60
    assert all(any(grade == 2 for grade, _ in one.grades.values()) for one in queries)


def test_the_best_order_is_worth_one_and_a_story_counts_once() -> None:
    one = Judged("gempa", {7: (2, 0), 8: (2, 0), 9: (1, 1)})
    assert one.ndcg([7, 9]) == pytest.approx(1)
    assert one.ndcg([8, 9, 7]) == pytest.approx(1)
    assert one.ndcg([9, 7]) < one.ndcg([7, 1, 9]) < 1
    assert one.ndcg([1, 2]) == one.ndcg([]) == 0
