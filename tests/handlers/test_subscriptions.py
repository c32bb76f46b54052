"""Subscriptions tell the truth: what a chat gets is what it is told."""

from __future__ import annotations

from bot.sandbox import User, WorldChat
from tests.handlers.conftest import Room, Shown
from tests.support.feed_site import item


def labels(message: Shown) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def subscribed(room: Room) -> None:
    """To everything; the example has come."""
    answer = await room.say(room.ani, "/subscribe")
    await room.telegram.next_message(
        room.ani, lambda one: "📖" in "".join(labels(one)), after=answer["id"]
    )


async def with_topics(room: Room) -> None:
    for name, label in (("x", "Ekonomi"), ("y", "Luar Negeri"), ("z", "Budaya")):
        room.site.items.insert(0, item(name, labels=(label,)))
    await room.look()


async def test_all_but_one_topic(room: Room) -> None:
    await with_topics(room)
    await subscribed(room)
    answer = await room.say(room.ani, "/unsubscribe Budaya")
    assert answer["text"] == "🔕 Langganan: semua berita kecuali Budaya"
    await room.publish("tari", labels=("Budaya",))
    await room.publish("pasar", labels=("Ekonomi",))
    await room.telegram.next_message(room.ani, lambda one: "Berita pasar" in one["text"])
    assert not any("Berita tari" in one["text"] for one in await room.said(room.ani))
    back = await room.say(room.ani, "/subscribe budaya")
    assert back["text"].startswith("🔔 Langganan: semua berita\n")


async def test_who_gets_all_news_is_offered_less(room: Room) -> None:
    await with_topics(room)
    await subscribed(room)
    offer = await room.say(room.ani, "/subscribe ekonomi")
    assert labels(offer) == ["🔔 Hanya Ekonomi"]
    await room.press(room.ani, offer, "Hanya")
    assert (await room.changed(offer))["text"] == "🔔 Langganan: Ekonomi"
    await room.publish("tari", labels=("Budaya",))
    await room.publish("pasar", labels=("Ekonomi",))
    await room.telegram.next_message(room.ani, lambda one: "Berita pasar" in one["text"])
    assert not any("Berita tari" in one["text"] for one in await room.said(room.ani))


async def test_a_label_of_two_words_is_one_topic(room: Room) -> None:
    await with_topics(room)
    answer = await room.say(room.ani, "/subscribe luar negeri budaya")
    assert answer["text"].startswith("🔔 Langganan: Budaya, Luar Negeri\n")


async def test_unknown_topics_are_met_with_the_nearest_and_the_list(room: Room) -> None:
    await with_topics(room)
    answer = await room.say(room.ani, "/subscribe Ekonmi")
    assert answer["text"].split("\n") == [
        "🔔 Langganan: Ekonmi",
        "Belum ada artikel tentang “Ekonmi”.",
        "Maksud Anda Ekonomi?",
        "Topik: Budaya, Ekonomi, Luar Negeri",
    ]
    await room.press(room.ani, answer, "Ekonomi")
    assert (await room.changed(answer))["text"] == "🔔 Langganan: Ekonomi"
    latest = await room.say(room.ani, "/latest budya")
    assert "Maksud Anda Budaya?" in latest["text"]


async def told(room: Room, text: str, *, after: int) -> Shown:
    return await room.telegram.next_message(room.anna, lambda one: text in one["text"], after=after)


async def channel_of(room: Room) -> WorldChat:
    channel = room.telegram.create_channel("Kanal", room.anna, username="kanal")
    room.telegram.add_bot(channel, as_admin=True)
    await room.calm()
    return channel


async def test_a_channel_is_named_in_many_ways(room: Room) -> None:
    await with_topics(room)
    channel = await channel_of(room)
    for name in ("@kanal", "https://t.me/kanal", "t.me/kanal/12", str(channel.id)):
        for command, said in (
            (f"/subscribe {name} luar negeri", "Langganan: Luar Negeri"),
            (f"/unsubscribe {name}", "Tidak berlangganan"),
        ):
            before = await room.last(room.anna)
            room.telegram.people.say(room.anna, command)
            await told(room, said, after=before)
    assert await room.said(channel) == []


async def forward(room: Room, who: User, channel: WorldChat) -> None:
    """Somebody forwards a post of a channel to the bot."""
    origin = {
        "type": "channel", "date": 1_700_000_000, "message_id": 12,
        "chat": {"id": channel.id, "type": "channel", "title": channel.title},
    }  # fmt: skip
    message = {
        "message_id": 900_000 + who.id % 1000, "date": 1_700_000_000, "text": "Sebuah unggahan",
        "from": {"id": who.id, "is_bot": False, "first_name": who.first_name},
        "chat": {"id": who.id, "type": "private", "first_name": who.first_name},
        "forward_origin": origin,
    }  # fmt: skip
    await room.kabar.updates.keep([{"update_id": 700_000 + who.id % 1000, "message": message}])
    await room.kabar.updates.drain()


