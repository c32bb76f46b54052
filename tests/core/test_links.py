"""Addresses that Telegram takes for a button, and those that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.links import fits_button
from bot.sandbox import links


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://koran.example/a", True),
        ("http://user@koran.example:8080/a?b=%zz", True),
        ("https://93.184.216.34/a", True),
        ("https://[2606:2800::1]/a", True),
        ("https://kor%61n.example/", True),
        ("https://koran.example./", True),
        ("https://bücher.example/", True),
        ("http://localhost/wordpress/?p=1", False),
        ("http://koran/berita/2", False),
        ("http://koran./", False),
        ("https://ko%ran.example/3", False),
        ("https://ko ran.example/", False),
        ("https://koran.example:0/", False),
        ("https://koran.example:99999/", False),
        ("https://[::1/", False),
        ("https://[v1.koran.example]/", False),  # an address of a later IP
        ("ftp://koran.example/", False),
        ("https:///a", False),
        ("", False),
    ],
)
def test_what_a_button_may_lead_to(address: str, fits: bool) -> None:
    assert fits_button(address) is fits


@given(st.lists(st.sampled_from([*"ab.:%2[]@-_é/ ", "http://", "https://"]), max_size=14))
def test_what_we_try_telegram_takes(parts: list[str]) -> None:
    """The stand-in has TDLib's rules whole."""
    address = "".join(parts)
    if fits_button(address):
        links.check(address)
