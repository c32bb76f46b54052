"""What becomes of a delivery after each outcome."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.core.model import TelegramId
from bot.core.posts.content import CommentCard
from bot.core.posts.delivery import DeliveryKind
from bot.core.posts.effects import (
    Effect,
    End,
    LineUp,
    PutAside,
    PutOff,
    StaysThere,
    TakenAway,
    effect_of,
)
from bot.core.posts.outcome import (
    SILENT,
    Broken,
    ChatClosed,
    ChatGone,
    Dead,
    Halt,
    Later,
    LinkRefused,
    Moved,
    NextPicture,
    NotRemovable,
    Outcome,
    Removed,
    RetryAt,
    Sent,
    TextOnly,
    ThreadClosed,
    TopicGone,
    Unknown,
)
from tests.core.posts.test_outcome import NOW, delivery

TABLE: list[tuple[Outcome, Effect]] = [
    (RetryAt(NOW + 2, "away"), PutOff(NOW + 2, "away", attempts=1)),
    (RetryAt(NOW + 2, "flood", counted=False), PutOff(NOW + 2, "flood")),
    (Unknown(NOW + 5, "broken"), PutOff(NOW + 5, "broken", doubts=1)),
    (TopicGone(NOW + 2, "topic_closed"), PutOff(NOW + 2, "topic_closed")),
    (ChatClosed(NOW + 60, "closed"), PutOff(NOW + 60, "closed")),
    (NextPicture("media_empty"), PutOff(NOW, "media_empty")),
    (LinkRefused("button_url_invalid"), PutOff(NOW, "button_url_invalid")),
    (Halt("unauthorized"), PutOff(NOW, "unauthorized")),
    (TextOnly(), PutOff(NOW, "no photos here")),
    (Moved(TelegramId(-7)), PutOff(NOW, "the chat moved")),
    (Later(NOW + 9), LineUp(NOW + 9, "the chat is busy")),
    (Broken(NOW + 60, "KeyError"), PutAside(NOW + 60, "KeyError")),
    (Removed(), TakenAway()),
    (NotRemovable("too old"), StaysThere("too old")),
    (Dead("no"), End("dead", "no")),
    (Dead("lost", message_lost=True), End("dead", "lost", message_lost=True)),
    (ThreadClosed("topic_closed"), End("dead", "topic_closed")),
    (ChatGone("blocked"), End("gone", "blocked")),
]


@pytest.mark.parametrize(("outcome", "effect"), TABLE)
def test_each_outcome_has_its_effect(outcome: Outcome, effect: Effect) -> None:
    assert effect_of(delivery(), outcome, NOW) == effect


def test_the_table_is_whole() -> None:
    assert {type(outcome) for outcome, _ in TABLE} == set(get_args(Outcome)) - {Sent}
    with pytest.raises(ValueError, match="arrived"):
        effect_of(delivery(), Sent(1), NOW)


@pytest.mark.parametrize(
    ("outcome", "effect"),
    [
        (Dead(SILENT), TakenAway()),
        (Dead("message to edit not found", message_lost=True), TakenAway()),
        (Dead("message can't be edited"), StaysThere("message can't be edited")),
    ],
)
def test_an_edit_for_what_has_to_go_ends_when_it_is_gone(outcome: Outcome, effect: Effect) -> None:
    removal = delivery(kind=DeliveryKind.EDIT, content=CommentCard(), removes=True)
    assert effect_of(removal, outcome, NOW) == effect


@pytest.mark.parametrize(("last", "at"), [(None, 50), (10, 50), (49, 50), (50, 51), (90, 91)])
def test_they_line_up_a_second_apart(last: int | None, at: int) -> None:
    assert LineUp(50, "busy").behind(last) == PutOff(at, "busy")
