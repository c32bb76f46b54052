// Rich messages: blocks as elements. Draws what the server has read; knows no message.

import { el } from "./dom.js";
import { link } from "./text.js";

const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", marked: "mark", subscript: "sub", superscript: "sup", spoiler: "span" };
const TEXTS = { paragraph: "p", footer: "footer", pre: "pre" };

/** The blocks of a message; `file` gives the address of a picture by its id. */
export const blocks = (found, act, file) => found.map((one) => block(one, act, file));

function block(one, act, file) {
  switch (one.type) {
    case "heading": return el(`h${one.size}`, {}, words(one.text, act));
    case "divider": return el("hr");
    case "photo": return picture(one, act, file);
    case "list": return list(one, act, file);
    case "blockquote": return el("blockquote", {}, blocks(one.blocks, act, file));
    case "details": return el("details", { open: Boolean(one.is_open) }, el("summary", {}, words(one.summary, act)), blocks(one.blocks, act, file));
    default: return el(TEXTS[one.type] ?? "p", {}, words(one.text ?? "", act));
  }
}

function list(one, act, file) {
  const bullets = one.items.every((item) => item.label === "•");
  return el(bullets ? "ul" : "ol", {}, one.items.map((item) => el("li", {}, blocks(item.blocks, act, file))));
}

function picture(one, act, file) {
  const largest = one.photo[one.photo.length - 1];
  const image = el("img", { src: file(largest.file_id), alt: "", width: String(largest.width), height: String(largest.height) });
  return el("button.picture", { type: "button", onclick: () => act.show(image.src) }, image);
}

function words(text, act) {
  if (typeof text === "string") return [text];
  if (Array.isArray(text)) return text.flatMap((one) => words(one, act));
  if (text.type === "url") return [link(text.url, words(text.text, act), act)];
  return [el(STYLES[text.type] ?? "span", {}, words(text.text ?? "", act))];
}
