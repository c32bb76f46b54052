"""Lines that are about the page and not about the news: related articles, shares, subscriptions.

Knows the phrases of newsrooms' systems in the languages seen; drops whole lines, never half ones.
"""

from __future__ import annotations

import re

_LONGEST = 240
"""A line longer than this tells something besides."""

_STARTS = (
    # related articles
    r"(?:baca|simak|lihat|tonton|saksikan|dengarkan)\s+(?:juga|pula|selengkapnya|lainnya|artikel)",
    r"baca\s*:", r"(?:artikel|berita|topik|konten)\s+(?:terkait|lain(?:nya)?|pilihan)\b",
    r"pilihan\s+(?:editor|redaksi)", r"(?:selengkapnya|lanjutkan membaca|halaman selanjutnya)\b",
    r"(?:also\s+read|read\s+(?:also|more|next|(?:the\s+)?(?:full|rest|entire|whole|complete)|on)|see\s+also|watch\s+(?:also|more|now|:))",
    r"(?:related|recommended|more on this|more from|you may also like|don'?t miss|up next|must read)\b.{0,60}$",
    r"continue\s+reading", r"click\s+(?:here|to)\b", r"keep\s+reading",
    r"(?:lire|voir|à lire)\s+(?:aussi|la suite)", r"à lire aussi", r"lesen\s+sie\s+(?:auch|mehr)",
    r"mehr\s+(?:zum\s+thema|dazu|lesen)", r"lea?\s+(?:tamb[ié]+n|más)", r"lee\s+tamb", r"leia\s+(?:tamb|mais)",
    r"leggi\s+(?:anche|tutto)", r"lees\s+(?:ook|meer)", r"читайте\s+также", r"читать\s+(?:далее|полностью)",
    r"zobacz\s+też", r"czytaj\s+(?:też|więcej|także)", r"ayrıca\s+oku", r"xem\s+thêm", r"اقرأ\s+أيض", r"続きを読む", r"(?:läs|les|læs|lees) (?:mer|mere|verder|meer)\b", r"(?:подробнее|детальніше|devamını oku|číst dál|全文|阅读全文|查看全文)",
    r"もっと読む", r"关联|相关(?:阅读|新闻|文章)", r"延伸閱讀|推薦閱讀|更多(?:閱讀|新聞)", r"อ่าน(?:ต่อ|เพิ่มเติม|ข่าว)",
    # shares, subscriptions, advertising
    r"(?:advertisement|advertorial|iklan|anzeige|publicité|publicidad|werbung|реклама|sponsored)\s*$",
    r"scroll\s+(?:to|untuk|down)", r"\[?gambas\s*:", r"\[(?:video|gallery|caption|embed|ad|foto|photo)\b[^\]]*\]?$",
    r"(?:share|bagikan|sebarkan|teilen|partager|compartir|condividi)\s*(?:this|ini|on|it|:|via|artikel|post|$)",
    r"(?:subscribe|sign up|berlangganan|newsletter|follow us|ikuti kami|follow)\b.{0,120}$",
    r"(?:dapatkan|ikuti|gabung|yuk|mari|cek|temukan)\b.{0,120}\b(?:berita|update|channel|telegram|whatsapp|google news|grup|info)\b",
    r"(?:join|get)\b.{0,80}\b(?:telegram|whatsapp|newsletter|inbox|channel)\b",
    r"(?:download|unduh)\b.{0,60}\b(?:app|aplikasi)\b", r"view this post on instagram", r"(?:email this|add to|digg this|stumble it)",
    r"the post .{1,160} (?:appeared first on|first appeared on)", r"this (?:post|article|story) (?:first |originally )?(?:appeared|was (?:first )?published)",
    r"(?:artikel|tulisan|berita|post) .{1,160} (?:pertama kali (?:muncul|tampil)|telah tayang)", r"(?:der beitrag|el cargo|el artículo|l'articolo|artykuł|сообщение|запись) .{1,160} (?:erschien zuerst|apareció primero|proviene da|pochodzi z serwisu|появились сначала)",
    r"listen to this (?:article|story)", r"\d+\s+(?:comments?|komentar|kommentare|commentaires)\s*$",
    r"(?:comments?|komentar|post a comment|leave a (?:comment|reply)|posting komentar|no comments)\s*:?\s*$",
    r"(?:filed under|posted (?:in|by|on)|tags?|label|kategori|categories|category)\s*:", r"(?:copyright|©|\(c\))\s.{0,120}$",
    r"all rights reserved", r"(?:loading|memuat)\b.{0,10}$", r"(?:submitted by|permalink)\b.{0,100}$", r"enclosure\s*:",
    r"(?:toggle|show|hide|print|cetak|email|whatsapp|facebook|twitter|telegram|copy link|salin)\s*$",
    # who made it: named elsewhere in the post
    r"(?:editor|penulis|reporter|redaktur|pewarta|wartawan|jurnalis|kontributor|penyunting|oleh|laporan|uploader)\s*[:：]\s*.{1,80}$",
)  # fmt: skip
_NOISE = re.compile("|".join(f"(?:{one})" for one in _STARTS), re.IGNORECASE)
_BULLETS = " \t*•·▪■◆►▶>»→|-–—_=~#+()[]"
_TAIL = re.compile(
    r"(?:(?<=[.?!…\"”»)\]])\s*|\s+)(?:[\[(]?\s*(?:read (?:more|on|the full \w+|full \w+)|continue reading|more|full story"
    r"|lire la suite|weiterlesen|(?:baca )?selengkapnya|läs mer|les mer|læs mere|lees (?:verder|meer)|leer más|leggi tutto"
    r"|leia mais|czytaj (?:dalej|więcej)|číst dál|читать далее|подробнее|devamını oku|xem thêm|阅读全文|查看全文|閱讀全文)"
    r"\b[^.?!]{0,60}?|[^.?!]{1,40}(?=\s*(?:→|»|>>|&raquo;)\s*$))\s*(?:→|»|…|\.\.\.|>>?|\))*\s*$",
    re.IGNORECASE,
)


def is_noise(line: str) -> bool:
    """Whether a paragraph is about the page. Rules and ornaments (`* * *`) are noise too."""
    bare = line.strip(_BULLETS + "\n")
    if not any(sign.isalnum() for sign in bare):
        return True
    return len(bare) <= _LONGEST and bool(_NOISE.match(bare))


def without_tail(text: str) -> str:
    """A text without the `Read more` that systems hang on it."""
    found = _TAIL.search(text[-120:])
    if not found or len(text) == len(found.group()):
        return text
    if len(found.group().split()) > 8:
        return text
    return text[: len(text) - len(found.group())].rstrip()
