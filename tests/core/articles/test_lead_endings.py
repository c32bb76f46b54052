"""What a lead does not end with: a pointer to what is not there, half a quotation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import lead as leads
from bot.core.text import open_quotation

FIRST = "Warga Desa Sukamaju memperbaiki jembatan gantung yang putus pada Senin malam."


@pytest.mark.parametrize(
    "pointer",
    [
        "Berikut rinciannya:", "Berikut rinciannya.", "Berikut ini daftar lengkapnya:",
        "Berikut adalah jadwal perbaikan jembatan itu.", "Simak ulasannya di bawah ini.",
        "Simak penjelasannya berikut ini!", "Yuk simak informasi selengkapnya di bawah ini.",
        "Ikuti ulasannya di sini.", "Seperti terlihat pada gambar di atas.",
        "Lihat fotonya di sini.", "Cek daftarnya berikut ini.", "Inilah daftarnya:",
        "Here is the full list.", "See the video below.", "Adapun rinciannya sebagai berikut:",
        "Yuk, simak informasi lengkapnya berikut ini!", "A continuación, los detalles:",
        "Selengkapnya baca di sini.", "Rinciannya sebagai berikut:",
        "Foto lainnya bisa dilihat di galeri berikut.", "Klik di sini untuk melihat daftarnya.",
        "Peta lokasinya ada di bawah ini.", "Daftar korban ada di halaman selanjutnya.",
        "Di bawah ini adalah daftar jembatan yang putus:", "Adapun jembatan yang putus yakni:",
        "Yuk kita simak!", "Ikuti pembahasannya sampai akhir.", "Here's what we know:",
        "Scroll down for the video.", "Apa saja? Berikut daftarnya:",
        "Penasaran? Simak ulasan berikut ini.", "Esta es la lista completa.",
        "Voici la liste complète :", "وفيما يلي التفاصيل:",
    ],
)  # fmt: skip
def test_nothing_points_to_what_is_not_there(pointer: str) -> None:
    assert leads.of([f"{FIRST} {pointer}"]) == FIRST
    assert leads.of([FIRST, pointer]) == FIRST
    told = leads.of([f"{FIRST} {pointer} {NEXT}"])
    assert told.startswith(FIRST)
    assert told.endswith(NEXT)


def test_a_headline_and_who_published_it_is_no_lead() -> None:
    told = ["Jembatan putus - Harian Contoh Harian Contoh"]
    assert leads.telling(told, "Jembatan putus") == []
    other = ["Jembatan putus lagi di kota, kata warga."]
    assert leads.telling(other, "Jembatan putus") == other


NEXT = "Bupati menyiapkan dana untuk itu."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ada lima cara mengatasinya, simak ulasannya berikut ini.", "Ada lima cara mengatasinya."),
        ("Harga BBM turun, berikut daftar lengkapnya:", "Harga BBM turun:"),
        ("Berikutnya giliran warga desa sebelah.", "Berikutnya giliran warga desa sebelah."),
        ("Simak baik-baik pidato itu, kata guru.", "Simak baik-baik pidato itu, kata guru."),
        ("Here is some text that says a thing.", "Here is some text that says a thing."),
        ("Berikut daftar pejabat yang dilantik.", "Berikut daftar pejabat yang dilantik."),
        ("A continuación, el alcalde viajó.", "A continuación, el alcalde viajó."),
        ("Berikut daftarnya:", ""),
        ("Adapun bupati tiba pada Senin malam.", "Adapun bupati tiba pada Senin malam."),
        ("Warga berkumpul di sini.", "Warga berkumpul di sini."),
        ("Siapa pelakunya? Polisi belum tahu.", "Siapa pelakunya? Polisi belum tahu."),
    ],
)
def test_what_points_and_tells(written: str, shown: str) -> None:
    assert leads.of([written]) == shown


KATA = "kata Budi kepada wartawan di Medan pada Senin malam"
SAID = f'"Kami lelah. Kami senang," {KATA}.'
DEMIKIAN = '"Kami lelah." Demikian kata Budi.'


@pytest.mark.parametrize(
    ("paragraphs", "shown"),
    [
        # A quotation of several sentences, with its speaker.
        ([FIRST, SAID], f"{FIRST} {SAID}"),
        ([FIRST, SAID.replace('"', "“", 1).replace('"', "”")], None),
        # Over paragraphs, each of which opens it again.
        ([FIRST, '"Kami lelah.', f'"Kami senang," {KATA}.'], None),
        # The speaker in a sentence of its own.
        ([FIRST, DEMIKIAN], f"{FIRST} {DEMIKIAN}"),
        ([FIRST, '"Kami lelah dan senang."'], FIRST),
        # Never closed: cut by the feed, or forgotten.
        ([FIRST, 'Budi berkata, "Kami lelah. Kami senang'], FIRST),
        ([FIRST, "“Kami lelah. Kami senang, kata Budi. Lalu ia pergi."], FIRST),
        ([FIRST, '"Kami lelah'], FIRST),
        # Longer than a lead.
        ([FIRST, '"' + "Kami lelah sekali hari ini. " * 30 + f'Kami senang," {KATA}.'], FIRST),
        # Inches and typos are no quotations.
        ([f'Layar 6,1" itu besar. {FIRST}'], f'Layar 6,1" itu besar. {FIRST}'),
    ],
)  # fmt: skip
def test_a_quotation_is_taken_whole_or_not_at_all(paragraphs: list[str], shown: str | None) -> None:
    lead = leads.of(paragraphs)
    assert open_quotation(lead) < 0
    if shown is not None:
        assert lead == shown


SPOKEN = st.lists(
    st.sampled_from([FIRST, NEXT, f'"Kami lelah. Kami senang," {KATA}.', "“Ya.", '"Tidak. Ya',
                     "«Ya. Tidak», kata Ani.", "Ani berkata: „Ya. Nein.“ Lalu pergi."]),
    min_size=1,
    max_size=12,
)  # fmt: skip


@given(SPOKEN)
def test_no_lead_ends_in_an_open_quotation(paragraphs: list[str]) -> None:
    lead = leads.of([FIRST, *paragraphs])
    assert lead.startswith(FIRST)
    assert open_quotation(lead) < 0
