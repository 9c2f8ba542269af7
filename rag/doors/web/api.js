// Requests to the service: problems become errors that say what to do, streams become events.

import { byId } from "./dom.js";

export class Problem extends Error {
  constructor(body, status) {
    super(body.detail || `The service answered ${status}.`);
    this.status = status;
    this.remedy = body.remedy;
  }
}

const KEY = "byline-key";

async function keyFromReader() {
  const dialog = byId("key");
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  const key = byId("key-value").value.trim();
  if (dialog.returnValue !== "use" || !key) return false;
  sessionStorage.setItem(KEY, key);
  return true;
}

export async function call(method, path, { json, form, signal } = {}) {
  const headers = {};
  const key = sessionStorage.getItem(KEY);
  if (key) headers.Authorization = `Bearer ${key}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? form : JSON.stringify(json);
  const response = await fetch(path, { method, headers, body, signal });
  if (response.status === 401 && (await keyFromReader())) return call(method, path, { json, form, signal });
  if (!response.ok) throw new Problem(await response.json().catch(() => ({})), response.status);
  return response;
}

export const read = async (path) => (await call("GET", path)).json();

// Yields {name, data} for each event, and {comment} for each comment.
export async function* events(path, json, signal) {
  const response = await call("POST", path, { json, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) yield parsed(block);
  }
}

function parsed(block) {
  if (block.startsWith(":")) return { comment: block.slice(1).trim() };
  const fields = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    fields[line.slice(0, at)] = line.slice(at + 2);
  }
  return { name: fields.event, data: JSON.parse(fields.data) };
}
