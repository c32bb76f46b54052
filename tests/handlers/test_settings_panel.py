"""/settings: one message that shows what is in force; each choice leads to a page and back."""

from __future__ import annotations

from tests.handlers.conftest import Room, Shown
from tests.handlers.test_subscriptions import channel_of, labels, with_topics
from tests.handlers.test_topic_choice import press


async def choose(room: Room, panel: Shown, page: str, option: str) -> Shown:
    """Go to a page, choose there, go back."""
    panel = await press(room, panel, page)
    panel = await press(room, panel, option)
    assert f"✓ {option}" in labels(panel)
    return await press(room, panel, "«")


async def test_everything_can_be_chosen_and_is_shown(room: Room) -> None:
    panel = await room.say(room.ani, "/settings")
    assert "🔔 Tidak berlangganan" in panel["text"]
    for page, option, said in (
        ("🗞", "07.00", "Rangkuman: setiap hari pukul 07.00"),
        ("🗞", "Senin–Jumat", "Senin, Selasa, Rabu, Kamis, dan Jumat pukul 07.00"),
        ("🌙", "22.00–06.00", "Jam tenang: 22.00–06.00"),
        ("🔢", "10", "Batas harian: 10"),
        ("⚡", "Nyala", "Hanya berita penting: nyala"),
        ("🖼", "Mati", "Gambar: mati"),
        ("🔊", "Mati", "Bunyi: mati"),
        ("✍️", "Anonim", "Nama di komentar: Anonim"),
    ):
        panel = await choose(room, panel, page, option)
        assert said in panel["text"]
    assert "🔔 Langganan: semua berita" in panel["text"]  # a digest of nothing is none
    panel = await press(room, panel, "🕐")
    tokyo = next(one for one in labels(panel) if "Tokyo" in one)
    panel = await press(room, panel, tokyo)
    panel = await press(room, panel, "«")
    assert "Zona waktu: Tokyo" in panel["text"]
    panel = await press(room, panel, "🌐")
    panel = await press(room, panel, "English")
    panel = await press(room, panel, "«")
    assert "Digest: Monday" in panel["text"]


async def test_topics_and_what_is_followed_lead_back(room: Room) -> None:
    await with_topics(room)
    await room.say(room.ani, "/follow gempa")
    panel = await room.say(room.ani, "/settings")
    assert "Diikuti: 1" in panel["text"]
    panel = await press(room, panel, "👀")
    panel = await press(room, panel, "✖ gempa")
    panel = await press(room, panel, "«")
    assert "Diikuti: 0" in panel["text"]
    panel = await press(room, panel, "🔔")
    panel = await press(room, panel, "Ekonomi")
    panel = await press(room, panel, "«")
    assert "Langganan: Ekonomi" in panel["text"]


async def test_the_ticker_by_button(room: Room) -> None:
    panel = await room.say(room.ani, "/settings")
    panel = await press(room, panel, "📌")
    panel = await press(room, panel, "Nyala")
    ticker = await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    assert not ticker["buttons"]
    panel = await press(room, panel, "Mati")
    async with room.db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM ticker") == 0


async def test_a_panel_from_before_shows_what_came_after(room: Room) -> None:
    old = await room.say(room.ani, "/settings")
    await room.say(room.ani, "/limit 5")
    old = await press(room, old, "🌙")
    old = await press(room, old, "22.00–06.00")
    old = await press(room, old, "«")
    assert "Batas harian: 5" in old["text"]
    assert "Jam tenang: 22.00–06.00" in old["text"]


async def test_a_panel_that_telegram_does_not_keep_is_said_anew(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.anna, forum=True)
    room.telegram.add_bot(group, as_admin=True)
    await room.calm()
    thread = room.telegram.people.create_topic(group, "Berita").id
    panel = await room.say(room.anna, "/settings@kabar_bot", group, thread=thread)
    markup = panel["data"]["reply_markup"]["inline_keyboard"]
    data = next(
        one["callback_data"] for row in markup for one in row if "limit" in one["callback_data"]
    )
    gone = {"chat": panel["data"]["chat"], "message_id": 4_000_000, "date": 0}
    update = {
        "update_id": 950_000,
        "callback_query": {
            "id": "1", "from": {"id": room.anna.id, "is_bot": False, "first_name": "Anna"},
            "chat_instance": "1", "data": f"{data}=10", "message": gone,
        },
    }  # fmt: skip
    before = await room.last(group)
    await room.kabar.updates.keep([update])
    await room.kabar.updates.drain()
    new = await room.telegram.next_message(group, after=before)
    assert "10 kiriman" in new["text"]
    assert new["data"]["message_thread_id"] == thread
    async with room.db.reading() as cx:
        [row] = await cx.rows("SELECT thread, daily_limit FROM subscription")
    assert (row["thread"], row["daily_limit"]) == (thread, 10)


async def test_in_a_group_only_administrators_choose_also_nameless_ones(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group)
    room.telegram.people.join(room.ani, group)
    await room.calm()
    assert "admin" in (await room.say(room.ani, "/settings@kabar_bot", group))["text"]
    panel = await room.say(room.anna, "/settings@kabar_bot", group)
    assert "Nama di komentar" not in panel["text"]
    told = await room.press(room.ani, panel, "🔢")
    assert "admin" in told["text"]
    assert (await room.now(panel))["text"] == panel["text"]
    await room.press(room.anna, panel, "🔢")
    assert "10" in labels(await room.changed(panel))


