"""The rules for comments, as a reader meets them."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox import Sandbox
from tests.handlers.conftest import HASTY, Room, running, settings
from tests.support.feed_site import item, open_site


async def test_one_tap_before_the_first_comment(tmp_path: Path) -> None:
    async with Sandbox() as telegram, open_site(item("b"), item("a")) as site:
        ani, anna = (telegram.create_user(name) for name in ("Ani", "Anna"))
        desk = telegram.create_supergroup("Meja redaksi", anna)
        telegram.add_bot(desk, as_admin=True)
        wanted = settings(
            telegram,
            site,
            tmp_path,
            moderators_chat=desk.id,
            comment_terms="https://paper.example/aturan",
        )
        async with running(wanted, HASTY) as kabar:
            room = Room(telegram, site, kabar, ani, anna, desk)
            await room.look()
            await telegram.next_message(desk)
            post = await room.say(ani, "/start a_1")
            asked = await room.say(ani, "Komentar saya.", reply_to=post["id"])
            assert "Aturan" in asked["text"]
            assert "paper.example/aturan" in str(asked["data"])
            assert "aturan" in (await room.say(ani, "/mycomments"))["text"]
            before = await room.last(desk)
            await room.press(ani, asked, "✅")
            assert "diterima" in (await room.changed(asked))["text"]
            card = await telegram.next_message(desk, after=before)
            assert "Komentar saya." in card["text"]
            assert "aturan" in (await room.say(ani, "/privacy"))["text"]
            again = await room.say(ani, "Yang kedua, lain sama sekali.", reply_to=post["id"])
            assert "diterima" in again["text"]
