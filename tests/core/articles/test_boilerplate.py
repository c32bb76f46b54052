"""Lines about the page, and sentences of the news that only begin like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles.boilerplate import is_noise
from tests.support.entries import story
from tests.support.feeds import item, parse, rss

NEXT = "Pemerintah kabupaten menyiapkan bahan bangunan untuk jembatan itu."

SENTENCES = """
Baca juga buku sejarah, pesan guru besar itu kepada mahasiswanya pada Senin.
Simak artikel ilmiahnya, kata peneliti, maka orang tahu bahaya asap.
Lihat juga anggaran daerah, ujar ketua dewan ketika menolak usul itu.
Artikel terkait korupsi itu dihapus dari laman kementerian sejak Rabu.
Berita lain yang beredar di grup warga juga tidak benar, kata polisi.
Topik pilihan presiden dalam pidatonya ialah pangan dan energi.
Konten terkait pemilu dilarang tayang di masa tenang, kata KPU.
Pilihan redaksi koran itu memicu protes dari para pembacanya.
Selengkapnya akan dijelaskan menteri di depan dewan pada Kamis.
Read on paper, the deal looks fair to both sides, analysts said.
Related bills were tabled on Monday by three parties.
Recommended doses were exceeded in half of the cases, doctors found.
More from the budget will go to schools, the minister said.
Continue reading the meters by hand, the court told the company.
Click here and there, and the fraud is done, police warned.
Scroll to the end of the contract, lawyers advise, before signing.
Share ini turun tiga persen pada penutupan perdagangan Selasa.
Share this burden, the president told the neighbours on Friday.
Bagikan artikel palsu itu dapat dihukum, kata polisi siber.
Subscribe to peace, the bishop told the crowd on Sunday.
Follow the money, the prosecutor told the jury on Monday.
Follow us into the sea, the captain shouted before the ship sank.
Ikuti kami, teriak petugas ketika api mulai membakar gedung itu.
Ikuti jejak ayahnya, ia mendirikan grup musik di Bandung.
Ikuti saran dokter, ia memberi update tentang beritanya di rumah.
Dapatkan izin dulu, kata wali kota kepada pemilik kanal itu.
Mari Elka membantah berita yang menyebut ia mundur.
Cek kesehatan gratis diikuti dua ribu warga, menurut berita daerah itu.
Gabung dengan grup pemberontak, tiga pemuda ditangkap di bandara.
Yuk Kim, ketua saluran televisi itu, mundur pada Kamis.
Get an app to pay taxes, the ministry tells its citizens.
Join the channel at dawn, ships were told by the harbour.
Unduh aplikasi bajakan merugikan negara, kata menteri.
Download speeds fell by half, an app that measures them shows.
Berita itu pertama kali muncul di sebuah blog pada tahun lalu.
Artikel yang ditulisnya telah tayang di koran sebelum ia ditangkap.
Wabah itu muncul pertama di pasar hewan pada musim hujan.
This story was first published by the party's own paper, he said.
Kategori: kata yang dipakai pemerintah untuk miskin, kini berubah makna.
Tags: that is what inmates call the bracelets that track them.
Label halal wajib dipasang mulai bulan depan, kata kepala badan itu.
Editor senior itu ditahan karena menulis tentang korupsi.
Wartawan: kami tidak akan diam atas pembunuhan rekan kami itu.
Reporting by hand is over at the border, the agency said.
Writing by candlelight, she finished her novel in a year.
Image source code was stolen from the firm, it said on Monday.
Copyright itu milik negara, kata hakim dalam putusannya.
Add to that the drought, and prices will rise, farmers say.
Posted in the square by night, the poem angered the king.
Konten ini khusus untuk anggota dewan, kata sekretariat.
Minggu malam 12 rumah terbakar di Tambora, Jakarta Barat.
Senin, 12 orang ditangkap dalam razia di tiga kecamatan.
Jumat 13 korban ditemukan di bawah reruntuhan gedung itu.
18 November 2026 menjadi hari yang tidak akan dilupakan warga.
Iklan rokok dilarang mulai tahun depan di semua media.
Home is where the heart is, the mayor told refugees.
Komentar presiden itu menuai kritik dari negara tetangga.
Loading of the ship took three days, the harbour said.
Foto itu direkam warga dengan telepon genggam pada Senin.
อ่านต่อ เป็นชื่อร้านหนังสือเล็กๆ ในเชียงใหม่ที่เปิดมา 20 ปี และกำลังจะปิดตัวลงสิ้นเดือนนี้
Simak update harga emas di Pegadaian, yang turun Rp5.000 pada Senin pagi.
"""


@pytest.mark.parametrize("sentence", SENTENCES.strip().splitlines())
def test_news_begins_with_the_same_words(sentence: str) -> None:
    assert story(f"<p>{sentence}</p><p>{NEXT}</p>").lead.startswith(sentence)
    assert story("", summary=f"{sentence} {NEXT}").lead.startswith(sentence)


def test_a_day_and_the_papers_name_begin_a_sentence() -> None:
    told = "Kamis (26/11/2026), Tegal, Suara Pantura - Warga memperbaiki jembatan itu."
    assert not is_noise(told, names=["suarapantura"])


@pytest.mark.parametrize("sentence", SENTENCES.strip().splitlines())
def test_a_sentence_that_was_cut_is_one(sentence: str) -> None:
    cut = sentence[: len(sentence) * 2 // 3].rpartition(" ")[0].rstrip(",:")
    assert story("", summary=f"{cut} [&#8230;]").lead == f"{cut}…"


PROMISES = [
    "<p><a href='/9'>Baca juga harga beras naik lagi di pasar induk.</a></p>",
    "<p>Baca juga: <a href='/9'>Harga beras naik lagi.</a></p>",
    "<p>BACA JUGA : Harga beras naik lagi.</p>",
    "<p>Simak juga harga beras naik lagi jelang Lebaran</p>",
    "<p>Berita terkait</p>",
    "<p>Artikel terkait:</p>",
    "<p>Selengkapnya</p>",
    "<p><a href='/1'>Selengkapnya baca di sini.</a></p>",
    "<p>Ikuti Majalah Jurnalis di mana pun Anda berada.</p>",
    "<p>Dapatkan berita dari Majalahjurnalis setiap hari.</p>",
    "<p>Dapatkan update berita pilihan setiap hari di kanal WhatsApp kami.</p>",
    "<p>Yuk gabung di grup Telegram untuk berita terbaru dan lainnya!</p>",
    "<p>Ikuti kami di Google News untuk berita terkini.</p>",
    "<p>Unduh aplikasi Majalah Jurnalis.</p>",
    "<p>Follow us on Facebook for the latest.</p>",
    "<p>Join our WhatsApp channel for free daily news.</p>",
    "<p>Subscribe to our newsletter</p>",
    "<p>Tags: banjir, jembatan, Medan</p>",
    "<p>Editor: Budi S.</p>",
    "<p>Rabu, 18 November 2026 | 14:30 WIB</p>",
    "<p>18/11/2026 14.30</p>",
    "<p>Wednesday, November 18, 2026</p>",
    "<p>Selasa, 17 November 2026 Harga beras naik lagi</p>",
    "<p>© 2026 Majalah Jurnalis. All rights reserved.</p>",
    "<p>Artikel ini telah tayang di Majalah Jurnalis.</p>",
    "<p>Este artículo fue publicado <a href='/9'>originalmente en El País de México</a>.</p>",
    "<p>Dieser Artikel erschien zuerst in Majalah Jurnalis.</p>",
    "<p>Simak berita pilihan kami di ponselmu lewat saluran WhatsApp Majalah Jurnalis.</p>",
    "<p><a href='/9'>อ่านเพิ่มเติม: ราคาข้าว</a></p>",
]


@pytest.mark.parametrize("markup", PROMISES)
def test_two_witnesses_are_enough(markup: str) -> None:
    read = story(f"{markup}<p>Warga memperbaiki jembatan gantung itu.</p><p>{NEXT}</p>")
    assert read.lead == f"Warga memperbaiki jembatan gantung itu. {NEXT}"


def test_what_stands_twice_in_an_article_or_in_two_is_none_of_it() -> None:
    call = "Ikuti kami di lapangan itu, kata panitia."
    told = "Warga memperbaiki jembatan gantung itu."
    assert story(f"<p>{call}</p><p>{told}</p><p>{call}</p>").lead == told
    alone = story(f"<p>{call}</p><p>{told}</p>")
    assert alone.lead == f"{call} {told}"
    texts = (
        f"&lt;p&gt;{call}&lt;/p&gt;&lt;p&gt;Isi ke-{n} tentang jembatan.&lt;/p&gt;" for n in (0, 1)
    )
    entries = (item(n, extra=f"<description>{text}</description>") for n, text in enumerate(texts))
    assert [one.lead for one in parse(rss("".join(entries))).stories] == [
        "Isi ke-0 tentang jembatan.",
        "Isi ke-1 tentang jembatan.",
    ]


def test_it_closes_an_article() -> None:
    text = "".join(f"<p>Kalimat ke-{n} tentang jembatan itu.</p>" for n in range(4))
    read = story(f"{text}<p>Berita itu pertama kali muncul di koran Jepang.</p>")
    assert "Jepang" not in read.body


@pytest.mark.parametrize("share", [6, 5, 4, 3])
@pytest.mark.parametrize("first", [False, True])
def test_a_standing_line_is_none_of_an_article_however_many_have_it(
    share: int, first: bool
) -> None:
    line = "&lt;p&gt;Kabar Kota menulis dari sudut yang lain, hari demi hari.&lt;/p&gt;"
    if first and share < 4:
        return
    entries = []
    for n in range(10):
        text = f"&lt;p&gt;Berita ke-{n} tentang jembatan di kota.&lt;/p&gt;"
        told = (line + text if first else text + line) if n < share else text
        entries.append(item(n, extra=f"<description>{told}</description>"))
    leads = {one.lead for one in parse(rss("".join(entries))).stories}
    assert leads == {f"Berita ke-{n} tentang jembatan di kota." for n in range(10)}


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_every_line_has_an_answer(line: str, names: list[str]) -> None:
    assert is_noise(line, names=names, links=names) in {True, False}
