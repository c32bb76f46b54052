"""Reading, liking, reporting; my comments; being forgotten."""

from __future__ import annotations

from dataclasses import replace

from bot.core.comments import Conflict, State, Verdict
from bot.core.model import TelegramId
from bot.discussion import Accepted, Refused
from storage import readers
from tests.discussion.conftest import ANNA, Town

READER = TelegramId(700)


async def publish(town: Town, count: int) -> None:
    for n in range(count):
        comment = await town.comment(f"Thought number {n}.", who=600 + n)
        await town.pass_(20)
        await town.decide(comment)
    await town.pass_(60)


async def texts(town: Town, page: int, order: str = "new") -> list[str]:
    found = await town.discussion.public.read_page(town.article, page, order)
    assert found is not None
    return [one.text[-2] for one in found.found]


async def test_five_to_a_page_newest_first_and_pages_beyond_the_last_are_the_last(
    town: Town,
) -> None:
    await publish(town, 7)
    assert await texts(town, 1) == ["6", "5", "4", "3", "2"]
    assert await texts(town, 2) == ["1", "0"]
    assert await texts(town, 99) == ["1", "0"]
    assert await town.discussion.public.read_page(999, 1, "new") is None


async def test_one_like_per_reader_and_the_best_come_first(town: Town) -> None:
    await publish(town, 3)
    public = town.discussion.public
    first = (await public.read_page(town.article, 1, "new")).found[-1].id  # type: ignore[union-attr]
    chat = await town.chat(READER)
    assert await public.like(READER, "Rani", chat, first) is True
    assert await public.like(READER, "Rani", chat, first) is False
    assert await public.like(READER, "Rani", chat, first) is True
    assert await texts(town, 1, "best") == ["0", "2", "1"]
    assert await public.like(READER, "Rani", chat, 999) is None


async def test_a_report_brings_it_back_once_and_moderators_have_the_last_word(town: Town) -> None:
    await publish(town, 1)
    public, chat = town.discussion.public, await town.chat(READER)
    assert await public.report(READER, "Rani", chat, 1) is True
    assert await public.report(READER, "Rani", chat, 1) is False
    assert await town.count() == 1
    await town.pass_(0)
    assert "⚑ reported by 1 reader" in town.card.text
    await town.decide(await town.now(1))
    other = await town.chat(701)
    assert await public.report(TelegramId(701), "Budi", other, 1) is True
    assert (await town.now(1)).state is State.APPROVED
    cards = len(town.cards)
    await town.pass_(0)
    assert len(town.cards) == cards


async def test_a_reported_comment_that_is_rejected_is_taken_down(town: Town) -> None:
    await publish(town, 1)
    await town.discussion.public.report(READER, "Rani", await town.chat(READER), 1)
    await town.decide(await town.now(1), Verdict.REJECT)
    assert await town.count() == 0
    assert await town.discussion.public.published(1) is None


async def test_reports_without_end_are_not_taken(town: Town) -> None:
    await publish(town, 6)
    chat = await town.chat(READER)
    taken = [
        await town.discussion.public.report(READER, "Rani", chat, number) for number in range(1, 7)
    ]
    assert taken == [True] * 5 + [False]


async def test_my_comments_are_mine(town: Town) -> None:
    await publish(town, 2)
    found, page, pages = await town.discussion.public.my_comments(TelegramId(600), 1)
    assert [one.comment.text for one in found] == ["Thought number 0."]
    assert (page, pages) == (1, 1)
    assert await town.discussion.public.my_comments(TelegramId(999), 1) == ([], 1, 1)


async def test_my_comments_show_the_words_that_are_public(town: Town) -> None:
    await publish(town, 1)
    await rejected_edit(town, "Buy cheap pills")
    found, _, _ = await town.discussion.public.my_comments(TelegramId(600), 1)
    assert [one.text for one in found] == ["Thought number 0."]


async def rejected_edit(town: Town, text: str) -> None:
    """The first comment is changed, and the change is not accepted."""
    part = replace((await town.now(1)).parts[0], text=text)
    await town.discussion.intake.edit(await town.chat(600), part)
    await town.decide(await town.now(1), Verdict.REJECT)
    await town.pass_(21)


async def test_reported_after_a_rejected_edit_it_is_the_public_text_that_is_judged(
    town: Town,
) -> None:
    await publish(town, 1)
    await rejected_edit(town, "Buy cheap pills")
    await town.discussion.public.report(READER, "Rani", await town.chat(READER), 1)
    await town.pass_(0)
    assert "Thought number 0." in town.card.text
    assert "pills" not in town.card.text
    assert await texts(town, 1) == ["0"]
    await town.decide(await town.now(1), Verdict.REJECT)
    assert await town.discussion.public.published(1) is None


async def test_a_report_is_not_settled_by_rejecting_an_edit_that_waited(town: Town) -> None:
    await publish(town, 1)
    part = replace((await town.now(1)).parts[0], text="Something else")
    await town.discussion.intake.edit(await town.chat(600), part)
    await town.discussion.public.report(READER, "Rani", await town.chat(READER), 1)
    await town.decide(await town.now(1), Verdict.REJECT)
    await town.pass_(0)
    assert "Thought number 0." in town.card.text
    assert "⚑ reported by 1 reader" in town.card.text
    await town.decide(await town.now(1), Verdict.REJECT)
    assert await town.discussion.public.published(1) is None


async def test_undo_on_a_card_of_former_times_undoes_no_later_decision(town: Town) -> None:
    await publish(town, 1)
    old = await town.now(1)
    await town.discussion.public.report(READER, "Rani", await town.chat(READER), 1)
    await town.decide(await town.now(1), Verdict.REJECT)
    undone = await town.discussion.bench.undo(1, version=old.version, by=ANNA)
    assert undone.conflict is Conflict.CHANGED
    assert await town.discussion.public.published(1) is None


async def test_a_comment_that_stays_public_after_a_report_is_no_news_to_its_reader(
    town: Town,
) -> None:
    await publish(town, 1)
    told = len(town.shown[TelegramId(600)])
    await town.discussion.public.report(READER, "Rani", await town.chat(READER), 1)
    await town.decide(await town.now(1))
    await town.pass_(60)
    assert len(town.shown[TelegramId(600)]) == told
    async with town.db.reading() as cx:
        reader = await readers.of_person(cx, TelegramId(600))
    assert reader is not None
    assert reader.approved == 1


async def test_a_ban_outlives_being_forgotten_and_ends_with_an_unban(town: Town) -> None:
    comment = await town.comment("Bad.")
    await town.pass_(20)
    await town.decide(comment, Verdict.BAN)
    await town.discussion.public.forget(TelegramId(501), await town.chat(501))
    town.clock.pass_(60)
    refused = await town.write("Me again.")
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "banned"


async def test_an_unban_after_being_forgotten_lets_a_reader_write_again(town: Town) -> None:
    comment = await town.comment("Bad.")
    await town.pass_(20)
    await town.decide(comment, Verdict.BAN)
    await town.discussion.public.forget(TelegramId(501), await town.chat(501))
    town.clock.pass_(60)
    await town.write("Me again.")
    async with town.db.reading() as cx:
        reader = await readers.of_person(cx, 501)
    assert reader is not None
    await town.discussion.bench.unban(reader, by=ANNA)
    assert isinstance(await town.write("Thank you."), Accepted)
    await town.discussion.public.forget(TelegramId(501), await town.chat(501))
    town.clock.pass_(60)
    assert isinstance(await town.write("A new beginning."), Accepted)
