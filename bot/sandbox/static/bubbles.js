// Messages as bubbles. Draws one item (a message, or an album of them); keeps nothing.

import { blocks } from "./blocks.js";
import { avatar, el, hue, icon } from "./dom.js";
import { clock, t } from "./i18n.js";
import { get, isChannel, isPrivate, personName, store, talk } from "./store.js";
import { outside, rich } from "./text.js";

/** What an item looks like depends on these words only: equal words, equal bubble. */
export const signature = (item) => JSON.stringify([item.messages, item.first, item.final, item.own, store.me]);

/** Messages in order -> items: days, services, single messages and albums, with their neighbours. */
export function itemise(messages, chat) {
  const items = [];
  let day = "", album = null;
  for (const message of messages) {
    const its = new Date(message.date * 1000).toDateString();
    if (its !== day) items.push({ key: `day ${its}`, date: message.date });
    day = its;
    if (message.album && album?.messages[0].album === message.album) album.messages.push(message);
    else {
      const item = { key: `m ${message.id}`, messages: [message], own: isMine(message, chat), service: message.kind === "service" };
      items.push(item);
      album = message.album ? item : null;
    }
  }
  items.forEach((item, at) => {
    if (!item.messages) return;
    item.first = !sameSpeaker(items[at - 1], item);
    item.final = !sameSpeaker(items[at + 1], item);
  });
  return items;
}

const isMine = (message, chat) => !isChannel(chat) && message.from?.id === store.me;

function sameSpeaker(one, other) {
  if (!one?.messages || one.service || other.service) return false;
  const [a, b] = [one.messages[0], other.messages[0]];
  return a.from?.id === b.from?.id && Math.abs(a.date - b.date) < 600;
}

/** The element of an item. `act` has link, command, tag, press, jump, menu, show. */
export function bubble(item, chat, act) {
  if (!item.messages) return el("li.day", {}, el("span", {}, item.label));
  const [message] = item.messages;
  if (item.service) return el("li.service", { "data-id": String(message.id) }, el("span", {}, serviceWords(message)));
  const parts = item.messages.flatMap((one) => one.files.map((file) => ({ file, message: one })));
  const pictures = parts.filter(({ file }) => file.kind === "photo");
  const text = captioned(item, act);
  const row = el(`li.row${item.own ? ".own" : ""}${item.first ? ".first" : ""}${item.final ? ".final" : ""}`,
    { "data-id": String(message.id), "data-mine": message.mine ? "" : null });
  if (!isPrivate(chat) && !isChannel(chat) && !item.own) row.append(item.final ? speaker(message) : el("span.gap"));
  const body = el(`div.bubble${pictures.length ? ".pictured" : ""}${direction(message.text) === "rtl" ? ".rtl" : ""}`, {},
    named(message, chat, item), message.topic ? el("div.topic", {}, message.topic) : null, quoted(message, act), pictures.length ? gallery(pictures, act) : null,
    parts.filter(({ file }) => file.kind !== "photo").map(({ file }) => attachment(file)), text,
    el("button.dots", { type: "button", "aria-label": t("more"), onclick: (event) => act.menu(message, event.currentTarget) }, icon("more")));
  body.addEventListener("dblclick", () => act.reply(message));
  body.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img") || String(getSelection())) return;
    event.preventDefault();
    act.menu(message, body);
  });
  const column = el("div.column", {}, body, keyboard(message, act));
  row.append(column);
  return row;
}

function speaker(message) {
  return avatar(personName(message.from), message.from?.id ?? 0, "small");
}

function named(message, chat, item) {
  const via = message.data.via_bot ? el("span.via", {}, t("via", { name: message.data.via_bot.username })) : null;
  const shows = item.first && !item.own && !isPrivate(chat);
  if (!shows) return via ? el("div.name", {}, via) : null;
  const name = el("div.name", {}, personName(message.from) || message.from?.title || "");
  name.style.color = hue(message.from?.id ?? 0);
  if (message.from?.is_bot) name.append(el("span.badge", {}, t("bot")));
  if (via) name.append(" ", via);
  return name;
}

function quoted(message, act) {
  const answered = message.data.reply_to_message;
  if (!answered) return null;
  const who = answered.from ?? answered.sender_chat;
  const node = el("button.quote", { type: "button", onclick: () => act.jump(answered.message_id) },
    el("b", {}, personName(who) || who?.title || ""), el("span", { dir: "auto" }, gist({ ...answered, files: [] }, answered)));
  node.style.setProperty("--mark", hue(who?.id ?? 0));
  if (answered.photo) node.prepend(el("img", { src: fileAddress(answered.photo[0].file_id), alt: "" }));
  return node;
}

/** A message in a few words, for lists and quotes. */
export function gist(message, data = message.data) {
  const text = data.text ?? data.caption ?? message.text ?? "";
  if (text) return text.replace(/\s+/g, " ").slice(0, 160);
  if (data.media_group_id) return t("album");
  for (const kind of ["photo", "voice", "audio", "video", "document"]) if (data[kind]) return t(kind);
  return message.kind === "service" ? serviceWords(message) : "";
}

