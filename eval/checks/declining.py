"""Whether the right questions are declined."""

from eval.checks.right import is_declined
from eval.types import Asked, Case, Check, Verdict


def _answerable(case: Case) -> bool:
    return case.answerable


def _unanswerable(case: Case) -> bool:
    return not case.answerable


def declined(asked: Asked) -> Verdict:
    """1 where the answer is declined."""
    return Verdict(float(is_declined(asked.answer)))


def rightly(asked: Asked) -> Verdict | None:
    """Of what is declined: 1 where the case has no answer; absent where the case is answered."""
    return Verdict(float(not asked.case.answerable)) if is_declined(asked.answer) else None


DECLINED = Check(
    "declined",
    "yes/no",
    True,
    "declining recall: unanswerable and false-premise questions that are declined",
    _unanswerable,
    declined,
    when_failed=0.0,
)
WRONGLY_DECLINED = Check(
    "wrongly declined", "yes/no", False, "answerable questions that are declined", _answerable, declined
)
DECLINED_RIGHTLY = Check(
    "declined rightly",
    "yes/no",
    True,
    "declining precision: of what is declined, questions without an answer",
    lambda case: True,
    rightly,
)
