"""Cards and decided lines: exact words, any name, within the limits; Telegram's parser checks
them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.callbacks import PressKind, decode
from bot.core.comments import card_buttons, cards, moderators_lists, moderators_view
from bot.core.comments.aliases import alias
from bot.core.comments.cards import Card, Subject
from bot.core.comments.model import Comment, Decision, Part, Reader, Reason, Signature, State
from bot.core.comments.rules import RULES, RuleFinding, Ruling
from bot.core.language import Translator
from bot.core.model import Actor, ArticleId, CommentId, Post, ReaderId, TelegramId
from bot.core.names import clean_name
from bot.core.text import split, utf16
from tests.conftest import NOON
from tests.support.telegram_parser import parse

ANNA = Actor(TelegramId(71), "Anna")


def view(text: str = "A thought.", **values: object) -> Card:
    reader = Reader(ReaderId(7), TelegramId(501), None, str(values.pop("name", "Ivan P.")))
    subject = values.pop("subject", Subject("Headline", "https://paper.example/1"))
    comment = Comment(
        CommentId(1842), ArticleId(1), reader.id, State.PENDING, text, created_at=NOON
    )
    outer = {key: values.pop(key) for key in ("findings", "same", "reports") if key in values}
    return Card(replace(comment, **values), reader, subject, **outer)  # type: ignore[arg-type]


def shown(post: Post) -> str:
    return parse(post.text)[0]


def quoted(post: Post) -> str:
    """What the quote holds, cut out by Telegram's own offsets."""
    text, entities = parse(post.text)
    units = text.encode("utf-16-le")
    offset, length = next((o, n) for kind, o, n in entities if kind == "blockquote")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def payloads(post: Post) -> list[str]:
    return [one.data for row in post.keyboard for one in row]


def test_a_card_as_drawn(english: Translator) -> None:
    findings = (
        RuleFinding("links", Ruling.HOLD, "example.com/x"),
        RuleFinding("duplicate", Ruling.HOLD, "12 17"),
    )
    post = cards.card(
        view("Look <here> & there\nexample.com/x", findings=findings), english, now=NOON
    )
    assert shown(post).replace("\u202f", " ").split("\n") == [
        "💬 #1842 · new reader · 12:00",
        "Headline",
        "— Ivan P. · R-c86 · 0 approved / 0 rejected".replace("R-c86", alias(7)),
        "Look <here> & there",
        "example.com/x",
        "⚠️ link: example.com/x",
        "⚠️ nearly the same as #12, #17",
    ]
    signs = [one.text[0] for row in post.keyboard for one in row]
    assert signs == ["✅", "❌", "💬", "🚫", "⋯"]


def test_payloads_hold_numbers_and_versions_and_never_words(english: Translator) -> None:
    one = view("secret words", version=7, revision=2)
    for keyboard in (
        card_buttons.main_menu(one.comment, english),
        card_buttons.reject_menu(one.comment, english),
        card_buttons.ban_menu(one.comment, one.reader, english),
        card_buttons.more_menu(one.comment, english, closed=False),
    ):
        for button in (each for row in keyboard for each in row):
            press = decode(button.data)
            assert press is not None
            assert press.numbers[0] == 1842
            if press.kind in {PressKind.DECIDE, PressKind.MENU}:
                assert press.numbers == (1842, 2, 7)


