"""Lists of feeds as other programs export them."""

from __future__ import annotations

import pytest

from bot.core.feeds.opml import read_opml

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Koran</title></head><body>
 <outline text="Nasional">
  <outline type="rss" text="Antara" xmlUrl="https://antara.example/rss" htmlUrl="https://a.example/"/>
  <outline type="rss" title="Kabar &amp; Kota" xmlurl=" https://kota.example/feed "/>
 </outline>
 <outline text="Antara lagi" xmlUrl="https://antara.example/rss"/>
 <outline text="No feed" htmlUrl="https://b.example/"/>
</body></opml>"""


def test_folders_are_walked_and_a_feed_is_named_once() -> None:
    assert read_opml(LIST) == [
        ("https://antara.example/rss", "Antara"),
        ("https://kota.example/feed", "Kabar & Kota"),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"https://paper.example/feed", "it is no OPML"),
        (b"", "it is no OPML"),
        (b"<opml><body/></opml>", "it names no feed"),
        (b'<!DOCTYPE o [<!ENTITY e SYSTEM "file:///etc/hostname">]><opml><outline xmlUrl="&e;"/>',
         "it is no OPML"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_opml(content)