function serviceWords(message) {
  const data = message.data, name = personName(message.from);
  if (data.new_chat_members) return t("joined", { name: data.new_chat_members.map(personName).join(", ") });
  if (data.left_chat_member) return t("left", { name: personName(data.left_chat_member) });
  if (data.pinned_message) return t("pinnedThis", { name: name || message.from?.title || "" });
  if (data.forum_topic_created) return t("created", { name: data.forum_topic_created.name });
  return t("changed");
}

export const fileAddress = (id) => `/control/file/${encodeURIComponent(id)}`;

function gallery(pictures, act) {
  const box = el(`div.gallery.n${Math.min(pictures.length, 4)}`);
  for (const { file } of pictures) {
    const image = el("img", { src: fileAddress(file.file_id), alt: t("photo"), width: String(file.width), height: String(file.height) });
    box.append(el("button.picture", { type: "button", "aria-label": t("photo"), onclick: () => act.show(image.src) }, image));
  }
  return box;
}

function attachment(file) {
  if (file.kind === "voice" || file.kind === "audio") return sound(file);
  return el("a.file", { href: fileAddress(file.file_id), download: file.file_name ?? file.kind },
    el("span.disc", {}, icon("file")), el("span", {}, el("b", {}, file.file_name ?? t(file.kind)), el("small", {}, size(file.file_size))));
}

const size = (bytes = 0) => (bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`);

function sound(file) {
  const player = new Audio(fileAddress(file.file_id));
  player.preload = "none";
  const button = el("button.disc", { type: "button", "aria-label": t("play") }, icon("play"));
  const show = (name) => { button.replaceChildren(icon(name)); button.setAttribute("aria-label", t(name)); };
  button.addEventListener("click", () => (player.paused ? player.play().catch(() => show("play")) : player.pause()));
  player.addEventListener("play", () => show("pause"));
  for (const end of ["pause", "ended", "error"]) player.addEventListener(end, () => show("play"));
  const wave = el("span.wave", { "aria-hidden": "true" });
  for (let at = 0, code = 7; at < 34; at++) {
    code = (code * 31 + file.file_id.charCodeAt((at * 3) % file.file_id.length)) % 997;
    const bar = el("i");
    bar.style.height = `${20 + (code % 80)}%`;
    wave.append(bar);
  }
  return el("div.sound", {}, button, el("span", {}, wave, el("small", {}, `0:${String(file.duration ?? 0).padStart(2, "0")} · ${size(file.file_size)}`)));
}

/** Which way a paragraph is read: that of its first letter or mark of direction. */
export const direction = (text) => (/^[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/.test(text.match(/[\p{L}\u200e\u200f]/u)?.[0] ?? "") ? "rtl" : "ltr");

function captioned(item, act) {
  const message = item.messages.find((one) => one.text) ?? item.messages[0];
  const meta = el("span.meta", {}, item.messages.some((one) => one.edited) ? el("i", {}, t("edited")) : null,
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
    item.own ? icon("check") : null, reactions(message));
  const preview = previewOf(message, act);
  const above = message.preview?.show_above_text;
  const page = message.data.rich_message;
  if (page) return el("div.said.page", { dir: page.is_rtl ? "rtl" : "auto" }, el("div.blocks", {}, blocks(page.blocks, act, fileAddress)), meta);
  const text = message.text ? el("div.text", {}, rich(message.text, message.entities, act)) : null;
  const last = message.text.slice(message.text.lastIndexOf("\n") + 1); // beside it stands the time
  return el(`div.said${message.text ? "" : ".bare"}`, { dir: direction(last) }, above ? preview : null, text, above ? null : preview, meta);
}

function reactions(message) {
  const all = Object.values(message.reactions).flat();
  return all.length ? el("span.reactions", {}, all.map((one) => one.emoji).join("")) : null;
}

const previews = new Map();

function previewOf(message, act) {
  const options = message.preview ?? {};
  if (options.is_disabled || message.files.length) return null;
  const found = message.entities.find((one) => one.type === "url" || one.type === "text_link");
  const address = options.url ?? (found && (found.url ?? message.text.slice(found.offset, found.offset + found.length)));
  if (!address || !outside(address)) return null;
  const box = el(`a.preview${options.prefer_small_media ? ".slim" : ""}`, { dir: "auto", href: address, hidden: true, onclick: (event) => { event.preventDefault(); act.link(address); } });
  if (!previews.has(address)) previews.set(address, get(`/page/preview?url=${encodeURIComponent(address)}`).catch(() => null));
  previews.get(address).then((seen) => {
    if (!seen) return;
    box.append(el("b", {}, seen.site), el("strong", {}, seen.title), el("span", {}, seen.description));
    if (seen.image) box.append(el("img", { src: seen.image, alt: "", onload: act.grown }));
    box.hidden = false;
    act.grown();
  });
  return box;
}

function keyboard(message, act) {
  if (!message.buttons.length) return null;
  return el("div.buttons", {}, message.buttons.map((row) => el("div", {}, row.map((button) => {
    const node = el(`button${button.style ? "." + button.style : ""}`, { type: "button", title: button.url ? t("leaves") : null,
      onclick: () => act.press(message, button, node) }, el("span", { dir: "auto" }, button.text), button.url ? icon("link") : null);
    if (button.url && /^https?:\/\/t\.me\//.test(button.url)) node.removeAttribute("title");
    return node;
  }))));
}

/** The message of a number in a chat, if it is still there. */
export const messageOf = (chat, id) => talk(chat).find((one) => one.id === id);
