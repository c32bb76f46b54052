"""The newsroom's nouns as frozen values: what the program knows, not how it is stored or sent.

    Entry   (as in the feed)  ->  Article (as we keep it)  ->  Post (as a chat sees it)

Times are whole seconds since the epoch, UTC, unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, NewType

from bot.core.html import Html

FeedId = NewType("FeedId", int)
ArticleId = NewType("ArticleId", int)
ChatId = NewType("ChatId", int)
"""Our own number of a chat; it survives migration to a supergroup."""
TelegramId = NewType("TelegramId", int)
"""Telegram's id of a chat or user (at most 52 bits, negative for groups and channels)."""
DeliveryId = NewType("DeliveryId", int)
BroadcastId = NewType("BroadcastId", int)
CommentId = NewType("CommentId", int)
ReaderId = NewType("ReaderId", int)


# --- from the feed --------------------------------------------------------------------------------

LEAST_SIDE = 200
"""Pixels: a picture with no side this long is not shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an article. `address` is absolute http(s), in the largest form known."""

    address: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What one feed entry (or one page) says: an article that has no number yet.

    All texts are plain text, never markup. `key` identifies the entry within its feed and survives
    reused and missing guids; `link` is canonical (tracking parameters removed), empty if unusable.
    """

    key: str
    headline: str
    link: str = ""
    lead: str = ""
    body: str = ""
    picture: Picture | None = None
    source: str = ""
    author: str = ""
    topics: tuple[str, ...] = ()
    published: int | None = None
    updated: int | None = None
    language: str = ""
    guid: str = ""
    pictures: tuple[str, ...] = ()
    """Addresses of further pictures, which an editor may choose in place of `picture`."""
    dated: int | None = None
    """`published` exactly as the feed has it, perhaps in the future: used to tell entries apart."""
    linked: tuple[str, ...] = ()
    """What its text links to, in the form of `articles.urls.identity`: perhaps our own articles."""
    as_before: str = ""
    """Its fingerprint as read in the feed's last window, if that differs (`articles.windows`)."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as read: its own title and what it carries now, in the feed's order."""

    title: str
    site: str = ""
    language: str = ""
    stories: tuple[Story, ...] = ()
    hub: str = ""
    itself: str = ""
    """The feed's own address, as it states it: its hub knows it by that (WebSub's topic)."""
    next_page: str = ""
    notes: tuple[str, ...] = ()
    """Plain sentences about faults of a feed that could be read all the same."""
    own_parts: str = ""
    """What several entries have and so belongs to the paper: to be remembered until the next poll
    (`bot.core.articles.windows`)."""
    torn: bool = False
    """It broke off: the last entry is left out, and there may have been more."""


# --- as kept --------------------------------------------------------------------------------------


class CorrectionKind(StrEnum):
    """How an article changed after it was posted."""

    UPDATED = "updated"  # the newsroom changed something that posts show
    CORRECTED = "corrected"  # an editor states what was wrong
    WITHDRAWN = "withdrawn"  # withdrawn by an editor, or gone from the site
    RESTORED = "restored"  # no longer withdrawn


@dataclass(frozen=True, slots=True)
class Mark:
    """What posts of an article say about its last correction. `reason` may be empty."""

    kind: CorrectionKind
    at: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier article to which another one's text links."""

    id: ArticleId
    headline: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the newsroom's archive keeps it. Plain texts; `feed_title` names the paper."""

    id: ArticleId
    headline: str
    link: str = ""
    lead: str = ""
    body: str = ""
    picture: Picture | None = None
    pictures: tuple[str, ...] = ()
    """Addresses of further pictures: no post shows them unless an editor chooses one."""
    source: str = ""
    author: str = ""
    topics: tuple[str, ...] = ()
    published: int | None = None
    first_seen: int = 0
    language: str = ""
    feed_title: str = ""
    link_refused: bool = False
    """Telegram accepts no button with its address."""
    retracted_at: int | None = None
    comments: int = 0
    """How many published comments it has."""
    revision: int = 1
    """Counts corrections."""
    picture_revision: int = 1
    """The revision that brought the picture."""
    file_id: str = ""
    """Telegram's file id of the picture, once it has been sent."""
    mark: Mark | None = None
    """The correction that its posts show."""
    own_headline: str = ""
    """An editor's headline for Telegram; the feed's is kept beside it."""
    own_lead: str = ""
    own_picture: str = ""
    """An address or a file id; `-` for none."""
    linked: tuple[str, ...] = ()
    """What its text links to, as in a Story."""
    earlier: Earlier | None = None
    """The newest of our earlier articles to which its text links."""

    @property
    def title(self) -> str:
        """The headline as readers see it."""
        return self.own_headline or self.headline


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that Kabar knows. `language` is empty until somebody chooses one."""

    id: ChatId
    telegram_id: TelegramId
    kind: ChatKind
    title: str = ""
    username: str = ""
    language: str = ""
    gone: bool = False
    threaded: bool = False
    """A channel whose discussion group shows the comments: its posts carry no buttons."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decided: an editor's or a moderator's Telegram id and name; id 0 is a rule."""

    id: TelegramId
    name: str


