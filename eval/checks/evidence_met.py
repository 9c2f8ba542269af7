"""Whether citations rest on the gold evidence, by the overlap of their spans."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.checks.right import is_declined
from eval.types import Asked, Case, Check, Place, Verdict


def overlaps(citation: Mapping[str, Any], places: Sequence[Place]) -> bool:
    """Is the citation from one of the places' articles, with at least one character in common."""
    return any(
        citation["article_id"] == place.article_id and citation["start"] < place.end and place.start < citation["end"]
        for place in places
    )


def groups(asked: Asked) -> list[list[Place]]:
    """The places of each evidence group's quotes."""
    return [[place for quote in group for place in asked.library.places(quote)] for group in asked.case.evidence]


def _has_evidence(case: Case) -> bool:
    return case.answerable and bool(case.evidence)


def evidence_met(asked: Asked) -> Verdict:
    """The share of evidence groups that some citation meets; a declined answer meets none."""
    met = [any(overlaps(citation, places) for citation in asked.answer["citations"]) for places in groups(asked)]
    return Verdict(sum(met) / len(met))


def cited_gold(asked: Asked) -> Verdict | None:
    """The share of citations that overlap any gold quote; absent where nothing is cited."""
    cited = asked.answer["citations"]
    if is_declined(asked.answer) or not cited:
        return None
    gold = [place for places in groups(asked) for place in places]
    return Verdict(sum(overlaps(citation, gold) for citation in cited) / len(cited))


EVIDENCE_MET = Check(
    "evidence met",
    "score",
    True,
    "citation recall by gold: evidence groups that a citation overlaps",
    _has_evidence,
    evidence_met,
    when_failed=0.0,
)
CITED_GOLD = Check(
    "citations on gold",
    "score",
    True,
    "citation precision by gold: citations that overlap a gold quote (a lower bound: other sentences may do too)",
    _has_evidence,
    cited_gold,
)