def test_the_second_button_of_a_ban_begins_like_the_first(english: Translator) -> None:
    one = view(name="Ivan" * 40)
    first = card_buttons.ban_menu(one.comment, one.reader, english)[0][0]
    assert first.text.startswith("🚫")
    assert len(first.text) <= 64
    menu = card_buttons.reject_menu(one.comment, english)
    assert [each.text for row in menu for each in row][:7] == [
        "Off-topic", "Insult", "Advertising", "Spam", "Duplicate", "Other", "Reject silently",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "decision", "live", "expected"),
    [
        (State.APPROVED, Decision.APPROVE, 1, "✅ #1842 approved by Anna"),
        (State.APPROVED, Decision.REJECT, 1, "❌ #1842: edit rejected by Anna"),
        (State.REJECTED, Decision.REJECT, None, "❌ #1842 rejected by Anna"),
        (State.REJECTED, Decision.BAN, None, "🚫 #1842 rejected and the reader banned by Anna"),
        (State.WITHDRAWN, None, None, "↩️ #1842 withdrawn by the reader"),
        (State.ERASED, None, None, "🕊 #1842 deleted"),
    ],
)
def test_a_decided_card_is_one_line(
    english: Translator, state: State, decision: Decision | None, live: int | None, expected: str
) -> None:
    reason = Reason.SPAM if decision is Decision.REJECT else None
    one = view(
        "First\nsecond " + "x" * 200,
        state=state,
        decision=decision,
        reason=reason,
        live=live,
        revision=2,
        decided_at=NOON,
        decided_by=ANNA,
    )
    post = cards.card(one, english, now=NOON)
    assert shown(post).startswith(expected)
    assert "\n" not in shown(post)
    undo = [one for one in payloads(post) if one.endswith("undo")]
    assert bool(undo) == (state in {State.APPROVED, State.REJECTED})
    late = cards.card(one, english, now=NOON + 601)
    again = [one.rpartition(":")[2] for one in payloads(late)]
    assert again == (["reopen", "answer"] if undo else [])


def test_what_a_rule_published_is_shown_whole(english: Translator) -> None:
    done = {"state": State.APPROVED, "decision": Decision.AUTO, "live": 1, "decided_at": NOON}
    post = cards.card(view("Trusted words.", **done), english, now=NOON)
    assert quoted(post) == "Trusted words."
    assert "published automatically (trusted reader)" in shown(post)
    assert [one.text for row in post.keyboard for one in row] == ["↩ Undo", "💬 Reply"]
    long = view("word " * 800, **done)
    assert utf16(shown(cards.card(long, english, now=NOON))) <= 4096
    assert cards.parts(long, english) == 2


def test_nothing_of_a_long_text_is_cut(english: Translator) -> None:
    text = "".join(f"word{n} " for n in range(600))[:4000]
    one = view(text)
    assert cards.parts(one, english) == 2
    posts = [cards.card(one, english, now=NOON), cards.part(one, english, 2)]
    assert "".join(map(quoted, posts)) == text.rstrip()
    gone = replace(one, comment=replace(one.comment, text="short"))
    assert "no longer needed" in shown(cards.part(gone, english, 2))


_NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("<>&\"'_*[]()~`#+-=|{}.!\n\t \u202e\u2066\u2069\u200b\u0000😀"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=120,
)


@given(text=_NASTY.filter(str.strip), name=_NASTY, headline=_NASTY, detail=_NASTY)
def test_no_name_and_no_text_can_break_a_card(
    english: Translator, text: str, name: str, headline: str, detail: str
) -> None:
    findings = tuple(RuleFinding(rule, Ruling.HOLD, detail) for rule in RULES)
    one = view(
        text,
        name=name,
        subject=Subject(headline, 'https://paper.example/?a=<1>&b="2"'),
        findings=findings,
        same=3,
        reports=2,
        parts=(Part(1, "", "photo"),),
        sign=Signature.ALIAS,
    )
    post = cards.card(one, english, now=NOON)
    lines = shown(post).split("\n")
    assert lines[0].startswith("💬 #1842 · ×3 · new reader")
    assert "\u202e" not in lines[2]
    assert utf16(shown(post)) <= 4096
    clean = clean_name(name)
    assert "\n" not in clean
    assert utf16(clean) <= 64
    decided = replace(one.comment, state=State.REJECTED, decision=Decision.BAN, decided_by=ANNA)
    assert "\n" not in shown(cards.card(replace(one, comment=decided), english, now=NOON))


@given(st.text(alphabet=st.sampled_from("a &<😀\n文"), min_size=1, max_size=9000))
def test_pieces_put_together_are_the_text(text: str) -> None:
    pieces = split(text, 700, 900)
    assert "".join(pieces) == text
    assert all(utf16(piece) <= 900 for piece in pieces)


def test_a_letter_under_thousands_of_accents_takes_few_pieces() -> None:
    text = "x" + "\u0301" * 4000
    pieces = split(text, 700, 900)
    assert "".join(pieces) == text
    assert len(pieces) == 5


