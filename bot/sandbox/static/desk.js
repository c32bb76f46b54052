// The newsroom's desk: publish, correct, swap the picture, retract. The feed shows it at once.

import { el, find } from "./dom.js";
import { applyTheme, lang, t, translate } from "./i18n.js";

const DRAFTS = {
  id: [
    ["Taman Baca Terapung Singgah di Tiga Desa Tepi Sungai", "Perahu berisi 1.200 buku singgah di tiga desa tepi sungai mulai hari ini.\n\nPerahu itu berlabuh dua jam di setiap dermaga. Anak-anak boleh meminjam dua buku sampai perahu kembali pekan depan.\n\n\"Yang paling cepat habis adalah buku tentang bintang,\" kata juru mudi.", "Budaya"],
    ["Sepeda Air Gratis Urai Kemacetan Jembatan Lama", "Pemerintah kota menyediakan 40 sepeda air gratis selama perbaikan jembatan lama.\n\nPenyeberangan buka pukul 05.30 sampai 21.00. Pada hari pertama tercatat 2.300 penumpang.\n\nPerbaikan jembatan dijadwalkan selesai dalam enam pekan.", "Transportasi"],
    ["Kopi Lereng Sindara Menang Uji Rasa Nasional", "Kopi dari koperasi Lereng Sindara meraih nilai tertinggi dalam uji rasa nasional tahun ini.\n\nJuri menilai aromanya bersih dengan rasa jeruk dan gula aren. Panen berikutnya dimulai bulan depan.\n\nKoperasi beranggotakan 212 petani.", "Ekonomi"],
  ],
  en: [
    ["Floating Library Calls at Three Villages Along the River", "A boat with 1,200 books calls at three villages along the river from today.\n\nIt stays two hours at each landing. Children may borrow two books until the boat is back next week.\n\n“Those about stars are the first to go,” said the helmsman.", "Culture"],
    ["Hill Coffee Wins the National Tasting", "Coffee from the Sindara cooperative has won the highest marks of this year's national tasting.\n\nThe jury praised its clean scent, with orange and palm sugar. The next harvest begins in a month.\n\nThe cooperative has 212 members.", "Economy"],
  ],
};
let draft = 0, scenes = [], lights = [];

async function ask(action, form) {
  const answer = await fetch(`/desk/${action}`, { method: "POST", body: form });
  const result = await answer.json();
  if (!answer.ok) { say(t("failed", { why: result.error })); return null; }
  await load();
  return result;
}

const form = (words) => { const made = new FormData(); for (const [name, value] of Object.entries(words)) made.set(name, value); return made; };

function say(text) {
  find("#said").replaceChildren(el("span", {}, text));
  clearTimeout(say.timer);
  say.timer = setTimeout(() => find("#said").replaceChildren(), 4000);
}

async function load() {
  const state = await (await fetch("/desk/state")).json();
  ({ scenes, lights } = state);
  find("#list").replaceChildren(...state.articles.map(article));
}

function article(piece) {
  const corrected = piece.corrected ? ` · ${t("correctedMark")}` : "";
  const line = el("a", { href: piece.url, target: "_blank", rel: "noopener" }, piece.headline,
    el("small", {}, piece.published.slice(0, 16).replace("T", " ") + (piece.labels.length ? ` · ${piece.labels.join(", ")}` : "") + corrected));
  const acts = el("div.acts", {});
  const entry = el("li", { "data-number": piece.number }, piece.picture ? el("img", { src: piece.picture, alt: "" }) : el("span.blank"), line, acts);
  acts.append(
    el("button", { type: "button", onclick: () => correct(entry, line, acts, piece) }, t("correct")),
    el("button", { type: "button", onclick: () => swap(piece) }, t("swap")),
    el("button.danger", { type: "button", onclick: (event) => retract(event.currentTarget, piece) }, t("retract")));
  return entry;
}

function correct(entry, line, acts, piece) {
  const input = el("input", { type: "text", maxlength: "200", "aria-label": t("headline") });
  input.value = piece.headline;
  const save = async () => { if (await ask("correct", form({ number: piece.number, headline: input.value }))) say(t("saved")); };
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") save(); if (event.key === "Escape") load(); });
  line.replaceWith(input);
  acts.replaceChildren(el("button", { type: "button", onclick: save }, t("save")), el("button", { type: "button", onclick: load }, t("cancel")));
  input.focus();
}

async function swap(piece) {
  const another = scenes.filter((scene) => !piece.picture.includes(`/${scene}-`));
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  if (await ask("swap", form({ number: piece.number, scene: pick(another), light: pick(lights) }))) say(t("swapped"));
}

async function retract(button, piece) {
  if (!button.dataset.sure) {
    button.dataset.sure = "yes";
    button.textContent = t("sure");
    setTimeout(() => { delete button.dataset.sure; button.textContent = t("retract"); }, 4000);
    return;
  }
  if (await ask("retract", form({ number: piece.number }))) say(t("retracted", { title: piece.headline }));
}

// --- the new article --------------------------------------------------------------------------------

function fill() {
  const drafts = DRAFTS[lang()], [headline, text, label] = drafts[draft++ % drafts.length];
  const { elements } = find("#new");
  Object.assign(elements.headline, { value: headline });
  Object.assign(elements.text, { value: text });
  Object.assign(elements.label, { value: label });
  const choices = find("#scenes").querySelectorAll('input[name="scene"]');
  choices[Math.floor(Math.random() * scenes.length)].checked = true;
}

function drawScenes() {
  const light = find("#new").elements.light.value, chosen = find('#scenes input:checked')?.value;
  const one = (value, ...inside) => el("label", { title: value }, el("input", { type: "radio", name: "scene", value, checked: value === chosen, "aria-label": value || t("none") }), inside);
  const [file] = find("#new").elements.file.files;
  const own = el("label", { title: t("own") }, el("input", { type: "radio", name: "scene", value: "", checked: Boolean(file), "aria-label": t("own") }),
    file ? el("img", { src: URL.createObjectURL(file), alt: "" }) : el("span", {}, t("own")));
  own.addEventListener("click", () => find("#new").elements.file.click());
  find("#scenes").replaceChildren(...scenes.map((scene) => one(scene, el("img", { src: `/desk/scene/${scene}/${light}.jpg`, alt: "" }))), one("", el("span", {}, t("none"))), own);
}

async function publish(event) {
  event.preventDefault();
  const words = new FormData(find("#new")), { file } = find("#new").elements;
  const own = find("#scenes label:last-child input").checked;
  if (!own || !file.files.length) words.delete("file");
  const made = await ask("publish", words);
  if (!made) return;
  say(t("published", { title: made.headline }));
  file.value = "";
  drawScenes();
  fill();
}

async function start() {
  document.body.classList.toggle("beside", location.hash === "#beside");
  applyTheme();
  translate();
  addEventListener("storage", () => { applyTheme(); translate(); load(); });
  await load();
  const select = find("#new").elements.light;
  select.replaceChildren(...lights.map((one) => el("option", { value: one }, t(one))));
  select.value = "dusk";
  select.addEventListener("change", drawScenes);
  drawScenes();
  fill();
  find("#new").elements.file.addEventListener("change", drawScenes);
  find("#new").addEventListener("submit", publish);
  find("#another").addEventListener("click", fill);
}

start();
