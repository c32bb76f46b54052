"""Lines that are about the page and not about the news: related articles, shares, subscriptions.

Knows the phrases of newsrooms' systems in the languages seen; drops whole lines, never half ones.
"""

from __future__ import annotations

import re

_LONGEST = 240
"""A line longer than this tells something besides."""

_RELATED = (
    r"(?:baca|simak|lihat|tonton|saksikan|dengarkan) (?:juga|pula|selengkapnya|lainnya|artikel)",
    r"baca ?[:：]",
    r"(?:artikel|berita|topik|konten) (?:terkait|lain(?:nya)?|pilihan)\b",
    r"pilihan (?:editor|redaksi)",
    r"(?:selengkapnya|lanjutkan membaca|halaman selanjutnya)\b",
    r"also read",
    r"read (?:also|more|next|(?:the )?(?:full|rest|entire|whole|complete)|on\b)",
    r"(?:see also|watch (?:also|more|now|:))",
    r"(?:related|recommended|more on this|more from|you may also like|up next|must read)\b.{0,60}$",
    r"(?:continue|keep) reading",
    r"view full coverage",
    r"click (?:here|to)\b",
    r"(?:lire|voir|à lire) (?:aussi|la suite)",
    r"lesen sie (?:auch|mehr)",
    r"mehr (?:zum thema|dazu|lesen)",
    r"(?:lea|lee|leer|leia|leggi) (?:tamb|más|mais|anche|tutto)",
    r"(?:läs|les|læs|lees) (?:mer|mere|ook|meer|verder)\b",
    r"(?:читайте также|читать (?:далее|полностью)|подробнее|детальніше)",
    r"(?:zobacz też|czytaj (?:też|więcej|także|dalej)|číst dál|ayrıca oku|devamını oku|xem thêm)",
    r"(?:اقرأ أيض|続きを読む|もっと読む|延伸閱讀|推薦閱讀|关联|全文|阅读全文|查看全文)",
    r"(?:相关(?:阅读|新闻|文章)|更多(?:閱讀|新聞)|อ่าน(?:ต่อ|เพิ่มเติม|ข่าว))",
)
_PAYING = (
    r"become an? (?:\w+ )?(?:subscriber|member) (?:to|and|today|for)\b.{0,200}$",
    r"already an? (?:\w+ )?(?:subscriber|member) ?\?",
    r"(?:log|sign) in (?:to|or|with)\b.{0,120}$",
    r"this (?:article|story|content) is .{0,30}\b(?:subscribers?|members?)(?: only)?\.?$",
    r"(?:sudah|anda) (?:berlangganan|punya akun|menjadi pelanggan) ?\?",
    r"(?:artikel|konten|berita) ini (?:khusus|hanya) (?:untuk |bagi )?(?:pelanggan|anggota)\b",
    r"(?:silakan|untuk membaca .{0,60}) (?:berlangganan|login|masuk log)\b.{0,100}$",
)
_BUTTONS = (
    r"(?:toggle|show|hide|print|cetak|email|whatsapp|facebook|twitter|telegram|salin|copy link"
    r"|tweet|pin it|like|reddit|linkedin|pocket|messenger|line|pinterest|suka|kirim)$"
)
_SELLING = (
    r"(?:advertisement|advertorial|iklan|anzeige|publicité|publicidad|werbung|реклама|sponsored)$",
    r"scroll (?:to|untuk|down)",
    r"\[?gambas ?:",
    r"\[(?:video|gallery|caption|embed|ad|foto|photo)\b[^\]]*\]?$",
    r"(?:share|bagikan|sebarkan|teilen|partager|compartir) ?(?:this|ini|on|it|:|via|artikel|$)",
    r"(?:subscribe|sign up|berlangganan|newsletter|follow us|ikuti kami|follow)\b.{0,120}$",
    r"(?:dapatkan|ikuti|gabung|yuk|mari|cek)\b.{0,120}\b(?:berita|update|channel|telegram|whatsapp)\b",
    r"(?:join|get)\b.{0,80}\b(?:telegram|whatsapp|newsletter|inbox|channel)\b",
    r"(?:download|unduh)\b.{0,60}\b(?:app|aplikasi)\b",
    r"view this post on instagram",
    r"type your email|thanks for reading\b.{0,160}\b(?:subscribe|share)",
    r"fakta atau hoaks\?",
    r"(?:email this|add to|digg this|stumble it|listen to this (?:article|story))",
    _BUTTONS,
)
_DAY = (
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday) ?,? ?(?:\d{1,2}[ /]|[a-z]+ \d).{0,45}$"
)
_FIRST = (
    r".{1,200} (?:verscheen eerst op|est apparu en premier|se publicó primero|apareceu primeiro"
    r"|sembra essere il primo|dök först upp|dukket først opp|blev først udgivet|pochází z"
    r"|ilk önce .{1,80} üzerinde|apare prima dată|xuất hiện đầu tiên|muncul pertama"
    r"|вперше з.?явивс?)\b"
)
"""Where it appeared first: WordPress's footers."""
_HOUSEKEEPING = (
    _DAY,
    r"(?:home|beranda) ?[>/»|].{0,100}$",
    r"the post .{1,160} (?:appeared first on|first appeared on)",
    r"there is no excerpt because this is a protected post",
    r"(?:мы в соц|follow us on|ikuti (?:kami|media sosial)|find us on|connect with us)\b.{0,120}$",
    r"this (?:post|article|story) (?:first |originally )?(?:appeared|was (?:first )?published)",
    r"(?:artikel|tulisan|berita|post) .{1,160} (?:pertama kali (?:muncul|tampil)|telah tayang)",
    r".{1,200} (?:erschien zuerst|apareció primero|proviene da|pochodzi z|появились сначала)",
    _FIRST,
    r".{1,160} was originally published in .{1,80} on medium\b",
    r"(?:additional )?(?:reporting|writing|editing) by .{1,200}$",
    r"our standards ?:",
    r"(?:foto|photo|image|gambar|picture|tags?|author|penulis|tanggal|date) ?[:：]$",
    r"(?:sumber|source) ?[:：] ?(?:ist(?:imewa)?|internet|google)\b.{0,20}$",
    r"\d+ (?:comments?|komentar|kommentare|commentaires)$",
    r"(?:comments?|komentar|post a comment|leave a (?:comment|reply)|posting komentar) ?:?$",
    r"no comments$",
    r"(?:filed under|posted (?:in|by|on)|tags?|label|kategori|categories|category) ?:",
    r"(?:copyright|©|\(c\)) .{0,120}$",
    r"all rights reserved",
    r"(?:media|image) (?:caption|copyright|source)\b.{0,120}$",
    r"(?:loading|memuat)\b.{0,10}$",
    r"(?:submitted by|permalink)\b.{0,100}$",
    r"enclosure ?:",
    r"(?:editor|redaktur|pewarta|wartawan|jurnalis|kontributor|penyunting|uploader) ?[:：].{1,80}$",
)
_NOISE = re.compile("|".join((*_RELATED, *_SELLING, *_PAYING, *_HOUSEKEEPING)), re.IGNORECASE)
_ORNAMENTS = " \t*•·▪■◆►▶>»→|-–—_=~#+()[]\n"

