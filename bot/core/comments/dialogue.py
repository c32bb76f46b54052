"""What editors and a reader write to each other, message by message. Pure, knows no rows.

One answer is one message, or the messages of an album.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.html import Html, escape


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One message of an answer, as its writer's chat has it."""

    message_id: int
    text: str = ""
    html: str = ""
    """The words with their formatting; empty where they have none."""
    media: str = ""
    """Its kind (photo, voice ...), empty for text alone."""
    album: str = ""
    """Telegram's name of the album that it belongs to."""
    file: str = ""
    """Telegram's permanent id of the file: a different id is a different picture."""


def gathered(parts: Sequence[AnswerPart]) -> str:
    """All words of an answer."""
    return "\n\n".join(one.text for one in parts if one.text)


def markup(parts: Sequence[AnswerPart]) -> Html:
    """All words of an answer, with their formatting."""
    return Html("\n\n".join(words_of(one) for one in parts if one.text))


def words_of(part: AnswerPart) -> Html:
    """The words of one message, with their formatting."""
    return Html(part.html) if part.html else escape(part.text)


def edited(old: AnswerPart, new: AnswerPart) -> AnswerPart:
    """A message as its writer has changed it. An edit of a caption may come without its album and
    file."""
    file = same_file(old.file, new.file) if old.media else new.file
    return replace(new, album=new.album or old.album, file=file)


def same_file(old: str, new: str) -> str:
    """The id of a message's file after an edit, which may not mention it. If it was never known, a
    change cannot be detected."""
    return (new or old) if old else ""
