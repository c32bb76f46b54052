// Puts the page together: draws the open chat, hears what changes, does what buttons and links say.

import { bubble, gist, itemise, messageOf, signature } from "./bubbles.js";
import { answer, change, complain, drawComposer, say, turnTo, wireComposer, write } from "./composer.js";
import { avatar, el, find, icon } from "./dom.js";
import { applyTheme, day, switchLanguage, t, translate } from "./i18n.js";
import { drawChats, drawPeople, wireList } from "./list.js";
import { alertBox, lightbox, menu, toast, wire } from "./overlay.js";
import { chatTitle, choose, control, forget, isChannel, isPrivate, keep, look, me, play, present, personName, refresh, reload, store, talk } from "./store.js";
import { outside } from "./text.js";

const SHOWN_MOST = 300;
const ANSWER_MS = 4000;
const drawn = new Map();
/** Until when the answer to a press is worth scrolling to. */
let expecting = 0;
let openDrawn = null, lastDrawn = 0;

// --- the open chat ----------------------------------------------------------------------------------

const scroller = () => find("#scroll");
const atEnd = () => scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < 120;
const toEnd = () => { scroller().scrollTop = scroller().scrollHeight; };

function drawTalk() {
  const chat = store.chats.get(store.open), list = find("#messages");
  if (!chat) return;
  const newest = talk(chat.id).at(-1), grew = (newest?.id ?? 0) > lastDrawn;
  const wanted = grew && (newest.from?.id === store.me || Date.now() < expecting);
  const stay = openDrawn === store.open && !atEnd() && !wanted;
  lastDrawn = newest?.id ?? 0;
  if (openDrawn !== store.open) drawn.clear();
  openDrawn = store.open;
  const items = itemise(talk(chat.id).slice(-SHOWN_MOST), chat);
  const nodes = items.map((item) => {
    if (!item.messages) item.label = day(item.date);
    const words = item.messages ? signature(item) : item.label;
    const known = drawn.get(item.key);
    if (known?.words === words) return known.node;
    const node = bubble(item, chat, act);
    drawn.set(item.key, { words, node });
    return node;
  });
  place(list, nodes.length ? nodes : [welcome(chat)]);
  if (!stay) toEnd();
  find("#down").hidden = atEnd();
}

/** Put nodes in order, leaving those alone that are in their place. */
function place(list, nodes) {
  nodes.forEach((node, at) => { if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null); });
  while (list.children.length > nodes.length) list.lastChild.remove();
}

function welcome(chat) {
  const texts = store.bot.description, says = texts[me()?.language_code] ?? texts[""];
  return el("li.welcome", {}, avatar(store.bot.first_name, store.bot.id, "large"),
    isPrivate(chat) && says ? [el("b", {}, t("whatCan")), el("p", {}, says)] : el("p", {}, t("noMessages")));
}

function drawHead() {
  const chat = store.chats.get(store.open);
  if (!chat) return;
  const own = isPrivate(chat), title = own ? store.bot.first_name : chatTitle(chat);
  find("#talk-title h2").textContent = title;
  const count = (chat.members ?? []).filter((one) => present(chat, one.user) && !(isChannel(chat) && one.user === store.bot.id)).length;
  const quiet = own ? `@${store.bot.username} · ${t("chatOf", { name: chatTitle(chat) })}`
    : t(isChannel(chat) ? "subscribers" : "members", { n: count });
  const typing = store.typing.get(chat.id) > Date.now();
  find("#talk-title p").textContent = typing ? t("typing") : quiet;
  find("#talk-title p").classList.toggle("typing", typing);
  find("#talk-avatar").replaceChildren(avatar(title, own ? store.bot.id : chat.id, own ? "" : "square"));
  document.title = `${title} – Kabar`;
  drawPinned(chat);
}

function drawPinned(chat) {
  const bar = find("#pinned"), message = chat.pinned.map((id) => messageOf(chat.id, id)).find(Boolean);
  bar.hidden = !message;
  if (message) bar.replaceChildren(icon("pin"), el("span", {}, el("b", {}, t("pinned")), el("span", { dir: "auto" }, gist(message))));
  bar.onclick = () => act.jump(message.id);
}

function drawAll() {
  if (!store.ready) return;
  drawPeople(pickPerson);
  drawChats(pickChat);
  drawHead();
  drawTalk();
  drawComposer();
}

