"""Collects what the decision to answer is fitted on, and fits it.

    python -m eval.benches.calibrate collect CASES.jsonl HOME OUT.jsonl [EVERY]   every way tried per case, with features
    python -m eval.benches.calibrate fit OUT.jsonl…                               weights, cross-validated

CASES are records with `question` and `accept` (empty: must be declined). Fit on development questions only.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from eval.words import holds
from rag.answering import Answering
from rag.asked import read_question
from rag.engine import Engine
from rag.evidence import candidates, choose_evidence
from rag.settings import read_settings
from rag.types import Progress, Usage
from rag.wiring import open_engine


def is_right(text: str, accept: Iterable[Iterable[str]]) -> bool:
    """The accept rule: every string of at least one alternative is in the text."""
    return any(all(holds(text, want) for want in alternative) for alternative in accept)


def collect(engine: Engine, case: dict[str, Any]) -> list[dict[str, Any]]:
    """Every way of answering one case until one is right, each with its features."""
    asked = read_question(case["question"])
    hits = engine.search(asked.question)
    ranked = candidates(asked.question, hits, engine.index.embedder)
    evidence = choose_evidence(ranked, engine.settings.answer.evidence_sentences)
    answering = Answering(
        engine.model, engine.judge, engine.decision, engine.settings, lambda: None, Usage(context_limit=4096)
    )
    rows: list[dict[str, Any]] = []
    for event in answering.ways(asked, evidence):
        if isinstance(event, Progress):
            continue
        text = " ".join(each.text for each in event.shown)
        right = is_right(text, case["accept"])
        rows.append(
            {"text": text, "draft": event.draft, "right": right, "features": event.features, "kind": asked.kind}
        )
        if right:
            break
    return rows


def collect_all(cases: Path, home: Path, out: Path, every: int) -> None:
    """Collect over a file of cases; records are written as they come."""
    engine = open_engine(home, read_settings({"home": home}))
    with out.open("w", encoding="utf-8") as file:
        for number, line in enumerate(cases.read_text(encoding="utf-8").splitlines()):
            if number % every:
                continue
            case = json.loads(line)
            if "accept" not in case:
                case["accept"] = [[each["text"] if isinstance(each, dict) else each] for each in case["answers"]]
                case["accept"] = [] if case["unanswerable"] else case["accept"]
            ways = collect(engine, case)
            answerable = bool(case["accept"])
            record = {"id": case["id"], "question": case["question"], "answerable": answerable, "ways": ways}
            file.write(json.dumps(record) + "\n")
            file.flush()
            mark = "+" if any(way["right"] for way in ways) else "-"
            print(
                mark, answerable, case["id"], case["question"][:80], "|", [way["text"][:90] for way in ways], flush=True
            )


def fit(paths: list[Path]) -> None:
    """Logistic regression of "right" on the features, five-fold by case; prints weights and the risk–coverage points."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    records = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [(n, way) for n, record in enumerate(records) for way in record["ways"]]
    names = sorted(rows[0][1]["features"])
    x = np.array([[way["features"][name] for name in names] for _, way in rows])
    y = np.array([way["right"] for _, way in rows], dtype=int)
    groups = np.array([n for n, _ in rows])
    model = LogisticRegression(C=0.3, max_iter=2000)
    held = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, groups):
        held[test] = model.fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    for threshold in (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        print(f"{threshold:.2f}", json.dumps(outcomes(records, groups, held, y, threshold)))
    model.fit(x, y)
    weights = {name: round(float(w), 3) for name, w in zip(names, model.coef_[0], strict=True)}
    print(json.dumps({"weights": weights, "offset": round(float(model.intercept_[0]), 3), "threshold": 0.5}, indent=2))


def outcomes(records: list[dict[str, Any]], groups: Any, held: Any, right: Any, threshold: float) -> dict[str, float]:
    """Shares over cases if the first way above the threshold is shown."""
    good = wrong = declined = answerable = unanswerable = wrongly = 0
    for n, record in enumerate(records):
        mine = [i for i in np.flatnonzero(groups == n) if held[i] >= threshold]
        answerable += record["answerable"]
        unanswerable += not record["answerable"]
        if not mine:
            declined += not record["answerable"]
            wrongly += record["answerable"]
        elif right[mine[0]]:
            good += 1
        else:
            wrong += 1
    total = len(records)
    return {
        "n": total,
        "right": round((good + declined) / total, 3),
        "right_of_answerable": round(good / max(1, answerable), 3),
        "declined_of_unanswerable": round(declined / max(1, unanswerable), 3),
        "wrongly_declined": round(wrongly / max(1, answerable), 3),
        "wrong_shown": round(wrong / total, 3),
    }


if __name__ == "__main__":
    if sys.argv[1] == "fit":
        fit([Path(each) for each in sys.argv[2:]])
    else:
        cases, home, out = (Path(each) for each in sys.argv[2:5])
        collect_all(cases, home, out, int(sys.argv[5]) if len(sys.argv) > 5 else 1)
