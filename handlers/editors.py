"""What editors (the moderators' chat's administrators) can do with articles: /retract."""

from __future__ import annotations

from bot.core.address import canonical
from bot.core.errors import Refusal
from bot.core.model import Article
from bot.retracting import retract as withdraw
from handlers.bench import at_the_bench
from handlers.turn import Turn
from storage import articles, deliveries


async def retract(turn: Turn) -> None:
    """`/retract ADDRESS`, or as an answer to a card: posts of the article say that it is gone."""
    tr = turn.tr
    if not await at_the_bench(turn):
        raise Refusal(tr.gettext("This works in the moderators' chat only."))
    await turn.require_administrator()
    article = await _meant(turn)
    if article is None:
        raise Refusal(
            tr.gettext("Which article? Answer its card with /retract, or add its address.")
        )
    async with turn.desk.db.transaction() as tx:
        fresh = await withdraw(tx, article.id, now=turn.now)
    turn.desk.wake()
    await turn.answer(
        tr.html("Withdrawn: <b>{title}</b>. Its posts will say so.", title=article.headline)
        if fresh
        else tr.html("<b>{title}</b> was withdrawn before.", title=article.headline)
    )


async def _meant(turn: Turn) -> Article | None:
    answered = turn.message.reply_to_message
    async with turn.desk.db.reading() as cx:
        if turn.args:
            return await articles.by_link(cx, canonical(turn.args[0]))
        if answered is None:
            return None
        row = await deliveries.at_message(cx, turn.chat.telegram_id, answered.message_id)
        return await articles.get(cx, row["article_id"]) if row and row["article_id"] else None
