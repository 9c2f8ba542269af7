// The API's page, made from /openapi.json.

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
      queries.length || bodies.length ? null : make("p", { class: "small" }, "It takes nothing.")));
}

const groups = new Map();
for (const [path, methods] of Object.entries(schema.paths)) {
  for (const [method, about] of Object.entries(methods)) {
    const tag = about.tags?.[0] || "service";
    groups.set(tag, [...(groups.get(tag) || []), route(path, method, about)]);
  }
}
byId("about").textContent = schema.info.description;
byId("routes").replaceChildren(...[...groups].flatMap(([tag, routes]) => [make("h2", {}, tag), ...routes]));
const kinds = Object.entries(schema["x-problems"]);
byId("problems").replaceChildren(...kinds.map(([kind, [status, title]]) => make("p", { class: "problem-kind", id: `problem-${kind}` }, make("code", {}, `${status} ${kind}`), ` ${title}.`)));
if (location.hash) document.querySelector(CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : location.hash)?.scrollIntoView();
