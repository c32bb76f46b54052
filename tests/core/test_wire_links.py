"""Link headers as servers write them (RFC 8288)."""

from __future__ import annotations

import time

import pytest

from bot.core.wire import linked

HUB, TOPIC = "http://hub.example/", "http://paper.example/topic"
BOTH = {"hub": HUB, "self": TOPIC}


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"', BOTH),
        (f"<{HUB}>;rel=hub,<{TOPIC}>;rel=self", BOTH),
        (f"<{HUB}> ; REL = Hub , <{TOPIC}> ; Rel=SELF", BOTH),
        (f'<{HUB}>; rel="hub alternate", <{TOPIC}>; rel="canonical self"',
         {"hub": HUB, "alternate": HUB, "canonical": TOPIC, "self": TOPIC}),
        (f'<{HUB}>; rel=hub, <http://second.example/>; rel=hub, <{TOPIC}>; rel=self', BOTH),
        (f'<{HUB}>; title="a, <b>; rel=x"; rel="hub"; rel="self"', {"hub": HUB}),
        (f"</topic>; rel=self, <{HUB}>; crossorigin; rel=hub", BOTH),
        ("<http://a.example/a,b;c>; rel=hub", {"hub": "http://a.example/a,b;c"}),
        ("<javascript:alert(1)>; rel=hub", {}),
        ("<http://[bad>; rel=hub", {}),
        (f"<{HUB}; rel=hub, rubbish", {}),
        (f"<{HUB}>", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_links_by_relation(header: str, found: dict[str, str]) -> None:
    assert linked(header, "http://paper.example/feed") == found


@pytest.mark.parametrize(
    "unit", ["<", "<>;", "<>; ", "<>;a=", '<>;a="', "<>;a ;", '<>;a="\\', " ", "<>;rel=a,"]
)
def test_a_hostile_header_is_read_in_no_time(unit: str) -> None:
    took = []
    for _ in range(3):  # one may meet a garbage collection
        before = time.thread_time()
        linked(unit * (16_384 // len(unit)), "http://paper.example/feed")
        took.append(time.thread_time() - before)
    assert min(took) < 0.05
