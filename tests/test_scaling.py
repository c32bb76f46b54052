"""The simulation of docs/scaling.md, small: the real pure core keeps to the rate and stays flat."""

from __future__ import annotations

import pytest

from benchmarks.scaling import simulate


@pytest.mark.parametrize("rate", [30, 1000])
def test_the_pace_of_a_broadcast_on_paper(rate: int) -> None:
    run = simulate(40 * rate, rate)
    assert run.most_in_a_second <= rate
    assert (run.left + len(run.answers)) / rate / run.took > 0.9  # the last tries wait alone
    assert max(run.answers) < 1.1
    assert run.remembered < 3 * rate
    small, large = simulate(20 * rate, rate), simulate(80 * rate, rate)
    assert large.remembered <= max(small.remembered, 2 * rate)
