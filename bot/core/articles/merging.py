"""What an article's page adds to what its feed says. Knows stories, no markup: it only decides;
pages are read elsewhere."""

from __future__ import annotations

from dataclasses import replace

from bot.core.articles import placeholders, sizes
from bot.core.articles import urls as addresses
from bot.core.model import Picture, Story

_ENOUGH = 400
"""Characters: a text this long in a feed is more than a summary."""


def needs_page(story: Story) -> bool:
    """Whether the feed gave only a summary, no picture or a small one, so that its page is worth
    fetching."""
    small = story.picture is None or sizes.looks_small(story.picture.address)
    return bool(story.link) and (len(story.body) < _ENOUGH or small)


def merge(story: Story, page: Story) -> Story:
    """A feed's story with what its article's page adds: a longer text, the picture, its caption
    and credit, the source, the author. Headline and date stay as the feed has them."""
    longer = len(page.body) > len(story.body) * 3 // 2 and len(page.body) > len(story.body) + 200
    return replace(
        story,
        headline=story.headline or page.headline,
        link=story.link or page.link,
        lead=page.lead if page.lead and (longer or not story.lead) else story.lead,
        body=page.body if longer else story.body,
        linked=page.linked if longer else story.linked,
        picture=_merged(story.picture, page.picture),
        source=story.source or page.source,
        author=story.author or page.author,
        topics=story.topics or page.topics,
        published=story.published if story.published is not None else page.published,
        language=story.language or page.language,
    )


def _merged(ours: Picture | None, theirs: Picture | None) -> Picture | None:
    if ours is None or theirs is None:
        return ours or theirs
    alike = (
        addresses.picture_identity(ours.address).rpartition("/")[2]
        == (addresses.picture_identity(theirs.address).rpartition("/")[2])
    )
    if placeholders.is_named_badly(ours.address) and not (
        placeholders.is_named_badly(theirs.address) or sizes.looks_small(theirs.address)
    ):
        return theirs
    if not alike and (ours.caption or ours.credit):
        return ours
    if sizes.looks_small(ours.address) and not sizes.looks_small(theirs.address):
        ours = replace(ours, address=theirs.address)
    return replace(
        ours, caption=ours.caption or theirs.caption, credit=ours.credit or theirs.credit
    )
