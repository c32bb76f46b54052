"""What robots.txt asks of us, by the examples of RFC 9309 and by sites as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import robots

SITE = "https://paper.example"


def allows(text: str, path: str) -> bool:
    return robots.read_robots(text, "Kabar").allow(SITE + path)


BLOGGER = """User-agent: Mediapartners-Google
Disallow:

User-agent: *
Disallow: /search
Disallow: /share-widget
Allow: /

Sitemap: https://paper.example/sitemap.xml
"""
WORDPRESS = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a.html", True),
        (BLOGGER, "/2024/01/a.html", True),
        (BLOGGER, "/search/label/Kota", False),
        (WORDPRESS, "/wp-admin/options.php", False),
        (WORDPRESS, "/wp-admin/admin-ajax.php", True),
        # The longest match decides, not the first one (RFC 9309, 2.2.2).
        ("User-agent: *\nAllow: /\nDisallow: /dalam", "/dalam/a.html", False),
        ("User-agent: *\nDisallow: /page\nAllow: /page", "/page", True),
        # `*` and `$` (RFC 9309, 2.2.3).
        ("User-agent: *\nDisallow: /*?", "/a.html?m=1", False),
        ("User-agent: *\nDisallow: /*?", "/a.html", True),
        ("User-agent: *\nDisallow: /*.html$", "/a.html", False),
        ("User-agent: *\nDisallow: /*.html$", "/a.html.gz", True),
        ("User-agent: *\nDisallow: /*a*a$", "/xa", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        # A group of our own hides the one for all; groups of one name are one.
        ("User-agent: *\nDisallow: /\n\nUser-agent: kabar\nDisallow: /b", "/a", True),
        ("User-agent: *\nAllow: /\nUser-agent: KABAR/2.0\nDisallow: /", "/a", False),
        ("User-agent: kabar\nDisallow: /a\nUser-agent: kabar\nDisallow: /b", "/a", False),
        ("User-agent: x\nUser-agent: kabar\nDisallow: /", "/a", False),
        ("User-agent: kabarin\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        # However it is spelt.
        ("\ufeffuser-AGENT : *  # all\r\nDISALLOW : /a # b", "/a", False),
        ("User-agent: *\nDisallow: /%7ebudi", "/~budi", False),
        ("User-agent: *\nDisallow: /berita-é", "/berita-%C3%A9", False),
        ("Disallow: /", "/a", True),
        # An escaped `$` or `*` is that character (RFC 9309, 2.2.3).
        ("User-agent: *\nDisallow: /diskon%24", "/diskon%24", False),
        ("User-agent: *\nDisallow: /diskon%24", "/diskon", True),
        ("User-agent: *\nDisallow: /bintang%2A", "/bintang*", False),
        ("User-agent: *\nDisallow: /bintang%2A", "/bintang/7", True),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", False),
    ],
)
def test_what_may_be_read(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_how_often() -> None:
    assert robots.read_robots("User-agent: *\nCrawl-delay: 2.5", "Kabar").delay == 2.5
    assert robots.read_robots("User-agent: *\nCrawl-delay: 86400", "Kabar").delay == 60
    assert robots.read_robots("User-agent: *\nCrawl-delay: soon", "Kabar").delay == 0
    assert robots.read_robots("User-agent: bing\nCrawl-delay: 9", "Kabar").delay == 0
    for odd, delay in (("nan", 0), ("-5", 0), ("inf", 0), ("1e3", 60)):
        assert robots.read_robots(f"User-agent: *\nCrawl-delay: {odd}", "Kabar").delay == delay


def test_a_site_in_trouble_is_not_read() -> None:
    assert not robots.NOTHING.allow(f"{SITE}/a")


@given(st.text(alphabet="ab*$/%:\n ?#", max_size=300), st.text(alphabet="ab/?%$*", max_size=80))
def test_whatever_is_written_has_an_answer(rules: str, path: str) -> None:
    text = "User-agent: *\nDisallow: /" + rules
    assert robots.read_robots(text, "Kabar").allow(f"{SITE}/{path}") in {True, False}


def test_hostile_rules_end_at_once() -> None:
    text = "User-agent: *\n" + "".join(f"Disallow: /{'a*' * n}b$\n" for n in range(500))
    assert allows(text, "/" + "a" * 5000)
