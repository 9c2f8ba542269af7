"""The engine: a question in, a proven answer out. Every door and the evaluation use this one."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from index.errors import UsageError
from index.opening import Index
from index.protocols import Retriever
from index.types import Filters, Hit
from prompts.loader import load_prompt
from rag.asked import Asked, read_question
from rag.citing import Proven, Sheet, citation
from rag.conversation import standalone
from rag.deciding import Decision, features
from rag.drafting import Draft, answer_schema, draft_answer
from rag.evidence import Candidate, candidates, choose_evidence
from rag.grounding import Quote
from rag.judging import Judge
from rag.proving import Trial, extract, prove
from rag.runtimes.types import ChatModel, Generation
from rag.settings import Settings
from rag.types import (
    Answer,
    Declined,
    Done,
    Event,
    EvidenceSentence,
    PassagesFound,
    Progress,
    Reason,
    Receipt,
    SentencePassed,
    Status,
    Timings,
    Turn,
    Usage,
)

LONGEST_QUESTION = 2000
CLOSEST = 3
PROMPTS = ("answer", "support", "relevance", "standalone")
"""The prompts whose digests go into a receipt."""

_DECLINED: dict[Reason, str] = {
    "nothing_found": "No article in the index speaks of this.",
    "not_supported": "These articles do not say.",
    "disputed": "These articles disagree, and none can be preferred.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be shown, or why nothing is."""

    shown: tuple[Proven, ...]
    declined: Reason | None
    partial: bool
    features: dict[str, float]


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
        evidence = self._fitting(asked, choose_evidence(ranked, self.settings.answer.evidence_sentences, self._cluster))
        sheet = Sheet(self.index.catalogue)
        usage = Usage(context_limit=self.model.context_limit)
        outcome = Outcome((), "nothing_found", False, {})
        if evidence:
            draft = yield from self._draft(asked, evidence, clock)
            usage = replace(usage, prompt_tokens=draft.prompt_tokens, completion_tokens=draft.completion_tokens)
            yield Progress("checking")
            outcome = self._decide(asked, draft, evidence, strictness)
        for proven in outcome.shown:
            yield SentencePassed(*sheet.add(proven))
        yield Done(self._answer(plain, alone, hits, evidence, sheet, outcome, usage, clock))

    def search(self, question: str, k: int | None = None, filters: Filters = Filters()) -> list[Hit]:
        """The hits alone, without the model."""
        return self.retriever.search(question, k or self.settings.search.hits, filters)

    def close(self) -> None:
        """Free the model and the stores."""
        self.model.close()
        self.index.close()

    def _fitting(self, asked: Asked, evidence: list[EvidenceSentence]) -> list[EvidenceSentence]:
        # Two thirds of the context at most go to the evidence; four characters a token is what news text has.
        room = (self.model.context_limit - self.settings.answer.max_tokens) * 8 // 3
        kept: list[EvidenceSentence] = []
        for each in evidence:
            room -= len(each.text) + 8
            if room < 0:
                break
            kept.append(each)
        return kept

    def _draft(
        self, asked: Asked, evidence: Sequence[EvidenceSentence], clock: "_Clock"
    ) -> Generator[Event, None, Draft]:
        yield Progress(f"reading {len(evidence)} sentences")
        how = Generation(
            max_tokens=self.settings.answer.max_tokens,
            seed=self.settings.model.seed,
            schema=answer_schema(len(evidence)),
        )
        return (yield from draft_answer(self.model, asked.question, evidence, how, lambda: clock.mark("first_token")))

    def _decide(
        self, asked: Asked, draft: Draft, evidence: Sequence[EvidenceSentence], strictness: float | None
    ) -> Outcome:
        trial = prove(draft, evidence, self.judge)
        threshold = self.decision.at(self.settings.answer.strictness if strictness is None else strictness)
        best: tuple[float, tuple[Proven, ...], dict[str, float]] = (0.0, (), {})
        for shown in self._ways(asked, draft, trial, evidence):
            quotes = [quote for each in shown for quote in each.quotes]
            relevance = self.judge.relevance(" ".join(each.text for each in quotes), asked.question)
            told = features(
                asked,
                " ".join(each.text for each in shown),
                quotes,
                evidence,
                -6.0 if relevance is None else relevance,
                min(each.support.score for each in shown),
            )
            probability = self.decision.probability(told)
            if probability > best[0]:
                best = (probability, shown, told)
            if probability >= threshold:
                return Outcome(shown, None, bool(trial.failed and trial.passed), told)
        return Outcome((), "not_supported", False, best[2])

    def _ways(
        self, asked: Asked, draft: Draft, trial: Trial, evidence: Sequence[EvidenceSentence]
    ) -> Iterator[tuple[Proven, ...]]:
        """What might be shown, best first: the model's own words, else the evidence that it named."""
        if trial.passed:
            yield trial.passed
            return
        for each in evidence:
            if each.number in draft.numbers[:1]:
                yield (extract(asked, each),)

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
        usage: Usage,
        clock: "_Clock",
    ) -> Answer:
        declined = None
        if outcome.declined:
            quotes = [Quote(each.article, each.start, each.end) for each in evidence[:CLOSEST]]
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
            disagreements=(),
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
        raise UsageError(f"The question has {len(plain)} characters.", f"At most {LONGEST_QUESTION} are read: shorten it.")
    return plain
