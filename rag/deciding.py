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
from rag.checking import coverage
from rag.claims.names import is_named, vocabulary
from rag.grounding import Quote
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


def features(
    asked: Asked,
    sentence: str,
    quotes: Sequence[Quote],
    evidence: Sequence[EvidenceSentence],
    support: float,
) -> dict[str, float]:
    """What the decision is made from, but for the model's own gaps; all in 0..1 or thereabouts."""
    words = " ".join(each.text for each in quotes)
    joint = vocabulary(words)
    nearby = vocabulary(" ".join(around(each) for each in quotes))
    given = gives_what_is_asked(asked, sentence)
    named = [is_named(each, joint) for each in asked.names]
    near = [is_named(each, nearby) for each in asked.names]
    return {
        "support": support,
        "coverage": coverage(asked.question, words),
        "names_in_quotes": sum(named) / len(named) if named else 1.0,
        "names_nearby": sum(near) / len(near) if near else 1.0,
        "not_the_kind": float(given is False),
        "of_the_kind": float(given is True),
        "yes_no": float(asked.kind == "yes_no"),
        "open": float(asked.kind in ("what", "why")),
        "best_score": max((each.score for each in evidence), default=0.0),
    }


def around(quote: Quote, reach: int = 400) -> str:
    """The article's title and the text about a quote: where a name may stand that the quote only points to."""
    article = quote.article
    return f"{article.title or ''} {article.text[max(0, quote.start - reach) : quote.end + reach]}"


@cache
def fitted() -> Decision:
    """The model that comes with Byline."""
    read = json.loads(files("rag").joinpath("decision.json").read_text(encoding="utf-8"))
    return Decision(read["weights"], read["offset"], read["threshold"])
