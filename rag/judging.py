"""What the local model thinks, read off its log-probabilities of yes and no: nothing is written, so nothing can leak."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.loader import load_prompt
from rag.evidence import as_data
from rag.runtimes.types import ChatModel, Generation, Message

_YES, _NO = "yes", "no"
_ONE_WORD = {"type": "string", "enum": [_YES, _NO]}

WRITTEN = 1.5
"""The gap that a written yes counts for: about the median of the gaps where a model says yes."""


FARTHEST = 6.0
"""Gaps of more nats than this are cut: beyond it a model is as sure as it gets."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A calibration of the gap between yes and no (Platt scaling): 1 / (1 + exp(-(slope * gap + offset)))."""

    slope: float
    offset: float

    def __call__(self, gap: float) -> float:
        """The probability that goes with a gap."""
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, self.slope * gap + self.offset))))


@dataclass(frozen=True, slots=True)
class Judge:
    """Asks the model that answers; `entails` and `answers` turn its gaps into probabilities."""

    model: ChatModel
    entails: Logistic = Logistic(1.0, 0.0)

    def probability(self, text: str, claim: str) -> float | None:
        """How sure it is that the text states the claim."""
        gap = self.gap("support", text=as_data(text), claim=as_data(claim))
        return None if gap is None else self.entails(gap)

    def relevance_each(self, texts: Sequence[str], question: str) -> list[float]:
        """The gaps between yes and no on whether each text answers the question, as `cut` cuts them."""
        asked = [messages("relevance", text=as_data(each), question=as_data(question)) for each in texts]
        told = self.model.choose_each(asked, (_YES, _NO))
        return [cut(self._gap(each, chances)) for each, chances in zip(asked, told, strict=True)]

    def answers(self, text: str, question: str, answer: str) -> float:
        """The gap on whether the text gives just this answer to the question, as `cut` cuts it."""
        return cut(self.gap("answers", text=as_data(text), question=as_data(question), answer=as_data(answer)))

    def gap(self, prompt: str, **values: str) -> float | None:
        """log p(yes) - log p(no) as the first word of the reply; ±`WRITTEN` where the runtime tells no probabilities."""
        asked = messages(prompt, **values)
        return self._gap(asked, self.model.choose(asked, (_YES, _NO)))

    def _gap(self, asked: Sequence[Message], told: dict[str, float] | None) -> float | None:
        if told is None:
            return self._written(asked)
        if math.inf in (-told[_YES], -told[_NO]):
            return None
        return told[_YES] - told[_NO]

    def _written(self, asked: Sequence[Message]) -> float | None:
        reply = "".join(piece.text for piece in self.model.stream(asked, Generation(max_tokens=16, schema=_ONE_WORD)))
        return {_YES: WRITTEN, _NO: -WRITTEN}.get(reply.strip().strip('"').lower())


def cut(gap: float | None) -> float:
    """A gap within ±`FARTHEST`; the lowest where the runtime cannot tell."""
    return -FARTHEST if gap is None else max(-FARTHEST, min(FARTHEST, gap))


def messages(prompt: str, **values: str) -> Sequence[Message]:
    """A prompt of the prompts room as chat messages."""
    system, user = load_prompt(prompt).fill(**values)
    return Message("system", system), Message("user", user)
