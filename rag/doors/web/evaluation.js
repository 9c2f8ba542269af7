// The evaluation tab: the runs of this home, one run's scorecard, and what changed between two.

import { read } from "./api.js";
import { byId, make } from "./dom.js";

const PLACE = "/v1/evaluation/runs";
let shown = 0;

// `#evaluation`, `#evaluation/RUN` or `#evaluation/RUN/EARLIER`.
export async function showEvaluation(names) {
  const mine = (shown += 1);
  const place = byId("scorecard");
  try {
    const [name, earlier] = names.map(decodeURIComponent);
    const { runs } = await read(PLACE);
    if (mine !== shown) return;
    if (!runs.length) return place.replaceChildren(nothing());
    const run = name || runs[0].run;
    const [card, compared] = await Promise.all([
      read(`${PLACE}/${encodeURIComponent(run)}`),
      earlier ? read(`${PLACE}/${encodeURIComponent(earlier)}/compared-with/${encodeURIComponent(run)}`) : null,
    ]);
    if (mine !== shown) return;
    place.replaceChildren(chooser(runs, run, earlier), compared ? comparison(compared) : "", scorecard(card), cases(card.records));
  } catch (problem) {
    if (mine === shown) place.replaceChildren(make("p", { class: "problem", role: "alert" }, problem.message));
  }
}

const nothing = () =>
  make("div", { class: "empty" },
    make("p", {}, make("strong", {}, "No run yet.")),
    make("p", { class: "small" }, "Gold questions are asked and scored with ", make("code", {}, "byline eval run eval/cases"), "; the scorecard appears here."));

function go(run, earlier) {
  location.hash = ["#evaluation", run, earlier].filter(Boolean).map((part, at) => (at ? encodeURIComponent(part) : part)).join("/");
}

function chooser(runs, run, earlier) {
  const named = (each) => `${dayAndHour(each.run)}${each.model ? ` · ${each.model}` : ""} · ${each.cases ?? "?"} cases`;
  const options = (chosen, left) => runs.filter((each) => each.run !== left).map((each) =>
    make("option", { value: each.run, selected: each.run === chosen }, each.problem ? `${each.run} (damaged)` : named(each)));
  const first = make("select", { id: "run", onchange: (event) => go(event.target.value, "") }, options(run, null));
  const second = make("select", { id: "earlier", onchange: (event) => go(run, event.target.value) },
    make("option", { value: "" }, "nothing"), options(earlier, run));
  return make("div", { class: "choose-run" }, make("label", {}, "Run", first), make("label", {}, "Compared with", second));
}

// "2026-11-24T101500Z" is how a run is named by default; any other name is shown as it is.
function dayAndHour(name) {
  const at = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)/.exec(name);
  return at ? `${at[1]} ${at[2]}:${at[3]}` : name;
}

function table(caption, heads, rows) {
  return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption },
    make("table", {}, make("caption", { class: "unseen" }, caption),
      make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, rows)));
}

function scorecard(card) {
  const rate = card.rows.filter((row) => row.kind !== "cost");
  const cost = card.rows.filter((row) => row.kind === "cost");
  const line = (row) => make("tr", {},
    make("th", { scope: "row" }, row.check, make("span", { class: "about" }, row.about)),
    make("td", { class: "number" }, row.words.value),
    make("td", { class: "range" }, row.kind === "cost" ? "" : range(row), make("span", { class: "small" }, row.words.between)),
    make("td", { class: "number small" }, row.words.share, row.unscored ? ` (${row.unscored} unscored)` : ""));
  return make("section", {},
    make("h2", {}, "Scorecard"),
    make("ul", { class: "notes small" }, card.notes.map((note) => make("li", {}, note))),
    table("Scorecard", ["Check", "Mean", "95 % interval", "n"], rate.map(line)),
    make("details", {}, make("summary", {}, "By kind of question"), byKind(card.kinds)),
    cost.length ? make("details", {}, make("summary", {}, "What it took"), table("What it took", ["Measure", "Mean", "95 % interval", "n"], cost.map(line))) : "",
    make("details", {}, make("summary", {}, "What made it"), make("pre", {}, JSON.stringify(card.stamp, null, 1))));
}

