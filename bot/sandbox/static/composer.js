// Writing: text, replies, edits, prompts, files, the command menu, the inline query box.

import { avatar, el, find, icon } from "./dom.js";
import { t } from "./i18n.js";
import { gist } from "./bubbles.js";
import { toast } from "./overlay.js";
import { chatTitle, commands, control, isPrivate, mayWrite, me, personName, prompt, store, talk } from "./store.js";

const FILE_MOST = 20_000_000;
const state = { reply: null, edit: null, files: [], options: [], at: 0, inline: 0, timer: 0 };
const input = () => find("#composer-text");
const chatNow = () => store.chats.get(store.open);

/** Tell the visitor what did not work, in the stand-in's sentence. */
export function complain(error) {
  toast(error.status === 504 ? t("silence") : t("failed", { why: error.message }));
}

// --- what is being answered or changed --------------------------------------------------------------

export function answer(message) {
  Object.assign(state, { reply: message, edit: null });
  drawComposer();
  input().focus();
}

export function change(message) {
  Object.assign(state, { edit: message, reply: null });
  input().value = message.text;
  drawComposer();
  grow();
  input().focus();
}

function drop() {
  const asked = chatNow() && prompt(chatNow());
  if (!state.reply && !state.edit && asked) (store.dismissed ??= new Set()).add(`${store.open}/${asked.id}`);
  if (state.edit) input().value = "";
  Object.assign(state, { reply: null, edit: null });
  drawComposer();
  input().focus();
}

/** A chat was left or opened: drafts stay where they were written. */
export function turnTo(before, after) {
  if (before === after) return;
  store.drafts.set(before, state.edit ? "" : input().value);
  Object.assign(state, { reply: null, edit: null, files: [] });
  input().value = store.drafts.get(after) ?? "";
  hideOptions();
  grow();
}

export function write(text) {
  input().value = text;
  grow();
  suggest();
  input().focus();
}

// --- drawing ----------------------------------------------------------------------------------------

export function drawComposer() {
  const chat = chatNow();
  if (!chat) return;
  const blocked = isPrivate(chat) && chat.blocked, fresh = isPrivate(chat) && !talk(chat.id).length;
  const instead = find("#instead"), writes = mayWrite(chat) && !blocked && !fresh;
  find("#form").hidden = !writes;
  instead.hidden = writes;
  if (blocked) instead.replaceChildren(el("span", {}, t("blocked")), el("button", { type: "button", onclick: unblock }, t("unblock")));
  else if (fresh) instead.replaceChildren(el("button", { type: "button", onclick: () => say("/start") }, t("start")));
  else if (!writes) instead.replaceChildren(el("span", {}, t("readOnly")));
  drawContext(chat, writes);
  drawAttached();
  drawKeys(chat, writes);
  find("#speaker").replaceChildren(avatar(personName(me()), store.me, "small"));
  find("#speaker").title = t("write", { name: personName(me()) });
}

function drawContext(chat, writes) {
  const bar = find("#context"), asked = writes && prompt(chat);
  const shown = state.edit ?? state.reply ?? asked;
  bar.hidden = !writes || !shown;
  input().placeholder = asked && !state.edit && !state.reply && asked.keyboard.input_field_placeholder
    ? asked.keyboard.input_field_placeholder
    : t(state.files.length ? "caption" : "write", { name: personName(me()) });
  input().setAttribute("aria-label", input().placeholder);
  grow();
  if (bar.hidden) return;
  const title = state.edit ? t("editing") : t("answering", { name: personName(shown.from) || shown.from?.title });
  bar.replaceChildren(icon(state.edit ? "edit" : "reply"), el("span", {}, el("b", {}, title), el("span", { dir: "auto" }, gist(shown))),
    el("button.round", { type: "button", "aria-label": t("cancel"), onclick: drop }, icon("close")));
}

function drawAttached() {
  const bar = find("#attached");
  bar.hidden = !state.files.length;
  bar.replaceChildren(...state.files.map((file, at) => {
    const picture = file.type.startsWith("image/");
    const node = el("span.chip", {}, picture ? el("img", { src: file.preview ??= URL.createObjectURL(file), alt: "" }) : icon("file"),
      picture ? null : file.name, el("button.round", { type: "button", "aria-label": t("cancel"), onclick: () => { state.files.splice(at, 1); drawComposer(); } }, icon("close")));
    return node;
  }));
}

