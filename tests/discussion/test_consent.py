"""The rules for comments are accepted with one tap; what was written waits for it."""

from __future__ import annotations

import pytest

from bot.core.comments.complaints import ComplaintKind
from bot.core.comments.model import State
from bot.core.comments.terms import Terms
from bot.core.model import TelegramId
from bot.discussion import Accepted
from storage import Database
from tests.conftest import Clock
from tests.discussion.conftest import DiscussionKit, make_kit

ANI = TelegramId(501)
RULES = "Berkomentarlah dengan sopan."
VERSION = Terms(RULES).version


@pytest.fixture
async def kit(db: Database, clock: Clock) -> DiscussionKit:
    return await make_kit(db, clock, terms=RULES)


async def agree(kit: DiscussionKit, version: str = VERSION) -> list[Accepted] | None:
    found = await kit.discussion.consent.accept(ANI, version)
    return None if found is None else [one for one in found if isinstance(one, Accepted)]


async def test_what_was_written_waits_for_the_tap_and_goes_on_then(kit: DiscussionKit) -> None:
    comment = await kit.comment("Komentar pertama.")
    assert comment.state is State.DRAFT
    await kit.pass_(3600)
    assert not kit.cards
    (taken,) = await agree(kit) or []
    assert (taken.comment.state, taken.comment.text) == (State.HELD, "Komentar pertama.")
    await kit.pass_(21)
    assert "Komentar pertama." in kit.card.text
    assert (await kit.comment("Yang kedua.")).state is State.HELD  # asked only once


async def test_a_second_message_in_the_meantime_is_its_next_part(kit: DiscussionKit) -> None:
    comment = await kit.comment("Satu.")
    await kit.comment("Dua.")
    assert [one.comment.id for one in await agree(kit) or []] == [comment.id]
    assert (await kit.now(comment)).text == "Satu.\n\nDua."


async def test_a_free_text_is_asked_which_article_first_and_then_for_the_tap(
    kit: DiscussionKit,
) -> None:
    draft = await kit.comment("Kata bebas.", article=None, named=False)
    placed = await kit.discussion.submissions.place(ANI, draft.id, kit.article)
    assert isinstance(placed, Accepted)
    assert (placed.comment.state, placed.comment.article_id) == (State.DRAFT, kit.article)
    assert len(await agree(kit) or []) == 1


async def test_letters_and_complaints_need_no_consent(kit: DiscussionKit) -> None:
    assert (await kit.comment("Surat.", article=None)).state is State.HELD
    draft = await kit.comment("Salah!", who=502, article=None, named=False)
    taken = await kit.discussion.submissions.place(
        TelegramId(502), draft.id, kit.article, complaint=ComplaintKind.REPLY
    )
    assert isinstance(taken, Accepted)
    assert taken.comment.state is State.HELD


async def test_other_rules_are_asked_again_and_old_buttons_accept_nothing(
    kit: DiscussionKit, db: Database, clock: Clock
) -> None:
    await kit.comment("Satu.")
    await agree(kit)
    later = await make_kit(db, clock, terms="Baru.")
    comment = await later.comment("Dua.", who=ANI, message=2000)
    assert comment.state is State.DRAFT
    assert await agree(later) is None
    assert await later.discussion.consent.changed(ANI)
    assert len(await agree(later, Terms("Baru.").version) or []) == 1


async def test_it_is_among_my_data_and_forgotten(kit: DiscussionKit) -> None:
    await kit.comment("Satu.")
    await agree(kit)
    chat = await kit.chat(ANI)
    found = await kit.discussion.public.my_data(ANI, chat)
    assert [(one["version"], one["at"]) for one in found["consents"]] == [(VERSION, kit.clock())]
    await kit.discussion.public.forget(ANI, chat)
    async with kit.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM consent") == 0


async def test_a_draft_is_forgotten_after_a_day(kit: DiscussionKit) -> None:
    comment = await kit.comment("Tak pernah setuju.")
    await kit.pass_(86_401)
    assert (await kit.now(comment)).state is State.WITHDRAWN
    assert await agree(kit) == []
