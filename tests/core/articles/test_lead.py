"""The lead: datelines, noise, sentences, limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles import dateline, sentences
from bot.core.articles import lead as leads
from tests.support.entries import PAPER, story

# --- the lead -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted", "named"),
    [
        ("MAJALAHJURNALIS.Com (Jakarta) - Amerika", "Jakarta - Amerika", ""),
        ("TEMPO.CO, Jakarta - Polisi", "Jakarta - Polisi", "TEMPO.CO"),
        ("JAKARTA, KOMPAS.com - Polisi", "JAKARTA - Polisi", "KOMPAS.com"),
        ("Liputan6.com, Jakarta Polisi", "Jakarta - Polisi", "Liputan6.com"),
        ("Liputan6.com, Jakarta Timnas menang", "Jakarta - Timnas menang", "Liputan6.com"),
        ("Liputan6.com, Jakarta Selatan Warga", "Jakarta Selatan - Warga", "Liputan6.com"),
        ("Liputan6.com, Kuala Lumpur Timnas", "Kuala Lumpur - Timnas", "Liputan6.com"),
        ("Kabar.com, milik warga Medan, tutup.", "Kabar.com, milik warga Medan, tutup.", ""),
        ("Medan, majalahjurnalis.com | Polisi", "Medan - Polisi", ""),
        ("Medan | MAJALAHJURNALIS.COM - Polisi", "Medan - Polisi", ""),
        ("Medan | Polisi", "Medan | Polisi", ""),
        ("Jakarta, CNN Indonesia -- Polisi", "Jakarta - Polisi", "CNN Indonesia"),
        ("Jakarta (ANTARA) - Polisi", "Jakarta - Polisi", "ANTARA"),
        ("VIVA.co.id – polisi", "Polisi", "VIVA.co.id"),
        ("BEIJING, Feb. 3 (Xinhua) -- China", "BEIJING, Feb. 3 - China", "Xinhua"),
        ("Majalah Jurnalis, Medan — Polisi", "Medan - Polisi", ""),
        ("MAJALAHJURNALIS.COM, MEDAN : Polisi", "MEDAN - Polisi", ""),
        ("Medan, majalahjurnalis.com || Polisi", "Medan - Polisi", ""),
        ("Jakarta, MajalahJurnalis.com. Polisi", "Jakarta - Polisi", ""),
        ("Deli Serdang, Sumut (KABAR.id) – Polisi", "Deli Serdang, Sumut - Polisi", ""),
        ("Ia tiba. Polisi menjemputnya.", "Ia tiba. Polisi menjemputnya.", ""),
        ("Jakarta - Polisi", "Jakarta - Polisi", ""),
        ("Dia datang - lalu pergi.", "Dia datang - lalu pergi.", ""),
        ("Situs kabar.com milik warga - kata dia.", "Situs kabar.com milik warga - kata dia.", ""),
    ],
)  # fmt: skip
def test_datelines_lose_the_papers_name(text: str, wanted: str, named: str) -> None:
    assert dateline.undated(text, PAPER.names) == (wanted, named)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>Liputan6.com, Los Mochis</b> Polisi datang.", "Los Mochis - Polisi datang."),
        ("<strong>Liputan6.com, Medan -</strong> Polisi datang.", "Medan - Polisi datang."),
        ("<b>Majalah Jurnalis, Medan</b> Polisi datang.", "Medan - Polisi datang."),
        ("<b>Majalah Jurnalis</b> datang ke kantor.", "Majalah Jurnalis datang ke kantor."),
        ("<b>Kabar.com, Medan</b> tutup.", "Kabar.com, Medan tutup."),
        ("<b>Presiden</b> datang.", "Presiden datang."),
        ("<b>Majalah Jurnalis, Medan.</b>", "Majalah Jurnalis, Medan."),
        ("Polisi <b>Majalah Jurnalis</b> datang.", "Polisi Majalah Jurnalis datang."),
    ],
)
def test_a_dateline_in_bold_needs_no_dash(written: str, shown: str) -> None:
    assert story(f"<p>{written}</p><p>Warga senang.</p>").lead.split(" Warga")[0] == shown


@pytest.mark.parametrize(
    "noise",
    [
        "Baca juga: Harga beras naik lagi",
        "BACA JUGA : Harga beras",
        "ADVERTISEMENT",
        "Scroll to continue with content",
        "[Gambas:Video CNN]",
        "Simak juga video berikut",
        "Share this:",
        "Subscribe to our newsletter for more",
        "The post Rapat appeared first on Kabar.",
        "Editor: Budi Santoso",
        "3 Komentar",
        "* * *",
        "Kamis, 31 Agustus 2023 | 09:58 WIB",
        "Lesen Sie auch: Mehr dazu",
        "Tweet",
        "https://t.me/kabar",
        "p.example/berita/7#m",
        "Telegram: https://t.me/kabar VK: https://vk.com/kabar Kami: https://kabar.example/",
        "Type your email…",
        "Thanks for reading! Subscribe for free to receive new posts.",
        "Rapat was originally published in Kabar Kota on Medium, where people are reading on.",
        "* Fakta atau Hoaks? Kirim pesan ke nomor kami.",
        "Reporting by Ani Lee; Editing by Budi Smith",
        "Our Standards: The Trust Principles.",
        "Foto:",
        "There is no excerpt because this is a protected post.",
        "Het bericht Rapat verscheen eerst op Kabar.",
        "Bagikan:",
        "Dilarang keras mengambil konten untuk AI di situs ini tanpa izin tertulis.",
        "Dilarang mengutip isi berita tanpa seizin redaksi.",
        "Your browser does not support the video tag.",
        "Please enable JavaScript to view the comments.",
        "We and our partners use cookies.",
        "Terima kasih telah membaca.",
        "Jangan lupa like dan subscribe.",
        "Disclaimer: isi di luar tanggung jawab redaksi.",
        "Klik di sini untuk bergabung di saluran WhatsApp kami.",
        "Dilansir dari Antara, Senin (25/11/2026).",
    ],
)
def test_noise_never_reaches_the_lead(noise: str) -> None:
    read = story(
        f"<p>{noise}</p><p>Pemerintah membuka jembatan baru di kota itu.</p><p>{noise}</p>"
    )
    assert read.lead == read.body == "Pemerintah membuka jembatan baru di kota itu."


@pytest.mark.parametrize(
    "text",
    [
        "Pendaftaran dibuka sampai Jumat di https://p.example/daftar untuk semua warga.",
        "Ikuti jejak Budi, petani yang menanam padi di atap rumahnya selama sepuluh tahun.",
        "Klik di sini menjadi kata penipu daring yang paling sering, kata polisi pada Senin.",
        "Klik di sini adalah modus penipuan baru yang diungkap polisi pada Senin.",
        "Dilarang mengutip isi naskah itu tanpa izin keluarga, kata penerbit buku tersebut.",
        "Terima kasih telah membaca puisi saya, ujar penyair itu kepada para pelajar.",
    ],
)
def test_an_address_in_a_sentence_is_no_noise(text: str) -> None:
    assert story(f"<p>{text}</p>").lead == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Dibuka. (Baca juga: Harga beras naik) Warga senang.", "Dibuka. Warga senang."),
        ("Dibuka. Baca Juga: 5 Cara Hemat! Warga senang.", "Dibuka. Warga senang."),
        ("Dibuka. Ia baca juga: koran dan buku.", "Dibuka. Ia baca juga: koran dan buku."),
    ],
)  # fmt: skip
def test_related_articles_between_sentences_leave_the_lead(written: str, shown: str) -> None:
    assert leads.of([written]) == shown


@pytest.mark.parametrize(
    "footer",
    [
        "Het bericht Judul berita staat eerst in Majalah Jurnalis.",
        "ظهرت المقالة Judul berita أولاً على Majalah Jurnalis.",
        "投稿 Judul berita は Majalah Jurnalis に最初に表示されました。",
        "The post Judul berita appeared first on Majalah Jurnalis.",
        "Artikel Judul berita pertama kali tampil pada Majalah Jurnalis.",
    ],
)
def test_where_it_appeared_first_is_no_text_in_any_language(footer: str) -> None:
    read = story(f"<p>Pemerintah membuka jembatan di Medan […]</p><p>{footer}</p>")
    assert read.lead == "Pemerintah membuka jembatan di Medan…"
    assert footer not in read.body


def test_nothing_of_a_page_follows_an_excerpts_dots() -> None:
    assert leads.of(["Pemerintah membuka jembatan […]", "Kabar - Berita gratis"]) == (
        "Pemerintah membuka jembatan…"
    )
    assert leads.of(["Pemerintah … membuka [...]", "Lagi."]) == "Pemerintah … membuka…"


def test_sentences_without_a_space_between_them_get_one() -> None:
    assert leads.of(["Bom itu meledak di udara.Kesimpulan ini dari AS."]) == (
        "Bom itu meledak di udara. Kesimpulan ini dari AS."
    )


def test_a_tail_leaves_the_last_words_before_the_dots() -> None:
    text = "Pemerintah membuka jembatan pada hari Rabu … Continue reading Judul berita →"
    assert leads.of([text]) == "Pemerintah membuka jembatan pada hari Rabu…"


@pytest.mark.parametrize("signed", [" (Red)", " (bs/ant)", ".***", " (MJ)", " (tim redaksi)."])
def test_initials_at_the_end_go(signed: str) -> None:
    text = "Pemerintah membuka jembatan di Medan."
    assert story(f"<p>{text.rstrip('.') if signed[0] == '.' else text}{signed}</p>").lead == text


def test_abbreviations_at_the_end_stay() -> None:
    text = "Mereka diperiksa Komisi Pemberantasan Korupsi (KPK)."
    assert story(f"<p>{text}</p>").lead == text


def test_titles_and_tables_are_no_lead() -> None:
    read = story(
        "<h2>Latar</h2><table><tr><td>Nama</td><td>Budi</td></tr></table><p>Kota Medan</p>"
        "<p>Pemerintah membuka jembatan baru di kota itu pada hari Rabu.</p>"
    )
    assert read.lead == "Pemerintah membuka jembatan baru di kota itu pada hari Rabu."
    assert "Latar" in read.body


def test_a_repeated_headline_is_left_out() -> None:
    assert story("<p>Judul berita</p><p>Pemerintah membuka jembatan baru.</p>").lead == (
        "Pemerintah membuka jembatan baru."
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Budi dan Prof. Ani tiba. Mereka rapat.", 2),
        ("Harga Rp 1.500 naik. Lalu turun.", 2),
        ("The U.S. Army said so. It left.", 2),
        ("Dia bertanya, \"Mau ke mana?\" lalu pergi. Selesai.", 2),
        ("J. K. Rowling menulis. Ia menang!", 2),
        ("Beras, gula, dll. dijual di pasar. Murah?", 2),
        ("Entah... mungkin besok. Ya.", 2),
        ("政府は発表した。「新しい橋」だ！本当か？", 3),
        ("مرحبا بكم. هل انتم بخير؟ نعم.", 3),
        ("यह समाचार है। यह दूसरा है।", 2),
        ("Er kam z.B. am 3. Mai an. Dann ging er.", 2),
        ("H.M. Soeharto lahir di Kemusuk. Ia presiden.", 2),
        ("Surat a.n. Gubernur dibaca oleh Prof. Dr. H. M. Yusuf, S.H. di sana. Selesai.", 2),
        ("Harganya Rp 1.000.000,- per meter. Mahal!", 2),
        ("PT. Waskita Tbk. membangun jalan. Ia senang.", 2),
        ("Міст на вул. Хрещатик відкрито. Люди раді.", 2),
        ("อาคารใหม่เปิดแล้ว ประชาชนยินดี", 1),
        ("정부가 다리를 열었다. 시민들이 기뻐했다.", 2),
        ("\u200fقال: «نعم». ثم غادر\u200f.", 2),
        ("הוא אמר \"כן\". אחר כך הלך.", 2),
        ("“Kami senang.” Ia pergi.", 2),
        ("Ia berkata, “Kami senang,” lalu pergi.", 1),
    ],
)  # fmt: skip
def test_sentences(text: str, count: int) -> None:
    found = sentences.split(text)
    assert len(found) == count
    assert "".join(sentences.join(found).split()) == "".join(text.split())


def test_a_lead_is_whole_sentences_within_its_limits() -> None:
    text = [f"Kalimat nomor {n} menceritakan sesuatu yang penting bagi pembaca." for n in range(40)]
    lead = leads.of([" ".join(text)])
    assert 300 <= len(lead) <= 600
    assert lead.endswith("pembaca.")


def test_a_cut_text_ends_with_its_last_whole_sentence() -> None:
    whole = "Pemerintah Indonesia membuka jembatan baru di kota Medan pada hari Rabu kemarin pagi."
    assert leads.of([f"{whole} Jembatan itu panja..."]) == whole
    assert leads.of([f"{whole} Jembatan itu panja"]) == whole
    assert leads.of(["Jembatan itu panja..."]) == "Jembatan itu panja…"


def test_a_sentence_without_end_is_cut_behind_a_word() -> None:
    lead = leads.of(["kata " * 400])
    assert 500 < len(lead) <= 600
    assert lead.endswith("kata…")


@given(st.text(max_size=3000), st.integers(1, 700))
def test_cutting_keeps_the_limit(text: str, limit: int) -> None:
    assert len(leads.of([text], limit=limit)) <= limit


@given(st.lists(st.text(alphabet="ab .?!…\"'()。\n", max_size=80), max_size=8))
def test_a_lead_holds_nothing_that_the_text_does_not(paragraphs: list[str]) -> None:
    told = "".join("".join(paragraphs).split())
    lead = "".join(leads.of(paragraphs).rstrip("…").split()).rstrip(".…")
    assert lead.replace("…", "") in told.replace("...", "").replace("…", "") or lead in told


# --- whatever the text is -------------------------------------------------------------------------

SCRIPTS = {
    "latin": (["jembatan", "Étoile", "añil", "şehir", "pada", "ğul"], " ", [".", "!", "?", ".”"]),
    "arabic": (["افتتحت", "الحكومة", "الجسر", "الجديد", "في", "مدينة"], " ", [".", "؟", "!"]),
    "hindi": (["सरकार", "ने", "नए", "पुल", "का", "उद्घाटन", "किया"], " ", ["।"]),
    "chinese": (["政府", "宣布", "新橋", "開通"], "", ["。", "！", "？", "。」"]),
}  # fmt: skip
"""Words, what separates them (and sentences), what ends sentences."""
LENGTHS = st.lists(st.lists(st.integers(4, 14), min_size=1, max_size=4), min_size=1, max_size=6)
"""Of the sentences of paragraphs, in words."""


def sentence(script: str, length: int, at: int) -> str:
    words, space, ends = SCRIPTS[script]
    told = space.join(words[(at + n) % len(words)] for n in range(length))
    return told[:1].upper() + told[1:] + ends[(at + length) % len(ends)]


@pytest.mark.parametrize("script", SCRIPTS)
@given(lengths=LENGTHS)
def test_a_lead_is_the_first_whole_sentences(script: str, lengths: list[list[int]]) -> None:
    told = [[sentence(script, n, at) for at, n in enumerate(one)] for one in lengths]
    lead = leads.of([SCRIPTS[script][1].join(paragraph) for paragraph in told])
    flat = [one for paragraph in told for one in paragraph]
    starts = ["".join("".join(flat[:n]).split()) for n in range(1, len(flat) + 1)]
    assert "".join(lead.split()) in starts
    assert len(lead) <= 600
    assert len(lead) >= 300 or len(lead) >= sum(map(len, flat))


@given(st.lists(st.sampled_from(SCRIPTS["latin"][0]), max_size=300), st.integers(20, 700))
def test_a_text_without_an_end_is_cut_between_words(words: list[str], limit: int) -> None:
    lead = leads.of([" ".join(words)], limit=limit)
    assert len(lead) <= limit
    assert lead.rstrip("…").split() == words[: len(lead.split())]


@pytest.mark.parametrize(
    "word", ["ประชาชนยินดีกับสะพานใหม่ในเมืองนี้", "政府宣布新橋", "กรุงเทพ\u200bมหานคร"]
)
def test_scripts_without_spaces_stay_within_the_limit(word: str) -> None:
    lead = leads.of([word * 60])
    assert 300 <= len(lead) <= 600
    assert (word * 60).startswith(lead.rstrip("…"))
