"""Lines that are about the page and not about the news: related articles, shares, subscriptions.

Knows the phrases of newsrooms' systems in the languages seen; drops whole lines, never half ones. A
phrase at the start of a line is only a first clue, since news begins with the same words (`Berita
terkait penutupan pasar dibantah ...`). A second clue is needed: the phrase stands alone or before a
colon, or the line is not a sentence, is a link, names the paper, asks to follow a channel, or
occurs more than once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.core.text import holds_any, one_spaced

_LONGEST = 240
"""A longer line has something else to say."""
_TITLE = 110
"""The longest line without a full stop that may be another article's headline rather than a cut-off
sentence."""

_RELATED = (
    r"(?:baca|simak|lihat|tonton|saksikan|dengarkan) (?:juga|pula|selengkapnya|lainnya|artikel)",
    r"(?:artikel|berita|topik|konten) (?:terkait|lain(?:nya)?|pilihan)\b",
    r"pilihan (?:editor|redaksi)",
    r"(?:selengkapnya|lanjutkan membaca|halaman selanjutnya)\b",
    r"also read",
    r"read (?:also|more|next|(?:the )?(?:full|rest|entire|whole|complete)|on\b)",
    r"(?:see also|watch (?:also|more|now|:))",
    r"(?:related|recommended|more on this|more from|you may also like|up next|must read)\b",
    r"(?:continue|keep) reading",
    r"view full coverage",
    r"click (?:here|to)\b",
    r"(?:lire|voir|à lire) (?:aussi|la suite)",
    r"lesen sie (?:auch|mehr)",
    r"mehr (?:zum thema|dazu|lesen)",
    r"(?:lea|lee|leer|leia|leggi) (?:tamb|más|mais|anche|tutto)\w*",
    r"(?:läs|les|læs|lees) (?:mer|mere|ook|meer|verder)\b",
    r"(?:читайте также|читать (?:далее|полностью)|подробнее|детальніше)",
    r"(?:zobacz też|czytaj (?:też|więcej|także|dalej)|číst dál|ayrıca oku|devamını oku|xem thêm)",
    r"(?:اقرأ أيضا?ً?|続きを読む|もっと読む|延伸閱讀|推薦閱讀|关联|全文|阅读全文|查看全文)",
    r"(?:相关(?:阅读|新闻|文章)|更多(?:閱讀|新聞)|อ่าน(?:ต่อ|เพิ่มเติม|ข่าว))",
)
_PLACES = (
    r"channel|kanal|saluran|grup|telegram|whatsapp|google news|instagram|facebook|twitter|tiktok"
    r"|youtube|newsletter|inbox|aplikasi|app|notifikasi"
)
"""Places where newsrooms ask to be followed."""
_CALLS = (
    r"scroll (?:to|untuk|down)",
    r"(?:share|bagikan|sebarkan|teilen|partager|compartir)(?: (?:this|ini|on|it|via|artikel)\b|$)",
    r"(?:subscribe|sign up|berlangganan|newsletter|follow us|ikuti (?:kami|media sosial)|follow)\b",
    rf"(?:dapatkan|ikuti|gabung|yuk|mari|cek|temukan|simak)\b.{{0,120}}\b(?:berita|update|{_PLACES})\b",
    rf"(?:jangan lupa|join|get)\b.{{0,80}}\b(?:{_PLACES})\b",
    r"(?:download|unduh)\b.{0,60}\b(?:app|aplikasi)\b",
    r"(?:мы в соц|find us on|connect with us)",
)
_ORIGINS = (
    r"est[ea] (?:artículo|texto|reportaje|nota) (?:fue|se) public(?:ad[oa]|ó)",
    r"este (?:artigo|texto) foi (?:originalmente )?publicado",
    r"diese[rs]? (?:artikel|beitrag|text) (?:erschien|ist zuerst|wurde (?:zuerst|ursprünglich))",
    r"cet (?:article|entretien) (?:a (?:d['’]abord )?été|est) (?:initialement )?(?:publié|paru)",
    r"questo articolo è (?:stato (?:originariamente )?pubblicato|apparso)",
    r"dit artikel (?:verscheen (?:eerder|eerst)|is (?:eerder|oorspronkelijk))",
    r"(?:эта статья|этот материал) (?:была? )?(?:впервые )?опубликован",
    r"bài viết (?:này )?(?:được|đã) đăng",
    r"this (?:post|article|story) (?:first |originally )?(?:appeared|was (?:first )?published)",
    r"(?:artikel|tulisan|berita|post) .{1,160} (?:pertama kali (?:muncul|tampil)|telah tayang)",
)
"""Says where the article first appeared."""
_FOOTER_WORDS = (
    r"erschien zuerst|apareció primero|proviene da|pochodzi z|появились сначала"
    r"|(?:verscheen eerst op|est apparu en premier|se publicó primero|apareceu primeiro"
    r"|sembra essere il primo|dök först upp|dukket først opp|blev først udgivet|pochází z"
    r"|ilk önce .{1,80} üzerinde|apare prima dată|xuất hiện đầu tiên|muncul pertama"
    r"|вперше з.?явивс?)\b"
)
_FOOTER = re.compile(rf" (?:{_FOOTER_WORDS})", re.IGNORECASE)
"""The same in WordPress's footers, after the headline. Searched separately from what begins a line,
since few lines have any of its words."""
_IN_FOOTERS = (
    "zuerst", "primer", "proviene da", "pochod", "pochází", "сначала", "eerst op", "premier",
    "primeiro", "il primo", "först", "først", "udgivet", "ilk önce", "prima dat", "đầu tiên",
    "muncul pertama", "вперше",
)  # fmt: skip
_LABELS = (
    r"(?:filed under|posted (?:in|by|on)|tags?|label|kategori|categories|category)",
    r"(?:editor|redaktur|pewarta|wartawan|jurnalis|kontributor|penyunting|uploader)",
    r"(?:additional )?(?:reporting|writing|editing) by",
    r"(?:media|image) (?:caption|copyright|source)\b",
    r"(?:artikel|konten|berita) ini (?:khusus|hanya) (?:untuk |bagi )?(?:pelanggan|anggota)\b",
    r"(?:submitted by|permalink)\b",
    r"copyright\b",
    r"(?:email this|add to|digg this|stumble it|listen to this (?:article|story))",
)
_DAY = (
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)"
)
_MOMENT = (
    rf"(?:{_DAY} ?[,|-]? ?)?\(?\d{{1,2}}(?:[ /.-](?:[a-z]{{3,9}}|\d{{1,2}})[ /.-]\d{{2,4}})\)?"
    r"(?: ?[,|•·–-]? ?(?:(?:pukul|jam|at) )?\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?: ?(?:wi(?:b|ta|t)"
    r"|[ap]\.?m\.?|gmt|utc)(?:[+-]\d+)?)?)?"
    rf"|{_DAY},? [a-z]+ \d{{1,2}},? \d{{4}}(?: ?[,|-]? ?(?:at )?\d{{1,2}}:\d{{2}} ?(?:[ap]m)?)?"
)
_PHRASES = (*_RELATED, *_CALLS, *_ORIGINS, *_LABELS, _MOMENT)
_PHRASE = re.compile(rf"^(?:{'|'.join(_PHRASES)})", re.IGNORECASE)
_CALL = re.compile(rf"^(?:{'|'.join(_CALLS)})", re.IGNORECASE)
_LABEL = re.compile(rf"^(?:{'|'.join(_LABELS)})", re.IGNORECASE)
_DATED = re.compile(rf"^(?:{_MOMENT})", re.IGNORECASE)

_TOLD_BY_NOBODY = r"(?! .{0,240}\b(?:kata|ujar|tutur|ucap|ungkap|jelas|tegas|menurut|said|says)\b)"
"""Such words occur in news too, when somebody is quoted as saying them. Placed after the first word
because few lines begin with that."""
_FORBIDDEN = (
    rf"dilarang{_TOLD_BY_NOBODY} (?:keras )?(?:meng(?:ambil|utip|kopi)|menyalin|memperbanyak|copy"
    r"|menyebarluaskan)\b.{0,120}\b(?:konten|isi|berita|artikel|situs)\b.{0,80}"
    r"\btanpa (?:se)?(?:izin|ijin|persetujuan)\b.{0,60}"
)
"""What a site says about the use of its texts."""
_CLICK = (
    rf"klik{_TOLD_BY_NOBODY} (?:di ?sini|tautan ini|link (?:ini|berikut))"
    r"(?: (?:untuk|guna|agar|jika|dan)\b.{0,100})?!?"
)
_WHOLE = (
    r"(?:baca|simak) ?[:：].{1,200}",
    r"(?:advertisement|advertorial|iklan|anzeige|publicité|publicidad|werbung|реклама|sponsored)",
    r"(?:toggle|show|hide|print|cetak|email|salin|copy link|suka|kirim|bagikan|share) ?[:：]?",
    _FORBIDDEN,
    r"your browser (?:does not|doesn['’]t|can(?:not|['’]t)) (?:support|play|display)\b.{0,120}",
    r"(?:please )?enable (?:javascript|cookies)\b.{0,120}",
    r"(?:this site|we)(?: and our partners)? uses? cookies.{0,160}",
    rf"terima kasih{_TOLD_BY_NOBODY} (?:telah|sudah) (?:membaca|berkunjung|menyimak)\b.{{0,60}}",
    rf"jangan lupa{_TOLD_BY_NOBODY} (?:untuk )?(?:like|subscribe|share|follow|komen)\b.{{0,80}}",
    r"disclaimer ?[:：].{0,200}",
    _CLICK,
    r"(?:whatsapp|facebook|twitter|telegram|tweet|pin it|like|reddit|linkedin|pocket|messenger)",
    r"(?:pinterest|line)",
    r"\[?gambas ?:.{0,120}",
    r"\[(?:video|gallery|caption|embed|ad|foto|photo)\b[^\]]*\]?",
    r"scroll (?:to|untuk) (?:continue|read|melanjutkan|membaca)\b.{0,80}",
    r"view this post on instagram.{0,120}",
    r"get (?:breaking )?(?:news )?alerts\b.{0,160}",
    r"type your email.{0,20}|thanks for reading\b.{0,160}\b(?:subscribe|share).{0,120}",
    r"fakta atau hoaks\?.{0,160}",
    _MOMENT,
    r"(?:home|beranda) ?[>/»|].{0,100}",
    r"the post .{1,160} (?:appeared first on|first appeared on).{1,100}",
    r"there is no excerpt because this is a protected post.{0,3}",
    r"our standards ?:.{0,60}",
    r"(?:foto|photo|image|gambar|picture|tags?|author|penulis|tanggal|date) ?[:：]",
    r"(?:sumber|source) ?[:：] ?(?:ist(?:imewa)?|internet|google)\b.{0,20}",
    r"\d+ (?:comments?|komentar|kommentare|commentaires)",
    r"(?:comments?|komentar|post a comment|leave a (?:comment|reply)|posting komentar) ?:?",
    r"no comments",
    r"(?:©|copyright ©|c\)(?= ?(?:copyright|\d{4}))).{0,120}",
    r"(?:loading|memuat)(?: ?\.{2,3}| ?…)?",
    r"enclosure ?:.{0,160}",
    r"become an? (?:\w+ )?(?:subscriber|member) (?:to|and|today|for)\b.{0,200}",
    r"already an? (?:\w+ )?(?:subscriber|member) ?\?.{0,60}",
    r"(?:log|sign) in (?:to|or|with)\b.{0,120}",
    r"this (?:article|story|content) is .{0,30}\b(?:subscribers?|members?)(?: only)?\.?",
    r"(?:sudah|anda) (?:berlangganan|punya akun|menjadi pelanggan) ?\?.{0,60}",
    r"(?:silakan|untuk membaca .{0,60}) (?:berlangganan|login|masuk log)\b.{0,100}",
)
_WHOLE_ENDS = (
    r".{1,160} was originally published in .{1,80} on medium\b.{0,120}",
    r"(?:.{0,80} )?all rights reserved.{0,40}",
)
_NOISE = re.compile(rf"^(?:{'|'.join(_WHOLE)})[\s.…]*+$", re.IGNORECASE)
"""Whole lines that could be nothing else."""
_NOISE_AT_END = re.compile(rf"^(?:{'|'.join(_WHOLE_ENDS)})[\s.…]*+$", re.IGNORECASE)
_MAY_END_AS_NOISE = ("published in", "rights reserved")
_STANDS_ALONE = re.compile(r"^(?:[\s.…!]*+$|\s*+[:：»→>])")
_ENDED = re.compile(r"[.!?…。！？؟।။។](?:[\"'”’»)\]]|\s)*$")
_NO_STOPS = re.compile("[\u0e01-\u0eff]")
"""Of scripts that end sentences with nothing (Thai, Lao)."""
_TITLE_WITHOUT_STOPS = 40
_VERB = re.compile(
    r"(?:ikuti|dapatkan|kunjungi|dukung|unduh|follow|support|visit|download)\b", re.IGNORECASE
)
"""Calls to action, if the paper's name follows."""
_CHANNEL = re.compile(rf"\b(?:{_PLACES})\b", re.IGNORECASE)
_FRESH = re.compile(
    r"\b(?:terbaru|terkini|update|breaking news|setiap (?:hari|pagi)|pilihan|lainnya|gratis|latest"
    r"|daily|free|menarik lainnya|for more)\b",
    re.IGNORECASE,
)
_ORNAMENTS = " \t*•·▪■◆►▶>»→|-–—_=~#+()[]\n"

