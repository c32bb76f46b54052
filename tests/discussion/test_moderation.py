"""Bans, mutes, one card for many, notes, closed comments, words and the log."""

from __future__ import annotations

import pytest

from bot.core.comments.aliases import alias
from bot.core.comments.model import Comment, Conflict, Decision, Part, Reader, Reason, State
from bot.core.comments.rules import Blocked
from bot.core.model import TelegramId
from bot.core.text import TEXT_LIMIT
from bot.discussion import Accepted, Refused
from storage import readers
from tests.discussion.conftest import ANNA, BORIS, DiscussionKit
from tests.support.schema import REFUSED

ADVERT = "Earn ten million a week from home, ask me how today"


async def reader_of(kit: DiscussionKit, who: int = 501) -> Reader:
    async with kit.db.reading() as cx:
        found = await readers.of_person(cx, who)
    assert found is not None
    return found


async def test_a_ban_rejects_what_waits_and_refuses_the_rest(kit: DiscussionKit) -> None:
    first = await kit.comment("Bad words.")
    await kit.pass_(20)
    second = await kit.comment("More bad words.")
    await kit.decide(first, Decision.BAN)
    assert (await kit.now(first)).state is State.REJECTED
    assert (await kit.now(second)).state is State.REJECTED
    refused = await kit.write("And again.")
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "banned"
    await kit.pass_(60)
    assert kit.told() == []
    assert len(kit.cards) == 1
    assert kit.card.text.startswith("🚫")


async def _many(kit: DiscussionKit, count: int) -> list[Comment]:
    """Comments of one reader that all wait, written over some hours."""
    found = []
    for n in range(count):
        found.append(await kit.comment(f"Number {n}: {'abcdefghijklmnopqrstuvwxyz'[n % 26] * 9}."))
        kit.clock.pass_(300)
        await kit.discussion.tick()
    return found


async def test_a_ban_rejects_all_that_waits_however_much_it_is(kit: DiscussionKit) -> None:
    found = await _many(kit, 30)
    await kit.discussion.moderation.ban(await reader_of(kit), by=ANNA)
    assert {(await kit.now(one)).state for one in found} == {State.REJECTED}


async def test_a_ban_on_a_card_rejects_all_that_waits_too(kit: DiscussionKit) -> None:
    found = await _many(kit, 30)
    await kit.decide(found[0], Decision.BAN)
    assert {(await kit.now(one)).state for one in found} == {State.REJECTED}


async def test_many_decisions_at_once_come_in_as_many_messages_as_they_need(
    kit: DiscussionKit,
) -> None:
    async with kit.db.transaction() as tx:
        await tx.run("UPDATE article SET headline = :long", long="Very long headline " * 30)
    found = await _many(kit, 30)
    for one in found:
        await kit.decide(one, Decision.REJECT, reason=Reason.INSULT)
    await kit.pass_(60)
    told = kit.told()
    assert len(told) == 3
    assert all(len(one) <= TEXT_LIMIT for one in told)
    assert all(any(f"#{one.id} " in text for text in told) for one in found)


async def test_undoing_a_ban_brings_everything_back(kit: DiscussionKit) -> None:
    first = await kit.comment("Hasty words.")
    await kit.pass_(20)
    second = await kit.comment("More of them.")
    await kit.pass_(20)
    await kit.decide(first, Decision.BAN)
    undone = await kit.undo(first.id, by=BORIS)
    assert undone.conflict is None
    assert [(await kit.now(one)).state for one in (first, second)] == [State.PENDING] * 2
    reader = await reader_of(kit)
    assert reader.banned_at is None
    assert (reader.approved, reader.rejected) == (0, 0)
    kit.clock.pass_(601)
    assert isinstance(await kit.write("Back again."), Accepted)


async def test_a_mute_ends_by_itself_and_an_unban_ends_it_sooner(kit: DiscussionKit) -> None:
    await kit.comment("Loud.")
    reader = await reader_of(kit)
    await kit.discussion.moderation.mute(reader, 7, by=ANNA)
    refused = await kit.write("Louder.")
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "muted"
    kit.clock.pass_(7 * 86_400 + 1)
    assert isinstance(await kit.write("Quiet again."), Accepted)
    await kit.discussion.moderation.mute(await reader_of(kit), 1, by=ANNA)
    assert await kit.discussion.moderation.unban(await reader_of(kit), by=ANNA)
    assert not await kit.discussion.moderation.unban(await reader_of(kit), by=ANNA)


