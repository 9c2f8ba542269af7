"""The review queue: everything that a person should look at, from every door, most informative first."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.drafts import Draft, read_drafts
from eval.suggesting import suggest
from eval.types import AnswerObject, Case
from rag.feedback import Feedback, read_feedback
from rag.noticing import LOW, Noticed, is_weak, read_noticed

SURE = 0.5
"""A checker that gives an answer less than this doubts it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide: an answer with what was said of it, or a draft, which has no answer.

    `why` says why it is here, `weight` how much a label of it would tell, and `comments` what readers wrote.
    `representative` items were kept whatever they were, so that a sample of them stands for all.
    """

    id: str
    created_at: datetime
    question: str
    answer: AnswerObject | None
    why: tuple[str, ...]
    weight: float
    comments: tuple[str, ...]
    origin: str
    suggestion: Case
    representative: bool = False


def gather(home: Path) -> list[Item]:
    """All items of a home, the most informative first, ties by age and id."""
    said: dict[str, list[Feedback]] = {}
    for each in read_feedback(home):
        said.setdefault(each.answer_id, []).append(each)
    noticed = {each.answer_id: each for each in read_noticed(home)}
    ids = dict.fromkeys([*noticed, *said])
    items = [_answered(each, said.get(each, []), noticed.get(each)) for each in ids]
    items += [_drafted(draft) for draft in read_drafts(home)]
    return sorted(items, key=lambda item: (-item.weight, item.created_at, item.id))


def confidence(answer: AnswerObject | None) -> float | None:
    """The lowest support of its sentences; None where it was declined or has none."""
    if answer is None or answer["status"] == "declined":
        return None
    return min((float(each["support"]["score"]) for each in answer["sentences"]), default=None)


def informative(said: Sequence[Feedback], answer: AnswerObject | None, times: int) -> dict[str, float]:
    """Each reason why a label would tell something, with its weight: people against the checker first, then doubt."""
    sure = confidence(answer)
    verdicts = {each.verdict for each in said}
    reasons: dict[str, float] = {}
    if len(verdicts) > 1:
        reasons["readers disagree"] = 2.5
    if "wrong" in verdicts:
        against = sure is not None and sure >= SURE
        reasons["a reader calls it wrong" + (", the checker was sure" if against else "")] = 2.0 if against else 1.2
    if "good" in verdicts:
        against = sure is None or sure < SURE
        reasons["a reader calls it good" + (", the checker doubted" if against else "")] = 2.0 if against else 0.2
    if answer is None:
        reasons["its answer cannot be read"] = 0.1
    elif sure is None:
        reasons["declined"] = 0.7
    elif sure < LOW or is_weak(answer):
        reasons["low support"] = 0.3 + 0.7 * (1 - abs(2 * sure - 1))
    if times > 1:
        reasons[f"asked {times} times"] = 0.1 * math.log2(times)
    return reasons or {"answered": 0.05}


def _answered(answer_id: str, said: Sequence[Feedback], noticed: Noticed | None) -> Item:
    first = said[0] if said else noticed
    if first is None:
        raise ValueError(f"nothing is known of {answer_id}")
    answer = first.answer if _whole(first.answer) else None
    reasons = informative(said, answer, noticed.times if noticed else 1)
    comments = tuple(each.comment for each in said if each.comment)
    good = bool(said) and all(each.verdict == "good" for each in said)
    question = str(first.answer["question"])
    return Item(
        id=answer_id,
        created_at=first.created_at,
        question=question,
        answer=answer,
        why=tuple(reasons),
        weight=sum(sorted(reasons.values())),
        comments=comments,
        origin=first.door,
        suggestion=suggest(answer_id, question, answer, good, "; ".join(comments)),
        representative=noticed is not None and noticed.kept == "all",
    )


def _drafted(draft: Draft) -> Item:
    case = draft.case
    return Item(case.id, draft.created_at, case.question, None, ("drafted by a model",), 0.15, (), "draft", case)


def _whole(answer: Mapping[str, Any]) -> bool:
    """Has it what a reviewer is shown; feedback may bring any object."""
    return (
        isinstance(answer.get("status"), str)
        and isinstance(answer.get("text"), str)
        and _objects(answer.get("sentences"), "text", "support")
        and _objects(answer.get("citations"), "number", "quote", "publisher", "path", "url", "article_id", "title")
        and _objects(answer.get("passages"), "article_id", "text")
        and all(isinstance(each["support"].get("score"), int | float) for each in answer["sentences"])
    )


def _objects(values: Any, *names: str) -> bool:
    return isinstance(values, Iterable) and all(isinstance(each, dict) and set(names) <= set(each) for each in values)
