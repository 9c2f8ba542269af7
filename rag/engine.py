"""The engine: a question in, a proven answer out. Every door and the evaluation use this one."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from typing import cast

from index.errors import UsageError
from index.opening import Index
from index.protocols import Retriever
from index.types import Filters, Hit
from prompts.loader import load_prompt
from rag.answering import Answering, Outcome, Steps
from rag.asked import Asked, read_question
from rag.citing import Proven, Sheet, citation
from rag.conversation import standalone
from rag.deciding import Decision
from rag.disagreeing import other_accounts
from rag.drafting import fitting
from rag.evidence import Candidate, candidates, choose_evidence
from rag.grounding import Quote
from rag.judging import Judge
from rag.runtimes.types import ChatModel
from rag.settings import Settings
from rag.types import (
    Answer,
    Citation,
    Declined,
    Disagreement,
    DisagreementFound,
    Done,
    Event,
    EvidenceSentence,
    PassagesFound,
    Progress,
    Reason,
    Receipt,
    SentencePassed,
    Side,
    Status,
    Timings,
    Turn,
    Usage,
)

LONGEST_QUESTION = 2000
CLOSEST = 3
PROMPTS = ("answer", "answers", "compare", "relevance", "standalone", "support", "yes_no")
"""The prompts whose digests go into a receipt."""

_DECLINED: dict[Reason, str] = {
    "nothing_found": "No article in the index speaks of this.",
    "not_supported": "These articles do not say.",
    "disputed": "These articles disagree, and none can be preferred.",
}


class Engine:
    """Holds the parts; `ask` and `stream` are the whole way from question to answer."""

    def __init__(
        self, index: Index, retriever: Retriever, model: ChatModel, judge: Judge, decision: Decision, settings: Settings
    ) -> None:
        self.index = index
        self.retriever = retriever
        self.model = model
        self.judge = judge
        self.decision = decision
        self.settings = settings

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Answer:
        """The whole answer. Raises UsageError for an empty or over-long question."""
        for event in self.stream(question, history=history, filters=filters, strictness=strictness):
            if isinstance(event, Done):
                return event.answer
        raise RuntimeError("the stream ended without an answer")

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        strictness: float | None = None,
    ) -> Iterator[Event]:
        """The same answer as it is made; closing the iterator stops the model at the next token."""
        clock = _Clock()
        plain = checked_question(question)
        alone = standalone(plain, history, self.model)
        hits = self.search(alone or plain, filters=filters)
        clock.mark("search")
        yield PassagesFound(tuple(hits), alone, clock.mark("first_evidence"))

        asked = read_question(alone or plain)
        ranked = candidates(asked.question, hits, self.index.embedder)
        chosen = choose_evidence(ranked, self.settings.answer.evidence_sentences, self._cluster)
        evidence = fitting(self.model, asked.question, chosen, self.settings.answer.max_tokens)
        sheet = Sheet(self.index.catalogue)
        answering = Answering(
            self.model,
            self.judge,
            self.decision,
            self.settings,
            lambda: clock.mark("first_token"),
            Usage(context_limit=self.model.context_limit, truncated=len(evidence) < len(chosen)),
        )
        outcome = Outcome((), "nothing_found", False, {})
        if evidence:
            outcome = yield from self._shown(answering.answer(asked, evidence, strictness), sheet)
        disagreements = yield from self._others(asked, outcome, ranked, sheet)
        whole = self._answer(plain, alone, hits, evidence, sheet, outcome, disagreements, answering.usage, clock)
        yield Done(whole, outcome.probability)

    def search(self, question: str, k: int | None = None, filters: Filters = Filters()) -> list[Hit]:
        """The hits alone, without the model."""
        return self.retriever.search(question, k or self.settings.search.hits, filters)

    def close(self) -> None:
        """Free the model and the stores."""
        self.model.close()
        self.index.close()

    @staticmethod
    def _shown(steps: Steps, sheet: Sheet) -> Generator[Event, None, Outcome]:
        """Pass on what is done, and put each sentence on the sheet when it comes."""
        with closing(steps):
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    return cast(Outcome, end.value)
                yield SentencePassed(*sheet.add(step)) if isinstance(step, Proven) else step

    def _others(
        self, asked: Asked, outcome: Outcome, ranked: Sequence[Candidate], sheet: Sheet
    ) -> Generator[Event, None, list[Disagreement]]:
        """Put what independent sources say otherwise beside what is shown."""
        if not outcome.shown:
            return []
        yield Progress("comparing sources")
        ids = {each.article.id for each in ranked} | {q.article.id for each in outcome.shown for q in each.quotes}
        clusters = {each: self.index.catalogue.cluster_of(each) for each in ids}
        others = other_accounts(asked, outcome.shown, ranked, self.judge, clusters)
        if not others:
            return []
        sides = [Side(others[0].mine, sheet.sentences[0].citations)]
        new: list[Citation] = []
        for other in others:
            sentence, citations = sheet.add(other.proven)
            yield SentencePassed(sentence, citations)
            sides.append(Side(other.value, sentence.citations))
            new += citations
        found = Disagreement(asked.question, tuple(sides), later(sides, sheet.citations))
        yield DisagreementFound(found, tuple(new))
        return [found]

    def _cluster(self, article_id: str) -> str | None:
        cluster = self.index.catalogue.cluster_of(article_id)
        return cluster.id if cluster else None

    def _answer(
        self,
        question: str,
        alone: str | None,
        hits: Sequence[Hit],
        evidence: Sequence[EvidenceSentence],
        sheet: Sheet,
        outcome: Outcome,
        disagreements: Sequence[Disagreement],
        usage: Usage,
        clock: "_Clock",
    ) -> Answer:
        declined = None
        if outcome.declined:
            quotes = [
                Quote(each.article, each.start, each.end)
                for each in sorted(evidence, key=lambda each: -each.score)[:CLOSEST]
            ]
            closest = tuple(citation(self.index.catalogue, n, quote) for n, quote in enumerate(quotes, start=1))
            declined = Declined(outcome.declined, closest)
        status: Status = "declined" if declined else "partial" if outcome.partial else "answered"
        text = _DECLINED[declined.reason] if declined else sheet.text
        receipt = self.receipt()
        made = sha256(f"{question}\0{alone}\0{text}\0{receipt}".encode()).hexdigest()[:20]
        return Answer(
            id=f"ans_{made}",
            question=question,
            standalone_question=alone,
            status=status,
            text=text,
            sentences=tuple(sheet.sentences),
            citations=tuple(sheet.citations),
            disagreements=tuple(disagreements),
            declined=declined,
            hits=tuple(hits),
            usage=usage,
            timings=clock.timings(),
            receipt=receipt,
        )

    def receipt(self) -> Receipt:
        """What an answer given now is made of."""
        return Receipt(
            index=self.index.digest(),
            model=self.model.name,
            model_digest=self.model.digest,
            prompts={name: load_prompt(name).digest for name in PROMPTS},
            settings=self.settings.digest(),
            seed=self.settings.model.seed,
        )


def later(sides: Sequence[Side], citations: Sequence[Citation]) -> int | None:
    """Which side was published last; None unless every side's date is known and one is the latest."""
    dates = [
        max(
            (c.article.published_at for c in citations if c.number in side.citations and c.article.published_at),
            default=None,
        )
        for side in sides
    ]
    known = [each for each in dates if each is not None]
    if len(known) < len(dates) or known.count(max(known)) > 1:
        return None
    return dates.index(max(known))


class _Clock:
    """Milliseconds since the question came."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._marks: dict[str, float] = {}

    def mark(self, name: str) -> float:
        """Note that something is done; the first time counts."""
        return self._marks.setdefault(name, (time.perf_counter() - self._start) * 1000)

    def timings(self) -> Timings:
        """The marks, and the time until now."""
        marks = self._marks
        return Timings(
            search_ms=marks.get("search", 0.0),
            first_evidence_ms=marks.get("first_evidence", 0.0),
            first_token_ms=marks.get("first_token", 0.0),
            total_ms=(time.perf_counter() - self._start) * 1000,
        )


def checked_question(question: str) -> str:
    """The question on one line. Raises UsageError when it is empty or longer than `LONGEST_QUESTION` characters."""
    plain = " ".join(question.split())
    if not plain:
        raise UsageError("The question is empty.", "Write one.")
    if len(plain) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(plain)} characters.", f"At most {LONGEST_QUESTION} are read: shorten it."
        )
    return plain