_MORE = (
    r"read (?:more|on|(?:the )?full \w+)|continue reading|more|full story|lire la suite"
    r"|(?:baca )?selengkapnya|weiterlesen|läs mer|les mer|læs mere|lees (?:verder|meer)|leer más"
    r"|leggi tutto|leia mais|czytaj (?:dalej|więcej)|číst dál|читать далее|подробнее|devamını oku"
    r"|xem thêm|阅读全文|查看全文|閱讀全文"
)
_END = 120
"""It is looked for in the last so many characters of a text."""
_ARROW = r"(?:→|»|>>?|›|…|\.\.\.)"
_TAIL = re.compile(
    rf"(?:(?<=[.?!…\"”»)\]])|(?<!\s)(?=\s))(?=[\s\S]{{0,{_END}}}+\Z)\s*+"
    rf"(?:[\[(]?\s*+(?:{_MORE})\b[^.?!…]{{0,60}}?|[^.?!…]{{1,40}}(?=\s*(?:→|»|>>)\s*$))"
    rf"\s*(?:{_ARROW}|\))*+\s*$",
    re.IGNORECASE,
)
_TAIL_WORDS = 8
_IN_TAILS = (
    "more", "read on", "read full", "read the full", "continue reading", "full story", "la suite",
    "selengkapnya", "weiterlesen", "s mer", "lees ", "leer m", "leggi", "leia", "czytaj", "číst",
    "читать", "подробнее", "devam", "xem th", "全文", "→", "»", ">>",
)  # fmt: skip
_LINK = re.compile(
    r"https?://|www\.|(?<![\w-])(?<![\w-]\.)(?:[\w-]++\.)++[a-z]{2,10}/\S", re.IGNORECASE
)
_MAY_LINK = re.compile(r"/|^www\.", re.IGNORECASE)
_INSIDE = re.compile(
    r"(?<!\s)\s*+[\[(](?:baca|simak|lihat|read|also read) ?(?:juga|pula|also)?\s*[:：]"
    r"[^()\[\]]{1,200}[\])]"
    r"|(?:(?<=[.!?”\"])\s++|^)(?:baca|simak|lihat) (?:juga|pula)\s*[:：][^.!?\n]{1,160}[.!?]"
    r"(?=\s|$)",
    re.IGNORECASE,
)
_IN_INSIDE = ("baca", "simak", "lihat", "read")
_LETTERS = re.compile(r"[\W_]+")
_SHORT = 3
_LABEL_WORDS = 6
_FINAL = (".", "!", "?", "。", "”", '"')


