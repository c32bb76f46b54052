"""Months and days of the week by their names, as newsrooms of the world write and shorten them."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

_NAMES = """
jan januari january janvier enero gennaio januar janeiro jänner ocak січня января ม.ค. มกราคม ιαν
    ιανουαρίου يناير stycznia ledna január januára ianuarie siječnja januara януари gener ינואר
    जनवरी জানুয়ারি جانفي كانون-الثاني
    जानेवारी ஜனவரி జనవరి ജനുവരി ජනවාරි جنوری
feb februari february février fevrier febrero pebruari februar fevereiro şubat лютого февраля ก.พ.
    กุมภาพันธ์ φεβ φεβρουαρίου فبراير lutego února peb pebruary február februára februarie veljače
    februara февруари febrer pebrero פברואר फरवरी ফেব্রুয়ারি
    شباط فيفري फेब्रुवारी பிப்ரவரி ఫిబ్రవరి ഫെബ്രുവരി පෙබරවාරි فروری
mar mär mrz maret march mars marzo märz maart março mart березня марта มี.ค. มีนาคม μαρ μαρτίου مارس
    marca března mrt mac március martie ožujka març marso март מרץ मार्च মার্চ آذار
    மார்ச் మార్చి മാർച്ച് මාර්තු مارچ
apr april avril abril aprile nisan квітня апреля เม.ย. เมษายน απρ απριλίου أبريل kwietnia dubna
    április apríla aprilie travnja aprila април אפריל अप्रैल এপ্রিল
    نيسان أفريل एप्रिल ஏப்ரல் ఏప్రిల్ ഏപ്രിൽ අප්‍රේල් اپریل
may mei mai mayo maggio maio mayıs травня мая máj พ.ค. พฤษภาคม μαΐ μαΐου مايو maja května maj
    május mája svibnja май maig מאי मई মে أيار ماي
    मे மே మే മെയ് මැයි مئی
jun juni june juin junio giugno junho haziran червня июня มิ.ย. มิถุนายน ιουν ιουνίου يونيو czerwca
    června június júna iunie lipnja juna юни juny hunyo יוני जून জুন
    حزيران جوان ஜூன் జూన్ ജൂൺ ජූනි جون
jul juli july juillet julio luglio julho temmuz липня июля ก.ค. กรกฎาคม ιουλ ιουλίου يوليو lipca
    července julai július júla iulie srpnja jula юли juliol hulyo יולי जुलाई জুলাই
    تموز يوليوز جويلية जुलै ஜூலை జూలై ജൂലൈ ජූලි جولائی
aug agt agu agustus august août aout agosto ağustos серпня августа ส.ค. สิงหาคม αυγ αυγούστου أغسطس
    sierpnia srpna ags ag ogos ogo augustus augusti augusztus augusta kolovoza avgusta август agost
    אוגוסט अगस्त আগস্ট آب غشت أوت
    ऑगस्ट ஆகஸ்ட் ஆகஸ்டு ఆగస్టు ഓഗസ്റ്റ് අගෝස්තු اگست
sep sept september septembre septiembre settembre setembro eylül вересня сентября ก.ย. กันยายน σεπ
    σεπτεμβρίου سبتمبر września září szeptember septembra septembrie rujna септември setembre
    setyembre ספטמבר सितंबर সেপ্টেম্বর setiembre أيلول شتنبر
    सितम्बर सप्टेंबर செப்டம்பர் సెప్టెంబర్ സെപ്റ്റംബർ සැප්තැම්බර් ستمبر
oct okt oktober october octobre octubre ottobre outubro ekim жовтня октября ต.ค. ตุลาคม οκτ
    οκτωβρίου أكتوبر października října október októbra octombrie oktobra октомври oktubre
    אוקטובר अक्टूबर অক্টোবর تشرين-الأول
    अक्तूबर ऑक्टोबर அக்டோபர் అక్టోబర్ ഒക്ടോബർ ඔක්තෝබර් اکتوبر
nov november nopember novembre noviembre novembro kasım ноября พ.ย. พฤศจิกายน νοε νοεμβρίου نوفمبر
    listopadu nop novembra noiembrie studenoga studenog ноември nobyembre נובמבר नवंबर নভেম্বর
    تشرين-الثاني نونبر नवम्बर नोव्हेंबर நவம்பர் నవంబర్ నవంబరు നവംബർ නොවැම්බර් نومبر
dec des dez desember december décembre diciembre dicembre dezember dezembro aralık грудня декабря
    ธ.ค. ธันวาคม δεκ δεκεμβρίου ديسمبر grudnia prosince dis disember decembra decembrie prosinca
    декември desembre disyembre דצמבר दिसंबर ডিসেম্বর
    كانون-الأول دجنبر दिसम्बर डिसेंबर டிசம்பர் డిసెంబర్ ഡിസംബർ දෙසැම්බර් دسمبر
"""
"""`listopada` is left out: October in Croatian, November in Polish and Ukrainian."""
_SHORT_NAMES = """
ene gen янв січ oca|fev févr фев лют şub|мар бер|abr avr апр кві nis|mag май тра|giu июн чер haz
juil lug июл лип tem|ago авг сер ağu|set сен сент вер eyl|ott out окт жов eki|ноя нояб лис kas
dic déc дек гру ara
"""
"""Month by month. Too much like other words to be accepted as the mere beginning of a word."""
_DAYS = """
mon monday senin sen|tue tuesday selasa sel|wed wednesday rabu rab|thu thursday kamis kam
fri friday jumat jum|sat saturday sabtu sab|sun sunday minggu ahad min
"""
_PAIR = re.compile(r"(?P<name>تشرين|كانون)\s+(?=(?:ال)?(?:أول|اول|ثاني|الأول|الثاني))")
"""Month names of two words, as used in the Levant."""
_ACCENTS = re.compile("[\u0300-\u036f\u0653-\u0655]+")
"""Only these: without its marks a Thai month is another month."""


def _fold(name: str) -> str:
    """One form for a name, however its letters and accents are written."""
    if name.isascii():
        return name.lower()
    return _ACCENTS.sub("", normalize("NFKD", name).casefold())


def _numbered(groups: list[str]) -> dict[str, int]:
    return {_fold(name): n for n, names in enumerate(groups, start=1) for name in names.split()}


_MONTHS = _numbered(re.split(r"\n(?=\S)", _NAMES.strip()))
_SHORT = _numbered(re.split(r"[|\n]", _SHORT_NAMES.strip()))
_WEEK = _numbered(re.split(r"[|\n]", _DAYS.strip()))


def joined(text: str) -> str:
    """A text with each two-word month written as one word."""
    return text if text.isascii() else _PAIR.sub(r"\g<name>-", text)


@lru_cache(maxsize=2048)
def month(name: str) -> int:
    """The number of a month by its name in any language known here, 0 if it is not a month."""
    name = _fold(name)
    return _MONTHS.get(name) or _SHORT.get(name) or _MONTHS.get(f"{name}.", 0)


def like_month(name: str) -> int:
    """The same where a day and a year are beside it: misspelt and inflected names count too."""
    return month(name) or _MONTHS.get(_fold(name)[:3], 0)


def weekday(name: str) -> int:
    """1 for Monday to 7, 0 if it names no day in English or Indonesian."""
    return _WEEK.get(_fold(name).replace("'", "").replace("’", ""), 0)
