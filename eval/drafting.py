"""Questions that a local model drafts over an article, for people to accept: code verifies every word that can be verified."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, get_args

from eval.checks.numeric import numbers
from eval.checks.support_words import content
from eval.types import Case, Quote
from eval.words import holds, plain
from index.sentences import sentences
from index.types import Article
from prompts.loader import load_prompt
from rag.evidence import as_data
from rag.judging import messages
from rag.runtimes.types import ChatModel, Generation

Kind = Literal["answerable", "unanswerable", "false_premise"]
KINDS: tuple[Kind, ...] = get_args(Kind)

WINDOW = 8
SHORTEST_SENTENCE = 25
_POINTS_AT_THE_TEXT = re.compile(
    r"\b(?:sentences?|articles?|passages?|the text|mentioned|according to)\b", re.IGNORECASE
)
_FIELDS: dict[Kind, tuple[str, ...]] = {
    "answerable": ("answer", "question"),
    "unanswerable": ("question",),
    "false_premise": ("wrong", "question"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A draft that code refused, and why."""

    reason: str


def draft(model: ChatModel, article: Article, name: str, kind: Kind, window: int) -> Case | Refused:
    """One question over the `window`-th stretch of an article; `name` is what evidence calls the article.

    Every quote is the article's own sentence. An answer must stand in its quotes word for word and not in the question
    (small models name the wrong number more often than the wrong words, so code looks for the sentence that holds it);
    a false premise must be in the question and not in the article; whether a question can be answered is for people.
    """
    shown = _stretch(article.text, window)
    if not shown:
        return Refused("the article has no more sentences")
    listed = "\n".join(f"[{number}] {as_data(sentence)}" for number, sentence in enumerate(shown, 1))
    prompt = f"draft_{kind}"
    how = Generation(max_tokens=160, schema=_schema(kind, len(shown)))
    try:
        reply = json.loads("".join(piece.text for piece in model.stream(messages(prompt, evidence=listed), how)))
        quotes = [shown[number - 1] for number in dict.fromkeys(reply["evidence"]) if 1 <= number <= len(shown)]
        said = {field: " ".join(str(reply[field]).split()) for field in _FIELDS[kind]}
    except (ValueError, KeyError, TypeError):
        return Refused("the reply cannot be read")
    if kind == "answerable":
        quotes = _holding(said["answer"], quotes) or _holding(said["answer"], shown)[:1]
    if fault := _fault(kind, said, quotes, article.text):
        return Refused(fault)
    made = {
        "origin": "draft",
        "article_id": article.id,
        "article_sha256": article.sha256,
        "model": model.name,
        "model_digest": model.digest,
        "prompt": load_prompt(prompt).digest,
    }
    return Case(
        id="draft_" + sha256(f"{kind}\0{article.id}\0{plain(said['question'])}".encode()).hexdigest()[:16],
        kind=_case_kind(kind, said),
        question=said["question"],
        accept=((said["answer"].rstrip("."),),) if kind == "answerable" else (),
        evidence=tuple((Quote(name, quote),) for quote in quotes),
        note=f"takes for granted: {said['wrong']}" if kind == "false_premise" else "",
        provenance=tuple(made.items()),
    )


def _holding(answer: str, quotes: Sequence[str]) -> list[str]:
    return [quote for quote in quotes if holds(quote, answer.rstrip("."))]


def _stretch(text: str, window: int) -> list[str]:
    every = [text[span.start : span.end] for span in sentences(text)]
    long_enough = [each for each in every if len(each) >= SHORTEST_SENTENCE]
    return long_enough[window * WINDOW : (window + 1) * WINDOW]


def _schema(kind: Kind, highest: int) -> dict[str, Any]:
    number = {"type": "integer", "minimum": 1, "maximum": highest}
    most = 2 if kind == "answerable" else 1
    fields = ("evidence", *_FIELDS[kind])
    texts = {field: {"type": "string", "maxLength": 200 if field == "question" else 60} for field in _FIELDS[kind]}
    return {
        "type": "object",
        "properties": {"evidence": {"type": "array", "items": number, "minItems": 1, "maxItems": most}, **texts},
        "required": list(fields),
        "additionalProperties": False,
    }


def _fault(kind: Kind, said: dict[str, str], quotes: Sequence[str], text: str) -> str:
    question = said["question"]
    joined = " ".join(quotes)
    if not quotes:
        return "the answer is not in its sentences" if kind == "answerable" else "it names no sentence"
    if not question.endswith("?") or len(question.split()) < 4:
        return "the question is none"
    if _POINTS_AT_THE_TEXT.search(question):
        return "the question speaks of the text"
    if not content(question) & content(joined):
        return "the question has nothing to do with its sentences"
    if kind == "answerable":
        return "the question holds its answer" if holds(question, said["answer"].rstrip(".")) else ""
    if kind == "false_premise":
        return _fault_of_premise(said["wrong"], question, text)
    if any(content(question) <= content(text[span.start : span.end]) for span in sentences(text)):
        return "a sentence holds every word of the question"
    return ""


def _fault_of_premise(wrong: str, question: str, text: str) -> str:
    if not holds(question, wrong):
        return "the question does not take the wrong thing for granted"
    if holds(text, wrong):
        return "what should be wrong is in the article"
    return ""


def _case_kind(kind: Kind, said: dict[str, str]) -> str:
    if kind != "answerable":
        return kind
    return "numeric" if numbers(said["answer"]) else "single"
