// The page's own words in two languages. The bot's words are its own affair.

const WORDS = {
  en: {
    tagline: "Try a newsroom's bot", playing: "You play", chats: "Chats", messages: "Messages",
    readers: "Readers", public: "In public", newsroom: "Newsroom", others: "Others",
    desk: "Newsroom desk", language: "Bahasa Indonesia", theme: "Light or dark", back: "Back to the chats",
    more: "More", newest: "To the newest message", commands: "Commands", attach: "Attach pictures or sound",
    send: "Send", close: "Close", skip: "To the input", menu: "Menu",
    write: "Write as {name} …", caption: "Caption …", editing: "Edit message", answering: "Reply to {name}",
    bot: "bot", reader: "reader", chatOf: "{name}'s chat with the bot", you: "You",
    members: "{n} members", subscribers: "{n} subscribers", typing: "typing …", waiting: "the bot is starting …",
    edited: "edited", pinned: "Pinned message", reply: "Reply", edit: "Edit", remove: "Delete", copy: "Copy text",
    like: "React with 👍", photo: "Photo", voice: "Voice message", audio: "Sound", video: "Video", document: "File", album: "Album",
    start: "Start", blocked: "You have blocked the bot", block: "Block the bot", unblock: "Unblock", readOnly: "Only administrators write here",
    noMessages: "No messages yet", whatCan: "What can this bot do?", silence: "The bot did not answer in time.",
    noInline: "Nothing found", inlineHint: "Search articles: @{name} words", joined: "{name} joined", left: "{name} left",
    pinnedThis: "{name} pinned a message", created: "Topic “{name}”", changed: "The chat was changed", via: "via @{name}",
    play: "Play", pause: "Pause", spoiler: "Hidden text, press to show", expand: "Show all", copied: "Copied",
    trouble: "The bot has stopped. Its last words:", today: "Today", yesterday: "Yesterday", lost: "Connection lost, trying again …",
    leaves: "Opens in a new tab", cancel: "Cancel", tooBig: "{name} is larger than 20 MB.", draft: "Draft", unread: "{n} unread", failed: "That did not work: {why}",
    deskTitle: "Newsroom desk", deskHint: "What you do here shows in the feed at once; the bot looks every second.",
    headline: "Headline", text: "Text (an empty line begins a paragraph)", label: "Label", picture: "Picture", none: "none", own: "Own picture …",
    light: "Light", dawn: "dawn", day: "day", dusk: "dusk", night: "night", publish: "Publish", published: "Published: {title}",
    articles: "On the site", correct: "Correct", swap: "New picture", retract: "Retract", sure: "Really retract?", save: "Save",
    correctedMark: "corrected", retracted: "Retracted: {title}", swapped: "Picture swapped", saved: "Headline corrected", open: "Open",
    shorten: "Another draft",
  },
  id: {
    tagline: "Cobalah bot redaksi", playing: "Anda berperan sebagai", chats: "Obrolan", messages: "Pesan",
    readers: "Pembaca", public: "Di depan umum", newsroom: "Redaksi", others: "Lainnya",
    desk: "Meja redaksi", language: "English", theme: "Terang atau gelap", back: "Kembali ke obrolan",
    more: "Lainnya", newest: "Ke pesan terbaru", commands: "Perintah", attach: "Lampirkan foto atau suara",
    send: "Kirim", close: "Tutup", skip: "Ke kolom tulis", menu: "Menu",
    write: "Tulis sebagai {name} …", caption: "Keterangan …", editing: "Ubah pesan", answering: "Balas {name}",
    bot: "bot", reader: "pembaca", chatOf: "obrolan {name} dengan bot", you: "Anda",
    members: "{n} anggota", subscribers: "{n} pelanggan", typing: "sedang menulis …", waiting: "bot sedang mulai …",
    edited: "diubah", pinned: "Pesan disematkan", reply: "Balas", edit: "Ubah", remove: "Hapus", copy: "Salin teks",
    like: "Tanggapi dengan 👍", photo: "Foto", voice: "Pesan suara", audio: "Suara", video: "Video", document: "Berkas", album: "Album",
    start: "Mulai", blocked: "Anda memblokir bot", block: "Blokir bot", unblock: "Buka blokir", readOnly: "Hanya admin yang menulis di sini",
    noMessages: "Belum ada pesan", whatCan: "Apa yang bisa dilakukan bot ini?", silence: "Bot tidak menjawab tepat waktu.",
    noInline: "Tidak ditemukan", inlineHint: "Cari artikel: @{name} kata", joined: "{name} bergabung", left: "{name} keluar",
    pinnedThis: "{name} menyematkan pesan", created: "Topik “{name}”", changed: "Obrolan diubah", via: "lewat @{name}",
    play: "Putar", pause: "Jeda", spoiler: "Teks tersembunyi, tekan untuk melihat", expand: "Tampilkan semua", copied: "Tersalin",
    trouble: "Bot berhenti. Kata terakhirnya:", today: "Hari ini", yesterday: "Kemarin", lost: "Koneksi terputus, mencoba lagi …",
    leaves: "Terbuka di tab baru", cancel: "Batal", tooBig: "{name} lebih besar dari 20 MB.", draft: "Konsep", unread: "{n} belum dibaca", failed: "Tidak berhasil: {why}",
    deskTitle: "Meja redaksi", deskHint: "Yang Anda lakukan di sini langsung tampak di umpan; bot melihatnya setiap detik.",
    headline: "Judul", text: "Isi (baris kosong memulai paragraf)", label: "Label", picture: "Gambar", none: "tanpa", own: "Gambar sendiri …",
    light: "Cahaya", dawn: "fajar", day: "siang", dusk: "senja", night: "malam", publish: "Terbitkan", published: "Terbit: {title}",
    articles: "Di situs", correct: "Perbaiki", swap: "Ganti gambar", retract: "Tarik", sure: "Sungguh tarik?", save: "Simpan",
    correctedMark: "diperbaiki", retracted: "Ditarik: {title}", swapped: "Gambar diganti", saved: "Judul diperbaiki", open: "Buka",
    shorten: "Konsep lain",
  },
};

let language = localStorage.getItem("language")
  ?? (navigator.languages.some((one) => one.startsWith("id")) ? "id" : "en");

/** A word in the page's language, with {places} filled. */
export function t(key, values = {}) {
  return (WORDS[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export const lang = () => language;

/** Switch to the other language, for good. */
export function switchLanguage() {
  language = language === "id" ? "en" : "id";
  localStorage.setItem("language", language);
}

/** Put words on what stands in the page itself: data-t, data-title, data-label. */
export function translate(root = document) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-title]")) {
    node.title = t(node.dataset.title);
    node.setAttribute("aria-label", t(node.dataset.title));
  }
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false });

/** "Today", "Yesterday" or a date. */
export function day(seconds) {
  const then = new Date(seconds * 1000), now = new Date();
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return then.toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric" });
}

/** Light or dark: the system's choice until the visitor makes one. */
export function applyTheme(flip = false) {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  let theme = localStorage.getItem("theme") ?? system;
  if (flip) {
    theme = theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", theme);
  }
  document.documentElement.dataset.theme = theme;
  return theme;
}
