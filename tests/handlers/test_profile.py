"""What Telegram shows about the bot is set once, and again only where it differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import telegram

from bot.core.model import TelegramId
from bot.i18n import Languages
from bot.sandbox import Sandbox
from bot.telegram.transport import PtbRequest, Transport
from handlers.menu import menus
from handlers.profile import LONG, SHORT, BotProfile, description, short_description
from tests.conftest import JAKARTA


class Scene:
    """Telegram's side, and what the bot would have it show."""

    def __init__(self, sandbox: Sandbox, bot: telegram.Bot, languages: Languages) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.languages = languages
        self.papers = ["Kabar Contoh"]
        self.slept: list[float] = []
        desk = sandbox.create_supergroup("Meja", sandbox.create_user("Anna"))
        sandbox.add_bot(desk, as_admin=True)
        self.moderators = TelegramId(desk.id)

    async def told(self) -> Counter[str]:
        """What Telegram is told by a start of the program, and how often."""
        self.sandbox.calls.clear()

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            self.papers = self.papers or ["Kabar Contoh"]

        async def papers() -> list[str]:
            return self.papers

        profile = BotProfile(self.bot, self.languages, self.moderators, papers, sleep=sleep)
        await profile.run()
        called = (one.method.lower() for one in self.sandbox.calls)
        return Counter(one for one in called if one.startswith("set"))


@pytest.fixture
def languages() -> Languages:
    return Languages.load("id", JAKARTA)


@pytest.fixture
async def scene(languages: Languages) -> AsyncIterator[Scene]:
    async with Sandbox() as sandbox, Transport(sandbox.url, sandbox.token) as transport:
        bot = telegram.Bot(
            sandbox.token, base_url=f"{sandbox.url}/bot", request=PtbRequest(transport)
        )
        yield Scene(sandbox, bot, languages)


async def test_all_is_told_once_and_later_only_what_differs(scene: Scene) -> None:
    languages = 1 + len(scene.languages.codes)
    first = await scene.told()
    assert first["setmycommands"] == 5 * languages
    assert first["setmyname"] == 1
    assert 0 < first["setmydescription"] <= languages
    assert await scene.told() == {}
    await scene.bot.set_my_commands([("apa", "lain")], language_code="en")
    await scene.bot.set_my_short_description("lain", language_code="id")
    assert await scene.told() == {"setmycommands": 1, "setmyshortdescription": 1}
    scene.papers = ["Kabar Contoh", "Kabar Lain"]  # of two neither is the bot's name
    assert (await scene.told())["setmyname"] == 0


@pytest.mark.filterwarnings("ignore:.*retry_after.*")
async def test_a_refusal_ends_nothing_and_a_429_is_waited_for(scene: Scene) -> None:
    faults = scene.sandbox.faults
    faults.add(method="setMyCommands", error=(400, "Bad Request: no"), times=1)
    flood = (429, "Too Many Requests: retry after 5000", {"retry_after": 5000})
    faults.add(method="setMyName", error=flood)
    first = await scene.told()
    assert first["setmyname"] == 2
    assert scene.slept == [3600.0]
    assert await scene.told() == {"setmycommands": 1}
    faults.add(method="getMyCommands", error=(502, "Bad Gateway"), times=999)
    assert await scene.told() == {}


async def test_a_paper_without_a_name_yet_is_waited_for(scene: Scene) -> None:
    scene.papers = []
    assert (await scene.told())["setmyname"] == 1
    assert scene.slept == [30.0]


def test_menus_by_scope(languages: Languages) -> None:
    found = {
        one.scope.type: {command.command for command in one.commands}
        for one in menus(languages, TelegramId(-100))
        if one.language == "id"
    }
    assert {"mycomments", "privacy", "settings"} <= found["default"]
    assert found["all_group_chats"] == {"latest", "search", "corrections", "help"}
    assert "subscribe" in found["all_chat_administrators"]
    assert "mycomments" not in found["all_chat_administrators"]
    assert "queue" in found["chat"]
    assert "desk" not in found["chat"]
    assert {"queue", "desk"} <= found["chat_administrators"]
    alone = {one.scope.type for one in menus(languages, None)}
    assert alone == {"default", "all_group_chats", "all_chat_administrators"}


def test_everything_fits_in_every_language(languages: Languages) -> None:
    for one in menus(languages, TelegramId(-100)):
        assert len(one.commands) <= 100
        assert all(0 < len(command.description) <= 256 for command in one.commands)
    for code in languages.codes:
        tr = languages.of(code)
        assert 0 < len(description(tr)) <= LONG
        assert 0 < len(short_description(tr, ["Surat Kabar " * 20])) <= SHORT
        # A paper of up to 40 letters leaves the sentence whole.
        whole = tr.gettext("{paper} on Telegram: news as soon as it's out.", paper="x" * 40)
        assert short_description(tr, ["x" * 40]) == whole
        assert not description(tr).endswith("…")
