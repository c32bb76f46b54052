"""Which addresses strangers may name, and how much of an address may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.networks import is_public, is_web_port, without_credentials


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2002:5db8:d822::1", False),
        ("2001:0:5db8:d822::1", False),
        ("2001:db8::1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::5db8:d822", False),
        ("not an address", False),
        ("", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@given(st.ip_addresses(v=4, network="127.0.0.0/8") | st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_form_of_a_private_address_is_public(ip: object) -> None:
    assert not is_public(str(ip))
    assert not is_public(f"::ffff:{ip}")
    assert not is_public(f"64:ff9b::{ip}")


@pytest.mark.parametrize(
    ("port", "web"), [(80, True), (443, True), (8080, True), (25, False), (6667, False), (0, False)]
)
def test_ports_of_the_web(port: int, web: bool) -> None:
    assert is_web_port(port) is web


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ayu:kata@sandi@paper.example/f x", "https://***@paper.example/f x"),
        ("postgresql://kabar:s3cret@db/kabar", "postgresql://***@db/kabar"),
        ("https://p.example/f?id=1&api_key=abc&n=2", "https://p.example/f?id=1&api_key=***&n=2"),
        ("https://p.example/f?TOKEN=abc#x", "https://p.example/f?TOKEN=***#x"),
        ("https://p.example/@ayu?author=b@c", "https://p.example/@ayu?author=b@c"),
        ("write to ayu@paper.example?key=1", "write to ayu@paper.example?key=1"),
    ],
)
def test_what_of_an_address_is_shown(text: str, shown: str) -> None:
    assert without_credentials(text) == shown
