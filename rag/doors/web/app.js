// The page: asking, filters, theme, keys, and which of its parts is shown.

import { read } from "./api.js";
import { byId, make } from "./dom.js";
import { showEvaluation } from "./evaluation.js";
import { closeReader, openArticle } from "./reader.js";
import { showList, startShelf } from "./shelf.js";
import { Turn } from "./turns.js";

const PARTS = ["ask", "articles", "evaluation"];
const turns = [];
let running = null;
let asked = "";

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

function askOrStop(event) {
  event.preventDefault();
  if (running) return running.abort();
  const question = byId("question").value.trim();
  if (question) ask(question);
}

async function ask(question) {
  const box = byId("question");
  const body = { question, history: history(), filters: chosenFilters() };
  const turn = new Turn(question);
  turns.push(turn);
  byId("turns").append(turn.element);
  document.body.classList.add("talking");
  byId("afresh").hidden = false;
  box.value = "";
  grow();
  // A touch screen's keyboard would cover the answer.
  if (matchMedia("(hover: none)").matches) box.blur();
  // Replaced, so that going back leaves the page; set after the turn is there, so that it is not asked anew.
  asked = turn.link = linkTo(question, body.filters);
  window.history.replaceState(null, "", asked);
  turn.element.scrollIntoView({ block: "start", behavior: "smooth" });
  running = new AbortController();
  byId("send").textContent = "Stop";
  await turn.run(body, running.signal);
  running = null;
  byId("send").textContent = "Ask";
  box.placeholder = "Ask a follow-up";
}

// The question stands after the #, which browsers keep to themselves: no log on the way has it.
function linkTo(question, { publishers = [], since, until }) {
  const said = new URLSearchParams({ q: question });
  for (const name of publishers) said.append("publisher", name);
  if (since) said.set("since", since);
  if (until) said.set("until", until);
  return `#ask?${said}`;
}

async function askFromAddress() {
  const said = new URLSearchParams(location.hash.split("?")[1] || "");
  const question = (said.get("q") || "").trim().slice(0, 4000);
  if (!question || location.hash === asked || running) return;
  byId("since").value = said.get("since") || "";
  byId("until").value = said.get("until") || "";
  await publishersShown;
  const wanted = new Set(said.getAll("publisher"));
  for (const box of document.querySelectorAll("#publishers input")) box.checked = wanted.has(box.value);
  sayFilters();
  byId("filters").open = Object.keys(chosenFilters()).length > 0;
  ask(question);
}

function startAfresh() {
  running?.abort();
  asked = "#ask";
  window.history.replaceState(null, "", asked);
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
  const [part, ...rest] = location.hash.slice(1).split("?")[0].split("/");
  const here = PARTS.includes(part) ? part : "ask";
  if (byId(here).hidden) closeReader();
  for (const each of PARTS) {
    byId(each).hidden = each !== here;
    if (each === here) byId(`to-${each}`).setAttribute("aria-current", "page");
    else byId(`to-${each}`).removeAttribute("aria-current");
  }
  document.body.classList.toggle("wide", here === "evaluation");
  if (here === "articles") showList();
  else if (here === "evaluation") showEvaluation(rest);
  else askFromAddress();
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

byId("composer").addEventListener("submit", askOrStop);
byId("composer").addEventListener("change", sayFilters);
byId("question").addEventListener("input", grow);
byId("afresh").addEventListener("click", startAfresh);
byId("theme").addEventListener("click", switchTheme);
document.addEventListener("keydown", onKey);
document.addEventListener("articles-changed", () => { showPublishers(); showReadiness(); });
window.addEventListener("hashchange", route);
const publishersShown = showPublishers();
startShelf();
route();
showReadiness();
openFromAddress();
