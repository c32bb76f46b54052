"""Posts on the wire: whatever is rendered, Telegram takes it."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.html import Html, escape
from bot.core.model import Post, SendStatus
from bot.telegram import botapi
from tests.support.telegram_parser import parse


@given(st.text(max_size=9000), st.booleans())
def test_what_is_too_long_is_sent_as_far_as_it_fits(text: str, photo: bool) -> None:
    post = Post(Html(f"<b>{escape(text)}</b>"), photo="file-1" if photo else None)
    name, limit = ("caption", 1024) if photo else ("text", 4096)
    for encoded in (botapi.encode_send(post), botapi.encode_edit(post, photo=photo)):
        said = orjson.loads(b"{" + encoded.rest[1:])[name]
        shown, _ = parse(said)
        assert len(shown) <= limit
        assert len(shown) == len(text) or len(text) > limit


def test_a_picture_in_place_of_another_has_no_longer_words() -> None:
    encoded = botapi.encode_media(Post(Html("word " * 900)), "file-1")
    caption = orjson.loads(b"{" + encoded.rest[1:])["media"]["caption"]
    assert len(caption) <= 1024
    assert caption.endswith("…")


@pytest.mark.parametrize("length", [1, 4096])
def test_what_fits_is_untouched(length: int) -> None:
    encoded = botapi.encode_send(Post(Html("x" * length)))
    assert orjson.loads(b"{" + encoded.rest[1:])["text"] == "x" * length


@pytest.mark.parametrize(
    ("method", "result", "status"),
    [
        ("sendMessage", b'{"message_id":7}', SendStatus.OK),
        ("sendMessage", b"[]", SendStatus.UNKNOWN),
        ("sendPhoto", b'[{"message_id":7}]', SendStatus.UNKNOWN),
        ("sendMessage", b"true", SendStatus.UNKNOWN),
        ("copyMessage", b"{}", SendStatus.UNKNOWN),
        ("copyMessages", b"[]", SendStatus.OK),
        ("copyMessages", b'[{"message_id":7},{"message_id":8}]', SendStatus.OK),
        ("copyMessages", b'[{"message_id":7},{}]', SendStatus.UNKNOWN),
        ("copyMessages", b'{"message_id":7}', SendStatus.UNKNOWN),
        ("createForumTopic", b'{"message_thread_id":3}', SendStatus.OK),
        ("createForumTopic", b"[]", SendStatus.UNKNOWN),
        ("editMessageText", b"true", SendStatus.OK),
        ("pinChatMessage", b"true", SendStatus.OK),
    ],
)
def test_a_success_tells_the_number_that_its_method_promises(
    method: str, result: bytes, status: SendStatus
) -> None:
    answer = botapi.read_answer(200, b'{"ok":true,"result":' + result + b"}", method)
    assert answer.status is status
