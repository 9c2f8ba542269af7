// The list of articles: what there is, what is sent in, how far its indexing is, and what is taken out.

import { call, read } from "./api.js";
import { byId, byline, make, toast } from "./dom.js";
import { openArticle } from "./reader.js";

const PAGE = 50;
let offset = 0;
let shown = 0;

export async function showList(fresh = true) {
  const mine = (shown += 1);
  offset = fresh ? 0 : offset;
  const query = new URLSearchParams({ limit: PAGE, offset, q: byId("look").value });
  try {
    const page = await read(`/v1/articles?${query}`);
    if (mine !== shown) return;
    const rows = page.articles.map(row);
    if (fresh) byId("list").replaceChildren(...rows);
    else byId("list").append(...rows);
    offset = page.next_offset ?? offset;
    byId("more").hidden = page.next_offset === null;
    byId("count").textContent = page.total === 1 ? "1 article" : `${page.total} articles`;
  } catch (problem) {
    byId("count").textContent = problem.message;
  }
}

function row(article) {
  const item = make("li", { class: "row" });
  const remove = make("button", { type: "button", class: "quiet remove", "aria-label": `Remove ${article.title || "Untitled"}` }, "Remove");
  remove.addEventListener("click", () => (remove.dataset.sure ? takeOut(article, item) : ask(remove)));
  item.append(
    make("button", { type: "button", class: "row-open", onclick: (event) => openArticle(article.id, {}, event.currentTarget) },
      make("strong", { dir: "auto" }, article.title || "Untitled"), byline(article)),
    remove,
  );
  return item;
}

function ask(button) {
  button.dataset.sure = "yes";
  button.textContent = "Really remove?";
  setTimeout(() => { delete button.dataset.sure; button.textContent = "Remove"; }, 4000);
}

async function takeOut(article, item) {
  try {
    await call("DELETE", `/v1/articles/${encodeURIComponent(article.id)}`);
    item.remove();
    showList();
  } catch (problem) {
    toast(problem.message);
  }
}

export async function sendFiles(files) {
  if (!files.length) return;
  const form = new FormData();
  for (const file of files) form.append("files", file);
  try {
    const { job } = await (await call("POST", "/v1/articles", { form })).json();
    follow(job);
  } catch (problem) {
    tell(problem);
  }
}

async function fetchAddress(event) {
  event.preventDefault();
  const url = byId("address").value.trim();
  try {
    const { job } = await (await call("POST", "/v1/articles", { json: { url } })).json();
    byId("address").value = "";
    follow(job);
  } catch (problem) {
    tell(problem);
  }
}

function tell(problem) {
  byId("jobs").prepend(make("p", { class: "problem", role: "alert" }, problem.message));
}

async function follow(job) {
  const bar = make("progress", { max: job.total || 1, value: 0, "aria-label": "Indexing" });
  const said = make("p", { class: "small" });
  const card = make("div", { class: "job" }, said, bar);
  byId("jobs").prepend(card);
  for (let now = job; ; now = await read(`/v1/articles/jobs/${job.id}`)) {
    bar.max = now.total || 1;
    bar.value = now.done;
    said.textContent = now.status === "waiting" ? "Waiting to be indexed…" : `Indexing ${now.current || ""} (${now.done} of ${now.total})`;
    if (now.status === "done" || now.status === "failed") {
      finish(card, now);
      return;
    }
    await new Promise((passed) => setTimeout(passed, 400));
  }
}

function finish(card, job) {
  const lines = job.rejected.map((each) => make("li", {}, `${each.path}: ${each.reason}`));
  const words = job.problem ? job.problem.detail : job.articles === 1 ? "1 article is in the index." : `${job.articles} articles are in the index.`;
  card.replaceChildren(
    make("p", { class: job.problem ? "problem" : "done" }, words),
    lines.length ? make("p", { class: "small" }, "Not read:") : "",
    lines.length ? make("ul", { class: "small" }, lines) : "",
  );
  showList();
  document.dispatchEvent(new Event("articles-changed"));
}

export function startShelf() {
  const drop = byId("drop");
  byId("files").addEventListener("change", (event) => { sendFiles([...event.target.files]); event.target.value = ""; });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) {
      location.hash = "#articles";
      sendFiles([...event.dataTransfer.files]);
    }
  });
  byId("fetch").addEventListener("submit", fetchAddress);
  byId("more").addEventListener("click", () => showList(false));
  let typing;
  byId("look").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(showList, 200); });
}
