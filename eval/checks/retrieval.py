"""Whether the evidence was found: recall@k, nDCG@k, Hits@k and MRR."""

import math
from collections.abc import Sequence

from eval.checks.evidence_met import groups
from eval.types import Asked, Case, Check, Verdict
from eval.words import squeeze


def recall_at(found: Sequence[frozenset[int]], wanted: int, k: int) -> float:
    """Share of `wanted` groups that the first k results meet; each result is the set of groups it meets."""
    return len(frozenset().union(*found[:k])) / wanted


def ndcg_at(gains: Sequence[float], ideal: Sequence[float], k: int) -> float:
    """Discounted cumulative gain of the ranks over that of the ideal ranks, gain / log2(rank + 1) (Järvelin 2002)."""
    best = _dcg(sorted(ideal, reverse=True)[:k])
    return _dcg(gains[:k]) / best if best else 0.0


def hit_at(relevant: Sequence[bool], k: int) -> float:
    """1 where any of the first k is relevant."""
    return float(any(relevant[:k]))


def reciprocal_rank(relevant: Sequence[bool], k: int) -> float:
    """1 / rank of the first relevant of the first k, else 0."""
    return next((1 / rank for rank, each in enumerate(relevant[:k], 1) if each), 0.0)


def contains_fact(passages: Sequence[str], facts: Sequence[str]) -> list[bool]:
    """MultiHop-RAG's rule: a passage is relevant if it contains any fact, white space removed."""
    bare = [squeeze(fact) for fact in facts]
    return [any(fact in squeeze(passage) for fact in bare) for passage in passages]


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _recall(asked: Asked, k: int) -> Verdict:
    wanted = groups(asked)
    met = [
        frozenset(
            number
            for number, places in enumerate(wanted)
            for place in places
            if passage["article_id"] == place.article_id
            and passage["start"] <= place.start
            and place.end <= passage["end"]
        )
        for passage in asked.answer["passages"]
    ]
    return Verdict(recall_at(met, len(wanted), k))


def _ndcg(asked: Asked, k: int) -> Verdict:
    gold = {place.article_id for places in groups(asked) for place in places}
    ranked = list(dict.fromkeys(passage["article_id"] for passage in asked.answer["passages"]))
    return Verdict(ndcg_at([float(each in gold) for each in ranked], [1.0] * len(gold), k))


def _relevant(asked: Asked) -> list[bool]:
    facts = [quote.quote for group in asked.case.evidence for quote in group]
    return contains_fact([passage["text"] for passage in asked.answer["passages"]], facts)


def _has_evidence(case: Case) -> bool:
    return case.answerable and bool(case.evidence)


RECALL_AT_10 = Check(
    "recall@10",
    "score",
    True,
    "evidence groups with a whole quote in the first 10 passages",
    _has_evidence,
    lambda asked: _recall(asked, 10),
    when_failed=0.0,
)
NDCG_AT_10 = Check(
    "nDCG@10",
    "score",
    True,
    "articles in the order of their first passage; an article with a gold quote has gain 1",
    _has_evidence,
    lambda asked: _ndcg(asked, 10),
    when_failed=0.0,
)
HITS_AT_4 = Check(
    "Hits@4",
    "yes/no",
    True,
    "a fact is in the first 4 passages (MultiHop-RAG's rule)",
    _has_evidence,
    lambda asked: Verdict(hit_at(_relevant(asked), 4)),
    when_failed=0.0,
)
HITS_AT_10 = Check(
    "Hits@10",
    "yes/no",
    True,
    "a fact is in the first 10 passages (MultiHop-RAG's rule)",
    _has_evidence,
    lambda asked: Verdict(hit_at(_relevant(asked), 10)),
    when_failed=0.0,
)
MRR_AT_10 = Check(
    "MRR@10",
    "score",
    True,
    "1 / rank of the first passage with a fact (MultiHop-RAG's rule)",
    _has_evidence,
    lambda asked: Verdict(reciprocal_rank(_relevant(asked), 10)),
    when_failed=0.0,
)
