"""Complaints: letters that demand a reply or a correction.

    open --answer--> answered --correction--> corrected
      |--correction--> corrected     |--review again--> open (its clock does not start anew)
      '--refusal--> declined

Source of the rights: Undang-Undang Pers, article 5, and Pedoman Hak Jawab (Dewan Pers). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.deadlines import DEADLINE_SECONDS
from bot.core.model import ArticleId


class ComplaintKind(StrEnum):
    REPLY = "reply"  # hak jawab: the right to publish one's own account
    CORRECTION = "correction"  # hak koreksi: something in the article is wrong


class ComplaintState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a complaint has beyond the letter that it is based on."""

    kind: ComplaintKind
    at: int
    """When its deadline began to run."""
    article_id: ArticleId | None = None
    state: ComplaintState = ComplaintState.OPEN
    answered_at: int | None = None
    """When it was first answered, in whichever way."""

    @property
    def deadline(self) -> int:
        return self.at + DEADLINE_SECONDS
