"""Commands about the news: preview a feed, search the archive, import articles.

They need no token and send nothing.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot import i18n
from bot.cli.archive import index_with_bar, opened, progress
from bot.core.articles.merging import merge, needs_page
from bot.core.articles.urls import host
from bot.core.errors import OperatorError
from bot.core.feeds import parse
from bot.core.html import shown
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, ChatKind, ParsedFeed, Story
from bot.core.posts.article import post, source_name
from bot.core.search import query
from bot.core.search.found import SearchPage
from bot.fetch import Fetched, Fetcher
from bot.news import discovery
from bot.news.page_reader import Pages
from bot.reading.reader import InThread
from bot.settings import StoreSettings, with_scheme
from storage import reindexing, search

_FILES = frozenset((".xml", ".rss", ".rdf", ".atom", ".json", ".html", ".htm", ".txt"))
_MOST_PAGES = 20


# --- preview --------------------------------------------------------------------------------------


def preview(
    settings: StoreSettings, address: str, *, as_json: bool, limit: int | None, pages: bool
) -> None:
    """How a feed's entries would look as posts, newest first: the first `limit` of them. Takes an
    address or a file; with `pages` short entries are completed from their pages, as the bot does.
    """
    now = int(time.time())
    file = _file(address)
    if file is not None:
        found, parsed = "", _from_file(file, now, settings.zone)
    else:
        complete = min(limit or _MOST_PAGES, _MOST_PAGES) if pages else 0
        found, parsed = asyncio.run(_fetched(settings, with_scheme(address), now, complete))
    tr = i18n.load(settings.language, settings.zone)
    console = Console()
    for story in parsed.stories[:limit]:
        article = _as_article(story, parsed.title or ("" if story.link else host(found or address)))
        if as_json:
            print(orjson.dumps(_as_json(article, story, tr, now)).decode())
        else:
            console.print(_panel(article, story, tr, now))
    notes = (f"The feed was found at {found}.", *parsed.notes) if found else parsed.notes
    if not as_json:
        count = len(parsed.stories)
        entries = "1 entry" if count == 1 else f"{count:,} entries"
        console.print(f"{entries} in {parsed.title or address}", markup=False, highlight=False)
    for note in notes:
        Console(stderr=as_json).print(note, style="yellow", markup=False, highlight=False)


def _file(name: str) -> Path | None:
    """The file meant, if it is a file and not an address. Raises OperatorError if it is neither."""
    path = Path(name)
    try:
        if path.is_file():
            return path
        if name and path.is_dir():
            raise OperatorError(f"{name} is a folder; preview needs a file or an address.")
    except (OSError, ValueError):  # too long for a name, a null character
        path = Path()
    file_like = path.suffix.lower() in _FILES and "/" not in name
    if "://" not in with_scheme(name) or file_like:
        raise OperatorError(f"{name} is neither an http address nor a file.")
    return None


def _from_file(file: Path, now: int, zone: tzinfo) -> ParsedFeed:
    try:
        with file.open("rb") as stream:
            body = stream.read(parse.MAX_BYTES)
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error
    got = Fetched(200, file.absolute().as_uri(), body)
    return asyncio.run(discovery.read_feed(InThread(), got, now=now, zone=zone))


async def _fetched(
    settings: StoreSettings, address: str, now: int, complete: int
) -> tuple[str, ParsedFeed]:
    """The feed, and where it was found if that is elsewhere; the first `complete` entries with what
    their pages add."""
    async with Fetcher(
        allow_private=settings.allow_private_addresses, agent=settings.user_agent
    ) as fetcher:
        got, parsed = await discovery.feed_at(
            fetcher, InThread(), address, now=now, zone=settings.zone
        )
        if complete:
            parsed = await _completed(
                Pages(fetcher, clock=lambda: now, zone=settings.zone), parsed, complete
            )
    return got.address if got.address != address else "", parsed


async def _completed(reader: Pages, parsed: ParsedFeed, limit: int) -> ParsedFeed:
    stories = list(parsed.stories)
    short = [n for n, story in enumerate(stories[:limit]) if needs_page(story)]
    with progress() as bar:
        task = bar.add_task("Pages", total=len(short), note="")
        for n in short:
            reading = await reader.read(stories[n].link)
            if reading.story is not None:
                stories[n] = merge(stories[n], reading.story)
            bar.advance(task)
    return replace(parsed, stories=tuple(stories))


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


def _panel(article: Article, story: Story, tr: Translator, now: int) -> Panel:
    message = post(article, tr, bot_username="", kind=ChatKind.PRIVATE, commenting=False, now=now)
    text = Text()
    if article.picture:
        text.append(f"🖼  {article.picture.address}\n\n", style="cyan")
    head, _, rest = shown(message.text).partition("\n")
    text.append(head + "\n", style="bold")
    text.append(rest)
    fields = {
        "link": article.link,
        "source": source_name(article),
        "author": article.author,
        "caption": article.picture.caption if article.picture else "",
        "credit": article.picture.credit if article.picture else "",
        "topics": ", ".join(article.topics),
        "published": moment(article.published, tr.zone),
        "updated": moment(story.updated, tr.zone),
        "language": article.language,
        "id": story.key,
    }
    text.append("\n")
    for name, value in fields.items():
        if value:
            text.append(f"\n{name}: {value}", style="dim")
    return Panel(text, width=min(Console().width, 90))


# --- search ---------------------------------------------------------------------------------------


def search_archive(settings: StoreSettings, words: str, *, limit: int, as_json: bool) -> None:
    """The search behind /search, from the shell."""

    async def work() -> SearchPage:
        wanted = query.parse(words, zone=settings.zone, now=int(time.time()))
        async with opened(settings, create=False) as db:
            async with db.reading() as cx:
                made = await reindexing.is_made(cx)
            if not made:  # an older index answers meanwhile; `kabar run` rebuilds it
                await index_with_bar(db)
            async with db.reading() as cx:
                now = int(time.time())
                return await search.search(cx, wanted, now=now, limit=limit, folded=False)

    console = Console()
    found = asyncio.run(work())
    for one in found.repairs:
        print(f"{one.typed}: searched as {', '.join(one.words)}", file=sys.stderr)
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