let due = false;
/** Draw soon, once for many changes. */
function drawSoon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; if (!document.hidden) look(store.open); drawAll(); });
}

function pickChat(id) {
  const before = store.open;
  choose(id);
  turnTo(before, store.open);
  document.body.classList.add("talking");
  find("#toasts").replaceChildren();
  remember();
  drawAll();
  toEnd();
  if (matchMedia("(min-width: 800px)").matches) find("#composer-text").focus();
}

function pickPerson(id) {
  const before = store.open;
  play(id);
  turnTo(before, store.open);
  remember();
  drawAll();
}

const remember = () => history.replaceState(null, "", `#${store.open}/${store.me}`);

function recall() {
  const [open, person] = location.hash.slice(1).split("/").map(Number);
  if (store.users.has(person)) store.me = person;
  choose(store.chats.has(open) ? open : store.scene.people[0] ?? [...store.chats.keys()][0]);
}

// --- what messages can do ---------------------------------------------------------------------------

const act = {
  reply: answer,
  show: lightbox,
  grown: () => { if (atEnd() || scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < 420) toEnd(); },
  command: (text) => say(text),
  tag: (text) => write(`/search ${text.replace(/^#/, "")}`),
  link: followLink,
  jump(id) {
    const node = find(`#messages [data-id="${id}"]`);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1600);
  },
  async press(message, button, node) {
    if (button.url) return followLink(button.url);
    if (button.copy_text) return copy(button.copy_text.text);
    const words = button.switch_inline_query_current_chat ?? button.switch_inline_query;
    if (words !== undefined) return write(`@${store.bot.username} ${words}`);
    if (!button.callback_data) return undefined;
    node.classList.add("busy");
    try {
      expecting = Date.now() + ANSWER_MS;
      const said = await control("press", { user: store.me, chat: message.chat, message_id: message.id, button: button.callback_data });
      if (said.url) followLink(said.url);
      if (said.text) said.show_alert ? alertBox(said.text) : toast(said.text);
    } catch (error) { complain(error); }
    node.classList.remove("busy");
    return undefined;
  },
  menu(message, anchor) {
    const mine = message.from?.id === store.me;
    const acted = { user: store.me, chat: message.chat, message_id: message.id };
    menu(anchor, [
      { icon: "reply", text: t("reply"), act: () => answer(message) },
      mine && message.text ? { icon: "edit", text: t("edit"), act: () => change(message) } : null,
      { icon: "check", text: t("like"), act: () => control("react", { ...acted, emoji: message.reactions[store.me]?.length ? "" : "👍" }).catch(complain) },
      message.text ? { icon: "file", text: t("copy"), act: () => copy(message.text) } : null,
      mine ? { icon: "trash", text: t("remove"), danger: true, act: () => control("delete", acted).catch(complain) } : null,
    ]);
  },
};

async function copy(text) {
  await navigator.clipboard.writeText(text).then(() => toast(t("copied")), complain);
}

/** t.me links stay in the program, everything else opens beside it. */
function followLink(address) {
  const own = /^(?:https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)([A-Za-z0-9_]+)(?:\/(\d+))?\/?(?:[?&]start=([A-Za-z0-9_-]*))?/.exec(address);
  const hidden = /^https?:\/\/t\.me\/c\/(\d+)\/(?:\d+\/)?(\d+)/.exec(address);
  if (hidden) return visit(-1e12 - Number(hidden[1]), Number(hidden[2]));
  if (own && own[1].toLowerCase() === store.bot.username.toLowerCase()) {
    pickChat(store.me);
    if (own[3] !== undefined) say(`/start ${own[3]}`.trim());
    return undefined;
  }
  const named = own && [...store.chats.values()].find((chat) => chat.username?.toLowerCase() === own[1].toLowerCase());
  if (named) return visit(named.id, Number(own[2] ?? 0));
  const user = /^tg:\/\/user\?id=(\d+)/.exec(address);
  if (user && store.chats.has(Number(user[1]))) return pickChat(Number(user[1]));
  if (outside(address)) window.open(address, "_blank", "noopener,noreferrer");
  return undefined;
}

function visit(chat, message) {
  if (!store.chats.has(chat)) return;
  pickChat(chat);
  if (message) requestAnimationFrame(() => act.jump(message));
}

// --- live -------------------------------------------------------------------------------------------

