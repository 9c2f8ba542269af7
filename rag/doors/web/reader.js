// The article beside the answer: its whole text, with the quote marked and in view.

import { read } from "./api.js";
import { copyWords } from "./copying.js";
import { byId, byline, dayOf, make, webAddress } from "./dom.js";
import { parted } from "./offsets.js";

let openedBy = null;
let turn = 0;

export function closeReader() {
  const pane = byId("reader");
  if (pane.hidden) return false;
  turn += 1;
  pane.hidden = true;
  pane.replaceChildren();
  document.body.classList.remove("reading");
  openedBy?.setAttribute?.("aria-expanded", "false");
  openedBy?.focus?.();
  openedBy = null;
  return true;
}

// `place` may hold start, end, quote and the sha256 that the article had when it was quoted.
export async function openArticle(id, place = {}, opener = null) {
  const pane = byId("reader");
  const mine = (turn += 1);
  openedBy?.setAttribute?.("aria-expanded", "false");
  openedBy = opener || openedBy;
  openedBy?.setAttribute?.("aria-expanded", "true");
  pane.hidden = false;
  document.body.classList.add("reading");
  pane.replaceChildren(bar(), make("p", { class: "small", role: "status" }, "Opening the article…"));
  try {
    const article = await read(`/v1/articles/${encodeURIComponent(id)}`);
    if (mine !== turn) return;
    show(pane, article, place);
  } catch (problem) {
    if (mine === turn) pane.replaceChildren(bar(), make("p", { class: "problem", role: "alert" }, problem.message));
  }
}

function bar(link = null) {
  const copy = link ? make("button", { type: "button", class: "quiet", onclick: () => copyWords(link, "The link is copied.") }, "Copy link") : "";
  const close = make("button", { type: "button", class: "quiet", onclick: closeReader }, "Close ");
  close.append(make("kbd", { "aria-hidden": "true" }, "Esc"));
  return make("div", { class: "reader-bar" }, make("span", { class: "kicker" }, "Source"), copy, close);
}

function show(pane, article, place) {
  const quoted = Number.isInteger(place.start) && Number.isInteger(place.end) && place.end > place.start;
  const [before, within, after] = quoted ? parted(article.text, place.start, place.end) : [article.text, "", ""];
  const holds = !quoted || ((!place.quote || within === place.quote) && (!place.sha256 || place.sha256 === article.sha256));
  const mark = quoted && holds ? make("mark", { id: "quote", tabindex: "-1" }, within) : null;
  const text = mark ? [before, mark, after] : [article.text];
  const address = new URLSearchParams({ article: article.id, ...(mark ? { start: place.start, end: place.end } : {}) });
  pane.replaceChildren(
    bar(`${location.origin}/?${address}`),
    make("h2", {}, article.title || "Untitled"),
    make("p", { class: "reader-byline" }, byline(article), article.author ? ` · ${article.author}` : null),
    article.updated_at ? make("p", { class: "small" }, `Updated ${dayOf(article.updated_at)}`) : "",
    holds ? "" : make("p", { class: "problem", role: "alert" }, "This article has changed since it was quoted."),
    make("div", { class: "article-text", lang: article.language, dir: "auto" }, text),
    foot(article),
  );
  pane.focus({ preventScroll: true });
  pane.scrollTop = 0;
  mark?.scrollIntoView({ block: "center" });
}

function foot(article) {
  const address = article.url ? webAddress(article.url) : null;
  const copies = article.copies.map((copy) =>
    make("li", {}, make("button", { type: "button", class: "as-link", onclick: () => openArticle(copy.id) }, byline(copy))),
  );
  return make(
    "footer",
    { class: "reader-foot small" },
    address ? make("p", {}, make("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, "Read it where it was published")) : null,
    article.path ? make("p", {}, `File: ${article.path}`) : null,
    copies.length ? make("div", {}, make("p", {}, "The same story also in:"), make("ul", {}, copies)) : null,
  );
}
