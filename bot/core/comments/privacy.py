"""What is stored of people, said plainly: made from the settings in force. Knows no tables."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.html import Html, join
from bot.core.language import Translator
from bot.core.model import Post

DELETABLE_HOURS = 48
"""How old a message may be that Telegram lets a bot delete (Bot API, deleteMessage)."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What this newsroom's settings mean for people's data."""

    commenting: bool
    grace: int
    """Seconds in which nobody sees a comment."""
    trusted_after: int
    """Approved comments after which the next ones appear at once; 0: never."""
    keep_days: int
    """How long it is known which posts were sent where."""


def policy(practice: Practice, tr: Translator) -> Post:
    """The answer to /privacy."""
    lines = [
        tr.html("<b>What I store</b>"),
        tr.html(
            "• This chat's number, title and language, and what it subscribed to: to send the news."
        ),
        tr.nhtml(
            "• Which articles I sent here, for {n} day: to correct them when the newsroom does.",
            "• Which articles I sent here, for {n} days: to correct them when the newsroom does.",
            practice.keep_days,
        ),
    ]
    if practice.commenting:
        lines += _about_comments(practice, tr)
    lines += [
        tr.html("What you search for is not kept with your name. Nothing is passed on."),
        tr.html("/mydata sends you everything as a file. /forgetme deletes it."),
    ]
    return Post(join("\n", lines))


def _about_comments(practice: Practice, tr: Translator) -> list[Html]:
    return [
        tr.html(
            "• Your comments, with your Telegram number and name: so that the editors can answer "
            "you. The moderators see your name and how your earlier comments were decided; the "
            "public sees the signature that you chose."
        ),
        _first_seconds(practice, tr),
        _before_it_appears(practice, tr),
        tr.html(
            "• The moderators' chat shows your comment as a card, with copies of its pictures and "
            "recordings. When you withdraw it or use /forgetme, the card is emptied and the copies "
            "are deleted. Telegram lets me delete messages for {hours} hours only: older copies "
            "have to be removed by a person, and the card asks the moderators to do so. What they "
            "looked up in lists, or wrote themselves, stays in their chat.",
            hours=DELETABLE_HOURS,
        ),
        tr.html(
            "• Who decided what about a comment, without its words and without your name. A ban is "
            "remembered as a code that does not tell who you are."
        ),
    ]


def _first_seconds(practice: Practice, tr: Translator) -> Html:
    if not practice.grace:
        return tr.html("• The moderators see a comment as soon as you have sent it.")
    return tr.nhtml(
        "• Nobody sees a comment in its first {n} second.",
        "• Nobody sees a comment in its first {n} seconds.",
        practice.grace,
    )


def _before_it_appears(practice: Practice, tr: Translator) -> Html:
    if not practice.trusted_after:
        return tr.html("• A moderator reads every comment before it appears.")
    return tr.nhtml(
        "• A moderator reads every comment before it appears; from readers with {n} approved "
        "comment it may appear first and be read afterwards.",
        "• A moderator reads every comment before it appears; from readers with {n} approved "
        "comments it may appear first and be read afterwards.",
        practice.trusted_after,
    )
