"""Where 📖 leads, and what is previewed: the article's address and the operator's parameters. Pure.

    https://paper.example/a?id=3   +   utm_source=telegram&utm_campaign={topic}
    -> https://paper.example/a?id=3&utm_source=telegram&utm_campaign=Ekonomi

Parameters that an address already has stay as they are. Identity and search use articles' addresses
without any of this: nothing here is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from bot.core.model import Article, ChatKind, TelegramId

_KINDS = {
    ChatKind.PRIVATE: "private",
    ChatKind.GROUP: "group",
    ChatKind.SUPERGROUP: "group",
    ChatKind.CHANNEL: "channel",
}
PLACES = ("kind", "topic", "article")
"""The names that `{...}` in the parameters may use."""


@dataclass(frozen=True, slots=True)
class LinkStyle:
    """`parameters` as in `KABAR_LINK_PARAMETERS`; `instant_view` is the `rhash` of the paper's
    Instant View template; `read_here` puts 📄 under posts, which opens the article in Telegram."""

    parameters: str = ""
    instant_view: str = ""
    read_here: bool = False

    def read_on(self, article: Article, kind: ChatKind) -> str:
        """The address behind 📖."""
        return self._with(article, _KINDS[kind])

    def inline(self, article: Article) -> str:
        """The same for an article that somebody shares."""
        return self._with(article, "inline")

    def preview(self, article: Article) -> str:
        """The address that a post without a picture shows a preview of."""
        if not self.instant_view or not article.link:
            return article.link
        return f"https://t.me/iv?url={quote(article.link, safe='')}&rhash={self.instant_view}"

    def _with(self, article: Article, kind: str) -> str:
        if not self.parameters or not article.link:
            return article.link
        parts = urlsplit(article.link)
        has = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        topic = article.topics[0] if article.topics else ""
        values = {"kind": kind, "topic": topic, "article": str(article.id)}
        added = [
            (name, _filled(value, values))
            for name, value in parse_qsl(self.parameters, keep_blank_values=True)
            if name not in has
        ]
        query = "&".join(filter(None, (parts.query, urlencode(added))))
        return urlunsplit(parts._replace(query=query))


PLAIN = LinkStyle()

_SUPERGROUP = "-100"  # prefix of the ids of groups and channels whose messages have addresses


def message_address(chat: TelegramId, username: str, message_id: int) -> str:
    """The address of a message in a group or channel; empty if its messages have none."""
    if username:
        return f"https://t.me/{username}/{message_id}"
    number = str(chat)
    if not number.startswith(_SUPERGROUP):
        return ""
    return f"https://t.me/c/{number.removeprefix(_SUPERGROUP)}/{message_id}"


def _filled(value: str, values: dict[str, str]) -> str:
    for name, text in values.items():
        value = value.replace(f"{{{name}}}", text)
    return value


def unknown_places(parameters: str) -> list[str]:
    """The names in `{...}` that are not in PLACES."""
    left = parameters
    for name in PLACES:
        left = left.replace(f"{{{name}}}", "")
    return [part.partition("}")[0] for part in left.split("{")[1:]]