function drawKeys(chat, writes) {
  const box = find("#keys"), newest = [...talk(chat.id)].reverse().find((one) => one.keyboard);
  const rows = writes ? newest?.keyboard.keyboard : null;
  box.hidden = !rows;
  if (rows) box.replaceChildren(...rows.map((row) => el("div", {}, row.map((key) => el("button", { type: "button", onclick: () => say(key.text) }, key.text)))));
}

function grow() {
  const area = input();
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
}

// --- sending ----------------------------------------------------------------------------------------

const where = () => ({ user: store.me, chat: store.open });

/** Say something in the open chat. */
export async function say(text, extra = {}) {
  try {
    await control("say", { ...where(), text, ...extra });
  } catch (error) { complain(error); }
}

async function unblock() {
  await control("block", { user: store.me, blocked: false }).catch(complain);
  await say("/start");
}

async function send() {
  const text = input().value.trim(), chat = chatNow();
  const target = state.reply ?? prompt(chat), reply = target ? { reply_to: target.id } : {};
  if (!text && !state.files.length) return;
  const { edit, files } = state;
  Object.assign(state, { reply: null, edit: null, files: [] });
  input().value = "";
  hideOptions();
  grow();
  try {
    if (edit) await control("edit", { ...where(), message_id: edit.id, text });
    else if (files.length) await sendFiles(files, text, reply);
    else await control("say", { ...where(), text, ...reply });
  } catch (error) {
    if (!input().value) input().value = text;
    complain(error);
  }
  drawComposer();
}

async function sendFiles(files, caption, reply) {
  const pictures = files.filter((file) => file.type.startsWith("image/"));
  const others = files.filter((file) => !pictures.includes(file));
  if (pictures.length > 1) {
    const photos = await Promise.all(pictures.slice(0, 10).map(base64));
    await control("answer_album", { ...where(), photos, caption, ...reply });
    caption = "";
  } else others.unshift(...pictures);
  for (const file of others) {
    await control("file", { ...where(), kind: kindOf(file), content: await base64(file), caption, name: file.name, ...reply });
    caption = "";
  }
}

const kindOf = (file) => (file.type.startsWith("image/") ? "photo" : /audio\/(ogg|opus|webm)/.test(file.type) || /\.(oga|ogg|opus)$/i.test(file.name)
  ? "voice" : file.type.startsWith("audio/") ? "audio" : file.type.startsWith("video/") ? "video" : "document");

const base64 = (file) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(file);
});

function attach(files) {
  const small = [...files].filter((file) => file.size <= FILE_MOST || toast(t("tooBig", { name: file.name })));
  state.files.push(...small);
  drawComposer();
  input().focus();
}

// --- commands and inline queries --------------------------------------------------------------------

function suggest() {
  const text = input().value, chat = chatNow();
  const query = new RegExp(`^@${store.bot.username}\\s(.*)$`, "is").exec(text);
  clearTimeout(state.timer);
  if (query) { state.timer = setTimeout(() => ask(query[1]), 250); return; }
  state.inline++;
  if (/^\/[a-z_]*$/i.test(text)) {
    offer(commands(chat).filter(({ command }) => `/${command}`.startsWith(text.toLowerCase())).map((one) => ({
      nodes: [el("b", {}, `/${one.command}`), el("span", {}, one.description)], act: () => take(one.command), fill: `/${one.command} ` })));
  } else hideOptions();
}

function take(command) {
  input().value = "";
  hideOptions();
  say(`/${command}`);
}

