"""What readers, groups and channels can do: start, subscribe, latest, search, language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import TelegramId
from storage import chats, deliveries
from tests.handlers.conftest import HASTY, Room, Shown
from tests.support.feed_site import jpeg


def labels(message: Shown) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def test_start_greets_and_offers_to_subscribe(room: Room) -> None:
    hello = await room.say(room.ani, "/start")
    assert hello["text"].startswith("👋")
    await room.press(room.ani, hello, "🔔")
    example = await room.telegram.next_message(room.ani, lambda one: "Berita" in one["text"])
    assert "📖 Baca selengkapnya" in labels(example)
    again = await room.say(room.ani, "/start")
    assert "🔕 Berhenti berlangganan" in labels(again)
    assert not any("🔔" in label for label in labels(again))


async def test_a_new_chat_starts_in_the_language_of_its_person(room: Room) -> None:
    john = room.telegram.create_user("John", "en-GB")
    hello = await room.say(john, "/start")
    assert hello["text"].startswith("👋 Hello! This is Kabar Contoh")
    assert "comment on every article" in hello["text"]


async def test_the_moderators_group_is_greeted_as_one(room: Room) -> None:
    hello = await room.say(room.anna, "/start@kabar_bot", room.desk)
    assert "grup moderator" in hello["text"]
    assert str(room.desk.id) not in hello["text"]


async def test_subscribers_get_the_newest_at_once_and_then_what_is_new(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    example = await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    await room.publish("c")
    await room.telegram.next_message(
        room.ani, lambda one: "Berita c" in one["text"], after=example["id"]
    )


async def test_topics_decide_what_comes(room: Room) -> None:
    assert "ekonomi" in (await room.say(room.ani, "/subscribe ekonomi"))["text"]
    await room.publish("olahraga", labels=("Olahraga",))
    await room.publish("pasar", labels=("EKONOMI",))
    await room.telegram.next_message(room.ani, lambda one: "Berita pasar" in one["text"])
    texts = [one["text"] for one in await room.said(room.ani)]
    assert not any("Berita olahraga" in text for text in texts)


async def test_unsubscribing_ends_it(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    assert (await room.say(room.ani, "/unsubscribe"))["text"].startswith("🔕")
    before = await room.last(room.ani)
    await room.publish("c")
    assert await room.last(room.ani) == before


async def test_unsubscribing_from_nothing_says_so(room: Room) -> None:
    assert "/subscribe" in (await room.say(room.ani, "/unsubscribe"))["text"]


async def test_who_unblocks_gets_news_again(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    room.telegram.people.block(room.ani)
    await room.calm()
    async with room.db.reading() as cx:
        chat = await chats.get(cx, TelegramId(room.ani.id))
    assert chat is not None
    assert chat.gone
    room.telegram.people.block(room.ani, blocked=False)
    await room.calm()
    await room.publish("c")
    await room.telegram.next_message(room.ani, lambda one: "Berita c" in one["text"])


async def test_in_groups_settings_belong_to_administrators(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group)
    room.telegram.people.join(room.ani, group)
    await room.calm()
    refused = await room.say(room.ani, "/subscribe@kabar_bot", group)
    assert "admin" in refused["text"]
    accepted = await room.say(room.anna, "/subscribe@kabar_bot", group)
    assert accepted["text"].startswith("🔔")


async def test_channels_are_subscribed_by_their_administrators(room: Room) -> None:
    channel = room.telegram.create_channel("Kanal", room.anna, username="kanal")
    refused = await room.say(room.anna, "/subscribe @kanal")
    assert "@kanal" in refused["text"]
    assert "🔔" not in refused["text"]
    room.telegram.add_bot(channel, as_admin=True)
    assert "🔔" not in (await room.say(room.ani, "/subscribe @kanal"))["text"]
    assert "🔔" in (await room.say(room.anna, "/subscribe @kanal"))["text"]
    await room.publish("c")
    post = await room.telegram.next_message(channel, lambda one: "Berita c" in one["text"])
    assert "start=c_" in post["buttons"][0][1]["url"]


async def test_unknown_channels_are_said_to_be_unknown(room: Room) -> None:
    assert "@nowhere" in (await room.say(room.ani, "/subscribe @nowhere"))["text"]


async def test_latest_lists_headlines_and_opens_them(room: Room) -> None:
    ticker = await room.say(room.ani, "/latest")
    assert ticker["text"].index("Berita b") < ticker["text"].index("Berita a")
    await room.press(room.ani, ticker, "2")
    post = await room.telegram.next_message(
        room.ani, lambda one: "Berita a" in one["text"], after=ticker["id"]
    )
    assert "📖 Baca selengkapnya" in labels(post)


@pytest.mark.parametrize(
    ("words", "held"), [("1", "Berita b"), ("9999", "Berita a"), ("xyz", "xyz")]
)
async def test_latest_takes_a_number_or_a_topic(room: Room, words: str, held: str) -> None:
    assert held in (await room.say(room.ani, f"/latest {words}"))["text"]


async def test_search_finds_pages_and_opens(room: Room) -> None:
    for number in range(9):
        room.site.items.insert(
            0,
            room.site.items[0].__class__(
                title=f"Negosiasi senjata {number}",
                link=f"https://paper.example/{number}.html",
                guid=f"tag:paper.example,2023:n{number}",
                body=f"Jakarta - Isi ke-{number} tentang negosiasi dan senjata.",
            ),
        )
    await room.look()
    found = await room.say(room.ani, "/search negosiasi senjata")
    assert found["text"].count("Negosiasi senjata") == 7
    await room.press(room.ani, found, "▶")
    second = await room.changed(found)
    assert second["text"].count("Negosiasi senjata") == 2
    await room.press(room.ani, second, "◀")
    assert (await room.changed(second))["text"] == found["text"]
    await room.press(room.ani, found, "1")
    await room.telegram.next_message(
        room.ani, lambda one: "📖" in "".join(labels(one)), after=found["id"]
    )


async def test_search_without_words_explains_itself(room: Room) -> None:
    assert "/search" in (await room.say(room.ani, "/search"))["text"]


@pytest.mark.parametrize("words", ['"', "x:y AND (", "*", "-", "😀", "'; DROP TABLE article; --"])
async def test_search_takes_anything(room: Room, words: str) -> None:
    answer = await room.say(room.ani, f"/search {words}")
    assert "Maaf" not in answer["text"]


async def test_nothing_found_helps_on(room: Room) -> None:
    assert "qwertyuiop" in (await room.say(room.ani, "/search qwertyuiop"))["text"]


async def test_each_chat_has_its_language(room: Room) -> None:
    answer = await room.say(room.ani, "/language en")
    assert answer["text"] == "This chat is now in English."
    await room.say(room.ani, "/subscribe")
    post = await room.telegram.next_message(room.ani, lambda one: "Source:" in one["text"])
    assert "📖 Read more" in labels(post)
    assert "📰" in (await room.say(room.anna, "/latest"))["text"]


async def test_a_language_has_names_and_what_is_there_is_named(room: Room) -> None:
    answer = await room.say(room.ani, "/language bahasa Inggris")
    assert answer["text"] == "This chat is now in English."
    assert (
        "Available: Indonesian, Arabic, English, Spanish, Malay, Russian"
        in (await room.say(room.ani, "/language fr"))["text"]
    )


async def test_the_ticker_is_headed_by_what_was_asked_for(room: Room) -> None:
    await room.publish("tari", labels=("Budaya",))
    assert (await room.say(room.ani, "/latest budaya"))["text"].startswith(
        "📰 Berita terbaru: Budaya\n"
    )


async def test_language_by_button(room: Room) -> None:
    hello = await room.say(room.ani, "/start")
    assert "🌐 Bahasa Indonesia / English …" in str(hello["buttons"])
    choice = await room.say(room.ani, "/language")
    await room.press(room.ani, choice, "English")
    assert (await room.now(choice))["text"] == "This chat is now in English."


async def test_an_unknown_language_is_named(room: Room) -> None:
    assert "xx" in (await room.say(room.ani, "/language xx"))["text"]


async def test_help_lists_what_works(room: Room) -> None:
    text = (await room.say(room.ani, "/help"))["text"]
    for command in ("/latest", "/search", "/subscribe", "/unsubscribe", "/language", "/help"):
        assert command in text


async def test_help_offers_in_groups_what_works_there(room: Room) -> None:
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group, as_admin=True)
    await room.telegram.next_message(group)
    listed = (await room.say(room.anna, "/help", group))["text"]
    assert "/mycomments" in (await room.say(room.ani, "/help"))["text"]
    assert "/mycomments" not in listed
    assert "/forgetme" not in listed
    assert "balas pesannya" not in listed


async def test_unknown_commands_get_a_hint_in_private_only(room: Room) -> None:
    assert "/help" in (await room.say(room.ani, "/frobnicate"))["text"]
    group = room.telegram.create_supergroup("Warga", room.anna)
    room.telegram.add_bot(group, as_admin=True)
    await room.calm()
    await room.quiet(room.anna, "/frobnicate", group)


async def test_deep_links_open_articles(room: Room) -> None:
    room.telegram.people.start(room.ani, "a_1")
    await room.telegram.next_message(room.ani, lambda one: "Berita a" in one["text"])


@pytest.mark.parametrize("payload", ["a_999", "a_x", "x_1", "zzz", "a_", "a_99999999999999999999"])
async def test_strange_deep_links_do_no_harm(room: Room, payload: str) -> None:
    before = await room.last(room.ani)
    room.telegram.people.start(room.ani, payload)
    answer = await room.telegram.next_message(room.ani, after=before)
    assert "Maaf" not in answer["text"]


async def test_a_forged_button_does_nothing(room: Room) -> None:
    ticker = await room.say(room.ani, "/latest")
    before = await room.last(room.ani)
    for data in ("a:zzzzzzzzzzzz", "a:", "a:1:2", "nonsense", "s:x:y"):
        await room.forge(room.ani, ticker, data)
    assert await room.last(room.ani) == before


async def test_a_group_that_becomes_a_supergroup_keeps_its_subscription(room: Room) -> None:
    group = room.telegram.create_group("Warga", room.anna)
    room.telegram.add_bot(group)
    await room.say(room.anna, "/subscribe@kabar_bot", group)
    await room.calm()
    upgraded = room.telegram.migrate(group)
    await room.calm()
    await room.publish("c")
    await room.telegram.next_message(upgraded, lambda one: "Berita c" in one["text"])


async def test_corrections_reach_posts_and_opened_articles(room: Room) -> None:
    ticker = await room.say(room.ani, "/latest")
    await room.press(room.ani, ticker, "1")
    copy = await room.telegram.next_message(
        room.ani, lambda one: "📖" in "".join(labels(one)), after=ticker["id"]
    )
    room.site.items[0].title = "Berita b yang sudah dibetulkan"
    await room.look()
    await room.telegram.wait_for(lambda: "dibetulkan" in room.again(copy)["text"] or None)


async def with_pictures(room: Room) -> tuple[Shown, Shown]:
    """A post with its picture in Ani's chat, and the same post after its picture was changed."""
    room.site.files |= {"/a.jpg": jpeg("navy"), "/b.jpg": jpeg("teal")}
    await room.say(room.ani, "/subscribe")
    entry = room.site.items[0]
    entry.title, entry.guid = "Berita bergambar", "tag:paper.example,2023:gambar"
    entry.link = "https://paper.example/gambar.html"
    entry.body = f'<p><img src="{room.site.address}/a.jpg" width="640"></p><p>Isi berita.</p>'
    await room.look()
    post = await room.telegram.next_message(
        room.ani, lambda one: bool(one["files"]) and "Berita bergambar" in one["text"]
    )
    entry.body = entry.body.replace("a.jpg", "b.jpg")
    await room.look()
    before = post["files"][0]["file_unique_id"]
    after = await room.telegram.wait_for(
        lambda: now if (now := room.again(post))["files"][0]["file_unique_id"] != before else None
    )
    return post, after


