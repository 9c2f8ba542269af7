"""Whether to answer: a calibrated probability that what would be shown answers the question (selective answering).

A logistic model over a few features, fitted on development questions with `python -m eval.benches.calibrate`; see
Kamath, Jia and Liang, "Selective Question Answering under Domain Shift", ACL 2020, for the method.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.asked import Asked, gives_what_is_asked
from rag.types import EvidenceSentence


@dataclass(frozen=True, slots=True)
class Decision:
    """The fitted model: a weight per feature, an offset, and the threshold at strictness 0.5."""

    weights: Mapping[str, float]
    offset: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """That the sentences answer the question, 0..1."""
        total = self.offset + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))

    def at(self, strictness: float) -> float:
        """The threshold of a strictness: 0 lets everything pass that is proven, 1 nothing."""
        if strictness <= 0.5:
            return self.threshold * strictness * 2
        return self.threshold + (1 - self.threshold) * (strictness - 0.5) * 2


def features(asked: Asked, sentence: str, evidence: Sequence[EvidenceSentence]) -> dict[str, float]:
    """What the decision is made from, but for the model's own gaps; all in 0..1 or thereabouts."""
    given = gives_what_is_asked(asked, sentence)
    return {
        "not_the_kind": float(given is False),
        "of_the_kind": float(given is True),
        "best_score": max((each.score for each in evidence), default=0.0),
    }


@cache
def fitted() -> Decision:
    """The model that comes with Byline."""
    read = json.loads(files("rag").joinpath("decision.json").read_text(encoding="utf-8"))
    return Decision(read["weights"], read["offset"], read["threshold"])
