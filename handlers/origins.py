"""/link CODE: a link to the bot that counts where readers come from; `/stats` shows the counts."""

from __future__ import annotations

import re

from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.readers.schedule import midnight
from bot.core.text import deep_link
from handlers.access import named
from handlers.context import Context, Handler
from storage import origins

_CODE = re.compile(r"[A-Za-z0-9_-]{1,62}")
"""What a deep link can carry after `s_` (Telegram: 64 of these characters)."""


async def link(ctx: Context) -> None:
    """Give moderators the link for a code."""
    await named(ctx)
    code = ctx.words.strip()
    if not _CODE.fullmatch(code):
        raise Refusal(
            ctx.tr.gettext(
                "A code can have up to 62 letters, digits, - and _. For example: /link website"
            )
        )
    address = deep_link(ctx.deps.username, f"s_{code}")
    await ctx.answer(
        ctx.tr.html(
            "🔗 {address}\nEveryone who comes through it is counted as <b>{code}</b> in /stats.",
            address=address,
            code=code,
        )
    )


async def came(ctx: Context, code: str) -> None:
    """Somebody came by a link with a code; nobody is named."""
    if _CODE.fullmatch(code):
        async with ctx.deps.db.transaction() as tx:
            await origins.count(tx, code, day=midnight(ctx.now, ctx.deps.zone))


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return [("link", tr.gettext("a link that counts where readers come from"))]


COMMANDS: dict[str, Handler] = {"link": link}
