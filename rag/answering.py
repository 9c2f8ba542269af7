"""From evidence to what may be shown: draft, prove, decide; once more without what misled it; else the words themselves."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from rag.asked import Asked
from rag.citing import Proven
from rag.comparing import compare
from rag.deciding import Decision
from rag.deciding import features as described
from rag.drafting import Draft, answer_schema, draft_answer
from rag.evidence import byline
from rag.grounding import Quote
from rag.judging import Judge
from rag.proving import Trial, extract, prove
from rag.runtimes.types import ChatModel, Generation
from rag.settings import Settings
from rag.types import EvidenceSentence, Progress, Reason, Usage

DRAFTS = 2
HOPELESS = 0.08
"""Under this probability the evidence is beside the question, and no other draft is worth its time."""
Steps = Generator[Progress, None, "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may be shown, or why nothing is; `features` are those of the best that was tried."""

    shown: tuple[Proven, ...]
    declined: Reason | None
    partial: bool
    features: dict[str, float]
    draft: str = ""


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
        """Try the ways of answering in turn; the first that is probable enough is taken."""
        threshold = self.decision.at(self.settings.answer.strictness if strictness is None else strictness)
        best = Outcome((), "not_supported", False, {})
        best_probability = -1.0
        if asked.kind == "comparison":
            compared = yield from compare(self.model, asked, evidence, self._how({}), self._spent, self.first_token)
            if compared is not None:
                return Outcome((compared,), None, False, {})
        ways = self.ways(asked, evidence)
        for event in ways:
            if isinstance(event, Progress):
                yield event
                continue
            shown, partial, extracted, draft = event
            told = self.features(asked, shown, evidence, extracted)
            probability = self.decision.probability(told)
            outcome = Outcome(shown, None, partial, told, draft)
            if probability >= threshold:
                return outcome
            if probability > best_probability:
                best, best_probability = replace(outcome, shown=(), declined="not_supported"), probability
            if probability < HOPELESS:
                break
        return best

    def ways(
        self, asked: Asked, evidence: Sequence[EvidenceSentence]
    ) -> Generator[Progress | tuple[tuple[Proven, ...], bool, bool, str], None, None]:
        """What might be shown, as (sentences, partial, extracted, draft)."""
        left = list(evidence)
        named: list[EvidenceSentence] = []
        draft = Draft("", (), (), 0, 0)
        for _ in range(DRAFTS):
            if not left:
                break
            yield Progress(f"reading {len(left)} sentences")
            draft = yield from self._draft(asked, left)
            yield Progress("checking")
            trial: Trial = prove(draft, left, self.judge)
            if trial.passed:
                yield trial.passed, bool(trial.failed), False, draft.text
            misled = next((each for each in left if each.number in draft.numbers[:1]), left[0])
            named.append(misled)
            left = [each for each in left if each is not misled]
        for each in named[:1]:
            yield (extract(each),), False, True, draft.text

    def _draft(self, asked: Asked, evidence: Sequence[EvidenceSentence]) -> Generator[Progress, None, Draft]:
        highest = max(each.number for each in evidence)
        how = self._how(answer_schema(highest))
        draft = yield from draft_answer(self.model, asked.question, evidence, how, self.first_token)
        self._spent(draft.prompt_tokens, draft.completion_tokens)
        return draft

    def features(
        self, asked: Asked, shown: tuple[Proven, ...], evidence: Sequence[EvidenceSentence], extracted: bool
    ) -> dict[str, float]:
        """What the decision is made from, the model's own gaps among it (in nats, cut at ±6; -6 where it cannot tell)."""
        quotes = list({(q.article.id, q.start, q.end): q for each in shown for q in each.quotes}.values())
        said = " ".join(each.text for each in shown)
        text = in_context(quotes)
        told = described(asked, said, quotes, evidence, 0.0 if extracted else min(each.support.score for each in shown))
        gaps = {
            "relevance": self.judge.relevance(text, asked.question),
            "answers": self.judge.answers(text, asked.question, said),
        }
        told |= {name: -6.0 if gap is None else max(-6.0, min(6.0, gap)) for name, gap in gaps.items()}
        return {**told, "extracted": float(extracted)}

    def _how(self, schema: dict[str, object]) -> Generation:
        return Generation(self.settings.answer.max_tokens, seed=self.settings.model.seed, schema=schema or None)

    def _spent(self, prompt_tokens: int, completion_tokens: int) -> None:
        self.usage = replace(
            self.usage,
            prompt_tokens=self.usage.prompt_tokens + prompt_tokens,
            completion_tokens=self.usage.completion_tokens + completion_tokens,
        )


def in_context(quotes: Sequence[Quote]) -> str:
    """Quotes under their articles' bylines, for the question whether they answer; not for whether they state a claim."""
    return " ".join(f"({byline(each.article)}) {each.text}" for each in quotes)
