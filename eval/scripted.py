"""A small engine that answers from a script: for tests of the suite, and for trying it without a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from index.types import Article, Filters, Hit, Passage
from rag.types import Answer, AnswerSentence, Citation, Declined, Receipt, Support, Timings, Turn, Usage


@dataclass(frozen=True, slots=True)
class Line:
    """What is answered to one question: a sentence with the words it cites; no words means that it is declined."""

    text: str = "These articles do not say."
    quotes: tuple[str, ...] = ()
    score: float = 0.9


@dataclass(slots=True)
class ScriptedEngine:
    """Answers each question of the script; any other is declined. A line that is an exception is raised."""

    articles: Sequence[Article]
    script: Mapping[str, Line | Exception]
    model: str = "scripted"
    asked: list[str] = field(default_factory=list)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Answer:
        """The script's answer, with the cited articles as the passages found."""
        self.asked.append(question)
        line = self.script.get(question, Line())
        if isinstance(line, Exception):
            raise line
        citations = tuple(self._cite(number, quote) for number, quote in enumerate(line.quotes, 1))
        text = line.text + "".join(f" [{each.number}]" for each in citations)
        numbers = tuple(each.number for each in citations)
        support = Support("supported", line.score, {})
        return Answer(
            id="ans_" + sha256(question.encode()).hexdigest()[:12],
            question=question,
            standalone_question=None,
            status="answered" if citations else "declined",
            text=text,
            sentences=(AnswerSentence(text, 0, len(text), numbers, support),) if citations else (),
            citations=citations,
            disagreements=(),
            declined=None if citations else Declined("not_supported", ()),
            hits=tuple(_hit(rank, each.article) for rank, each in enumerate(citations, 1)),
            usage=Usage(100, 20, 4096),
            timings=Timings(5.0, 6.0, 50.0, 120.0),
            receipt=Receipt("index-1", self.model, "digest-1", {"answer": "prompt-1"}, "settings-1", 0),
        )

    def close(self) -> None:
        """Nothing to free."""

    def _cite(self, number: int, quote: str) -> Citation:
        article = next(each for each in self.articles if quote in each.text)
        start = article.text.index(quote)
        return Citation(number, article, start, start + len(quote), quote)


def _hit(rank: int, article: Article) -> Hit:
    passage = Passage(f"{article.id}-0", article.id, 0, 0, len(article.text), article.text, ())
    return Hit(passage, article, 1 / rank, rank, ("words",))
