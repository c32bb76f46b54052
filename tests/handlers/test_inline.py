"""What somebody types after the bot's name, in any chat."""

from __future__ import annotations

from tests.handlers.conftest import Room
from tests.support.feed_site import item, jpeg


async def test_inline_search_shares_articles(room: Room) -> None:
    answer = await room.telegram.ask_inline(room.ani, "Berita")
    titles = {one["title"] for one in answer["results"]}
    assert titles == {"Berita a", "Berita b"}
    shared = answer["results"][0]["reply_markup"]["inline_keyboard"][0][0]
    assert "start=c_" in shared["url"]
    assert "Sumber:" in answer["results"][0]["message"]["text"]
    assert "https://paper.example/2023/08/" in answer["results"][0]["message"]["text"]
    newest = await room.telegram.ask_inline(room.ani, "")
    assert len(newest["results"]) == 2
    assert newest["button"]["start_parameter"] == "s_inline"
    assert newest["next_offset"] == ""


async def test_inline_search_finds_while_a_word_is_typed(room: Room) -> None:
    await room.publish("negosiasi", body="<p>Rusia dan Ukraina berunding lagi.</p>")
    for typed in ("neg", "nego", "berita nego", "NEGOSIA"):
        answer = await room.telegram.ask_inline(room.ani, typed)
        assert answer["results"][0]["title"] == "Berita negosiasi", typed
    for nothing in ("nex", "ne", 'zz "nego', "x" * 256, "%_' OR 1=1 --"):
        await room.telegram.ask_inline(room.ani, nothing)


async def test_inline_pages_keep_their_place(room: Room) -> None:
    room.site.items = [item(f"ke-{n}") for n in range(45)]
    await room.look()
    async with room.db.reading() as cx:
        total = await cx.value("SELECT COUNT(*) FROM article")
    for words in ("", "berita"):
        pages, offset = [], ""
        while True:
            answer = await room.telegram.ask_inline(room.ani, words, offset)
            pages.append([one["id"] for one in answer["results"]])
            offset = answer["next_offset"]
            if not offset:
                break
            async with room.db.transaction() as tx:  # news comes while somebody turns pages
                await tx.run(
                    "INSERT INTO article (content_key, fingerprint, headline, source,"
                    " first_seen_at, sort_at, origin) VALUES (:key, '', 'Berita sela', 'Kantor',"
                    " 2000000000, 2000000000, 'feed')",
                    key=f"sela-{words}-{len(pages)}",
                )
        shown = [one for page in pages for one in page]
        assert len(shown) == len(set(shown)) == total, words
    odd = await room.telegram.ask_inline(room.ani, "berita", "20:99999999999:x")
    assert len(odd["results"]) == 20


async def test_results_show_pictures_and_what_is_shared_names_source_and_link(room: Room) -> None:
    room.site.files["/foto.jpg"] = jpeg("teal")
    picture = f"{room.site.address}/foto.jpg"
    await room.publish(
        "banjir",
        body=f'<p><img src="{picture}" width="640"></p><p>Air naik lagi.</p><p>Sumber : CNN</p>',
    )
    await room.publish("banjir-2", body="<p>Air naik lagi di hulu, kata warga.</p>", author="Ani")
    answer = await room.telegram.ask_inline(room.ani, "air naik")
    assert (answer["cache_time"], answer["is_personal"]) == (60, True)
    found = {one["title"]: one for one in answer["results"]}
    assert found["Berita banjir"]["thumbnail_url"] == picture
    assert "thumbnail_url" not in found["Berita banjir-2"]
    group = room.telegram.create_supergroup("Warga", room.ani)
    shared = room.telegram.people.choose(
        room.ani, answer["query_id"], found["Berita banjir"]["id"], group
    )
    told = shared.data["text"]
    assert "Berita banjir" in told
    assert "Sumber: CNN" in told
    assert "https://paper.example/2023/08/banjir.html" in told
    assert shared.data["via_bot"]["username"] == "kabar_bot"


NONSENSE = ("", "x", "-1:5", "20:", ":", "20:5", "1e3:1e9", "²:³", "9" * 60)
HOSTILE = ('"', "sumber:", "topik:x -y sejak:2023-99", "\u202e\u200f\x00مرحبا", "😀" * 128)
MORE = ("(" * 256, "-" * 256, "</b><script>&amp;", "a " * 128)


async def test_nonsense_is_answered_too(room: Room) -> None:
    for query, offset in [("", one) for one in NONSENSE] + [
        (one, "20:x") for one in HOSTILE + MORE
    ]:
        answer = await room.telegram.ask_inline(room.ani, query, offset)
        assert len(answer["results"]) <= 20, (query, offset)
        assert answer["next_offset"] == "", (query, offset)
