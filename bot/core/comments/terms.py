"""The newsroom's rules for comments (`KABAR_COMMENT_TERMS`), accepted with one tap before the first
comment. Pure: knows what they are and how they are shown, not who accepted them.

A letter or a complaint needs no consent: nothing of it is published, and a right has no conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from bot.core.callbacks import Press, PressKind, encode
from bot.core.comments.model import Comment, State
from bot.core.html import Html, escape, join, link
from bot.core.language import Translator
from bot.core.model import Button, Post
from bot.core.text import fit

TEXT_LIMIT = 3_000
"""Characters that the rules may have: the question around them has to fit into the same message."""


@dataclass(frozen=True, slots=True)
class Terms:
    """An address, or the text of the rules itself."""

    text: str

    @property
    def version(self) -> str:
        """Changes whenever the setting changes. The text at an address may change without our
        knowing: the newsroom then changes the address, to `.../rules?2` for example."""
        return sha256(self.text.encode()).hexdigest()[:12]

    @property
    def address(self) -> str:
        """Empty if the setting is the text of the rules itself."""
        return self.text if self.text.startswith(("http://", "https://")) else ""


def waits_for_terms(comment: Comment) -> bool:
    """Whether a comment is written and its reader has not accepted the rules yet."""
    return comment.state is State.DRAFT and comment.article_id is not None


def question(terms: Terms, comment: Comment, tr: Translator, *, again: bool) -> Post:
    """Asks for the one tap. `again`: the reader has accepted earlier rules."""
    head = (
        tr.html("📋 <b>Our rules for comments have changed</b>")
        if again
        else tr.html("📋 <b>Our rules for comments</b>")
    )
    rules: Html = escape(fit(terms.text, TEXT_LIMIT))
    if terms.address:
        rules = link(tr.gettext("Read the rules"), terms.address)
    waits = tr.html(
        "Your comment is kept, and goes on its way as soon as you agree. You are asked only once; "
        "/privacy says what we store."
    )
    agree = encode(Press(PressKind.TERMS, (comment.id,), terms.version))
    drop = encode(Press(PressKind.WITHDRAW, (comment.id, 0)))
    rows = (
        (Button(tr.gettext("✅ I agree"), data=agree),),
        (Button(tr.gettext("✖ Never mind"), data=drop),),
    )
    return Post(join("\n\n", [head, rules, waits]), keyboard=rows)
