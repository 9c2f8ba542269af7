"""Rates over all traffic from the few answers that people labelled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.checks.right import is_declined, right
from eval.library import Articles
from eval.powered import Rate, labelled_alone, powered
from eval.queue import Item, confidence, gather
from eval.review import ReviewQueue, drawn, settled
from eval.types import AnswerObject, Asked, Case
from index.errors import UsageError

UNSURE = 0.5
"""What is predicted of a declined answer: nothing tells whether declining was right."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Of `answers` given, each counted once: `declined` exactly, the others by labels and prediction, and by labels alone.

    `left_out` were rejected by the reviewers: no gold case can be made of them.
    """

    answers: int
    declined: float
    powered: Mapping[str, Rate]
    alone: Mapping[str, Rate]
    left_out: int


def rates(home: Path) -> Rates:
    """The rates of a home. Raises UsageError where nothing stands for all traffic, or nothing of it is labelled."""
    items = sorted((each for each in gather(home) if each.representative and each.answer), key=drawn)
    if not items:
        raise UsageError("Not all answers were kept.", "Keep them from now on with review.keep=all in byline.toml.")
    labels = ReviewQueue(home, "").labels()
    choices = {key: settled(each) for key, each in labels.items()}
    cases = {dict(case.provenance).get("item", ""): case for case in ReviewQueue(home, "").accepted()}
    sample, left_out = [], 0
    rest = list(items)
    while rest and choices.get(rest[0].id):
        item = rest.pop(0)
        case = cases.get(item.id)
        if case is None:
            left_out += 1
        else:
            sample.append((item, case))
    if len(sample) < 2:
        raise UsageError(
            f"{len(sample)} of the sample are labelled.", "Label more, in order, with: byline eval review --sample"
        )
    checks: dict[str, Callable[[Case, AnswerObject], float]] = {"right": _right, "wrong shown": _wrong_shown}
    found = {name: _rate(name, check, sample, rest) for name, check in checks.items()}
    declined = sum(is_declined(each.answer) for each in items if each.answer) / len(items)
    return Rates(
        len(items), declined, {k: v[0] for k, v in found.items()}, {k: v[1] for k, v in found.items()}, left_out
    )


def _rate(
    name: str, check: Callable[[Case, AnswerObject], float], sample: list[tuple[Item, Case]], rest: list[Item]
) -> tuple[Rate, Rate]:
    labels = np.array([check(case, item.answer) for item, case in sample if item.answer])
    predicted = np.array([_predicted(name, item) for item, _ in sample])
    others = np.array([_predicted(name, item) for item in rest])
    return powered(labels, predicted, others), labelled_alone(labels)


def _predicted(name: str, item: Item) -> float:
    sure = confidence(item.answer)
    if name == "right":
        return UNSURE if sure is None else sure
    return 0.0 if sure is None else 1 - sure


def _right(case: Case, answer: AnswerObject) -> float:
    return right(Asked(case, answer, Articles(()), lambda premise, claim: None)).value or 0.0


def _wrong_shown(case: Case, answer: AnswerObject) -> float:
    return float(not is_declined(answer) and not _right(case, answer))
