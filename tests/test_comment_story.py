"""Readers and moderators as they meet the program, whole: every way in, every way back.

It runs in the test's own process, that of `test_story` in one of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.sandbox import User, WorldChat
from tests.handlers.conftest import running, settings
from tests.support.feed_site import jpeg
from tests.support.story_scene import PATIENCE, Everybody, Shown, fresh, gathered

pytestmark = pytest.mark.story


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncIterator[Everybody]:
    async with gathered(language="en", basic_desk=True) as everybody:
        given = settings(
            everybody.telegram,
            everybody.site,
            tmp_path,
            database_url=database_url,
            moderators_chat=everybody.desk.id,
            language="en",
            poll_seconds=1,
        )
        async with running(given):
            yield everybody


async def posted(scene: Everybody) -> Shown:
    """An article in Ani's chat."""
    await scene.first_look()
    scene.telegram.people.say(scene.ani, "/subscribe")
    await scene.next(scene.ani, "🔔")
    scene.site.items = [fresh("banjir")]
    return await scene.next(scene.ani, "Berita banjir")


def without_pictures(scene: Everybody, place: User | WorldChat) -> bool:
    return not any(one["files"] for one in scene.telegram.said(place))


def labels(message: Shown) -> list[str]:
    return [one["text"] for row in message["buttons"] for one in row]


async def test_a_deep_link_leads_to_a_prompt_and_a_comment_to_readers_and_reports(
    scene: Everybody,
) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.start(scene.rudi, "c_1")
    prompt = await tele.next_message(scene.rudi, lambda one: bool(one["keyboard"]))
    assert "Berita banjir" in prompt["text"]
    tele.people.say(scene.rudi, "<b>R&D</b> _*[x](y) (#id42)", reply_to=prompt["id"])
    card = await scene.next(scene.desk, "<b>R&D</b> _*[x](y) (#id42)")
    assert await scene.press(scene.anna, scene.desk, card, "✅")
    await scene.next(scene.rudi, "is published")
    await scene.becomes(scene.ani, post["id"], "💬 1")

    tele.people.start(scene.ani, "r_1")
    page = await scene.next(scene.ani, "1 comment")
    assert "<b>R&D</b> _*[x](y) (#id42)" in page["text"]
    await scene.press(scene.ani, scene.ani, page, "👍")
    liked = await scene.becomes(scene.ani, page["id"], "👍 1")
    reported = await scene.press(scene.ani, scene.ani, liked, "⚑")
    assert "review this comment again" in reported["text"]
    again = await tele.next_message(scene.desk, lambda one: "reported by 1 reader" in one["text"])
    await scene.press(scene.anna, scene.desk, again, "❌")
    asked = await scene.becomes(scene.desk, again["id"], "Insult")
    await scene.press(scene.anna, scene.desk, asked, "Insult")
    await scene.next(scene.rudi, "was not published")
    tele.people.start(scene.ani, "r_1")
    await scene.next(scene.ani, "No comments yet")


async def test_a_free_text_is_asked_about_and_can_be_taken_back(scene: Everybody) -> None:
    await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "What a day.")
    asked = await scene.next(scene.ani, "Which article")
    assert labels(asked)[-1] == "✖ Never mind"
    assert "✉️ A letter to the editors" in labels(asked)
    await scene.press(scene.ani, scene.ani, asked, "Berita banjir")
    confirmed = await scene.becomes(scene.ani, asked["id"], "waiting for review")
    card = await scene.next(scene.desk, "What a day.")
    await scene.press(scene.ani, scene.ani, confirmed, "Anonymous")
    await scene.becomes(scene.desk, card["id"], "signed anonymously")
    tele.people.say(scene.ani, "/mycomments")
    mine = await scene.next(scene.ani, "Your comments")
    await scene.press(scene.ani, scene.ani, mine, "Withdraw")
    await scene.becomes(scene.desk, card["id"], "withdrawn by the reader")


