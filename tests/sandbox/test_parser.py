"""Our HTML parser against Telegram's own (TDLib): text, entities and complaints must be equal."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from bot.sandbox import detect, formatting, htmlparse
from bot.sandbox.entities import Entity, utf16_length
from bot.sandbox.errors import ApiError
from bot.sandbox.ui import show

tdjson = pytest.importorskip("tdjson")

Row = tuple[str, int, int, str, int]
STRINGS = 24_000
_TYPES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
_PRECISION = {"dateTimePartPrecisionLong": 1, "dateTimePartPrecisionShort": 2}

TAGS = """
<b>|</b>|<i>|</i>|<strong>|</strong>|<em>|</em>|<u>|</u>|<ins>|</ins>|<s>|</s>|<strike>|</strike>|
<del>|</del>|<tg-spoiler>|</tg-spoiler>|<span class="tg-spoiler">|</span>|<span>|
<span class=tg-spoiler >|<span class="x">|<a>|</a>|<a href=x.com>|<A HREF="HTTP://EX.ORG/Ab c">|
<a href="http://x.com/?a=1&amp;b=2">|<a href="tg://user?id=123">|<a href="tg://user?id=abc">|
<a href="tg:resolve?domain=x">|<a href="ton://abc">|<a href="ftp://a.b">|<a href="//x.com">|
<a href="x">|<a href="mailto:a@b.c">|<a href="https://[::1]:80/x">|<a href="https://[::z]/">|
<a href="http://a.b:99999">|<a href="http://a.b:080?q#f">|<a href="http://u:p@Host.ID/%zz">|
<a href="http://%41.com">|<a href="http://%4.com">|<a href="пример.рф">|<a href="http://a b.c">|
<a href="http://.">|<a href="http://">|<a href='|<code>|</code>|<pre>|</pre>|
<code class="language-py">|<pre><code class="language-py">|</code></pre>|
<code class="language-c"><pre>|</pre></code>|<blockquote>|</blockquote>|<blockquote expandable>|
<blockquote expandable="x">|<tg-emoji emoji-id="5368324170671202286">|</tg-emoji>|<tg-emoji>|
<tg-emoji emoji-id=bad>|<tg-time unix="1700000000" format="wDT">|<tg-time unix=5 format=r>|
</tg-time>|<tg-time unix="x">|<tg-time unix=9 format=zz>|<tg-time unix="7" format="tD">|
<tg-time unix="99999999999">|<tg-time unix=9 format=Rr>|<br/>|<br>|<div>|</div>|</>|</ >|<|>|<!--|
<b x>|<b x=y>|<b x='&quot;'>|<b x="|<i =>|<i x=>|<i x=a/b>|<i x"y>|<B>|</B >|<I x >|<b /|</b
"""
SIGNS = """
&|&amp;|&lt|&gt;|&quot;x|&nbsp;|&#60;|&#x1F600;|&#128512;|&#xd83d;|&#55357;&#56832;|&#0;|&#1114111;|
&#1114110;|&#9999999999;|&#x0000041;|&#;|&#x;|&#X41;|&ltx;|é|😀|🇮🇩|日本|telegram.org|=|"|'|/|-|.|a|bc|
x y|x.com|Z9|w w
"""
PIECES = [one.replace("\n", "") for one in (TAGS + "|" + SIGNS).split("|")] + list(
    "\n \t\r\v\f\u2028\u0301"
)
PLAIN = ["a", "Z9", " ", "\n", "é", "😀", "x.com", "日", "&amp;", "&#128512;", "w w"]


def _execute(request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(tdjson.td_execute(orjson.dumps(request)))
    return answer


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> None:
    _execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def _markup(chance: random.Random) -> str:
    """A string that is often well-formed, and otherwise wrong in many ways."""
    parts: list[str] = []
    stack: list[str] = []
    for _ in range(chance.randint(1, 12)):
        dice = chance.random()
        if dice < 0.35:
            piece = chance.choice(PIECES)
            parts.append(piece)
            if piece.startswith("<") and not piece.startswith("</") and piece.endswith(">"):
                stack += [tag.split()[0].rstrip(">") for tag in piece.split("<")[1:] if tag.strip()]
        elif dice < 0.6 and stack:
            parts.append(f"</{stack.pop()}>")
        else:
            parts.append(chance.choice(PLAIN))
    if chance.random() < 0.8:
        parts += [f"</{tag}>" for tag in reversed(stack)]
    return "".join(parts)


def _row(entity: dict[str, Any]) -> Row:
    kind = entity["type"]
    name = kind["@type"].removeprefix("textEntityType").replace("PreCode", "Pre")
    argument = kind.get("url") or kind.get("language") or kind.get("custom_emoji_id") or ""
    if name == "DateTime":
        argument = _format(kind.get("formatting_type"))
    number = kind.get("user_id") or kind.get("unix_time") or 0
    return _TYPES[name], entity["offset"], entity["length"], argument, number


def _format(kind: dict[str, Any] | None) -> str:
    if kind is None:
        return ""
    if kind["@type"].endswith("Relative"):
        return "r"
    day = ("", "D", "d")[_PRECISION.get(str((kind.get("date_precision") or {}).get("@type")), 0)]
    hour = ("", "T", "t")[_PRECISION.get(str((kind.get("time_precision") or {}).get("@type")), 0)]
    return ("w" if kind["show_day_of_week"] else "") + day + hour


def _theirs(markup: str) -> tuple[str, list[Row]] | str:
    answer = _execute(
        {
            "@type": "parseTextEntities",
            "text": markup,
            "parse_mode": {"@type": "textParseModeHTML"},
        }
    )
    if answer["@type"] == "error":
        return str(answer["message"]).removeprefix("Can't parse entities: ")
    return answer["text"], [_row(entity) for entity in answer["entities"]]


def _ours(markup: str) -> tuple[str, list[Row]] | str:
    try:
        text, entities = htmlparse.parse(markup)
    except htmlparse.MarkupError as error:
        return str(error)
    return text, [_as_row(entity) for entity in entities]


def _as_row(one: Entity) -> Row:
    return one.type, one.offset, one.length, one.argument, one.number


def test_it_equals_telegrams_parser_on_thousands_of_strings(request: Any) -> None:
    seed = getattr(request.config.option, "randomly_seed", 1)
    chance = random.Random(int(seed))
    strings = [_markup(chance) for _ in range(STRINGS)]
    wrong = [(one, _theirs(one), _ours(one)) for one in strings if _theirs(one) != _ours(one)]
    assert wrong == []
    refused = sum(isinstance(_ours(one), str) for one in strings)
    assert STRINGS // 5 < refused < STRINGS * 4 // 5  # both kinds are well represented


def _given(chance: random.Random) -> tuple[str, list[Entity]]:
    signs = ["a", " ", "\n", "é", "😀", "日", "\r", "\u2029", "\t", "\u200e", "\u030a", "x y"]
    text = "".join(chance.choice(signs) for _ in range(chance.randint(1, 12)))
    size = utf16_length(text)
    entities = []
    for _ in range(chance.randint(0, 5)):
        offset = chance.randint(0, size)
        kind = chance.choice(list(_TYPES.values()))
        argument = {
            "text_link": "http://x.com/",
            "pre": chance.choice(["", "py"]),
            "custom_emoji": "5",
        }.get(kind, "")
        number = {"text_mention": 77, "date_time": 5}.get(kind, 0)
        length = chance.randint(0, size - offset + (chance.random() < 0.02))
        entities.append(Entity(kind, offset, length, argument, number))
    return text, entities


def _as_td(one: Entity) -> dict[str, Any]:
    name = next(name for name, kind in _TYPES.items() if kind == one.type)
    kind: dict[str, Any] = {"@type": "textEntityType" + name}
    if one.type == "pre" and one.argument:
        kind = {"@type": "textEntityTypePreCode", "language": one.argument}
    more: dict[str, dict[str, Any]] = {
        "text_link": {"url": one.argument},
        "text_mention": {"user_id": one.number},
        "custom_emoji": {"custom_emoji_id": one.argument},
        "date_time": {"unix_time": one.number},
    }
    kind |= more.get(one.type, {})
    return {"@type": "textEntity", "offset": one.offset, "length": one.length, "type": kind}


def test_entities_are_split_and_merged_as_telegram_does(request: Any) -> None:
    """TDLib's parseMarkdown repairs entities before it looks for marks; there are none here."""
    chance = random.Random(int(getattr(request.config.option, "randomly_seed", 1)))
    for _ in range(8_000):
        text, entities = _given(chance)
        formatted = {
            "@type": "formattedText",
            "text": text,
            "entities": list(map(_as_td, entities)),
        }
        theirs = _execute({"@type": "parseMarkdown", "text": formatted})
        if theirs["@type"] == "error":
            with pytest.raises(ApiError):
                formatting.cleaned(text, entities)
            continue
        ours, fixed = formatting.cleaned(text, entities)
        if not ours.strip(" \n"):
            ours, fixed = "", []
        expected = [_row(entity) for entity in theirs["entities"]]
        assert (theirs["text"], expected) == (ours, list(map(_as_row, fixed))), (text, formatted)


