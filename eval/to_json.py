"""Scorecards and comparisons as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from eval.checks.registry import BY_NAME
from eval.compare import Change, Comparison
from eval.records import Run
from eval.types import Mean, Scorecard


def scorecard_to_json(run: Run, card: Scorecard, seconds: float | None) -> dict[str, Any]:
    """A run's scorecard with its stamp."""
    return {
        "run": run.name,
        "folder": str(run.folder),
        "stamp": dict(run.stamp),
        "cases": card.cases,
        "errors": card.errors,
        "missing": card.missing,
        "seconds_each": seconds,
        "checks": _means(card.means),
        "risk_coverage_area": card.risk_coverage and asdict(card.risk_coverage),
        "by_kind": {kind: _means(means) for kind, means in card.by_kind.items()},
        "unscored": {name: dict(reasons) for name, reasons in card.reasons.items()},
        "inexact_quotes": list(card.broken),
        "changed_between_repeats": list(card.changed),
        "judge": run.judge and {key: value for key, value in run.judge.items() if key != "rulings"},
    }


def comparison_to_json(found: Comparison) -> dict[str, Any]:
    """A comparison with both answers of every case that changed."""
    return {
        "a": found.a,
        "b": found.b,
        "pairs": found.pairs,
        "left_out": found.left_out,
        "notes": list(found.notes),
        "checks": [asdict(each) for each in found.differences],
        "changed": [_change(each) for each in found.changes],
    }


def _means(means: Mapping[str, Mean]) -> dict[str, Any]:
    return {name: {**asdict(mean), "kind": BY_NAME[name].kind} for name, mean in means.items()}


def _change(change: Change) -> dict[str, Any]:
    sides = {}
    for name, record in (("a", change.a), ("b", change.b)):
        answer = record.answer
        sides[name] = {
            "status": answer and answer["status"],
            "text": answer and answer["text"],
            "error": record.error,
            "verdicts": {check: record.verdicts[check].value for check in change.checks},
        }
    return {"case": change.case_id, "question": change.a.case.question, "checks": list(change.checks), **sides}
