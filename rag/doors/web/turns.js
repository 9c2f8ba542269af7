// One question and its answer, from the first passage to the last footnote.

import { call, events } from "./api.js";
import { copy, copyWords } from "./copying.js";
import { byline, make, toast } from "./dom.js";
import { openArticle } from "./reader.js";

const REASONS = {
  nothing_found: "Nothing like it was found.",
  not_supported: "What was found does not answer it.",
  disputed: "The sources contradict each other on it.",
};

export class Turn {
  constructor(question) {
    this.question = question;
    this.answer = null;
    this.link = "";
    this.citations = new Map();
    this.status = make("p", { class: "status", role: "status" }, "Looking…");
    this.text = make("p", { class: "answer-text", "aria-live": "polite" });
    this.sides = make("div", { class: "disagreements" });
    this.sources = make("div", { class: "sources" });
    this.passages = make("div", { class: "passages" });
    this.tools = make("div", { class: "tools" });
    this.element = make(
      "article",
      { class: "turn", "aria-label": `Question: ${question}` },
      make("h2", { class: "asked", dir: "auto" }, question),
      this.status, this.text, this.sides, this.sources, this.passages, this.tools,
    );
  }

  async run(body, signal) {
    try {
      for await (const event of events("/v1/answers", { ...body, stream: true }, signal)) this.take(event);
      if (!this.answer) throw new Error("The answer broke off. Ask again.");
    } catch (problem) {
      this.fail(signal.aborted ? "Stopped." : problem.message);
    }
  }

  take({ name, data, comment }) {
    if (comment) this.status.textContent = comment === "working" ? this.status.textContent : `${comment}…`;
    else if (name === "passages") this.showPassages(data, true);
    else if (name === "sentence") this.addSentence(data.sentence, data.citations);
    else if (name === "disagreement") this.addDisagreement(data.disagreement, data.citations);
    else if (name === "done") this.finish(data);
    else if (name === "error") throw new Error(data.detail);
  }

  fail(words) {
    this.element.classList.add("failed");
    this.status.replaceChildren(make("span", { class: "problem", role: "alert" }, words));
  }

  showPassages({ passages, standalone_question: read }, open) {
    const items = passages.map((passage) =>
      make("li", {}, make("button", { type: "button", class: "passage", onclick: (event) => openPassage(passage, event) },
        byline(passage), make("strong", {}, passage.title || "Untitled"), make("span", { class: "excerpt" }, passage.text))),
    );
    const said = passages.length === 1 ? "1 passage found" : `${passages.length} passages found`;
    this.passages.replaceChildren(make("details", { open }, make("summary", {}, said), make("ol", {}, items)));
    this.status.textContent = read ? `Read as: ${read}` : "Reading…";
  }

  addSentence(sentence, citations) {
    for (const citation of citations) this.citations.set(citation.number, citation);
    if (this.text.childNodes.length) this.text.append(" ");
    this.text.append(this.sentence(sentence));
  }

  sentence(sentence) {
    const unproven = sentence.support.verdict !== "supported";
    const place = make("span", { class: unproven ? "sentence unproven" : "sentence", dir: "auto" });
    const shown = new Set();
    let at = 0;
    for (const marker of sentence.text.matchAll(/ ?\[(\d+)\]/g)) {
      const number = Number(marker[1]);
      if (!sentence.citations.includes(number)) continue;
      place.append(sentence.text.slice(at, marker.index), this.footnote(number));
      shown.add(number);
      at = marker.index + marker[0].length;
    }
    place.append(sentence.text.slice(at));
    place.append(...sentence.citations.filter((number) => !shown.has(number)).map((number) => this.footnote(number)));
    if (unproven) place.append(make("span", { class: "unproven-mark" }, "not proven"));
    return place;
  }

  footnote(number) {
    const citation = this.citations.get(number);
    const label = citation ? `Source ${number}: ${citation.publisher || "publisher unknown"}` : `Source ${number}`;
    return make("button", { type: "button", class: "footnote", "aria-label": label, "aria-expanded": "false",
      onclick: (event) => this.open(number, event.currentTarget) }, number);
  }

  open(number, opener) {
    const citation = this.citations.get(number);
    if (citation) openArticle(citation.article_id, placeOf(citation), opener);
  }

