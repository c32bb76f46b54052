"""What is known of one picture, and in which form messages carry it. Pure.

    UNSEEN --looked--> OWN      found: uploaded once, then it is NAMED
                       ADDRESS  we cannot fetch it, Telegram may: offered by an edit
                       AWAITED  not there in time: messages go without, the picture joins them later
                       NONE     too small, or none at all
    OWN | ADDRESS --arrived--> NAMED      ADDRESS --refused--> AWAITED      OWN --refused--> NONE

Telegram remembers for days that an address failed (Bot API, sending files), so an address is
offered once; only our own fetching is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

PATIENCE = 5.0
"""Seconds that a message waits for its picture."""


class PictureForm(StrEnum):
    """The form in which we have a picture."""

    UNSEEN = "unseen"  # nobody has fetched it yet
    OWN = "own"  # we have it: to be uploaded
    ADDRESS = "address"  # offered to Telegram by its address
    NAMED = "named"  # Telegram has it, under a file id
    AWAITED = "awaited"  # messages are sent without it; it is added when it arrives
    NONE = "none"  # there is none to show


class Sight(StrEnum):
    """What fetching a picture's address found."""

    FOUND = "found"
    SMALL = "small"  # no side has 200 pixels
    MISSING = "missing"  # no answer that could be read as a picture
    LATE = "late"  # no answer yet


@dataclass(frozen=True, slots=True)
class Look:
    """What was found; `content` is a JPEG if it is a picture."""

    finding: Sight
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class PictureState:
    """In which form messages carry an article's picture."""

    address: str
    form: PictureForm
    file_id: str = ""
    learned: bool = False
    """One chat has got it in this form: the others need not wait for the result."""

    carried: str = field(init=False, compare=False)
    """What a request carries; empty if it carries no picture. Changes when something was
    learned."""
    sent: str = field(init=False, compare=False)
    """What a new message carries. Never an address that Telegram has not fetched yet: the message
    would wait for an unknown server."""
    shown: bool = field(init=False, compare=False)
    """Do messages carry it, or may they once it has been fetched?"""

    def __post_init__(self) -> None:
        """Each message of an article asks for these, so they are worked out once."""
        carried = {
            PictureForm.NAMED: self.file_id,
            PictureForm.ADDRESS: self.address,
            PictureForm.OWN: PictureForm.OWN.value,
        }.get(self.form, "")
        unfetched = self.form is PictureForm.ADDRESS and not self.learned
        object.__setattr__(self, "carried", carried)
        object.__setattr__(self, "sent", "" if unfetched else carried)
        shown = self.form not in {PictureForm.AWAITED, PictureForm.NONE}
        object.__setattr__(self, "shown", shown)

    def looked(self, finding: Sight) -> PictureState:
        """The state after its address was fetched."""
        if self.form is not PictureForm.UNSEEN:
            return self
        return replace(self, form=_LOOKED[finding])

    def arrived(self, file_id: str) -> PictureState:
        """The state after one chat got it; `file_id` is empty if Telegram gave none."""
        form = PictureForm.NAMED if file_id else self.form
        return replace(self, form=form, file_id=file_id, learned=True)

    def refused(self) -> PictureState:
        """The state after Telegram refused it in this form."""
        form = _REFUSED.get(self.form, self.form)
        if self.form is PictureForm.NAMED and not self.address.startswith("http"):
            form = PictureForm.NONE  # an editor's own photo has no other form
        return replace(self, form=form, file_id="", learned=False)

    def lost(self) -> PictureState:
        """The state after we lost our copy: it is fetched again."""
        own = self.form is PictureForm.OWN and not self.learned
        return replace(self, form=PictureForm.AWAITED) if own else self

    def late(self) -> PictureState:
        """The state if Telegram did not answer about its address in time."""
        by_address = self.form is PictureForm.ADDRESS and not self.learned
        return replace(self, form=PictureForm.AWAITED) if by_address else self


_LOOKED = {
    Sight.FOUND: PictureForm.OWN,
    Sight.SMALL: PictureForm.NONE,
    Sight.MISSING: PictureForm.ADDRESS,
    Sight.LATE: PictureForm.AWAITED,
}
_REFUSED = {
    PictureForm.NAMED: PictureForm.UNSEEN,
    PictureForm.ADDRESS: PictureForm.AWAITED,
    PictureForm.OWN: PictureForm.NONE,
}