async def test_the_same_advert_of_many_readers_is_one_card(kit: DiscussionKit) -> None:
    texts = [ADVERT, ADVERT + "!", ADVERT.upper(), ADVERT.replace(",", " -")]
    all_of_them = [await kit.comment(text, who=600 + n) for n, text in enumerate(texts)]
    await kit.pass_(20)
    assert len(kit.cards) == 1
    assert "×4" in kit.card.text
    await kit.decide(all_of_them[0], Decision.REJECT, reason=Reason.ADVERT)
    assert {(await kit.now(one)).state for one in all_of_them} == {State.REJECTED}
    await kit.pass_(30)
    assert all(len(kit.told(600 + n)) == 1 for n in range(4))
    undone = await kit.undo(all_of_them[0].id, by=ANNA)
    assert undone.conflict is None
    assert {(await kit.now(one)).state for one in all_of_them} == {State.PENDING}


async def test_when_the_first_of_many_is_withdrawn_the_next_gets_the_card(
    kit: DiscussionKit,
) -> None:
    first = await kit.comment(ADVERT, who=601)
    second = await kit.comment(ADVERT, who=602)
    third = await kit.comment(ADVERT, who=603)
    await kit.pass_(20)
    await kit.discussion.submissions.withdraw(TelegramId(601), first.id)
    await kit.pass_(0)
    assert f"#{second.id}" in kit.card.text
    assert "×2" in kit.card.text
    await kit.decide(second)
    assert (await kit.now(third)).state is State.APPROVED


async def test_who_changes_his_words_gets_a_card_of_his_own(kit: DiscussionKit) -> None:
    await kit.comment(ADVERT, who=601)
    other = await kit.comment(ADVERT, who=602, message=77)
    await kit.pass_(20)
    await kit.discussion.submissions.edit(
        await kit.chat(602), Part(77, "I have thought better of it, sorry.")
    )
    await kit.pass_(0)
    assert f"#{other.id}" in kit.card.text
    assert "×2" not in kit.cards[0].text


async def test_closed_comments_refuse_with_a_sentence_and_open_again(kit: DiscussionKit) -> None:
    comment = await kit.comment("The last word.")
    moderation = kit.discussion.moderation
    assert await moderation.close_comments_of(comment.id, closed=True, by=ANNA)
    assert await moderation.close_comments_of(comment.id, closed=True, by=ANNA) == 0
    refused = await kit.write("One more.", who=502)
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "closed"
    await moderation.close_comments_of(comment.id, closed=False, by=ANNA)
    assert isinstance(await kit.write("One more.", who=502), Accepted)


async def test_blocked_words_refuse_or_hold_and_the_rules_count(kit: DiscussionKit) -> None:
    canned = kit.discussion.canned
    assert await canned.block_word(Blocked("Bangsat", hard=True), by=ANNA)
    assert await canned.block_word(Blocked("judi online"), by=ANNA)
    assert not await canned.block_word(Blocked("..."), by=ANNA)
    refused = await kit.write("Dasar b4ngs4t")
    assert isinstance(refused, Refused)
    await kit.comment("Main JUDI   online", who=502)
    await kit.pass_(20)
    assert "blocked word: judi online" in kit.card.text
    totals = await kit.discussion.overview.rule_totals(since=kit.clock() - 100)
    assert (totals["words", "refuse"], totals["words", "hold"]) == (1, 1)
    assert await canned.unblock_word("BANGSAT")
    assert isinstance(await kit.write("Dasar bangsat", who=503), Accepted)


