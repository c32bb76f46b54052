"""Every answer that Telegram is known to give, and what becomes of the delivery."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import ChatId, DeliveryId, Destination, SendResult, SendStatus, TelegramId
from bot.core.posts.content import (
    CommentCard,
    Content,
    NewTopic,
    ShownArticle,
    ThreadMessage,
    TopicReopening,
)
from bot.core.posts.content_kinds import TopicKind
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import (
    MAX_DOUBTS,
    ChatClosed,
    ChatGone,
    Dead,
    Halt,
    Moved,
    NextPicture,
    NotRemovable,
    Outcome,
    Removed,
    RetryAt,
    Sent,
    TextOnly,
    ThreadClosed,
    TopicGone,
    Unknown,
    back_off,
    closed_for,
    is_final,
    judge,
)
from bot.telegram import botapi

NOW = 1_000


def delivery(**more: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": DeliveryId(1),
        "kind": DeliveryKind.POST,
        "content": ShownArticle(),
        "chat_id": ChatId(1),
        "to": Destination(TelegramId(5)),
        "language": "",
    }
    return Delivery(**(values | more))


def answer(code: int, description: str, **parameters: object) -> SendResult:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return botapi.read_answer(code, orjson.dumps(body))


# As the server sends them; the list follows Telegram's open source and its users' reports.
@pytest.mark.parametrize(
    ("code", "description", "fate"),
    [
        (400, "Bad Request: wrong file identifier/HTTP URL specified", NextPicture),
        (400, "Bad Request: failed to get HTTP URL content", NextPicture),
        (400, "Bad Request: wrong type of the web page content", NextPicture),
        (400, "Bad Request: wrong HTTP URL specified", NextPicture),
        (400, "Bad Request: wrong remote file identifier specified: Wrong padding", NextPicture),
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", NextPicture),
        (400, "Bad Request: IMAGE_PROCESS_FAILED", NextPicture),
        (400, "Bad Request: PHOTO_SAVE_FILE_INVALID", NextPicture),
        (400, "Bad Request: photo has unsupported extension. Use one of .jpg", NextPicture),
        (403, "Forbidden: bot was blocked by the user", ChatGone),
        (403, "Forbidden: user is deactivated", ChatGone),
        (403, "Forbidden: bot can't initiate conversation with a user", ChatGone),
        (403, "Forbidden: bot was kicked from the supergroup chat", ChatGone),
        (403, "Forbidden: bot is not a member of the channel chat", ChatGone),
        (403, "Forbidden: the group chat was deleted", ChatGone),
        (400, "Bad Request: chat not found", ChatGone),
        (400, "Bad Request: private chat not found", ChatGone),
        (400, "Bad Request: have no write access to the chat", ChatClosed),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", ChatClosed),
        (403, "Forbidden: CHAT_WRITE_FORBIDDEN", ChatClosed),
        (400, "Bad Request: have no rights to send a message", ChatClosed),
        (400, "Bad Request: CHAT_RESTRICTED", ChatClosed),
        (400, "Bad Request: CHAT_GUEST_SEND_FORBIDDEN", ChatClosed),
        (400, "Bad Request: CHANNEL_PRIVATE", ChatClosed),
        (400, "Bad Request: SLOWMODE_WAIT_35", ChatClosed),
        (400, "Bad Request: USER_IS_BLOCKED", ChatClosed),
        (403, "Forbidden: ALLOW_PAYMENT_REQUIRED_5", ChatClosed),
        (400, "Bad Request: PRIVACY_PREMIUM_REQUIRED", ChatClosed),
        (400, "Bad Request: CHAT_ADMIN_REQUIRED", ChatClosed),
        (400, "Bad Request: not enough rights to send text messages to the chat", ChatClosed),
        (400, "Bad Request: need administrator rights in the channel chat", ChatClosed),
        (400, "Bad Request: not enough rights to send photos to the chat", TextOnly),
        (400, "Bad Request: message thread not found", ThreadClosed),
        (400, "Bad Request: TOPIC_CLOSED", ThreadClosed),
        (400, "Bad Request: TOPIC_DELETED", ThreadClosed),
        (400, "Bad Request: BUTTON_DATA_INVALID", Dead),
        (400, "Bad Request: can't parse entities: Unsupported start tag", Dead),
        (400, "Bad Request: a sentence of tomorrow", Dead),
        (401, "Unauthorized", Halt),
        (404, "Not Found", Halt),
        (500, "Internal Server Error", RetryAt),
        (502, "Bad Gateway", RetryAt),
    ],
)
def test_every_known_answer_has_its_fate(code: int, description: str, fate: type[Outcome]) -> None:
    found = judge(delivery(), answer(code, description), NOW, with_picture=True)
    assert type(found) is fate


def test_a_closed_chat_is_tried_again_within_an_hour_of_the_morning() -> None:
    found = answer(400, "Bad Request: not enough rights to send text messages to the chat")
    fate = judge(delivery(refusals=3), found, NOW, with_picture=False)
    assert fate == ChatClosed(NOW + 480, "not enough rights to send text messages to the chat")
    assert [closed_for(n) for n in (0, 1, 5, 6, 500)] == [60, 120, 1920, 3600, 3600]
    assert not is_final(fate)


def test_a_closed_topic_rests_and_a_deleted_one_ends() -> None:
    closed = judge(delivery(), answer(400, "TOPIC_CLOSED"), NOW, with_picture=False)
    assert closed == ThreadClosed("topic_closed", NOW + 3600)
    lost = judge(delivery(), answer(400, "message thread not found"), NOW, with_picture=False)
    assert lost == ThreadClosed("message thread not found")


@pytest.mark.parametrize(
    "description",
    ["Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED"],
)
def test_a_card_outlives_its_topic(description: str) -> None:
    found = answer(400, description)
    there = Destination(TelegramId(-1007), 77)
    card = delivery(kind=DeliveryKind.SEND, content=CommentCard(), to=there)
    fate = judge(card, found, NOW, with_picture=False)
    assert isinstance(fate, TopicGone)
    assert fate.at > NOW
    assert not is_final(fate)
    general = delivery(kind=DeliveryKind.SEND, content=CommentCard(), attempts=3)
    again = judge(general, found, NOW, with_picture=False)
    assert again == RetryAt(NOW + back_off(3), botapi.plain(description))


@pytest.mark.parametrize("content", [NewTopic(TopicKind.QUEUE), TopicReopening(77)])
def test_a_topic_that_cannot_be_made_says_nothing_of_its_chat(content: Content) -> None:
    for description in ("Bad Request: CHAT_ADMIN_REQUIRED", "Bad Request: TOPIC_CLOSED"):
        made = delivery(kind=DeliveryKind.SEND, content=content)
        assert isinstance(judge(made, answer(400, description), NOW, with_picture=False), Dead)


def test_flood_waits_as_long_as_told_and_blames_nobody() -> None:
    found = answer(429, "Too Many Requests: retry after 17", retry_after=17)
    assert judge(delivery(), found, NOW, with_picture=False) == RetryAt(
        NOW + 17, "flood", counted=False
    )


@pytest.mark.parametrize("told", [None, 0, "17", -5, [], True])
def test_a_flood_without_a_time_is_tried_with_growing_pauses(told: object) -> None:
    found = answer(429, "Too Many Requests", retry_after=told)
    for attempts in (0, 3):
        fate = judge(delivery(attempts=attempts), found, NOW, with_picture=False)
        assert fate == RetryAt(NOW + back_off(attempts), "flood")


def test_upgraded_group_moves() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    found = answer(400, text, migrate_to_chat_id=-1007)
    assert judge(delivery(), found, NOW, with_picture=False) == Moved(TelegramId(-1007))


def test_picture_errors_without_a_picture_are_refusals() -> None:
    found = answer(400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert isinstance(judge(delivery(), found, NOW, with_picture=False), Dead)


@pytest.mark.parametrize("content", [ShownArticle(), CommentCard(), ThreadMessage(1)])
def test_edits_of_what_is_not_there_end(content: Content) -> None:
    found = answer(400, "Bad Request: message to edit not found")
    lost = judge(delivery(kind=DeliveryKind.EDIT, content=content), found, NOW, with_picture=False)
    assert lost == Dead("message to edit not found", message_lost=True)
    refused = answer(400, "Bad Request: there is no caption in the message to edit")
    assert judge(
        delivery(kind=DeliveryKind.EDIT, content=content), refused, NOW, with_picture=False
    ) == Dead("there is no caption in the message to edit")


def test_unchanged_message_is_a_success() -> None:
    found = answer(
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are"
        " exactly the same as a current content and reply markup of the message",
    )
    assert judge(delivery(), found, NOW, with_picture=False) == Sent(None)


def test_doubt_is_sent_again_later_and_later_but_not_for_ever() -> None:
    lost = SendResult(SendStatus.UNKNOWN, description="ServerDisconnectedError")
    first = judge(delivery(), lost, NOW, with_picture=False)
    later = judge(delivery(doubts=3), lost, NOW, with_picture=False)
    assert isinstance(first, Unknown)
    assert isinstance(later, Unknown)
    assert NOW < first.at < later.at
    last = judge(delivery(doubts=MAX_DOUBTS - 1), lost, NOW, with_picture=False)
    assert isinstance(last, Dead)


def test_an_outage_kills_no_message() -> None:
    lost = SendResult(SendStatus.UNKNOWN, description="TimeoutError")
    again = judge(delivery(doubts=50), lost, NOW, with_picture=False, outage=True)
    assert again == Unknown(NOW + 600, "TimeoutError")


def test_what_did_not_leave_is_tried_for_ever_with_growing_pauses() -> None:
    away = SendResult(SendStatus.UNSENT, description="ClientConnectorError")
    for attempts in (0, 5, 500):
        found = judge(delivery(attempts=attempts), away, NOW, with_picture=False)
        assert found == RetryAt(NOW + back_off(attempts), "ClientConnectorError")
    assert [back_off(n) for n in (0, 1, 2, 9, 500)] == [2, 4, 8, 600, 600]


def test_only_ends_let_the_next_one_pass() -> None:
    assert is_final(Sent(1))
    assert is_final(Dead(""))
    assert not is_final(Unknown(1, ""))
    assert not is_final(RetryAt(1, ""))


@pytest.mark.parametrize(
    ("status", "body", "fate"),
    [
        (200, b"<html>captive portal</html>", SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":', SendStatus.UNKNOWN),
        (502, b"<html>Bad Gateway</html>", SendStatus.UNSENT),
        (413, b"", SendStatus.UNSENT),
        (403, b"<html>Forbidden by the firewall</html>", SendStatus.UNSENT),
        (404, b"<html>Not Found</html>", SendStatus.UNSENT),
        (401, b"Login required", SendStatus.UNSENT),
        (302, b"", SendStatus.UNSENT),
        (200, b"", SendStatus.UNKNOWN),
        (200, b"null", SendStatus.UNKNOWN),
        (200, b"[]", SendStatus.UNKNOWN),
        (200, b'"ok"', SendStatus.UNKNOWN),
        (200, b"{}", SendStatus.UNKNOWN),
        (200, b'{"ok":"yes","result":{"message_id":1}}', SendStatus.UNKNOWN),
        (200, b'{"ok":1,"result":{"message_id":1}}', SendStatus.UNKNOWN),
        (200, b'{"ok":true}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":null}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":"sent"}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":7}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":{}}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":{"message_id":"7"}}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":{"message_id":1e300}}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":[1,2]}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":[{"message_id":null}]}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":true}', SendStatus.UNKNOWN),
        (200, b'{"ok":true,"result":{"message_id":1,"photo":7}}', SendStatus.OK),
        (200, b'{"ok":true,"result":{"message_id":1,"photo":[{"file_id":7}]}}', SendStatus.OK),
        (200, b'{"ok":false}', SendStatus.UNSENT),
        (500, b'{"ok":false,"error_code":"many","description":[1]}', SendStatus.UNSENT),
        (409, b'{"ok":false,"error_code":409,"description":"Conflict: x"}', SendStatus.UNSENT),
        (429, b'{"ok":false,"error_code":429,"parameters":"soon"}', SendStatus.FLOOD),
    ],
)
def test_answers_that_are_no_bot_api(status: int, body: bytes, fate: SendStatus) -> None:
    assert botapi.read_answer(status, body, "sendMessage").status is fate


def test_success_of_what_has_no_number_is_one() -> None:
    body = b'{"ok":true,"result":true}'
    assert botapi.read_answer(200, body, "deleteMessage").status is SendStatus.OK


@pytest.mark.parametrize("to", ["-1007", 0, None, True, [1], -1.5e30, 1 << 60, {"id": 5}])
def test_a_group_that_moved_to_nowhere_is_tried_again(to: object) -> None:
    found = answer(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=to)
    assert isinstance(judge(delivery(), found, NOW, with_picture=False), RetryAt)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(10**9, 3600), (1e300, 3600), (0.2, 1), (17, 17)],
)
def test_a_hold_is_a_number_of_seconds_and_an_hour_at_most(told: object, seconds: int) -> None:
    found = answer(429, "Too Many Requests", retry_after=told)
    assert judge(delivery(), found, NOW, with_picture=False) == RetryAt(
        NOW + seconds, "flood", counted=False
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "ok",
                        "result",
                        "error_code",
                        "description",
                        "parameters",
                        "retry_after",
                        "migrate_to_chat_id",
                        "message_id",
                        "photo",
                        "file_id",
                    ]
                ),
                inner,
            )
        ),
    ),
    st.sampled_from([200, 302, 400, 403, 429, 500]),
)
def test_no_answer_makes_us_fall(found: object, status: int) -> None:
    try:
        body = orjson.dumps(found)
    except orjson.JSONEncodeError:
        body = repr(found).encode(errors="replace")
    result = botapi.read_answer(status, body, "sendMessage")
    judge(delivery(), result, NOW, with_picture=False)


@pytest.mark.parametrize(
    ("result", "fate"),
    [
        (botapi.read_answer(200, b'{"ok":true,"result":true}'), Removed()),
        (answer(400, "Bad Request: message to delete not found"), Removed()),
        (
            answer(400, "Bad Request: message can't be deleted"),
            NotRemovable("message can't be deleted"),
        ),
        (answer(403, "Forbidden: bot was kicked"), ChatGone("bot was kicked")),
        (answer(429, "Too Many Requests", retry_after=3), RetryAt(NOW + 3, "flood", counted=False)),
    ],
)
def test_taking_a_message_away(result: SendResult, fate: Outcome) -> None:
    one = delivery(kind=DeliveryKind.EDIT)
    assert judge(one, result, NOW, with_picture=False, removing=True) == fate
