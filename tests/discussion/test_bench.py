"""Bans, mutes, one card for many, notes, closed comments, words and the log."""

from __future__ import annotations

import sqlite3

import pytest

from bot.core.comments import Conflict, Part, Reader, Reason, State, Verdict, alias
from bot.core.model import TelegramId
from bot.core.rules import Blocked
from bot.discussion import Accepted, Refused
from storage import readers
from tests.discussion.conftest import ANNA, BORIS, Town

ADVERT = "Earn ten million a week from home, ask me how today"


async def reader_of(town: Town, who: int = 501) -> Reader:
    async with town.db.reading() as cx:
        found = await readers.of_person(cx, who)
    assert found is not None
    return found


async def test_a_ban_rejects_what_waits_and_refuses_the_rest(town: Town) -> None:
    first = await town.comment("Bad words.")
    await town.pass_(20)
    second = await town.comment("More bad words.")
    await town.decide(first, Verdict.BAN)
    assert (await town.now(first)).state is State.REJECTED
    assert (await town.now(second)).state is State.REJECTED
    refused = await town.write("And again.")
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "banned"
    await town.pass_(60)
    assert town.told() == []
    assert len(town.cards) == 1
    assert town.card.text.startswith("🚫")


async def test_undoing_a_ban_brings_everything_back(town: Town) -> None:
    first = await town.comment("Hasty words.")
    await town.pass_(20)
    second = await town.comment("More of them.")
    await town.pass_(20)
    await town.decide(first, Verdict.BAN)
    undone = await town.undo(first.id, by=BORIS)
    assert undone.conflict is None
    assert [(await town.now(one)).state for one in (first, second)] == [State.PENDING] * 2
    reader = await reader_of(town)
    assert reader.banned_at is None
    assert (reader.approved, reader.rejected) == (0, 0)
    town.clock.pass_(601)
    assert isinstance(await town.write("Back again."), Accepted)


async def test_a_mute_ends_by_itself_and_an_unban_ends_it_sooner(town: Town) -> None:
    await town.comment("Loud.")
    reader = await reader_of(town)
    await town.discussion.bench.mute(reader, 7, by=ANNA)
    refused = await town.write("Louder.")
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "muted"
    town.clock.pass_(7 * 86_400 + 1)
    assert isinstance(await town.write("Quiet again."), Accepted)
    await town.discussion.bench.mute(await reader_of(town), 1, by=ANNA)
    assert await town.discussion.bench.unban(await reader_of(town), by=ANNA)
    assert not await town.discussion.bench.unban(await reader_of(town), by=ANNA)


async def test_the_same_advert_of_many_readers_is_one_card(town: Town) -> None:
    texts = [ADVERT, ADVERT + "!", ADVERT.upper(), ADVERT.replace(",", " -")]
    all_of_them = [await town.comment(text, who=600 + n) for n, text in enumerate(texts)]
    await town.pass_(20)
    assert len(town.cards) == 1
    assert "×4" in town.card.text
    await town.decide(all_of_them[0], Verdict.REJECT, reason=Reason.ADVERT)
    assert {(await town.now(one)).state for one in all_of_them} == {State.REJECTED}
    await town.pass_(30)
    assert all(len(town.told(600 + n)) == 1 for n in range(4))
    undone = await town.undo(all_of_them[0].id, by=ANNA)
    assert undone.conflict is None
    assert {(await town.now(one)).state for one in all_of_them} == {State.PENDING}


async def test_when_the_first_of_many_is_withdrawn_the_next_gets_the_card(town: Town) -> None:
    first = await town.comment(ADVERT, who=601)
    second = await town.comment(ADVERT, who=602)
    third = await town.comment(ADVERT, who=603)
    await town.pass_(20)
    await town.discussion.intake.withdraw(TelegramId(601), first.id)
    await town.pass_(0)
    assert f"#{second.id}" in town.card.text
    assert "×2" in town.card.text
    await town.decide(second)
    assert (await town.now(third)).state is State.APPROVED


async def test_who_changes_his_words_gets_a_card_of_his_own(town: Town) -> None:
    await town.comment(ADVERT, who=601)
    other = await town.comment(ADVERT, who=602, message=77)
    await town.pass_(20)
    await town.discussion.intake.edit(
        await town.chat(602), Part(77, "I have thought better of it, sorry.")
    )
    await town.pass_(0)
    assert f"#{other.id}" in town.card.text
    assert "×2" not in town.cards[0].text


async def test_closed_comments_refuse_with_a_sentence_and_open_again(town: Town) -> None:
    comment = await town.comment("The last word.")
    bench = town.discussion.bench
    assert await bench.close_comments_of(comment.id, closed=True, by=ANNA) is True
    assert await bench.close_comments_of(comment.id, closed=True, by=ANNA) is False
    refused = await town.write("One more.", who=502)
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "closed"
    await bench.close_comments_of(comment.id, closed=False, by=ANNA)
    assert isinstance(await town.write("One more.", who=502), Accepted)


