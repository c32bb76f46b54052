"""/topics: ✓ on what a chat gets, pressed on and off in one message."""

from __future__ import annotations

from tests.handlers.conftest import Room, Shown
from tests.handlers.test_subscriptions import channel_of, labels, with_topics
from tests.support.feed_site import item


async def press(room: Room, message: Shown, button: str, who: str = "ani") -> Shown:
    """Press, and the message as it is then."""
    before = labels(message)
    await room.press(getattr(room, who), message, button)

    def other() -> Shown | None:
        now = room.again(message)
        return now if (labels(now), now["text"]) != (before, message["text"]) else None

    return await room.telegram.wait_for(other)


async def test_all_news_without_some_and_some_of_all_news(room: Room) -> None:
    await with_topics(room)
    panel = await room.say(room.ani, "/topics")
    assert "Tidak berlangganan" in panel["text"]
    assert labels(panel)[:5] == [
        "Semua berita",
        "Pilih sendiri",
        "Budaya",
        "Ekonomi",
        "Luar Negeri",
    ]
    panel = await press(room, panel, "Ekonomi")
    assert "Langganan: Ekonomi" in panel["text"]
    assert labels(panel)[:5] == [
        "Semua berita", "✓ Pilih sendiri", "Budaya", "✓ Ekonomi", "Luar Negeri",
    ]  # fmt: skip
    panel = await press(room, panel, "Budaya")
    assert "Langganan: Budaya, Ekonomi" in panel["text"]
    panel = await press(room, panel, "✓ Ekonomi")
    assert "Langganan: Budaya" in panel["text"]
    panel = await press(room, panel, "Semua berita")
    assert "✓ Budaya" in labels(panel)
    panel = await press(room, panel, "✓ Luar Negeri")
    assert "semua berita kecuali Luar Negeri" in panel["text"]
    await room.publish("damai", labels=("luar-negeri",))  # the same label in another spelling
    await room.publish("padi", labels=("Pertanian",))  # a new one: all news has it
    await room.telegram.next_message(room.ani, lambda one: "Berita padi" in one["text"])
    assert not any("Berita damai" in one["text"] for one in await room.said(room.ani))
    panel = await press(room, panel, "🔕")
    assert "Tidak berlangganan" in panel["text"]


async def test_whoever_begins_to_read_by_button_gets_an_example_once(room: Room) -> None:
    await with_topics(room)
    panel = await room.say(room.ani, "/topics")
    panel = await press(room, panel, "Ekonomi")
    example = await room.telegram.next_message(room.ani, after=panel["id"])
    assert "#Ekonomi" in example["text"]
    await press(room, panel, "Budaya")
    await room.calm()
    assert await room.last(room.ani) == example["id"]


async def test_a_new_label_joins_no_choice(room: Room) -> None:
    await with_topics(room)
    panel = await room.say(room.ani, "/topics")
    await press(room, panel, "Ekonomi")
    await room.publish("padi", labels=("Pertanian",))
    await room.publish("pasar", labels=("EKONOMI",))
    await room.telegram.next_message(room.ani, lambda one: "Berita pasar" in one["text"])
    assert not any("Berita padi" in one["text"] for one in await room.said(room.ani))


async def test_who_gets_all_news_picks_some(room: Room) -> None:
    await with_topics(room)
    panel = await room.say(room.ani, "/topics")
    panel = await press(room, panel, "Semua berita")
    panel = await press(room, panel, "Pilih sendiri")
    assert not any("✓" in one for one in labels(panel) if one != "✓ Pilih sendiri")
    assert "semua berita" in panel["text"]  # nothing has changed yet
    panel = await press(room, panel, "Budaya")
    assert "Langganan: Budaya" in panel["text"]


async def test_an_old_panel_says_what_shall_be(room: Room) -> None:
    await with_topics(room)
    panel = await room.say(room.ani, "/topics")
    other = await room.say(room.ani, "/topics")
    await press(room, panel, "Ekonomi")
    now = await press(room, other, "Budaya")  # "only this one" is what it promised
    assert "Langganan: Budaya" in now["text"]


async def test_many_labels_have_pages(room: Room) -> None:
    for place in range(12):
        for copy in "ab":
            room.site.items.insert(0, item(f"n{place}{copy}", labels=(f"Topik {place:02}",)))
    room.site.items.insert(0, item("sekali", labels=("Sekali saja",)))
    await room.look()
    panel = await room.say(room.ani, "/topics")
    assert [one for one in labels(panel) if "Topik" in one] == [f"Topik {n:02}" for n in range(10)]
    assert "1/2" in labels(panel)
    panel = await press(room, panel, "▶")
    assert [one for one in labels(panel) if "Topik" in one] == ["Topik 10", "Topik 11"]
    assert "Sekali saja" not in labels(panel)
    panel = await press(room, panel, "Topik 11")
    assert "Langganan: Topik 11" in panel["text"]
    assert "2/2" in labels(panel)


async def test_in_a_group_only_administrators_choose(room: Room) -> None:
    await with_topics(room)
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group)
    room.telegram.people.join(room.ani, group)
    await room.calm()
    panel = await room.say(room.anna, "/topics@kabar_bot", group)
    told = await room.press(room.ani, panel, "Ekonomi")
    assert "admin" in told["text"]
    assert labels(await room.now(panel)) == labels(panel)
    assert "Langganan: Ekonomi" in (await press(room, panel, "Ekonomi", "anna"))["text"]


async def test_a_channel_is_chosen_for_in_private(room: Room) -> None:
    await with_topics(room)
    channel = await channel_of(room)
    panel = await room.say(room.anna, "/topics @kanal")
    assert panel["text"].startswith("📢 Kanal")
    panel = await press(room, panel, "Ekonomi", "anna")
    assert "Langganan: Ekonomi" in panel["text"]
    await room.publish("pasar", labels=("Ekonomi",))
    await room.telegram.next_message(channel, lambda one: "Berita pasar" in one["text"])
    data = panel["data"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    mine = await room.say(room.ani, "/topics")
    await room.forge(room.ani, mine, data)  # no administrator there
    async with room.db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM subscription WHERE everything = 1") == 0
