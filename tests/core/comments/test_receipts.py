"""What readers are told about their own words: each kind of them has its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.comments import receipts
from bot.core.comments.complaints import Complaint, ComplaintKind
from bot.core.comments.model import Comment, State
from bot.core.language import Translator
from bot.core.model import ArticleId, CommentId, ReaderId

NOW = 1_700_000_000
COMMENT = Comment(CommentId(4), ArticleId(7), ReaderId(2), State.PENDING, due_at=NOW)
LETTER = replace(COMMENT, article_id=None)
COMPLAINT = replace(LETTER, complaint=Complaint(ComplaintKind.CORRECTION, NOW, ArticleId(7)))
DRAFT = replace(LETTER, state=State.DRAFT)
PUBLIC = replace(COMMENT, live=1)


@pytest.mark.parametrize(
    ("comment", "changed", "added", "withdrawn"),
    [
        (COMMENT, "Your comment #4 has been changed.", "your comment #4.", "Comment #4"),
        (LETTER, "Your letter #4 has been changed.", "your letter #4.", "Letter #4"),
        (COMPLAINT, "Your complaint #4 has been changed.", "your complaint #4.", "Complaint #4"),
        (DRAFT, "Your letter #4 has been changed.", "your comment #4.", "Letter #4"),
        (PUBLIC, "Your edit of comment #4 is being reviewed", "your comment #4.", "Comment #4"),
    ],
)
def test_each_is_called_what_it_is(
    comment: Comment, changed: str, added: str, withdrawn: str, english: Translator
) -> None:
    assert receipts.changed(comment, english).startswith(changed)
    assert receipts.added(comment, english) == f"Added to {added}"
    said = receipts.withdrawn(comment, english, now=NOW)
    assert said.text == f"↩️ {withdrawn} has been withdrawn."
    assert not said.keyboard  # the time in which it can be restored is over
    assert receipts.withdrawn(comment, english, now=NOW - 1).keyboard