function byKind(kinds) {
  const checks = [...new Set(kinds.flatMap((kind) => kind.rows.map((row) => row.check)))];
  const cell = (kind, check) => {
    const row = kind.rows.find((each) => each.check === check);
    return make("td", { class: "number" }, row ? row.words.value : "–", row ? make("span", { class: "about" }, row.words.share) : "");
  };
  return table("By kind of question", ["Kind", ...checks],
    kinds.map((kind) => make("tr", {}, make("th", { scope: "row" }, kind.kind.replaceAll("_", " ")), checks.map((check) => cell(kind, check)))));
}

// The mean on its interval, from 0 to 1. Drawn by attributes: the page's policy allows no styles of elements.
function range({ value, low, high }) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const part = (tag, attributes) => {
    const element = document.createElementNS(space, tag);
    for (const [name, each] of Object.entries(attributes)) element.setAttribute(name, each);
    drawing.append(element);
  };
  drawing.setAttribute("viewBox", "-3 0 106 10");
  drawing.setAttribute("aria-hidden", "true");
  part("rect", { class: "track", x: 0, y: 4, width: 100, height: 2, rx: 1 });
  if (low !== null) part("rect", { class: "between", x: 100 * low, y: 3, width: Math.max(1, 100 * (high - low)), height: 4, rx: 2 });
  part("circle", { class: "mean", cx: 100 * value, cy: 5, r: 3 });
  return drawing;
}

function comparison(found) {
  const row = (each) => make("tr", {},
    make("th", { scope: "row" }, each.check),
    make("td", { class: "number" }, each.words.a), make("td", { class: "number" }, each.words.b),
    make("td", { class: "number" }, each.difference > 0 ? "+" : "", each.words.difference, make("span", { class: "about" }, each.words.between)),
    make("td", { class: "number small" }, `${each.won} won, ${each.lost} lost`),
    make("td", {}, make("span", { class: `outcome ${each.outcome}` }, each.outcome)));
  const changed = found.changed.map((each) => make("li", {},
    make("p", { class: "case-question" }, each.question, make("span", { class: "small" }, ` ${each.checks.join(", ")}`)),
    make("div", { class: "sides" }, side("Before", each.a), side("Now", each.b))));
  return make("section", {},
    make("h2", {}, "What changed"),
    make("p", { class: "small" }, `${found.pairs} cases in both; before: ${dayAndHour(found.a)}, now: ${dayAndHour(found.b)}.`),
    found.notes.length ? make("ul", { class: "notes small" }, found.notes.map((note) => make("li", {}, note))) : "",
    table("Comparison", ["Check", "Before", "Now", "Difference", "Cases", "Verdict"], found.checks.map(row)),
    changed.length ? make("details", {}, make("summary", {}, `${changed.length === 1 ? "1 case" : `${changed.length} cases`} changed`), make("ol", { class: "changed" }, changed)) : "");
}

const side = (head, told) =>
  make("div", { class: "side" }, make("p", { class: "small" }, `${head}: ${told.status || told.error}`), make("p", {}, told.text || ""));

function cases(records) {
  const list = make("ol", { class: "cases" });
  const show = (only) => list.replaceChildren(...records.filter((each) => !only || each.failed.length || each.error).map(one));
  const wrong = records.filter((each) => each.failed.length || each.error).length;
  const box = make("input", { type: "checkbox", checked: wrong > 0, onchange: (event) => show(event.target.checked) });
  show(wrong > 0);
  return make("section", {}, make("h2", {}, "Cases"),
    make("label", { class: "small" }, box, ` Only the ${wrong} of ${records.length} that failed a check`), list);
}

function one(each) {
  return make("li", {},
    make("p", { class: "case-question", dir: "auto" }, make("a", { href: `#ask?${new URLSearchParams({ q: each.question })}` }, each.question)),
    make("p", { class: "case-answer", dir: "auto" }, each.text || each.error || ""),
    make("p", { class: "small" }, [each.kind.replaceAll("_", " "), each.status, each.failed.length ? `failed: ${each.failed.join(", ")}` : ""].filter(Boolean).join(" · ")));
}
