"""What `kabar sandbox --keep` finds again: the world, its numbers, or one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox import ControlError, Sandbox
from bot.sandbox.ui import keep, scene
from tests.sandbox.conftest import picture
from tests.support.browser import needs_browser

in_browser = [pytest.mark.browser, needs_browser]


async def test_a_world_is_kept(tmp_path: Path) -> None:
    first = Sandbox()
    cast = scene.assemble(first)
    scene.enter(first, cast)
    first.people.send_file(cast.sari, "photo", picture(), caption="Lihat")
    first.people.react(cast.sari, 1, "👍")
    keeper = keep.Keeper(first, tmp_path)
    keeper.save(ended=True)

    again = Sandbox()
    assert keep.restore(again, tmp_path)
    assert scene.recall(again).json() == cast.json()
    for chat in first.activity.world.chats.values():
        assert again.messages(again.chat(chat.id)) == first.messages(chat)
    assert len(again.activity.updates) == len(first.activity.updates)
    photo = again.messages(cast.sari)[-1]["files"][0]
    assert again.activity.files.find(photo["file_id"]).content == picture()
    newcomer = again.create_user("Wati")
    assert newcomer.id not in first.activity.world.users
    before = again.messages(cast.sari)[-1]["id"]
    assert again.people.say(again.user(cast.sari.id), "lagi").id == before + 1


async def test_after_a_kill_no_number_is_given_twice(tmp_path: Path) -> None:
    first = Sandbox()
    cast = scene.assemble(first)
    keep.Keeper(first, tmp_path).save()
    unsaved = first.people.say(cast.sari, "tidak tersimpan").id
    again = Sandbox()
    keep.restore(again, tmp_path)
    assert again.people.say(again.user(cast.sari.id), "baru").id > unsaved + 1000


def test_nothing_kept_and_something_broken(tmp_path: Path) -> None:
    assert not keep.restore(Sandbox(), tmp_path)
    (tmp_path / "world.json").write_text("[]")
    with pytest.raises(ControlError, match=r"world\.json cannot be read"):
        keep.restore(Sandbox(), tmp_path)
