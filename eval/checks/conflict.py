"""Whether both sides of a disagreement are shown."""

from eval.checks.evidence_met import groups, overlaps
from eval.checks.right import accepted, is_declined
from eval.types import Asked, Check, Verdict


def both_sides(asked: Asked) -> Verdict:
    """1 where the answer holds what each side says, and each side's evidence is cited."""
    answer = asked.answer
    if is_declined(answer) or not accepted(asked.case, answer["text"]):
        return Verdict(0.0)
    shown = all(any(overlaps(citation, side) for citation in answer["citations"]) for side in groups(asked))
    return Verdict(float(shown))


BOTH_SIDES = Check(
    "both sides shown",
    "yes/no",
    True,
    "conflicts where every side is in the answer and cited",
    lambda case: case.kind == "conflict" and len(case.evidence) > 1,
    both_sides,
    when_failed=0.0,
)
