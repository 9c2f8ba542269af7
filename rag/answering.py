"""From evidence to what may be shown: read, draft, prove, decide; where no draft holds, the words themselves."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from rag.asked import Asked, gives_what_is_asked, parts, says_something
from rag.citing import Proven
from rag.comparing import compare
from rag.deciding import Decision
from rag.deciding import features as described
from rag.drafting import ANSWER, Draft, draft_answer
from rag.evidence import under_byline
from rag.grounding import Quote
from rag.judging import Judge
from rag.proving import extract, prove
from rag.reading import Read, kept, read_apart
from rag.runtimes.types import ChatModel, Generation
from rag.settings import Settings
from rag.types import EvidenceSentence, Progress, Reason, Usage
from rag.yes_no import compound, is_compound, yes_or_no

HOPELESS = 0.25
"""Where no sentence's gap reaches this, the evidence is beside the question, and no draft is worth its time."""
Steps = Generator[Progress | Proven, None, "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may be shown, or why nothing is; `features` are those of the best that was tried."""

    shown: tuple[Proven, ...]
    declined: Reason | None
    partial: bool
    features: dict[str, float]
    draft: str = ""
    probability: float | None = None


@dataclass(slots=True)
class Answering:
    """Answers one question from its evidence. Yields while it works, so that whoever listens can stop it."""

    model: ChatModel
    judge: Judge
    decision: Decision
    settings: Settings
    first_token: Callable[[], object]
    usage: Usage

    def answer(self, asked: Asked, evidence: Sequence[EvidenceSentence], strictness: float | None) -> Steps:
        """A comparison is made by code; of a question of several parts each is answered; else the sentences decide.

        Yields each sentence as soon as it may be shown.
        """
        if asked.kind == "yes_no" and is_compound(asked):
            yield Progress(f"reading {len(evidence)} sentences")
            said = compound(self.judge, asked, evidence)
            if said is None:
                return Outcome((), "not_supported", False, {})
            yield said
            return Outcome((said,), None, said.support.verdict != "supported", {})
        if asked.kind == "comparison":
            compared = yield from compare(self.model, asked, evidence, self._how({}), self._spent, self.first_token)
            if compared is not None:
                yield compared
                return Outcome((compared,), None, False, {})
        threshold = self.decision.at(self.settings.answer.strictness if strictness is None else strictness)
        outcomes: list[Outcome] = []
        shown: dict[str, Proven] = {}
        for part in parts(asked):
            outcome = yield from self._answer_one(part, evidence, threshold)
            outcomes.append(outcome)
            new = {each.text: each for each in outcome.shown if each.text not in shown}
            shown |= new
            yield from new.values()
        if not shown:
            return outcomes[0]
        partial = any(each.partial or each.declined for each in outcomes)
        return replace(outcomes[0], shown=tuple(shown.values()), declined=None, partial=partial)

    def _answer_one(
        self, asked: Asked, evidence: Sequence[EvidenceSentence], threshold: float
    ) -> Generator[Progress, None, Outcome]:
        best = Outcome((), "not_supported", False, {}, probability=0.0)
        for event in self.ways(asked, evidence):
            if isinstance(event, Progress):
                yield event
                continue
            probability = self.decision.probability(event.features)
            if probability >= threshold:
                return replace(event, probability=probability)
            if probability > (best.probability or 0.0):
                best = replace(event, shown=(), declined="not_supported", probability=probability)
        return best

    def ways(self, asked: Asked, evidence: Sequence[EvidenceSentence]) -> Generator[Progress | Outcome, None, None]:
        """What might be shown, with what speaks for it: a draft that is proven, then the sentence that answers best."""
        read = yield from read_apart(self.judge, asked, evidence)
        if not any(each.gap >= HOPELESS for each in read):
            return
        if asked.kind == "yes_no":
            yield Progress("checking")
            said = yes_or_no(self.judge, asked, kept(read))
            if said:
                yield self._outcome(asked, (said,), read, partial=said.support.verdict != "supported")
        told: set[str] = set()
        few, all_of_it = kept(read), list(evidence)
        for shown in (few, all_of_it) if few != all_of_it else (few,):
            draft = yield from self._draft(asked, shown)
            if draft.text in told or not says_something(asked, draft.text):
                continue
            told.add(draft.text)
            yield Progress("checking")
            trial = prove(draft, shown, self.judge)
            if trial.passed and gives_what_is_asked(asked, draft.text) is not False:
                yield self._outcome(asked, trial.passed, read, partial=bool(trial.failed), draft=draft.text)
        if read[0].fits:
            yield self._outcome(asked, (extract(read[0].sentence),), read, extracted=True)

    def _draft(self, asked: Asked, evidence: Sequence[EvidenceSentence]) -> Generator[Progress, None, Draft]:
        draft = yield from draft_answer(self.model, asked.question, evidence, self._how(ANSWER), self.first_token)
        self._spent(draft.prompt_tokens, draft.completion_tokens)
        return draft

    def _outcome(
        self,
        asked: Asked,
        shown: tuple[Proven, ...],
        read: Sequence[Read],
        *,
        partial: bool = False,
        extracted: bool = False,
        draft: str = "",
    ) -> Outcome:
        """What might be shown, with what the decision is made from, the model's own gaps in nats among it."""
        quotes = list({(q.article.id, q.start, q.end): q for each in shown for q in each.quotes}.values())
        said = " ".join(each.text for each in shown)
        cited = [each.gap for each in read if any(overlaps(each.sentence, quote) for quote in quotes)]
        text = in_context(quotes)
        if not cited:
            cited = self.judge.relevance_each([text], asked.question)
        features = {
            **described(asked, said, [each.sentence for each in read]),
            "relevance": max(cited),
            "best_gap": max(each.gap for each in read),
            "answers": self.judge.answers(text, asked.question, said),
            "extracted": float(extracted),
        }
        return Outcome(shown, None, partial, features, draft)

    def _how(self, schema: dict[str, object]) -> Generation:
        return Generation(self.settings.answer.max_tokens, seed=self.settings.model.seed, schema=schema or None)

    def _spent(self, prompt_tokens: int, completion_tokens: int) -> None:
        self.usage = replace(
            self.usage,
            prompt_tokens=self.usage.prompt_tokens + prompt_tokens,
            completion_tokens=self.usage.completion_tokens + completion_tokens,
        )


def overlaps(sentence: EvidenceSentence, quote: Quote) -> bool:
    """Whether a quote has words of a sentence."""
    return sentence.article.id == quote.article.id and sentence.start < quote.end and quote.start < sentence.end


def in_context(quotes: Sequence[Quote]) -> str:
    """Quotes under their articles' bylines, for the question whether they answer; not for whether they state a claim."""
    return " ".join(under_byline(each.article, each.text) for each in quotes)
