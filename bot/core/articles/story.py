"""Entry -> Story: headline, lead, body, picture, caption, credit, source, topics, times.

    markup -> pieces -> picture with its caption | paragraphs without noise -> source | lead

Here a newsroom's article gets its shape. Knows what readers want to see; no feed formats, no
network.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice
from urllib.parse import unquote

from bot.core.articles import body as bodies
from bot.core.articles import caption as captions
from bot.core.articles import dateline, markup, picture, placeholders, source
from bot.core.articles import lead as leads
from bot.core.articles import urls as addresses
from bot.core.articles.body import NO_REFRAINS, Refrains
from bot.core.articles.charset import mend, squeeze
from bot.core.articles.counters import without_counters
from bot.core.articles.dates import PLAIN, DateStyle, written_moment
from bot.core.articles.entry import Entry, Media
from bot.core.articles.escaped import undouble, unentity, without_wrapping
from bot.core.articles.img import Image
from bot.core.articles.language_codes import language_of
from bot.core.articles.markup import Block, Piece
from bot.core.articles.notices import without_notices
from bot.core.articles.paper_name import paper_name
from bot.core.articles.picture import Found
from bot.core.model import Picture, Story
from bot.core.text import cut, same

_TITLE = 5000
_HEADLINE = 300
_LONG_HEADLINE = 160
_SHORT_HEADLINE = 140
_TOPICS = 20
_IMAGES = 40
_STANDING = 300
"""The longest standing line that papers put under their articles."""
_BODY = 200_000
_NO_TOPIC = re.compile(
    r"(?:un-?categori[sz]ed|non class[eé]e?|sin categor[ií]a|(?:sem|senza) categoria"
    r"|bez kateg[oó]ri[ie]|без рубрики|без категор\w+|(?:geen|zonder) categorie|tanpa kategori"
    r"|allgemein|tak berkategori|okategoriserad\w?|ikke kategoriser[et]t|kategorisiz|미분류"
    r"|未分[类類]|غير مصنف|chưa phân loại|ไม่มีหมวดหมู่|article|post|paid|free|https?:.*|[\d\W_]+)$",
    re.IGNORECASE,
)
_MARKUP_SURE = re.compile(r"</[a-z][a-z0-9]{0,9}\s*>|<(?:br|hr|img|p)\b[^<>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:1(?:2[89]|[3-9]\d)|[2-9]\d\d|\d{4,7});")
"""References to characters beyond ASCII."""
_TURNS = re.compile("[\u202a-\u202e]")
"""Bidirectional controls, which would also reverse whatever follows a headline in a list."""
_NO_REPLY = re.compile(r"\(?noreply@blogger\.com\)?")
"""A no-reply address in every entry of Blogger's: never shown, however damaged the feed is."""
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[\W\d_a-f]+|urn:.*", re.IGNORECASE)
"""A publishing system's hexadecimal number: no words."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of the paper whose feed an entry is in."""

    title: str = ""
    site: str = ""
    language: str = ""
    ornaments: frozenset[str] = frozenset()
    refrains: Refrains = NO_REFRAINS
    endings: frozenset[str] = frozenset()
    """What comes after or before its headlines and belongs to none of them."""
    lists: bool = False
    """Whether its labels are comma-separated lists, as `Politik, Dunia`."""
    dates: DateStyle = PLAIN

    @property
    def names(self) -> tuple[str, ...]:
        """The names the paper may use for itself in a dateline."""
        host = addresses.host(self.site)
        return tuple(filter(None, (self.title, host, host.partition(".")[0])))


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry whose markup has been read: the state between the two passes over a feed."""

    entry: Entry
    headline: str
    pieces: tuple[Piece, ...]
    more: tuple[Piece, ...]
    """The pieces of the summary, if the content is something else."""
    pictures: Mapping[Image | Media, str]
    """All real pictures, with their addresses."""


def draft(entry: Entry) -> Draft:
    """Read an entry's markup, the longer text first."""
    plain = tuple(map(_plain, entry.media))
    if plain != entry.media:
        entry = replace(entry, media=plain)
    long, short = without_notices(entry.content), without_notices(entry.summary)
    if len(short) > len(long):
        long, short = short, long
    pieces = tuple(markup.pieces(mend(_numbered(long))))
    more = tuple(markup.pieces(mend(_numbered(short)))) if short else ()
    images = (piece for piece in (*pieces, *more) if isinstance(piece, Image))
    seen = picture.seen(islice(images, _IMAGES), entry.media, entry.base)
    return Draft(entry, headline_of(entry.title), pieces, more, seen)