async def test_a_word_can_be_blocked_in_several_languages(kit: DiscussionKit) -> None:
    canned = kit.discussion.canned
    await canned.block_word(Blocked("die", language="en"), by=ANNA)
    await canned.block_word(Blocked("die", hard=True, language="id"), by=ANNA)
    assert await canned.blocked_words() == [
        Blocked("die", language="en"),
        Blocked("die", hard=True, language="id"),
    ]
    taken = await kit.write("die Zeitung ist the best of all")
    assert isinstance(taken, Accepted)
    assert await canned.unblock_word("die", language="id")
    assert not await canned.unblock_word("die", language="id")
    assert await canned.unblock_word("DIE")
    assert await canned.blocked_words() == []


async def test_the_log_tells_who_did_what_and_can_only_grow(kit: DiscussionKit) -> None:
    comment = await kit.comment("Logged.")
    await kit.pass_(20)
    await kit.decide(comment)
    await kit.undo(comment.id, by=BORIS)
    await kit.decide(comment, Decision.REJECT, by=BORIS)
    log = await kit.discussion.overview.log(comment.id)
    assert [(row["actor"], row["action"], row["reason"]) for row in log] == [
        ("Anna", "approve", ""),
        ("Boris", "undo", ""),
        ("Boris", "reject", "off-topic"),
    ]
    for sql in ("UPDATE decision SET actor = 'Nobody'", "DELETE FROM decision"):
        with pytest.raises(REFUSED, match="only added"):
            async with kit.db.transaction() as tx:
                await tx.run(sql)


