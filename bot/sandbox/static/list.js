// The left side: whom one plays, and the chats.

import { avatar, el, find, icon } from "./dom.js";
import { clock, t } from "./i18n.js";
import { direction, gist } from "./bubbles.js";
import { chatTitle, isChannel, isPrivate, last, personName, store, unread } from "./store.js";

/** Draw the people; `pick` plays somebody. */
export function drawPeople(pick) {
  const box = find("#people"), held = document.activeElement?.dataset?.person;
  box.replaceChildren(...store.scene.people.filter((id) => store.users.has(id)).map((id) => {
    const user = store.users.get(id), chosen = id === store.me;
    const node = el("button.person", { type: "button", role: "radio", "aria-checked": String(chosen), "data-person": String(id),
      tabindex: chosen ? "0" : "-1", onclick: () => pick(id) }, avatar(personName(user), id), el("span", {}, personName(user)));
    return node;
  }));
  if (held) box.querySelector(`[data-person="${held}"]`)?.focus();
}

/** Draw the chats under their headings; `pick` opens one. */
export function drawChats(pick) {
  const box = find("#chats"), held = document.activeElement?.dataset?.chat;
  const listed = new Set(store.scene.sections.flatMap((section) => section.chats));
  const others = [...store.chats.values()].filter((chat) => !listed.has(chat.id) && !chat.migrated_to).map((chat) => chat.id);
  const sections = [...store.scene.sections, { name: "others", chats: others }];
  box.replaceChildren(...sections.map((section) => {
    const shown = section.chats.map((id) => store.chats.get(id)).filter(isShown);
    if (!shown.length) return "";
    return el("section", {}, el("h3", {}, t(section.name)), el("ul", {}, shown.map((chat) => el("li", {}, row(chat, pick)))));
  }).filter(Boolean));
  if (held) box.querySelector(`[data-chat="${held}"]`)?.focus();
}

/** A moderator's own chat with the bot is listed once there is something in it. */
const isShown = (chat) => chat && (!isPrivate(chat) || chat.id === store.open || store.messages.get(chat.id)?.size
  || store.scene.sections[0]?.chats.includes(chat.id));

function row(chat, pick) {
  const newest = last(chat.id), open = chat.id === store.open, count = open ? 0 : unread(chat.id);
  const typing = store.typing.get(chat.id) > Date.now();
  const who = newest && !isPrivate(chat) && !isChannel(chat) && newest.kind !== "service" ? `${personName(newest.from)}: ` : "";
  const words = newest ? gist(newest) : t("noMessages");
  const title = el("b", {}, isChannel(chat) ? icon("desk") : null, chatTitle(chat));
  return el(`button.chat${open ? ".open" : ""}`, { type: "button", "data-chat": String(chat.id), "aria-current": open ? "true" : null, onclick: () => pick(chat.id) },
    avatar(chatTitle(chat), chat.id, isPrivate(chat) ? "" : "square"),
    el("span.line", {}, title, newest ? el("time", {}, clock(newest.date)) : null),
    el("span.line", {}, el(`span.gist${typing ? ".typing" : ""}`, { dir: typing ? "auto" : direction(words) }, typing ? t("typing") : who + words),
      count ? el("span.count", { "aria-label": t("unread", { n: count }) }, String(count)) : null));
}

export function wireList(pick) {
  find("#people").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const people = store.scene.people, at = people.indexOf(store.me);
    const next = people[(at + step + people.length) % people.length];
    pick(next);
    find(`[data-person="${next}"]`)?.focus();
  });
  find("#chats").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...find("#chats").querySelectorAll("button")];
    rows.at((rows.indexOf(document.activeElement) + step) % rows.length)?.focus();
  });
}
