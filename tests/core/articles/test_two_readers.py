"""What two readers of a page agree on: its container's, and trafilatura's."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import trafilatura
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.articles import page, second_reader
from bot.core.articles.second_reader import SecondReading
from bot.core.model import Story
from bot.core.text import same

NOW = 1_800_000_000
ADDRESS = "https://paper.example/2024/a.html"

FIRST = (
    "The council of Northbridge has voted to rebuild the old harbour wall before next winter,"
    " after three storms in as many months broke through it and flooded the market square."
)
SECOND = (
    "Engineers expect the work to take nine months and to cost the town some four million"
    " pounds, a third of which the government has promised to pay back over five years."
)
THIRD = (
    "Fishermen who moor their boats behind the wall had asked for a gate wide enough for"
    " trawlers, but the council said that such a gate would weaken the wall too much."
)
LAST = (
    "The first stones will be laid in April, said the mayor, who thanked the families that"
    " took in their neighbours when the water stood a metre high in the streets."
)
TEXT = (FIRST, SECOND, THIRD, LAST)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{one}</p>" for one in texts)


def read(body: str, head: str = "") -> Story:
    written = f"<html lang=en><head><title>A wall for Northbridge</title>{head}</head>"
    written += f"<body><nav><a href=/>Home</a> <a href=/town>Town</a></nav>{body}</body></html>"
    return page.read_page(written.encode(), address=ADDRESS, now=NOW)


def ld(facts: str) -> str:
    return (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A wall",'
        f"{facts}}}</script>"
    )


def told(story: Story) -> tuple[str, ...]:
    return tuple(story.body.split("\n\n"))


# --- the text -------------------------------------------------------------------------------------

BOXED = {
    "one container": f'<div class="entry-content">{paragraphs(*TEXT)}</div>',
    "parted by an advertisement": (
        f'<div class="article-body">{paragraphs(FIRST, SECOND)}</div><div class="ad">Buy!</div>'
        f'<div class="article-body">{paragraphs(THIRD, LAST)}</div>'
    ),
    "parted, in parents of their own": (
        f'<div><div class="article-body">{paragraphs(FIRST, SECOND)}</div></div><aside>Buy!</aside>'
        f'<div><div class="article-body">{paragraphs(THIRD, LAST)}</div></div>'
    ),
    "a box in a box that also holds a list": (
        f'<div class="post-content"><h1>A wall for Northbridge</h1>'
        f'<div class="entry-content">{paragraphs(*TEXT)}</div>'
        '<ul class="popular"><li><a href="/b">Ten ways to cook a crab</a></li>'
        '<li><a href="/c">Bus 14 to stop at the station again</a></li></ul></div>'
    ),
    "no container": f"<article><h1>A wall for Northbridge</h1>{paragraphs(*TEXT)}</article>",
    "a table as layout": (
        f"<table><tr><td><a href=/>Home</a></td><td>{paragraphs(*TEXT)}</td></tr></table>"
    ),
    "in schema.org's markup": f'<section itemprop="articleBody">{paragraphs(*TEXT)}</section>',
    "subheadings between": (
        f'<div class="entry-content">{paragraphs(FIRST, SECOND)}<h2>What the fishermen say</h2>'
        f"{paragraphs(THIRD, LAST)}</div>"
    ),
    "a footer of links in the container": (
        f'<div class="entry-content">{paragraphs(*TEXT)}'
        '<p><a href="/t/wall">wall</a> <a href="/t/sea">sea</a> <a href="/t">town</a></p></div>'
    ),
}


@pytest.mark.parametrize("body", BOXED.values(), ids=BOXED.keys())
def test_the_whole_text_is_found(body: str) -> None:
    story = read(body)
    found = [one for one in told(story) if one != "What the fishermen say"]
    assert [one for one in found if len(one) > 60] == list(TEXT)
    assert story.lead.startswith("The council of Northbridge has voted")
    for furniture in ("Buy!", "crab", "Home", "Bus 14"):
        assert furniture not in story.body


def test_articles_of_a_list_are_not_one_article() -> None:
    """A front page: containers of one name, each with its own heading."""
    story = read(
        "".join(
            f'<div><h2>{head}</h2><div class="entry-content">{paragraphs(*texts)}</div></div>'
            for head, texts in (
                ("A wall for Northbridge", (FIRST, SECOND, THIRD)),
                ("Crabs are back", (LAST, LAST.replace("mayor", "cook"))),
            )
        )
    )
    assert told(story)[:3] == (FIRST, SECOND, THIRD)
    assert "the cook" not in story.body


def test_what_only_the_container_tells_is_kept_at_the_beginning() -> None:
    """A first paragraph in bold, which the other reader takes for page furniture."""
    story = read(
        f'<div class="entry-content"><p><b>{FIRST}</b></p>{paragraphs(SECOND, THIRD, LAST)}</div>'
    )
    assert told(story) == TEXT


def test_a_short_text_is_believed() -> None:
    story = read(f'<div class="post-body">{paragraphs(FIRST)}</div>')
    assert story.body == FIRST


def test_a_summary_that_quotes_a_later_paragraph_moves_nothing() -> None:
    head = f'<meta property="og:description" content="{THIRD}">'
    story = read(f'<div class="entry-content">{paragraphs(*TEXT)}</div>', head)
    assert story.lead.startswith("The council of Northbridge")


@pytest.mark.parametrize("before", ["Northbridge, Town news", "By Ann Lee", "3 March 2024"])
def test_what_stands_before_the_summarys_paragraph_is_no_lead(before: str) -> None:
    head = f'<meta property="og:description" content="{FIRST}">'
    story = read(f'<div class="entry-content">{paragraphs(before, *TEXT)}</div>', head)
    assert story.lead.startswith("The council of Northbridge")


def test_ruby_is_not_read_twice() -> None:
    name = "<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>"
    story = read(
        f'<div class="entry-content"><p>東京都は{name}の壁を来年の冬までに直すと決めた。</p>'
        f"<p>工事には九か月かかり、費用の三分の一は国が払うと{name}の人たちに約束している。</p>"
        "<p>最初の石は四月に置かれると市長は述べ、隣の家の人たちを迎えた家族に感謝した。</p></div>"
    )
    assert story.body.startswith(
        "東京都は港の壁を来年の冬までに直すと決めた。\n\n"
        "工事には九か月かかり、費用の三分の一は国が払うと港の人たちに約束している。"
    )


# --- who wrote it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ('<meta name="author" content="Ann Lee">', "Ann Lee"),
        ('<meta property="article:author" content="Ann Lee">', "Ann Lee"),
        ('<meta property="article:author" content="https://facebook.com/ann">', ""),
        ('<meta name="author" content="@annlee">', ""),
        (
            ld('"author":[{"name":"Ann Lee"},{"name":"Ben Oak"}]'),
            "Ann Lee, Ben Oak",
        ),
        (
            ld('"author":{"name":["Ann Lee","Ben Oak"]}'),
            "Ann Lee, Ben Oak",
        ),
        (
            ld('"author":["Ann Lee", null, 5, {}]'),
            "Ann Lee",
        ),
        ('<meta name="author" content="PT Media Northbridge">', "PT Media Northbridge"),
    ],
)
def test_who_wrote_it_by_the_facts(head: str, author: str) -> None:
    assert read(f'<div class="entry-content">{paragraphs(*TEXT)}</div>', head).author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ('<p class="author">Ann Lee</p>', "Ann Lee"),
        ('<a rel="author" href="/ann">Ann Lee</a>', "Ann Lee"),
        ('<span class="byline">By Ann Lee</span>', "Ann Lee"),
        ('<p class="author">Powered by Blogger</p>', ""),
        ('<p class="author">Example Media Network</p>', ""),
        ('<p class="meta">Town</p>', ""),
        ('<span class="author vcard"><a href="/ann">Ann Lee</a></span>', "Ann Lee"),
        ('<div class="comments"><span class="author vcard">Ann Lee</span></div>', ""),
        ('<div class="profile-data"><a rel="author" href="/p">My full profile</a></div>', ""),
        ('<a rel="author" href="/a">Ann Lee</a> <a rel="author" href="/b">Ann Lee</a>', "Ann Lee"),
        ('<p class="author">Unknown</p>', ""),
    ],
)
def test_who_wrote_it_by_the_page(line: str, author: str) -> None:
    body = f'<article><h1>A wall</h1>{line}<div class="entry-content">{paragraphs(*TEXT)}</div>'
    assert read(body + "</article>").author == author


# --- when -----------------------------------------------------------------------------------------


def moment(story: Story) -> str:
    at = story.published
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("head", "line", "when"),
    [
        ("", "", ""),
        ("", '<p class="date">3 March 2024</p>', "2024-03-03 00:00"),
        ("", '<time datetime="2024-03-03T08:30:00Z">today</time>', "2024-03-03 08:30"),
        ('<meta name="date" content="2024-03-03T08:30:00Z">', "", "2024-03-03 08:30"),
        # a year alone is no day
        ('<meta name="date" content="2024">', "<p>3 March 2024</p>", "2024-03-03 00:00"),
        # wrapped as scripts once were
        (
            ld('"datePublished":"2024-03-03T08:30:00Z"')
            .replace("json\">", 'json">\n//<![CDATA[\n')
            .replace("</script>", "\n//]]></script>"),
            '<time datetime="2025-01-07">7 January 2025</time>',
            "2024-03-03 08:30",
        ),
        # of two that differ, the one that the other reader found too
        (
            ld('"datePublished":"2019-01-09T00:00:00Z"')
            + '<meta property="article:published_time" content="2024-03-03T08:30:00Z">',
            '<time datetime="2024-03-03T08:30:00Z">3 March</time>',
            "2024-03-03 08:30",
        ),
        # the clock of the page itself, if both name the same day
        (
            ld('"datePublished":"2024-03-03T08:30:00Z","dateModified":"2024-05-01T10:00:00Z"'),
            "",
            "2024-03-03 08:30",
        ),
    ],
)  # fmt: skip
def test_when(head: str, line: str, when: str) -> None:
    body = f'<article><h1>A wall</h1>{line}<div class="entry-content">{paragraphs(*TEXT)}</div>'
    assert moment(read(body + "</article>", head)) == when


def test_a_year_in_a_copyright_line_is_no_day() -> None:
    body = f'<div class="entry-content">{paragraphs(*TEXT)}</div><footer>© 2021 The Paper</footer>'
    assert moment(read(body)) == ""


def test_no_day_to_come() -> None:
    story = read(f'<article><p class="date">3 March 2064</p>{paragraphs(*TEXT)}</article>')
    assert story.published is None or story.published <= NOW


# --- pictures -------------------------------------------------------------------------------------


def test_the_publishers_logo_is_no_picture() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "A wall",
        "image": "https://i.example/brand.jpg",
        "publisher": {"@type": "Organization", "logo": {"url": "https://i.example/brand.jpg"}},
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert read(f'<div class="entry-content">{paragraphs(*TEXT)}</div>', head).picture is None


@pytest.mark.parametrize(("side", "there"), [("60", False), ("1200", True), ("big", True)])
def test_a_small_picture_for_sharing_is_none(side: str, there: bool) -> None:
    head = '<meta property="og:image" content="https://i.example/wall.jpg">' + "".join(
        f'<meta property="og:image:{one}" content="{side}">' for one in ("width", "height")
    )
    story = read(f'<div class="entry-content">{paragraphs(*TEXT)}</div>', head)
    assert (story.picture is not None) == there


# --- any page -------------------------------------------------------------------------------------

WORDS = ("council", "harbour", "wall", "winter", "storm", "market", "engineer", "boat", "gate")
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=9, max_size=30).map(
    lambda words: " ".join(words).capitalize() + "."
)


@settings(max_examples=20)
@given(st.lists(SENTENCE, min_size=4, max_size=9, unique=True))
def test_paragraphs_come_in_order_and_once(texts: list[str]) -> None:
    story = read(f'<div class="entry-content">{paragraphs(*texts)}</div>')
    found = told(story)
    assert [one for one in texts if one in found] == [one for one in found if one in texts]
    assert len(set(found)) == len(found)
    assert found[0] == texts[0]


@given(st.text(max_size=400))
def test_any_text_is_compared_without_harm(text: str) -> None:
    other = SecondReading(text)
    assert other.tells(text) or not same(text) or "\n" in text
    other.shared([text])
    assert not SecondReading().shared([text])


@pytest.mark.parametrize("times", [2_600, 40_000])
def test_a_page_of_very_many_elements_ends(times: int) -> None:
    body = f'<div class="entry-content">{paragraphs(*TEXT)}</div>' + "<p><b>a</b></p>" * times
    assert FIRST in read(body).body


def test_what_breaks_the_other_reader_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(trafilatura, "bare_extraction", broken)
    assert second_reader.read("<p>a", address=ADDRESS, now=NOW) == second_reader.NOTHING
    assert told(read(f'<div class="entry-content">{paragraphs(*TEXT)}</div>')) == TEXT


def test_the_other_reader_is_loaded_only_for_pages() -> None:
    code = "import sys, bot.core.articles.page; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
