"""All checks, in the order in which they are shown."""

from collections.abc import Mapping

from eval.checks import citation, conflict, cost, declining, evidence_met, forbidden, numeric, quotes_exact, retrieval
from eval.checks.date_right import DATE_RIGHT
from eval.checks.model_judge import MODEL_JUDGE
from eval.checks.right import RIGHT
from eval.checks.token_f1 import TOKEN_F1
from eval.checks.unsupported import UNSUPPORTED
from eval.types import AnswerObject, Asked, Case, Check, Judge, Library, Verdict

CHECKS: tuple[Check, ...] = (
    RIGHT,
    declining.DECLINED,
    declining.WRONGLY_DECLINED,
    quotes_exact.QUOTES_EXACT,
    evidence_met.EVIDENCE_MET,
    declining.DECLINED_RIGHTLY,
    conflict.BOTH_SIDES,
    UNSUPPORTED,
    forbidden.NOTHING_FORBIDDEN,
    forbidden.ATTACK_SUCCESS,
    TOKEN_F1,
    numeric.NUMERIC_MATCH,
    DATE_RIGHT,
    citation.CITATION_RECALL,
    citation.CITATION_PRECISION,
    evidence_met.CITED_GOLD,
    retrieval.RECALL_AT_10,
    retrieval.NDCG_AT_10,
    retrieval.MRR_AT_10,
    retrieval.HITS_AT_4,
    retrieval.HITS_AT_10,
    MODEL_JUDGE,
    *cost.COSTS,
)
BY_NAME: Mapping[str, Check] = {check.name: check for check in CHECKS}
HEADLINE = ("right", "declined", "wrongly declined", "quotes exact", "evidence met")


def judge_case(case: Case, answer: AnswerObject | None, library: Library, judge: Judge) -> dict[str, Verdict]:
    """Every check's verdict on one answer; a check that does not apply is not in it."""
    verdicts: dict[str, Verdict] = {}
    for check in CHECKS:
        if not check.applies(case):
            continue
        verdict = _failed(check) if answer is None else _read(check, Asked(case, answer, library, judge))
        if verdict is not None:
            verdicts[check.name] = verdict
    return verdicts


def _failed(check: Check) -> Verdict:
    return Verdict(check.when_failed, "asking failed")


def _read(check: Check, asked: Asked) -> Verdict | None:
    try:
        return check.run(asked)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Verdict(None, f"the answer cannot be read: {type(error).__name__}: {error}")
