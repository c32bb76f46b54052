"""A channel with a discussion group: bare posts, and approved comments as answers to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import telegram

from bot.core.model import TelegramId
from bot.sandbox import Sandbox, WorldChat
from handlers.threads import group_lookup
from tests.handlers.conftest import Room, Shown, running, settings
from tests.support.feed_site import item, open_site

WORDS = "Semoga <b>damai</b> & selamat."


@dataclass
class Hall(Room):
    """The room, a channel and its discussion group."""

    channel: WorldChat
    group: WorldChat

    async def posted(self, name: str = "banjir") -> Shown:
        """An article in the channel."""
        await self.publish(name)
        return await self.telegram.next_message(
            self.channel, lambda one: f"Berita {name}" in one["text"]
        )

    def copy_of(self, post: Shown) -> Shown:
        """The channel's post as the group shows it."""
        return next(
            one
            for one in self.telegram.messages(self.group)
            if one["data"].get("forward_origin", {}).get("message_id") == post["id"]
        )

    async def commented(self, post: Shown, words: str = WORDS) -> Shown:
        """A reader follows the post's link and writes; the card before the moderators."""
        before = await self.last(self.ani)
        self.telegram.people.start(self.ani, link(post, "start=c_").partition("start=")[2])
        prompt = await self.telegram.next_message(
            self.ani, lambda one: "Komentar Anda" in one["text"], after=before
        )
        self.telegram.people.say(self.ani, words, reply_to=prompt["id"])
        return await self.telegram.next_message(self.desk, lambda one: words in one["text"])

    async def decide(self, card: Shown, button: str) -> None:
        """Anna presses a button of a card, once the card has it."""

        def found() -> Shown | None:
            now = self.again(card)
            labels = [one["text"] for row in now["buttons"] for one in row]
            return now if any(button in label for label in labels) else None

        await self.press(self.anna, await self.telegram.wait_for(found), button)

    async def replied(self, text: str) -> Shown:
        """What the bot says in the group."""
        return await self.telegram.next_message(self.group, lambda one: text in one["text"])

    async def gone(self, message: Shown) -> None:
        """Wait until the group does not show a message any more."""
        await self.telegram.wait_for(lambda: message["id"] not in self.group.messages or None)


def link(post: Shown, part: str) -> str:
    return next(str(one["url"]) for one in post["entities"] if part in one.get("url", ""))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Sandbox() as telegram, open_site(item("a")) as site:
        ani, anna = (telegram.create_user(name, username=name.lower()) for name in ("Ani", "Anna"))
        desk = telegram.create_supergroup("Meja redaksi", anna)
        group = telegram.create_supergroup("Diskusi Kabar", anna)
        channel = telegram.create_channel("Kabar", anna, username="kanal", linked=group)
        for chat in (desk, group, channel):
            telegram.add_bot(chat, as_admin=True)
        given = settings(telegram, site, tmp_path, moderators_chat=desk.id, discussion_groups=True)
        async with running(given) as kabar:
            hall = Hall(telegram, site, kabar, ani, anna, desk, channel, group)
            await hall.look()
            await telegram.next_message(desk)
            await hall.say(anna, "/subscribe @kanal")
            yield hall


async def test_a_comment_travels_from_the_posts_link_into_its_thread_and_back(hall: Hall) -> None:
    post = await hall.posted()
    assert post["buttons"] == []
    assert post["text"].endswith("\n\n📖 Baca selengkapnya · 💬 Komentar")
    assert link(post, "paper.example") == "https://paper.example/2023/08/banjir.html"
    card = await hall.commented(post)
    await hall.decide(card, "✅")
    reply = await hall.replied(WORDS)
    assert reply["text"] == f"Ani\n{WORDS}"
    assert reply["reply_to"] == reply["thread"] == hall.copy_of(post)["id"]
    await hall.calm()
    assert (await hall.now(post))["edited"] == 0
    await hall.decide(card, "↩")
    await hall.gone(reply)


