"""The newsroom's articles as a Blogger feed and as pages. Knows the shapes, no state, no HTTP.

The feed's shape is that of Blogger's `/feeds/posts/default`: escaped HTML content with a
`tr-caption-container` table, sized picture addresses, labels as categories, `thr:total`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from string import Template
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from bot.sandbox.newsroom.newsroom import NAME, Drawing, Newsroom, Piece

BLOG = "tag:blogger.com,1999:blog-5550001112223334445"
PAGE_MOST = 25
_ATOM = "application/atom+xml"


def atom(
    newsroom: Newsroom, root: str, start: int = 1, most: int = PAGE_MOST, label: str = ""
) -> str:
    """One page of the feed, from entry `start` (1 is the newest), of one label or of all."""
    pieces = [one for one in newsroom.pieces if not label or label in one.labels]
    shown = pieces[start - 1 : start - 1 + most]
    categories = sorted({label for piece in pieces for label in piece.labels})
    address = f"{root}/feeds/posts/default"
    links = [_link("self", _ATOM, address), _link("alternate", "text/html", f"{root}/")]
    if start - 1 + most < len(pieces):
        more = f"{address}?start-index={start + most}&max-results={most}"
        links.append(_link("next", _ATOM, more))
    return "".join(
        (
            "<?xml version='1.0' encoding='UTF-8'?>",
            "<feed xmlns='http://www.w3.org/2005/Atom'",
            " xmlns:openSearch='http://a9.com/-/spec/opensearchrss/1.0/'",
            " xmlns:blogger='http://schemas.google.com/blogger/2008'",
            " xmlns:gd='http://schemas.google.com/g/2005'",
            " xmlns:thr='http://purl.org/syndication/thread/1.0'>",
            f"<id>{BLOG}</id><updated>{newsroom.updated.isoformat()}</updated>",
            *(f"<category term={quoteattr(label)}/>" for label in categories),
            f"<title type='text'>{NAME}</title><subtitle type='html'>Berita contoh</subtitle>",
            *links,
            _author(),
            "<generator version='7.00' uri='http://www.blogger.com'>Blogger</generator>",
            f"<openSearch:totalResults>{len(pieces)}</openSearch:totalResults>",
            f"<openSearch:startIndex>{start}</openSearch:startIndex>",
            f"<openSearch:itemsPerPage>{most}</openSearch:itemsPerPage>",
            *(_entry(piece, root) for piece in shown),
            "</feed>",
        )
    )


def picture_address(drawing: Drawing, root: str, size: str = "s1600") -> str:
    """A picture's address in one of Blogger's sizes."""
    return f"{root}/img/b/R29vZ2xl/{drawing.token}/{size}/{drawing.token}.jpg"


def content(piece: Piece, root: str) -> str:
    """The article as Blogger's HTML."""
    if piece.raw:
        return piece.raw.replace("{root}", escape(root))
    paragraphs = list(piece.text)
    dateline = f"<b>{escape(NAME.upper())} ({escape(piece.city)})</b> - " if piece.city else ""
    lines = [f'<p style="text-align: justify;">{dateline}{escape(paragraphs[0])}</p>']
    lines += [f'<p style="text-align: justify;">{escape(one)}</p>' for one in paragraphs[1:]]
    body = "<div>&nbsp;</div>".join(lines)
    if piece.source:
        body += f"<p><i>Sumber : {escape(piece.source)}</i></p>"
    return (_figure(piece, piece.drawing, root) if piece.drawing else "") + body


def _figure(piece: Piece, drawing: Drawing, root: str) -> str:
    centre = "margin-left: auto; margin-right: auto;"
    shown = " ".join(filter(None, (piece.caption, f"({piece.credit})" if piece.credit else "")))
    large, small = (escape(picture_address(drawing, root, size)) for size in ("s1600", "w640-h360"))
    return (
        f'<table align="center" cellpadding="0" cellspacing="0" class="tr-caption-container" '
        f'style="{centre}"><tbody><tr><td style="text-align: center;">'
        f'<a href="{large}" imageanchor="1" style="{centre}"><img border="0" '
        f'data-original-height="720" data-original-width="1280" height="360" src="{small}" '
        f'width="640" /></a></td></tr><tr><td class="tr-caption" style="text-align: center;">'
        f"{escape(shown)}<br /></td></tr></tbody></table>"
    )


