"""What programs escaped or wrapped once too often is read as it was meant."""

from __future__ import annotations

import pytest

from bot.core.articles.escaped import unentity, without_wrapping
from bot.core.articles.story import headline_of
from tests.support.entries import picture, story
from tests.support.feeds import only, parse, rss

TEXT = "Pasar lama dibuka lagi. Pedagang kembali berjualan."


@pytest.mark.parametrize(
    "written",
    [
        f"<![CDATA[<![CDATA[<p>{TEXT}</p>]]]]><![CDATA[>]]>",
        f"<![CDATA[&lt;![CDATA[&lt;p&gt;{TEXT}&lt;/p&gt;]]&gt;]]>",
        f"&lt;![CDATA[{TEXT}]]&gt;",
        f"&amp;lt;![CDATA[{TEXT}]]&amp;gt;",
    ],
)
def test_a_section_in_a_section_is_text(written: str) -> None:
    body = rss(f"<item><title>Pasar</title><description>{written}</description></item>")
    assert only(parse(body)).lead == TEXT


@pytest.mark.parametrize(
    "written", ["<![CDATA[Pasar & kota]]>", "&lt;![CDATA[Pasar &amp; kota]]&gt;"]
)
def test_in_a_headline_too(written: str) -> None:
    assert headline_of(written) == "Pasar & kota"


def test_brackets_of_a_text_stay() -> None:
    told = "<p>[VIDEO] Jika a[b[1]]&gt;2 [tiga] maka &quot;[sic]&quot; [audio] tetap.</p>"
    assert without_wrapping(told) == told


@pytest.mark.parametrize(
    "written",
    [
        '[the_ad id="12"]{}[/audio]',
        "{}[ads_slot pos=&#8220;3&#8221; size=kecil /]",
        "[vc_row][vc_column width=&#8221;1/2&#8243;]{}[/vc_column][/vc_row]",
        '[et_pb_section fb_built="1"][et_pb_text]{}[/et_pb_text][/et_pb_section]',
        '{}[gallery ids="1,2,3"]',
        '[audio mp3="https://p.example/a.mp3"][/audio]{}',
        "[embed]{}[/embed]",
    ],
)
def test_shortcodes_that_nobody_worked_off_are_no_text(written: str) -> None:
    assert story(written.format(f"<p>{TEXT}</p>")).lead == TEXT


@pytest.mark.parametrize(
    "written",
    [
        '[caption id="attachment_1" width="640"]{} Pasar lama. (Foto: Sari)[/caption]',
        '[caption id="attachment_1" caption="Pasar lama. (Foto: Sari)"]{}[/caption]',
    ],
)
@pytest.mark.parametrize("image", ['<img src="/a.jpg">', '<a href="/x"><img src="/a.jpg"></a>'])
def test_a_caption_written_as_a_shortcode(written: str, image: str) -> None:
    content = f"{written.format(image)}\n\n{TEXT}"
    assert picture(content) == ("https://p.example/a.jpg", "Pasar lama.", "Sari")
    assert story(content).lead == TEXT


@pytest.mark.parametrize(
    "box", ["ez-toc-v2_0 counter-hierarchy", "toc_container", "wp-block-jetpack-subscriptions"]
)
def test_a_box_of_a_system_is_no_text(box: str) -> None:
    assert story(f'<div class="{box}"><p>Daftar isi.</p></div><p>{TEXT}</p>').body == TEXT


def test_an_address_that_was_escaped_twice() -> None:
    assert (
        picture('<img src="/i.php?f=a.jpg&amp;amp;w=800">')[0]
        == "https://p.example/i.php?f=a.jpg&w=800"
    )


@pytest.mark.parametrize(
    "torn", ["&quo", "&quot", "&nbs", "&hell", "&am", "&#82", "&#x20", "&", "&#"]
)
@pytest.mark.parametrize("dots", ["", "...", " [&#8230;]", "…"])
def test_an_entity_that_was_cut_goes(torn: str, dots: str) -> None:
    text = "Warga memperbaiki jembatan gantung yang putus, kata dia,"
    told = story("", summary=(text + " " + torn + dots).replace("&", "&amp;")).lead
    assert "&" not in told
    assert told.startswith(text.rstrip(","))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Kata dia, &quo;Kami siap&quo;.", 'Kata dia, "Kami siap".'),
        ("Kata dia, &quo;kami siap&quo;.", 'Kata dia, "kami siap".'),
        ("Kata dia, &quoKami siap&quo.", 'Kata dia, "Kami siap".'),
        ("Layar 2&#34 dan Jum&#39at", "Layar 2\" dan Jum'at"),
        ("AT&T dan R&D naik.", "AT&T dan R&D naik."),
        ("Toko A&am naik.", "Toko A&am naik."),
        ("Q&A di R&B", "Q&A di R&B"),
    ],
)
def test_an_entity_that_lost_its_end_is_meant(written: str, shown: str) -> None:
    assert unentity(written) == shown
