"""The sample newsroom: its articles, and what its desk may do with them. Knows no HTTP and no bot.

    articles (newsroom/stories.json, and what the visitor writes) -> Newsroom -> feed and pages

Every change gets a later `updated` than the one before, so that the feed's ETag always moves.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.sandbox.newsroom.canvas import LIGHTS
from bot.sandbox.newsroom.scenes import SCENES

STORIES = Path(__file__).parent / "stories.json"
NAME = "Kabar Contoh"
ZONE = ZoneInfo("Asia/Jakarta")
HEADLINE_MOST, TEXT_MOST, LABEL_MOST, PICTURE_MOST = 200, 20_000, 40, 10 * 1024 * 1024
FIRST_NUMBER = 7_000_000_000_000_000_001
Clock = Callable[[], datetime]


class DeskError(ValueError):
    """What the newsroom's page cannot do, in one sentence for the visitor."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture by description; `upload` names a file of the visitor's in its place."""

    scene: str
    light: str
    seed: int
    upload: str = ""

    @property
    def token(self) -> str:
        """Its name in addresses: a swapped picture has another one."""
        return self.upload or f"{self.scene}-{self.light}-{self.seed}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One article. Times are ISO 8601 with zone; `raw` is ready HTML in place of paragraphs,
    with `{root}` where the site's own address belongs."""

    number: int
    slug: str
    headline: str
    text: tuple[str, ...]
    labels: tuple[str, ...]
    city: str
    source: str
    caption: str
    credit: str
    drawing: Drawing | None
    published: str
    updated: str
    raw: str = ""

    @property
    def path(self) -> str:
        """Where its page is, as on Blogger: year, month, slug."""
        return f"/{self.published[:4]}/{self.published[5:7]}/{self.slug}.html"