def _plain(one: Media) -> Media:
    """A picture with the markup in its caption and credit read."""
    if not set("<&") & set(one.caption + one.credit):
        return one
    return replace(one, caption=_words(one.caption), credit=_words(one.credit))


def _words(written: str) -> str:
    pieces = markup.pieces(mend(written))
    return " ".join(piece.text for piece in pieces if isinstance(piece, Block))


def _numbered(text: str) -> str:
    """Markup with its numeric references written out, except for those of markup characters."""
    if "&#" not in text:
        return text
    return _REFERENCE.sub(lambda found: unescape(found.group()), text)


def ornaments(drafts: Sequence[Draft]) -> frozenset[str]:
    """Pictures that belong to the paper and not to an article, because many entries of the feed
    have them; in the form of `addresses.picture_identity`. For one named like a button or a
    placeholder, two entries are enough."""
    many = max(4, len(drafts) * 2 // 5)
    files: Counter[str] = Counter()
    for one in drafts:
        files.update({_file_name(here) for here in one.pictures.values()})
    shared = {file for file, count in files.items() if count > 1}
    if not shared:  # as nearly always: the same picture has one name
        return frozenset()
    counts: Counter[str] = Counter()
    doubtful: set[str] = set()
    for one in drafts:
        of_many = [here for here in one.pictures.values() if _file_name(here) in shared]
        names = {here: addresses.picture_identity(here) for here in of_many}
        counts.update(set(names.values()))
        doubtful.update(name for here, name in names.items() if placeholders.is_furniture(here))
    return frozenset(
        name for name, count in counts.items() if count >= (2 if name in doubtful else many)
    )


def _file_name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


def refrains(drafts: Sequence[Draft]) -> Refrains:
    """Lines that belong to the paper and not to an article."""
    counts: Counter[str] = Counter()
    for one in drafts:
        blocks = (piece for piece in (*one.pieces, *one.more) if isinstance(piece, Block))
        counts.update({line for block in blocks for line in block.text.split("\n")})
    again = {line: count for line, count in counts.items() if count > 1}
    first, last = max(4, len(drafts) * 3 // 10), max(3, len(drafts) * 3 // 20)
    return Refrains(
        often=frozenset(line for line, count in again.items() if count >= first),
        closing=frozenset(
            line for line, count in again.items() if count >= last and len(line) <= _STANDING
        ),
        again=frozenset(again),
    )


def writes_lists(drafts: Sequence[Draft]) -> bool:
    """Whether a feed puts all labels of an entry into one, with commas: no entry has two labels,
    and some labels hold three."""
    labels = [one.entry.topics for one in drafts]
    most = max(map(len, labels), default=0)
    return most == 1 and any(one[0].count(",") >= 2 for one in labels if one)


def story(one: Draft, paper: Paper, *, now: int) -> Story:
    """The story of an entry; its `key` is still empty, since only the whole feed shows which
    identifiers are good."""
    entry = one.entry
    headline = _without_source(one.headline, headline_of(entry.source))
    headline = dateline.untitled(headline, paper.endings)
    headline = without_counters(headline) or headline
    body = _body(one.pieces, paper, headline, one)
    found = list(body.pictures)
    if one.more:
        more = _body(one.more, paper, headline, one)
        found += more.pictures
        body = body if body.paragraphs else more
    real = {
        one: address
        for one, address in one.pictures.items()
        if not paper.ornaments or addresses.picture_identity(address) not in paper.ornaments
    }
    telling = list(body.telling)
    shown = _with_caption(picture.choose(found, entry.media, real), body.caption)
    if not headline or _is_beginning(headline, telling):
        headline, telling = _headline_from(telling, found, entry)
    if not headline and body.paragraphs:
        headline = cut(body.paragraphs[0], _LONG_HEADLINE)
    author = source.person_of(headline_of(entry.author)) or source.person_of(body.byline)
    published = written_moment(entry.published, paper.dates)
    updated = written_moment(entry.updated, paper.dates)
    dated = published if published is not None else updated
    link = addresses.canonical(entry.link, entry.base)
    return Story(
        key="",
        guid=entry.guid,
        headline=headline,
        link=link,
        lead=_NO_REPLY.sub("", leads.of(telling)),
        body="\n\n".join(body.paragraphs)[:_BODY],
        picture=_captioned(shown, found, body.paragraphs),
        pictures=picture.further(real, shown),
        source=body.source or _source_of(entry) or body.agency or source.agency_of(author),
        author=author,
        topics=topics_of(entry.topics, lists=paper.lists),
        published=None if dated is None else min(dated, now),
        updated=None if updated is None else min(updated, now),
        language=language_of(entry.language) or language_of(paper.language),
        dated=dated,
        linked=addresses.linked(body.targets, entry.base, link),
    )


def _body(pieces: Sequence[Piece], paper: Paper, headline: str, one: Draft) -> bodies.Body:
    return bodies.read_body(
        pieces,
        names=paper.names,
        headline=headline,
        refrains=paper.refrains,
        pictured=any(isinstance(picture, Media) for picture in one.pictures),
    )


def headline_of(title: str) -> str:
    """A title as one line of plain text. `<b>` is markup only where it is closed."""
    title = mend(_numbered(without_notices(title[:_TITLE])))
    if "<" in title or "&" in title:
        title = without_wrapping(undouble(title))
        if _MARKUP_SURE.search(title):
            blocks = (piece.text for piece in markup.pieces(title) if isinstance(piece, Block))
            title = " ".join(blocks)
        else:
            title = unentity(title)
    title = title if title.isascii() else _TURNS.sub("", title)
    if "noreply" in title:
        title = _NO_REPLY.sub("", title)
    return cut(squeeze(title), _HEADLINE)


def lead_of(body: str, limit: int = leads.LIMIT) -> str:
    """The first whole sentences of a plain text, at most `limit` characters."""
    blocks = [Block(one.strip()) for one in body.split("\n\n") if one.strip()]
    return leads.of(bodies.read_body(blocks).telling, limit=limit)


def topics_of(names: Iterable[str], *, lists: bool = False) -> tuple[str, ...]:
    """Labels as a reader would read them, each once, without those internal to publishing systems;
    `lists`: a label may hold several."""
    listed = list(names)
    if len(listed) == 1 and listed[0].count(",") >= (1 if lists else 2):  # all of them in one label
        listed = listed[0].split(",")
    kept: dict[str, str] = {}
    for label in listed:
        name = headline_of(label).strip(" #,;/")
        if name and len(name) <= 80 and not _NO_TOPIC.match(name):
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())[:_TOPICS]


def _without_source(headline: str, name: str) -> str:
    """`Headline - CNN` without the source that Google News appends."""
    return headline.removesuffix(f" - {name}") if name else headline


def _source_of(entry: Entry) -> str:
    """The name in the source element; the paper's own address does not count."""
    name = source.name_of(paper_name(headline_of(entry.source))) if entry.source else ""
    return "" if name == addresses.host(entry.link) else name


def _is_beginning(headline: str, telling: Sequence[str]) -> bool:
    """Whether a program made the title by cutting the text off: it would repeat the text's
    beginning."""
    if not telling or not (headline.endswith(("...", "…")) or len(headline) > _LONG_HEADLINE):
        return False
    start = same(headline.rstrip(".…"))[:100]
    return len(start) > 12 and same(telling[0]).startswith(start)


def _headline_from(body: list[str], found: Sequence[Found], entry: Entry) -> tuple[str, list[str]]:
    """For an entry without a headline: its first sentence, and the paragraphs after it."""
    if body:
        first = leads.of(body[:1], limit=140, enough=1)
        if not body[0].startswith(first):  # it was shortened, so the text keeps it in full
            return first, body
        rest = body[0][len(first) :].strip()
        return first, [*([rest] if same(rest) else []), *body[1:]]
    for one in found:
        if one.image.title or one.image.alt:
            return cut(one.image.title or one.image.alt, _SHORT_HEADLINE), body
    for address in (entry.link, entry.guid):
        path = re.sub(r"[?#].*", "", address).rstrip("/")
        slug = re.sub(r"\.(?:s?html?|stm|php|aspx?|jsp|cms)$", "", path.rpartition("/")[2])
        words = " ".join(unquote(slug).replace("-", " ").replace("_", " ").split())
        if words and not _NUMBER.fullmatch(words):
            return cut(words[:1].upper() + words[1:], _SHORT_HEADLINE), body
    return "", body


def _with_caption(shot: Picture | None, text: str) -> Picture | None:
    """The picture with the caption found at the head of the text."""
    if shot is None or not text or shot.caption or shot.credit:
        return shot
    return Picture(shot.address, *captions.split(text))


def _captioned(shot: Picture | None, found: Sequence[Found], body: Sequence[str]) -> Picture | None:
    """A cartoon without text gets its title as its caption."""
    if shot is None or shot.caption or body:
        return shot
    texts = (one.image.title or one.image.alt for one in found)
    text = next((one for one in texts if one and not _FILE.search(one)), "")
    caption, credit = captions.split(text)
    return replace(shot, caption=caption, credit=shot.credit or credit)
