// The page: asking, filters, theme, keys, and which of its two parts is shown.

import { read } from "./api.js";
import { byId, make } from "./dom.js";
import { closeReader, openArticle } from "./reader.js";
import { showList, startShelf } from "./shelf.js";
import { Turn } from "./turns.js";

const turns = [];
let running = null;

function history() {
  return turns.filter((turn) => turn.answer).slice(-6).map((turn) => ({ question: turn.question, answer: turn.answer.text }));
}

function chosenFilters() {
  const publishers = [...document.querySelectorAll("#publishers input:checked")].map((box) => box.value);
  const filters = {};
  if (publishers.length) filters.publishers = publishers;
  if (byId("since").value) filters.since = byId("since").value;
  if (byId("until").value) filters.until = byId("until").value;
  return filters;
}

async function ask(event) {
  event.preventDefault();
  if (running) {
    running.abort();
    return;
  }
  const box = byId("question");
  const question = box.value.trim();
  if (!question) return;
  const body = { question, history: history(), filters: chosenFilters() };
  const turn = new Turn(question);
  turns.push(turn);
  byId("turns").append(turn.element);
  document.body.classList.add("talking");
  byId("afresh").hidden = false;
  box.value = "";
  grow();
  turn.element.scrollIntoView({ block: "start", behavior: "smooth" });
  running = new AbortController();
  byId("send").textContent = "Stop";
  await turn.run(body, running.signal);
  running = null;
  byId("send").textContent = "Ask";
  box.placeholder = "Ask a follow-up";
}

function startAfresh() {
  running?.abort();
  turns.length = 0;
  byId("turns").replaceChildren();
  document.body.classList.remove("talking");
  byId("afresh").hidden = true;
  byId("question").placeholder = "What do you want to know?";
  byId("question").focus();
  closeReader();
}

function grow() {
  const box = byId("question");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
}

function onKey(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    location.hash = "#ask";
    byId("question").focus();
  } else if (event.key === "Escape" && !byId("key").open) {
    if (!closeReader()) typing?.blur();
  } else if (event.key === "Enter" && event.target.id === "question" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("byline-theme", root.dataset.theme);
}

function route() {
  const articles = location.hash === "#articles";
  byId("ask").hidden = articles;
  byId("articles").hidden = !articles;
  byId("to-ask").toggleAttribute("aria-current", !articles);
  byId("to-articles").toggleAttribute("aria-current", articles);
  if (articles) showList();
}

async function showPublishers() {
  try {
    const { publishers } = await read("/v1/articles/publishers");
    const known = publishers.filter((each) => each.name !== null);
    const boxes = known.map(({ name, articles }) =>
      make("label", {}, make("input", { type: "checkbox", value: name }), ` ${name} `, make("span", { class: "small" }, articles)));
    byId("publishers").replaceChildren(make("legend", {}, "Publishers"), ...(boxes.length ? boxes : ["None is known."]));
    const total = publishers.reduce((sum, each) => sum + each.articles, 0);
    byId("edition").textContent = total ? `${total} articles · ${known.length} publishers` : "";
  } catch (problem) {
    byId("publishers").replaceChildren(make("legend", {}, "Publishers"), make("p", { class: "problem" }, problem.message));
  }
}

function sayFilters() {
  const chosen = Object.values(chosenFilters()).flat().length;
  byId("filters-said").textContent = chosen ? ` (${chosen})` : "";
}

async function showReadiness() {
  const { missing } = await (await fetch("/readyz")).json();
  byId("readiness").replaceChildren(...missing.map((each) => make("p", { class: "missing" }, make("strong", {}, each.what), " ", each.remedy)));
  if (missing.some((each) => each.what.includes("opening"))) setTimeout(showReadiness, 1500);
}

function openFromAddress() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("article")) return;
  const place = asked.has("start") ? { start: Number(asked.get("start")), end: Number(asked.get("end")) } : {};
  openArticle(asked.get("article"), place);
}

byId("composer").addEventListener("submit", ask);
byId("composer").addEventListener("change", sayFilters);
byId("question").addEventListener("input", grow);
byId("afresh").addEventListener("click", startAfresh);
byId("theme").addEventListener("click", switchTheme);
document.addEventListener("keydown", onKey);
document.addEventListener("articles-changed", () => { showPublishers(); showReadiness(); });
window.addEventListener("hashchange", route);
startShelf();
route();
showPublishers();
showReadiness();
openFromAddress();
