"""The control interface over HTTP: JSON in, JSON out, for the page and for other processes.

POST /control/<action> with a JSON object; the table of actions is in `bot.sandbox`. A mistake is
answered 400 with `{"error": sentence}`. Requests must come from this machine (loopback, and a
local Host header, so that a page elsewhere cannot reach it through a name of its own).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.errors import ApiError, ControlError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.ui import show
from bot.sandbox.world import Json, User, WorldChat

Act = Callable[[Sandbox, Json], Any | Awaitable[Any]]
ACTIONS: dict[str, Act] = {}
_PICTURES = {b"\xff\xd8": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})


def action(name: str) -> Callable[[Act], Act]:
    """Add a function to the table of actions."""

    def enter(act: Act) -> Act:
        ACTIONS[name] = act
        return act

    return enter


class Control:
    """Answers /control/. Whoever opens a sandbox for other processes adds the routes to its app."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """What the application serves."""
        return [
            web.get("/control/snapshot", self.snapshot),
            web.get("/control/events", self.events),
            web.get("/control/file/{id}", self.file),
            web.get("/control/messages/{chat}", self.messages),
            web.post("/control/{action}", self.act),
        ]

    async def act(self, request: web.Request) -> web.Response:
        """Carry out one action."""
        _check_local(request)
        act = ACTIONS.get(request.match_info["action"])
        if act is None:
            return _json({"error": "there is no such action"}, 404)
        try:
            body = await request.read()
            arguments = orjson.loads(body) if body else {}
            result = act(self._sandbox, arguments)
            if isinstance(result, Awaitable):
                result = await result
            return _json(result)
        except TimeoutError:
            return _json({"error": "the bot did not answer in time"}, 504)
        except KeyError as error:
            return _json({"error": f"missing: {error.args[0]}"}, 400)
        except (ControlError, ApiError, ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)

    async def snapshot(self, request: web.Request) -> web.Response:
        """People, chats, the bot's profile, and the serial number of the last event."""
        _check_local(request)
        return _json(snapshot(self._sandbox))

    async def messages(self, request: web.Request) -> web.Response:
        """What a chat shows; `?after=id` leaves out the older ones."""
        _check_local(request)
        try:
            chat = self._sandbox.chat(int(request.match_info["chat"]))
        except (ControlError, ValueError) as error:
            return _json({"error": str(error)}, 404)
        after = int(request.query.get("after", "0"))
        found = [message for message in chat.messages.values() if message.id > after]
        return _json([show.message(message) for message in found])

    async def file(self, request: web.Request) -> web.Response:
        """A file's bytes by its file id."""
        _check_local(request)
        try:
            stored = self._sandbox.activity.files.find(request.match_info["id"])
        except ApiError as error:
            return _json({"error": error.description}, 404)
        kind = "image/*" if stored.kind == "photo" else stored.mime or "application/octet-stream"
        headers = {
            "Content-Type": _sniffed(stored.content) or kind,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400",
        }
        return web.Response(body=stored.content, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: everything that changes, from now on."""
        _check_local(request)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b": here\n\n")
        stream = self._sandbox.activity.events.listen()
        with suppress(ConnectionError, asyncio.CancelledError):
            async for event in stream:
                described = describe(self._sandbox, event)
                await response.write(b"data: " + orjson.dumps(described) + b"\n\n")
        await stream.aclose()
        return response


def _check_local(request: web.Request) -> None:
    host = request.host.rpartition(":")[0] or request.host
    origin = request.headers.get("Origin", "")
    foreign = origin and origin.partition("://")[2].rpartition(":")[0] not in _LOCAL
    if host not in _LOCAL or foreign:
        raise web.HTTPForbidden(text="this machine only")


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def _sniffed(content: bytes) -> str:
    for start, mime in _PICTURES.items():
        if content.startswith(start):
            return mime
    return "image/webp" if content[8:12] == b"WEBP" else ""


def snapshot(sandbox: Sandbox) -> Json:
    """Everything but the messages."""
    world, profile = sandbox.activity.world, sandbox.activity.profile
    return {
        "serial": sandbox.activity.events.serial,
        "bot": {
            **sandbox.bot.json(),
            "description": profile.descriptions,
            "short_description": profile.short_descriptions,
            "commands": [
                {"scope": orjson.loads(scope), "language": language, "commands": commands}
                for (scope, language), commands in profile.commands.items()
            ],
            "menu_buttons": {str(chat): button for chat, button in profile.menu_buttons.items()},
        },
        "users": [
            {**user.json(), "deactivated": user.deactivated}
            for user in world.users.values()
            if not user.is_bot
        ],
        "chats": [show.chat(chat) for chat in world.chats.values()],
        "pending_updates": len(sandbox.activity.updates),
        "counts": dict(sandbox.counts),
        "lean": sandbox.activity.lean.json() if sandbox.activity.lean else None,
    }


def describe(sandbox: Sandbox, event: Json) -> Json:
    """An event with the message that it is about, as it is now."""
    if event["type"] not in {"message", "edit", "reaction"}:
        return event
    chat = sandbox.activity.world.find_chat(event["chat"])
    message = chat.messages.get(event["message_id"]) if chat else None
    return {**event, "message": show.message(message) if message else None}


# --- the table ------------------------------------------------------------------------------------


def _user(sandbox: Sandbox, args: Json) -> User:
    return sandbox.user(int(args["user"]))


def _chat(sandbox: Sandbox, args: Json, name: str = "chat") -> WorldChat:
    return sandbox.chat(int(args[name]))


def _place(sandbox: Sandbox, args: Json) -> WorldChat | None:
    return _chat(sandbox, args) if args.get("chat") else None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ControlError("a file comes as base64") from error


@action("user")
def _create_user(sandbox: Sandbox, args: Json) -> Json:
    user = sandbox.create_user(
        args["first_name"],
        args.get("language_code", "id"),
        args.get("username"),
        last_name=args.get("last_name", ""),
    )
    return user.json()


@action("chat")
def _create_chat(sandbox: Sandbox, args: Json) -> Json:
    creator, title, name = sandbox.user(int(args["creator"])), args["title"], args.get("username")
    kind = args["type"]
    if kind == "group":
        chat = sandbox.create_group(title, creator)
    elif kind == "supergroup":
        forum = bool(args.get("forum"))
        chat = sandbox.create_supergroup(title, creator, username=name, forum=forum)
    elif kind == "channel":
        linked = _chat(sandbox, args, "linked") if args.get("linked") else None
        chat = sandbox.create_channel(title, creator, username=name, linked=linked)
    else:
        raise ControlError("type is group, supergroup or channel")
    return show.chat(chat)


@action("topic")
def _create_topic(sandbox: Sandbox, args: Json) -> Json:
    topic = sandbox.people.create_topic(_chat(sandbox, args), args["name"])
    return {"id": topic.id, "name": topic.name}


@action("close_topic")
def _close_topic(sandbox: Sandbox, args: Json) -> bool:
    closed = bool(args.get("closed", True))
    sandbox.people.close_topic(_chat(sandbox, args), int(args["topic"]), closed=closed)
    return True


@action("add_bot")
def _add_bot(sandbox: Sandbox, args: Json) -> bool:
    admin = bool(args.get("as_admin"))
    sandbox.add_bot(_chat(sandbox, args), as_admin=admin, rights=args.get("rights"))
    return True


@action("kick_bot")
def _kick_bot(sandbox: Sandbox, args: Json) -> bool:
    sandbox.kick_bot(_chat(sandbox, args))
    return True


@action("member")
def _set_member(sandbox: Sandbox, args: Json) -> bool:
    chat, user = _chat(sandbox, args), _user(sandbox, args)
    sandbox.people.set_member(chat, user, args["status"], args.get("rights"))
    return True


@action("permissions")
def _permissions(sandbox: Sandbox, args: Json) -> bool:
    chat = _chat(sandbox, args)
    chat.permissions.update({name: bool(one) for name, one in args["permissions"].items()})
    return True


@action("migrate")
def _migrate(sandbox: Sandbox, args: Json) -> Json:
    return show.chat(sandbox.migrate(_chat(sandbox, args)))


@action("say")
def _say(sandbox: Sandbox, args: Json) -> Json:
    message = sandbox.people.say(
        _user(sandbox, args),
        str(args.get("text", "")),
        _place(sandbox, args),
        reply_to=args.get("reply_to"),
        thread=int(args.get("thread", 0)),
    )
    return show.message(message)


@action("file")
def _send_file(sandbox: Sandbox, args: Json) -> Json:
    message = sandbox.people.send_file(
        _user(sandbox, args),
        args.get("kind", "photo"),
        _bytes(args["content"]),
        _place(sandbox, args),
        caption=args.get("caption", ""),
        name=args.get("name", ""),
        reply_to=args.get("reply_to"),
        thread=int(args.get("thread", 0)),
    )
    return show.message(message)


@action("album")
def _send_album(sandbox: Sandbox, args: Json) -> list[Json]:
    photos = [_bytes(one) for one in args["photos"]]
    caption = args.get("caption", "")
    sent = sandbox.people.send_album(
        _user(sandbox, args), photos, _place(sandbox, args), caption=caption
    )
    return [show.message(message) for message in sent]


@action("edit")
def _edit(sandbox: Sandbox, args: Json) -> Json:
    user, number = _user(sandbox, args), int(args["message_id"])
    return show.message(sandbox.people.edit(user, number, args["text"], _place(sandbox, args)))


@action("delete")
def _delete(sandbox: Sandbox, args: Json) -> bool:
    sandbox.people.delete(_user(sandbox, args), int(args["message_id"]), _place(sandbox, args))
    return True


@action("react")
def _react(sandbox: Sandbox, args: Json) -> bool:
    emoji, number = args.get("emoji", ""), int(args["message_id"])
    sandbox.people.react(_user(sandbox, args), number, emoji, _place(sandbox, args))
    return True


@action("press")
async def _press(sandbox: Sandbox, args: Json) -> Json:
    return await sandbox.ask_button(
        _user(sandbox, args),
        _chat(sandbox, args),
        int(args["message_id"]),
        str(args["button"]),
        float(args.get("timeout", 10)),
    )


@action("inline")
async def _inline(sandbox: Sandbox, args: Json) -> Json:
    return await sandbox.ask_inline(
        _user(sandbox, args),
        str(args.get("query", "")),
        str(args.get("offset", "")),
        float(args.get("timeout", 10)),
    )


@action("choose")
def _choose(sandbox: Sandbox, args: Json) -> Json:
    message = sandbox.people.choose(
        _user(sandbox, args), str(args["query_id"]), str(args["result"]), _chat(sandbox, args)
    )
    return show.message(message)


@action("block")
def _block(sandbox: Sandbox, args: Json) -> bool:
    sandbox.people.block(_user(sandbox, args), blocked=bool(args.get("blocked", True)))
    return True


@action("deactivate")
def _deactivate(sandbox: Sandbox, args: Json) -> bool:
    sandbox.people.deactivate(_user(sandbox, args))
    return True


@action("fault")
def _fault(sandbox: Sandbox, args: Json) -> int:
    error = args.get("error")
    sandbox.faults.add(
        args.get("method"),
        args.get("chat"),
        times=int(args.get("times", 1)),
        error=tuple(error) if error else None,
        delay=float(args.get("delay", 0)),
        drop=args.get("drop"),
    )
    return len(sandbox.faults)


@action("clear_faults")
def _clear_faults(sandbox: Sandbox, _: Json) -> bool:
    sandbox.faults.clear()
    return True


@action("calls")
def _calls(sandbox: Sandbox, args: Json) -> list[Json]:
    wanted = str(args.get("method", "")).lower()
    return [call._asdict() for call in sandbox.calls if not wanted or call.method == wanted][
        -int(args.get("last", 100)) :
    ]
