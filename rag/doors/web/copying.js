// An answer as Markdown, plain text or JSON, with its sources.

import { dayOf, publisherOf, toast } from "./dom.js";

const quiet = (text) => text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&").replace(/\s+/g, " ");

function source(citation, style) {
  const title = citation.title || "Untitled";
  const where = citation.url || citation.path || "";
  if (style === "markdown") {
    const name = /^https?:\/\/[^\s()<>]+$/.test(where) ? `[${quiet(title)}](${where})` : quiet(title);
    return `${citation.number}. ${quiet(publisherOf(citation))}, ${dayOf(citation.published_at)}: ${name} — “${quiet(citation.quote)}”`;
  }
  return `[${citation.number}] ${publisherOf(citation)}, ${dayOf(citation.published_at)}: ${title}. “${citation.quote}” ${where}`.trim();
}

export function written(answer, style) {
  if (style === "json") return JSON.stringify(answer, null, 2);
  const cited = answer.declined ? answer.declined.closest : answer.citations;
  const lines = cited.map((citation) => source(citation, style));
  if (style === "markdown") {
    const text = answer.text.replace(/[\\`*_{}<>#|]/g, "\\$&");
    return [`**${quiet(answer.question)}**`, "", text, "", ...lines, ""].join("\n");
  }
  return [answer.question, "", answer.text, "", ...lines, ""].join("\n");
}

export const copy = (answer, style) => copyWords(written(answer, style), "Copied, with its sources.");

export async function copyWords(words, said) {
  try {
    await navigator.clipboard.writeText(words);
    toast(said);
  } catch {
    toast("The browser did not allow copying.");
  }
}
