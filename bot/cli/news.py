"""Commands about the news: preview a feed, search the archive, import articles.

They need no token and send nothing.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot import fetch, i18n
from bot.cli.archive import opened
from bot.core import feed, page, query
from bot.core.errors import FeedError, OperatorError
from bot.core.html import shown
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, ChatKind, ParsedFeed, Story
from bot.core.render import post, source_name
from bot.fetch import Fetcher
from bot.settings import StoreSettings
from storage import indexing, search

_BATCH = 500


# --- preview --------------------------------------------------------------------------------------


def preview(settings: StoreSettings, address: str, *, as_json: bool) -> None:
    """How a feed's entries would look as posts, newest first. Takes an address or a file."""
    now = int(time.time())
    parsed = (
        asyncio.run(_fetched(settings, address, now))
        if "://" in address
        else _from_file(Path(address), now, settings.zone)
    )
    tr = i18n.load(settings.language, settings.zone)
    console = Console()
    for story in parsed.stories:
        article = _as_article(story, parsed.title)
        if as_json:
            print(orjson.dumps(_as_json(article, story, tr, now)).decode())
        else:
            console.print(_panel(article, tr, now))
    if not as_json:
        count = len(parsed.stories)
        entries = "1 entry" if count == 1 else f"{count} entries"
        console.print(f"{entries} in {parsed.title or address}", markup=False, highlight=False)
        for note in parsed.notes:
            console.print(note, style="yellow", markup=False)


def _from_file(file: Path, now: int, zone: tzinfo) -> ParsedFeed:
    if not file.is_file():
        raise OperatorError(f"{file} is neither an http address nor a file.")
    return feed.parse(file.read_bytes(), address=file.absolute().as_uri(), now=now, zone=zone)


async def _fetched(settings: StoreSettings, address: str, now: int) -> ParsedFeed:
    async with Fetcher(allow_private=settings.allow_private_addresses) as fetcher:
        return await read_feed(fetcher, address, now=now, zone=settings.zone)


async def read_feed(fetcher: Fetcher, address: str, *, now: int, zone: tzinfo = UTC) -> ParsedFeed:
    """The feed at an address, or the one behind a site's page. Raises FeedError."""
    got = await fetcher.get(address, accept=fetch.FEED)
    try:
        return feed.parse(
            got.body, address=got.address, content_type=got.content_type, now=now, zone=zone
        )
    except FeedError as error:
        for link in page.feed_links(got.body, address=got.address):
            try:
                behind = await fetcher.get(link, accept=fetch.FEED)
                return feed.parse(
                    behind.body,
                    address=link,
                    content_type=behind.content_type,
                    now=now,
                    zone=zone,
                )
            except FeedError:
                continue
        raise error from None


def _as_article(story: Story, feed_title: str) -> Article:
    return Article(
        id=ArticleId(0),
        headline=story.headline,
        link=story.link,
        lead=story.lead,
        body=story.body,
        picture=story.picture,
        source=story.source,
        author=story.author,
        topics=story.topics,
        published=story.published,
        language=story.language,
        feed_title=feed_title,
    )


def _as_json(article: Article, story: Story, tr: Translator, now: int) -> dict[str, Any]:
    message = post(article, tr, bot_username="", kind=ChatKind.PRIVATE, commenting=False, now=now)
    picture = article.picture
    return {
        "title": article.headline or None,
        "text": shown(message.text),
        "html": message.text,
        "photo": picture.address if picture else None,
        "caption": (picture.caption or None) if picture else None,
        "credit": (picture.credit or None) if picture else None,
        "source": source_name(article) or None,
        "topics": list(article.topics),
        "link": article.link or None,
        "published": moment(article.published, tr.zone),
        "id": story.key,
    }


def moment(epoch: int | None, zone: tzinfo) -> str | None:
    """A time for machines: ISO 8601 in the newsroom's zone."""
    if epoch is None:
        return None
    return datetime.fromtimestamp(epoch, UTC).astimezone(zone).isoformat()


def _panel(article: Article, tr: Translator, now: int) -> Panel:
    message = post(article, tr, bot_username="", kind=ChatKind.PRIVATE, commenting=False, now=now)
    text = Text()
    if article.picture:
        text.append(f"🖼  {article.picture.address}\n\n", style="cyan")
    head, _, rest = shown(message.text).partition("\n")
    text.append(head + "\n", style="bold")
    text.append(rest)
    fields = {
        "link": article.link,
        "author": article.author,
        "caption": article.picture.caption if article.picture else "",
        "credit": article.picture.credit if article.picture else "",
        "topics": ", ".join(article.topics),
        "language": article.language,
    }
    text.append("\n")
    for name, value in fields.items():
        if value:
            text.append(f"\n{name}: {value}", style="dim")
    return Panel(text, width=min(Console().width, 90))


# --- search ---------------------------------------------------------------------------------------


def search_archive(settings: StoreSettings, words: str, *, limit: int, as_json: bool) -> None:
    """The search of /search, from the shell."""

    async def work() -> search.SearchPage:
        wanted = query.parse(words, zone=settings.zone)
        async with opened(settings) as db:
            await indexing.ensure_index(db)
            async with db.reading() as cx:
                return await search.search(cx, wanted, now=int(time.time()), limit=limit)

    console = Console()
    found = asyncio.run(work())
    for hit in found.hits:
        when = moment(hit.published, settings.zone)
        if as_json:
            line = {
                "url": hit.link or None,
                "title": hit.headline,
                "published": when,
                "source": hit.source or None,
                "snippet": hit.snippet_text,
            }
            print(orjson.dumps(line).decode())
        else:
            console.print(Text(hit.headline, style="bold"))
            console.print(Text(f"{hit.source} · {when or ''} · {hit.link}", style="cyan"))
            console.print(Text(hit.snippet_text + "\n"))
    if not found.hits and not as_json:
        print("Nothing found.")
