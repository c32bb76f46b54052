// Building elements. Text from strangers goes through textContent only; no markup is ever parsed.

/** el("p.big", {title: "x", onclick: f}, "text", child, null) */
export function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  send: "M4 12l16-8-5 16-4-6zM11 14l9-10",
  attach: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.2a3 3 0 0 1 4.3 4.3l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L14 7.600",
  menu: "M5 7h14M5 12h14M5 17h9",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 7 6-7",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M5 19l1.400-1.400M17.600 6.400L19 5",
  desk: "M4 5h16v14H4zM8 9h4v4H8zM15 9h2M15 13h2M8 16h9",
  reply: "M10 7L4 12l6 5v-3.500c5 0 8 1.500 10 4.500-.5-5-4-8-10-8z",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  link: "M8 16L17 7M9.500 7H17v7.500",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  check: "M4 13l4 4L18 7",
  bot: "M6 9h12v9H6zM12 5v4M9 13h.01M15 13h.01",
  block: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.500 6.500l11 11",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.500 15.500L20 20",
};

/** A line drawing of 24 x 24. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}

export const find = (selector) => document.querySelector(selector);

const HUES = [["#ef7b5b", "#d5496b"], ["#f2a541", "#e2703a"], ["#8a7be0", "#5b56c2"],
  ["#4fb477", "#1f8a70"], ["#4aa6d6", "#2c6fb5"], ["#d774b8", "#9a4fb0"], ["#3fb8af", "#1b7f8e"]];

/** A round picture with the first letters of a name. */
export function avatar(name, id, size = "") {
  const [from, to] = HUES[Math.abs(id) % HUES.length];
  const letters = name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("");
  const node = el(`span.avatar${size ? "." + size : ""}`, { "aria-hidden": "true" }, letters.toUpperCase());
  node.style.background = `linear-gradient(150deg, ${from}, ${to})`;
  return node;
}

export const hue = (id) => `var(--name-${Math.abs(id) % HUES.length})`;