def _entry(piece: Piece, root: str) -> str:
    page, number = root + piece.path, piece.number
    labels = "".join(
        f"<category scheme='http://www.blogger.com/atom/ns#' term={quoteattr(label)}/>"
        for label in piece.labels
    )
    thumbnail = ""
    if piece.drawing:
        small = quoteattr(picture_address(piece.drawing, root, "s72-w640-h360-c"))
        thumbnail = (
            "<media:thumbnail xmlns:media='http://search.yahoo.com/mrss/' "
            f"url={small} height='72' width='72'/>"
        )
    return (
        f"<entry><id>{BLOG}.post-{number}</id><published>{piece.published}</published>"
        f"<updated>{piece.updated}</updated>{labels}"
        f"<title type='text'>{xml_escape(piece.headline)}</title>"
        f"<content type='html'>{xml_escape(content(piece, root))}</content>"
        f"{_link('replies', 'text/html', page + '#comment-form', '0 Comments')}"
        f"{_link('self', _ATOM, f'{root}/feeds/posts/default/{number}')}"
        f"{_link('alternate', 'text/html', page, piece.headline)}"
        f"{_author()}{thumbnail}<thr:total>0</thr:total></entry>"
    )


def _link(rel: str, kind: str, address: str, title: str = "") -> str:
    named = f" title={quoteattr(title)}" if title else ""
    return f"<link rel='{rel}' type='{kind}' href={quoteattr(address)}{named}/>"


def _author() -> str:
    return f"<author><name>{NAME}</name><email>noreply@blogger.com</email></author>"


# --- pages ----------------------------------------------------------------------------------------

_PAGE = Template("""<!doctype html>
<html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>$meta
<link rel="alternate" type="application/atom+xml" title="$name" href="/feeds/posts/default">
<link rel="stylesheet" href="/static/site.css"></head>
<body><header><a class="paper" href="/news">$name</a>
<nav><a href="/news">Beranda</a> <a href="/desk">Meja redaksi</a> <a href="/">Obrolan</a></nav>
</header><main>$main</main>
<footer>$name: surat kabar contoh. Semua berita dan gambar di sini karangan.</footer>
</body></html>""")


def article_page(piece: Piece, root: str) -> str:
    """An article's own page, with what link previews read (og:)."""
    seen = {
        "og:title": piece.headline,
        "og:description": piece.text[0] if piece.text else "",
        "og:site_name": NAME,
        "og:type": "article",
        "og:url": root + piece.path,
        "article:published_time": piece.published,
    }
    if piece.drawing:
        seen["og:image"] = picture_address(piece.drawing, root)
    meta = "".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in seen.items()
    )
    day = escape(piece.published[:16].replace("T", " "))
    labels = " ".join(f"<span>{escape(label)}</span>" for label in piece.labels)
    main = (
        f'<article class="post"><p class="labels">{labels}</p><h1>{escape(piece.headline)}</h1>'
        f'<p class="when"><time datetime="{escape(piece.published)}">{day} WIB</time></p>'
        f'<div class="post-body entry-content">{content(piece, root)}</div></article>'
    )
    return _PAGE.substitute(title=escape(piece.headline), meta=meta, name=NAME, main=main)


def front_page(pieces: Sequence[Piece], root: str) -> str:
    """The front page: the ticker of the seven newest, and all articles as cards."""
    ticker = " · ".join(
        f'<a href="{escape(one.path)}">{escape(one.headline)}</a>' for one in pieces[:7]
    )
    cards = "".join(_card(piece, root) for piece in pieces)
    main = f'<p class="ticker">{ticker}</p><div class="cards">{cards}</div>'
    return _PAGE.substitute(title=NAME, meta="", name=NAME, main=main)


def _card(piece: Piece, root: str) -> str:
    image = ""
    if piece.drawing:
        source = escape(picture_address(piece.drawing, root, "w640-h360"))
        image = f'<img src="{source}" alt="" loading="lazy">'
    label = escape(piece.labels[0]) if piece.labels else ""
    return (
        f'<a class="card" href="{escape(piece.path)}">{image}<small>{label}</small>'
        f"<strong>{escape(piece.headline)}</strong></a>"
    )
