"""What was learned about one picture, for all chats and all states of its article."""

from __future__ import annotations

from bot.core.posts.pictures import PictureState, Sight


class PictureMemory:
    """The form that a picture has now; each method notes what happened to it."""

    def __init__(self, state: PictureState) -> None:
        self.state = state
        """The state as known now. Others only read it."""

    def looked(self, finding: Sight) -> bool:
        """Its address was fetched. Returns whether the result is worth keeping."""
        return self._set(self.state.looked(finding)) and not self.state.shown

    def arrived(self, file_id: str) -> bool:
        """A chat has got it. Returns whether this was news."""
        return not self.state.learned and self._set(self.state.arrived(file_id))

    def refused(self, carried: str) -> bool:
        """Telegram refused it in that form. Returns whether this was news."""
        return carried == self.state.carried and self._set(self.state.refused())

    def lost(self) -> bool:
        """Our copy is gone. Returns whether this was news."""
        return self._set(self.state.lost())

    def late(self) -> bool:
        """Telegram did not answer about its address in time. Returns whether this was news."""
        return self._set(self.state.late())

    def _set(self, state: PictureState) -> bool:
        changed = state != self.state
        self.state = state
        return changed
