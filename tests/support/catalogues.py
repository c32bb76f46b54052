"""What the code says to people, read from the code itself; `make messages` brings catalogues up to
date with it, `tests/test_catalogues.py` holds them complete.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "bot" / "locale"
COMPLETE = ("en", "id")
"""Languages in which nothing may be missing; in the others what is missing is said in English."""
_CHATTER = re.compile(rb'"(Report|POT|PO|Last|Language-Team|Project|Generated)[^:]*:')
_KEYWORDS = {"gettext": None, "ngettext": (1, 2), "html": None, "nhtml": (1, 2)}


@cache
def said() -> Catalog:
    """Every message of the code; not to be changed."""
    return _extracted()


def _extracted() -> Catalog:
    catalogue = Catalog(project="Kabar", charset="utf-8")
    for folder in ("bot", "handlers"):
        found = extract_from_dir(
            str(ROOT / folder), method_map=[("**.py", "python")], keywords=_KEYWORDS
        )
        for name, line, message, comments, context in found:
            catalogue.add(
                message,
                locations=[(f"{folder}/{name}", line)],
                auto_comments=comments,
                context=context,
            )
    return catalogue


def catalogues() -> Iterator[tuple[str, Path, Catalog]]:
    """Code, file and content of every language."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/kabar.po")):
        code = path.parent.parent.name
        with path.open("rb") as file:
            yield code, path, read_po(file, locale=code)


def main() -> int:
    """Add what is new, drop what nobody says any more; returns how many lack a translation in the
    languages that have to be complete."""
    missing = 0
    for code, path, catalogue in catalogues():
        # A template of its own: Babel puts the template's own messages into the catalogue, and one
        # that English has filled must not pass for a translation.
        catalogue.update(_extracted(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        for message in catalogue:
            if message.id and code == "en" and not any(_strings(message.string)):
                message.string = message.id
            if message.id and not all(_strings(message.string)):
                missing += code in COMPLETE
                print(f"{code}: {message.id!r}")
        written = io.BytesIO()
        write_po(written, catalogue, width=100, no_location=True, sort_output=True)
        # No dates and no names: a catalogue changes when its messages do.
        kept = [line for line in written.getvalue().splitlines(True) if not _CHATTER.match(line)]
        path.write_bytes(b"".join(kept))
    return missing


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (str(string or ""),)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
