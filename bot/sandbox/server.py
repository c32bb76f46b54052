"""The HTTP face: `/bot<token>/<method>` and `/file/bot<token>/<path>`. Knows no Telegram rule.

request -> parameters -> fault? -> method -> {"ok": true, "result": ...} or {"ok": false, ...}
"""

from __future__ import annotations

import asyncio
import inspect
import re
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiMapping

from bot.sandbox.errors import ApiError, Dropped, Unsupported
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import UPLOAD_MOST
from bot.sandbox.methods.base import METHODS, Call
from bot.sandbox.params import Params, Upload
from bot.sandbox.supported import EXISTING

TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{1,64}\Z")
REQUEST_MOST = UPLOAD_MOST + 5 * 1024 * 1024


Observer = Callable[[str, Params, bytes], None]


class Logged(NamedTuple):
    """One call in the log: `params` are as they came, files as `<name, bytes>`."""

    time: float
    method: str
    params: dict[str, Any]
    status: int
    description: str


class BotApi:
    """Answers the bot's requests."""

    def __init__(self, token: str, call: Call, faults: Faults, log: int | None) -> None:
        self._token = token
        self._call = call
        self._faults = faults
        self.calls: deque[Logged] = deque(maxlen=log)
        self._logging = log != 0
        self.observers: list[Observer] = []
        """Told of every successful request and its answer; tests check both against the spec."""

    def routes(self) -> list[web.RouteDef]:
        """What the application serves."""
        return [
            web.get("/bot{token}/{method}", self.serve, allow_head=False),
            web.post("/bot{token}/{method}", self.serve),
            web.get("/file/bot{token}/{path:.+}", self.download, allow_head=False),
        ]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        name = request.match_info["method"].lower()
        try:
            self._check_token(request.match_info["token"])
            params = await _read_body(request)
            result = await self.run(name, params)
            body = orjson.dumps({"ok": True, "result": result})
            for observer in self.observers:
                observer(name, params, body)
            return web.Response(body=body, content_type="application/json")
        except ApiError as error:
            return refusal(error)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send a file's bytes."""
        try:
            self._check_token(request.match_info["token"])
        except ApiError as error:
            return refusal(error)
        stored = self._call.activity.files.at(request.match_info["path"])
        if stored is None:
            return refusal(ApiError(404, "Not Found"))
        return web.Response(
            body=stored.content, content_type=stored.mime or "application/octet-stream"
        )

    async def run(self, name: str, params: Params) -> Any:
        """Carry out one call by its lower-case name. Raises ApiError and Dropped."""
        activity = self._call.activity
        activity.counts[name] += 1
        fault = self._faults.take(name, params.text("chat_id")) if len(self._faults) else None
        try:
            if fault is not None:
                activity.events.emit("fault", method=name)
                await _suffer(fault)
            result = await self._answer(name, params)
        except ApiError as error:
            self._write(name, params, error.code, error.description)
            raise
        except Dropped:
            self._write(name, params, 0, "dropped before")
            raise
        dropped = fault is not None and fault.drop == "after"
        self._write(name, params, 0 if dropped else 200, "dropped after" * dropped)
        if dropped:
            raise Dropped
        return result

    async def _answer(self, name: str, params: Params) -> Any:
        handler = METHODS.get(name)
        if handler is None:
            if name in EXISTING:
                raise Unsupported(EXISTING[name])
            raise ApiError(404, "Not Found: method not found")
        call = self._call
        result = handler(Call(call.activity, params, call.fetcher, call.webhook))
        if inspect.isawaitable(result):
            result = await result
        return result

    def _check_token(self, token: str) -> None:
        if token == self._token:
            return
        if TOKEN.match(token):
            raise ApiError(401, "Unauthorized")
        raise ApiError(404, "Not Found")

    def _write(self, name: str, params: Params, status: int, description: str) -> None:
        """Log the call and wake whoever waits for one."""
        activity = self._call.activity
        if status != 200:
            activity.counts[f"status.{status}"] += 1
        if self._logging:
            shown = dict(params.values)
            for field, upload in params.files.items():
                shown[field] = f"<{upload.name}, {len(upload.content)} bytes>"
            self.calls.append(Logged(activity.world.clock(), name, shown, status, description))
        activity.events.emit("call", method=name, status=status)


async def _suffer(fault: Fault) -> None:
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.error is not None:
        # A fresh one each time: an exception keeps the traceback of its last use.
        raise ApiError(fault.error.code, fault.error.description, fault.error.parameters)
    if fault.drop == "before":
        raise Dropped


def refusal(error: ApiError) -> web.Response:
    """An error as Telegram sends it; 429 has a Retry-After header as well."""
    headers = {}
    if error.parameters and "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.Response(
        body=orjson.dumps(error.body()),
        status=error.code,
        content_type="application/json",
        headers=headers,
    )


async def read_params(request: web.Request) -> Params:
    """Query, form, multipart form or JSON body; the body wins over the query."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Params(values)
    kind = request.content_type
    if kind == "application/json":
        values.update(await _read_json(request))
        return Params(values)
    if kind == "application/x-www-form-urlencoded":
        values.update(await request.post())
        return Params(values)
    if kind == "multipart/form-data":
        return _split(values, await request.post())
    return Params(values)


def _split(values: dict[str, Any], form: MultiMapping[Any]) -> Params:
    files: dict[str, Upload] = {}
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.file.read(), value.content_type)
            value.file.close()
        else:
            values[name] = value
    return Params(values, files)


async def _read_body(request: web.Request) -> Params:
    try:
        return await read_params(request)
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413, "Request Entity Too Large") from error
    except (ValueError, LookupError, HttpProcessingError) as error:
        raise ApiError(400, "Bad Request: can't parse request body") from error


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise ApiError(400, "Bad Request: can't parse JSON object") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Bad Request: expected JSON object")
    return body
