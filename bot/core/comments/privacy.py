"""What is stored about people, in plain words, made from the settings in force. Knows no tables."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.comments.terms import Terms
from bot.core.html import Html, escape, join, link
from bot.core.language import Translator
from bot.core.model import Post

DELETABLE_HOURS = 48
"""Telegram lets a bot delete messages up to this age (Bot API, deleteMessage)."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What this newsroom's settings mean for people's data."""

    commenting: bool
    grace: int
    """Seconds in which nobody sees a comment."""
    trusted_after: int
    """Approved comments after which the next ones appear at once; 0: never."""
    keep_days: int
    """For so long it is remembered which posts were sent where."""
    terms: Terms | None = None
    """The rules that readers accept before their first comment."""


def policy(practice: Practice, tr: Translator) -> Post:
    """The answer to /privacy."""
    lines = [
        tr.html("<b>What we store</b>"),
        tr.html(
            "• This chat's Telegram ID, title and language, and what it subscribed to: to send you "
            "the news."
        ),
        tr.nhtml(
            "• Which articles we sent here, for {n} day: to be able to correct them.",
            "• Which articles we sent here, for {n} days: to be able to correct them.",
            practice.keep_days,
        ),
    ]
    if practice.commenting:
        lines += _about_comments(practice, tr)
    lines += [
        tr.html("Your searches are not stored with your name. Nothing is passed on to anyone."),
        tr.html("/mydata sends you a copy of everything; /forgetme deletes it all."),
    ]
    return Post(join("\n", lines))


def _about_comments(practice: Practice, tr: Translator) -> list[Html]:
    return [
        tr.html(
            "• Your comments, with your Telegram ID and name: so that the editors can reply to "
            "you. Moderators see your name and what became of your earlier comments; the public "
            "sees the name you chose."
        ),
        *_terms(practice.terms, tr),
        _first_seconds(practice, tr),
        _before_it_appears(practice, tr),
        tr.html(
            "• In the moderators' group your comment appears as a card, with copies of its "
            "pictures and recordings. When you withdraw it or use /forgetme, the card is emptied "
            "and the copies are deleted. Telegram lets bots delete messages for {hours} hours "
            "only: older copies have to be removed by a person, and the card asks the moderators "
            "to do so. Lists that they looked up and messages that they wrote themselves stay in "
            "their group.",
            hours=DELETABLE_HOURS,
        ),
        tr.html(
            "• Of a complaint (right of reply, right of correction) we keep the number, "
            "article, times and outcome, even after /forgetme, but not your name or your "
            "words: we have to be able to show that it was answered in time."
        ),
        tr.html(
            "• Who decided what about a comment, without its text and without your name. A ban is "
            "kept as a code that doesn't tell who you are."
        ),
    ]


def _terms(terms: Terms | None, tr: Translator) -> list[Html]:
    if terms is None:
        return []
    name = tr.gettext("our rules for comments")
    rules = link(name, terms.address) if terms.address else escape(name)
    return [
        tr.html(
            "• That you agreed to {rules} (version {version}), and when: you are asked before your "
            "first comment and when they change.",
            rules=rules,
            version=terms.version,
        )
    ]


def _first_seconds(practice: Practice, tr: Translator) -> Html:
    if not practice.grace:
        return tr.html("• Moderators see a comment as soon as you send it.")
    return tr.nhtml(
        "• Nobody sees a comment in its first {n} second.",
        "• Nobody sees a comment in its first {n} seconds.",
        practice.grace,
    )


def _before_it_appears(practice: Practice, tr: Translator) -> Html:
    if not practice.trusted_after:
        return tr.html("• A moderator reads every comment before it's published.")
    return tr.nhtml(
        "• A moderator reads every comment before it's published; comments from readers with {n} "
        "approved comment may be published first and read afterwards.",
        "• A moderator reads every comment before it's published; comments from readers with {n} "
        "approved comments may be published first and read afterwards.",
        practice.trusted_after,
    )
