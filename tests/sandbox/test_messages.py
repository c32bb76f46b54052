"""Sending, editing, deleting, copying: what the stand-in takes and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Sandbox, User
from tests.sandbox.conftest import Client, Clock

KEYBOARD = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


async def test_text_is_parsed_trimmed_and_shown(api: Client, sandbox: Sandbox, sari: User) -> None:
    sent = await api(
        "sendMessage",
        chat_id=sari.id,
        text="\n <b>Banjir</b> di https://kabar.id/a. 😀 <i>x</i>  ",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
    )
    assert sent["text"] == "Banjir di https://kabar.id/a. 😀 x"
    assert [(one["type"], one["offset"], one["length"]) for one in sent["entities"]] == [
        ("bold", 0, 6),
        ("url", 10, 18),
        ("italic", 33, 1),
    ]
    assert sent["reply_markup"] == KEYBOARD
    shown = sandbox.said(sari)[0]
    assert shown["html"] == (
        '<b>Banjir</b> di <a href="https://kabar.id/a">https://kabar.id/a</a>. 😀 <i>x</i>'
    )


async def test_lengths_count_characters_after_parsing(api: Client, sari: User) -> None:
    whole = "😀" * 4096
    sent = await api("sendMessage", chat_id=sari.id, text=f"<b>{whole}</b>", parse_mode="HTML")
    assert sent["entities"][0]["length"] == 8192
    longer = await api.refused("sendMessage", chat_id=sari.id, text=whole + "x")
    assert longer.text == "Bad Request: message is too long"
    raw = await api.refused("sendMessage", chat_id=sari.id, text="<b></b>" * 4682)
    assert raw.text == "Bad Request: text is too long"


@pytest.mark.parametrize("text", ["", "  \n", "<b> </b>", "\u200b\u00a0", "&#32;"])
async def test_nothing_left_is_refused(api: Client, sari: User, text: str) -> None:
    refused = await api.refused("sendMessage", chat_id=sari.id, text=text, parse_mode="HTML")
    assert (refused.status, refused.text) == (400, "Bad Request: message text is empty")


async def test_a_hundred_entities_are_kept(api: Client, sari: User) -> None:
    text = "<b>a</b> " * 120
    sent = await api("sendMessage", chat_id=sari.id, text=text, parse_mode="HTML")
    assert len(sent["entities"]) == 100


async def test_entities_may_be_given_and_are_checked(api: Client, sari: User) -> None:
    bold: dict[str, Any] = {"type": "bold", "offset": 0, "length": 2}
    sent = await api("sendMessage", chat_id=sari.id, text="😀 x", entities=[bold])
    assert sent["entities"] == [{"offset": 0, "length": 2, "type": "bold"}]
    for length, complaint in (
        (1, "ends in a middle of a UTF-16 symbol"),
        (9, "ends after the end"),
    ):
        wrong = await api.refused(
            "sendMessage", chat_id=sari.id, text="😀 x", entities=[{**bold, "length": length}]
        )
        assert complaint in wrong.text


async def test_bad_markup_names_the_byte(api: Client, sari: User) -> None:
    refused = await api.refused("sendMessage", chat_id=sari.id, text="é<div>", parse_mode="HTML")
    assert refused.text == (
        'Bad Request: can\'t parse entities: Unsupported start tag "div" at byte offset 2'
    )


async def test_what_cannot_be_said_in_utf_8(api: Client, sari: User) -> None:
    half = '<a href="http://x.com/&#xd83d;">x</a>'
    refused = await api.refused("sendMessage", chat_id=sari.id, text=half, parse_mode="HTML")
    assert "TextUrl.url must be encoded in UTF-8" in refused.text
    markdown = await api.refused("sendMessage", chat_id=sari.id, text="x", parse_mode="MarkdownV2")
    assert (markdown.status, "stand-in" in markdown.text) == (501, True)


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "url": "localhost"},
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_buttons_are_checked(
    api: Client, sari: User, button: dict[str, str], complaint: str
) -> None:
    refused = await api.refused(
        "sendMessage", chat_id=sari.id, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert refused.text == f"Bad Request: {complaint}"


async def test_an_edit_changes_and_takes_the_keyboard(
    api: Client, sandbox: Sandbox, sari: User, clock: Clock
) -> None:
    sent = await api("sendMessage", chat_id=sari.id, text="satu", reply_markup=KEYBOARD)
    at = {"chat_id": sari.id, "message_id": sent["message_id"]}
    same = await api.refused("editMessageText", **at, text="satu", reply_markup=KEYBOARD)
    assert same.text == (
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )
    clock.now += 5
    edited = await api("editMessageText", **at, text="satu")
    assert "reply_markup" not in edited
    assert edited["edit_date"] == sent["date"] + 5
    with_keyboard = await api("editMessageReplyMarkup", **at, reply_markup=KEYBOARD)
    assert with_keyboard["text"] == "satu"
    assert sandbox.said(sari)[0]["buttons"] == KEYBOARD["inline_keyboard"]
    no_caption = await api.refused("editMessageCaption", **at, caption="x")
    assert no_caption.text == "Bad Request: there is no caption in the message to edit"
    gone = await api.refused("editMessageText", chat_id=sari.id, message_id=999, text="x")
    assert gone.text == "Bad Request: message to edit not found"


async def test_nobody_edits_what_others_wrote(api: Client, sandbox: Sandbox, sari: User) -> None:
    theirs = sandbox.people.say(sari, "tulisanku")
    refused = await api.refused(
        "editMessageText", chat_id=sari.id, message_id=theirs.id, text="bukan"
    )
    assert refused.text == "Bad Request: message can't be edited"


async def test_answers_quote_and_complain(api: Client, sandbox: Sandbox, sari: User) -> None:
    theirs = sandbox.people.say(sari, "Harga beras naik")
    sent = await api(
        "sendMessage",
        chat_id=sari.id,
        text="ya",
        reply_parameters={"message_id": theirs.id, "quote": "beras"},
    )
    assert sent["reply_to_message"]["text"] == "Harga beras naik"
    assert sent["quote"] == {"text": "beras", "position": 6, "is_manual": True}
    missing = {"message_id": 999}
    refused = await api.refused("sendMessage", chat_id=sari.id, text="x", reply_parameters=missing)
    assert refused.text == "Bad Request: message to be replied not found"
    lenient = {**missing, "allow_sending_without_reply": True}
    assert await api("sendMessage", chat_id=sari.id, text="x", reply_parameters=lenient)
    wrong = {"message_id": theirs.id, "quote": "gula"}
    refused = await api.refused("sendMessage", chat_id=sari.id, text="x", reply_parameters=wrong)
    assert refused.text == "Bad Request: QUOTE_TEXT_INVALID"


async def test_deleting_has_an_age(api: Client, sari: User, clock: Clock) -> None:
    old = await api("sendMessage", chat_id=sari.id, text="lama")
    clock.now += 48 * 3600
    new = await api("sendMessage", chat_id=sari.id, text="baru")
    at = {"chat_id": sari.id}
    refused = await api.refused("deleteMessage", **at, message_id=old["message_id"])
    assert refused.text == "Bad Request: message can't be deleted"
    assert await api("deleteMessages", **at, message_ids=[new["message_id"], 999])
    refused = await api.refused("deleteMessage", **at, message_id=new["message_id"])
    assert refused.text == "Bad Request: message to delete not found"


async def test_copies_and_forwards(api: Client, sandbox: Sandbox, sari: User, owner: User) -> None:
    sandbox.people.start(owner)
    first = sandbox.people.say(sari, "pertama")
    second = sandbox.people.say(sari, "kedua")
    source = {"chat_id": owner.id, "from_chat_id": sari.id}
    copied = await api("copyMessage", **source, message_id=first.id, reply_markup=KEYBOARD)
    assert set(copied) == {"message_id"}
    forwarded = await api("forwardMessage", **source, message_id=second.id)
    assert forwarded["forward_origin"]["sender_user"]["id"] == sari.id
    ids = await api("copyMessages", **source, message_ids=[first.id, second.id, 9999])
    assert len(ids) == 2
    refused = await api.refused("copyMessages", **source, message_ids=[second.id, first.id])
    assert "strictly increasing" in refused.text
    refused = await api.refused("copyMessage", **source, message_id=9999)
    assert refused.text == "Bad Request: message to copy not found"
    assert [one["text"] for one in sandbox.said(owner)] == ["pertama", "kedua", "pertama", "kedua"]


async def test_force_reply_and_previews(api: Client, sandbox: Sandbox, sari: User) -> None:
    prompt = {"force_reply": True, "input_field_placeholder": "Tulis komentar"}
    await api("sendMessage", chat_id=sari.id, text="Komentar?", reply_markup=prompt)
    large = {"url": "https://kabar.id/a", "prefer_large_media": True, "show_above_text": True}
    sent = await api("sendMessage", chat_id=sari.id, text="x", link_preview_options=large)
    assert sent["link_preview_options"] == large
    first, second = sandbox.said(sari)
    assert first["keyboard"] == prompt
    assert second["preview"] == large


async def test_message_ids_follow_telegrams_counters(
    api: Client, sandbox: Sandbox, sari: User, owner: User
) -> None:
    sandbox.people.start(owner)
    group = sandbox.create_group("Meja", owner)
    channel = sandbox.create_channel("Kabar", owner)
    sandbox.add_bot(group)
    sandbox.add_bot(channel, as_admin=True)
    chats = (sari.id, owner.id, group.id, channel.id, channel.id)
    ids = [(await api("sendMessage", chat_id=one, text="x"))["message_id"] for one in chats]
    assert ids[1:3] == [ids[0] + 1, ids[0] + 2]
    assert ids[3:] == [1, 2]
