"""Who and what exists: users, chats, members, topics, messages. Knows no HTTP and no update queue.

Message ids follow Telegram: private chats and basic groups draw from one counter of the bot's
account, every supergroup and channel has its own. Messages are kept as the Bot API shows them.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SUPERGROUP_BASE = -1_000_000_000_000
"""Supergroups and channels are numbered downwards from here."""

GROUP_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""ChatPermissions, which are also the rights of a restricted member."""

ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
ADMIN_GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
ADMIN_CHANNEL_RIGHTS = (
    "can_post_messages",
    "can_edit_messages",
    "can_manage_direct_messages",
)
PRESENT = frozenset({"creator", "administrator", "member", "restricted"})


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """As in `from`."""
        data: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            data["last_name"] = self.last_name
        if self.username:
            data["username"] = self.username
        if self.language_code and not self.is_bot:
            data["language_code"] = self.language_code
        return data


@dataclass(slots=True)
class Member:
    """A user's standing in a chat. `rights` hold what differs from "no"."""

    user: User
    status: str = "member"
    rights: dict[str, bool] = field(default_factory=dict)
    title: str = ""
    until: int = 0

    @property
    def present(self) -> bool:
        """Is the user in the chat?"""
        return self.status in PRESENT and (
            self.status != "restricted" or self.rights.get("is_member", True)
        )

    def json(self, channel: bool) -> Json:
        """As ChatMember."""
        data: Json = {"status": self.status, "user": self.user.json()}
        if self.status == "creator":
            data["is_anonymous"] = self.rights.get("is_anonymous", False)
        elif self.status == "administrator":
            names = ADMIN_RIGHTS + (ADMIN_CHANNEL_RIGHTS if channel else ADMIN_GROUP_RIGHTS)
            data.update({name: self.rights.get(name, False) for name in names})
        elif self.status == "restricted":
            data["is_member"] = self.rights.get("is_member", True)
            data.update({name: self.rights.get(name, False) for name in GROUP_RIGHTS})
            data["until_date"] = self.until
        elif self.status == "kicked":
            data["until_date"] = self.until
        if self.title and self.status in {"creator", "administrator"}:
            data["custom_title"] = self.title
        return data


@dataclass(slots=True)
class WorldTopic:
    """A forum topic; its id is the id of the message that created it."""

    id: int
    name: str
    icon_color: int = 0x6FB9F0
    closed: bool = False
    creator: int = 0


@dataclass(slots=True, eq=False)
class Message:
    """A message and what the Bot API does not show of it."""

    chat: WorldChat
    id: int
    data: Json
    kind: str = "text"
    sender: User | None = None
    mine: bool = False
    """Sent by the bot?"""
    topic: int = 0
    extra: Json = field(default_factory=dict)
    """What only the chat program shows: a reply keyboard, a force-reply prompt."""
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def date(self) -> int:
        """Seconds since the epoch."""
        return int(self.data["date"])


@dataclass(slots=True, eq=False)
class WorldChat:
    """A private chat with the bot (its id is the user's), a group, a supergroup or a channel."""

    id: int
    kind: str
    title: str = ""
    username: str = ""
    user: User | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, WorldTopic] = field(default_factory=dict)
    forum: bool = False
    general_closed: bool = False
    permissions: dict[str, bool] = field(default_factory=dict)
    linked: int = 0
    migrated_to: int = 0
    deleted: bool = False
    description: str = ""
    started: bool = False
    blocked: bool = False
    last_id: int = 0

    @property
    def private(self) -> bool:
        return self.kind == "private"

    @property
    def channel(self) -> bool:
        return self.kind == "channel"

    @property
    def own_counter(self) -> bool:
        """Supergroups and channels number their own messages."""
        return self.kind in {"supergroup", "channel"}

    def json(self) -> Json:
        """As Chat."""
        if self.user is not None:
            data = self.user.json()
            del data["is_bot"]
            data.pop("language_code", None)
            data["type"] = "private"
            return data
        data = {"id": self.id, "title": self.title}
        if self.username:
            data["username"] = self.username
        data["type"] = self.kind
        if self.forum:
            data["is_forum"] = True
        return data

    def member(self, user: User) -> Member:
        """The user's standing, "left" when there never was one."""
        found = self.members.get(user.id)
        return found if found is not None else Member(user, "left")

    def default_rights(self) -> dict[str, bool]:
        """What members without a role may do."""
        return {name: self.permissions.get(name, True) for name in GROUP_RIGHTS}


class World:
    """Everything that exists, and the counters behind it."""

    def __init__(self, bot: User, clock: Callable[[], float] = time.time) -> None:
        self.bot = bot
        self.clock = clock
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, WorldChat] = {}
        self.names: dict[str, int] = {}
        """Lower-case username -> id of a user or chat."""
        self.name(bot.username, bot.id)
        self._user_ids = itertools.count(1001)
        self._group_ids = itertools.count(4001)
        self._channel_ids = itertools.count(1_500_000_001)
        self._shared_last = 0

    def now(self) -> int:
        """Whole seconds since the epoch."""
        return int(self.clock())

    def name(self, username: str, owner: int) -> None:
        """Let a username lead to its owner."""
        if username:
            self.names[username.lower()] = owner

    def add_user(
        self,
        first_name: str,
        last_name: str = "",
        username: str = "",
        language_code: str = "",
        user_id: int | None = None,
    ) -> User:
        """A new person, with a private chat that is not started yet."""
        number = next(self._user_ids) if user_id is None else user_id
        user = User(number, first_name, last_name, username, language_code)
        self.users[number] = user
        self.name(username, number)
        self.chats[number] = WorldChat(number, "private", user=user)
        return user

    def add_chat(
        self, kind: str, title: str, creator: User, username: str = "", forum: bool = False
    ) -> WorldChat:
        """A new group, supergroup or channel owned by `creator`."""
        if kind == "group":
            number = -next(self._group_ids)
        else:
            number = SUPERGROUP_BASE - next(self._channel_ids)
        chat = WorldChat(number, kind, title, username, forum=forum)
        chat.members[creator.id] = Member(creator, "creator")
        self.chats[number] = chat
        self.name(username, number)
        return chat

    def find_chat(self, chat_id: int) -> WorldChat | None:
        """The chat of that number."""
        return self.chats.get(chat_id)

    def next_message_id(self, chat: WorldChat) -> int:
        """The id of the chat's next message, by Telegram's counters."""
        if chat.own_counter:
            chat.last_id += 1
            return chat.last_id
        self._shared_last += 1
        return self._shared_last

    def state(self) -> int:
        """The last number given to a message of a private chat or group, for `restore`."""
        return self._shared_last

    def restore(self, shared_last: int) -> None:
        """Go on from a kept state, once its users and chats are in place: what is new gets numbers
        after the highest ones."""
        self._shared_last = shared_last
        channels = [SUPERGROUP_BASE - chat for chat in self.chats if chat < SUPERGROUP_BASE]
        groups = [-chat for chat in self.chats if SUPERGROUP_BASE < chat < 0]
        people = [user for user in self.users if user != self.bot.id]
        self._user_ids = itertools.count(max(people, default=1000) + 1)
        self._group_ids = itertools.count(max(groups, default=4000) + 1)
        self._channel_ids = itertools.count(max(channels, default=1_500_000_000) + 1)

    def knows(self, user: User) -> bool:
        """Has the bot met the user: in a private chat, or as a member of a common chat?"""
        private = self.chats.get(user.id)
        if private is not None and (private.started or private.messages):
            return True
        return any(
            user.id in chat.members and chat.member(self.bot).present
            for chat in self.chats.values()
            if not chat.private
        )
