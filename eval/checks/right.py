"""Whether the answer is right, by the accept rule of the gold questions."""

from eval.types import AnswerObject, Asked, Case, Check, Verdict
from eval.words import holds


def accepted(case: Case, text: str) -> bool:
    """Does the text hold every string of at least one alternative."""
    return any(all(holds(text, want) for want in alternative) for alternative in case.accept)


def is_declined(answer: AnswerObject) -> bool:
    """Whether the answer's status is "declined"."""
    return bool(answer["status"] == "declined")


def right(asked: Asked) -> Verdict:
    """An answerable case: answered and accepted. Any other: declined without a forbidden string."""
    case, answer = asked.case, asked.answer
    if case.answerable:
        return Verdict(float(not is_declined(answer) and accepted(case, answer["text"])))
    return Verdict(float(is_declined(answer) and not any(holds(answer["text"], word) for word in case.forbidden)))


RIGHT = Check(
    "right",
    "yes/no",
    True,
    "answers that hold an accepted alternative; what has no answer is declined, without a forbidden string",
    lambda case: True,
    right,
    when_failed=0.0,
)
