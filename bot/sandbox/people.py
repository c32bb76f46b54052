"""What people do in their chat programs: speak, press, edit, join, block. Knows no HTTP.

Everything here is done by somebody other than the bot; the bot learns of it through updates only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox import detect, htmlparse, keyboards
from bot.sandbox.activity import Activity
from bot.sandbox.entities import fix, merge_found
from bot.sandbox.errors import ApiError, ControlError
from bot.sandbox.files import StoredFile
from bot.sandbox.formatting import Formatted
from bot.sandbox.params import Upload
from bot.sandbox.world import (
    ADMIN_CHANNEL_RIGHTS,
    ADMIN_GROUP_RIGHTS,
    ADMIN_RIGHTS,
    Json,
    Member,
    Message,
    User,
    WorldChat,
    WorldTopic,
)

BOT_ADMIN_RIGHTS = {
    name: name not in {"can_be_edited", "is_anonymous", "can_promote_members"}
    for name in (*ADMIN_RIGHTS, *ADMIN_GROUP_RIGHTS, *ADMIN_CHANNEL_RIGHTS)
}
"""The rights of a bot that is made an administrator when none are named."""
_START = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


class People:
    """Acts for everybody but the bot."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._world = activity.world

    # --- speaking ---------------------------------------------------------------------------------

    def say(
        self,
        user: User,
        text: str,
        chat: WorldChat | None = None,
        *,
        reply_to: int | None = None,
        thread: int = 0,
        markup: str = "",
    ) -> Message:
        """A person writes; commands, links and names in the text are found as by Telegram.

        Without a chat it is the private chat with the bot. `markup` in place of `text` is
        Telegram's HTML. Raises ControlError where the person cannot write.
        """
        place = self._open(user, chat)
        content: Json = {}
        self._formatted(text, markup).put(content, "text", self._world.users)
        if not content:
            raise ControlError("an empty message cannot be sent")
        return self._post(user, place, content, "text", reply_to=reply_to, topic=thread)

    def start(self, user: User, payload: str = "") -> Message:
        """Press START, perhaps through a deep link `t.me/bot?start=payload`."""
        if payload and not _START.match(payload):
            raise ControlError("a start payload has 1 to 64 characters of A-Z a-z 0-9 _ -")
        return self.say(user, f"/start {payload}".strip())

    def send_file(
        self,
        user: User,
        kind: str,
        content: bytes,
        chat: WorldChat | None = None,
        *,
        caption: str = "",
        name: str = "",
        reply_to: int | None = None,
        thread: int = 0,
        album: str = "",
    ) -> Message:
        """A person sends a file of a kind (photo, voice, document, video ...)."""
        place = self._open(user, chat)
        stored = self._keep(kind, content, name)
        data: Json = {kind: stored.message_part()}
        if album:
            data["media_group_id"] = album
        self._formatted(caption, "").put(data, "caption", self._world.users)
        return self._post(user, place, data, kind, reply_to=reply_to, topic=thread)

    def send_photo(
        self, user: User, content: bytes, chat: WorldChat | None = None, *, caption: str = ""
    ) -> Message:
        """A person sends a photo."""
        return self.send_file(user, "photo", content, chat, caption=caption)

    def send_voice(self, user: User, content: bytes, chat: WorldChat | None = None) -> Message:
        """A person sends a voice message."""
        return self.send_file(user, "voice", content, chat)

    def send_album(
        self, user: User, photos: list[bytes], chat: WorldChat | None = None, *, caption: str = ""
    ) -> list[Message]:
        """A person sends several photos at once; the first one has the caption."""
        album = self._activity.next_media_group()
        return [
            self.send_file(
                user, "photo", photo, chat, caption=caption if not at else "", album=album
            )
            for at, photo in enumerate(photos)
        ]

    def edit(
        self, user: User, message_id: int, text: str, chat: WorldChat | None = None
    ) -> Message:
        """A person changes the text or caption of their own message."""
        place = chat or self._private(user)
        message = self._message(place, message_id)
        if message.sender is not user:
            raise ControlError("people edit their own messages only")
        name = "text" if message.kind == "text" else "caption"
        for part in (name, "entities", "caption_entities"):
            message.data.pop(part, None)
        self._formatted(text, "").put(message.data, name, self._world.users)
        self._activity.changed(message, by_bot=False)
        return message

    def delete(self, user: User, message_id: int, chat: WorldChat | None = None) -> None:
        """A person deletes a message; no bot is told."""
        self._activity.delete(self._message(chat or self._private(user), message_id))

    def react(self, user: User, message_id: int, emoji: str, chat: WorldChat | None = None) -> None:
        """A person reacts ("" takes the reaction away); administrators among bots are told."""
        place = chat or self._private(user)
        message = self._message(place, message_id)
        old = message.reactions.pop(user.id, [])
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        if new:
            message.reactions[user.id] = new
        self._activity.events.emit("reaction", chat=place.id, message_id=message_id)
        if place.private or place.member(self._activity.bot).status == "administrator":
            self._activity.updates.add(
                "message_reaction",
                {
                    "chat": place.json(),
                    "message_id": message_id,
                    "user": user.json(),
                    "date": self._world.now(),
                    "old_reaction": old,
                    "new_reaction": new,
                },
            )

    def _post(
        self,
        user: User,
        chat: WorldChat,
        content: Json,
        kind: str,
        *,
        reply_to: int | None = None,
        topic: int = 0,
    ) -> Message:
        answered = self._message(chat, reply_to) if reply_to else None
        if answered is not None:
            content["reply_to_message"] = self._activity.shown_reply(answered)
            if chat.kind == "supergroup" and not topic:
                topic = answered.topic if chat.forum else answered.topic or answered.id
        elif topic in chat.topics and topic in chat.messages:
            # Telegram's own habit: in a topic everything answers the message that opened it.
            content["reply_to_message"] = self._activity.shown_reply(chat.messages[topic])
        if topic and chat.forum and topic not in chat.topics:
            raise ControlError(f"there is no topic {topic}")
        return self._activity.put(chat, user, content, kind, topic=topic)

    def _open(self, user: User, chat: WorldChat | None) -> WorldChat:
        """The chat that a person writes to; the first word to the bot starts the private chat."""
        if user.deactivated:
            raise ControlError(f"{user.first_name} has no account any more")
        if chat is None or chat.private:
            private = self._private(user)
            self._activity.block(private, blocked=False)
            private.started = True
            return private
        if chat.migrated_to:
            raise ControlError("the group was upgraded to a supergroup")
        member = chat.member(user)
        if not member.present:
            if chat.kind == "group" or member.status == "kicked":
                raise ControlError(f"{user.first_name} is not a member of {chat.title}")
            if not chat.channel:
                self.join(user, chat)
        if chat.channel and member.status not in {"creator", "administrator"}:
            raise ControlError(f"{user.first_name} may not post in {chat.title}")
        return chat

    def _private(self, user: User) -> WorldChat:
        return self._world.chats[user.id]

    def _message(self, chat: WorldChat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None:
            raise ControlError(f"there is no message {message_id} in chat {chat.id}")
        return message

    def _keep(self, kind: str, content: bytes, name: str) -> StoredFile:
        details: dict[str, Any] = {}
        if kind in {"voice", "audio", "video", "animation", "video_note"}:
            details["duration"] = 3
        if kind in {"video", "animation"}:
            details |= {"width": 320, "height": 240}
        try:
            return self._activity.files.add(kind, Upload(name, content), **details)
        except ApiError as error:
            raise ControlError(error.description) from error

    def _formatted(self, text: str, markup: str) -> Formatted:
        if markup:
            try:
                text, entities = htmlparse.parse(markup)
            except htmlparse.MarkupError as error:
                raise ControlError(str(error)) from error
            return Formatted(text, merge_found(fix(entities), detect.find(text, commands=True)))
        text = text.strip(" \n")
        return Formatted(text, detect.find(text, commands=True))

    # --- buttons and inline mode ------------------------------------------------------------------

    def press(self, user: User, chat: WorldChat, message_id: int, button: str) -> str:
        """Press the inline button with these callback data or this text; the query's id.

        Raises ControlError when there is no such button, or it has no callback data.
        """
        message = self._message(chat, message_id)
        found = keyboards.find_button(message.data.get("reply_markup"), button)
        if found is None:
            raise ControlError(f"message {message_id} has no button {button!r}")
        if "callback_data" not in found:
            raise ControlError(f"button {button!r} opens something and sends nothing to the bot")
        query_id = self._activity.ask(self._activity.callbacks, user)
        self._activity.updates.add(
            "callback_query",
            {
                "id": query_id,
                "from": user.json(),
                "message": dict(message.data),
                "chat_instance": str(7_000_000_000_000_000_000 + chat.id),
                "data": found["callback_data"],
            },
        )
        return query_id

    def inline(self, user: User, query: str, offset: str = "") -> str:
        """Type `@bot query` somewhere; the query's id."""
        query_id = self._activity.ask(self._activity.inline, user)
        self._activity.updates.add(
            "inline_query",
            {
                "id": query_id,
                "from": user.json(),
                "query": query[:256],
                "offset": offset,
                "chat_type": "private",
            },
        )
        return query_id

    def choose(self, user: User, query_id: str, result_id: str, chat: WorldChat) -> Message:
        """Send one of the inline results to a chat, in the person's name and via the bot."""
        query = self._activity.inline.get(query_id)
        results = (query.answer or {}).get("results", []) if query else []
        found = next((one for one in results if one["id"] == result_id), None)
        if found is None:
            raise ControlError(f"query {query_id} has no result {result_id!r}")
        if "text" not in found["message"]:
            raise ControlError("only results that are text messages are played")
        content = {**found["message"], "via_bot": self._activity.bot_json}
        place = chat if not chat.private else self._private(user)
        return self._activity.put(place, user, content, "text")

    # --- coming and going -------------------------------------------------------------------------

    def block(self, user: User, *, blocked: bool = True) -> None:
        """Block the bot, or unblock it."""
        self._activity.block(self._private(user), blocked=blocked)

    def unblock(self, user: User) -> None:
        """Unblock the bot without writing to it."""
        self.block(user, blocked=False)

    def deactivate(self, user: User) -> None:
        """The person deletes the account."""
        user.deactivated = True
        self._activity.events.emit("member", chat=user.id, user=user.id, status="deactivated")

    def set_member(
        self,
        chat: WorldChat,
        user: User,
        status: str,
        rights: Mapping[str, bool] | None = None,
        *,
        by: User | None = None,
    ) -> None:
        """Give somebody (also the bot) a standing, as an owner would.

        An administrator for whom none are named gets the usual rights.
        """
        owner = next((one.user for one in chat.members.values() if one.status == "creator"), user)
        given = dict(rights or {})
        if status == "administrator" and rights is None:
            given = dict(BOT_ADMIN_RIGHTS)
        if status == "restricted":
            given = {"is_member": True, **given}
        self._activity.change_member(chat, by or owner, Member(user, status, given))

    def join(self, user: User, chat: WorldChat) -> None:
        """A person joins."""
        self.set_member(chat, user, "member", by=user)

    def leave(self, user: User, chat: WorldChat) -> None:
        """A person leaves."""
        self.set_member(chat, user, "left", by=user)

    def link(self, channel: WorldChat, group: WorldChat) -> None:
        """Make a group the channel's discussion group."""
        channel.linked, group.linked = group.id, channel.id
        self._activity.events.emit("chat", chat=channel.id)

    def create_topic(self, chat: WorldChat, name: str, by: User | None = None) -> WorldTopic:
        """A new forum topic."""
        if not chat.forum:
            raise ControlError(f"{chat.title} is not a forum")
        return self._activity.add_topic(chat, by or _owner(chat), name, 0x6FB9F0)

    def close_topic(self, chat: WorldChat, topic_id: int, *, closed: bool = True) -> None:
        """The owner closes a topic, or opens it again; 0 means General."""
        topic = self._topic(chat, topic_id) if topic_id else None
        self._activity.set_topic_closed(chat, _owner(chat), topic, closed=closed)

    def rename_topic(self, chat: WorldChat, topic_id: int, name: str) -> None:
        """The owner gives a topic another name."""
        self._activity.rename_topic(chat, _owner(chat), self._topic(chat, topic_id), name)

    def delete_topic(self, chat: WorldChat, topic_id: int) -> None:
        """The owner deletes a topic with all its messages; no bot is told."""
        self._activity.delete_topic(chat, self._topic(chat, topic_id))

    def set_forum(self, chat: WorldChat, *, forum: bool = True) -> None:
        """The owner switches topics on or off. No bot is told: chats say so from now on."""
        if chat.kind != "supergroup":
            raise ControlError("only a supergroup can be a forum")
        chat.forum = forum
        self._activity.events.emit("chat", chat=chat.id)

    def _topic(self, chat: WorldChat, topic_id: int) -> WorldTopic:
        topic = chat.topics.get(topic_id)
        if topic is None:
            raise ControlError(f"there is no topic {topic_id}")
        return topic


def _owner(chat: WorldChat) -> User:
    return next(one.user for one in chat.members.values() if one.status == "creator")