async def test_blocked_words_refuse_or_hold_and_the_rules_count(town: Town) -> None:
    house = town.discussion.house
    assert await house.block_word(Blocked("Bangsat", hard=True), by=ANNA)
    assert await house.block_word(Blocked("judi online"), by=ANNA)
    assert not await house.block_word(Blocked("..."), by=ANNA)
    refused = await town.write("Dasar b4ngs4t")
    assert isinstance(refused, Refused)
    await town.comment("Main JUDI   online", who=502)
    await town.pass_(20)
    assert "blocked word: judi online" in town.card.text
    totals = await town.discussion.bench.rule_totals(since=town.clock() - 100)
    assert (totals["words", "refuse"], totals["words", "hold"]) == (1, 1)
    assert await house.unblock_word("BANGSAT")
    assert isinstance(await town.write("Dasar bangsat", who=503), Accepted)


async def test_a_word_can_be_blocked_in_several_languages(town: Town) -> None:
    house = town.discussion.house
    await house.block_word(Blocked("die", language="en"), by=ANNA)
    await house.block_word(Blocked("die", hard=True, language="id"), by=ANNA)
    assert await house.blocked_words() == [
        Blocked("die", language="en"),
        Blocked("die", hard=True, language="id"),
    ]
    taken = await town.write("die Zeitung ist the best of all")
    assert isinstance(taken, Accepted)
    assert await house.unblock_word("die", language="id")
    assert not await house.unblock_word("die", language="id")
    assert await house.unblock_word("DIE")
    assert await house.blocked_words() == []


async def test_the_log_tells_who_did_what_and_can_only_grow(town: Town) -> None:
    comment = await town.comment("Logged.")
    await town.pass_(20)
    await town.decide(comment)
    await town.undo(comment.id, by=BORIS)
    await town.decide(comment, Verdict.REJECT, by=BORIS)
    log = await town.discussion.bench.log(comment.id)
    assert [(row["actor"], row["action"], row["reason"]) for row in log] == [
        ("Anna", "approve", ""),
        ("Boris", "undo", ""),
        ("Boris", "reject", "off-topic"),
    ]
    for sql in ("UPDATE decision SET actor = 'Nobody'", "DELETE FROM decision"):
        with pytest.raises(sqlite3.IntegrityError, match="only added"):
            async with town.db.transaction() as tx:
                await tx.run(sql)


async def test_the_log_of_a_comment_tells_what_was_done_about_its_reader(town: Town) -> None:
    comment = await town.comment("Loud.")
    await town.comment("Of another.", who=502)
    bench = town.discussion.bench
    await bench.mute(await reader_of(town), 7, by=ANNA)
    await bench.ban(await reader_of(town, 502), by=BORIS)
    rows = [(row["actor"], row["action"], row["reason"]) for row in await bench.log(comment.id)]
    assert rows == [("Anna", "mute", "7 d")]


async def test_a_decided_comment_can_be_opened_again_with_a_new_card(town: Town) -> None:
    comment = await town.comment("Debatable.")
    await town.pass_(20)
    await town.decide(comment)
    town.clock.pass_(3600)
    outcome = await town.discussion.bench.reopen(comment.id, by=BORIS)
    assert outcome.conflict is None
    await town.pass_(0)
    assert len(town.cards) == 2
    assert await town.count() == 1
    await town.decide(comment, Verdict.REJECT)
    assert await town.count() == 0
    assert (await reader_of(town)).approved == 0
    again = await town.undo(comment.id, by=ANNA)
    assert again.conflict is None
    assert await town.count() == 1


async def test_notes_and_history_of_a_reader(town: Town) -> None:
    comment = await town.comment("Known.")
    await town.discussion.bench.note(comment.id, "Writes under two names.", by=ANNA)
    found = await town.discussion.bench.about_reader(comment.id)
    assert found is not None
    reader, written, notes = found
    assert [one.id for one in written] == [comment.id]
    assert notes[0][:2] == ("Anna", "Writes under two names.")
    assert (await town.discussion.bench.find(alias(reader.id))) == reader
    assert await town.discussion.bench.find("R-fff") is None


async def test_a_comment_that_does_not_exist_is_nothing(town: Town) -> None:
    bench = town.discussion.bench
    undone = await bench.undo(999, version=1, by=ANNA)
    assert undone.conflict is Conflict.NOTHING
    decided = await bench.decide(999, revision=1, version=1, by=ANNA, verdict=Verdict.APPROVE)
    assert decided.conflict is Conflict.NOTHING


async def test_counts_on_posts_follow_at_most_once_a_minute(town: Town) -> None:
    async with town.db.transaction() as tx:
        await tx.run("DELETE FROM broadcast")
    for n in range(4):
        await town.comment(f"Thought {n}.", who=600 + n)
    await town.pass_(20)

    async def announced() -> int:
        async with town.db.reading() as cx:
            return int(await cx.value("SELECT count(*) FROM broadcast WHERE kind = 'edit'"))

    async def decide_and_clear(number: int) -> int:
        await town.decide(await town.now(number))
        count = await announced()
        async with town.db.transaction() as tx:
            await tx.run("DELETE FROM broadcast")
        return count

    assert [await decide_and_clear(n) for n in (1, 2, 3)] == [1, 0, 0]
    assert await town.count() == 3
    town.clock.pass_(60)
    await town.discussion.tick()
    assert await announced() == 1
