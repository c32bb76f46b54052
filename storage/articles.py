"""Articles as the archive keeps them. Knows rows and topics, no feed formats, no messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import orjson

from bot.core.articles.likeness import content_key, fingerprint, headline_key
from bot.core.articles.urls import host, identity
from bot.core.model import (
    Article,
    ArticleId,
    CorrectionKind,
    Earlier,
    FeedId,
    Mark,
    Picture,
    Story,
)
from bot.core.readers.topics import key_of
from storage.database import Connection, Database, Row, Sql, in_both, json_list, numbers
from storage.topic_labels import ensure_topics

_SELECT = (
    "SELECT article.*, CASE WHEN feed.name <> '' THEN feed.name ELSE feed.title END AS feed_title,"
    " feed.address AS feed_address,"
    " (SELECT {topics} FROM (SELECT topic.name FROM article_topic"
    "  JOIN topic ON topic.id = topic_id WHERE article_id = article.id ORDER BY place) AS its)"
    " AS topics, (SELECT {earlier} FROM article AS one"
    "  WHERE one.link_key IN {linked} AND one.link_key <> '' AND one.id <> article.id"
    "  AND one.sort_at <= article.sort_at AND one.retracted_at IS NULL AND one.hold = ''"
    "  ORDER BY one.sort_at DESC, one.id DESC LIMIT 1) AS linked_before"
    " FROM article LEFT JOIN feed ON feed.id = article.feed_id"
)
_ORDER = "ORDER BY article.sort_at DESC, article.id DESC"


_NAMED = "one.id, CASE one.own_headline WHEN '' THEN one.headline ELSE one.own_headline END"
_EARLIER = {
    "sqlite": f"json_array({_NAMED})",
    "postgresql": f"CAST(json_build_array({_NAMED}) AS text)",
}
_LINKED = {
    "sqlite": "(SELECT value FROM json_each(article.linked))",
    "postgresql": "(SELECT json_array_elements_text(CAST(article.linked AS json)))",
}


@cache
def _select(rest: str) -> Sql:
    """A SELECT of whole articles; `rest` is what follows FROM."""
    return in_both(
        f"{_SELECT} {rest}",
        topics=json_list("name"),
        ids=numbers("ids"),
        earlier=_EARLIER,
        linked=_LINKED,
    )


def _article(row: Row) -> Article:
    picture = Picture(row["picture"], row["caption"], row["credit"]) if row["picture"] else None
    return Article(
        id=ArticleId(row["id"]),
        headline=row["headline"],
        link=row["link"],
        lead=row["lead"],
        body=row["body"],
        picture=picture,
        pictures=tuple(row["further_pictures"].split()),
        source=row["source"],
        author=row["author"],
        topics=tuple(orjson.loads(row["topics"])),
        published=row["published_at"],
        first_seen=row["first_seen_at"],
        language=row["language"],
        feed_title=row["feed_title"] or ("" if row["link"] else host(row["feed_address"] or "")),
        link_refused=row["link"] != "" and row["refused_link"] == row["link"],
        retracted_at=row["retracted_at"],
        comments=row["comments"],
        revision=row["revision"],
        picture_revision=row["picture_revision"],
        file_id=row["file_id"],
        mark=(
            Mark(CorrectionKind(row["mark"]), row["mark_at"], row["mark_reason"])
            if row["mark"]
            else None
        ),
        own_headline=row["own_headline"],
        own_lead=row["own_lead"],
        own_picture=row["own_picture"],
        linked=tuple(orjson.loads(row["linked"])),
        earlier=Earlier(*orjson.loads(row["linked_before"])) if row["linked_before"] else None,
    )


def as_story(article: Article) -> Story:
    """An article in the form of what a feed or page says."""
    return Story(
        key="",
        headline=article.headline,
        link=article.link,
        lead=article.lead,
        body=article.body,
        picture=article.picture,
        pictures=article.pictures,
        source=article.source,
        author=article.author,
        topics=article.topics,
        published=article.published,
        language=article.language,
        linked=article.linked,
    )


async def get(cx: Connection, article_id: int) -> Article | None:
    row = await cx.row(_select("WHERE article.id = :id"), id=article_id)
    return _article(row) if row else None


async def is_public(cx: Connection, article_id: int) -> bool:
    """Whether readers may see it: it is not held or stopped by an editor."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM article WHERE id = :id AND hold = '')", id=article_id
        )
    )


