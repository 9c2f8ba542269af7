"""Whether the dates of the gold answer are in the answer, by value: 1 September is 2025-09-01."""

from eval.checks.right import is_declined
from eval.types import Asked, Case, Check, Verdict
from rag.claims.moments import moments


def date_right(asked: Asked) -> Verdict:
    """1 where every date of some alternative is in the answer, as exactly or more so; a declined answer has 0."""
    if is_declined(asked.answer):
        return Verdict(0.0)
    said = moments(asked.answer["text"])
    wanted = [moments(" ; ".join(alternative)) for alternative in asked.case.accept]
    right = any(all(any(want.covers(each) for each in said) for want in dates) for dates in wanted if dates)
    return Verdict(float(right))


def _has_dates(case: Case) -> bool:
    return case.kind == "temporal" and any(moments(" ; ".join(alternative)) for alternative in case.accept)


DATE_RIGHT = Check(
    "date right",
    "yes/no",
    True,
    "temporal questions whose dates are in the answer by value",
    _has_dates,
    date_right,
    when_failed=0.0,
)
