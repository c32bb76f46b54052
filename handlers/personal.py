"""What is stored of a person: /mycomments, /privacy, /mydata, /forgetme."""

from __future__ import annotations

import json

from bot.core import pages
from bot.core.callbacks import Kind, Press, decode, encode
from bot.core.errors import Refusal
from bot.core.model import Button, Post, TelegramId
from bot.core.privacy import Practice, policy
from handlers.turn import Handler, Turn


async def my_comments(turn: Turn) -> None:
    """What became of my comments."""
    _require_private(turn)
    await turn.answer(await _mine(turn, 1))


async def show_mine(turn: Turn, page: int) -> None:
    """The list in place of the message whose button was pressed."""
    await turn.replace(await _mine(turn, page))


async def turned(turn: Turn) -> None:
    """◀ and ▶ of my comments."""
    press = decode(turn.data)
    if press is not None and turn.private:
        await show_mine(turn, press.numbers[0])


async def _mine(turn: Turn, page: int) -> Post:
    found, page, count = await turn.desk.discussion.public.my_comments(
        TelegramId(turn.user.id), page
    )
    return pages.my_comments(found, turn.tr, page=page, pages=count)


async def privacy(turn: Turn) -> None:
    """What is stored, made from what is in force."""
    desk = turn.desk
    practice = Practice(
        commenting=desk.commenting,
        grace=desk.discussion.grace,
        trusted_after=desk.discussion.trusted_after,
        keep_days=desk.keep_days,
    )
    await turn.answer(policy(practice, turn.tr))


async def my_data(turn: Turn) -> None:
    """Everything that is stored of this person, as a JSON file."""
    _require_private(turn)
    found = await turn.desk.discussion.public.my_data(TelegramId(turn.user.id), turn.chat)
    content = json.dumps(found, ensure_ascii=False, indent=1).encode()
    await turn.desk.messenger.send_file("mydata.json", content, turn.here)


async def forget_me(turn: Turn) -> None:
    """Asks once."""
    _require_private(turn)
    tr = turn.tr
    button = Button(tr.gettext("🗑 Yes, delete everything"), data=encode(Press(Kind.FORGET)))
    await turn.answer(
        Post(
            tr.html(
                "Shall I delete everything about you: your comments (published ones too), your "
                "name and number, your subscriptions? This cannot be undone."
            ),
            keyboard=((button,),),
        )
    )


async def forgotten(turn: Turn) -> None:
    """The second press: everything goes, in one transaction."""
    if not turn.private:
        return
    await turn.desk.discussion.public.forget(TelegramId(turn.user.id), turn.chat)
    await turn.replace(
        turn.tr.gettext("🕊 Done: everything about you is deleted. /start begins anew.")
    )


def _require_private(turn: Turn) -> None:
    if not turn.private:
        raise Refusal(turn.tr.gettext("Please ask me this in a private chat."))


COMMANDS: dict[str, Handler] = {
    "mycomments": my_comments,
    "privacy": privacy,
    "mydata": my_data,
    "forgetme": forget_me,
}
BUTTONS: tuple[tuple[Kind, Handler], ...] = ((Kind.MINE, turned), (Kind.FORGET, forgotten))
