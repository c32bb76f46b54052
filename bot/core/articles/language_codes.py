"""Codes of languages, as feeds and pages write them."""

from __future__ import annotations

import re


def language_of(code: str) -> str:
    """`id-ID` -> `id`; empty if it is not a language."""
    found = re.match(r"\s*([a-z]{2,3})(?:[-_].*)?\s*$", code.lower())
    return {"in": "id", "iw": "he"}.get(found[1], found[1]) if found else ""
