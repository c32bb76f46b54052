"""Reading, liking, reporting; my comments; being forgotten."""

from __future__ import annotations

from dataclasses import replace

from bot.core.comments.model import Conflict, Decision, State
from bot.core.model import TelegramId
from bot.discussion import Accepted, Refused
from storage import readers
from tests.discussion.conftest import ANNA, DiscussionKit

READER = TelegramId(700)


async def publish(kit: DiscussionKit, count: int) -> None:
    for n in range(count):
        comment = await kit.comment(f"Thought number {n}.", who=600 + n)
        await kit.pass_(20)
        await kit.decide(comment)
    await kit.pass_(60)


async def texts(kit: DiscussionKit, page: int, order: str = "new") -> list[str]:
    found = await kit.discussion.public.read_page(kit.article, page, order)
    assert found is not None
    return [one.text[-2] for one in found.found]


async def test_five_to_a_page_newest_first_and_pages_beyond_the_last_are_the_last(
    kit: DiscussionKit,
) -> None:
    await publish(kit, 7)
    assert await texts(kit, 1) == ["6", "5", "4", "3", "2"]
    assert await texts(kit, 2) == ["1", "0"]
    assert await texts(kit, 99) == ["1", "0"]
    assert await kit.discussion.public.read_page(999, 1, "new") is None


async def test_one_like_per_reader_and_the_best_come_first(kit: DiscussionKit) -> None:
    await publish(kit, 3)
    public = kit.discussion.public
    first = (await public.read_page(kit.article, 1, "new")).found[-1].id  # type: ignore[union-attr]
    chat = await kit.chat(READER)
    assert await public.like(READER, "Rani", chat, first) is True
    assert await public.like(READER, "Rani", chat, first) is False
    assert await public.like(READER, "Rani", chat, first) is True
    assert await texts(kit, 1, "best") == ["0", "2", "1"]
    assert await public.like(READER, "Rani", chat, 999) is None


async def test_a_report_brings_it_back_once_and_moderators_have_the_last_word(
    kit: DiscussionKit,
) -> None:
    await publish(kit, 1)
    public, chat = kit.discussion.public, await kit.chat(READER)
    assert await public.report(READER, "Rani", chat, 1) is True
    assert await public.report(READER, "Rani", chat, 1) is False
    assert await kit.count() == 1
    await kit.pass_(0)
    assert "⚑ reported by 1 reader" in kit.card.text
    await kit.decide(await kit.now(1))
    other = await kit.chat(701)
    assert await public.report(TelegramId(701), "Budi", other, 1) is True
    assert (await kit.now(1)).state is State.APPROVED
    cards = len(kit.cards)
    await kit.pass_(0)
    assert len(kit.cards) == cards


async def test_a_reported_comment_that_is_rejected_is_taken_down(kit: DiscussionKit) -> None:
    await publish(kit, 1)
    await kit.discussion.public.report(READER, "Rani", await kit.chat(READER), 1)
    await kit.decide(await kit.now(1), Decision.REJECT)
    assert await kit.count() == 0
    assert await kit.discussion.public.published(1) is None


async def test_reports_without_end_are_not_taken(kit: DiscussionKit) -> None:
    await publish(kit, 6)
    chat = await kit.chat(READER)
    taken = [
        await kit.discussion.public.report(READER, "Rani", chat, number) for number in range(1, 7)
    ]
    assert taken == [True] * 5 + [False]


async def test_my_comments_are_mine(kit: DiscussionKit) -> None:
    await publish(kit, 2)
    found, page, pages = await kit.discussion.public.my_comments(TelegramId(600), 1)
    assert [one.comment.text for one in found] == ["Thought number 0."]
    assert (page, pages) == (1, 1)
    assert await kit.discussion.public.my_comments(TelegramId(999), 1) == ([], 1, 1)


async def test_my_comments_show_the_words_that_are_public(kit: DiscussionKit) -> None:
    await publish(kit, 1)
    await rejected_edit(kit, "Buy cheap pills")
    found, _, _ = await kit.discussion.public.my_comments(TelegramId(600), 1)
    assert [one.text for one in found] == ["Thought number 0."]