class Newsroom:
    """The paper's articles, newest first; `file` keeps them between two runs."""

    def __init__(self, file: Path | None = None, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._file = file
        self._clock = clock
        self._last = datetime.fromtimestamp(0, UTC)
        self._pieces: dict[int, Piece] = {}
        self._uploads: dict[str, bytes] = {}
        self._numbers = itertools.count(FIRST_NUMBER)
        self.waiting: Piece | None = None
        """The article that appears once everybody has subscribed."""
        if file is not None and file.exists():
            self._load(file)
        else:
            self._begin()

    # --- reading ----------------------------------------------------------------------------------

    @property
    def pieces(self) -> list[Piece]:
        """What the site shows, newest first."""
        return sorted(self._pieces.values(), key=lambda one: (one.published, one.number))[::-1]

    @property
    def updated(self) -> datetime:
        """When anything changed last."""
        return self._last

    def find(self, number: int) -> Piece:
        """An article by number. Raises DeskError."""
        if number not in self._pieces:
            raise DeskError("There is no such article (any more).")
        return self._pieces[number]

    def at(self, path: str) -> Piece | None:
        """The article whose page is at a path."""
        return next((piece for piece in self._pieces.values() if piece.path == path), None)

    def upload(self, token: str) -> bytes | None:
        """The bytes of a picture that the visitor chose."""
        return self._uploads.get(token)

    # --- the desk ---------------------------------------------------------------------------------

    def publish(
        self, headline: str, text: str, label: str = "", drawing: Drawing | None = None
    ) -> Piece:
        """Put a new article on the site. Raises DeskError."""
        now, number = self._now(), next(self._numbers)
        piece = Piece(
            number=number,
            slug=f"{_slug(headline)}-{number % 1000}",
            headline=_headline(headline),
            text=_paragraphs(text),
            labels=_labels(label),
            city="",
            source="",
            caption="",
            credit=f"{NAME.upper()}/MEJA FOTO" if drawing else "",
            drawing=drawing,
            published=now,
            updated=now,
        )
        return self._keep(piece)

    def correct(self, number: int, headline: str) -> Piece:
        """Change a headline; the address stays. Raises DeskError."""
        piece = self.find(number)
        return self._keep(replace(piece, headline=_headline(headline), updated=self._now()))

    def swap_picture(self, number: int, drawing: Drawing) -> Piece:
        """Give an article another picture. Raises DeskError."""
        piece = self.find(number)
        credit = piece.credit or f"{NAME.upper()}/MEJA FOTO"
        return self._keep(replace(piece, drawing=drawing, credit=credit, updated=self._now()))

    def retract(self, number: int) -> Piece:
        """Take an article from the site. Raises DeskError."""
        piece = self.find(number)
        now = self._now()
        del self._pieces[number]
        self._last = datetime.fromisoformat(now)
        self._save()
        return piece

    def release(self) -> Piece | None:
        """Publish the article that waits, now; None when it was published before."""
        piece, self.waiting = self.waiting, None
        if piece is None:
            return None
        now = self._now()
        return self._keep(replace(piece, published=now, updated=now))

    def drawing(self, scene: str, light: str, upload: bytes = b"") -> Drawing:
        """A picture for `publish` and `swap_picture`, a new one each time. Raises DeskError."""
        seed = 100 + len(self._uploads) + int(self._clock().timestamp() * 1000) % 9_000
        if upload:
            if len(upload) > PICTURE_MOST:
                raise DeskError("The picture is larger than 10 MB.")
            token = f"upload-{len(self._uploads) + 1}-{seed}"
            self._uploads[token] = upload
            return Drawing("", "", 0, token)
        if scene not in SCENES or light not in LIGHTS:
            raise DeskError("There is no such picture.")
        return Drawing(scene, light, seed)

    # --- keeping ----------------------------------------------------------------------------------

    def add(self, piece: Piece) -> None:
        """One more article from elsewhere (the seed); an article of the same number is replaced."""
        self._pieces[piece.number] = piece

    def _begin(self) -> None:
        now = self._clock().astimezone(ZONE).replace(microsecond=0)
        for number, story in enumerate(orjson.loads(STORIES.read_bytes())):
            when = (now - timedelta(hours=story["age_hours"], minutes=number * 7 % 50)).isoformat()
            piece = Piece(
                number=next(self._numbers),
                slug=story["slug"],
                headline=story["headline"],
                text=tuple(story["text"]),
                labels=tuple(story["labels"]),
                city=story["city"],
                source=story["source"],
                caption=story["caption"],
                credit=story["credit"],
                drawing=Drawing(story["scene"], story["light"], number + 1),
                published=when,
                updated=when,
            )
            if story["age_hours"]:
                self._pieces[piece.number] = piece
            else:
                self.waiting = piece
        self._last = now
        self._save()

    def _now(self) -> str:
        """This moment, but at least a second after the last change."""
        now = self._clock().astimezone(ZONE).replace(microsecond=0)
        return max(now, self._last.astimezone(ZONE) + timedelta(seconds=1)).isoformat()

    def _keep(self, piece: Piece) -> Piece:
        self._pieces[piece.number] = piece
        self._last = datetime.fromisoformat(piece.updated)
        self._save()
        return piece

    def _save(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        for token, content in self._uploads.items():
            kept = self._file.parent / token
            if not kept.exists():
                kept.write_bytes(content)
        state: dict[str, Any] = {
            "last": self._last.isoformat(),
            "next": max(self._pieces, default=FIRST_NUMBER) + 2,
            "waiting": asdict(self.waiting) if self.waiting else None,
            "pieces": [asdict(piece) for piece in self._pieces.values()],
            "uploads": list(self._uploads),
        }
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(orjson.dumps(state, option=orjson.OPT_INDENT_2))
        fresh.replace(self._file)

    def _load(self, file: Path) -> None:
        try:
            state = orjson.loads(file.read_bytes())
            pieces = [_piece(one) for one in state["pieces"]]
            self._pieces = {piece.number: piece for piece in pieces}
            self.waiting = _piece(state["waiting"]) if state["waiting"] else None
            self._last = datetime.fromisoformat(state["last"])
            self._numbers = itertools.count(state["next"])
            self._uploads = {
                token: (file.parent / token).read_bytes() for token in state["uploads"]
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DeskError(f"{file} cannot be read; remove it to begin anew.") from error


def _piece(state: dict[str, Any]) -> Piece:
    drawing = state["drawing"]
    return Piece(
        **state
        | {
            "text": tuple(state["text"]),
            "labels": tuple(state["labels"]),
            "drawing": Drawing(**drawing) if drawing else None,
        }
    )


def _headline(text: str) -> str:
    headline = " ".join(text.split())
    if not headline:
        raise DeskError("An article needs a headline.")
    if len(headline) > HEADLINE_MOST:
        raise DeskError(f"A headline has at most {HEADLINE_MOST} characters.")
    return headline


def _paragraphs(text: str) -> tuple[str, ...]:
    if len(text) > TEXT_MOST:
        raise DeskError(f"A text has at most {TEXT_MOST} characters.")
    parts = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    paragraphs = tuple(part for part in parts if part)
    if not paragraphs:
        raise DeskError("An article needs a text.")
    return paragraphs


def _labels(text: str) -> tuple[str, ...]:
    labels = tuple(" ".join(one.split())[:LABEL_MOST] for one in text.split(","))
    return tuple(label for label in labels if label)[:5]


def _slug(headline: str) -> str:
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:8]) or "artikel"
