"""Published comments: five to a page, newest or best; likes and reports."""

from __future__ import annotations

from bot.core import notices, pages
from bot.core.callbacks import Kind, Press, decode
from bot.core.errors import Refusal
from bot.core.model import Post, TelegramId
from bot.core.pages import Shown
from bot.core.render import deep_link
from bot.discussion.public import about_article, as_shown
from handlers.turn import Handler, Turn
from storage.reading import Published

_OPEN = "open"


async def read(turn: Turn, article_id: int) -> None:
    """The newest comments of an article, in a new message. Raises Refusal."""
    await turn.answer(await _page(turn, article_id, 1, "new"))


async def turned(turn: Turn) -> None:
    """A button to the comments, or from page to page."""
    press = decode(turn.data)
    if press is None:
        return
    article_id, page = press.numbers
    if not turn.private:
        await turn.toast(url=deep_link(turn.desk.username, f"r_{article_id}"))
    elif press.word == _OPEN:
        await read(turn, article_id)
    else:
        await turn.replace(await _page(turn, article_id, page, press.word))


async def _page(turn: Turn, article_id: int, page: int, order: str) -> Post:
    order = order if order == "best" else "new"
    found = await turn.desk.discussion.public.read_page(article_id, page, order)
    if found is None:
        raise Refusal(turn.tr.gettext("This article is not in the archive any more."))
    return pages.reading(
        about_article(found.article),
        [_shown(turn, one) for one in found.found],
        turn.tr,
        article_id=article_id,
        page=found.page,
        pages=found.pages,
        order=order,
        total=found.total,
        open_=found.open_ and turn.desk.commenting,
    )


def _shown(turn: Turn, one: Published) -> Shown:
    return as_shown(one, notices.signature(one.sign, one.reader_id, one.reader_name, turn.tr))


async def whole(turn: Turn) -> None:
    """A long comment in full."""
    press = decode(turn.data)
    if press is None or not turn.private:
        return
    await turn.replace(await _whole(turn, press))


async def _whole(turn: Turn, press: Press) -> Post:
    comment_id, page = press.numbers
    found = await turn.desk.discussion.public.published(comment_id)
    if found is None:
        raise Refusal(turn.tr.gettext("This comment is not public any more."))
    return pages.whole(
        _shown(turn, found), turn.tr, article_id=found.article_id, page=page, order=press.word
    )


async def liked(turn: Turn) -> None:
    """One like per reader; a second press takes it back."""
    press = decode(turn.data)
    if press is None or not turn.private:
        return
    comment_id, page = press.numbers
    user = turn.user
    like = await turn.desk.discussion.public.like(
        TelegramId(user.id), user.full_name, turn.chat, comment_id
    )
    if like is None:
        raise Refusal(turn.tr.gettext("This comment is not public any more."))
    await turn.toast("👍" if like else "")
    found = await turn.desk.discussion.public.published(comment_id)
    if found is not None:
        await turn.replace(await _page(turn, found.article_id, page, press.word))


async def reported(turn: Turn) -> None:
    """⚑: the moderators look at it again."""
    press = decode(turn.data)
    if press is None or not turn.private:
        return
    user = turn.user
    taken = await turn.desk.discussion.public.report(
        TelegramId(user.id), user.full_name, turn.chat, press.numbers[0]
    )
    if taken is None:
        raise Refusal(turn.tr.gettext("This comment is not public any more."))
    await turn.toast(
        turn.tr.gettext("⚑ Thank you. The editors look at this comment again.")
        if taken
        else turn.tr.gettext("⚑ Thank you, the editors know already."),
        alert=True,
    )


BUTTONS: tuple[tuple[Kind, Handler], ...] = (
    (Kind.READ, turned),
    (Kind.WHOLE, whole),
    (Kind.LIKE, liked),
    (Kind.REPORT, reported),
)
