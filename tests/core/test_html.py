"""Markup in and out: strangers' HTML as text, ours cut to Telegram's limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import html
from bot.core.articles.markup import plain
from bot.core.html import Html
from tests.support.telegram_parser import parse


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Satu</p><p>Dua</p>", "Satu\n\nDua"),
        ("Satu<br>Dua<br><br>Tiga", "Satu\nDua\n\nTiga"),
        ("<div>Satu</div> <div>&nbsp;</div><div>Dua</div>", "Satu\n\nDua"),
        ("a &amp; b &lt;c&gt; &#8217;", "a & b <c> ’"),
        ("<p>a &amp;amp; b&amp;nbsp;c</p>", "a & b c"),
        ("&lt;p&gt;Satu&lt;/p&gt;&lt;p&gt;Dua&lt;/p&gt;", "Satu\n\nDua"),
        ("<code>&lt;b&gt;</code>", "<b>"),
        (
            "<p>Satu</p>&lt;p class='x'&gt;Dua &lt;a href='y'&gt;tautan&lt;/a&gt;&lt;/p&gt;",
            "Satu\n\nDua tautan",
        ),
        (
            "<p><code>&lt;p class='x'&gt;&lt;a href='y'&gt;&lt;/a&gt;&lt;/p&gt;</code></p>",
            "<p class='x'><a href='y'></a></p>",
        ),
        ("<p>Tulis &lt;a href='y'&gt;di sini&lt;/a&gt;.</p>", "Tulis <a href='y'>di sini</a>."),
        ("<i>&lt;p&gt; perlu &lt;/p&gt;, &lt;br&gt; tidak.</i>", "<p> perlu </p>, <br> tidak."),
        ("<hr>&lt;p&gt;Satu&lt;/p&gt; &lt;p&gt;Dua&lt;/p&gt;", "Satu\n\nDua"),
        ("1 < 2 dan 3 > 2, x<y>z, <3", "1 < 2 dan 3 > 2, x<y>z, <3"),
        ("<script>alert(1)</script><style>p{}</style>Isi", "Isi"),
        ('<p style="display:none">Rahasia</p><p>Isi</p>', "Isi"),
        ("<ul><li>Satu</li><li>Dua</li></ul>", "Satu\n\nDua"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('Senang <img class="emoji" alt="😀" src="x.png">!', "Senang 😀!"),
        ("Baris\npatah   di sumber", "Baris patah di sumber"),
        ("Satu\n\nDua tanpa markup", "Satu\n\nDua tanpa markup"),
        ("<p>kata\u00adkata\u200b baru</p>", "katakata baru"),
        ("<p>\u200fمرحبا\u200e</p>", "\u200fمرحبا\u200e"),
        ("<p>tak ditutup <b>tebal <p>lagi", "tak ditutup tebal\n\nlagi"),
        ("<o:p>Word</o:p><fb:like></fb:like>", "Word"),
        ("<p>黒い<ruby><rb>森</rb><rp>（</rp><rt>もり</rt></ruby></p>", "黒い森"),
        ("Kata <orang>Budi</orang> itu <tak> ada", "Kata Budi itu <tak> ada"),
        ("<p>a<b dan c>d, <i>miring</i></p>", "a<b dan c>d, miring"),
        ("<b style='x'>tebal</b> <a name=x>jangkar</a>", "tebal jangkar"),
        ("", ""),
        ("<>", "<>"),
    ],
)
def test_plain(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text(max_size=400))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    """Only white space, what XML forbids, and escaped escapes may change."""
    shown = plain("<p>" + html.escape(text) + "</p>")
    kept = [sign for sign in text if sign.isalpha() and sign.isprintable()]
    if "&" not in text and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        assert [sign for sign in shown if sign.isalpha() and sign.isprintable()] == kept


@given(st.text(alphabet="<>/abp&;#12 \"'=!-[]", max_size=300))
def test_plain_never_raises_and_leaves_no_script(markup: str) -> None:
    shown = plain(f"{markup}<script>jahat()</script>")
    assert "jahat()" not in shown or "<" in markup  # an open comment or attribute may hold it


TEXTS = st.text(alphabet="aé& <>\"'\n😀.,ก", max_size=60)


@st.composite
def markups(draw: st.DrawFn) -> Html:
    """Valid markup of Telegram's subset, tags nested."""
    parts = [html.escape(draw(TEXTS))]
    for tag in draw(
        st.lists(st.sampled_from(["b", "i", "u", "s", "code"]), max_size=4, unique=True)
    ):
        parts.insert(0, Html(f"<{tag}>"))
        parts.append(html.escape(draw(TEXTS)))
        parts.append(Html(f"</{tag}>"))
    parts.append(html.escape(draw(TEXTS)))
    if draw(st.booleans()):
        parts.append(Html('<a href="https://p.example/?a=1&amp;b=2">tautan</a>'))
    return Html("".join(parts))


@given(markups(), st.integers(0, 200))
def test_cut_markup_is_valid_and_short_enough(markup: Html, limit: int) -> None:
    short = html.cut(markup, limit)
    assert html.telegram_length(short) <= limit
    assert len(parse(short + "x")[0]) <= limit + 1
    if html.telegram_length(markup) <= limit:
        assert short == markup


@given(markups())
def test_length_is_telegrams(markup: Html) -> None:
    framed = Html("x" + markup + "x")  # Telegram trims white space at the ends
    assert html.telegram_length(framed) == len(parse(framed)[0])


@pytest.mark.parametrize(
    ("markup", "limit", "short"),
    [
        ("<b>Satu &amp; <i>dua tiga</i></b> empat", 12, "<b>Satu &amp; <i>dua…</i></b>"),
        ("<b>Judul</b>", 5, "<b>Judul</b>"),
        ("katayangpanjangsekali", 6, "katay…"),
        ("Satu dua, tiga", 10, "Satu dua…"),
        ("<b>Judul</b> lain", 0, ""),
        ("Satu", 1, "…"),
    ],
)
def test_cut(markup: str, limit: int, short: str) -> None:
    assert html.cut(Html(markup), limit) == short
