"""What the page does that /control has no word for: an album that answers a message."""

from __future__ import annotations

import base64
import binascii

from bot.sandbox.control import action
from bot.sandbox.errors import ControlError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.ui import show
from bot.sandbox.world import Json

ALBUM_MOST = 10


@action("answer_album")
def answer_album(sandbox: Sandbox, args: Json) -> list[Json]:
    """A person sends 2 to 10 photos at once; all answer `reply_to`, the first has the caption."""
    try:
        photos = [base64.b64decode(one, validate=True) for one in args["photos"]]
    except binascii.Error as error:
        raise ControlError("a file comes as base64") from error
    if not 2 <= len(photos) <= ALBUM_MOST:
        raise ControlError(f"an album has 2 to {ALBUM_MOST} photos")
    user, chat = sandbox.user(int(args["user"])), sandbox.chat(int(args["chat"]))
    album = sandbox.activity.next_media_group()
    caption = str(args.get("caption", ""))
    sent = [
        sandbox.people.send_file(
            user,
            "photo",
            photo,
            chat,
            caption=caption if not at else "",
            reply_to=args.get("reply_to"),
            album=album,
        )
        for at, photo in enumerate(photos)
    ]
    return [show.message(message) for message in sent]
