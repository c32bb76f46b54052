"""Settings: the only reader of the environment and of `.env`. Knows names and bounds, not meanings.

`.env.example` lists them all; `tests/test_settings.py` keeps the two in step. Every error becomes
one sentence that names the setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core import hours
from bot.core.comments.terms import TEXT_LIMIT as TERMS_LIMIT
from bot.core.errors import OperatorError
from bot.core.hours import Hours
from bot.core.networks import is_web_address, parts_of, without_credentials
from bot.core.posts.links import LinkStyle, unknown_places
from bot.core.text import whole_number
from bot.i18n import languages

PREFIX = "KABAR_"
_FILE = "_FILE"
"""Suffix of a name: the value is read from that file."""
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,256}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_BARE = re.compile(
    r"(?:(?:[a-z0-9-]+\.)+[a-z]{2,24}|localhost|(?:\d{1,3}\.){3}\d{1,3})(?::\d{1,5})?(?:[/?]\S*)?",
    re.IGNORECASE,
)
"""A site's address as people write it, without https://."""
_LOCAL = re.compile(r"localhost|[\d.]+(?:[:/?]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed as the operator named it; `name` is empty when its own title is to be shown."""

    address: str
    name: str = ""


def parse_feeds(text: str) -> tuple[FeedSource, ...]:
    """`https://one/feed, Berita=https://two/feed, www.three.com`: separated by white space or
    commas, with an optional NAME= and an implied https://.

    A name may have spaces: it begins after the address or comma before it. Raises ValueError.
    """
    found: dict[str, FeedSource] = {}
    for part in text.split(","):
        waiting: list[str] = []
        for word in part.split():
            label, equals, address = word.partition("=")
            if not equals or "/" in label:
                label, address = "", word
            if "://" not in address and not (label and _BARE.fullmatch(address)):
                waiting.append(word)
                continue
            if not label and all(map(_BARE.fullmatch, waiting)):
                found |= {one.address: one for one in map(_source, waiting)}
                waiting = []
            one = _source(address, " ".join([*waiting, label]).strip())
            found[one.address] = one
            waiting = []
        if not all(map(_BARE.fullmatch, waiting)):
            raise ValueError(f"{' '.join(waiting)} is no http or https address")
        found |= {one.address: one for one in map(_source, waiting)}
    return tuple(found.values())


def feeds_named(text: str) -> tuple[FeedSource, ...]:
    """The feeds of `parse_feeds`, or those in an OPML file if the text is its path. Raises
    ValueError."""
    path = Path(text.strip())
    if path.suffix.lower() not in {".opml", ".xml"} or "://" in text:
        return parse_feeds(text)
    from bot.core.feeds.opml import read_opml  # noqa: PLC0415 - most name their feeds themselves

    try:
        listed = read_opml(path.read_bytes())
        return tuple(_source(address, name) for address, name in listed)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def with_scheme(address: str) -> str:
    """`www.example.com` as a browser understands it; other texts as they are."""
    if not _BARE.fullmatch(address):
        return address
    return ("http://" if _LOCAL.match(address) else "https://") + address


def _source(address: str, name: str = "") -> FeedSource:
    whole = with_scheme(address)
    if not is_web_address(whole):
        raise ValueError(f"{without_credentials(address)} is no http or https address")
    return FeedSource(whole, name)


class StoreSettings(BaseSettings):
    """What every command needs: where the archive is, languages and formats."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///kabar.db"
    language: str = "id"
    timezone: str = "Asia/Jakarta"
    moderators_chat: int | None = None
    poll_seconds: Annotated[int, Field(ge=1, le=86_400)] = 60
    telegram_url: str = "https://api.telegram.org"
    proxy: str | None = None
    rate: Annotated[float, Field(gt=0, le=1000)] = 30
    paid_broadcast: bool = False
    grace_seconds: Annotated[int, Field(ge=0, le=3600)] = 20
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str | None = None
    public_url: str | None = None
    metrics_listen: str | None = None
    heartbeat_url: str | None = None
    notices: bool = False
    log_format: Literal["auto", "pretty", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    allow_private_addresses: bool = False
    fetch_pages: bool = True
    user_agent: Annotated[str, Field(min_length=3, max_length=300, pattern=r"^[ -~]+$")] = (
        "Kabar/0.1 (newsroom's bot in Telegram)"
    )
    trusted_after: Annotated[int, Field(ge=0, le=10_000)] = 0
    quiet_hours: str = "22:00-06:00"
    discussion_groups: bool = False
    mark_corrections: bool = True
    link_parameters: str = ""
    instant_view: str = ""
    read_here: bool = False
    comment_terms: Annotated[str, Field(max_length=TERMS_LIMIT)] = ""
    hold: str = "none"
    hold_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0
    breaking_topics: str = ""
    keep_counts_hours: Annotated[int, Field(ge=1, le=8760)] = 48
    keep_deliveries_days: Annotated[int, Field(ge=1, le=3650)] = 30

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def quiet(self) -> Hours | None:
        return hours.parse(self.quiet_hours)

    @property
    def link_style(self) -> LinkStyle:
        parameters = self.link_parameters.lstrip("?&")
        return LinkStyle(parameters, self.instant_view, read_here=self.read_here)

    @field_validator("link_parameters")
    @classmethod
    def _known_places(cls, value: str) -> str:
        if unknown := unknown_places(value):
            raise ValueError(
                f"{{{unknown[0]}}} is not known; {{kind}}, {{topic}} and {{article}} are"
            )
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        hours.parse(value)
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in languages():
            raise ValueError(f"{value} is not among {', '.join(languages())}")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)  # asking for the names of all reads a thousand files
        except (ZoneInfoNotFoundError, ValueError, OSError):
            known = False
        else:
            known = not value.startswith(("posix/", "right/"))  # the latter count leap seconds
        if not known:
            raise ValueError(f"{value} is no time zone; for example Asia/Jakarta")
        return value

    @field_validator("telegram_url", "webhook_url", "public_url", "heartbeat_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not is_web_address(value):
            raise ValueError("expected an http or https address")
        return value.rstrip("/") if value else value

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str | None) -> str | None:
        parts = parts_of(value or "")
        if value and not (parts and parts.scheme in {"http", "socks5"} and parts.port):
            raise ValueError("expected http://host:port or socks5://host:port")
        return value

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None:
            host, _, written = value.rpartition(":")
            port = whole_number(written)
            if not host or port is None or port > 65_535:
                raise ValueError("expected an address and a port, as 127.0.0.1:8080")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("expected 1 to 256 letters, digits, _ or -")
        return value

    @model_validator(mode="after")
    def _webhook_listens(self) -> Self:
        if self.webhook_url and not self.listen:
            raise ValueError("listen: KABAR_WEBHOOK_URL needs an address and port to listen on")
        if self.public_url and not self.listen:
            raise ValueError("listen: KABAR_PUBLIC_URL needs an address and port to listen on")
        return self

    @model_validator(mode="after")
    def _notices_are_heard(self) -> Self:
        if self.notices and self.moderators_chat is None:
            raise ValueError("notices: they go to KABAR_MODERATORS_CHAT, which is not set")
        return self

    @model_validator(mode="after")
    def _paid_rate(self) -> Self:
        if self.rate > 30 and not self.paid_broadcast:
            raise ValueError("rate: more than 30 a second needs KABAR_PAID_BROADCAST=true")
        return self


class FeedSettings(StoreSettings):
    """What `kabar backfill` needs in addition: what is read."""

    feeds: Annotated[tuple[FeedSource, ...], NoDecode]

    @field_validator("feeds", mode="before")
    @classmethod
    def _feeds(cls, value: object) -> object:
        parsed = feeds_named(value) if isinstance(value, str) else value
        if not parsed:
            raise ValueError("expected at least one feed address")
        return parsed


class Settings(FeedSettings):
    """What the bot itself needs in addition: who it is."""

    token: SecretStr

    @field_validator("token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("expected a token from @BotFather, as 123456:ABC-DEF")
        return value


AnySettings = TypeVar("AnySettings", bound=StoreSettings)


def _written() -> dict[str, str | None]:
    """The contents of `.env`. Raises OperatorError if it cannot be read."""
    try:
        return dotenv_values(".env") if Path(".env").exists() else {}
    except UnicodeDecodeError:
        raise OperatorError(".env cannot be read: save it as UTF-8 text.") from None
    except OSError as error:
        raise OperatorError(f".env cannot be read: {error.strerror}.") from None


def load(kind: type[AnySettings], environment: Mapping[str, str] | None = None) -> AnySettings:
    """Read the environment and `.env`. Raises OperatorError: one sentence (a line) per fault."""
    written = _written()
    variables = {**written, **(os.environ if environment is None else environment)}
    faults = unknown_names(variables)
    from_files, unread = _from_files(variables)
    if unread:
        raise OperatorError("\n".join(faults + unread))
    try:
        settings = kind(
            **{name: from_files[name] for name in from_files.keys() & kind.model_fields}
        )
    except ValidationError as error:
        said = [_sentence(one) for one in error.errors(include_url=False, include_input=False)]
        faults += [_of_file(one, variables, from_files) for one in said]
    if not Path(".env").exists() and any("is required" in fault for fault in faults):
        faults.append("There is no .env here: copy .env.example to .env and fill it in.")
    if faults:
        raise OperatorError("\n".join(faults))
    return settings


def _from_files(variables: Mapping[str, str | None]) -> tuple[dict[str, Any], list[str]]:
    """The values that `KABAR_NAME_FILE` variables lead to, by field, and a sentence for each that
    fails."""
    found: dict[str, Any] = {}
    faults = []
    for name in setting_names():
        path = variables.get(name + _FILE)
        if not path:
            continue
        if variables.get(name):
            faults.append(f"{name} and {name}{_FILE} are both set; one of them is enough.")
            continue
        try:
            found[name.removeprefix(PREFIX).lower()] = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            faults.append(f"{name}{_FILE}: {path} cannot be read: {reason}.")
    return found, faults


def _of_file(
    sentence: str, variables: Mapping[str, str | None], from_files: Mapping[str, Any]
) -> str:
    """A sentence about a value; if that came from a file, about the file."""
    name, _, rest = sentence.partition(":")
    if name.removeprefix(PREFIX).lower() not in from_files:
        return sentence
    return f"{name}{_FILE}: {variables[name + _FILE]}:{rest}"


def others_read_env() -> bool:
    """Whether users of this machine other than its owner can read `.env`."""
    try:
        return os.name == "posix" and bool(Path(".env").stat().st_mode & 0o077)
    except OSError:
        return False


def setting_names() -> tuple[str, ...]:
    """All names, as the environment spells them."""
    return tuple(PREFIX + name.upper() for name in Settings.model_fields)


def unknown_names(names: Iterable[str]) -> list[str]:
    """A sentence for every KABAR_ name that is not a setting."""
    known = {name + end for name in setting_names() for end in ("", _FILE)}
    wrong = sorted(name for name in names if name.upper().startswith(PREFIX) and name not in known)
    return [f"{name} is not a setting of Kabar; .env.example lists them all." for name in wrong]


_EXPECTED = {
    "int": "expected a whole number",
    "float": "expected a number",
    "bool": "expected true or false",
    "greater": "the number is too small",
    "less": "the number is too large",
    "literal": "this value is not among those in .env.example",
    "enum": "this value is not among those in .env.example",
}
"""What pydantic's kinds of errors (their first word) mean to an operator."""


def _sentence(fault: Any) -> str:
    name = PREFIX + str(fault["loc"][0]).upper() if fault["loc"] else ""
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not name:
        field, _, message = message.partition(": ")
        name = PREFIX + field.upper()
    if fault["type"] == "missing":
        message = "is required but not set"
        return f"{name} {message}."
    if not str(fault["msg"]).startswith("Value error"):  # pydantic's own words
        message = _EXPECTED.get(fault["type"].partition("_")[0], "this value is not understood")
    return f"{name}: {message}."
