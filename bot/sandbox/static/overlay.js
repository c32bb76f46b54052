// What lies above the chat: toasts, alerts, small menus, a picture in full.

import { el, find, icon } from "./dom.js";

/** A short word that goes away by itself. */
export function toast(text) {
  const node = el("div.toast", {}, text);
  find("#toasts").append(node);
  setTimeout(() => node.classList.add("gone"), 3600);
  setTimeout(() => node.remove(), 4000);
}

/** A word that waits for OK. */
export function alertBox(text) {
  const dialog = find("#alert");
  dialog.querySelector("p").textContent = text;
  if (!dialog.open) dialog.showModal();
}

export function lightbox(address) {
  const dialog = find("#lightbox");
  dialog.querySelector("img").src = address;
  dialog.showModal();
}

let back = null;

/** A menu beside an element: [{icon, text, act, danger}]. */
export function menu(anchor, entries) {
  const box = find("#popover");
  back = anchor;
  box.replaceChildren(...entries.filter(Boolean).map((entry) => el(`button${entry.danger ? ".danger" : ""}`,
    { type: "button", role: "menuitem", onclick: () => { close(); entry.act(); } }, icon(entry.icon), entry.text)));
  box.hidden = false;
  const at = anchor.getBoundingClientRect(), own = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
  box.style.top = `${at.bottom + own.height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - own.height - 4)}px`;
  box.querySelector("button")?.focus();
}

export function close() {
  const box = find("#popover");
  if (box.hidden) return false;
  box.hidden = true;
  back?.focus?.({ preventScroll: true });
  return true;
}

export function wire() {
  document.addEventListener("pointerdown", (event) => { if (!find("#popover").contains(event.target)) find("#popover").hidden = true; });
  find("#popover").addEventListener("keydown", (event) => {
    const buttons = [...find("#popover").querySelectorAll("button")], at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); buttons.at((at + step) % buttons.length)?.focus(); }
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
  find("#lightbox").addEventListener("click", () => find("#lightbox").close());
  find("#lightbox button").append(icon("close"));
}
