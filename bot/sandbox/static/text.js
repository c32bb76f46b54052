// A text with its entities as elements. Offsets are UTF-16 units, as in JavaScript's strings.

import { el } from "./dom.js";
import { t } from "./i18n.js";

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

/** The nodes of a text. `act` does what links do: act.link(address), act.command(text), act.tag(text). */
export function rich(text, entities, act) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, sorted, 0, text.length, act);
}

function nodes(text, entities, from, to, act) {
  const made = [];
  let at = from;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index], end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue;
    if (entity.offset > at) made.push(text.slice(at, entity.offset));
    const inside = entities.slice(index + 1).filter((one) => one.offset >= entity.offset && one.offset + one.length <= end);
    made.push(wrap(entity, text.slice(entity.offset, end), nodes(text, inside, entity.offset, end, act), act));
    at = end;
  }
  if (at < to) made.push(text.slice(at, to));
  return made;
}

function wrap(entity, shown, children, act) {
  const kind = entity.type;
  if (PLAIN[kind]) return el(PLAIN[kind], {}, children);
  if (kind === "pre") return el("pre", {}, el("code", {}, children));
  if (kind === "spoiler") return spoiler(children);
  if (kind === "blockquote") return el("blockquote", {}, children);
  if (kind === "expandable_blockquote") return expandable(children);
  if (kind === "bot_command") return press(children, () => act.command(shown));
  if (kind === "hashtag" || kind === "cashtag") return press(children, () => act.tag(shown));
  const address = addressOf(entity, shown);
  return address ? link(address, children, act) : el("span", {}, children);
}

function addressOf(entity, shown) {
  switch (entity.type) {
    case "text_link": return entity.url;
    case "url": return shown.includes("://") ? shown : `http://${shown}`;
    case "email": return `mailto:${shown}`;
    case "mention": return `https://t.me/${shown.slice(1)}`;
    case "text_mention": return `tg://user?id=${entity.user.id}`;
    default: return "";
  }
}

/** Is this an address that a browser may be sent to? Never javascript: or data:. */
export const outside = (address) => /^(https?:|mailto:)/i.test(address);

export function link(address, children, act) {
  const follow = (event) => { event.preventDefault(); act.link(address); };
  return el("a", { href: outside(address) ? address : "#", rel: "noopener noreferrer", target: "_blank", onclick: follow }, children);
}

const press = (children, act) => el("a.word", { href: "#", role: "button", onclick: (event) => { event.preventDefault(); act(); } }, children);

function spoiler(children) {
  const node = el("span.spoiler", { role: "button", tabindex: "0", "aria-label": t("spoiler") }, el("span", {}, children));
  const reveal = () => { node.classList.add("shown"); node.removeAttribute("role"); node.removeAttribute("aria-label"); };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") reveal(); });
  return node;
}

function expandable(children) {
  const quote = el("blockquote.folded", {}, children);
  quote.append(el("button.unfold", { type: "button", onclick: () => quote.classList.toggle("folded"), "aria-label": t("expand") }, "⌄"));
  return quote;
}