const hears = {
  message: (event) => { if (event.message) keep(event.message); store.typing.delete(event.chat); },
  edit: (event) => { if (event.message) keep(event.message); },
  reaction: (event) => { if (event.message) keep(event.message); },
  delete: (event) => forget(event.chat, event.message_id),
  action: (event) => { store.typing.set(event.chat, Date.now() + 5000); setTimeout(drawSoon, 5100); },
  bot: (event) => showTrouble(event.lines),
};
const REFRESHING = new Set(["pin", "member", "chat", "user", "profile", "topic", "message"]);
let refreshing = 0;

function hear(event) {
  hears[event.type]?.(event);
  if (REFRESHING.has(event.type) && (event.type !== "message" || event.message?.kind === "service" || !store.chats.get(event.chat)?.started)) {
    clearTimeout(refreshing);
    refreshing = setTimeout(() => refresh().then(drawSoon, () => {}), 60);
  }
  if (hears[event.type]) drawSoon();
}

function showTrouble(lines) {
  const box = find("#trouble");
  box.hidden = !lines?.length;
  if (lines?.length) box.replaceChildren(el("b", {}, t("trouble")), el("pre", {}, lines.join("\n")));
}

function listen() {
  const source = new EventSource("/control/events");
  let lost = false, loading = true;
  const held = [];
  source.onopen = async () => {
    document.body.classList.remove("lost");
    if (store.ready && !lost) return;
    loading = true;
    await reload().catch(() => {});
    loading = false;
    held.splice(0).forEach(hear);
    if (!store.open || !store.chats.has(store.open)) recall();
    showTrouble(store.scene.trouble);
    find("#desk-button").hidden = !store.scene.desk;
    lost = false;
    drawAll();
    toEnd();
    document.body.classList.add("ready");
  };
  source.onmessage = ({ data }) => (loading ? held.push(JSON.parse(data)) : hear(JSON.parse(data)));
  source.onerror = () => { lost = true; document.body.classList.add("lost"); };
}

// --- the frame --------------------------------------------------------------------------------------

function openDesk() {
  const pane = find("#desk");
  if (matchMedia("(max-width: 1100px)").matches) return window.open("/desk", "_blank", "noopener");
  pane.hidden = !pane.hidden;
  if (!pane.firstChild) pane.append(el("iframe", { src: "/desk#beside", title: t("desk") }));
  return undefined;
}

function chatMenu() {
  const chat = store.chats.get(store.open);
  if (!isPrivate(chat)) return menu(find("#talk-menu"), [{ icon: "search", text: t("inlineHint", { name: store.bot.username }), act: () => write(`@${store.bot.username} `) }]);
  return menu(find("#talk-menu"), [
    { icon: "search", text: t("inlineHint", { name: store.bot.username }), act: () => write(`@${store.bot.username} `) },
    { icon: "block", text: t(chat.blocked ? "unblock" : "block"), danger: !chat.blocked,
      act: () => control("block", { user: chat.id, blocked: !chat.blocked }).catch(complain) }]);
}

function dress() {
  const theme = applyTheme();
  translate();
  find("#language-button").replaceChildren(document.documentElement.lang === "id" ? "EN" : "ID");
  find("#theme-button").replaceChildren(icon(theme === "dark" ? "sun" : "moon"));
  drawn.clear();
  drawAll();
}

function start() {
  find("#back").append(icon("back"));
  find("#talk-menu").append(icon("more"));
  find("#down").append(icon("down"));
  find("#desk-button").append(icon("desk"));
  find("#back").addEventListener("click", () => document.body.classList.remove("talking"));
  find("#talk-menu").addEventListener("click", chatMenu);
  find("#desk-button").addEventListener("click", openDesk);
  find("#language-button").addEventListener("click", () => { switchLanguage(); dress(); });
  find("#theme-button").addEventListener("click", () => { applyTheme(true); dress(); });
  find("#down").addEventListener("click", toEnd);
  scroller().addEventListener("scroll", () => { find("#down").hidden = atEnd(); }, { passive: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  document.addEventListener("visibilitychange", drawSoon);
  // The composer grows and shrinks; whoever was at the end stays there.
  let settled = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const { scrollTop, scrollHeight } = scroller();
    if (scrollHeight - scrollTop - settled < 120) toEnd();
    settled = contentRect.height;
  }).observe(scroller());
  // A picture's height is known late; whoever was at the end stays there.
  find("#messages").addEventListener("load", act.grown, true);
  wire();
  wireList(pickPerson);
  wireComposer(followLink);
  dress();
  listen();
}

start();