async def test_what_was_approved_before_the_copy_arrives_follows_it(hall: Hall) -> None:
    hall.channel.linked = 0  # Telegram is late
    post = await hall.posted()
    await hall.decide(await hall.commented(post), "✅")
    await hall.telegram.next_message(hall.ani, lambda one: "tayang" in one["text"])
    assert not any("Ani" in one["text"] for one in await hall.said(hall.group))
    hall.channel.linked = hall.group.id
    hall.telegram.activity._forward_to_discussion(hall.channel.messages[post["id"]])
    reply = await hall.replied(WORDS)
    assert reply["reply_to"] == hall.copy_of(post)["id"]


async def test_commands_work_and_talk_in_the_group_is_no_comment(hall: Hall) -> None:
    post = await hall.posted()
    hall.telegram.people.join(hall.ani, hall.group)
    copied = hall.copy_of(post)["id"]
    await hall.quiet(hall.ani, "Komentar langsung.", hall.group, reply_to=copied)
    assert "Berita banjir" in (await hall.say(hall.ani, "/latest@kabar_bot", hall.group))["text"]
    assert not any("Komentar langsung." in one["text"] for one in await hall.said(hall.desk))


async def test_a_command_in_the_channel_is_answered_nowhere(hall: Hall) -> None:
    before = await hall.last(hall.group)
    await hall.quiet(hall.anna, "/latest", hall.channel)
    await hall.calm()
    copies = [one for one in hall.telegram.messages(hall.group) if one["id"] > before]
    assert [one["mine"] for one in copies] == [False]  # the command's copy


async def test_without_rights_in_the_group_posts_have_buttons_again(hall: Hall) -> None:
    bare = await hall.posted("satu")
    hall.telegram.people.set_member(hall.group, hall.telegram.bot, "member")
    await hall.calm()
    post = await hall.posted("dua")
    assert [one["text"] for one in post["buttons"][0]] == ["📖 Baca selengkapnya", "💬 Komentar"]
    assert "📖" not in post["text"]
    hall.telegram.people.set_member(hall.group, hall.telegram.bot, "administrator")
    await hall.calm()
    hall.site.items[0].title = "Berita dua, ralat"
    await hall.look()

    def corrected() -> Shown | None:
        now = hall.again(post)
        return now if now["text"].startswith("Berita dua, ralat") else None

    now = await hall.telegram.wait_for(corrected)
    assert now["buttons"] == []
    assert now["text"].endswith("📖 Baca selengkapnya · 💬 Komentar")
    assert (await hall.now(bare))["edited"] == 0


@pytest.mark.parametrize(
    ("privacy", "status", "rights", "usable"),
    [
        (True, "administrator", None, True),
        (True, "member", None, False),  # it would not hear of the channel's posts
        (False, "member", None, True),
        (False, "restricted", {"can_send_messages": False}, False),
        (False, "left", None, False),
    ],
)
async def test_a_group_is_used_where_the_bot_hears_and_may_write(
    privacy: bool, status: str, rights: dict[str, bool] | None, usable: bool
) -> None:
    async with Sandbox(privacy=privacy) as sandbox:
        anna = sandbox.create_user("Anna")
        group = sandbox.create_supergroup("Diskusi", anna, username="diskusi")
        channel = sandbox.create_channel("Kabar", anna, linked=group)
        sandbox.add_bot(channel, as_admin=True)
        sandbox.people.set_member(group, sandbox.bot, status, rights)
        root = sandbox.url
        async with telegram.Bot(sandbox.token, f"{root}/bot", f"{root}/file/bot") as bot:
            found = await group_lookup(bot)(TelegramId(channel.id))
            assert (found is not None and found.usable) is usable
            if usable:
                assert await group_lookup(bot)(TelegramId(group.id)) == found
            channel.linked = 0
            assert await group_lookup(bot)(TelegramId(channel.id)) is None
