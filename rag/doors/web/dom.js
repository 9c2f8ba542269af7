// Elements are made here. Words of articles and answers only ever become text nodes.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

export const byId = (id) => document.getElementById(id);

// An address from an article is followed only where it is a web address.
export function webAddress(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export const dayOf = (timestamp) => (timestamp ? DAY.format(new Date(timestamp)) : "date unknown");
export const publisherOf = (source) => source.publisher || "Publisher unknown";

// "The Harbour Gazette · 1 March 2025"
export function byline(source) {
  return make(
    "span",
    { class: "byline" },
    make("span", { class: source.publisher ? "publisher" : "publisher unknown" }, publisherOf(source)),
    " · ",
    source.published_at
      ? make("time", { datetime: source.published_at }, dayOf(source.published_at))
      : make("span", { class: "unknown" }, "date unknown"),
  );
}

let hiding;
export function toast(words) {
  const place = byId("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (place.hidden = true), 4000);
}