@pytest.mark.parametrize("sign", ["<", "&", '"', "😀", "文", "\u0301", "\n", "a "])
def test_four_thousand_of_any_sign_arrive(english: Translator, sign: str) -> None:
    text = ("x" + sign * 4000)[:4000]
    one = view(text, name="W" * 200, subject=Subject("H" * 999, "https://paper.example/1"))
    posts = [cards.card(one, english, now=NOON)]
    posts += [cards.part(one, english, n) for n in range(2, cards.parts(one, english) + 1)]
    assert "".join("".join(map(quoted, posts)).split()) == "".join(text.split())
    for post in posts:
        assert utf16(shown(post)) <= 4096
        assert len(post.text.encode()) <= 32_768


def test_what_moderators_are_asked_and_told(english: Translator) -> None:
    one = view()
    prompt = moderators_view.answer_prompt(ANNA, one.reader, one.comment, one.subject, english)
    assert "your reply goes to Ivan P." in shown(prompt)
    assert prompt.prompt
    assert prompt.selective
    talk = moderators_view.AnswerLine(
        3, "out", "waiting", "Thank you", public=False, due_at=NOON + 20
    )
    waiting = moderators_view.answer_state(talk, one.comment, one.reader, english, now=NOON)
    assert "goes out in 20 seconds" in shown(waiting)
    assert [each.text for each in waiting.keyboard[0]] == ["✖ Cancel"]
    blocked = replace(talk, state="unreachable")
    text = shown(moderators_view.answer_state(blocked, one.comment, one.reader, english, now=NOON))
    assert "blocked the bot" in text
    assert "12 rejected" not in shown(moderators_lists.rules_page({("links", "hold"): 12}, english))
    assert "held 12" in shown(moderators_lists.rules_page({("links", "hold"): 12}, english))


def test_an_edited_card_shows_what_it_said_before(english: Translator) -> None:
    one = replace(view("Now words."), before="Then <words>.")
    edited = replace(one, comment=replace(one.comment, revision=2))
    text = shown(cards.card(edited, english, now=NOON))
    assert "Now words." in text
    assert "✏️ Edited by the reader\nBefore: Then <words>." in text
    public = replace(one, comment=replace(one.comment, revision=2, live=1))
    assert "stays public until you decide.\nBefore: Then" in shown(
        cards.card(public, english, now=NOON)
    )


def test_a_reported_card_says_what_its_buttons_mean_now(english: Translator) -> None:
    one = view("Reported words.")
    reported = replace(one, comment=replace(one.comment, live=1), reports=2)
    text = shown(cards.card(reported, english, now=NOON))
    assert "⚑ reported by 2 readers\n📰 It is public: ✅ keeps it, ❌ takes it down." in text
    assert text.count("⚑") == 1


def test_what_is_public_is_not_held_because_its_reader_is_new(english: Translator) -> None:
    new = (RuleFinding("new", Ruling.HOLD), RuleFinding("links", Ruling.HOLD, "a.example"))
    one = replace(view("Reported words."), findings=new)
    assert shown(cards.card(one, english, now=NOON)).count("new reader") == 2
    public = replace(one, comment=replace(one.comment, live=1), reports=1)
    text = shown(cards.card(public, english, now=NOON))
    assert "new reader" not in text
    assert "link: a.example" in text


def test_a_letter_is_signed_for_nobody(english: Translator) -> None:
    one = view("Dear editors", subject=None, sign=Signature.ANONYMOUS)
    assert "signed anonymously" in shown(cards.card(one, english, now=NOON))
    letter = replace(one, comment=replace(one.comment, article_id=None))
    assert "signed" not in shown(cards.card(letter, english, now=NOON))


def test_a_card_says_who_replied(english: Translator) -> None:
    one = replace(view("A question?"), answered_by="Anna")
    assert shown(cards.card(one, english, now=NOON)).endswith("💬 replied to by Anna")


def test_the_buttons_of_a_public_comment_say_what_they_do(english: Translator) -> None:
    public = replace(view().comment, live=view().comment.revision)
    labels = [one.text for row in card_buttons.main_menu(public, english) for one in row]
    assert labels[:2] == ["✅ Keep", "❌ Take down"]
    edited = replace(public, revision=public.revision + 1)
    labels = [one.text for row in card_buttons.main_menu(edited, english) for one in row]
    assert labels[:2] == ["✅ Approve", "❌ Reject"]
