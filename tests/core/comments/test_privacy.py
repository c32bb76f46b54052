"""/privacy says what the settings in force mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.comments.privacy import Practice, policy
from bot.core.language import Translator
from tests.support.telegram_parser import parse

STRICT = Practice(commenting=True, grace=20, trusted_after=0, keep_days=30)


def said(practice: Practice, tr: Translator) -> str:
    return parse(policy(practice, tr).text)[0]


@pytest.mark.parametrize(
    ("changes", "there", "not_there"),
    [
        ({}, "first 20 seconds", "as soon as"),
        ({}, "for 30 days", "appear first"),
        ({}, "for 48 hours only: older copies have to be removed by a person", "appear first"),
        ({"grace": 0}, "as soon as you send it", "Nobody sees"),
        ({"trusted_after": 5}, "with 5 approved comments may be published first", "first 5"),
        ({"keep_days": 7}, "for 7 days", "for 30 days"),
        ({"commenting": False}, "to send you the news", "comment"),
    ],
)
def test_each_setting_is_named(
    english: Translator, changes: dict[str, int], there: str, not_there: str
) -> None:
    text = said(replace(STRICT, **changes), english)  # type: ignore[arg-type]
    assert there in text
    assert not_there not in text
    assert "/mydata" in text
    assert "/forgetme" in text
