"""The paper's own name, where it says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import dateline
from tests.support.feeds import item, parse, rss

NAMES = ("Suara Pantura - Kabar Pesisir Hari Ini", "suarapantura.example", "suarapantura")
TEXT = "Warga Desa Sukamaju memperbaiki jembatan gantung itu."
FORMS = """
SUARAPANTURA.COM, TEGAL - | TEGAL -
TEGAL, SUARAPANTURA.com – | TEGAL -
Tegal, Suara Pantura -- | Tegal -
TEGAL — SUARA PANTURA — | TEGAL -
SUARA PANTURA — TEGAL — | TEGAL —
Tegal (Suara Pantura) – | Tegal -
(SUARA PANTURA), TEGAL - | TEGAL -
TEGAL, (SUARA PANTURA) — | TEGAL -
Suara Pantura, Tegal: | Tegal -
TEGAL – Suara Pantura: | TEGAL -
Suara Pantura | Tegal – | Tegal –
SUARAPANTURA.ID | TEGAL – | TEGAL –
Suarapantura - Tegal - | Tegal -
Suara-Pantura.com – Tegal – | Tegal –
Tegal, Suara Pantura Online - | Tegal -
Tegal, Suara Pantura News – | Tegal -
Redaksi Suara Pantura, Tegal - | Tegal -
Tegal (18/11), Suara Pantura - | Tegal, 18/11 -
SLAWI, KABUPATEN TEGAL, SUARA PANTURA - | SLAWI, KABUPATEN TEGAL -
Tegal, Suara Pantura / | Tegal -
KBRN, Tegal: | Tegal -
TEGAL, KBRN - | TEGAL -
TEGAL, AYOTEGAL.COM - | TEGAL -
ST. LOUIS, Mo. (AP) — | ST. LOUIS, Mo. -
ATLANTA, Ga. (AP) — | ATLANTA, Ga. -
WASHINGTON, D.C. (Reuters) - | WASHINGTON, D.C. -
BERLIN/WINA (Reuters) - | BERLIN/WINA -
KAB. TEGAL, SUARAPANTURA.COM - | KAB. TEGAL -
U.S. VIRGIN ISLANDS (AP) — | U.S. VIRGIN ISLANDS -
ST. JOHN'S, Nfld. (AP) — | ST. JOHN'S, Nfld. -
KAIRO (رويترز) - | KAIRO -
[SUARA PANTURA] Tegal - | Tegal -
Suara Pantura/Tegal: | Tegal -
www.suarapantura.com, Tegal - | Tegal -
Tegal,(suarapantura.com)- | Tegal -
TEGAL - SUARAPANTURA.COM, | TEGAL -
SUARA.PANTURA.CO.ID, TEGAL -- | TEGAL -
TEGAL, Nov. 26 (Pantura) – | TEGAL, Nov. 26 (Pantura) –
Oleh Suara Pantura — |
Suara Pantura - |
SUARA PANTURA: |
"""


@pytest.mark.parametrize("form", FORMS.strip().splitlines())
def test_forms_of_datelines(form: str) -> None:
    *before, after = form.split("|")
    written = "|".join(before).strip()
    told, _ = dateline.undated(f"{written} {TEXT}", NAMES)
    assert told == f"{after.strip()} {TEXT}".strip()


def test_a_name_in_brackets_needs_no_dash() -> None:
    assert dateline.undated(f"Tegal (Suara Pantura) {TEXT}", NAMES)[0] == f"Tegal - {TEXT}"
    other = f"Situs Berita (kabar.com) {TEXT}"
    assert dateline.undated(other, NAMES)[0] == other


@pytest.mark.parametrize(
    "text",
    [
        "Suara Pantura digugat warga Tegal karena berita itu.",
        "Tegal - Warga memperbaiki jembatan.",
        "TEGAL: Warga memperbaiki jembatan.",
        "Bupati Tegal: Suara pantura harus didengar pusat.",
        "Warga Tegal (35) ditemukan tewas di rumahnya.",
        "Ia menulis di Suara Pantura - koran itu - sejak muda.",
        "BERLIN/WINA - Warga memperbaiki jembatan.",
        "Kabar Pesisir - begitu judulnya - laku keras.",
    ],
)
def test_what_is_no_dateline_of_ours_stays(text: str) -> None:
    assert dateline.undated(text, NAMES) == (text, "")


def test_a_paper_may_leave_its_article_out() -> None:
    told, _ = dateline.undated(
        "ESSEX, Nov. 26 (Harbour Post) - A wall fell.", ("The Harbour Post",)
    )
    assert told == "ESSEX, Nov. 26 - A wall fell."


COPIED = """
TEMPO.CO, Jakarta - | Jakarta - | TEMPO.CO
KOMPAS.com - | | KOMPAS.com
Liputan6.com, Medan | Medan - | Liputan6.com
TRIBUN-MEDAN.com, MEDAN - | MEDAN - | TRIBUN-MEDAN.com
Jakarta, CNBC Indonesia - | Jakarta - | CNBC Indonesia
MEDAN (Waspada): | MEDAN - | Waspada
BANDUNG, (PR).- | BANDUNG - | Pikiran Rakyat
detikcom, Jakarta - | Jakarta - | detikcom
VIVA – | | VIVA
JAKARTA, KOMPAS.com/ANTARA - | JAKARTA - | ANTARA
SuaraJakarta.id - | | SuaraJakarta.id
MEDAN, SUARAMEDANKITA.COM - | MEDAN - |
TEGAL, AYOTEGAL.COM - | TEGAL - |
TEGAL, suarapantura.com - | TEGAL - |
"""


@pytest.mark.parametrize("form", COPIED.strip().splitlines())
def test_another_paper_in_a_dateline_is_the_source(form: str) -> None:
    written, after, source = (part.strip() for part in form.split("|"))
    told, named = dateline.undated(f"{written} {TEXT}", NAMES)
    assert told == f"{after} {TEXT}".strip()
    assert named == source


@pytest.mark.parametrize(
    "text",
    ["Tempo - begitu sebutan ketukan itu - berubah.", "Kompas kapal itu rusak - kata nakhoda.",
     "Merdeka! Warga bersorak.", "Viva, begitu ia dipanggil, datang."],
)  # fmt: skip
def test_a_word_that_is_a_papers_name_too_stays(text: str) -> None:
    assert dateline.undated(text, NAMES) == (text, "")


def test_the_paper_in_a_dateline_is_the_posts_source() -> None:
    read = parse(rss(item(1, extra=f"<description>TEMPO.CO, Tegal - {TEXT}</description>")))
    assert [(one.source, one.lead) for one in read.stories] == [("TEMPO.CO", f"Tegal - {TEXT}")]


@given(st.text(max_size=200), st.text(max_size=30))
def test_no_word_of_the_text_is_lost(text: str, opening: str) -> None:
    told, _ = dateline.undated(text, NAMES, opening)
    assert len(told) <= len(text) + 12


# --- headlines ------------------------------------------------------------------------------------


def headlines(titles: list[str], title: str = "Suara Pantura") -> list[str]:
    site = "<link>https://suarapantura.example/</link>"
    items = "".join(item(n, title=one, guid=f"tag:x:{n}") for n, one in enumerate(titles))
    body = rss(items).replace("<title>Kabar Kota</title>", f"<title>{title}</title>", 1)
    body = body.replace("<link>https://paper.example/</link>", site, 1)
    return [story.headline for story in parse(body).stories]


NEWS = ["Banjir rob di Tegal", "Harga bawang naik", "Jembatan baru dibuka", "Nelayan hilang",
        "Pasar pagi terbakar", "Sekolah rusak diperbaiki"]  # fmt: skip


@pytest.mark.parametrize(
    "form",
    ["{} - Suara Pantura", "{} | Suara Pantura", "{} – SuaraPantura", "{} — suarapantura.example",
     "{} » Suara Pantura", "{} :: Suara Pantura", "Suara Pantura: {}", "[Suara Pantura] {}",
     "Suara Pantura | {}", "{} • Suara Pantura", "{} - Berita Pesisir Utara",
     "{} « Suara Pantura", "{} › Suara Pantura", "{} / Suara Pantura", "{} (Suara Pantura)",
     "{} [Suara Pantura]", "Suara Pantura » {}", "{} | Daerah | Suara Pantura",
     "{} - Daerah - Suara Pantura Digital", "{} - Suara Pantura - Terdepan"],
)  # fmt: skip
def test_what_stands_behind_every_headline_says_nothing(form: str) -> None:
    assert headlines([form.format(one) for one in NEWS]) == NEWS


@pytest.mark.parametrize(
    "title", ["Suara Pantura - Kabar Pesisir", "Kabar Pesisir | Suara Pantura"]
)
def test_the_name_is_a_part_of_the_feeds_title(title: str) -> None:
    assert headlines([f"{one} - Suara Pantura" for one in NEWS], title) == NEWS


@pytest.mark.parametrize(
    "end",
    [" - Suara Pantura", " | SUARAPANTURA.ID", " (Suara Pantura)", " - Suara Pantura - Kita",
     " | Nasional - Suara Pantura", " - Ekonomi | Suara Pantura", " | Suara Pantura - Daerah",
     " - Suara Pantura Nasional", " | Halaman 2 - Suara Pantura", " - Halaman all - Suara Pantura"],
)  # fmt: skip
def test_a_feed_of_one_entry(end: str) -> None:
    title = "Suara Pantura - Kita"
    assert headlines([f"Banjir rob di Tegal{end}"], title) == ["Banjir rob di Tegal"]


@pytest.mark.parametrize("end", [" Halaman all", " Halaman 2", " Halaman all - Suara Pantura"])
def test_the_number_of_a_page_is_no_part_of_a_headline(end: str) -> None:
    assert headlines([f"{one}{end}" for one in NEWS]) == NEWS
    kept = ["Skandal itu dimuat di Halaman 1", "Buku setebal 300 halaman"]
    assert headlines(kept) == kept


def test_sections_before_the_papers_name_go_too() -> None:
    sections = ["Nasional", "Ekonomi", "Daerah", "Olahraga", "Pendidikan", "Dunia"]
    told = [f"{one} | {name} | Suara Pantura" for one, name in zip(NEWS, sections, strict=True)]
    assert headlines(told) == NEWS
    alone = [f"{one} | {name}" for one, name in zip(NEWS, sections, strict=True)]
    assert headlines(alone) == alone


@pytest.mark.parametrize(
    "odd",
    ["Persib - Persija", "Wawancara: Suara Pantura", "Harga naik - apa sebabnya?",
     "Bupati: Suara Pantura penting", "Gempa Cianjur: 3 tewas", "Liga 1 | Hasil semalam"],
)  # fmt: skip
def test_other_parts_of_headlines_stay(odd: str) -> None:
    assert headlines([odd, *NEWS]) == [odd, *NEWS]


def test_live_coverage_keeps_what_it_is_about() -> None:
    told = [f"Gempa Cianjur: {one}" for one in NEWS]
    assert headlines(told) == told


@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_headline_is_emptied(titles: list[str]) -> None:
    ends = dateline.endings(titles, NAMES)
    assert all(dateline.untitled(one, ends) or not one for one in titles)
