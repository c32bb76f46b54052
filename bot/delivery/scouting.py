"""Decides which message tries an article's picture first, and which wait for the result. Knows no
chat and no wire.

UNSEEN   everybody waits while we fetch its address, 5 s at most
OWN      one uploads it, the others wait for its file id; after 5 s the next one tries
ADDRESS  one goes without and offers it; after 5 s with no answer the others go without too
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.core.model import ArticleId
from bot.core.posts.pictures import PATIENCE, PictureForm, PictureState
from bot.delivery.picture_memory import PictureMemory
from bot.delivery.pictures import Pictures

Resume = Callable[[], None]


@dataclass(slots=True, eq=False)
class Trial:
    """One message that tries a picture before all others."""

    article: ArticleId
    known: PictureMemory
    flying: bool = False
    """Its request is on the wire."""
    waiting: list[Resume] = field(default_factory=list)


class Scouts:
    """`seconds`: how long others wait; `learn` is called with what is worth keeping."""

    def __init__(
        self,
        pictures: Pictures,
        *,
        seconds: float = PATIENCE,
        learn: Callable[[ArticleId, PictureState], None],
    ) -> None:
        self._pictures = pictures
        self._seconds = seconds
        self._learn = learn
        self._looks: dict[PictureMemory, list[Resume]] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._trials: dict[PictureMemory, Trial] = {}

    def look(self, article: ArticleId, known: PictureMemory) -> None:
        """Fetch a picture of which nothing is known, once, for everybody."""
        if known.state.form is PictureForm.UNSEEN and known not in self._looks:
            self._looks[known] = []
            task = asyncio.create_task(self._look(article, known))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    def waits(self, article: ArticleId, known: PictureMemory, resume: Resume) -> bool:
        """Whether a message has to wait for the result; `resume` is called when it is known."""
        self.look(article, known)
        if known in self._looks:
            self._looks[known].append(resume)
            return True
        if known in self._trials and not known.state.learned:
            self._trials[known].waiting.append(resume)
            return True
        return False

    def trial(self, article: ArticleId, known: PictureMemory) -> Trial | None:
        """Makes a message that need not wait the first to try; None if there is nothing to try."""
        if known.state.learned or not known.state.carried:
            return None
        trial = self._trials[known] = Trial(article, known)
        asyncio.get_running_loop().call_later(self._seconds, self._lasts, trial)
        return trial

    def ended(self, trial: Trial) -> None:
        """The result is known now, or else the next one tries."""
        if self._trials.get(trial.known) is trial:
            del self._trials[trial.known]
            for resume in trial.waiting:
                resume()

    def pause(self, flying: Iterable[Trial]) -> None:
        """Release those that wait; trials on the wire remain the first."""
        self._trials = {one.known: one for one in flying}
        for trial in self._trials.values():
            trial.waiting.clear()
        for waiting in self._looks.values():
            waiting.clear()

    def close(self) -> None:
        """Cancel the downloads."""
        for task in self._looking:
            task.cancel()

    async def _look(self, article: ArticleId, known: PictureMemory) -> None:
        try:
            look = await self._pictures.look(known.state.address)
            if known.looked(look.finding):
                self._learn(article, known.state)
        finally:
            for resume in self._looks.pop(known, ()):
                resume()

    def _lasts(self, trial: Trial) -> None:
        if self._trials.get(trial.known) is trial:
            if trial.flying and trial.known.late():
                self._learn(trial.article, trial.known.state)
            self.ended(trial)
