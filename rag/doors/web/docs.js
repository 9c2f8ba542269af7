// The API's page, made from /openapi.json.

import { call } from "./api.js";
import { byId, make } from "./dom.js";

const schema = await (await fetch("/openapi.json")).json();

const named = (reference) => schema.components.schemas[reference.split("/").pop()];
const opened = (part) => (part?.$ref ? named(part.$ref) : part) || {};

function typeOf(part) {
  if (part.$ref) return part.$ref.split("/").pop();
  if (part.anyOf) return part.anyOf.map(typeOf).filter((each) => each !== "null").join(" or ");
  if (part.enum) return part.enum.map((each) => JSON.stringify(each)).join(" or ");
  if (part.const !== undefined) return JSON.stringify(part.const);
  if (part.type === "array") return `list of ${typeOf(part.items || {})}`;
  return part.format ? `${part.type} (${part.format})` : part.type || "any";
}

function fields(part, depth = 0) {
  const { properties = {}, required = [] } = opened(part);
  const rows = Object.entries(properties).flatMap(([name, field]) => {
    const inner = field.$ref || field.items?.$ref;
    return [
      make("dt", {}, make("code", {}, name), required.includes(name) ? " (needed)" : ""),
      make("dd", {}, [typeOf(field), field.description].filter(Boolean).join(". "), inner && depth < 2 ? fields({ $ref: inner }, depth + 1) : null),
    ];
  });
  return make("dl", {}, rows);
}

function route(path, method, about) {
  const bodies = Object.entries(about.requestBody?.content || {});
  const queries = about.parameters || [];
  return make("details", { class: "route" },
    make("summary", {}, make("code", { class: "method" }, method.toUpperCase()), make("code", {}, path), make("span", { class: "about-route" }, about.description || about.summary)),
    make("div", { class: "inside" },
      queries.length ? make("dl", {}, queries.flatMap((each) => [make("dt", {}, make("code", {}, each.name), ` (${each.in})`), make("dd", {}, [typeOf(each.schema), each.description].filter(Boolean).join(". "))])) : null,
      bodies.map(([kind, body]) => [make("p", { class: "small" }, make("code", {}, kind), " ", opened(body.schema).description || ""), fields(body.schema)]),
      bodies.some(([kind]) => kind === "multipart/form-data") ? make("figure", { class: "example" }, make("figcaption", {}, "Files of your own"), make("pre", { class: "curl", tabindex: "0" }, `curl '${location.origin}${path}' -F files=@story.html -F files=@other.txt`)) : null,
      queries.length || bodies.length ? null : make("p", { class: "small" }, "It takes nothing."),
      examples(path, method, queries, bodies),
      answered(about.responses)));
}

// A request as it would be typed, and a button that sends just that from here.
function examples(path, method, queries, bodies) {
  const said = Object.values(bodies.find(([kind]) => kind === "application/json")?.[1].examples || {});
  if (said.length) return said.map(({ summary, value }) => example(summary, path, method, value));
  const given = queries.filter((each) => each.example !== undefined);
  const target = given.filter((each) => each.in === "path").reduce((at, each) => at.replace(`{${each.name}}`, encodeURIComponent(each.example)), path);
  const query = new URLSearchParams(given.filter((each) => each.in === "query").flatMap((each) => [each.example].flat().map((value) => [each.name, value])));
  return target.includes("{") || method !== "get" ? null : example("", query.size ? `${target}?${query}` : target, method);
}

function example(summary, target, method, value) {
  const json = value === undefined ? undefined : JSON.stringify(value);
  const body = json ? ` \\\n  -H 'Content-Type: application/json' -d '${json.replaceAll("'", "'\\''")}'` : "";
  const shown = make("pre", { class: "said", hidden: true, tabindex: "0", role: "status" });
  const send = async () => {
    shown.hidden = false;
    shown.textContent = "…";
    try {
      const response = await call(method.toUpperCase(), target, { json: value });
      shown.textContent = `${response.status}\n${pretty(await response.text())}`;
    } catch (problem) {
      shown.textContent = `${problem.status || ""}\n${problem.message}`;
    }
  };
  return make("figure", { class: "example" },
    make("figcaption", {}, summary || "Example", make("button", { type: "button", class: "quiet", onclick: send }, "Send it")),
    make("pre", { class: "curl", tabindex: "0" }, `curl '${location.origin}${target}'${body}`), shown);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1).slice(0, 4000);
  } catch {
    return text.slice(0, 4000);
  }
}

function answered(responses) {
  const sample = responses?.["200"]?.content?.["application/json"]?.example;
  return sample ? make("details", {}, make("summary", { class: "small" }, "What comes back"), make("pre", { tabindex: "0" }, JSON.stringify(sample, null, 1))) : null;
}

const groups = new Map();
for (const [path, methods] of Object.entries(schema.paths)) {
  for (const [method, about] of Object.entries(methods)) {
    const tag = about.tags?.[0] || "service";
    groups.set(tag, [...(groups.get(tag) || []), route(path, method, about)]);
  }
}
byId("about").textContent = schema.info.description;
const last = ([tag]) => Number(tag === "service");
byId("routes").replaceChildren(...[...groups].sort((one, other) => last(one) - last(other)).flatMap(([tag, routes]) => [make("h2", {}, tag), ...routes]));
const kinds = Object.entries(schema["x-problems"]);
byId("problems").replaceChildren(...kinds.map(([kind, [status, title]]) => make("p", { class: "problem-kind", id: `problem-${kind}` }, make("code", {}, `${status} ${kind}`), ` ${title}.`)));
if (location.hash) document.querySelector(CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : location.hash)?.scrollIntoView();
