"""The life of a comment: a table of the steps, and what holds after any steps in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import comments
from bot.core.comments import (
    Actor,
    Before,
    Comment,
    Conflict,
    Part,
    Reason,
    Sign,
    State,
    Verdict,
)
from bot.core.model import ArticleId, CommentId, ReaderId, TelegramId

ANNA, BORIS = Actor(TelegramId(1), "Anna"), Actor(TelegramId(2), "Boris")
NOW = 1_000_000


def comment(state: State = State.PENDING, **values: object) -> Comment:
    one = Comment(
        CommentId(1), ArticleId(1), ReaderId(1), state, "words", (Part(10, "words"),), due_at=NOW
    )
    return replace(one, **values)  # type: ignore[arg-type]


def decided(one: Comment, verdict: Verdict = Verdict.APPROVE, **values: object) -> Comment:
    after = comments.decide(
        one, verdict, by=ANNA, revision=one.revision, version=one.version, now=NOW, **values  # type: ignore[arg-type]
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
    assert comments.decide(one, Verdict.REJECT, by=BORIS, **seen) is Conflict.DECIDED  # type: ignore[arg-type]
    assert comments.decide(one, Verdict.APPROVE, by=BORIS, **seen) is Conflict.DECIDED  # type: ignore[arg-type]
    assert comments.decide(one, Verdict.APPROVE, by=ANNA, **seen) is Conflict.AGAIN  # type: ignore[arg-type]


@pytest.mark.parametrize(("revision", "version"), [(1, 2), (2, 1), (1, 1)])
def test_a_decision_about_other_words_than_the_present_ones_is_refused(
    revision: int, version: int
) -> None:
    one = comment(revision=2, version=2)
    step = comments.decide(
        one, Verdict.APPROVE, by=ANNA, revision=revision, version=version, now=NOW
    )
    assert step is Conflict.CHANGED


def test_nobody_decides_before_the_grace_time_is_over() -> None:
    held = comment(State.HELD)
    step = comments.decide(held, Verdict.APPROVE, by=ANNA, revision=1, version=1, now=NOW)
    assert step is Conflict.CHANGED
    assert comments.release(held, now=NOW - 1) is Conflict.NOTHING
    released = comments.release(held, now=NOW)
    assert isinstance(released, Comment)
    assert released.state is State.PENDING


def test_an_edit_after_approval_waits_while_the_old_text_stays() -> None:
    edited = comments.edit(decided(comment()), [Part(10, "Buy now!")], now=NOW)
    assert isinstance(edited, Comment)
    assert (edited.state, edited.live, edited.revision) == (State.PENDING, 1, 2)
    kept = decided(edited, Verdict.REJECT, reason=Reason.ADVERT)
    assert (kept.state, kept.live) == (State.APPROVED, 1)
    swapped = decided(edited)
    assert (swapped.live, swapped.published_at) == (2, NOW)


def test_rejecting_what_is_live_takes_it_down_and_a_ban_takes_down_all() -> None:
    reported = comments.reopen(decided(comment()))
    assert isinstance(reported, Comment)
    assert reported.live == 1
    assert decided(reported, Verdict.REJECT).live is None
    edited = comments.edit(decided(comment()), [Part(10, "Buy now!")], now=NOW)
    assert isinstance(edited, Comment)
    assert decided(edited, Verdict.BAN).live is None


def test_undo_brings_back_what_was_and_only_for_ten_minutes() -> None:
    one = decided(comment())
    before = Before(7, None)
    back = comments.undo(one, before, now=NOW + 600)
    assert isinstance(back, Comment)
    assert (back.state, back.live, back.verdict, back.version) == (State.PENDING, None, None, 3)
    assert comments.undo(one, before, now=NOW + 601) is Conflict.LATE
    assert comments.undo(one, Before(6, None), now=NOW) is Conflict.CHANGED
    assert comments.undo(back, before, now=NOW) is Conflict.NOTHING


def test_what_its_reader_took_back_is_gone_for_everybody() -> None:
    gone = comments.withdraw(decided(comment()))
    assert isinstance(gone, Comment)
    assert (gone.state, gone.live) == (State.WITHDRAWN, None)
    assert comments.withdraw(gone) is Conflict.AGAIN
    assert comments.undo(gone, Before(7, None), now=NOW) is Conflict.WITHDRAWN
    step = comments.decide(gone, Verdict.APPROVE, by=ANNA, revision=1, version=2, now=NOW)
    assert step is Conflict.WITHDRAWN
    assert comments.edit(gone, [Part(10, "again")], now=NOW) is Conflict.WITHDRAWN


def test_the_parts_of_an_album_and_quick_further_messages_are_one_comment() -> None:
    held = comment(State.HELD, due_at=NOW + 20, parts=(Part(10, "words", "photo", "g"),))
    assert comments.joins(held, Part(11, "", "photo", "g"), now=NOW)
    assert comments.joins(held, Part(11, "more words"), now=NOW + 19)
    assert not comments.joins(held, Part(11, "more words"), now=NOW + 20)
    assert not comments.joins(held, Part(11, "x" * 3995), now=NOW)
    late = replace(held, state=State.PENDING)
    assert comments.joins(late, Part(11, "", "photo", "g"), now=NOW + 60)
    assert not comments.joins(late, Part(11, "more words"), now=NOW)


def test_a_text_without_an_article_waits_to_be_placed() -> None:
    draft = comment(State.DRAFT, article_id=None, due_at=NOW + comments.DRAFT_SECONDS)
    assert comments.joins(draft, Part(11, "and more"), now=NOW)
    assert comments.release(draft, now=draft.due_at) is Conflict.NOTHING
    placed = comments.place(draft, ArticleId(9), now=NOW, grace=20)
    assert isinstance(placed, Comment)
    assert (placed.state, placed.article_id, placed.due_at) == (State.HELD, 9, NOW + 20)
    assert comments.place(placed, ArticleId(8), now=NOW, grace=20) is Conflict.AGAIN


def test_an_album_waits_for_its_last_part() -> None:
    held = comment(State.HELD, parts=(Part(10, "", "photo", "g"),), text="", due_at=NOW)
    more = comments.edit(held, [*held.parts, Part(11, "", "photo", "g")], now=NOW)
    assert isinstance(more, Comment)
    assert more.due_at == NOW + comments.ALBUM_SECONDS
    assert comments.edit(more, more.parts, now=NOW) is Conflict.AGAIN


def test_a_signature_can_be_chosen_until_the_comment_is_public() -> None:
    signed = comments.sign(comment(), Sign.ALIAS)
    assert isinstance(signed, Comment)
    assert signed.sign is Sign.ALIAS
    assert comments.sign(decided(signed), Sign.NAME) is Conflict.DECIDED


@given(st.integers(1, 2**50))
def test_an_alias_names_one_reader(number: int) -> None:
    assert comments.reader_of(comments.alias(number)) == number
    assert comments.reader_of(comments.alias(number).lower() + " ") == number


def test_aliases_differ_and_are_short() -> None:
    names = [comments.alias(number) for number in range(1, 5000)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) == len("R-4f20")


@given(st.text(max_size=12))
def test_what_is_no_alias_names_nobody(text: str) -> None:
    number = comments.reader_of(text)
    assert number is None or comments.alias(number).lower() == text.strip().lower()


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
    verdicts = {"approve": Verdict.APPROVE, "reject": Verdict.REJECT, "ban": Verdict.BAN}
    if name in verdicts or name == "old":
        return comments.decide(
            one,
            verdicts.get(name, Verdict.APPROVE),
            by=ANNA,
            revision=one.revision,
            version=one.version - (name == "old"),
            now=NOW,
        )
    if name == "edit":
        return comments.edit(one, [Part(10, f"words {number}")], now=NOW)
    if name == "undo":
        return comments.undo(one, before, now=NOW)
    if name == "release":
        return comments.release(one, now=NOW)
    step = {"reopen": comments.reopen, "withdraw": comments.withdraw, "erase": comments.erase}[name]
    return step(one)


def _sensible(one: Comment) -> None:
    is_decided = one.state in {State.APPROVED, State.REJECTED}
    if one.live is not None:
        assert one.article_id is not None
        assert one.state in {State.APPROVED, State.PENDING}
        assert one.live <= one.revision
    if is_decided or one.state in {State.HELD, State.PENDING}:
        assert (one.decided_at is not None) == is_decided
        assert (one.verdict is not None) == is_decided
    if one.state is State.APPROVED and one.article_id is not None:
        assert one.live is not None
    if one.state is State.ERASED:
        assert not one.text
        assert not one.parts