@pytest.mark.parametrize(
    "text",
    [
        "Baca https://kabar.id/2026/11/beras.html?x=1#y, lalu komentari.",
        "(lihat http://kabar.id/a_(b)) dan kabar.id atau surel redaksi@kabar.id!",
        "#banjir #2026 #1a @kabar_bot @abc $USD /latest /search@kabar_bot a/b x#y",
        "tanpa apa-apa 3/4 a.b 12.5 e@x Rp5.000,-",
        "😀 https://t.me/kabar_bot?start=x https://пример.рф/я",
    ],
)
def test_links_and_names_are_found_as_by_telegram(text: str) -> None:
    kinds = {"url": "Url", "email": "EmailAddress", "bot_command": "BotCommand"}
    theirs = _execute({"@type": "getTextEntities", "text": text})["entities"]
    expected = [
        (one["type"]["@type"].removeprefix("textEntityType"), one["offset"], one["length"])
        for one in theirs
    ]
    found = [
        (kinds.get(one.type, one.type.title()), one.offset, one.length)
        for one in detect.find(text, commands=True)
    ]
    assert found == expected


def test_shown_html_parses_back_to_the_same() -> None:
    markup = (
        '<b>a <i>b</i></b> <a href="http://x.com/?a=1&amp;b=2">c</a> <blockquote expandable>d &lt;'
        '</blockquote><pre><code class="language-py">e</code></pre> 😀<tg-spoiler>f</tg-spoiler>'
    )
    text, entities = htmlparse.parse(markup)
    shown = show.as_html(text, [one.json() for one in entities])
    assert htmlparse.parse(shown) == (text, entities)
