"""Topics of the moderators' forum as pure steps: where a message goes, what has to come first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.comments.model import Comment, State
from bot.core.comments.topics import (
    AGAIN,
    GENERAL,
    PATIENCE,
    ForumTopic,
    Step,
    TopicState,
    after,
    kind_of,
    refused_there,
    way,
)
from bot.core.model import ArticleId, CommentId, ReaderId
from bot.core.posts.content_kinds import TopicKind

NOW = 1_000_000
OPEN = ForumTopic(1, TopicKind.QUEUE, TopicState.OPEN, 77, NOW)


def as_(state: TopicState, *, ago: int = 0, reopened: bool = False) -> ForumTopic:
    thread = None if state in {TopicState.WANTED, TopicState.REFUSED} else 77
    return ForumTopic(1, TopicKind.QUEUE, state, thread, NOW - ago, reopened)


@pytest.mark.parametrize(
    ("article", "reports", "kind"),
    [
        (1, 0, TopicKind.QUEUE),
        (None, 0, TopicKind.LETTERS),
        (1, 2, TopicKind.REPORTS),
    ],
)
def test_a_card_has_a_kind(article: int | None, reports: int, kind: TopicKind) -> None:
    number = ArticleId(article) if article else None
    comment = Comment(CommentId(1), number, ReaderId(1), State.PENDING, "", ())
    assert kind_of(comment, reports=reports) is kind


@pytest.mark.parametrize(
    ("topic", "manages", "answer"),
    [
        (None, True, Step.CREATE),
        (None, False, GENERAL),
        (as_(TopicState.OPEN), False, 77),
        (as_(TopicState.WANTED), True, Step.WAIT),
        (as_(TopicState.WANTED, ago=PATIENCE), True, GENERAL),
        (as_(TopicState.CLOSED), False, Step.REOPEN),
        (as_(TopicState.REOPENING), False, Step.WAIT),
        (as_(TopicState.REOPENING, ago=PATIENCE), False, GENERAL),
        (as_(TopicState.SHUT), True, GENERAL),
        (as_(TopicState.LOST), True, Step.CREATE),
        (as_(TopicState.LOST), False, GENERAL),
        (as_(TopicState.REFUSED), True, GENERAL),
        (as_(TopicState.REFUSED, ago=AGAIN), True, Step.CREATE),
        (as_(TopicState.REFUSED, ago=AGAIN), False, GENERAL),
    ],
)
def test_where_a_message_goes(topic: ForumTopic | None, manages: bool, answer: int | Step) -> None:
    assert way(topic, manages=manages, now=NOW) == answer


@pytest.mark.parametrize(
    ("topic", "reason", "state"),
    [
        (OPEN, "topic_closed", TopicState.CLOSED),
        (replace(OPEN, reopened=True), "topic_closed", TopicState.SHUT),
        (OPEN, "topic_deleted", TopicState.LOST),
        (OPEN, "message thread not found", TopicState.LOST),
        (as_(TopicState.SHUT), "topic_closed", TopicState.SHUT),
    ],
)
def test_a_refused_message_tells_of_its_topic(
    topic: ForumTopic, reason: str, state: TopicState
) -> None:
    assert refused_there(topic, reason, now=NOW).state is state


@pytest.mark.parametrize(
    ("topic", "fate", "reason", "number", "state"),
    [
        (as_(TopicState.WANTED), "sent", "", 78, TopicState.OPEN),
        (as_(TopicState.WANTED), "sent", "", None, TopicState.REFUSED),
        (as_(TopicState.WANTED), "dead", "not enough rights", None, TopicState.REFUSED),
        (as_(TopicState.WANTED), "gone", "bot was kicked", None, TopicState.REFUSED),
        (as_(TopicState.REOPENING), "sent", "", None, TopicState.OPEN),
        (as_(TopicState.REOPENING), "dead", "topic_not_modified", None, TopicState.OPEN),
        (as_(TopicState.REOPENING), "dead", "message thread not found", None, TopicState.LOST),
        (as_(TopicState.REOPENING), "dead", "not enough rights", None, TopicState.SHUT),
    ],
)
def test_what_became_of_making_a_topic(
    topic: ForumTopic, fate: str, reason: str, number: int | None, state: TopicState
) -> None:
    assert after(topic, fate, reason, number, now=NOW).state is state


_FATES = st.tuples(
    st.sampled_from(["sent", "dead", "gone"]),
    st.sampled_from(["", "topic_closed", "topic_deleted", "not enough rights"]),
    st.one_of(st.none(), st.integers(2, 99)),
)


@given(st.lists(_FATES, max_size=12), st.booleans())
def test_whatever_happens_no_message_waits_longer_than_patience(
    fates: list[tuple[str, str, int | None]], manages: bool
) -> None:
    topic: ForumTopic | None = None
    for fate, reason, number in fates:
        step = way(topic, manages=manages, now=NOW)
        if step is Step.CREATE:
            topic = as_(TopicState.WANTED)
        elif step is Step.REOPEN and topic is not None:
            topic = replace(topic, state=TopicState.REOPENING)
        if topic is None:
            continue
        topic = (
            after(topic, fate, reason, number, now=NOW)
            if topic.state in {TopicState.WANTED, TopicState.REOPENING}
            else refused_there(topic, reason, now=NOW)
        )
    later = way(topic, manages=manages, now=NOW + PATIENCE)
    assert later is not Step.WAIT
    assert later != GENERAL or not manages or topic is None or topic.state is not TopicState.OPEN


def test_people_who_close_a_topic_twice_mean_it() -> None:
    closed = refused_there(OPEN, "topic_closed", now=NOW)
    assert way(closed, manages=False, now=NOW) is Step.REOPEN
    opened = after(replace(closed, state=TopicState.REOPENING), "sent", "", None, now=NOW)
    assert way(opened, manages=False, now=NOW) == 77
    again = refused_there(opened, "topic_closed", now=NOW)
    assert way(again, manages=True, now=NOW) == GENERAL