async def shown_state(cx: Connection, article_id: int) -> Row | None:
    """The values that decide what its posts show, and the form its picture is offered in: revision,
    comments, retracted_at, picture, picture_revision, picture_step, file_id, and whether the
    picture is awaited. Read for every delivery."""
    shown = "CASE own_picture WHEN '' THEN picture WHEN '-' THEN '' ELSE own_picture END"
    return await cx.row(
        f"SELECT revision, comments, retracted_at, {shown} AS picture, picture_revision,"
        " picture_step, file_id, EXISTS (SELECT 1 FROM awaited_picture AS w"
        f" WHERE w.article_id = article.id AND w.address = {shown}) AS awaited"
        " FROM article WHERE id = :id",
        id=article_id,
    )


async def by_link(cx: Connection, link: str) -> Article | None:
    """The newest article with this canonical link."""
    row = await cx.row(
        _select("WHERE article.link = :link AND :link <> '' ORDER BY article.id DESC LIMIT 1"),
        link=link,
    )
    return _article(row) if row else None


async def many(cx: Connection, ids: Iterable[int]) -> list[Article]:
    """The articles with these numbers, in the given order; unknown ones are left out."""
    wanted = list(ids)
    rows = await cx.rows(_select("WHERE article.id IN {ids}"), ids=orjson.dumps(wanted).decode())
    found = {row["id"]: _article(row) for row in rows}
    return [found[one] for one in wanted if one in found]


async def newest(cx: Connection, *, limit: int, topic: str | None = None) -> list[Article]:
    """The newest articles that are not retracted, newest first, of one topic or of all."""
    if topic is None:
        rows = await cx.rows(
            _select(f"WHERE article.retracted_at IS NULL AND hold = '' {_ORDER} LIMIT :limit"),
            limit=limit,
        )
    else:
        rows = await cx.rows(
            _select(
                "WHERE article.retracted_at IS NULL AND hold = ''"
                " AND EXISTS (SELECT 1 FROM article_topic"
                " JOIN topic ON topic.id = topic_id WHERE article_id = article.id AND key = :key)"
                f" {_ORDER} LIMIT :limit"
            ),
            key=key_of(topic),
            limit=limit,
        )
    return [_article(row) for row in rows]


async def newest_page(cx: Connection, *, seen_by: int, offset: int, limit: int) -> list[Article]:
    """A page of the newest as of `seen_by`: later ones do not shift it."""
    rows = await cx.rows(
        _select(
            "WHERE article.retracted_at IS NULL AND hold = '' AND first_seen_at <= :seen"
            f" {_ORDER} LIMIT :limit OFFSET :offset"
        ),
        seen=seen_by,
        offset=offset,
        limit=limit,
    )
    return [_article(row) for row in rows]


async def add(
    tx: Connection,
    story: Story,
    *,
    of: Story | None = None,
    feed_id: FeedId | None,
    origin: str,
    now: int,
) -> ArticleId:
    """A new article with its topics. `origin` is feed, import or archive; `of` is the story as in
    the feed, if its page has completed it: corrections are recognised by that."""
    article_id = await tx.value(
        "INSERT INTO article (feed_id, link, link_key, headline_key, content_key, fingerprint,"
        " posted, headline, lead, body, linked, picture, further_pictures, caption, credit, source,"
        " author, language, published_at, first_seen_at, sort_at, origin) VALUES (:feed_id, :link,"
        " :link_key, :headline_key, :content_key, :fingerprint, :fingerprint, :headline, :lead,"
        " :body, :linked, :picture, :further, :caption, :credit, :source, :author, :language,"
        " :published_at, :now, :sort_at, :origin) RETURNING id",
        feed_id=feed_id,
        origin=origin,
        now=now,
        **_columns(story, of or story, now),
    )
    await add_topics(tx, article_id, story.topics)
    return ArticleId(article_id)


_SAME = "picture = :picture OR :same = 1"