def is_noise(
    line: str,
    *,
    links: Sequence[str] = (),
    names: Sequence[str] = (),
    again: Collection[str] = (),
    last: bool = False,
) -> bool:
    """Whether a line is about the page. Rules and ornaments (`* * *`) are noise too.

    The clues: `links`, the texts of the links in it; `names`, the paper's; `again`, lines that
    occur more than once; `last`, whether it closes the article.
    """
    bare = one_spaced(line.strip(_ORNAMENTS))
    if not (bare[:1].isalnum() or any(char.isalnum() for char in bare)):
        return True
    if len(bare) > _LONGEST:
        return False
    low = bare.lower()
    if _NOISE.match(bare) or (holds_any(low, _MAY_END_AS_NOISE) and _NOISE_AT_END.match(bare)):
        return True
    found = _PHRASE.match(bare)
    if not found and holds_any(low, _IN_FOOTERS):
        found = _FOOTER.search(bare, 1)
    if not found:
        return bool(_VERB.match(bare)) and _is_call(bare, names)
    sentence = bool(_ENDED.search(bare)) and len(bare.split()) > _LABEL_WORDS
    if _STANDS_ALONE.match(bare[found.end() :]) and not (sentence and _LABEL.match(bare)):
        return True
    title = _TITLE_WITHOUT_STOPS if _NO_STOPS.search(bare) else _TITLE
    unended = not _ENDED.search(bare) and len(bare) <= title
    linked = sum(len(link) for link in links if link in line) * 2 >= len(bare)
    said = last or line in again or bool(_LINK.search(bare))
    dated = sentence and bool(_DATED.match(bare))
    return unended or linked or said or (not dated and _is_call(bare, names))


