"""A list of feeds as other programs export it (OPML 2.0). Knows the format, fetches nothing."""

from __future__ import annotations

from xml.parsers import expat


def read_opml(content: bytes) -> list[tuple[str, str]]:
    """(address, name) of each feed, in the list's order; folders are walked through. Raises
    ValueError with a sentence if it is not OPML or names no feed."""
    found: dict[str, str] = {}

    def begins(element: str, attributes: dict[str, str]) -> None:
        if element.lower() == "outline":
            named = {name.lower(): value.strip() for name, value in attributes.items()}
            if address := named.get("xmlurl", ""):
                found.setdefault(address, named.get("text") or named.get("title") or "")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(f"it is no OPML: {error}") from None
    if not found:
        raise ValueError("it names no feed (no outline with xmlUrl)")
    return list(found.items())