async def test_an_album_is_one_comment_with_its_pictures_beside_the_card(scene: Everybody) -> None:
    await posted(scene)
    pictures = [jpeg("red"), jpeg("green"), jpeg("blue")]
    scene.telegram.people.send_album(scene.ani, pictures, caption="Look at this")
    asked = await scene.next(scene.ani, "Which article")
    await scene.press(scene.ani, scene.ani, asked, "Berita banjir")
    card = await scene.next(scene.desk, "3 attachments")
    copies = [one for one in scene.telegram.said(scene.desk) if one["files"]]
    assert len(copies) == 3
    # The card follows its pictures by a second; where copying takes longer, it answers nothing.
    assert card["reply_to"] in (copies[0]["id"], 0)
    assert scene.count(scene.desk, "💬 #") == 1
    assert scene.count(scene.ani, "Which article") <= 1
    scene.telegram.people.start(scene.rudi, "queue")  # a desk has them too
    await scene.telegram.next_message(scene.rudi, lambda one: bool(one["files"]))
    confirmed = await scene.becomes(scene.ani, asked["id"], "Withdraw")
    await scene.press(scene.ani, scene.ani, confirmed, "Withdraw")
    await scene.becomes(scene.desk, card["id"], "withdrawn by the reader")
    for place in (scene.desk, scene.rudi):
        await scene.telegram.wait_for(partial(without_pictures, scene, place), PATIENCE)