async def test_a_forwarded_post_shows_its_channel_to_an_administrator(room: Room) -> None:
    channel = await channel_of(room)
    for who in (room.anna, room.ani):
        await room.say(who, "/start")
    await forward(room, room.anna, channel)
    panel = await room.telegram.next_message(room.anna, lambda one: "📢 Kanal" in one["text"])
    assert labels(panel)[:2] == ["🔔 Semua berita", "✓ Bahasa Indonesia"]
    assert "English" in labels(panel)
    assert "Semua pengaturan" in labels(panel)[-1]
    await room.press(room.anna, panel, "Semua berita")
    panel = await room.changed(panel)
    assert "🔔 Langganan: semua berita" in panel["text"]
    await room.press(room.anna, panel, "English")
    await room.telegram.wait_for(lambda: "✓ English" in labels(room.again(panel)) or None)
    await room.publish("c")
    shown = await room.telegram.next_message(channel, lambda one: "Berita c" in one["text"])
    assert "Source:" in shown["text"]
    await forward(room, room.ani, channel)  # a reader's forward is a comment, or a letter
    assert (
        "artikel yang mana"
        in (await room.telegram.next_message(room.ani, lambda one: "mana" in one["text"]))["text"]
    )


async def test_whoever_makes_the_bot_an_administrator_hears_of_it_in_private(room: Room) -> None:
    await room.say(room.anna, "/start")
    channel = room.telegram.create_channel("Kanal", room.anna, username="kanal")
    room.telegram.add_bot(channel, as_admin=True)
    panel = await room.telegram.next_message(room.anna, lambda one: "📢 Kanal" in one["text"])
    assert "Tidak berlangganan" in panel["text"]
    assert await room.said(channel) == []


async def test_commands_in_a_channel_are_not_obeyed(room: Room) -> None:
    channel = await channel_of(room)
    await room.quiet(room.anna, "/subscribe", channel)
    await room.quiet(room.anna, "/latest", channel)


async def test_a_channel_speaks_its_language(room: Room) -> None:
    await channel_of(room)
    assert "✓ English" in labels(await room.say(room.anna, "/language @kanal english"))


async def test_words_filter_the_news(room: Room) -> None:
    await with_topics(room)
    answer = await room.say(room.ani, "/subscribe topik:ekonomi -iklan penulis:rina")
    assert answer["text"] == "🔔 Langganan: berita bertopik ekonomi, oleh rina, tanpa iklan"
    await room.publish("pasar", labels=("Ekonomi",), author="Rina Dewi")
    await room.telegram.next_message(room.ani, lambda one: "Berita pasar" in one["text"])
    await room.publish("bursa", labels=("Ekonomi",), author="Budi")
    answer = await room.say(room.ani, "/subscribe harga beras")  # neither is a topic
    assert answer["text"] == "🔔 Langganan: berita tentang harga, beras"
    await room.publish("padi", body="Jakarta - Harga beras turun pagi ini, kata pedagang.")
    await room.telegram.next_message(room.ani, lambda one: "Berita padi" in one["text"])
    assert not any("Berita bursa" in one["text"] for one in await room.said(room.ani))
    for command, state in (
        ("/subscribe ekonomi", "🔔 Langganan: Ekonomi\n"),  # topics take the place of words
        ('/subscribe "harga beras"', "🔔 Langganan: berita tentang “harga beras”"),
        ("/subscribe", "🔔 Langganan: semua berita\n"),
    ):
        await answered(room, command, state)


async def answered(room: Room, command: str, state: str) -> None:
    """An example may come between the answers."""
    before = await room.last(room.ani)
    room.telegram.people.say(room.ani, command)
    await room.telegram.next_message(
        room.ani, lambda one: one["text"].startswith(state), after=before
    )


async def test_a_filters_topic_that_no_article_has_is_told(room: Room) -> None:
    await with_topics(room)
    answer = await room.say(room.ani, "/subscribe topik:ekonmi")
    assert answer["text"].split("\n") == [
        "🔔 Langganan: berita bertopik ekonmi",
        "Belum ada artikel tentang “ekonmi”.",
        "Maksud Anda Ekonomi?",
        "Topik: Budaya, Ekonomi, Luar Negeri",
    ]
    answer = await room.say(room.ani, "/follow topik:ekonmi")
    assert answer["text"].split("\n")[1] == "Belum ada artikel tentang “ekonmi”."


async def test_whoever_unsubscribes_hears_what_they_still_follow(room: Room) -> None:
    await subscribed(room)
    await room.say(room.ani, "/follow gempa")
    answer = await room.say(room.ani, "/unsubscribe")
    assert answer["text"].split("\n")[1:] == ["Anda masih mengikuti 1 hal: /following"]


async def test_a_filter_that_nobody_can_read_is_refused(room: Room) -> None:
    answer = await room.say(room.ani, "/subscribe kategori:ekonomi")
    assert "“kategori:” tidak dikenal" in answer["text"]
    async with room.db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM subscription WHERE active = 1") == 0


async def test_a_channels_filter_is_set_in_private(room: Room) -> None:
    channel = await channel_of(room)
    panel = await room.say(room.anna, "/subscribe @kanal topik:olahraga -bola")
    assert "🔔 Langganan: berita bertopik olahraga, tanpa bola" in panel["text"]
    assert "🔔 Semua berita" in labels(panel)
    assert (await room.said(room.anna))[-1]["id"] == panel["id"]  # the newest is not of that filter
    refused = await room.say(room.ani, "/subscribe @kanal topik:olahraga")
    assert refused["text"] == "Hanya admin @kanal yang bisa melakukannya."
    await room.publish("renang", labels=("Olahraga",))
    await room.telegram.next_message(channel, lambda one: "Berita renang" in one["text"])
    await room.publish("gol", labels=("Olahraga",), body="Jakarta - Bola masuk dua kali pagi ini.")
    await room.publish("lari", labels=("Olahraga",))
    await room.telegram.next_message(channel, lambda one: "Berita lari" in one["text"])
    assert not any("Berita gol" in one["text"] for one in await room.said(channel))