  addDisagreement(disagreement, citations) {
    for (const citation of citations) this.citations.set(citation.number, citation);
    const sides = disagreement.sides.map((side, index) =>
      make("div", { class: "side" },
        make("p", { class: "side-value" }, side.value, index === disagreement.later ? make("span", { class: "later" }, "later") : null),
        side.citations.map((number) => make("p", { class: "side-source" }, this.footnote(number), " ",
          this.citations.has(number) ? byline(this.citations.get(number)) : null))));
    this.sides.append(make("section", { class: "disagreement", "aria-label": "Sources disagree" },
      make("p", { class: "kicker" }, "Sources disagree"), make("p", { class: "about" }, disagreement.about),
      make("div", { class: "sides" }, sides)));
  }

  finish(answer) {
    this.answer = answer;
    for (const citation of answer.citations) this.citations.set(citation.number, citation);
    this.text.removeAttribute("aria-live");
    this.sides.replaceChildren();
    if (answer.declined) this.showDeclined(answer);
    else this.text.replaceChildren(...answer.sentences.flatMap((sentence, index) => [index ? " " : "", this.sentence(sentence)]));
    for (const each of answer.disagreements) this.addDisagreement(each, []);
    if (answer.citations.length) this.showSources(answer.citations);
    this.passages.querySelector("details")?.removeAttribute("open");
    const partial = answer.status === "partial" ? "Only part of it could be proven." : "";
    const read = answer.standalone_question && answer.standalone_question !== answer.question ? `Read as: ${answer.standalone_question}` : "";
    this.status.textContent = [partial, read].filter(Boolean).join(" ");
    this.status.hidden = !this.status.textContent;
    this.showTools(answer);
  }

  showDeclined(answer) {
    this.element.classList.add("declined");
    const { reason, closest } = answer.declined;
    this.text.replaceChildren(make("span", { class: "declined-text" }, answer.text), " ", make("span", { class: "reason" }, REASONS[reason] || ""));
    if (closest.length) this.showSources(closest, "The closest words");
  }

  showSources(citations, heading = "Sources") {
    const items = citations.map((citation) =>
      make("li", { value: citation.number }, make("button", { type: "button", class: "source", "aria-expanded": "false",
        onclick: (event) => openArticle(citation.article_id, placeOf(citation), event.currentTarget) },
        make("span", { class: "source-number", "aria-hidden": "true" }, citation.number),
        make("span", { class: "source-body" },
          byline(citation), citation.copies > 1 ? make("span", { class: "copies" }, `also in ${citation.copies - 1}`) : null,
          make("strong", {}, citation.title || "Untitled"), make("q", { dir: "auto" }, citation.quote)))));
    this.sources.replaceChildren(make("h3", { class: "kicker" }, heading), make("ol", {}, items));
  }

  showTools(answer) {
    const copies = [["markdown", "Markdown"], ["plain", "Plain"], ["json", "JSON"]].map(([style, name]) =>
      make("button", { type: "button", class: "quiet", "aria-label": `Copy as ${name}`, onclick: () => copy(answer, style) }, name));
    this.tools.replaceChildren(
      make("span", { class: "tool-group" }, make("span", { class: "small" }, "Copy"), copies,
        make("button", { type: "button", class: "quiet", "aria-label": "Copy a link to this question", onclick: () => copyWords(location.origin + "/" + this.link, "The link is copied.") }, "Link")),
      make("span", { class: "tool-group judge" },
        make("button", { type: "button", class: "quiet", onclick: () => this.judge("good") }, "Good answer"),
        make("button", { type: "button", class: "quiet", onclick: () => this.complain() }, "This is wrong")));
  }

  complain() {
    if (this.tools.querySelector("form")) return;
    const words = make("textarea", { rows: "2", maxlength: "4000", "aria-label": "What is wrong, and what would be right" });
    words.placeholder = "What is wrong, and what would be right?";
    const send = (event) => { event.preventDefault(); this.judge("wrong", words.value.trim()); };
    this.tools.append(make("form", { class: "complaint", onsubmit: send }, words, make("button", { type: "submit", class: "primary" }, "Send")));
    words.focus();
  }

  async judge(verdict, comment = "") {
    try {
      await call("POST", "/v1/feedback", { json: { verdict, comment, answer: this.answer } });
      this.tools.querySelector("form")?.remove();
      this.tools.querySelector(".judge")?.replaceChildren(make("span", { class: "small" }, "Thank you: noted for review."));
    } catch (problem) {
      toast(problem.message);
    }
  }
}

function placeOf(citation) {
  return { start: citation.start, end: citation.end, quote: citation.quote, sha256: citation.article_sha256 };
}

function openPassage(passage, event) {
  openArticle(passage.article_id, { start: passage.start, end: passage.end, quote: passage.text }, event.currentTarget);
}