async def test_an_edit_updates_the_card_and_a_stale_press_is_refused(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    said = tele.people.say(scene.ani, "First words", reply_to=post["id"])
    card = await scene.next(scene.desk, "First words")
    tele.people.edit(scene.ani, said.id, "Second thoughts")
    await scene.becomes(scene.desk, card["id"], "Second thoughts")
    assert "changed" in (await scene.next(scene.ani, "has been changed"))["text"]


async def test_only_members_decide_and_an_outsiders_press_does_nothing(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "Who may decide?", reply_to=post["id"])
    card = await scene.next(scene.desk, "Who may decide?")
    tele.people.leave(scene.rudi, scene.desk)
    refused = await scene.press(scene.rudi, scene.desk, card, "✅")
    assert "Only members" in refused["text"]
    assert tele.said(scene.desk)[-1]["text"].startswith("💬")


async def test_answers_go_both_ways_and_a_blocked_bot_is_shown(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "A question?", reply_to=post["id"])
    card = await scene.next(scene.desk, "A question?")
    await scene.press(scene.rudi, scene.desk, card, "💬")
    prompt = await scene.next(scene.desk, "reply to this message")
    tele.people.say(scene.anna, "I would not answer that.", scene.desk, reply_to=card["id"])
    tele.people.say(scene.rudi, "Yes & no.", scene.desk, reply_to=prompt["id"])
    notice = await scene.next(scene.ani, "Yes & no.")
    await scene.next(scene.desk, "was delivered")
    tele.people.say(scene.ani, "Which of them?", reply_to=notice["id"])
    back = await scene.next(scene.desk, "Which of them?")
    assert back["reply_to"] == card["id"]
    assert scene.count(scene.ani, "I would not answer that.") == 0
    tele.people.block(scene.ani)
    await scene.press(scene.rudi, scene.desk, back, "💬")
    again = await scene.next(scene.desk, "reply to this message", after=back["id"])
    tele.people.say(scene.rudi, "Both.", scene.desk, reply_to=again["id"])
    await scene.next(scene.desk, "blocked the bot", after=again["id"])


async def test_a_ban_asks_once_and_is_undone_by_command(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "Rude words", reply_to=post["id"])
    card = await scene.next(scene.desk, "Rude words")
    await scene.press(scene.anna, scene.desk, card, "🚫")
    asked = await scene.becomes(scene.desk, card["id"], "Yes, ban")
    assert labels(asked)[0].startswith("🚫")
    await scene.press(scene.anna, scene.desk, asked, "🚫")
    await scene.becomes(scene.desk, card["id"], "banned by Anna")
    tele.people.say(scene.ani, "More of it", reply_to=post["id"])
    await scene.next(scene.ani, "no longer comment here")
    name = re.search(r"R-[0-9a-f]+", card["text"])
    assert name is not None
    tele.people.say(scene.anna, f"/unban@kabar_bot {name.group()}", scene.desk)
    await scene.next(scene.desk, "can comment again")
    tele.people.say(scene.ani, "Kind words", reply_to=post["id"])
    await scene.next(scene.desk, "Kind words")


async def test_the_desk_becomes_a_supergroup_and_goes_on(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "Before the move", reply_to=post["id"])
    await scene.next(scene.desk, "Before the move")
    moved = tele.migrate(scene.desk)
    tele.people.say(scene.rudi, "/rebuild@kabar_bot", moved)
    await scene.next(moved, "Only administrators")
    tele.people.say(scene.anna, "/rebuild@kabar_bot", moved)
    card = await scene.next(moved, "Before the move")
    await scene.press(scene.anna, moved, card, "✅")
    await scene.becomes(scene.ani, post["id"], "💬 1")


async def test_commands_of_the_desk(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "Look at https://spam.example/ please", reply_to=post["id"])
    card = await scene.next(scene.desk, "link: https://spam.example/")
    expected = {
        "/queue@kabar_bot": "1 comment waiting",
        "/rules@kabar_bot": "links: held 1",
        "/words@kabar_bot add ! judi": "refused: judi",
        "/reply@kabar_bot add thanks Thank you for writing!": "/thanks",
        "/log@kabar_bot 1": "Nothing has been decided",
        "/help@kabar_bot": "For moderators",
    }
    for command, answer in expected.items():
        tele.people.say(scene.anna, command, scene.desk)
        await scene.next(scene.desk, answer, after=card["id"])
    tele.people.say(scene.anna, "/stats@kabar_bot", scene.desk)
    figures = await scene.next(scene.desk, "Comments: 1 received")
    assert figures["files"][0]["kind"] == "photo"
    tele.people.say(scene.anna, "/comments@kabar_bot off", scene.desk, reply_to=card["id"])
    await scene.next(scene.desk, "now closed")
    await scene.press(scene.anna, scene.desk, card, "💬")
    prompt = await scene.next(scene.desk, "reply to this message")
    tele.people.say(scene.anna, "/thanks", scene.desk, reply_to=prompt["id"])
    await scene.next(scene.ani, "Thank you for writing!")
    tele.people.say(scene.ani, "One more", reply_to=post["id"])
    await scene.next(scene.ani, "are closed")


async def test_everything_is_forgotten_on_request(
    scene: Everybody, capsys: pytest.CaptureFixture[str]
) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.say(scene.ani, "Forget these words", reply_to=post["id"])
    card = await scene.next(scene.desk, "Forget these words")
    tele.people.say(scene.ani, "/privacy")
    await scene.next(scene.ani, "What we store")
    tele.people.say(scene.ani, "/mydata")
    await tele.next_message(scene.ani, lambda one: bool(one["files"]))
    tele.people.say(scene.ani, "/forgetme")
    asked = await scene.next(scene.ani, "This can't be undone")
    await scene.press(scene.ani, scene.ani, asked, "Yes")
    await scene.becomes(scene.ani, asked["id"], "been deleted")
    await scene.becomes(scene.desk, card["id"], "🕊")
    assert "Forget these words" not in capsys.readouterr().out


async def test_a_moderator_works_through_the_queue_at_a_desk_of_his_own(scene: Everybody) -> None:
    post = await posted(scene)
    tele = scene.telegram
    tele.people.start(scene.rudi)
    tele.people.say(scene.ani, "First of two", reply_to=post["id"])
    tele.people.say(scene.ani, "Second of two", reply_to=post["id"])
    await scene.next(scene.desk, "Second of two")
    tele.people.say(scene.rudi, "/queue@kabar_bot", scene.desk)
    queue = await scene.next(scene.desk, "2 comments waiting")
    await scene.press(scene.rudi, scene.desk, queue, "▶")
    desk = await scene.next(scene.rudi, "First of two")
    await scene.press(scene.rudi, scene.rudi, desk, "✅")
    await scene.becomes(scene.rudi, desk["id"], "Second of two")
    await scene.press(scene.rudi, scene.rudi, desk, "❌")
    asked = await scene.becomes(scene.rudi, desk["id"], "Off-topic")
    await scene.press(scene.rudi, scene.rudi, asked, "Off-topic")
    await scene.becomes(scene.rudi, desk["id"], "All caught up")
    await scene.becomes(scene.ani, post["id"], "💬 1")
    tele.people.say(scene.ani, "/queue")
    await scene.next(scene.ani, "our moderators only")
