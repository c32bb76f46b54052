"""Stores what a feed says differently now, in the caller's transaction, and when posts say so."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.core.articles import likeness, urls
from bot.core.articles.merging import merge, needs_page
from bot.core.editorial.corrections import FRESH_SECONDS, deserves_mark, gained_erratum
from bot.core.feeds import calm
from bot.core.feeds.plan import Correction
from bot.core.model import Article, CorrectionKind, Story
from bot.news.readings import Readings, leave_page, with_page
from storage import Connection, articles, corrections, deliveries, indexing, restless
from storage import desk as held

log = structlog.get_logger("ingest")

_TEXTS = 12
"""So many earlier texts of an article are remembered, to recognise a return to one."""


async def correct(
    tx: Connection,
    one: Correction,
    readings: Readings,
    *,
    every: int,
    mark: bool,
    now: int,
) -> bool:
    """Store a correction. Returns whether posts are edited now."""
    before = await articles.get(tx, one.article.id)
    if before is None:
        return False
    told = one.story if one.whole else _patched(before, one)
    whole = _corrected(one, before, readings) if one.whole else told
    known, back = one.article, likeness.fingerprint(told) == one.article.posted
    changed = likeness.shown(before) != likeness.shown(whole)
    pace = calm.pace(known.edited, doubtful=one.doubtful, every=every, now=now)
    goes_out = changed and not back and not pace.restless
    await articles.correct(
        tx,
        known.id,
        whole,
        of=told,
        now=now,
        seen=goes_out,
        same_picture=_same_picture(before, whole),
    )
    await indexing.index(tx, known.id)
    if one.whole:
        await leave_page(tx, known.id, one.story, readings, now=now)
    if changed or back:
        said = one.before or likeness.fingerprint(before)
        earlier = list(dict.fromkeys((*known.earlier, said)))[-_TEXTS:]
        how = calm.Pace(known.edited) if back else pace
        await restless.wait(tx, known.id, " ".join(earlier), how)
    if changed:
        await held.refresh_cards(tx, known.id, now=now)
    reason = ""
    if changed:
        reason = gained_erratum(before, whole, await restless.untold(tx, known.id))
        await restless.set_untold(tx, known.id, "" if goes_out or back else reason)
    if goes_out:
        posted_at = await corrections.posted_at(tx, known.id)
        if mark and posted_at is not None:
            late = deserves_mark(before, whole, posted_at=posted_at, now=now)
            await _mark(tx, known.id, reason, late=late, now=now)
        await deliveries.announce_edit(tx, known.id, now=now, correction=True)
    elif changed and not back:
        log.info("article.restless", article=known.id, edits_at=pace.settle_at)
    return goes_out


async def update_settled(tx: Connection, *, mark: bool = True, now: int) -> bool:
    """Update the posts of articles that have stopped changing, and say so (`mark`). Returns whether
    there were any."""
    rows = await restless.at_rest(tx, now)
    for row in rows:
        returns = row["fingerprint"] in row["earlier"].split()
        edited = calm.went_out(row["edited"], returns=returns, now=now)
        await restless.show(tx, row["id"], edited=edited)
        posted_at = await corrections.posted_at(tx, row["id"])
        seen = likeness.changes(row["posted"], row["fingerprint"]) - {"link"}
        late = bool(seen) and posted_at is not None and now - posted_at > FRESH_SECONDS
        if mark and posted_at is not None:
            reason = await restless.untold(tx, row["id"])
            await _mark(tx, row["id"], reason, late=late, now=now)
        await restless.set_untold(tx, row["id"], "")
        await deliveries.announce_edit(tx, row["id"], now=now, correction=True)
        log.info("article.settled", article=row["id"])
    return bool(rows)


def _patched(article: Article, one: Correction) -> Story:
    """An article with a correction from a feed other than its own: the parts that it shows in that
    feed's words, or its headline if the feed did not have it before."""
    ours = articles.as_story(article)
    same = likeness.changes(likeness.fingerprint(ours), one.before)
    fields = {name for name in one.fields if not one.before or name not in same}
    told = one.story
    if "lead" in fields and told.lead:
        body, linked = (told.body, told.linked) if told.body else (ours.body, ours.linked)
        ours = replace(ours, lead=told.lead, body=body, linked=linked)
    if "picture" in fields and told.picture is not None:
        ours = replace(ours, picture=told.picture)
    return replace(
        ours,
        headline=told.headline if "headline" in fields and told.headline else ours.headline,
        source=told.source if "source" in fields and told.source else ours.source,
        link=told.link if "link" in fields and told.link else ours.link,
    )


def _same_picture(before: Article, whole: Story) -> bool:
    if before.picture is None or whole.picture is None:
        return False
    ours, theirs = before.picture.address, whole.picture.address
    return urls.picture_identity(ours) == urls.picture_identity(theirs)


def _corrected(one: Correction, known: Article, readings: Readings) -> Story:
    """An article with only what its feed changed: a short feed's page had said more than the feed,
    and so may another feed."""
    whole = with_page(one.story, readings)
    if whole is not None:
        return whole
    story, ours = one.story, articles.as_story(known)
    if needs_page(story):
        story = merge(story, ours)
    return replace(
        story,
        headline=story.headline if "headline" in one.fields else ours.headline,
        lead=story.lead if "lead" in one.fields else ours.lead,
        picture=story.picture if "picture" in one.fields else ours.picture,
        source=story.source if "source" in one.fields else ours.source,
    )


async def _mark(tx: Connection, article_id: int, reason: str, *, late: bool, now: int) -> None:
    """What readers saw has changed: posts say so, with the time, if the change came `late`; and
    with the reason, if the text itself has gained an erratum."""
    if reason:
        await corrections.add(tx, article_id, CorrectionKind.CORRECTED, reason=reason, now=now)
    elif late:
        await corrections.add(tx, article_id, CorrectionKind.UPDATED, now=now)
