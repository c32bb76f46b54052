"""Counters of visits and times of change: gone for readers, and no reason to edit a post."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles.counters import without_counters, without_shared_numbers
from bot.core.model import Story

SAYS = "Warga membersihkan sungai sejak pagi."


@pytest.mark.parametrize(
    "counter",
    [
        "Dibaca: 1.234 kali",
        "Telah dibaca sebanyak 12 kali",
        "Berita ini telah dibaca 1,2 rb kali",
        "Dilihat : 77",
        "Post Views: 1,018",
        "Views: 3k",
        "Hits: 41",
        "Visited 21 times, 1 visit(s) today",
        "Total views: 12",
        "5.120 views",
        "34 pembaca",
        "12 Komentar",
        "3 comments",
        "7 Shares",
        "Jumlah pembaca: 8",
        "This post has been viewed 19 times",
        "Diperbarui pukul 14.05 WIB",
        "Terakhir diperbarui: 31/08/2023, 14:05 WIB",
        "Update: Kamis, 31 Agustus 2023 | 14:05 WIB",
        "Last updated 5 minutes ago",
        "Updated at 10:30 am",
        "5 menit lalu",
        "2 jam yang lalu",
        "3 hours ago",
        "Dibaca: 2.345x",
        "12 orang membaca ini",
        "Suka (12)",
        "Rating: 4.1/5 (12 votes)",
        "Update: 31 Agustus 2023 14:05",
        "Leído 123 veces",
        "123 lecturas",
        "hace 3 horas",
        "Bacaan: 234",
        "10 minit yang lalu",
        "قراءات: 123",
        "منذ 3 ساعات",
        "👁 1.234",
        "3 min read",
        "Waktu baca 3 menit",
        "Reading time: 3 minutes",
        "Pengunjung: 12 orang",
        "12 orang sedang membaca ini",
        "Sudah 12 orang membaca berita ini",
        "🔥 12 orang membaca",
        "Total pengunjung hari ini 12",
        "Statistik: 5 views today, 12 total",
        "Tayang 12x",
        "Telah diakses: 7 kali sejak dipasang",
        "Visitor: 12",
        "Baca: 12",
    ],
)
def test_a_counter_goes_wherever_it_hangs(counter: str) -> None:
    assert without_counters(counter) == ""
    assert without_counters(f"{counter}.") == ""
    assert without_counters(f"({counter})") == ""
    assert without_counters(f"{counter}. {SAYS}") == SAYS
    assert without_counters(f"{SAYS} {counter}.") == SAYS
    assert without_counters(f"{SAYS} ({counter})") == SAYS
    assert without_counters(f"Kabar Kota | {counter}") == "Kabar Kota"
    assert without_counters(f"Sungai bersih | {counter} | {counter}") == "Sungai bersih"


@pytest.mark.parametrize(
    "line",
    [
        SAYS,
        "Buku itu dibaca 12 kali oleh para siswa kelas tiga.",
        "Warga menulis 12 komentar di laman itu.",
        "Film itu ditonton 5 juta orang dalam sepekan, kata produsernya.",
        "Aturan itu diperbarui pukul 14.05 oleh menteri dan berlaku besok.",
        "Kejadian itu 5 menit lalu berlalu, kata saksi.",
        "Sekitar 300 orang",
        "Pembaca 12 koran meninggal.",
        "Harga naik 12 kali lipat.",
        "Aplikasi itu diperbarui.",
        "Catatan dari Lombok (2)",
    ],
)
def test_what_tells_something_stays(line: str) -> None:
    assert without_counters(line) == line


def test_a_number_that_all_headlines_end_with_counts_something() -> None:
    counted = [Story("", f"Berita {n} ({n})", lead=f"Isi {n}") for n in range(4)]
    assert [one.headline for one in without_shared_numbers(counted)] == [
        f"Berita {n}" for n in range(4)
    ]
    series = [Story("", "Catatan (2)"), *(Story("", f"Berita {n}") for n in range(4))]
    assert without_shared_numbers(series) == series


def test_a_line_without_end_is_looked_at_where_it_begins_and_ends() -> None:
    words = f"{SAYS} " * 3_000
    assert without_counters(f"Dibaca 12 kali. Tayang 12x. {words}| 12 views") == words.rstrip()
    for unit in ("(a", "[a", "(1", "| a", "(a)"):
        line = unit * 50_000 + " dibaca 12"
        times = []
        for _ in range(3):
            began = process_time()
            without_counters(line)
            times.append(process_time() - began)
        assert min(times) < 0.05


@given(st.text(alphabet="dibaca 12.|()kliews,updte:\n", max_size=300))
def test_it_ends_on_any_text(text: str) -> None:
    assert len(without_counters(text)) <= len(text)
