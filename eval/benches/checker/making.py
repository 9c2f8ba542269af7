"""Labelled pairs, made in place: nothing of the data is copied into the project."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from eval.benches.checker.edits import EVERY, with_name_from
from eval.benches.checker.pairs import (
    Pair,
    Sentence,
    article_of,
    inner_names,
    read_articles,
    sentences_of,
    two_sentences,
)
from eval.benches.checker.rewording import reworded
from eval.benches.checker.statements import stated
from index.sentences import sentences
from rag.grounding import Quote

MOST = 300
"""Pairs of a kind from one source."""
A_DOCUMENT = 12
"""Pairs of a kind from one document."""


def make_pairs(data: Path, samples: Path) -> list[Pair]:
    """All pairs, in a fixed order, each once."""
    made: dict[str, Pair] = {}
    room = Room()
    for pair in chain(from_sentences(data, samples, room), from_squad(data), from_ramdocs(data)):
        if pair.id not in made and room.is_left(pair.source, pair.kind, pair.document):
            room.take(pair.source, pair.kind, pair.document)
            made[pair.id] = pair
    return list(made.values())


class Room:
    """How many pairs of a kind are wanted still, of a source and of a document."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[str, ...]] = Counter()

    def is_left(self, source: str, kind: str, document: str) -> bool:
        """Whether another is wanted."""
        return self._taken[source, kind] < MOST and self._taken[source, kind, document] < A_DOCUMENT

    def take(self, source: str, kind: str, document: str) -> None:
        """One more is there."""
        self._taken[source, kind] += 1
        self._taken[source, kind, document] += 1


def from_sentences(data: Path, samples: Path, room: Room) -> Iterator[Pair]:
    """Reworded sentences of articles, and the same with one edit each."""
    files = {
        "multihop": [data / "multihop-rag" / "articles.jsonl"],
        "squad2": [data / "squad2" / "articles.jsonl"],
        "samples": sorted(samples.iterdir()),
    }
    for source, paths in files.items():
        articles = [article for path in paths for article in read_articles(path)]
        mixed = [_mixed(list(sentences_of(source, article))) for article in articles]
        for rank in range(max(map(len, mixed), default=0)):
            for each in mixed:
                if rank < len(each):
                    yield from _of_sentence(each[rank], room)


def _mixed(found: list[Sentence]) -> list[Sentence]:
    """Shuffled, so that the first of each article are from anywhere in it."""
    return found[0].random.sample(found, len(found)) if found else []


def _of_sentence(sentence: Sentence, room: Room) -> Iterator[Pair]:
    day = sentence.quote.article.published_at
    claim = reworded(sentence.text, day)
    document = sentence.quote.article.id
    if claim != sentence.text and len(claim.split()) >= 5:
        yield Pair("true", sentence.source, document, claim, (sentence.quote,))
    for kind, edit in EVERY.items():
        changed = edit(sentence, claim) if room.is_left(sentence.source, kind, document) else None
        if changed and changed not in (claim, sentence.text):
            yield Pair(kind, sentence.source, document, changed, (sentence.quote,))
    if not room.is_left(sentence.source, "elsewhere", document):
        return
    for mine, other in islice(two_sentences(sentence), 4):
        changed = with_name_from(sentence, claim, other.text)
        if changed and changed != claim:
            quotes = tuple(sorted((mine, other), key=lambda each: each.start))
            yield Pair("elsewhere", sentence.source, document, changed, quotes)
            yield Pair("true", f"{sentence.source} +1", document, claim, quotes)
            break


def from_squad(data: Path) -> Iterator[Pair]:
    """Questions with their answers; and questions that the paragraph does not answer, with a span of the right sort."""
    for record in _records(data / "squad2" / "dev.jsonl"):
        article = article_of(record["context"], f"squad2 {record['article']}")
        context = record["context"]
        if record["unanswerable"]:
            for span in _spans(record["question"], context)[:3]:
                claim = stated(record["question"], span)
                at = context.find(span)
                if claim:
                    yield Pair(
                        "unanswerable", "squad2 q", record["article"], claim, (_around(article, at, at + len(span)),)
                    )
            continue
        for answer in list(dict.fromkeys(record["answers"]))[:1]:
            claim = stated(record["question"], answer)
            at = context.find(answer)
            if claim and at >= 0:
                quote = _around(article, at, at + len(answer))
                if all(word in quote.text for word in _capitals(record["question"])):
                    yield Pair("true", "squad2 q", record["article"], claim, (quote,))


def from_ramdocs(data: Path) -> Iterator[Pair]:
    """Questions with the answer of a document, and with the answer that another document gives."""
    for number, record in enumerate(_records(data / "ramdocs" / "dev.jsonl")):
        answers = {each["answer"] for each in record["documents"]} - {"unknown"}
        for at, document in enumerate(record["documents"]):
            text, own = document["text"], document["answer"]
            place = text.lower().find(own.lower())
            if document["type"] == "noise" or place < 0:
                continue
            article = article_of(text, f"ramdocs {number}/{at}")
            quote = Quote(article, 0, len(text))
            claim = stated(record["question"], own)
            if claim and all(word.lower() in text.lower() for word in _capitals(record["question"])):
                yield Pair("true", "ramdocs", str(number), claim, (quote,))
            for other in sorted(answers - {own}):
                claim = stated(record["question"], other)
                if claim and not _alike(other, text):
                    yield Pair("other answer", "ramdocs", str(number), claim, (quote,))


def _around(article: Any, start: int, end: int) -> Quote:
    """From the sentence before the one that holds a span to its end: a paragraph's subject is often named before."""
    spans = sentences(article.text)
    at = max(n for n, span in enumerate(spans) if span.start <= start)
    last = max(n for n, span in enumerate(spans) if span.start < end)
    return Quote(article, spans[max(0, at - 1)].start, spans[last].end)


def _spans(question: str, context: str) -> list[str]:
    """Spans of a text that could answer by their sort: names to who and where, years to when, figures to how many."""
    lead = question.strip().lower()
    if lead.startswith("when") or "what year" in lead:
        found = re.findall(r"\b(?:1\d|20)\d\d\b", context)
    elif lead.startswith(("how many", "how much")):
        found = re.findall(r"(?<![\w.])\d[\d,.]*\d\b|\b\d\b", context)
    else:
        found = [each for span in sentences(context) for each in inner_names(context[span.start : span.end])]
    return [each for each in dict.fromkeys(found) if each.lower() not in question.lower()]


def _capitals(question: str) -> list[str]:
    return re.findall(r"(?<=[a-z,] )[\"“]?([A-Z][\w’'-]+)", question)


def _alike(answer: str, text: str) -> bool:
    """Whether most words of an answer stand in a text: then it is not safely another."""
    words = [each for each in re.findall(r"\w+", answer.lower()) if len(each) > 2] or re.findall(r"\w+", answer.lower())
    return any(re.search(rf"\b{each}", text.lower()) for each in words)


def _records(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