async def correct(
    tx: Connection,
    article_id: ArticleId,
    story: Story,
    *,
    of: Story | None = None,
    now: int,
    seen: bool = True,
    same_picture: bool = False,
) -> None:
    """Store what the newsroom changed; posts that show an older revision are updated. `seen` is
    false if posts show nothing of the change (a longer text to search in), or not yet.
    `same_picture`: only its address differs (another signature)."""
    columns = _columns(story, of or story, now)
    if story.published is None:
        columns["sort_at"] = None  # an undated article keeps its place
    await tx.run(
        "UPDATE article SET link = :link, link_key = :link_key, headline_key = :headline_key,"
        " content_key = :content_key, fingerprint = :fingerprint,"
        " posted = CASE WHEN :step = 1 THEN :fingerprint ELSE posted END,"
        " revision = revision + :step, headline = :headline, lead = :lead, body = :body,"
        " linked = :linked,"
        f" file_id = CASE WHEN {_SAME} THEN file_id ELSE '' END,"
        f" picture_step = CASE WHEN {_SAME} THEN picture_step ELSE 'url' END,"
        f" picture_revision = CASE WHEN {_SAME} THEN picture_revision ELSE revision + :step END,"
        " picture = :picture, further_pictures = :further, caption = :caption, credit = :credit,"
        " source = :source, author = :author, language = :language, published_at = :published_at,"
        " sort_at = COALESCE(:sort_at, sort_at) WHERE id = :id",
        id=article_id,
        step=int(seen),
        same=int(same_picture),
        **columns,
    )
    await add_topics(tx, article_id, story.topics)


async def add_topics(tx: Connection, article_id: ArticleId, names: Sequence[str]) -> bool:
    """Add topics to those it has (the same story may come from two feeds). Returns whether one of
    them was new."""
    added = 0
    for place, topic_id in enumerate(await ensure_topics(tx, names)):
        added += await tx.run(
            "INSERT INTO article_topic (article_id, topic_id, place) VALUES (:id, :topic, :place)"
            " ON CONFLICT DO NOTHING",
            id=article_id,
            topic=topic_id,
            place=place,
        )
    return added > 0


async def retract(tx: Connection, article_id: ArticleId, *, now: int) -> bool:
    """Marks it as withdrawn; returns False when it already was. Nothing is deleted."""
    return bool(
        await tx.run(
            "UPDATE article SET retracted_at = :now, missing = 0, revision = revision + 1"
            " WHERE id = :id AND retracted_at IS NULL",
            id=article_id,
            now=now,
        )
    )


async def set_breaking(tx: Connection, article_id: int) -> None:
    """The feed's own label makes it breaking news."""
    await tx.run("UPDATE article SET breaking = 1 WHERE id = :id", id=article_id)


async def say_anew(tx: Connection, article_id: int) -> None:
    """Its posts no longer show it as it is to be shown: have them updated."""
    await tx.run("UPDATE article SET revision = revision + 1 WHERE id = :id", id=article_id)


async def restore(tx: Connection, article_id: int) -> None:
    """Remove the mark."""
    await tx.run(
        "UPDATE article SET retracted_at = NULL, missing = 0, revision = revision + 1"
        " WHERE id = :id",
        id=article_id,
    )


async def set_missing(tx: Connection, article_id: ArticleId, missing: int) -> None:
    """How many checks in a row found its page gone; below 0: how many found it, though it had left
    its feed."""
    await tx.run(
        "UPDATE article SET missing = :missing WHERE id = :id", id=article_id, missing=missing
    )


async def refuse_link(tx: Connection, article_id: int, link: str) -> None:
    """Note that Telegram accepts no button with this address of an article."""
    await tx.run("UPDATE article SET refused_link = :link WHERE id = :id", id=article_id, link=link)


_BATCH = 500


async def ensure_keys(db: Database) -> None:
    """Give articles stored by an older Kabar the keys by which they are recognised."""
    while True:
        async with db.reading() as cx:
            rows = await cx.rows(
                _select("WHERE article.headline_key IS NULL ORDER BY article.id LIMIT :most"),
                most=_BATCH,
            )
        if not rows:
            return
        known = [_article(row) for row in rows]
        async with db.transaction() as tx:
            await tx.run_many(
                "UPDATE article SET link_key = :link, headline_key = :head, content_key = :content"
                " WHERE id = :id",
                [
                    {
                        "id": one.id,
                        "link": identity(one.link),
                        "head": headline_key(one),
                        "content": content_key(one),
                    }
                    for one in known
                ],
            )


def _columns(story: Story, told: Story, now: int) -> dict[str, object]:
    picture = story.picture or Picture("")
    return {
        "link": story.link,
        "link_key": identity(story.link),
        "headline_key": headline_key(told),
        "content_key": content_key(told),
        "fingerprint": fingerprint(told),
        "headline": story.headline,
        "lead": story.lead,
        "body": story.body,
        "linked": orjson.dumps(story.linked).decode(),
        "picture": picture.address,
        "further": "\n".join(story.pictures),
        "caption": picture.caption,
        "credit": picture.credit,
        "source": story.source,
        "author": story.author,
        "language": story.language,
        "published_at": story.published,
        "sort_at": min(story.published if story.published is not None else now, now),
    }
