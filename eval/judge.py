"""The optional model judge: says of each answer whether it is right, and how far it agrees with hand labels."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

from eval.agreement import kappa
from eval.checks.right import is_declined
from eval.records import JUDGE_FILE, Run, write_whole
from eval.types import Case
from prompts.loader import load_prompt
from rag.evidence import as_data
from rag.judging import messages
from rag.runtimes.types import ChatModel, Generation

PROMPT = "grade"
_REPLY = re.compile(r"\W*(right|wrong)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """An answer that a person called right or wrong."""

    question: str
    accept: tuple[tuple[str, ...], ...]
    answer: str
    right: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `n` hand labels `agreed` were ruled alike and `unread` got no reply that can be read; `kappa` is over the read ones."""

    n: int
    agreed: int
    unread: int
    kappa: float | None


def hand_labels() -> list[Label]:
    """The labels that every judge is measured on: written by hand, one a line of judge_labels.jsonl."""
    lines = (files("eval") / "judge_labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Label(each["question"], tuple(map(tuple, each["accept"])), each["answer"], each["right"])
        for each in map(json.loads, lines)
    ]


def rule(model: ChatModel, question: str, accept: Sequence[Sequence[str]], answer: str) -> bool | None:
    """Is the answer right; None where the reply is anything but one of the two words asked for."""
    accepted = "; or: ".join(" and ".join(alternative) for alternative in accept)
    asked = messages(PROMPT, question=as_data(question), accepted=as_data(accepted), given=as_data(answer))
    reply = "".join(piece.text for piece in model.stream(asked, Generation(max_tokens=8)))
    read = _REPLY.fullmatch(reply)
    return read[1].lower() == "right" if read else None


def agreement(model: ChatModel, labels: Sequence[Label], done: Callable[[], None] = lambda: None) -> Agreement:
    """How far the judge agrees with the labels."""
    pairs = []
    for label in labels:
        pairs.append((label.right, rule(model, label.question, label.accept, label.answer)))
        done()
    read = [pair for pair in pairs if pair[1] is not None]
    return Agreement(len(pairs), sum(one == other for one, other in read), len(pairs) - len(read), kappa(read))


def judge_run(
    model: ChatModel, run: Run, labels: Sequence[Label], done: Callable[[], None] = lambda: None
) -> Mapping[str, Any]:
    """Rule on every answer of the run to a case that has one, and write what was ruled, and by whom, into its folder."""
    agreed = agreement(model, labels, done)
    rulings: dict[str, bool | None] = {}
    for record in run.records:
        if record.answer is not None and judged(record.case, record.answer):
            text = re.sub(r"\s*\[\d+\]", "", record.answer["text"])
            rulings[f"{record.case.id} {record.repeat}"] = rule(model, record.case.question, record.case.accept, text)
        done()
    ruled = {
        "model": model.name,
        "model_digest": model.digest,
        "prompt": load_prompt(PROMPT).digest,
        "agreement": asdict(agreed),
        "rulings": rulings,
    }
    write_whole(run.folder / JUDGE_FILE, ruled)
    return ruled


def judged(case: Case, answer: Mapping[str, Any]) -> bool:
    """Is there something to rule on: what is declined, or must be, is told without a judge."""
    return case.answerable and not is_declined(answer)