async def test_a_channel_is_set_up_in_private(room: Room) -> None:
    channel = await channel_of(room)
    panel = await room.say(room.anna, "/settings @kanal")
    assert panel["text"].startswith("📢 Kanal")
    for page, option in (("🔢", "5"), ("🔊", "Mati"), ("🌐", "English")):
        await room.press(room.anna, panel, page)
        panel = await room.changed(panel)
        panel = await press(room, panel, option, "anna")
        panel = await press(room, panel, "«", "anna")
    assert "Batas harian: 5" in panel["text"]  # in Anna's language: it is she who reads it
    async with room.db.reading() as cx:
        language = await cx.value(
            "SELECT language FROM chat WHERE telegram_id = :id", id=channel.id
        )
    assert language == "en"
    assert "pukul 06.00" in (await room.say(room.anna, "/digest @kanal 06:00"))["text"]
    assert "22.00" in (await room.say(room.anna, "/quiet @kanal 22:00-06:00"))["text"]
    assert "admin" in (await room.say(room.ani, "/limit @kanal 3"))["text"]
    assert await room.said(channel) == []


FORGED = """
p:0:0:limit=0 p:0:0:limit=² p:0:0:digest=9999.1 p:0:0:digest=60.0 p:0:0:quiet=1.1 p:0:0:quiet=1
p:0:0:zone=../etc p:0:0:zone=America p:0:0:language=xx p:0:0:sign=king p:0:0:breaking=maybe
p:0:0:nowhere p:1:0:limit=5 p:zz:0:main t:0:0:zzz:zzz:on t:0:0:0:0:what t:1:0:0:0:all fo:1:0:1
"""


async def test_forged_presses_change_nothing(room: Room) -> None:
    panel = await room.say(room.ani, "/settings")
    for number, data in enumerate(FORGED.split()):
        await room.forge(room.ani, panel, data, number)
    async with room.db.reading() as cx:
        rows = await cx.rows("SELECT * FROM subscription WHERE plain = 0 OR active = 1")
    assert rows == []


async def test_words_are_asked_for_and_typed(room: Room) -> None:
    """What /follow and /subscribe take is reached without a command, too."""
    panel = await room.say(room.ani, "/settings")
    for page, button, words, said in (
        ("👀", "➕", "harga beras", "harga beras"),
        ("🔔", "🔎", "beras -impor", "berita tentang beras, tanpa impor"),
    ):
        panel = await press(room, panel, page)
        before = await room.last(room.ani)
        await room.press(room.ani, panel, button)
        asked = await room.telegram.next_message(room.ani, after=before)
        assert asked["keyboard"]["force_reply"]
        answer = await room.say(room.ani, words, reply_to=asked["id"])
        assert said in answer["text"]
        panel = await press(room, panel, "«")
    assert "Diikuti: 1" in panel["text"]
    assert "Langganan: berita tentang beras, tanpa impor" in panel["text"]
    answer = await room.say(room.ani, "xyz:beras", reply_to=asked["id"])
    assert "tidak dikenal" in answer["text"]


async def test_words_for_a_group_are_its_administrators(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group)
    room.telegram.people.join(room.ani, group)
    await room.calm()
    panel = await room.say(room.anna, "/settings@kabar_bot", group)
    await room.press(room.anna, panel, "👀")
    before = await room.last(group)
    await room.press(room.anna, await room.changed(panel), "➕")
    asked = await room.telegram.next_message(group, after=before)
    assert not asked["keyboard"]
    refused = await room.say(room.ani, "gempa", group, reply_to=asked["id"])
    assert "admin" in refused["text"]
    assert "gempa" in (await room.say(room.anna, "gempa", group, reply_to=asked["id"]))["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT text FROM alert") == "gempa"


async def test_every_number_is_reached_step_by_step(room: Room) -> None:
    panel = await room.say(room.ani, "/settings")
    panel = await press(room, panel, "🔢")
    panel = await press(room, panel, "5")
    assert {"◀ 4", "6 ▶"} <= set(labels(panel))
    panel = await press(room, panel, "6 ▶")
    assert "Paling banyak 6 kiriman" in panel["text"]
    panel = await press(room, await press(room, panel, "«"), "🌙")
    panel = await press(room, panel, "22.00–06.00")
    for label in ("22.15–06.00 ▶", "◀◀ 22.15–05.00"):
        panel = await press(room, panel, label)
    assert "22.15 sampai 05.00" in panel["text"]


async def test_what_was_chosen_is_among_what_is_stored_about_a_person(room: Room) -> None:
    for one in ("/subscribe gempa -banjir", "/digest 07:00", "/quiet 22-6", "/limit 10"):
        await room.say(room.ani, one)
    sent = await room.say(room.ani, "/mydata")
    text = room.telegram.activity.files.find(sent["files"][0]["file_id"]).content.decode()
    _, _, settings = text.partition("Pengaturan\n----------\n")
    settings, _, _ = settings.partition("\n\n")
    for said in (
        "gempa, tanpa banjir",
        "setiap hari pukul 07.00",
        "22.00–06.00",
        "Batas harian: 10",
    ):
        assert said in settings