def _is_call(line: str, names: Sequence[str]) -> bool:
    """Whether a line that begins like a call names the paper, or a channel and what is new there;
    one that begins like a footer has to name the paper."""
    plain = _LETTERS.sub("", line.casefold())
    if any(len(name) > _SHORT and name in plain for name in names):
        return True
    return bool(_CALL.match(line) and _CHANNEL.search(line) and _FRESH.search(line))


def is_links(text: str) -> bool:
    """Whether a paragraph consists only of addresses and their labels (`Telegram:
    https://t.me/x`)."""
    if "/" not in text and "www." not in text:
        return False
    words = text.split()
    others = [word for word in words if not (_MAY_LINK.search(word) and _LINK.match(word))]
    links = len(words) - len(others)
    few = len(others) <= (2 if links == 1 else 3 * links)
    return links > 0 and few and sum(map(len, others)) <= 30 * links


def without_links(text: str) -> str:
    """A paragraph without the related articles inserted between its sentences."""
    if ":" not in text and "：" not in text:
        return text
    return _INSIDE.sub("", text) if holds_any(text.lower(), _IN_INSIDE) else text


def without_tail(text: str) -> str:
    """A text without the `Read more »` that publishing systems append."""
    if text.endswith(_FINAL) and not text.endswith("..."):
        return text
    end = text[-_END:]
    found = _TAIL.search(end) if holds_any(end.lower(), _IN_TAILS) else None
    if not found or len(found.group().split()) > _TAIL_WORDS:
        return text
    left = text[: len(text) - len(found.group())].rstrip()
    return text if not left or left.count("(") > left.count(")") else left
