"""How far a picture has come: every transition of its forms."""

from __future__ import annotations

import pytest

from bot.core.posts.pictures import PictureForm, PictureState, Sight

ADDRESS = "https://kabar.example/1.jpg"


def state(form: PictureForm, address: str = ADDRESS) -> PictureState:
    file_id = "F" if form is PictureForm.NAMED else ""
    return PictureState(address, form, file_id, learned=bool(file_id))


@pytest.mark.parametrize(
    ("finding", "form", "carried"),
    [
        (Sight.FOUND, PictureForm.OWN, "own"),
        (Sight.MISSING, PictureForm.ADDRESS, ADDRESS),
        (Sight.LATE, PictureForm.AWAITED, ""),
        (Sight.SMALL, PictureForm.NONE, ""),
    ],
)
def test_a_look_decides_the_form_once(finding: Sight, form: PictureForm, carried: str) -> None:
    seen = state(PictureForm.UNSEEN).looked(finding)
    assert (seen.form, seen.carried) == (form, carried)
    assert seen.shown == bool(carried)
    for known in PictureForm:
        if known is not PictureForm.UNSEEN:
            assert state(known).looked(finding) == state(known)


@pytest.mark.parametrize(
    ("form", "after"),
    [
        (PictureForm.NAMED, PictureForm.UNSEEN),
        (PictureForm.OWN, PictureForm.NONE),
        (PictureForm.ADDRESS, PictureForm.AWAITED),
    ],
)
def test_a_refused_form_is_offered_no_more(form: PictureForm, after: PictureForm) -> None:
    assert state(form).refused() == state(after)


def test_an_editors_own_photo_has_no_other_form() -> None:
    assert state(PictureForm.NAMED, "AgACAgQ").refused().form is PictureForm.NONE


@pytest.mark.parametrize("form", [PictureForm.OWN, PictureForm.ADDRESS, PictureForm.AWAITED])
def test_what_has_arrived_has_a_name(form: PictureForm) -> None:
    arrived = state(form).arrived("F")
    assert (arrived.form, arrived.carried, arrived.learned) == (PictureForm.NAMED, "F", True)
    nameless = state(form).arrived("")
    assert (nameless.form, nameless.learned) == (form, True)


def test_only_an_address_is_late_and_only_our_own_can_be_lost() -> None:
    for form in PictureForm:
        late, lost = state(form).late(), state(form).lost()
        assert (late.form is PictureForm.AWAITED) == (form in {"address", "awaited"})
        assert (lost.form is PictureForm.AWAITED) == (form in {"own", "awaited"})