# --- as seen --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: exactly one of `url` and `data` (at most 64 bytes) is set."""

    text: str
    url: str = ""
    data: str = ""


Keyboard = tuple[tuple[Button, ...], ...]


def in_rows(buttons: Iterable[Button], width: int) -> Keyboard:
    """Buttons in rows, as many in each as there is room for."""
    waiting = iter(buttons)
    return tuple(iter(lambda: tuple(islice(waiting, width)), ()))


PICTURE_HERE = '<img src="tg://photo?id=picture"/>'
"""Where a rich message shows its picture (Bot API 10.2)."""


@dataclass(frozen=True, slots=True)
class Rich:
    """A message of blocks (Bot API 10.1): HTML with headings, lists, pictures; up to 32,768
    characters. `photo` (an http(s) address or a file id) is shown at `PICTURE_HERE`."""

    html: Html
    keyboard: Keyboard = ()
    photo: str = ""
    rtl: bool = False
    """Its text runs from right to left."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message as a chat is to see it.

    With `photo` (an http(s) address or a file id) the text is its caption (at most 1,024
    characters after parsing), else a text message (at most 4,096). `preview` is an address whose
    preview is shown large above the text; None means no preview at all.
    """

    text: Html
    photo: str | None = None
    preview: str | None = None
    keyboard: Keyboard = ()
    prompt: str | None = None
    """Asks for a reply to this message (force reply), with this placeholder in the input field."""
    silent: bool = False
    reply_to: int | None = None
    """The message of the same chat that it answers."""
    selective: bool = False
    """The prompt is only for people mentioned in the text."""
    copy_of: tuple[TelegramId, tuple[int, ...]] | None = None
    """Instead of the text: copies of these messages of another chat. Albums stay albums."""
    strict: bool = False
    """Not to be sent at all if the message that it answers is gone."""
    removes: tuple[int, ...] = ()
    """Of an edit: these messages of the chat are deleted; where Telegram does not let us, the text,
    if any, replaces that of the message."""
    recaptions: int = 0
    """Instead of a new message: the text becomes the caption of this message of the chat."""
    new_topic: str = ""
    """Instead of a message: create a forum topic with this name."""
    reopen: int = 0
    """Instead of a message: reopen this forum topic."""
    rich: Rich | None = None
    """Sent instead where the server supports rich messages."""


class Destination(NamedTuple):
    """Where a message goes: Telegram's chat id and, in a forum, the topic (0 = none). (A tuple, for
    one is made for each message: a frozen dataclass takes three times as long.)"""

    telegram_id: TelegramId
    thread: int = 0
    kind: ChatKind = ChatKind.PRIVATE


# --- on its way -----------------------------------------------------------------------------------


class SendResult(NamedTuple):
    """The result of one request, in our own terms (see `bot.telegram`). (A tuple, as `Destination`
    is.)

    `message_id` and `file_id` are set on success; `description` is Telegram's sentence, lower
    case, without its prefix; `retry_after` in seconds.
    """

    status: SendStatus
    message_id: int | None = None
    file_id: str | None = None
    description: str = ""
    retry_after: float | None = None
    migrated_to: TelegramId | None = None
    message_ids: tuple[int, ...] = ()
    """The ids of several messages (copies of an album), in order."""


class SendStatus(StrEnum):
    OK = "ok"
    FLOOD = "flood"  # 429
    REFUSED = "refused"  # 400 without a special meaning
    FORBIDDEN = "forbidden"  # 403, or the chat does not exist
    MIGRATED = "migrated"  # the group became a supergroup
    UNSENT = "unsent"  # the request did not leave, or Telegram says 5xx before acting
    UNKNOWN = "unknown"  # the connection broke after the request may have arrived
    UNAUTHORISED = "unauthorised"  # 401 or 404: the token is wrong