async def test_a_swapped_picture_reaches_the_posts(room: Room) -> None:
    post, after = await with_pictures(room)
    assert after["text"] == post["text"]
    assert after["buttons"] == post["buttons"]


async def test_where_no_pictures_are_wanted_an_opened_article_has_none(room: Room) -> None:
    post, _ = await with_pictures(room)
    async with room.db.transaction() as tx:
        await tx.run("UPDATE subscription SET pictures = 0")
    async with room.db.reading() as cx:
        number = await cx.value("SELECT MAX(id) FROM article")
    opened = await room.say(room.ani, f"/start a_{number}")
    assert opened["text"] == post["text"]
    assert not opened["files"]
    room.site.items[0].title = "Berita tak bergambar"
    await room.look()

    def corrected() -> bool:
        texts = [room.again(one)["text"] for one in (post, opened)]
        return all("tak bergambar" in text for text in texts)

    await room.telegram.wait_for(corrected)
    assert not room.again(opened)["files"]


async def test_a_raised_count_changes_the_buttons_alone(room: Room) -> None:
    await room.say(room.ani, "/subscribe")
    post = await room.telegram.next_message(room.ani, lambda one: "Berita b" in one["text"])
    await room.kabar.updates.drain()
    async with room.db.transaction() as tx:
        await tx.run("UPDATE article SET comments = 2")
        await deliveries.announce_edit(tx, 2, now=room.kabar.deps.clock())
    await room.telegram.wait_for(lambda: "💬 2" in labels(room.again(post)) or None)
    methods = [one.method.lower() for one in room.telegram.calls]
    assert "editmessagereplymarkup" in methods
    assert not {"editmessagetext", "editmessagecaption"} & set(methods)


