"""What readers see: prompts, confirmations, notices and pages, in words that Telegram accepts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.callbacks import PressKind, decode
from bot.core.comments import notices, published, receipts
from bot.core.comments.aliases import alias
from bot.core.comments.cards import Subject
from bot.core.comments.model import Comment, Reader, Reason, Signature, State
from bot.core.comments.published import Mine, Shown
from bot.core.comments.rules import RULES, RuleFinding, Ruling
from bot.core.html import Html, escape
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, CommentId, Post, ReaderId, TelegramId
from bot.core.text import utf16
from tests.conftest import NOON
from tests.support.telegram_parser import parse

SUBJECT = Subject("Headline <b> & more", "https://paper.example/1")
READER = Reader(ReaderId(7), TelegramId(501), None, "Ivan P.")
COMMENT = Comment(
    CommentId(12), ArticleId(1), READER.id, State.HELD, "A thought.", due_at=NOON + 20
)


def shown(post: Post | None) -> str:
    assert post is not None
    text = parse(post.text)[0]
    assert 0 < utf16(text) <= 4096
    for button in (one for row in post.keyboard for one in row):
        assert len(button.data.encode()) <= 64
        assert decode(button.data) is not None
    return text


def test_the_prompt_names_the_article_and_leads_to_what_others_said(english: Translator) -> None:
    bare = receipts.prompt(SUBJECT, english, article_id=1, comments=0, trusting=False)
    assert "read every comment before it's published" in shown(bare)
    assert "Headline <b> & more" in shown(bare)
    assert bare.prompt == "Your comment"
    with_others = receipts.prompt(SUBJECT, english, article_id=1, comments=3, trusting=True)
    assert "before it appears" not in shown(with_others)
    assert with_others.keyboard[0][0].text == "📖 Read 3 comments"


def test_the_confirmation_says_what_happens_and_who_sees_what(english: Translator) -> None:
    text = shown(receipts.receipt(COMMENT, READER, SUBJECT, english, now=NOON))
    assert "for 20 seconds" in text
    assert "always see your Telegram name" in text
    anonymous = replace(COMMENT, sign=Signature.ANONYMOUS, state=State.PENDING)
    text = shown(receipts.receipt(anonymous, READER, SUBJECT, english, now=NOON))
    assert "signed “Anonymous”" in text
    assert "waiting for review" in text


def test_who_has_no_name_to_show_chooses_between_two_signatures(english: Translator) -> None:
    nameless = replace(READER, name="\u3164")
    post = receipts.receipt(COMMENT, nameless, SUBJECT, english, now=NOON)
    assert [one.text for one in post.keyboard[0]] == [f"✓ {alias(READER.id)}", "Anonymous"]
    named = receipts.receipt(COMMENT, READER, SUBJECT, english, now=NOON)
    assert [one.text[:6] for one in named.keyboard[0]] == ["✓ Ivan", alias(READER.id)[:6], "Anonym"]


def test_a_letter_that_was_read_says_so_whatever_was_thought_of_it(english: Translator) -> None:
    letter = replace(COMMENT, article_id=None, state=State.REJECTED, reason=Reason.SPAM)
    post = receipts.receipt(letter, READER, None, english, now=NOON)
    assert "We have read your letter" in shown(post)
    assert post.keyboard == ()
    silently = replace(letter, reason=Reason.SILENTLY)
    assert "received" in shown(receipts.receipt(silently, READER, None, english, now=NOON))


def test_what_has_no_article_yet_is_called_no_letter(english: Translator) -> None:
    draft = replace(COMMENT, article_id=None, state=State.DRAFT)
    found = [Mine(draft, None, draft.text)]
    text = shown(published.my_comments(found, english, page=1, pages=1, now=NOON))
    assert "please choose an article" in text
    assert "letter" not in text


def test_which_article_offers_the_last_ones_and_a_letter(english: Translator) -> None:
    found = [Article(ArticleId(n), "H" * 300) for n in range(1, 6)]
    post = receipts.which_article(COMMENT, found, english)
    shown(post)
    presses = [decode(row[0].data) for row in post.keyboard]
    assert [one.numbers for one in presses if one and one.kind is PressKind.WHICH] == [
        (12, 1), (12, 2), (12, 3), (12, 4), (12, 5), (12, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("rule", list(RULES))
def test_every_refusal_is_a_polite_sentence(
    english: Translator, indonesian: Translator, rule: str
) -> None:
    found = RuleFinding(rule, Ruling.REFUSE, "5")
    for tr in (english, indonesian):
        sentence = receipts.refusal(found, tr)
        assert sentence[0].isupper()
        assert sentence.endswith((".", "!"))
        assert len(sentence) <= 200  # also as a small window


def test_notices_by_state(english: Translator) -> None:
    live = replace(COMMENT, state=State.APPROVED, live=1)
    assert "is published" in shown(notices.decided(live, SUBJECT, english))
    assert notices.decided(replace(COMMENT, state=State.PENDING), SUBJECT, english) is None
    for reason in Reason:
        rejected = replace(COMMENT, state=State.REJECTED, reason=reason)
        post = notices.decided(rejected, SUBJECT, english)
        if reason is Reason.SILENTLY:
            assert post is None
        else:
            assert notices.why(reason, english) in shown(post)
    kept = replace(live, revision=2, reason=Reason.ADVERT)
    assert "the earlier text stays" in shown(notices.decided(kept, SUBJECT, english))
    letter = replace(COMMENT, article_id=None, state=State.APPROVED)
    assert "read your letter" in shown(notices.decided(letter, None, english))
    together = notices.decided_together([(live, SUBJECT), (kept, None)], english)
    assert shown(together).count("#12") == 2


@given(
    st.lists(st.text(min_size=1, max_size=4000).filter(str.strip), min_size=1, max_size=5),
    st.text(max_size=90),
    st.lists(st.text(min_size=1, max_size=3500).filter(str.strip), max_size=3),
)
def test_any_page_fits(
    english: Translator, texts: list[str], name: str, answers: list[str]
) -> None:
    found = [
        Shown(
            n,
            receipts.signature(Signature.NAME, 7, name, english),
            text,
            3,
            NOON,
            1,
            tuple(map(escape, answers)),
        )
        for n, text in enumerate(texts, 1)
    ]
    post = published.reading(
        SUBJECT,
        found,
        english,
        article_id=1,
        page=2,
        pages=3,
        order="best",
        total=14,
    )
    shown(post)
    shown(published.whole(found[0], english, article_id=1, page=1, order="new"))


def page_of(english: Translator, *texts: str, page: int = 1, pages_: int = 1) -> Post:
    found = [
        Shown(n, "Ivan", text, 0, NOON, answers=(Html("Right."),))
        for n, text in enumerate(texts, 1)
    ]
    return published.reading(
        SUBJECT, found, english, article_id=1, page=page, pages=pages_, order="new", total=9,
    )  # fmt: skip


def test_a_page_marks_the_editors_and_offers_what_readers_can_do(english: Translator) -> None:
    post = page_of(english, "Short.", "x" * 1000, page=2, pages_=3)
    text = shown(post)
    assert "↳ The editors: Right." in text
    labels = [one.text for row in post.keyboard for one in row]
    assert labels == [
        "1. 👍", "1. ⚑ Report", "2. 👍", "2. ⚑ Report", "2. Read more",
        "◀", "2/3", "▶", "✓ Newest", "Best", "💬 Write a comment",
    ]  # fmt: skip


def test_no_comments_yet(english: Translator) -> None:
    post = published.reading(
        SUBJECT, [], english, article_id=1, page=1, pages=1, order="new", total=0,
        silenced="Comments on this article are closed.",
    )  # fmt: skip
    assert shown(post) == (
        "No comments yet: Headline <b> & more\n\nComments on this article are closed."
    )
    assert post.keyboard == ()


def test_my_comments_tell_each_state(english: Translator) -> None:
    states = [replace(COMMENT, state=state) for state in State]
    states.append(replace(COMMENT, state=State.APPROVED, live=1))
    found = [Mine(one, SUBJECT, one.text) for one in states]
    text = shown(published.my_comments(found[:5], english, page=1, pages=2, now=NOON))
    assert "waiting for review" in text
    text = shown(published.my_comments(found[5:], english, page=2, pages=2, now=NOON))
    assert "published" in text
    assert "haven't written any comments yet" in shown(
        published.my_comments([], english, page=1, pages=1, now=NOON)
    )