async def test_the_log_of_a_comment_tells_what_was_done_about_its_reader(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("Loud.")
    await kit.comment("Of another.", who=502)
    moderation = kit.discussion.moderation
    await moderation.mute(await reader_of(kit), 7, by=ANNA)
    await moderation.ban(await reader_of(kit, 502), by=BORIS)
    rows = [
        (row["actor"], row["action"], row["reason"])
        for row in await kit.discussion.overview.log(comment.id)
    ]
    assert rows == [("Anna", "mute", "7 d")]


async def test_an_undone_mute_brings_back_the_one_before(kit: DiscussionKit) -> None:
    await kit.comment("Loud.")
    moderation = kit.discussion.moderation
    until, _ = await moderation.mute(await reader_of(kit), 30, by=ANNA)
    kit.clock.pass_(60)
    _, slip = await moderation.mute(await reader_of(kit), 1, by=BORIS)
    assert not isinstance(await moderation.take_back(slip, by=BORIS), Conflict)
    assert (await reader_of(kit)).muted_until == until


async def test_an_undone_ban_leaves_what_stood_before(kit: DiscussionKit) -> None:
    await kit.comment("Loud.")
    moderation = kit.discussion.moderation
    until, _ = await moderation.mute(await reader_of(kit), 7, by=ANNA)
    number = await moderation.ban(await reader_of(kit), by=ANNA)
    kit.clock.pass_(60)
    assert number is not None
    assert await moderation.ban(await reader_of(kit), by=BORIS) is None
    assert not isinstance(await moderation.take_back(number, by=BORIS), Conflict)
    reader = await reader_of(kit)
    assert (reader.banned_at, reader.muted_until) == (None, until)


async def test_a_decided_comment_can_be_opened_again_with_a_new_card(kit: DiscussionKit) -> None:
    comment = await kit.comment("Debatable.")
    await kit.pass_(20)
    await kit.decide(comment)
    kit.clock.pass_(3600)
    outcome = await kit.discussion.moderation.reopen(comment.id, by=BORIS)
    assert outcome.conflict is None
    await kit.pass_(0)
    assert len(kit.cards) == 2
    assert await kit.count() == 1
    await kit.decide(comment, Decision.REJECT)
    assert await kit.count() == 0
    assert (await reader_of(kit)).approved == 0
    again = await kit.undo(comment.id, by=ANNA)
    assert again.conflict is None
    assert await kit.count() == 1


async def test_notes_and_history_of_a_reader(kit: DiscussionKit) -> None:
    comment = await kit.comment("Known.")
    await kit.discussion.moderation.note(comment.id, "Writes under two names.", by=ANNA)
    found = await kit.discussion.overview.about_reader(comment.id)
    assert found is not None
    reader, written, notes = found
    assert [one.id for one in written] == [comment.id]
    assert notes[0][:2] == ("Anna", "Writes under two names.")
    assert (await kit.discussion.overview.find(alias(reader.id))) == reader
    assert await kit.discussion.overview.find("R-fff") is None


async def test_a_comment_that_does_not_exist_is_nothing(kit: DiscussionKit) -> None:
    moderation = kit.discussion.moderation
    undone = await moderation.undo(999, version=1, by=ANNA)
    assert undone.conflict is Conflict.NOTHING
    decided = await moderation.decide(
        999, revision=1, version=1, by=ANNA, decision=Decision.APPROVE
    )
    assert decided.conflict is Conflict.NOTHING


async def test_counts_on_posts_follow_at_most_once_a_minute(kit: DiscussionKit) -> None:
    async with kit.db.transaction() as tx:
        await tx.run("DELETE FROM broadcast")
    for n in range(4):
        await kit.comment(f"Thought {n}.", who=600 + n)
    await kit.pass_(20)

    async def announced() -> int:
        async with kit.db.reading() as cx:
            return int(await cx.value("SELECT count(*) FROM broadcast WHERE kind = 'edit'"))

    async def decide_and_clear(number: int) -> int:
        await kit.decide(await kit.now(number))
        count = await announced()
        async with kit.db.transaction() as tx:
            await tx.run("DELETE FROM broadcast")
        return count

    assert [await decide_and_clear(n) for n in (1, 2, 3)] == [1, 0, 0]
    assert await kit.count() == 3
    kit.clock.pass_(60)
    await kit.discussion.tick()
    assert await announced() == 1


async def test_a_reason_in_ones_own_words_is_told_and_undone(kit: DiscussionKit) -> None:
    moderation = kit.discussion.moderation
    comment = await kit.comment("Words.", message=70)
    await kit.pass_(20)
    asked = kit.clock()
    words = "Please keep <names> of children out."
    assert (await moderation.reject_in_words(comment.id, words, asked_at=asked, by=ANNA)).comment
    await kit.pass_(21)
    assert words in kit.told()[-1]
    assert "“Please keep <names>" in kit.card.text
    await kit.undo(comment.id, by=ANNA)
    assert (await kit.now(comment)).own_reason == ""
    kit.clock.pass_(1)
    edited = await kit.discussion.submissions.edit(await kit.chat(501), Part(70, "Other words."))
    assert isinstance(edited, Comment)
    late = await moderation.reject_in_words(comment.id, words, asked_at=asked, by=ANNA)
    assert late.conflict is Conflict.CHANGED
    await kit.decide(comment)
    beaten = await moderation.reject_in_words(comment.id, words, asked_at=kit.clock(), by=BORIS)
    assert beaten.conflict is Conflict.DECIDED


async def test_a_ban_a_mute_and_closed_comments_can_be_taken_back_for_ten_minutes(
    kit: DiscussionKit,
) -> None:
    moderation = kit.discussion.moderation
    comment = await kit.comment("Waits.")
    await kit.pass_(20)
    ban = await moderation.ban(await reader_of(kit), by=ANNA)
    assert ban is not None
    assert (await kit.now(comment)).state is State.REJECTED
    assert not isinstance(await moderation.take_back(ban, by=BORIS), Conflict)
    assert (await reader_of(kit)).banned_at is None
    assert (await kit.now(comment)).state is State.PENDING
    assert await moderation.take_back(ban, by=ANNA) is Conflict.DECIDED

    _, mute = await moderation.mute(await reader_of(kit), 7, by=ANNA)
    again = await moderation.ban(await reader_of(kit), by=BORIS)
    assert again is not None
    assert await moderation.take_back(mute, by=ANNA) is Conflict.DECIDED  # not what it was any more
    kit.clock.pass_(601)
    assert await moderation.take_back(again, by=ANNA) is Conflict.LATE

    closed = await moderation.close_comments_of(comment.id, closed=True, by=ANNA)
    assert closed
    assert not isinstance(await moderation.take_back(closed, by=ANNA), Conflict)
    assert not await kit.discussion.overview.closed(await kit.now(comment))
    async with kit.db.reading() as cx:
        approved = await cx.value("SELECT MAX(id) FROM decision WHERE action = 'undo'")
    assert await moderation.take_back(approved, by=ANNA) is Conflict.NOTHING
