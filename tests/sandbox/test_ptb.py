"""python-telegram-bot itself against the stand-in."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.sandbox import Sandbox, User
from tests.sandbox.conftest import picture


async def test_a_conversation(sandbox: Sandbox, sari: User) -> None:
    sandbox.people.say(sari, "/latest")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="y")]])
    async with Bot(
        sandbox.token, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot"
    ) as bot:
        (update,) = await bot.get_updates(timeout=1)
        assert update.message is not None
        assert update.message.text == "/latest"
        sent = await bot.send_photo(sari.id, picture(), caption="<b>x</b>", parse_mode="HTML")
        file = await sent.photo[-1].get_file()
        assert bytes(await file.download_as_bytearray()) == picture()
        edited = await sent.edit_caption("baru", reply_markup=keyboard)
        assert isinstance(edited, type(sent))
        assert edited.reply_markup == keyboard
        album = await bot.send_media_group(
            sari.id, [InputMediaPhoto(picture()), InputMediaPhoto(sent.photo[0].file_id)]
        )
        assert len(album) == 2
        query_id = sandbox.people.press(sari, sandbox.chat(sari.id), sent.message_id, "Ya")
        (pressed,) = await bot.get_updates(offset=update.update_id + 1)
        assert pressed.callback_query is not None
        assert pressed.callback_query.id == query_id
        assert await pressed.callback_query.answer("ok")
        assert (await bot.get_chat(sari.id)).first_name == "Sari"
        assert await bot.set_my_commands([("latest", "Berita terbaru")])


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_errors_become_their_classes(sandbox: Sandbox, sari: User, owner: User) -> None:
    group = sandbox.create_group("Meja", owner)
    sandbox.add_bot(group)
    new = sandbox.migrate(group)
    flood = (429, "Too Many Requests: retry after 3", {"retry_after": 3})
    async with Bot(sandbox.token, base_url=f"{sandbox.url}/bot") as bot:
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(group.id, "x")
        assert moved.value.new_chat_id == new.id
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(sari.id, " ")
        sandbox.faults.add(error=flood)
        with pytest.raises(RetryAfter):
            await bot.send_message(sari.id, "x")
        sandbox.people.block(sari)
        with pytest.raises(Forbidden):
            await bot.send_message(sari.id, "x")
    async with Bot(sandbox.token, base_url=f"{sandbox.url}/bot") as bot:
        with pytest.raises(TelegramError):
            await bot.send_dice(owner.id)
