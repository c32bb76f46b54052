// What is known of the stand-in's world, and how to act in it. Draws nothing.

export class Trouble extends Error {}

/** Do something in the world: POST /control/<action>. Raises Trouble with a sentence. */
export async function control(action, body) {
  const answer = await fetch(`/control/${action}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw Object.assign(new Trouble(result.error), { status: answer.status });
  return result;
}

export const get = async (path) => {
  const answer = await fetch(path);
  if (!answer.ok) throw new Trouble(`${path}: ${answer.status}`);
  return answer.json();
};

export const store = {
  bot: null, users: new Map(), chats: new Map(), messages: new Map(), scene: null,
  me: 0, open: 0, seen: new Map(JSON.parse(sessionStorage.getItem("seen") ?? "[]")),
  typing: new Map(), drafts: new Map(), ready: false,
};

/** People, chats and the bot as they are now. */
export async function refresh() {
  const snapshot = await get("/control/snapshot");
  store.bot = snapshot.bot;
  store.users = new Map(snapshot.users.map((user) => [user.id, user]));
  store.chats = new Map(snapshot.chats.map((chat) => [chat.id, chat]));
}

/** Everything anew, also after a lost connection. */
export async function reload() {
  store.scene = await get("/page/scene");
  if (sessionStorage.getItem("run") !== store.scene.run) {
    // Another world than the one this tab knew: nothing of it has been seen.
    sessionStorage.setItem("run", store.scene.run);
    store.seen.clear();
  }
  await refresh();
  await Promise.all([...store.chats.keys()].map(async (id) => {
    const messages = await get(`/control/messages/${id}`);
    store.messages.set(id, new Map(messages.map((message) => [message.id, message])));
  }));
  if (!store.me) store.me = store.scene.people[0] ?? 0;
  store.ready = true;
}

export function keep(message) {
  if (!store.messages.has(message.chat)) store.messages.set(message.chat, new Map());
  store.messages.get(message.chat).set(message.id, message);
}

export function forget(chat, id) {
  store.messages.get(chat)?.delete(id);
}

export const talk = (chat) => [...(store.messages.get(chat)?.values() ?? [])].sort((a, b) => a.id - b.id);
export const last = (chat) => talk(chat).at(-1);
export const me = () => store.users.get(store.me);
export const isPrivate = (chat) => chat.type === "private";
export const isChannel = (chat) => chat.type === "channel";

export function chatTitle(chat) {
  return isPrivate(chat) ? personName(store.users.get(chat.id) ?? chat) : chat.title;
}

export const personName = (user) =>
  user ? [user.first_name ?? user.title, user.last_name].filter(Boolean).join(" ") : "";

export function standing(chat, user = store.me) {
  if (isPrivate(chat)) return chat.id === user ? "member" : "left";
  return chat.members.find((one) => one.user === user)?.status ?? "left";
}

export const present = (chat, user = store.me) =>
  ["creator", "administrator", "member", "restricted"].includes(standing(chat, user));

export const mayWrite = (chat) =>
  isChannel(chat) ? ["creator", "administrator"].includes(standing(chat)) : present(chat);

/** Open a chat as somebody who may: the same person if possible. */
export function choose(chatId) {
  const chat = store.chats.get(chatId);
  if (!chat) return;
  store.open = chatId;
  if (isPrivate(chat)) store.me = chatId;
  else if (!present(chat)) {
    const played = store.scene.people.find((person) => present(chat, person));
    if (played) store.me = played;
  }
  look(chatId);
}

/** Play somebody else: stay in the chat when that person is in it. */
export function play(person) {
  store.me = person;
  const chat = store.chats.get(store.open);
  if (!chat || isPrivate(chat) || !present(chat)) store.open = person;
  look(store.open);
}

/** The open chat has been looked at. */
export function look(chatId) {
  store.seen.set(chatId, last(chatId)?.id ?? 0);
  sessionStorage.setItem("seen", JSON.stringify([...store.seen]));
}

export function unread(chatId) {
  const seen = store.seen.get(chatId) ?? 0;
  return talk(chatId).filter((one) => one.id > seen && one.kind !== "service" && !isOwn(one, chatId)).length;
}

const isOwn = (message, chatId) =>
  !message.mine && (message.from?.id === chatId || message.from?.id === store.me);

/** The command menu of a chat for a person: Telegram's order of scopes, the language first. */
export function commands(chat) {
  const admin = ["creator", "administrator"].includes(standing(chat));
  const scopes = isPrivate(chat)
    ? [["chat", chat.id], ["all_private_chats"], ["default"]]
    : [["chat_member", chat.id, store.me], ...(admin ? [["chat_administrators", chat.id]] : []), ["chat", chat.id],
      ...(admin ? [["all_chat_administrators"]] : []), ["all_group_chats"], ["default"]];
  for (const [type, chatId, user] of scopes) {
    for (const language of [me()?.language_code ?? "", ""]) {
      const found = store.bot.commands.find(({ scope, language: its }) => scope.type === type && its === language
        && (!chatId || String(scope.chat_id) === String(chatId)) && (!user || String(scope.user_id) === String(user)));
      if (found?.commands.length) return found.commands;
    }
  }
  return [];
}

/** What waits for an answer of mine in a chat: the newest force-reply prompt that I have not answered. */
export function prompt(chat) {
  const messages = talk(chat.id);
  for (const message of messages.slice(-30).reverse()) {
    if (!message.keyboard?.force_reply || !meantForMe(message, chat)) continue;
    const answered = messages.some((one) => one.reply_to === message.id && one.from?.id === store.me);
    return answered || store.dismissed?.has(`${chat.id}/${message.id}`) ? null : message;
  }
  return null;
}

function meantForMe(message, chat) {
  if (isPrivate(chat) || !message.keyboard.selective) return true;
  const answered = message.data.reply_to_message?.from?.id;
  const named = message.entities.some((one) => one.type === "text_mention" ? one.user.id === store.me
    : one.type === "mention" && message.text.slice(one.offset + 1, one.offset + one.length).toLowerCase() === me()?.username?.toLowerCase());
  return answered === store.me || named;
}