_MORE = (
    r"read (?:more|on|(?:the )?full \w+)|continue reading|more|full story|lire la suite"
    r"|(?:baca )?selengkapnya|weiterlesen|läs mer|les mer|læs mere|lees (?:verder|meer)|leer más"
    r"|leggi tutto|leia mais|czytaj (?:dalej|więcej)|číst dál|читать далее|подробнее|devamını oku"
    r"|xem thêm|阅读全文|查看全文|閱讀全文"
)
_ARROW = r"(?:→|»|>>?|›|…|\.\.\.)"
_TAIL = re.compile(
    rf"(?:(?<=[.?!…\"”»)\]])\s*|\s+)"
    rf"(?:[\[(]?\s*(?:{_MORE})\b[^.?!…]{{0,60}}?|[^.?!…]{{1,40}}(?=\s*(?:→|»|>>)\s*$))"
    rf"\s*(?:{_ARROW}|\))*\s*$",
    re.IGNORECASE,
)
_TAIL_WORDS = 8
_LINK = re.compile(r"https?://|www\.|(?:[\w-]+\.)+[a-z]{2,10}/\S", re.IGNORECASE)
_INSIDE = re.compile(
    r"\s*[\[(](?:baca|simak|lihat|read|also read) ?(?:juga|pula|also)?\s*[:：][^()\[\]]{1,200}[\])]"
    r"|(?:(?<=[.!?”\"])\s+|^)(?:baca|simak|lihat) (?:juga|pula)\s*[:：][^.!?\n]{1,160}[.!?]"
    r"(?=\s|$)",
    re.IGNORECASE,
)
_FINAL = (".", "!", "?", "。", "”", '"')


def is_noise(line: str) -> bool:
    """Whether a paragraph is about the page. Rules and ornaments (`* * *`) are noise too."""
    bare = " ".join(line.strip(_ORNAMENTS).split())
    if not any(char.isalnum() for char in bare):
        return True
    return len(bare) <= _LONGEST and bool(_NOISE.match(bare))


def is_links(text: str) -> bool:
    """Whether a paragraph is only addresses and their names (`Telegram: https://t.me/x`)."""
    if "/" not in text and "www." not in text:
        return False
    words = text.split()
    others = [word for word in words if not _LINK.match(word)]
    links = len(words) - len(others)
    few = len(others) <= (2 if links == 1 else 3 * links)
    return links > 0 and few and sum(map(len, others)) <= 30 * links


def without_links(text: str) -> str:
    """A paragraph without the related articles that somebody put between its sentences."""
    return _INSIDE.sub("", text) if ":" in text or "：" in text else text


def without_tail(text: str) -> str:
    """A text without the `Read more »` that systems hang on it."""
    if text.endswith(_FINAL) and not text.endswith("..."):
        return text
    found = _TAIL.search(text[-120:])
    if not found or len(found.group().split()) > _TAIL_WORDS:
        return text
    left = text[: len(text) - len(found.group())].rstrip()
    return text if not left or left.count("(") > left.count(")") else left
