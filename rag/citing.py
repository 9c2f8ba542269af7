"""Ties proven sentences to exact words: numbers, citations, offsets. What is put together here is what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.protocols import Catalogue
from rag.grounding import Quote
from rag.types import AnswerSentence, Citation, Support


@dataclass(frozen=True, slots=True)
class Proven:
    """A sentence without markers, the quotes it rests on and the verdict on just these words."""

    text: str
    quotes: tuple[Quote, ...]
    support: Support


@dataclass(slots=True)
class Sheet:
    """The answer's page as it fills: its text so far, its sentences, its citations numbered from 1."""

    catalogue: Catalogue
    text: str = ""
    sentences: list[AnswerSentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def add(self, proven: Proven) -> tuple[AnswerSentence, tuple[Citation, ...]]:
        """Put a sentence on the page, its markers before the full stop; returns it with the citations that are new."""
        before = len(self.citations)
        numbers = tuple(dict.fromkeys(self.number(quote) for quote in proven.quotes))
        shown = with_markers(proven.text, numbers)
        start = len(self.text) + bool(self.text)
        self.text = f"{self.text} {shown}" if self.text else shown
        sentence = AnswerSentence(shown, start, start + len(shown), numbers, proven.support)
        self.sentences.append(sentence)
        return sentence, tuple(self.citations[before:])

    def number(self, quote: Quote) -> int:
        """The number of a quote's citation; the same words of the same article have one number."""
        made = citation(self.catalogue, len(self.citations) + 1, quote)
        for each in self.citations:
            if (each.article.id, each.start, each.end) == (made.article.id, made.start, made.end):
                return each.number
        self.citations.append(made)
        return made.number


def citation(catalogue: Catalogue, number: int, quote: Quote) -> Citation:
    """The citation of a quote. Of near-copies the lead is cited wherever it has the very same words."""
    cluster = catalogue.cluster_of(quote.article.id)
    if cluster is None:
        return Citation(number, quote.article, quote.start, quote.end, quote.text)
    article, start = quote.article, quote.start
    if cluster.lead != article.id:
        lead = catalogue.article(cluster.lead)
        at = lead.text.find(quote.text) if lead else -1
        if lead is not None and at >= 0:
            article, start = lead, at
    return Citation(number, article, start, start + len(quote.text), quote.text, cluster.id, len(cluster.members))


def with_markers(text: str, numbers: Sequence[int]) -> str:
    """ "… in 2024." with citation 1 is "… in 2024 [1]."."""
    markers = "".join(f"[{number}]" for number in numbers)
    plain = text.rstrip()
    body = plain.rstrip(".!?…")
    closing = plain[len(body) :] or "."
    return f"{body} {markers}{closing}" if markers else plain