@pytest.mark.parametrize("timing", [replace(HASTY, profile=0)])
async def test_menus_are_set_for_every_language(room: Room) -> None:
    menus = room.telegram.activity.profile.commands
    await room.telegram.wait_for(
        lambda: {"", "id", "en"} <= {language for _, language in menus} or None
    )


async def test_a_topic_that_is_opened_again_says_that_news_comes(room: Room) -> None:
    group = room.telegram.create_supergroup("Warung", room.anna, forum=True)
    room.telegram.add_bot(group)
    await room.telegram.next_message(group)
    thread = room.telegram.people.create_topic(group, "Berita").id
    await room.say(room.anna, "/subscribe ekonomi", group, thread=thread)
    room.telegram.people.close_topic(group, thread)
    await room.publish("pasar", labels=("Ekonomi",))
    await room.telegram.wait_for(
        lambda: [c for c in room.telegram.calls if "TOPIC_CLOSED" in c.description] or None
    )
    room.telegram.people.close_topic(group, thread, closed=False)
    await room.telegram.next_message(group, lambda one: "dibuka lagi" in one["text"])
    await room.publish("bursa", labels=("Ekonomi",))
    shown = await room.telegram.next_message(group, lambda one: "Berita bursa" in one["text"])
    assert shown["thread"] == thread


async def test_an_edit_that_changes_nothing_is_met_with_silence(room: Room) -> None:
    room.telegram.people.start(room.ani, "c_1")
    prompt = await room.telegram.next_message(room.ani, lambda one: "Komentar Anda" in one["text"])
    said = room.telegram.people.say(room.ani, "Bagus sekali", reply_to=prompt["id"])
    await room.telegram.next_message(room.ani, after=said.id)
    await room.telegram.next_message(room.desk, lambda one: "Bagus sekali" in one["text"])
    before = await room.last(room.ani)
    room.telegram.people.edit(room.ani, said.id, "Bagus sekali")
    assert await room.last(room.ani) == before
