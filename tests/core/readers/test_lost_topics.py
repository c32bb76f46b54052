"""What a group, its moderators and moderators in private are told when messages are refused."""

from __future__ import annotations

import pytest

from bot.core.language import Translator
from bot.core.model import Chat, ChatId, ChatKind, TelegramId
from bot.core.readers import lost_topics
from tests.conftest import NOON
from tests.support.telegram_parser import parse

GROUP = Chat(ChatId(3), TelegramId(-100123), ChatKind.SUPERGROUP, title="<Warga> & co")


@pytest.mark.parametrize(
    ("deleted", "there", "said"),
    [
        (False, False, "the topic is closed. Once it is reopened"),
        (True, False, "send /subscribe there"),
        (False, True, "in the group <Warga> & co at the moment: the topic is closed"),
        (True, True, "in the group <Warga> & co was deleted"),
    ],
)
def test_every_loss_is_told_with_what_can_be_done(
    english: Translator, deleted: bool, there: bool, said: str
) -> None:
    post = lost_topics.told(GROUP, 77, english, deleted=deleted, there=there)
    assert said in parse(post.text)[0]
    assert ("https://t.me/c/123/77" in post.text) == (not deleted)


def test_moderators_hear_since_when(english: Translator) -> None:
    text, _ = parse(lost_topics.moderators_closed(GROUP, NOON, english).text)
    assert "group <Warga> & co has taken no messages" in text
    assert "/queue" in text
