"""JSON Feed 1.0 and 1.1, and Blogger's `?alt=json` -> entries. Knows JSON; interprets nothing.

Sources: jsonfeed.org/version/1.1; Blogger's form is its Atom with `$t` for text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from bot.core.articles.entry import Document, Entry, Head, Media
from bot.core.feeds.xmltext import NoFeedError

_CALL = re.compile(r"^\s*+(?://[^\n]*+\n\s*+)*+[\w.$]*+\s*+\(\s*+(?=\{)")


def looks_like(text: str) -> bool:
    """Whether a document is JSON, or JSON in a function call (`alt=json-in-script`)."""
    head = text[:400].lstrip()
    return head.startswith(("{", "[")) or bool(_CALL.match(head))


def read_json_feed(text: str, *, limit: int) -> Document:
    """A feed's head and at most `limit` entries. Raises NoFeedError."""
    text = text.strip()
    call = _CALL.match(text)
    if call:
        text = text[call.end() :]
    try:
        data, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        raise NoFeedError("it is JSON that breaks off or has a fault") from None
    if isinstance(data, dict) and isinstance(data.get("feed"), dict):
        return _blogger(data["feed"], limit)
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        return _json_feed(data, limit)
    raise NoFeedError("it is JSON, but no JSON feed (it has no items)")


# --- jsonfeed.org ---------------------------------------------------------------------------------


def _json_feed(data: dict[str, Any], limit: int) -> Document:
    hubs = [hub for hub in _list(data.get("hubs")) if isinstance(hub, dict)]
    pushing = [hub for hub in hubs if _string(hub.get("type")).lower() != "rsscloud"]
    head = Head(
        title=_plain(data.get("title")),
        site=_string(data.get("home_page_url")),
        language=_string(data.get("language")),
        hub=_string(pushing[0].get("url")) if pushing else "",
        itself=_string(data.get("feed_url")),
        next_page=_string(data.get("next_url")),
    )
    author = _author(data)
    items = [item for item in _list(data.get("items"))[:limit] if isinstance(item, dict)]
    return Document(head, [_item(item, author) for item in items])


def _item(item: dict[str, Any], author: str) -> Entry:
    content = _string(item.get("content_html")) or _plain(item.get("content_text"))
    guid = _string(item.get("id"))
    named = guid if guid.startswith(("https://", "http://")) else ""
    return Entry(
        guid=guid,
        title=_plain(item.get("title")),
        link=_string(item.get("url")) or _string(item.get("external_url")) or named,
        content=content,
        summary=_plain(item.get("summary")),
        media=tuple(_item_media(item)),
        published=_string(item.get("date_published")),
        updated=_string(item.get("date_modified")),
        author=_author(item) or author,
        topics=tuple(_string(tag) for tag in _list(item.get("tags"))),
        language=_string(item.get("language")),
    )


def _item_media(item: dict[str, Any]) -> Iterator[Media]:
    for name in ("image", "banner_image"):
        said = item.get(name)
        address = _string(said.get("url") if isinstance(said, dict) else said)
        if address:
            yield Media(address, "content", "image")
    for one in _list(item.get("attachments")):
        if isinstance(one, dict):
            yield Media(_string(one.get("url")), "enclosure", _string(one.get("mime_type")))


def _author(data: dict[str, Any]) -> str:
    for one in (*_list(data.get("authors")), data.get("author")):
        if isinstance(one, dict) and _string(one.get("name")):
            return _string(one.get("name"))
    return ""


# --- Blogger --------------------------------------------------------------------------------------


def _blogger(feed: dict[str, Any], limit: int) -> Document:
    links = _links(feed)
    head = Head(
        title=_dollar(feed.get("title")),
        site=links.get("alternate", ""),
        hub=links.get("hub", ""),
        itself=links.get("self", ""),
        next_page=links.get("next", ""),
        dated=(_text(feed.get("updated")),),
    )
    entries = [one for one in _list(feed.get("entry"))[:limit] if isinstance(one, dict)]
    return Document(head, [_post(one) for one in entries])


def _post(entry: dict[str, Any]) -> Entry:
    thumbnail = entry.get("media$thumbnail")
    address = _string(thumbnail.get("url")) if isinstance(thumbnail, dict) else ""
    authors = [one for one in _list(entry.get("author")) if isinstance(one, dict)]
    topics = [one for one in _list(entry.get("category")) if isinstance(one, dict)]
    return Entry(
        guid=_text(entry.get("id")),
        title=_dollar(entry.get("title")),
        link=_links(entry).get("alternate", ""),
        content=_dollar(entry.get("content")),
        summary=_dollar(entry.get("summary")),
        media=(Media(address, "thumbnail"),) if address else (),
        published=_text(entry.get("published")),
        updated=_text(entry.get("updated")),
        author=_text(authors[0].get("name")) if authors else "",
        topics=tuple(_string(one.get("term")) for one in topics),
    )


def _links(data: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in _list(data.get("link")):
        if isinstance(link, dict):
            found.setdefault(_string(link.get("rel")), _string(link.get("href")))
    return found


def _dollar(value: object) -> str:
    """Blogger's form of an Atom text construct, as markup."""
    if isinstance(value, dict) and value.get("type") in {"text", None}:
        return _plain(value.get("$t"))
    return _text(value)


def _text(value: object) -> str:
    return _string(value.get("$t")) if isinstance(value, dict) else ""


# --- values ---------------------------------------------------------------------------------------


def _string(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("utf-8", "ignore").decode().strip()


def _plain(value: object) -> str:
    """Plain text as markup."""
    text = _string(value)
    if "<" in text or "&" in text:
        return "<p>" + escape(text, quote=False).replace("\n", "<br>") + "</p>"
    return text


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
