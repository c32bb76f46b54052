"""Whatever the processes of a bot want, together they have no more than its rate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.posts.shares import HEARD, LEAST, Share

RATE = 30.0
wants = st.lists(st.floats(0, 200), min_size=3, max_size=3)


def test_alone_a_sender_has_it_all() -> None:
    share = Share(RATE)
    share.hear([], sends=True)
    assert share.rate() == RATE


def test_whoever_begins_has_a_little_until_it_is_heard() -> None:
    share = Share(RATE)
    share.hear([0], sends=False)
    assert share.rate() == LEAST / 1000
    assert share.say(10, now=0) == 15_000
    assert share.rate() == LEAST / 1000
    share.say(10, now=HEARD + 0.1)
    assert share.rate() == 15
    share.say(0, now=HEARD + 0.2)
    assert share.rate() == LEAST / 1000


def test_the_sender_keeps_half_for_the_news() -> None:
    sender, other = Share(RATE), Share(RATE)
    other.hear([0], sends=False)
    sender.hear([other.say(1000, now=0)], sends=True)
    assert sender.rate() == RATE / 2


@given(st.lists(wants, max_size=30), st.lists(st.floats(0, 0.9), min_size=4, max_size=4))
def test_never_more_than_the_rate(seconds: list[list[float]], begin: list[float]) -> None:
    """Four processes that speak and listen once a second, each at its own moment of it; the first
    one sends."""
    shares, said = [Share(RATE) for _ in range(4)], [LEAST] * 4
    shares[0].hear(said[1:], sends=True)
    for second, wanted in enumerate(seconds):
        for number in sorted(range(4), key=lambda one: begin[one]):
            now = second + begin[number]
            said[number] = shares[number].say([0, *wanted][number], now)
            others = [share for place, share in enumerate(said) if place != number]
            shares[number].hear(others, sends=number == 0)
            assert sum(one.rate() for one in shares) <= RATE + 1e-9
