"""The rate against a server that counts in exact windows, over simulated time."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.posts.rate_limit import Gcra, RateLimit, Urgency, Window


def earliest(pace: RateLimit, chat: int, now: float, urgency: Urgency = Urgency.POST) -> float:
    return max(now, pace.overall_at(urgency), pace.chat_at(chat, group=chat < 0))


def most_in_a_window(times: list[float], seconds: float) -> int:
    """The largest number of events in any half-open stretch."""
    most, first = 0, 0
    for place, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, place - first + 1)
    return most


def test_window_is_exact_where_gcra_lets_its_burst_through() -> None:
    window, gcra = Window(30, 1.0), Gcra(1 / 30, 1.0)
    admitted = {"window": 0, "gcra": 0}
    for tick in range(100):
        now = tick / 100
        if window.free_at() <= now:
            window.take(now)
            admitted["window"] += 1
        while gcra.free_at() <= now:
            gcra.take(now)
            admitted["gcra"] += 1
    assert admitted["window"] == 30
    assert admitted["gcra"] > 55


def test_broadcast_uses_the_rate_and_never_more() -> None:
    pace, times, now = RateLimit(30), [], 0.0
    for chat in range(1, 2_000):
        now = earliest(pace, chat, now)
        pace.take(chat, now, group=False)
        times.append(now)
    assert most_in_a_window(times, 1.0) <= 30
    assert len(times) / (times[-1] - times[0]) >= 0.99 * 30


@given(seed=st.integers(0, 10_000), rate=st.sampled_from([1, 5, 30, 200]))
def test_no_limit_is_broken_whoever_asks_and_however_late_one_wakes(seed: int, rate: int) -> None:
    dice, pace, now = random.Random(seed), RateLimit(rate), 0.0
    everything: list[float] = []
    chats: dict[int, list[float]] = defaultdict(list)
    for _ in range(400):
        chat = dice.choice([1, 2, 3, -1, -2, *range(10, 40)])
        urgency = dice.choice(list(Urgency))
        now = earliest(pace, chat, now, urgency) + dice.expovariate(200)
        pace.take(chat, now, group=chat < 0)
        everything.append(now)
        chats[chat].append(now)
    assert most_in_a_window(everything, 1.0) <= rate
    for chat, times in chats.items():
        assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))
        if chat < 0:
            assert most_in_a_window(times, 60.0) <= 20


def test_group_gets_twenty_a_minute_and_a_person_one_a_second() -> None:
    pace, group, person = RateLimit(30), [], []
    now = 0.0
    for _ in range(60):
        now = earliest(pace, -1, now)
        pace.take(-1, now, group=True)
        group.append(now)
    assert most_in_a_window(group, 60.0) == 20
    now = 1_000.0
    for _ in range(30):
        now = earliest(pace, 1, now)
        pace.take(1, now, group=False)
        person.append(now)
    assert 29 <= person[-1] - person[0] < 31


def test_answers_are_not_spread_like_a_broadcast() -> None:
    pace = RateLimit(30)
    for chat in range(3):
        pace.take(chat, 0.0, group=False)
    assert pace.overall_at(Urgency.POST) > 0.0
    assert pace.overall_at(Urgency.PERSON) <= 0.0


def test_refusal_holds_that_chat_and_no_other() -> None:
    pace = RateLimit(30)
    pace.refused(1, 7, now=10.0, group=False)
    assert pace.chat_at(1, group=False) == 17.0
    assert pace.chat_at(2, group=False) <= 10.0
    assert pace.overall_at(Urgency.POST) <= 10.0


def test_a_hold_ends_after_an_hour_whatever_was_said() -> None:
    pace = RateLimit(30)
    pace.refused(1, 10**9, now=10.0, group=False)
    assert pace.chat_at(1, group=False) == 3610.0


def test_groups_in_slow_mode_hold_nobody_else() -> None:
    pace = RateLimit(30)
    for chat in range(-50, 0):
        pace.refused(chat, 3600, now=10.0, group=True)
    assert pace.overall_at(Urgency.PERSON) <= 10.0
    assert pace.overall_at(Urgency.POST) <= 10.0


def flooded() -> RateLimit:
    """Everything is held from 10.0 on, for 60 s as Telegram says."""
    pace = RateLimit(30)
    for chat in (1, 1, 1, 2):
        pace.refused(chat, 60, now=10.0, group=False)
    assert pace.overall_at(Urgency.PERSON) <= 10.0
    pace.refused(3, 60, now=10.0, group=False)
    return pace


def test_many_persons_refused_at_once_hold_everything_and_one_message_probes() -> None:
    pace = flooded()
    assert pace.overall_at(Urgency.PERSON) == 11.5
    pace.take(4, 11.5, group=False)
    assert pace.overall_at(Urgency.PERSON) == 13.0
    pace.refused(4, 60, now=11.6, group=False)
    assert pace.overall_at(Urgency.PERSON) == 13.0


def test_a_probe_that_arrives_ends_the_hold() -> None:
    pace = flooded()
    pace.take(4, 11.5, group=False)
    pace.arrived(4, 11.6, group=False)
    assert pace.overall_at(Urgency.PERSON) <= 11.6


def test_what_left_before_the_hold_does_not_end_it() -> None:
    pace = RateLimit(30)
    pace.take(4, 9.9, group=False)
    for chat in (1, 2, 3):
        pace.refused(chat, 60, now=10.0, group=False)
    pace.arrived(4, 10.1, group=False)
    assert pace.overall_at(Urgency.PERSON) == 11.5


def test_a_few_refusals_of_a_thousand_a_second_hold_nothing_else() -> None:
    pace = RateLimit(1000)
    for chat in range(50):
        pace.refused(chat, 5, now=10.0, group=False)
    assert pace.overall_at(Urgency.POST) <= 10.0


def test_answers_leave_news_a_share_of_a_groups_minute() -> None:
    pace, now = RateLimit(30), 0.0
    for _ in range(15):
        now = max(now, pace.chat_at(-1, group=True, urgency=Urgency.PERSON))
        pace.take(-1, now, group=True, urgency=Urgency.PERSON)
    assert pace.chat_at(-1, group=True, urgency=Urgency.PERSON) >= 60
    for _ in range(5):
        assert pace.chat_at(-1, group=True) <= now + 1.1
        now = pace.chat_at(-1, group=True)
        pace.take(-1, now, group=True)
    assert pace.chat_at(-1, group=True) >= 60


def test_who_asks_much_is_known_for_a_minute() -> None:
    pace = RateLimit(30)
    for second in range(30):
        assert not pace.hasty(1, float(second), group=False)
        pace.take(1, float(second), group=False, urgency=Urgency.PERSON)
    assert pace.hasty(1, 30.0, group=False)
    assert not pace.hasty(1, 60.1, group=False)
    assert pace.hasty(-1, 0.0, group=True)


def test_those_who_ask_much_have_half_of_the_rate() -> None:
    pace = RateLimit(30)
    now, sent = 0.0, 0
    while now < 10.0:
        now = max(now, pace.overall_at(Urgency.PERSON, hasty=True))
        pace.take(sent, now, group=False, urgency=Urgency.PERSON, hasty=True)
        sent += 1
        assert pace.overall_at(Urgency.PERSON) <= now
    assert 149 <= sent <= 153


def test_late_arrival_counts_from_its_answer() -> None:
    pace = RateLimit(30)
    pace.take(1, 10.0, group=False)
    pace.arrived(1, 13.0, group=False)
    assert 14.0 <= pace.chat_at(1, group=False) < 14.1
    pace.take(-1, 20.0, group=True)
    pace.arrived(-1, 21.0, group=True)
    assert 22.0 <= pace.chat_at(-1, group=True) < 22.1


def test_message_long_under_way_keeps_its_place_longer() -> None:
    plain, careful = RateLimit(30), RateLimit(30)
    for pace in (plain, careful):
        for chat in range(30):
            pace.take(chat, chat / 30, group=False)
    careful.arrived(5, 5 / 30 + 0.002, group=False)
    careful.arrived(0, 0.032, group=False)
    ordinary = plain.overall_at(Urgency.PERSON)
    assert 0.02 < careful.overall_at(Urgency.PERSON) - ordinary < 0.03


def test_guesses_about_slow_answers_cost_next_to_nothing() -> None:
    """Telegram's answers take between 20 and 200 ms: the rate is still used up."""
    dice, pace, now, sent = random.Random(7), RateLimit(30), 0.0, 0
    answers: list[tuple[float, int]] = []
    for chat in range(1, 3_000):
        now = earliest(pace, chat, now)
        for at, who in sorted(one for one in answers if one[0] <= now):
            pace.arrived(who, at, group=False)
        answers = [one for one in answers if one[0] > now]
        pace.take(chat, now, group=False)
        answers.append((now + dice.uniform(0.02, 0.2), chat))
        sent += 1
    assert sent / now >= 0.99 * 30


def test_memory_holds_only_the_last_window() -> None:
    pace, now = RateLimit(1000), 0.0
    for chat in range(1, 50_000):
        now = earliest(pace, chat, now)
        pace.take(chat, now, group=False)
        if chat % 100 == 0:
            pace.refused(chat, 1, now, group=False)
    assert pace.remembered() < 1_200
    for chat in range(-1, -5_000, -1):
        now = earliest(pace, chat, now + 0.1)
        pace.take(chat, now, group=True)
    assert pace.remembered() < 700
