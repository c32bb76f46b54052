"""The life of a comment: a table of the steps, and what holds after any steps in any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.comments import lifecycle, parts
from bot.core.comments.aliases import alias, reader_of
from bot.core.comments.model import (
    Before,
    Comment,
    Conflict,
    Decision,
    Part,
    Reason,
    Signature,
    State,
)
from bot.core.model import Actor, ArticleId, CommentId, ReaderId, TelegramId

ANNA, BORIS = Actor(TelegramId(1), "Anna"), Actor(TelegramId(2), "Boris")
NOW = 1_000_000


def comment(state: State = State.PENDING, **values: object) -> Comment:
    one = Comment(
        CommentId(1), ArticleId(1), ReaderId(1), state, "words", (Part(10, "words"),), due_at=NOW
    )
    return replace(one, **values)  # type: ignore[arg-type]


def decided(one: Comment, decision: Decision = Decision.APPROVE, **values: object) -> Comment:
    after = lifecycle.decide(
        one, decision, by=ANNA, revision=one.revision, version=one.version, now=NOW, **values  # type: ignore[arg-type]
    )  # fmt: skip
    assert isinstance(after, Comment)
    return replace(after, decision_id=7)


def test_approval_makes_the_revision_live_and_names_who_decided() -> None:
    one = decided(comment(revision=3))
    assert (one.state, one.live, one.published_at, one.decided_by) == (
        State.APPROVED,
        3,
        NOW,
        ANNA,
    )


def test_a_letter_is_read_and_never_public() -> None:
    one = decided(comment(article_id=None))
    assert (one.state, one.live) == (State.APPROVED, None)


def test_the_second_moderator_is_late_and_the_same_press_twice_is_no_second_decision() -> None:
    one = decided(comment())
    seen = {"revision": 1, "version": 1, "now": NOW}
    assert lifecycle.decide(one, Decision.REJECT, by=BORIS, **seen) is Conflict.DECIDED  # type: ignore[arg-type]
    assert lifecycle.decide(one, Decision.APPROVE, by=BORIS, **seen) is Conflict.DECIDED  # type: ignore[arg-type]
    assert lifecycle.decide(one, Decision.APPROVE, by=ANNA, **seen) is Conflict.AGAIN  # type: ignore[arg-type]


@pytest.mark.parametrize(("revision", "version"), [(1, 2), (2, 1), (1, 1)])
def test_a_decision_about_other_words_than_the_present_ones_is_refused(
    revision: int, version: int
) -> None:
    one = comment(revision=2, version=2)
    step = lifecycle.decide(
        one, Decision.APPROVE, by=ANNA, revision=revision, version=version, now=NOW
    )
    assert step is Conflict.CHANGED


def test_nobody_decides_before_the_grace_time_is_over() -> None:
    held = comment(State.HELD)
    step = lifecycle.decide(held, Decision.APPROVE, by=ANNA, revision=1, version=1, now=NOW)
    assert step is Conflict.CHANGED
    assert lifecycle.release(held, now=NOW - 1) is Conflict.NOTHING
    released = lifecycle.release(held, now=NOW)
    assert isinstance(released, Comment)
    assert released.state is State.PENDING


def test_an_edit_after_approval_waits_while_the_old_text_stays() -> None:
    edited = lifecycle.edit(decided(comment()), [Part(10, "Buy now!")], now=NOW)
    assert isinstance(edited, Comment)
    assert (edited.state, edited.live, edited.revision) == (State.PENDING, 1, 2)
    kept = decided(edited, Decision.REJECT, reason=Reason.ADVERT)
    assert (kept.state, kept.live) == (State.APPROVED, 1)
    swapped = decided(edited)
    assert (swapped.live, swapped.published_at) == (2, NOW)


def test_rejecting_what_is_live_takes_it_down_and_a_ban_takes_down_all() -> None:
    reported = lifecycle.reopen(decided(comment()))
    assert isinstance(reported, Comment)
    assert reported.live == 1
    assert decided(reported, Decision.REJECT).live is None
    edited = lifecycle.edit(decided(comment()), [Part(10, "Buy now!")], now=NOW)
    assert isinstance(edited, Comment)
    assert decided(edited, Decision.BAN).live is None


def test_undo_brings_back_what_was_and_only_for_ten_minutes() -> None:
    one = decided(comment())
    before = Before(7, None)
    back = lifecycle.undo(one, before, now=NOW + 600)
    assert isinstance(back, Comment)
    assert (back.state, back.live, back.decision, back.version) == (State.PENDING, None, None, 3)
    assert lifecycle.undo(one, before, now=NOW + 601) is Conflict.LATE
    assert lifecycle.undo(one, Before(6, None), now=NOW) is Conflict.CHANGED
    assert lifecycle.undo(back, before, now=NOW) is Conflict.NOTHING


def test_what_its_reader_took_back_is_gone_for_everybody() -> None:
    gone = lifecycle.withdraw(decided(comment()), now=NOW)
    assert isinstance(gone, Comment)
    assert (gone.state, gone.live) == (State.WITHDRAWN, None)
    assert lifecycle.withdraw(gone, now=NOW) is Conflict.AGAIN
    assert lifecycle.undo(gone, Before(7, None), now=NOW) is Conflict.WITHDRAWN
    step = lifecycle.decide(gone, Decision.APPROVE, by=ANNA, revision=1, version=2, now=NOW)
    assert step is Conflict.WITHDRAWN
    assert lifecycle.edit(gone, [Part(10, "again")], now=NOW) is Conflict.WITHDRAWN


def test_the_parts_of_an_album_and_quick_further_messages_are_one_comment() -> None:
    held = comment(State.HELD, due_at=NOW + 20, parts=(Part(10, "words", "photo", "g"),))
    assert parts.joins(held, Part(11, "", "photo", "g"), now=NOW)
    assert parts.joins(held, Part(11, "more words"), now=NOW + 19)
    assert not parts.joins(held, Part(11, "more words"), now=NOW + 20)
    assert not parts.joins(held, Part(11, "x" * 3995), now=NOW)
    late = replace(held, state=State.PENDING)
    assert parts.joins(late, Part(11, "", "photo", "g"), now=NOW + 60)
    assert not parts.joins(late, Part(11, "more words"), now=NOW)


def test_a_text_without_an_article_waits_to_be_placed() -> None:
    draft = comment(State.DRAFT, article_id=None, due_at=NOW + lifecycle.DRAFT_SECONDS)
    assert parts.joins(draft, Part(11, "and more"), now=NOW)
    assert lifecycle.release(draft, now=draft.due_at) is Conflict.NOTHING
    placed = lifecycle.place(draft, ArticleId(9), now=NOW, grace=20)
    assert isinstance(placed, Comment)
    assert (placed.state, placed.article_id, placed.due_at) == (State.HELD, 9, NOW + 20)
    assert lifecycle.place(placed, ArticleId(8), now=NOW, grace=20) is Conflict.AGAIN


def test_an_album_waits_for_its_last_part() -> None:
    held = comment(State.HELD, parts=(Part(10, "", "photo", "g"),), text="", due_at=NOW)
    more = lifecycle.edit(held, [*held.parts, Part(11, "", "photo", "g")], now=NOW)
    assert isinstance(more, Comment)
    assert more.due_at == NOW + parts.ALBUM_SECONDS
    assert lifecycle.edit(more, more.parts, now=NOW) is Conflict.AGAIN


def test_a_signature_can_be_chosen_until_the_comment_is_public() -> None:
    signed = lifecycle.sign(comment(), Signature.ALIAS)
    assert isinstance(signed, Comment)
    assert signed.sign is Signature.ALIAS
    assert lifecycle.sign(decided(signed), Signature.NAME) is Conflict.DECIDED


@given(st.integers(1, 2**50))
def test_an_alias_names_one_reader(number: int) -> None:
    assert reader_of(alias(number)) == number
    assert reader_of(alias(number).lower() + " ") == number


def test_aliases_differ_and_are_short() -> None:
    names = [alias(number) for number in range(1, 5000)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) == len("R-4f20")


@given(st.text(max_size=12))
def test_what_is_no_alias_names_nobody(text: str) -> None:
    number = reader_of(text)
    assert number is None or alias(number).lower() == text.strip().lower()


_STEPS = st.lists(
    st.sampled_from(
        [
            "edit",
            "release",
            "approve",
            "reject",
            "ban",
            "undo",
            "reopen",
            "withdraw",
            "restore",
            "erase",
            "old",
        ]
    ),
    max_size=14,
)


@given(_STEPS, st.booleans())
def test_after_any_steps_the_record_makes_sense(steps: list[str], letter: bool) -> None:
    one = comment(State.HELD, article_id=None if letter else ArticleId(1))
    before = Before(0, None)
    for number, name in enumerate(steps):
        after = _step(one, before, name, number)
        if isinstance(after, Conflict):
            continue
        if name in {"approve", "reject", "ban"}:
            before = Before(number, one.live)
            after = replace(after, decision_id=number)
        assert after.version == one.version + 1
        assert after.revision in {one.revision, one.revision + 1}
        one = after
        _sensible(one)


def _step(one: Comment, before: Before, name: str, number: int) -> Comment | Conflict:
    verdicts = {"approve": Decision.APPROVE, "reject": Decision.REJECT, "ban": Decision.BAN}
    if name in verdicts or name == "old":
        return lifecycle.decide(
            one,
            verdicts.get(name, Decision.APPROVE),
            by=ANNA,
            revision=one.revision,
            version=one.version - (name == "old"),
            now=NOW,
        )
    steps: dict[str, Callable[[], Comment | Conflict]] = {
        "edit": lambda: lifecycle.edit(one, [Part(10, f"words {number}")], now=NOW),
        "undo": lambda: lifecycle.undo(one, before, now=NOW),
        "release": lambda: lifecycle.release(one, now=NOW),
        "withdraw": lambda: lifecycle.withdraw(one, now=NOW),
        "restore": lambda: lifecycle.restore(one, now=NOW, grace=20),
        "reopen": lambda: lifecycle.reopen(one),
        "erase": lambda: lifecycle.erase(one),
    }
    return steps[name]()


def _sensible(one: Comment) -> None:
    is_decided = one.state in {State.APPROVED, State.REJECTED}
    if one.live is not None:
        assert one.article_id is not None
        assert one.state in {State.APPROVED, State.PENDING}
        assert one.live <= one.revision
    if is_decided or one.state in {State.HELD, State.PENDING}:
        assert (one.decided_at is not None) == is_decided
        assert (one.decision is not None) == is_decided
    if one.state is State.APPROVED and one.article_id is not None:
        assert one.live is not None
    if one.state is State.ERASED:
        assert not one.text
        assert not one.parts


def test_taking_back_can_be_thought_better_of_for_ten_minutes() -> None:
    gone = lifecycle.withdraw(decided(comment()), now=NOW)
    assert isinstance(gone, Comment)
    back = lifecycle.restore(gone, now=NOW + 599, grace=20)
    assert isinstance(back, Comment)  # whatever was decided before: moderators see it anew
    assert (back.state, back.live, back.decision) == (State.HELD, None, None)
    assert (back.revision, back.due_at) == (gone.revision + 1, NOW + 619)
    assert lifecycle.restore(gone, now=NOW + 600, grace=20) is Conflict.LATE
    assert lifecycle.restore(back, now=NOW, grace=20) is Conflict.NOTHING
