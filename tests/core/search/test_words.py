"""Words and stems: the same for articles and queries, whatever a stranger writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search.words import has_own_stems, key, stem, tokens, tokens_like, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Negosiasi Senjata, 2023!", ["negosiasi", "senjata", "2023"]),
        ("Jum'at al-Qur’an", ["jumat", "al", "quran"]),
        (
            "l'ancien qu'il dell'arte O'Brien",
            ["l", "ancien", "qu", "il", "dell", "arte", "o", "brien"],
        ),
        ("'Jagal' Mu`ti don't", ["jagal", "muti", "dont"]),
        (
            "B.J. Habibie J.K.Rowling U.S.A. M.Si.",
            ["bj", "habibie", "jk", "rowling", "usa", "m", "si"],
        ),
        (
            "Covid19 RTX4090 u17 M7,7 8x",
            ["covid", "19", "rtx", "4090", "u", "17", "m", "7", "7", "8x"],
        ),
        ("altyazısı ALTYAZISI Łódź Đà Nẵng", ["altyazisi", "altyazisi", "lodz", "da", "nang"]),
        ("ｶﾞﾝﾀﾞﾑ ٢٠٢٤ ๒๕๖๗", ["ガン", "ンダ", "ダム", "2024", "2567"]),
        ("کتاب یک", ["كتاب", "يك"]),
        ("Café NAÏVE İstanbul ẞ", ["cafe", "naive", "istanbul", "ss"]),
        ("ﬁnal ½ ①", ["final", "1", "2", "1"]),
        ("so\u00adft ze\u200bro", ["soft", "zero"]),
        ("Kabar™ snake_case", ["kabar", "snake", "case"]),
        ("हिन्दी москва", ["हिन्दी", "москва"]),
        ("กรุงเทพ", ["กรุ", "รุง", "งเ", "เท", "ทพ"]),
        ("東京都 5Gネット x日", ["東京", "京都", "5g", "ネッ", "ット", "x", "日"]),
        ("Rp2,5 triliun, Rp 17", ["rp", "2", "5", "triliun", "rp", "17"]),
        ("Королёв и Чайковский", ["королев", "и", "чайковский"]),
        ("السَّلامُ عليـــكم", ["السلام", "عليكم"]),
        ("שָׁלוֹם", ["שלום"]),
        ("covid-19 5G 17/8", ["covid", "19", "5g", "17", "8"]),
        (
            "Harga emas (Rp2,5 juta­) café_(Rp3) ½(Rp4)‎",
            [
                *("harga", "emas", "rp", "2", "5", "juta", "cafe", "rp", "3", "1", "2", "rp", "4"),
            ],
        ),
        ("🎉 ... \ud800 \x00", []),
        ("x" * 500, ["x" * 64]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "family",
    [
        "senjata persenjataan bersenjata dipersenjatai mempersenjatai",
        "beli membeli pembelian dibeli belikan pembeli membelikan",
        "perintah pemerintah pemerintahan memerintah diperintah",
        "menteri kementerian",
        "negosiasi bernegosiasi",
        "weapon weapons",
        "negotiate negotiation negotiations negotiating",
        "москва москвы москве москву",
        "чайковский чайковского",
        "القاهرة القاهره والقاهرة بالقاهرة قاهرة",
        "الأخبار أخبار اخبار الاخبار",
        "서울은 서울에서 서울의 서울",
        "הממשלה ממשלה בממשלה ושהממשלה",
        "בית הבית לבית",
        "prabowo prabowos",
    ],
)
def test_a_family_has_one_stem(family: str) -> None:
    assert len(set(map(stem, family.split()))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("asing", "asean"), ("saing", "sa"), ("rusia", "rusa"), ("ukraina", "iran"), ("2024", "2025")],
)
def test_strangers_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text())
def test_any_text_has_words_that_an_index_can_hold(text: str) -> None:
    for one in map(stem, words(text)):
        assert one
        assert len(one) <= 64
        assert not any(sign.isascii() and not sign.isalnum() for sign in one)


@given(st.text())
def test_words_do_not_change_when_read_again(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    last = 0
    for one in tokens(text):
        assert last <= one.end
        assert one.word in words(text[one.start : one.end])
        last = one.end


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_tokens_are_the_words(text: str) -> None:
    assert [one.word for one in tokens(text)] == words(text)


@given(
    st.text(alphabet="Rrp25_ ,.aé’'\u200b東"),
    st.sets(st.sampled_from(["rp", "2", "5", "rp2", "aa", "ar", "aaa"])),
)
def test_tokens_like_are_those_of_the_tokens(text: str, asked: set[str]) -> None:
    like = [one for one in tokens(text) if stem(one.word) in asked]
    assert tokens_like(text, asked, set()) == like
    assert tokens_like(text, set(), asked) == [one for one in tokens(text) if one.word in asked]


def test_key_compares_names() -> None:
    assert key("CNN  Indonesia") == key("cnn indonesia")
    assert "jurnalis" in key("MAJALAHJURNALIS.Com")


def test_a_known_language_has_stems_of_its_own() -> None:
    assert stem("maisons", "fr") == stem("maison", "fr")
    assert stem("haeuser", "de") == stem("haeusern", "de")
    assert stem("berunding", "id") == stem("berunding")
    assert has_own_stems("fr")
    assert not has_own_stems("id")


def test_tokens_of_scripts_without_spaces_stand_where_they_are() -> None:
    text = "在東京都 ok"
    assert [(one.word, text[one.start : one.end]) for one in tokens(text)] == [
        ("在東", "在東"),
        ("東京", "東京"),
        ("京都", "京都"),
        ("ok", "ok"),
    ]
