"""What people are told when a chat, or one of its topics, no longer accepts messages. Pure."""

from __future__ import annotations

from bot.core.html import Html, link
from bot.core.language import Translator
from bot.core.model import Chat, Post
from bot.core.names import chat_name
from bot.core.posts.links import message_address


def told(chat: Chat, thread: int, tr: Translator, *, deleted: bool, there: bool) -> Post:
    """The sentence for the group, or (`there`) about it for the moderators."""
    address = message_address(chat.telegram_id, "", thread) if thread else ""
    topic = link(tr.gettext("the topic"), address)
    values = {"topic": topic, "group": chat_name(chat.title, chat.username)}
    say = _about if there else _here
    return Post(say(tr, values, deleted=deleted))


def moderators_closed(chat: Chat, since: int, tr: Translator) -> Post:
    """For moderators, in private: their group gets nothing of what readers write."""
    text = tr.html(
        "⚠️ The moderators' group {group} has taken no messages from the bot since {time}. Readers' "
        "comments are waiting and none is lost, but nobody sees them there. Please let the bot "
        "write there again: it tries by itself. Until then you can review here: /queue",
        group=chat_name(chat.title, chat.username),
        time=tr.zoned_moment(since),
    )
    return Post(text)


def _here(tr: Translator, values: dict[str, str], *, deleted: bool) -> Html:
    if deleted:
        return tr.html(
            "⚠️ The topic where news was posted here no longer exists, so the subscription has "
            "ended. To get news in another topic, send /subscribe there. What you miss: /latest",
            **values,
        )
    return tr.html(
        "⚠️ News can't be posted at the moment: {topic} is closed. Once it is reopened, news "
        "continues there. What you miss: /latest",
        **values,
    )


def _about(tr: Translator, values: dict[str, str], *, deleted: bool) -> Html:
    if deleted:
        return tr.html(
            "⚠️ The topic for news in the group {group} was deleted, and nothing can be written in "
            "its General topic either. The subscription there has ended.",
            **values,
        )
    return tr.html(
        "⚠️ News can't be posted in the group {group} at the moment: {topic} is closed, and nothing "
        "can be written in its General topic either.",
        **values,
    )
