"""Bytes in every encoding that newsrooms send, declared rightly, wrongly or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import charset, charset_guess
from tests.support.feeds import only, parse

TEXTS = {
    "gb18030": "市政府昨天宣布，新的大桥将在明年开放，市民可以从这里过河。",
    "cp950": "市政府昨天宣布，新的大橋將在明年開放，市民可以從這裡過河。",
    "cp932": "市は昨日、新しい橋を来年に開通させると発表した。市民から歓迎の声が上がっている。",
    "euc_jp": "市は昨日、新しい橋を来年に開通させると発表した。市民から歓迎の声が上がっている。",
    "cp949": "시는 어제 새 다리를 내년에 개통한다고 발표했다. 시민들은 이를 환영하고 있다.",
    "cp1251": "Мэрия вчера объявила, что новый мост откроется в будущем году.",
    "koi8-r": "Мэрия вчера объявила, что новый мост откроется в будущем году.",
    "cp1253": "Ο δήμος ανακοίνωσε χθες ότι η νέα γέφυρα θα ανοίξει τον επόμενο χρόνο.",
    "cp1255": "העירייה הודיעה אתמול כי הגשר החדש ייפתח בשנה הבאה לתושבים.",
    "cp1256": "أعلنت البلدية أمس أن الجسر الجديد سوف يفتح في العام المقبل.",
    "cp874": "เทศบาลประกาศเมื่อวานนี้ว่าสะพานใหม่จะเปิดในปีหน้าสำหรับประชาชน",
}
WESTERN = "Die Brücke über die Mündung kostet 5 Mio. € – „schön“, sagt Bürgermeister Müller."


def feed_of(text: str, declared: str = "", language: str = "") -> str:
    named = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    said = f"<language>{language}</language>" if language else ""
    return f"{named}<rss><channel>{said}<item><title>{text}</title></item></channel></rss>"


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "unbekannt"])
@pytest.mark.parametrize("encoding", TEXTS)
def test_letters_tell_what_nobody_says(encoding: str, declared: str) -> None:
    body = feed_of(TEXTS[encoding], declared).encode(encoding)
    assert only(parse(body)).headline == TEXTS[encoding]


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1"])
def test_western_letters_are_taken_for_no_others(declared: str) -> None:
    for text in (WESTERN, "ÉÈÀÇ ÊTRE À L’ÉCOLE ÉLÉMENTAIRE", "Àààààhhh ööööö üüü ßß"):
        assert only(parse(feed_of(text, declared).encode("cp1252"))).headline == text


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("pl", "cp1250", "Śląsk: łódź źle się trzymała, więc gęś uciekła"),
        (
            "tr-TR",
            "cp1254",
            "Köprü gelecek yıl açılacak, İstanbul'da şenlik var, çocuklar için oyun",
        ),
        ("de", "cp1252", WESTERN),
    ],
)
def test_the_language_tells_which_latin_letters_are_meant(
    language: str, encoding: str, text: str
) -> None:
    assert only(parse(feed_of(text, language=language).encode(encoding))).headline == text


@pytest.mark.parametrize(
    ("label", "encoding", "name"),
    [
        ("x-sjis", "cp932", "cp932"),
        ("Windows-31J", "cp932", "cp932"),
        ("win-1251", "cp1251", "cp1251"),
        ("x-gbk", "gb18030", "gb18030"),
        ("iso-8859-8-i", "cp1255", "cp1255"),
        ("x-mac-cyrillic", "mac_cyrillic", "cp1251"),
        ("iso-2022-jp", "iso2022_jp", "cp932"),
        ("utf-8", "iso2022_jp", "cp932"),
    ],
)
def test_names_that_are_in_use(label: str, encoding: str, name: str) -> None:
    body = feed_of(TEXTS[name], label).encode(encoding)
    assert only(parse(body)).headline == TEXTS[name]


def test_a_few_stray_bytes_do_not_change_what_the_rest_is() -> None:
    body = feed_of("Каким был мост — такой и есть. " * 3).encode() + "é".encode("cp1252")
    assert charset.decode(body).endswith("é")
    assert "Каким был мост" in charset.decode(body)


@given(st.binary(max_size=400))
def test_every_body_has_some_text(body: bytes) -> None:
    assert "\0" not in charset.decode(body)
    assert charset_guess.encoding_of(body) in {"", *TEXTS}


# --- what no declaration saves --------------------------------------------------------------------

FRENCH = (
    "Le club « privé » ferme",
    "LIBERTÉ ! ÉGALITÉ ! C’est décidé » dit-il",
    "À 10 h : « été »",
    "Prix : 5 € – la « fête »",
)


@pytest.mark.parametrize("spaced", FRENCH)
def test_a_letter_before_a_no_break_space_is_that_letter(spaced: str) -> None:
    text = spaced.replace(" »", "\xa0»").replace("« ", "«\xa0").replace(" !", "\xa0!")
    plain = " ".join(text.split())
    assert only(parse(feed_of(text).encode("cp1252"))).headline == plain
    assert only(parse(feed_of(text).encode())).headline == plain
    assert only(parse(feed_of(text, "iso-8859-1").encode("cp1252"))).headline == plain


@pytest.mark.parametrize(
    "text", ["Россия и мир", "côté", "“Ya,” kata dia…", "日本の新聞です", "é", "💡"]
)
def test_text_that_was_stored_garbled_is_mended(text: str) -> None:
    garbled = text.encode().decode("latin-1")
    assert charset.mend(charset.clean(garbled)) == text


def test_controls_are_what_windows_means_by_them() -> None:
    told = only(parse(feed_of("Kata\x85 \x93ya\x94 \x96 \x80 5")))
    assert told.headline == "Kata… “ya” – € 5"
    assert only(parse(feed_of("Kata \x81dia\x9d"))).headline == "Kata dia"
