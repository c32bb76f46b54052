"""Albums are one answer, formatting survives, and what is edited reaches the other side."""

from __future__ import annotations

import pytest

from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Comment
from bot.core.posts.content import AnswerCard, AnswerNotice, CopiedCaption
from bot.discussion import Refused
from storage import Database
from storage.answers import Answer
from tests.conftest import Clock
from tests.discussion.conftest import ANNA, DESK, DiscussionKit, Message, make_kit


async def asked(kit: DiscussionKit) -> Comment:
    comment = await kit.comment("A question?", message=5)
    await kit.pass_(20)
    return comment


def photo(number: int, text: str = "", *, album: str = "g", file: str = "") -> AnswerPart:
    return AnswerPart(number, text, media="photo", album=album, file=file or f"f{number}")


async def tell(kit: DiscussionKit, comment: Comment, *parts: AnswerPart) -> Answer:
    """A moderator's answer to a reader, message by message."""
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    found = [await kit.discussion.replies.answer(comment.id, desk, part, by=ANNA) for part in parts]
    assert found[-1] is not None
    return found[-1][2]


async def hear(kit: DiscussionKit, comment: Comment, *parts: AnswerPart) -> list[object]:
    """A reader's answer to the editors, message by message."""
    chat = await kit.chat(501)
    return [await kit.discussion.replies.receive(comment.id, chat, part) for part in parts]


def of(messages: list[Message], kind: type) -> list[Message]:
    return [one for one in messages if isinstance(one.delivery.content, kind)]


def copies(messages: list[Message]) -> list[Message]:
    return [one for one in messages if one.post.copy_of is not None]


async def test_a_readers_eight_photos_are_one_card_and_one_album(kit: DiscussionKit) -> None:
    comment = await asked(kit)
    photos = [photo(number, "Look" if number == 81 else "") for number in range(81, 89)]
    taken = await hear(kit, comment, *photos)
    assert not any(isinstance(one, Refused) for one in taken)
    await kit.pass_(2)
    await kit.pass_(1)
    (card,) = of(kit.cards, AnswerCard)
    assert "Look" in card.text
    album = copies(kit.cards)
    assert {one.post.copy_of for one in album} == {(501, tuple(range(81, 89)))}
    assert {one.delivery.target_message_id for one in album} == {card.id}


async def test_an_editors_album_is_one_answer(kit: DiscussionKit) -> None:
    comment = await asked(kit)
    await tell(kit, comment, photo(901), photo(902, "See"), photo(903))
    await kit.pass_(20)
    await kit.pass_(1)
    (notice,) = of(kit.at(501), AnswerNotice)
    assert "See" in notice.text
    album = copies(kit.at(501))
    assert {one.post.copy_of for one in album} == {(DESK, (901, 902, 903))}
    assert {one.delivery.target_message_id for one in album} == {notice.id}
    assert len(of(kit.cards, AnswerCard)) == 1


@pytest.mark.parametrize("late", [1, 5])
async def test_an_album_is_one_answer_without_a_grace_time(
    db: Database, clock: Clock, late: int
) -> None:
    kit = await make_kit(db, clock, grace=0)
    comment = await kit.comment("A question?", message=5)
    await kit.pass_(1)
    await tell(kit, comment, photo(901, "See"))
    await kit.pass_(late)
    await tell(kit, comment, photo(902))
    await kit.pass_(5)
    assert len(of(kit.at(501), AnswerNotice)) == 1
    found = dict.fromkeys(one.post.copy_of for one in copies(kit.at(501)))
    whole, apart = [(DESK, (901, 902))], [(DESK, (901,)), (DESK, (902,))]
    assert list(found) == (whole if late == 1 else apart)


async def test_links_and_formatting_of_an_answer_survive(kit: DiscussionKit) -> None:
    comment = await asked(kit)
    html = 'See <a href="https://paper.example/b">here</a> &amp; <b>there</b>'
    answer = await tell(kit, comment, AnswerPart(900, "See here & there", html))
    await kit.discussion.replies.publish(answer.id, by=ANNA)
    await kit.decide(comment)
    await kit.pass_(30)
    assert html in kit.at(501)[-2].post.text + kit.at(501)[-1].post.text
    page = await kit.discussion.public.read_page(kit.article, 1, "new")
    assert page is not None
    assert page.found[0].answers == (html,)


async def edit(kit: DiscussionKit, chat: int, part: AnswerPart) -> bool:
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    where = desk if chat == DESK else await kit.chat(chat)
    return await kit.discussion.replies.edit(where, part)


async def test_the_edited_caption_of_an_editors_album_reaches_the_reader(
    kit: DiscussionKit,
) -> None:
    comment = await asked(kit)
    await tell(kit, comment, photo(901), photo(902, "Se"))
    await kit.pass_(30)
    assert await edit(kit, DESK, AnswerPart(902, "See", "<b>See</b>", "photo"))
    await kit.pass_(1)
    assert "<b>See</b>" in of(kit.at(501), AnswerNotice)[0].post.text
    assert [one.caption for one in copies(kit.at(501))] == [None, "See"]


async def test_the_edited_caption_of_a_readers_album_reaches_the_moderators(
    kit: DiscussionKit,
) -> None:
    comment = await asked(kit)
    await hear(kit, comment, photo(81, "Look"), photo(82))
    await kit.pass_(3)
    assert await edit(kit, 501, AnswerPart(81, media="photo"))
    await kit.pass_(1)
    assert "Look" not in of(kit.cards, AnswerCard)[0].text
    assert [one.caption for one in copies(kit.cards)] == ["", None]


async def test_an_edit_before_it_is_copied_needs_no_second_one(kit: DiscussionKit) -> None:
    comment = await asked(kit)
    await tell(kit, comment, photo(901, "Se", album=""))
    assert await edit(kit, DESK, AnswerPart(901, "See", media="photo", file="f901"))
    await kit.pass_(30)
    assert "See" in of(kit.at(501), AnswerNotice)[0].text
    assert not of(kit.at(501), CopiedCaption)
    assert copies(kit.at(501))[0].caption is None


async def test_another_picture_in_an_answer_is_copied_too(kit: DiscussionKit) -> None:
    comment = await asked(kit)
    await tell(kit, comment, photo(901, "See", album=""))
    await kit.pass_(30)
    assert await edit(kit, DESK, photo(901, "See", album="", file="another"))
    await kit.pass_(3)
    assert [one.post.copy_of for one in copies(kit.at(501))] == [(DESK, (901,))] * 2
    assert not await edit(kit, DESK, photo(901, "See", album="", file="another"))


async def test_a_message_edited_without_its_album_or_file_is_not_another(
    kit: DiscussionKit,
) -> None:
    comment = await asked(kit)
    await tell(kit, comment, photo(901, "See"))
    await kit.pass_(30)
    assert not await edit(kit, DESK, AnswerPart(901, "See", media="photo", file="f901"))


async def test_the_reader_of_a_forgotten_comment_leaves_no_words(kit: DiscussionKit) -> None:
    comment = await asked(kit)
    await hear(kit, comment, photo(81, "Unmistakable"))
    await kit.pass_(3)
    await kit.discussion.public.forget((await kit.chat(501)).telegram_id, await kit.chat(501))
    async with kit.db.reading() as cx:
        assert not await cx.value("SELECT count(*) FROM answer_part")
