"""/settings as buttons: one message that shows what is in force, and a page for each choice. Pure.

main ── digest, quiet, limit, breaking, ticker, pictures, sound, language, zone, signature
     │    (`panel_pages`; what a press on one of them asks for: `panel_changes`)
     └─ topics and alerts, which have pages of their own (`topic_pages`, handlers)
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.html import Html, escape, fill, join
from bot.core.keyboards import grid
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.readers import in_words
from bot.core.readers.panel_pages import PAGES
from bot.core.readers.panel_parts import InForce, Page, back, button


def panel(page: Page, state: InForce, tr: Translator) -> Post:
    """One page as a message. Topics and alerts are told elsewhere: here they are the main page."""
    if page in {Page.MAIN, Page.TOPICS, Page.ALERTS}:
        return _main(state, tr)
    text, rows = PAGES[page](state, tr)
    return Post(join("\n", [_heading(state), text]), keyboard=(*rows, back(state, tr)))


def _heading(state: InForce) -> Html:
    return fill("📢 <b>{name}</b>\n", name=state.name) if state.name else Html("")


def _main(state: InForce, tr: Translator) -> Post:
    labels = {
        Page.TOPICS: tr.gettext("🔔 Topics"),
        Page.ALERTS: tr.gettext("👀 Following"),
        Page.DIGEST: tr.gettext("🗞 Digest"),
        Page.QUIET: tr.gettext("🌙 Quiet hours"),
        Page.LIMIT: tr.gettext("🔢 Daily limit"),
        Page.BREAKING: tr.gettext("⚡ Breaking news"),
        Page.TICKER: tr.gettext("📌 Ticker"),
        Page.PICTURES: tr.gettext("🖼 Pictures"),
        Page.SOUND: tr.gettext("🔊 Sound"),
        Page.LANGUAGE: tr.gettext("🌐 Language"),
        Page.ZONE: tr.gettext("🕐 Time zone"),
    }
    if state.signs:
        labels[Page.SIGNATURE] = tr.gettext("✍️ Signature")
    buttons = [button(state, label, page) for page, label in labels.items()]
    text = [_heading(state), tr.html("⚙️ <b>Settings</b>\n"), *map(escape, in_force(state, tr))]
    return Post(join("\n", text), keyboard=grid(tr, buttons, 2))


def in_force(state: InForce, tr: Translator) -> Iterable[str]:
    """All that is in force, a line for each choice."""
    wants, on, off = state.wants, tr.gettext("on"), tr.gettext("off")
    yield f"🔔 {in_words.chosen(state.chosen, tr)}"
    yield tr.gettext("👀 Following: {n}", n=tr.number(state.alerts))
    yield tr.gettext("🗞 Digest: {when}", when=in_words.digest_time(wants.digest, tr) or off)
    yield tr.gettext("🌙 Quiet hours: {hours}", hours=in_words.hours(wants.quiet, tr) or off)
    yield tr.gettext("🔢 Daily limit: {n}", n=off if wants.limit is None else wants.limit)
    yield tr.gettext("⚡ Only breaking news: {state}", state=on if wants.breaking_only else off)
    yield tr.gettext("📌 Ticker: {state}", state=on if state.ticker else off)
    yield tr.gettext("🖼 Pictures: {state}", state=on if wants.pictures else off)
    yield tr.gettext("🔊 Sound: {state}", state=off if wants.silent else on)
    yield tr.gettext("🌐 Language: {name}", name=dict(state.languages).get(state.language, "?"))
    yield tr.gettext("🕐 Time zone: {zone}", zone=in_words.place(wants.zone, state.now, tr))
    if state.signs:
        yield tr.gettext("✍️ Comments signed: {name}", name=dict(state.signs).get(state.sign, "?"))