async function ask(words, offset = "", before = []) {
  const turn = offset ? state.inline : ++state.inline;
  try {
    const answered = await control("inline", { user: store.me, query: words.trim(), offset });
    if (turn !== state.inline) return;
    const found = before.concat(answered.results.map((result) => ({ act: () => choose(answered.query_id, result.id), nodes: [
      result.thumbnail_url ? el("img", { src: result.thumbnail_url, alt: "", onerror: (event) => event.target.replaceWith(icon("search")) }) : icon("search"),
      el("span.two", {}, el("b", { dir: "auto" }, result.title ?? ""), el("span", { dir: "auto" }, result.description ?? ""))] })));
    const more = answered.next_offset ? [{ act: () => ask(words, answered.next_offset, found), nodes: [icon("down"), el("span", {}, t("more"))] }] : [];
    const options = [...opening(answered.button), ...found, ...more];
    offer(options, t("noInline"), Math.min(options.length - found.length - more.length + before.length, options.length - 1));
  } catch (error) { if (turn === state.inline) complain(error); }
}

/** The button above the results, which leads into the private chat. */
function opening(button) {
  if (!button) return [];
  const act = () => { input().value = ""; hideOptions(); state.follow(`https://t.me/${store.bot.username}?start=${button.start_parameter ?? ""}`); };
  return [{ act, nodes: [el("b", { dir: "auto" }, button.text)] }];
}

async function choose(query, result) {
  input().value = "";
  hideOptions();
  await control("choose", { ...where(), query_id: query, result }).catch(complain);
}

function offer(options, empty = "", at = 0) {
  const box = find("#suggest");
  Object.assign(state, { options, at: Math.max(0, at) });
  box.hidden = !options.length && !empty;
  box.replaceChildren(...options.map((option, place) => el("button", { type: "button", role: "option", id: `option-${place}`,
    "aria-selected": String(place === at), onclick: option.act }, option.nodes)));
  if (at > 0) box.children[at]?.scrollIntoView({ block: "nearest" });
  if (!options.length && empty) box.append(el("p", {}, empty));
}

function hideOptions() {
  find("#suggest").hidden = true;
  state.options = [];
}

function move(step) {
  const rows = find("#suggest").children;
  rows[state.at]?.setAttribute("aria-selected", "false");
  state.at = (state.at + step + state.options.length) % state.options.length;
  rows[state.at]?.setAttribute("aria-selected", "true");
  rows[state.at]?.scrollIntoView({ block: "nearest" });
}

function openMenu() {
  if (!find("#suggest").hidden) { hideOptions(); return; }
  input().value = "/";
  suggest();
  const hint = el("button", { type: "button", role: "option", onclick: () => write(`@${store.bot.username} `) },
    icon("search"), el("span", {}, t("inlineHint", { name: store.bot.username })));
  state.options.push({ act: () => write(`@${store.bot.username} `) });
  find("#suggest").append(hint);
  find("#suggest").hidden = false;
  input().focus();
}

function onKey(event) {
  const offers = state.options.length && !find("#suggest").hidden;
  const option = state.options[state.at];
  if (offers && event.key === "ArrowDown") { event.preventDefault(); move(1); }
  else if (offers && event.key === "ArrowUp") { event.preventDefault(); move(-1); }
  else if (offers && event.key === "Tab" && option.fill) { event.preventDefault(); write(option.fill); }
  else if (event.key === "Escape") { event.preventDefault(); offers ? hideOptions() : drop(); }
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    offers ? option.act() : send();
  } else if (event.key === "ArrowUp" && !input().value) {
    const own = [...talk(store.open)].reverse().find((one) => one.from?.id === store.me && one.kind === "text");
    if (own) { event.preventDefault(); change(own); }
  }
}

/** `follow` opens a link. */
export function wireComposer(follow) {
  state.follow = follow;
  find("#send").append(icon("send"));
  find("#attach").append(icon("attach"));
  find("#menu-button").append(icon("menu"));
  find("#form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  find("#attach").addEventListener("click", () => find("#files").click());
  find("#files").addEventListener("change", (event) => { attach(event.target.files); event.target.value = ""; });
  find("#menu-button").addEventListener("click", openMenu);
  input().addEventListener("input", () => { grow(); suggest(); });
  input().addEventListener("keydown", onKey);
  input().addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); attach(event.clipboardData.files); } });
  const talkPane = find("#talk");
  talkPane.addEventListener("dragover", (event) => event.preventDefault());
  talkPane.addEventListener("drop", (event) => { event.preventDefault(); attach(event.dataTransfer.files); });
}