async def rejected_edit(kit: DiscussionKit, text: str) -> None:
    """The first comment is changed, and the change is not accepted."""
    part = replace((await kit.now(1)).parts[0], text=text)
    await kit.discussion.submissions.edit(await kit.chat(600), part)
    await kit.decide(await kit.now(1), Decision.REJECT)
    await kit.pass_(21)


async def test_reported_after_a_rejected_edit_it_is_the_public_text_that_is_judged(
    kit: DiscussionKit,
) -> None:
    await publish(kit, 1)
    await rejected_edit(kit, "Buy cheap pills")
    await kit.discussion.public.report(READER, "Rani", await kit.chat(READER), 1)
    await kit.pass_(0)
    assert "Thought number 0." in kit.card.text
    assert "pills" not in kit.card.text
    assert await texts(kit, 1) == ["0"]
    await kit.decide(await kit.now(1), Decision.REJECT)
    assert await kit.discussion.public.published(1) is None


async def test_a_report_is_not_settled_by_rejecting_an_edit_that_waited(kit: DiscussionKit) -> None:
    await publish(kit, 1)
    part = replace((await kit.now(1)).parts[0], text="Something else")
    await kit.discussion.submissions.edit(await kit.chat(600), part)
    await kit.discussion.public.report(READER, "Rani", await kit.chat(READER), 1)
    await kit.decide(await kit.now(1), Decision.REJECT)
    await kit.pass_(0)
    assert "Thought number 0." in kit.card.text
    assert "⚑ reported by 1 reader" in kit.card.text
    await kit.decide(await kit.now(1), Decision.REJECT)
    assert await kit.discussion.public.published(1) is None


async def test_undo_on_a_card_of_former_times_undoes_no_later_decision(kit: DiscussionKit) -> None:
    await publish(kit, 1)
    old = await kit.now(1)
    await kit.discussion.public.report(READER, "Rani", await kit.chat(READER), 1)
    await kit.decide(await kit.now(1), Decision.REJECT)
    undone = await kit.discussion.moderation.undo(1, version=old.version, by=ANNA)
    assert undone.conflict is Conflict.CHANGED
    assert await kit.discussion.public.published(1) is None


async def test_a_comment_that_stays_public_after_a_report_is_no_news_to_its_reader(
    kit: DiscussionKit,
) -> None:
    await publish(kit, 1)
    told = len(kit.shown[TelegramId(600)])
    await kit.discussion.public.report(READER, "Rani", await kit.chat(READER), 1)
    await kit.decide(await kit.now(1))
    await kit.pass_(60)
    assert len(kit.shown[TelegramId(600)]) == told
    async with kit.db.reading() as cx:
        reader = await readers.of_person(cx, TelegramId(600))
    assert reader is not None
    assert reader.approved == 1


async def test_a_ban_outlives_being_forgotten_and_ends_with_an_unban(kit: DiscussionKit) -> None:
    comment = await kit.comment("Bad.")
    await kit.pass_(20)
    await kit.decide(comment, Decision.BAN)
    await kit.discussion.public.forget(TelegramId(501), await kit.chat(501))
    kit.clock.pass_(60)
    refused = await kit.write("Me again.")
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "banned"


async def test_an_unban_after_being_forgotten_lets_a_reader_write_again(kit: DiscussionKit) -> None:
    comment = await kit.comment("Bad.")
    await kit.pass_(20)
    await kit.decide(comment, Decision.BAN)
    await kit.discussion.public.forget(TelegramId(501), await kit.chat(501))
    kit.clock.pass_(60)
    await kit.write("Me again.")
    async with kit.db.reading() as cx:
        reader = await readers.of_person(cx, 501)
    assert reader is not None
    await kit.discussion.moderation.unban(reader, by=ANNA)
    assert isinstance(await kit.write("Thank you."), Accepted)
    await kit.discussion.public.forget(TelegramId(501), await kit.chat(501))
    kit.clock.pass_(60)
    assert isinstance(await kit.write("A new beginning."), Accepted)
