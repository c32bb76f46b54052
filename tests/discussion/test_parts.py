"""Comments of several messages: albums, photos that are replaced, words that follow."""

from __future__ import annotations

from dataclasses import replace

from bot.core.comments.model import Comment, Conflict, Part
from storage import Database
from tests.conftest import Clock
from tests.discussion.conftest import DESK, DiscussionKit, make_kit


async def test_messages_within_the_grace_time_are_one_comment(kit: DiscussionKit) -> None:
    first = await kit.comment("One.")
    second = await kit.comment("Two.")
    assert first.id == second.id
    await kit.pass_(20)
    assert len(kit.cards) == 1
    assert "One.\n\nTwo." in kit.card.text


async def test_what_changed_before_anybody_saw_it_is_not_called_edited(kit: DiscussionKit) -> None:
    comment = await kit.comment("First.")
    await kit.comment("Second.")
    await kit.pass_(20)
    assert "Edited" not in kit.card.text
    part = replace((await kit.now(comment)).parts[0], text="Changed.")
    await kit.discussion.submissions.edit(await kit.chat(501), part)
    await kit.pass_(0)
    assert "Edited by the reader" in kit.card.text


async def test_an_album_is_one_comment_also_without_a_grace_time(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, grace=0)
    ids = {
        (await kit.comment("Look" if n == 0 else "", media="photo", group="g", message=50 + n)).id
        for n in range(10)
    }
    assert len(ids) == 1
    await kit.pass_(1)
    assert kit.cards == []
    await kit.pass_(1)
    await kit.pass_(1)
    *copies, card = kit.cards
    assert len(copies) == 10
    copy = copies[0]
    assert copy.post.copy_of == (501, tuple(range(50, 60)))
    assert "10 attachments" in card.text
    assert card.delivery.target_id == copy.delivery.id


async def test_a_part_of_an_album_that_comes_late_is_shown_too(kit: DiscussionKit) -> None:
    await kit.comment("Look", media="photo", group="g", message=50)
    await kit.pass_(20)
    await kit.pass_(2)
    late = await kit.comment("", media="photo", group="g", message=51)
    await kit.pass_(2)
    assert len(late.parts) == 2
    assert [one.post.copy_of for one in kit.cards if one.post.copy_of] == [
        (501, (50,)),
        (501, (51,)),
    ]
    assert "2 attachments" in next(one.text for one in kit.cards if "#1" in one.text)


async def test_a_replaced_photo_and_its_new_words_reach_the_card(kit: DiscussionKit) -> None:
    chat = await kit.chat(501)
    edit = kit.discussion.submissions.edit
    one = await kit.comment("Look", message=50, media="photo", file="a")
    await kit.pass_(20)
    await kit.pass_(2)
    assert isinstance(await edit(chat, Part(50, "Look here", "photo", file="a")), Comment)
    await kit.pass_(2)
    copies = [each for each in kit.cards if each.post.copy_of]
    assert [each.caption for each in copies] == ["Look here"]
    assert isinstance(await edit(chat, Part(50, "Look here", "photo", file="b")), Comment)
    await kit.pass_(2)
    copies = [each for each in kit.cards if each.post.copy_of]
    assert [each.post.copy_of for each in copies] == [(501, (50,))] * 2
    assert await edit(chat, Part(50, "Look here", "photo")) is Conflict.NOTHING
    await kit.decide(one)
    public = await kit.discussion.public.media(one.id)
    assert public == (DESK, [copies[1].id])


async def test_a_photo_replaced_after_the_approval_is_not_public_before_it_is_looked_at(
    kit: DiscussionKit,
) -> None:
    chat = await kit.chat(501)
    one = await kit.comment("Look", message=50, media="photo", file="a")
    await kit.pass_(20)
    await kit.pass_(2)
    await kit.decide(one)
    approved = next(each.id for each in kit.cards if each.post.copy_of)
    changed = Part(50, "Buy pills!", "photo", file="b")
    assert isinstance(await kit.discussion.submissions.edit(chat, changed), Comment)
    await kit.pass_(5)
    copies = [each for each in kit.cards if each.post.copy_of]
    assert len(copies) == 2
    assert copies[0].caption is None
    assert await kit.discussion.public.media(one.id) == (DESK, [approved])
