"""Files: kept bytes, their ids, pictures measured, addresses fetched. Knows no chat.

A file id belongs to one kind (a photo stays a photo) and can be sent again and again. Limits in
bytes: photo 10 MB uploaded and 5 MB by address, others 50 MB and 20 MB, downloads 20 MB
(core.telegram.org/bots/api#sending-files).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from bot.sandbox.errors import bad_request
from bot.sandbox.params import Upload

MB = 1024 * 1024
PHOTO_UPLOAD_MOST = 10 * MB
UPLOAD_MOST = 50 * MB
DOWNLOAD_MOST = 20 * MB
SIDES = (("s", 90), ("m", 320), ("x", 800), ("y", 1280), ("w", 2560))
"""Telegram's sizes of a photo: the letter and the longest side."""

_FOLDERS = {
    "photo": ("photos", "jpg", "Photo"),
    "video": ("videos", "mp4", "Video"),
    "voice": ("voice", "oga", "VoiceNote"),
    "audio": ("music", "mp3", "Audio"),
    "animation": ("animations", "mp4", "Animation"),
    "sticker": ("stickers", "webp", "Sticker"),
    "video_note": ("video_notes", "mp4", "VideoNote"),
    "document": ("documents", "bin", "Document"),
}
_MIMES = {
    "video": "video/mp4",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "animation": "video/mp4",
    "document": "application/octet-stream",
}
_ALWAYS: dict[str, dict[str, Any]] = {
    "sticker": {
        "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False,
    },
    "video_note": {"length": 240, "duration": 1},
}  # fmt: skip
"""What messages of a kind show without fail."""
_PREFIX = {
    "photo": "AgACAgQAAxkB",
    "video": "BAACAgQAAxkB",
    "document": "BQACAgQAAxkB",
    "voice": "AwACAgQAAxkB",
    "audio": "CQACAgQAAxkB",
    "animation": "CgACAgQAAxkB",
    "sticker": "CAACAgQAAxkB",
    "video_note": "DQACAgQAAxkB",
}


@dataclass(slots=True, eq=False)
class StoredFile:
    """One kept file. `details` are what its message shows of it (width, duration, title)."""

    number: int
    kind: str
    content: bytes
    name: str = ""
    mime: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    seal: str = ""

    def file_id(self, size: str = "") -> str:
        """The id that can be sent again; photos have one for each size."""
        raw = f"{self.number}:{size}:{self.seal}".encode()
        return _PREFIX[self.kind] + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def unique_id(self, size: str = "") -> str:
        """The id for comparing."""
        raw = hashlib.sha256(f"{self.number}:{size}".encode()).digest()[:9]
        return "AQAD" + base64.urlsafe_b64encode(raw).decode()

    @property
    def path(self) -> str:
        """Where it is downloaded."""
        folder, extension, _ = _FOLDERS[self.kind]
        if "." in self.name and self.kind == "document":
            extension = self.name.rpartition(".")[2]
        return f"{folder}/file_{self.number}.{extension}"

    def json(self, size: str = "") -> dict[str, Any]:
        """The two ids and the size in bytes."""
        return {
            "file_id": self.file_id(size),
            "file_unique_id": self.unique_id(size),
            "file_size": len(self.content),
        }

    def message_part(self) -> Any:
        """As the field of a message named after the kind: a list for photos, else an object."""
        if self.kind == "photo":
            return self._sizes()
        data = self.json() | _ALWAYS.get(self.kind, {}) | self.details
        if self.mime and self.kind not in {"sticker", "video_note"}:
            data["mime_type"] = self.mime
        if self.name and self.kind in {"document", "video", "audio", "animation"}:
            data["file_name"] = self.name
        return data

    def _sizes(self) -> list[dict[str, Any]]:
        width, height = self.details["width"], self.details["height"]
        longest = max(width, height)
        sides = [(letter, side) for letter, side in SIDES if side < longest][:4]
        sides.append((SIDES[min(len(sides), 4)][0], min(longest, SIDES[-1][1])))
        return [
            self.json(letter)
            | {
                "width": max(1, round(width * side / longest)),
                "height": max(1, round(height * side / longest)),
            }
            for letter, side in sides
        ]


class Files:
    """Every file of one bot, by id and by path."""

    def __init__(self, seal: str) -> None:
        self._seal = seal
        self._by_number: dict[int, StoredFile] = {}

    def add(self, kind: str, upload: Upload, **details: Any) -> StoredFile:
        """Keep a file. Raises ApiError when Telegram would not take it."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            width, height = picture_size(upload.content)
            details |= {"width": width, "height": height}
        mime = upload.mime if kind == "document" and upload.mime else _MIMES.get(kind, "")
        number = len(self._by_number)
        stored = StoredFile(number, kind, upload.content, upload.name, mime, details, self._seal)
        self._by_number[number] = stored
        return stored

    def state(self) -> list[StoredFile]:
        """Every kept file, for `restore`."""
        return list(self._by_number.values())

    def restore(self, kept: Iterable[dict[str, Any]]) -> None:
        """Take back what was kept; each is a StoredFile's fields without the seal."""
        for one in kept:
            self._by_number[one["number"]] = StoredFile(**one, seal=self._seal)

    def find(self, file_id: str) -> StoredFile:
        """The file of an id. Raises ApiError for an id that is none, or another bot's."""
        stored = self._find(file_id)
        if stored is None:
            raise bad_request(f"wrong remote file identifier specified: {_complaint(file_id)}")
        return stored

    def find_as(self, file_id: str, kind: str) -> StoredFile:
        """The file of an id, which must be of the kind. Raises ApiError."""
        stored = self.find(file_id)
        if stored.kind == kind or {stored.kind, kind} == {"document", "animation"}:
            return stored
        real, wanted = _FOLDERS[stored.kind][2], _FOLDERS[kind][2]
        raise bad_request(f"can't use file of type {real} as {wanted}")

    def at(self, path: str) -> StoredFile | None:
        """The file that is downloaded from a path."""
        tail = path.rpartition("file_")[2].partition(".")[0]
        stored = self._by_number.get(int(tail)) if tail.isdecimal() else None
        return stored if stored is not None and stored.path == path else None

    def _find(self, file_id: str) -> StoredFile | None:
        prefix, coded = file_id[:12], file_id[12:]
        try:
            raw = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        except (binascii.Error, ValueError):
            return None
        number, _, rest = raw.partition(":")
        stored = self._by_number.get(int(number)) if number.isdecimal() else None
        if stored is None or rest.partition(":")[2] != self._seal:
            return None
        return stored if _PREFIX[stored.kind] == prefix else None


def _complaint(file_id: str) -> str:
    """What base64 and TDLib say about a string that is no file id."""
    bare = file_id.rstrip("=")
    if not all(char.isascii() and (char.isalnum() or char in "-_") for char in bare):
        return "Wrong character in the string"
    if len(bare) % 4 == 1:
        return "Wrong string length"
    return "can't unserialize it. Wrong last symbol"


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture. Raises ApiError as Telegram's back end does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                width, height = picture.size
                if width + height <= 10_000:
                    picture.draft("RGB", (90, 90))
                    picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise bad_request("PHOTO_INVALID_DIMENSIONS") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
