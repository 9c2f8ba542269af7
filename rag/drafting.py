"""The model's draft from the sentences that answer. A draft is a proposal; nothing of it is shown unchecked."""

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evidence import as_data, numbered
from rag.judging import messages
from rag.runtimes.types import ChatModel, Generation, Piece
from rag.types import EvidenceSentence, Progress


@dataclass(frozen=True, slots=True)
class Draft:
    """What came back. `unknown` are numbers that were never offered: kept and counted, never cited."""

    text: str
    numbers: tuple[int, ...]
    unknown: tuple[int, ...]
    prompt_tokens: int
    completion_tokens: int


ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string", "maxLength": 400}},
    "required": ["answer"],
    "additionalProperties": False,
}
"""The JSON schema of a draft."""


def fitting(
    model: ChatModel, question: str, evidence: Sequence[EvidenceSentence], max_tokens: int
) -> list[EvidenceSentence]:
    """As much of the evidence as the model's context holds beside the reply, the lowest scores left out first."""
    kept = list(evidence)
    while kept:
        asked = messages("answer", evidence=numbered(kept), question=as_data(question))
        if model.count_tokens(asked) + max_tokens <= model.context_limit:
            break
        kept.remove(min(kept, key=lambda each: (each.score, -each.number)))
    return kept


def draft_answer(
    model: ChatModel,
    question: str,
    evidence: Sequence[EvidenceSentence],
    how: Generation,
    on_first: Callable[[], object],
) -> Generator[Progress, None, Draft]:
    """Ask for a draft; yields with every piece, so that whoever listens can stop. An unreadable reply is an empty draft."""
    asked = messages("answer", evidence=numbered(evidence), question=as_data(question))
    text, last = yield from written(model.stream(asked, how), on_first)
    try:
        reply = json.loads(text)
        said, listed = str(reply["answer"]), [int(each) for each in reply.get("evidence", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Draft("", (), (), last.prompt_tokens, last.completion_tokens)
    offered = {each.number for each in evidence}
    known = tuple(dict.fromkeys(each for each in listed if each in offered))
    unknown = tuple(each for each in listed if each not in offered)
    return Draft(" ".join(said.split()), known, unknown, last.prompt_tokens, last.completion_tokens)


def written(
    pieces: Iterator[Piece], on_first: Callable[[], object] = lambda: None
) -> Generator[Progress, None, tuple[str, Piece]]:
    """A whole reply and its last piece, which has the counts; `on_first` is called at the first text."""
    parts: list[str] = []
    last = Piece("")
    for last in pieces:
        if last.text and not parts:
            on_first()
        if last.text:
            parts.append(last.text)
        yield Progress("writing" if parts else "reading")
    return "".join(parts), last
