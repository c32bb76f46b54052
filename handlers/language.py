"""/language: the language in which a chat sees labels, dates and answers."""

from __future__ import annotations

from bot.core import callbacks
from bot.core.errors import Refusal
from bot.core.model import Button, Post
from handlers.turn import Desk, Turn
from storage import chats


def choose_button(desk: Desk) -> Button:
    """Leads to the choice; its text is understood in every language."""
    return Button(
        " / ".join(_name(desk, code) for code in desk.languages.codes), data=callbacks.LANGUAGES
    )


async def language(turn: Turn) -> None:
    """`/language en` sets it; alone it shows the choice as buttons."""
    await turn.require_administrator()
    if turn.args:
        await _set(turn, turn.args[0].lower())
        return
    desk = turn.desk
    row = tuple(
        Button(
            ("✓ " if code == turn.tr.code else "") + _name(desk, code),
            data=callbacks.language(code),
        )
        for code in desk.languages.codes
    )
    await turn.answer(Post(turn.tr.html("Which language shall I speak here?"), keyboard=(row,)))


async def choose(turn: Turn) -> None:
    """A pressed button: of the choice, or to it."""
    code = callbacks.chosen_language(turn.data)
    if code is None:
        await language(turn)
        return
    await turn.require_administrator()
    await _set(turn, code)


async def _set(turn: Turn, code: str) -> None:
    languages = turn.desk.languages
    if code not in languages.codes:
        raise Refusal(
            turn.tr.gettext(
                "I do not speak {code} yet; I speak {known}.",
                code=code[:20],
                known=", ".join(languages.codes),
            )
        )
    async with turn.desk.db.transaction() as tx:
        await chats.set_language(tx, turn.chat.id, code)
    answer = languages.of(code).gettext("From now on I speak English here.")
    if turn.update.callback_query is not None:
        await turn.replace(answer)
    else:
        await turn.answer(answer)


def _name(desk: Desk, code: str) -> str:
    return desk.languages.of(code).language_name(code)
