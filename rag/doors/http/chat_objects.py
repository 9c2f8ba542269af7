"""An answer in the shapes of OpenAI's chat completions."""

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from rag.doors.http.chat_bodies import MODEL
from rag.doors.http.source_cards import card
from rag.types import Answer, AnswerSentence, Citation

Json = dict[str, Any]


def completion(answer: Answer, base: str) -> Json:
    """The whole completion; `byline` names the answer and says whether it was declined."""
    message = {
        "role": "assistant",
        "content": answer.text,
        "refusal": None,
        "annotations": annotations(answer, base),
    }
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": usage(answer),
        "byline": about(answer),
    }


class Chunks:
    """The chunks of one streamed completion; their contents joined are the answer's text.

    Sources are told once: as late annotations, or with `cards` each in a chunk before the sentence that cites it.
    """

    def __init__(self, base: str, *, usage: bool, cards: bool = False) -> None:
        self._base = base
        self._usage = usage
        self._cards = cards
        self._carded: set[int] = set()
        self._written = 0
        self._head: Json = {
            "id": f"chatcmpl-{uuid4().hex}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": MODEL,
        }

    def sentence(self, sentence: AnswerSentence, citations: Sequence[Citation]) -> list[Json]:
        """A sentence that has passed, after the cards of its sources where they are wanted."""
        gap = " " * (sentence.start - self._written)
        return [*self._new_cards(citations), self._content(gap + sentence.text)]

    def done(self, answer: Answer) -> list[Json]:
        """What is left of the text, then the annotations, the end, and the usage where it was asked for."""
        rest = answer.text[self._written :]
        chunks = [self._content(rest)] if rest else []
        if self._cards:
            closest = answer.declined.closest if answer.declined else ()
            chunks += self._new_cards([*answer.citations, *closest])
        else:
            chunks.append(self._chunk({"annotations": annotations(answer, self._base)}))
        chunks.append({**self._chunk({}, "stop"), "byline": about(answer)})
        if self._usage:
            chunks.append({**self._head, "choices": [], "usage": usage(answer)})
        return chunks

    def _new_cards(self, citations: Sequence[Citation]) -> list[Json]:
        new = [each for each in citations if self._cards and each.number not in self._carded]
        self._carded.update(each.number for each in new)
        new.sort(key=lambda each: each.number)
        return [{**self._chunk({}), "event": card(each, page(each, self._base))} for each in new]

    def _content(self, text: str) -> Json:
        role = {} if self._written else {"role": "assistant"}
        self._written += len(text)
        return self._chunk({**role, "content": text})

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        return {**self._head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def annotations(answer: Answer, base: str) -> list[Json]:
    """A url_citation for each marker of each sentence; offsets count code points of the content, end exclusive."""
    cited = {citation.number: citation for citation in answer.citations}
    found = []
    for sentence in answer.sentences:
        for number in sentence.citations:
            start, end = _marker(sentence, number)
            citation = cited[number]
            title = citation.article.title or citation.article.publisher or citation.article.id
            place = {"start_index": start, "end_index": end, "title": title, "url": link(citation, base)}
            found.append({"type": "url_citation", "url_citation": place})
    return found


def link(citation: Citation, base: str) -> str:
    """The article's own address; for one without, this service's page, open at the quote."""
    return citation.article.url or page(citation, base)


def page(citation: Citation, base: str) -> str:
    """This service's page, open at the quote."""
    query = {"article": citation.article.id, "start": citation.start, "end": citation.end}
    return f"{base}?{urlencode(query)}"


def usage(answer: Answer) -> Json:
    """Tokens as OpenAI counts them."""
    read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def about(answer: Answer) -> Json:
    """What OpenAI's shapes have no place for."""
    return {
        "answer_id": answer.id,
        "status": answer.status,
        "declined": answer.declined.reason if answer.declined else None,
    }


def _marker(sentence: AnswerSentence, number: int) -> tuple[int, int]:
    marker = f"[{number}]"
    at = sentence.text.rfind(marker)
    if at < 0:
        return sentence.start, sentence.end
    return sentence.start + at, sentence.start + at + len(marker)
