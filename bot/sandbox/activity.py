"""What happens when somebody does something: messages appear, updates go out, watchers are told.

    bot methods (methods/*) ─┐
                             ├─> Activity ─> World (what exists), Updates (to the bot), Events
    people (people.py)      ─┘

Knows Telegram's rules of who sees what; knows no HTTP and no parameters.
"""

from __future__ import annotations

import itertools
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import bad_request
from bot.sandbox.events import Events
from bot.sandbox.files import Files
from bot.sandbox.limits import RateLimiter
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.world import Json, Member, Message, User, World, WorldChat, WorldTopic

DAY_S = 86_400
_OF_THE_POST = frozenset(
    {"message_id", "sender_chat", "chat", "date", "author_signature", "reply_markup"}
)
CALLBACK_S = 60
INLINE_S = 60


@dataclass(slots=True)
class Query:
    """A callback or inline query that waits for the bot's answer."""

    user: User
    asked: float
    answer: Json | None = None


@dataclass(slots=True)
class Profile:
    """What a bot says of itself, by language ("" for all)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """(scope as JSON text, language) -> commands."""
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    """Chat -> button; 0 holds the default."""
    rights: dict[bool, Json] = field(default_factory=dict)


class Lean:
    """What is kept of messages when a million chats must fit in memory: how many of each text.

    `keys` maps the checksum of a text to the chats that got it; `again` counts repeats.
    """

    def __init__(self) -> None:
        self.keys: dict[int, set[int]] = {}
        self.again: Counter[tuple[int, int]] = Counter()
        self.edits = 0

    def count(self, chat_id: int, text: str) -> None:
        """Count one message."""
        key = zlib.crc32(text.encode())
        chats = self.keys.setdefault(key, set())
        if chat_id in chats:
            self.again[chat_id, key] += 1
        else:
            chats.add(chat_id)

    def json(self) -> Json:
        """Totals: texts, messages, repeats and edits."""
        return {
            "texts": {f"{key:08x}": len(chats) for key, chats in self.keys.items()},
            "messages": sum(map(len, self.keys.values())) + self.again.total(),
            "repeated": self.again.total(),
            "edits": self.edits,
        }


class Activity:
    """Everything that one bot and its people share."""

    def __init__(
        self,
        bot: User,
        clock: Callable[[], float],
        *,
        privacy: bool = True,
        limiter: RateLimiter | None = None,
        guard: bool = True,
        lean: bool = False,
        auto_chats: bool = False,
    ) -> None:
        self.world = World(bot, clock)
        self.bot = bot
        self.bot_json = bot.json()
        self.events = Events()
        self.updates = UpdateQueue(clock, guard=guard, on_hold=lambda: self.events.emit("poll"))
        self.files = Files(str(bot.id))
        self.limiter = limiter
        self.privacy = privacy
        self.lean = Lean() if lean else None
        self.auto_chats = auto_chats
        self.profile = Profile()
        self.callbacks: dict[str, Query] = {}
        self.inline: dict[str, Query] = {}
        self.counts: Counter[str] = Counter()
        self._query_ids = itertools.count(4_000_000_000_000_001)
        self._group_ids = itertools.count(13_000_000_000_000_001)

    # --- messages ---------------------------------------------------------------------------------

    def put(
        self,
        chat: WorldChat,
        sender: User | None,
        content: Json,
        kind: str,
        *,
        topic: int = 0,
        extra: Json | None = None,
        sender_chat: WorldChat | None = None,
    ) -> Message:
        """A new message in a chat. The bot gets an update unless it wrote it itself."""
        mine = sender is self.bot
        message_id = self.world.next_message_id(chat)
        data: Json = {"message_id": message_id}
        if sender is not None and not chat.channel:
            data["from"] = self.bot_json if mine else sender.json()
        if chat.channel:
            data["sender_chat"] = chat.json()
        elif sender_chat is not None:
            data["sender_chat"] = sender_chat.json()
        data["chat"] = chat.json()
        data["date"] = self.world.now()
        if topic:
            data["message_thread_id"] = topic
            if topic in chat.topics:
                data["is_topic_message"] = True
        data.update(content)
        message = Message(chat, message_id, data, kind, sender, mine, topic)
        if extra:
            message.extra = extra
        if self.lean is not None:
            self.lean.count(chat.id, content.get("text") or content.get("caption") or kind)
            return message
        chat.messages[message_id] = message
        self.events.emit("message", chat=chat.id, message_id=message_id)
        if not mine:
            self._tell_bot(message, "channel_post" if chat.channel else "message")
        if chat.channel and chat.linked:
            self._forward_to_discussion(message)
        return message

    def service(
        self, chat: WorldChat, sender: User | None, content: Json, topic: int = 0
    ) -> Message:
        """A service message (joined, pinned, migrated ...)."""
        return self.put(chat, sender, content, "service", topic=topic)

    def changed(self, message: Message, *, by_bot: bool, dated: bool = True) -> None:
        """A message was edited: date it and tell whoever should know."""
        if dated:
            message.data["edit_date"] = self.world.now()
        chat = message.chat
        self.events.emit("edit", chat=chat.id, message_id=message.id)
        if not by_bot:
            self._tell_bot(message, "edited_channel_post" if chat.channel else "edited_message")
        group = self.world.find_chat(chat.linked) if chat.channel else None
        copy = group.messages.get(message.extra.get("copy", 0)) if group else None
        if copy is not None and dated:
            self._follow(copy, message)

    def delete(self, message: Message) -> None:
        """Take a message out of its chat. The Bot API tells bots nothing of it."""
        chat = message.chat
        chat.messages.pop(message.id, None)
        if message.id in chat.pinned:
            chat.pinned.remove(message.id)
        self.events.emit("delete", chat=chat.id, message_id=message.id)

    def auto_chat(self, number: int) -> WorldChat:
        """A person made up for a number, who has started the bot.

        Not kept in lean mode, so that a million of them cost nothing.
        """
        if self.lean is not None:
            return WorldChat(number, "private", user=User(number, "Reader"), started=True)
        chat = self.world.chats[self.world.add_user("Reader", user_id=number).id]
        chat.started = True
        return chat

    def next_media_group(self) -> str:
        """A new media_group_id."""
        return str(next(self._group_ids))

    def shown_reply(self, message: Message) -> Json:
        """A message as it appears inside the one that answers it."""
        return {
            name: value
            for name, value in message.data.items()
            if name not in {"reply_to_message", "quote", "external_reply"}
        }

    def _tell_bot(self, message: Message, kind: str) -> None:
        if self.sees(message):
            self.updates.add(kind, dict(message.data))

    def sees(self, message: Message) -> bool:
        """Does the bot get this message? In groups its privacy mode decides."""
        chat = message.chat
        if chat.private:
            return not chat.blocked
        me = chat.member(self.bot)
        if not me.present:
            return False
        if chat.channel or not self.privacy or me.status in {"administrator", "creator"}:
            return True
        return message.kind == "service" or self._addressed(message)

    def _addressed(self, message: Message) -> bool:
        data = message.data
        answered = data.get("reply_to_message")
        if answered and answered.get("from", {}).get("id") == self.bot.id:
            return True
        if data.get("via_bot", {}).get("id") == self.bot.id:
            return True
        name = f"@{self.bot.username}".lower()
        shown = data.get("text") or data.get("caption") or ""
        units = shown.encode("utf-16-le", "surrogatepass")
        for entity in data.get("entities") or data.get("caption_entities") or ():
            begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            part = units[begin:end].decode("utf-16-le", "replace").lower()
            if entity["type"] == "mention" and part == name:
                return True
            if entity["type"] == "bot_command" and ("@" not in part or part.endswith(name)):
                return True
        return False

    def _forward_to_discussion(self, post: Message) -> None:
        """A channel's post appears in its discussion group, unless it has inline buttons."""
        group = self.world.find_chat(post.chat.linked)
        if group is None or post.kind == "service" or "reply_markup" in post.data:
            return
        content = {name: value for name, value in post.data.items() if name not in _OF_THE_POST}
        content["forward_origin"] = {
            "type": "channel",
            "date": post.date,
            "chat": post.chat.json(),
            "message_id": post.id,
        }
        content["is_automatic_forward"] = True
        copy = self.put(group, None, content, post.kind, sender_chat=post.chat)
        group.pinned.insert(0, copy.id)
        post.extra["copy"] = copy.id

    def _follow(self, copy: Message, post: Message) -> None:
        """What is edited in the channel is edited in its discussion group too."""
        own = {*_OF_THE_POST, "forward_origin", "is_automatic_forward", "edit_date"}
        for name in [name for name in copy.data if name not in own]:
            del copy.data[name]
        copy.data |= {name: value for name, value in post.data.items() if name not in own}
        self.changed(copy, by_bot=False)

    # --- membership -------------------------------------------------------------------------------

    def change_member(self, chat: WorldChat, by: User, new: Member) -> None:
        """Give a user another standing, with the updates that follow from it."""
        old = chat.member(new.user)
        if new.status == "left":
            chat.members[new.user.id] = Member(new.user, "left")
        else:
            chat.members[new.user.id] = new
        me = new.user is self.bot
        if me or chat.member(self.bot).status in {"administrator", "creator"}:
            self.updates.add(
                "my_chat_member" if me else "chat_member",
                {
                    "chat": chat.json(),
                    "from": by.json(),
                    "date": self.world.now(),
                    "old_chat_member": old.json(chat.channel),
                    "new_chat_member": new.json(chat.channel),
                },
            )
        self.events.emit("member", chat=chat.id, user=new.user.id, status=new.status)
        self._announce(chat, by, old, new)

    def _announce(self, chat: WorldChat, by: User, old: Member, new: Member) -> None:
        """The service message of a join or a leave; channels have none."""
        if chat.channel or chat.private or old.present == new.present:
            return
        user = new.user.json()
        if new.present:
            self.service(chat, by, {"new_chat_members": [user]})
        elif by is not self.bot:
            self.service(chat, by, {"left_chat_member": user})

    def block(self, chat: WorldChat, *, blocked: bool) -> None:
        """A person blocks or unblocks the bot."""
        if chat.blocked == blocked or chat.user is None:
            return
        chat.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self.updates.add(
            "my_chat_member",
            {
                "chat": chat.json(),
                "from": chat.user.json(),
                "date": self.world.now(),
                "old_chat_member": Member(self.bot, old).json(channel=False),
                "new_chat_member": Member(self.bot, new).json(channel=False),
            },
        )
        self.events.emit("member", chat=chat.id, user=self.bot.id, status=new)

    def migrate(self, group: WorldChat) -> WorldChat:
        """Turn a basic group into a supergroup; the old one answers with the new id from then."""
        owner = next(one.user for one in group.members.values() if one.status == "creator")
        new = self.world.add_chat("supergroup", group.title, owner)
        new.members = dict(group.members)
        new.permissions = dict(group.permissions)
        self.service(group, owner, {"migrate_to_chat_id": new.id})
        group.migrated_to = new.id
        self.service(new, owner, {"migrate_from_chat_id": group.id})
        self.events.emit("chat", chat=new.id, migrated_from=group.id)
        return new

    def add_topic(self, chat: WorldChat, by: User, name: str, color: int) -> WorldTopic:
        """A new forum topic; its id is that of the service message that opens it."""
        content = {"forum_topic_created": {"name": name, "icon_color": color}}
        number = chat.last_id + 1
        topic = WorldTopic(number, name, color, creator=by.id)
        chat.topics[number] = topic
        self.service(chat, by, content, topic=number)
        return topic

    def set_topic_closed(
        self, chat: WorldChat, by: User, topic: WorldTopic | None, *, closed: bool
    ) -> None:
        """Close a topic (None: General) or open it again; everybody sees a line of it."""
        if topic is None:
            chat.general_closed = closed
        else:
            topic.closed = closed
        content: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        self.service(chat, by, content, topic=topic.id if topic else 0)
        self.events.emit("topic", chat=chat.id, topic=topic.id if topic else 0)

    def rename_topic(self, chat: WorldChat, by: User, topic: WorldTopic, name: str) -> None:
        """Another name for a topic."""
        topic.name = name
        self.service(chat, by, {"forum_topic_edited": {"name": name}}, topic=topic.id)
        self.events.emit("topic", chat=chat.id, topic=topic.id)

    def delete_topic(self, chat: WorldChat, topic: WorldTopic) -> None:
        """A topic and everything in it; no bot is told."""
        del chat.topics[topic.id]
        for message in [one for one in chat.messages.values() if one.topic == topic.id]:
            self.delete(message)
        self.events.emit("topic", chat=chat.id, topic=topic.id)

    # --- queries ----------------------------------------------------------------------------------

    def ask(self, where: dict[str, Query], user: User) -> str:
        """Open a query and return its id."""
        query_id = str(next(self._query_ids))
        where[query_id] = Query(user, self.world.clock())
        self.events.emit("query", query=query_id, user=user.id)
        return query_id

    def answer(self, where: dict[str, Query], query_id: str, answer: Json, most_s: float) -> None:
        """The bot answers a query, once and in time. Raises ApiError."""
        query = where.get(query_id)
        late = query is not None and self.world.clock() - query.asked > most_s
        if query is None or query.answer is not None or late:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        query.answer = answer
        self.events.emit("answer", query=query_id, user=query.user.id, answer=answer)
