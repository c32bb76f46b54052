"""The rules by table, their order, and that no stranger's text can break them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.comments import rules
from bot.core.comments.rules import Blocked, CommentFacts, Judgement, Ruling
from bot.i18n import Languages
from tests.conftest import JAKARTA

NOW = 1_000_000
KNOWN = CommentFacts("A thoughtful comment.", approved=5, now=NOW)


def said(facts: CommentFacts) -> list[tuple[str, str, str]]:
    return [(one.rule, one.ruling.value, one.detail) for one in rules.judge(facts).findings]


def test_a_known_readers_plain_words_pass() -> None:
    assert rules.judge(KNOWN) == Judgement(Ruling.PASS)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"closed": True}, ("closed", "refuse", "")),
        ({"banned": True}, ("banned", "refuse", "")),
        ({"muted_until": NOW + 60}, ("muted", "refuse", str(NOW + 60))),
        ({"muted_until": NOW}, None),
        ({"recent": 4}, None),
        ({"recent": 5}, ("flood", "refuse", "5")),
        ({"recent": 5, "approved": 0}, ("flood", "refuse", "5")),
        ({"text": "x" * 4000}, None),
        ({"text": "x" * 4002}, ("length", "refuse", "2")),
        ({"text": " \n"}, ("empty", "refuse", "")),
        ({"text": "", "media": ("photo",)}, None),
        ({"media": ("contact", "photo")}, ("media", "hold", "contact")),
        ({"text": "see example.com/x."}, ("links", "hold", "example.com/x")),
        ({"text": "see https://a.example/b?c=d"}, ("links", "hold", "https://a.example/b?c=d")),
        ({"links": ("https://hidden.example/",)}, ("links", "hold", "https://hidden.example/")),
        ({"text": "at www.paper.example/1", "own_hosts": frozenset({"paper.example"})}, None),
        ({"text": "Come to @best_offers now"}, ("invitations", "hold", "@best_offers")),
        ({"text": "write to me@mail"}, None),
        ({"approved": 2}, ("new", "hold", "2")),
    ],
)
def test_each_rule(values: dict[str, object], expected: tuple[str, str, str] | None) -> None:
    facts = replace(KNOWN, **values)  # type: ignore[arg-type]
    assert said(facts) == ([expected] if expected else [])


def test_an_invitation_is_named_even_without_http() -> None:
    found = {rule: detail for rule, _, detail in said(replace(KNOWN, text="join t.me/+abcDEF"))}
    assert found["invitations"] == "t.me/+abcDEF"


def test_the_first_refusal_ends_the_row() -> None:
    facts = replace(KNOWN, closed=True, banned=True, text="")
    assert said(facts) == [("closed", "refuse", "")]
    refusal = rules.judge(facts).refusal
    assert refusal is not None
    assert refusal.rule == "closed"


def test_holding_rules_all_speak() -> None:
    facts = replace(KNOWN, approved=0, text="t.me/offers and example.com")
    assert [rule for rule, _, _ in said(facts)] == ["links", "invitations", "new"]


@pytest.mark.parametrize(
    "text",
    [
        "you BANGSAT!",
        "b\u200bang\u00adsat",
        "bаngsаt",
        "b4ngs4t",
        "bang$at",
        "b a n g s a t",
        "b.a.n.g.s.a.t",
        "baaaangsat",
        "b\u0301angsat",
        "ＢＡＮＧＳＡＴ",
    ],
)
def test_a_blocked_word_is_found_in_disguise(text: str) -> None:
    assert said(replace(KNOWN, text=text, blocked=(Blocked("Bangsat", True),))) == [
        ("words", "refuse", "Bangsat")
    ]


def test_whole_words_only_and_phrases_in_order() -> None:
    blocked = (Blocked("ass", True), Blocked("free money"))
    assert said(replace(KNOWN, text="A classic assassin passes.", blocked=blocked)) == []
    assert said(replace(KNOWN, text="FREE  money here", blocked=blocked)) == [
        ("words", "hold", "free money")
    ]
    assert said(replace(KNOWN, text="money free", blocked=blocked)) == []


def test_words_in_other_scripts_are_found_too() -> None:
    for word in ("спам", "スパム", "스팸", "سبام"):
        assert said(replace(KNOWN, text=f"X {word}!", blocked=(Blocked(word, True),)))


ENGLISH = "the owner of this kata is here"
INDONESIAN = "kata itu yang saya baca"


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("", ENGLISH, True),
        ("", INDONESIAN, True),
        ("id", INDONESIAN, True),
        ("id", ENGLISH, False),
        ("id", ENGLISH + " itu", True),  # a word of its own language is enough
        ("id", "kata", True),  # nobody knows
        ("id", "the kata", True),  # one word makes no language
        ("en", INDONESIAN, False),
        ("en", ENGLISH, True),
        ("xx", ENGLISH, True),  # a language that is no longer there
    ],
)
def test_a_word_of_one_language_is_not_looked_for_in_texts_clearly_in_another(
    language: str, text: str, found: bool
) -> None:
    common_words = Languages.load("en", JAKARTA).common_words
    facts = replace(
        KNOWN, text=text, blocked=(Blocked("kata", True, language),), common_words=common_words
    )
    assert bool(said(facts)) is found


def test_languages_share_none_of_the_words_that_tell_them_apart() -> None:
    common_words = Languages.load("en", JAKARTA).common_words
    assert not common_words["id"] & common_words["en"]
    assert all(len(common) >= 15 for common in common_words.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("judi", Blocked("judi")),
        ("! judi online", Blocked("judi online", hard=True)),
        ("!judi", Blocked("judi", hard=True)),
        ("id: kata", Blocked("kata", language="id")),
        ("ID:kata", Blocked("kata", language="id")),
        ("! en: word", Blocked("word", hard=True, language="en")),
        ("en: ! word", Blocked("word", hard=True, language="en")),
        ("id card", Blocked("id card")),
        ("http://spam", Blocked("http://spam")),
        ("xx: word", Blocked("xx: word")),
        ("!", Blocked("", hard=True)),
        ("", Blocked("")),
    ],
)
def test_blocked_words_as_moderators_type_them(text: str, expected: Blocked) -> None:
    assert rules.as_blocked(text, ("en", "id")) == expected


def test_nearly_the_same_words_are_held_and_short_agreement_is_not() -> None:
    offer = "Earn ten million a week from home, ask me how today"
    other = rules.key_of("earn 10 MILLION a week from home - ask me how today!!")
    assert said(replace(KNOWN, text=offer, others=((7, other), (9, "something else")))) == [
        ("duplicate", "hold", "7")
    ]
    assert said(replace(KNOWN, text="I agree!", others=((7, rules.key_of("I agree!")),))) == []


def test_trust_is_earned_and_lost() -> None:
    passed = rules.judge(KNOWN)
    facts = replace(KNOWN, approved=20, rejected=0)
    assert rules.may_publish(facts, passed, trusted_after=20)
    assert not rules.may_publish(facts, passed, trusted_after=0)
    assert not rules.may_publish(replace(facts, rejected=1), passed, trusted_after=20)
    assert not rules.may_publish(KNOWN, passed, trusted_after=20)
    held = Judgement(Ruling.HOLD)
    assert not rules.may_publish(facts, held, trusted_after=20)


@given(st.text(max_size=300))
def test_keys_are_stable_and_case_does_not_matter(text: str) -> None:
    key = rules.key_of(text)
    assert key == " ".join(key.split())
    assert rules.alike(key, key) or len(key.split()) < 5


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=4))
def test_no_text_breaks_the_rules(text: str, blocked: list[str]) -> None:
    facts = CommentFacts(text, blocked=tuple(Blocked(word, True) for word in blocked), now=NOW)
    assert rules.judge(facts).ruling in Ruling


@pytest.mark.parametrize(
    "text",
    [
        "https://paper.example:x@evil.example/",
        "https://evil.example?.paper.example",
        "https://evil.example\\.paper.example",
        "https://notpaper.example",
        "https://[paper.example",
    ],
)
def test_nobody_passes_for_the_newsroom(text: str) -> None:
    facts = replace(KNOWN, text=text, own_hosts=frozenset({"paper.example"}))
    assert "links" in [rule for rule, _, _ in said(facts)]


@pytest.mark.parametrize("text", ["@" * 4000, "a." * 2000, "a" * 4000, "- " * 2000, "1!" * 2000])
def test_hostile_texts_are_judged_quickly(text: str) -> None:
    began = time.process_time()
    rules.judge(CommentFacts(text, approved=9, blocked=(Blocked("word", True),) * 50))
    assert time.process_time() - began < 0.5
