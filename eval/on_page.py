"""What the service's page shows of the runs; registered as the entry point `byline.evaluation`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.checks.registry import BY_NAME, CHECKS, HEADLINE
from eval.compare import compare
from eval.records import RUN_FILE, Run, by_case, read_run
from eval.scorecard import score, seconds_each
from eval.shown import between, notes, number, share
from eval.to_json import comparison_to_json, scorecard_to_json
from eval.types import Mean, Record, Scorecard
from index.errors import BrokenError, BylineError


def runs(home: Path) -> list[Mapping[str, Any]]:
    """The runs, newest first; one that cannot be read is listed with its problem."""
    folders = sorted((each.parent for each in (home / "runs").glob(f"*/{RUN_FILE}")), reverse=True)
    return [_line(folder) for folder in folders]


def scorecard(home: Path, name: str) -> Mapping[str, Any]:
    """A run's scorecard, with every number also in words, and its cases."""
    run, card = _scored(home / "runs" / name)
    seconds = seconds_each(run)
    return {
        **_without_folder(scorecard_to_json(run, card, seconds)),
        "notes": notes(card, seconds),
        "rows": [_row(check.name, card.means[check.name]) for check in CHECKS if check.name in card.means],
        "kinds": [{"kind": kind, "rows": _headline(means)} for kind, means in card.by_kind.items()],
        "records": [_case(records[0]) for records in by_case(run.records).values()],
    }


def comparison(home: Path, a: str, b: str) -> Mapping[str, Any]:
    """Run b against run a, with every number also in words."""
    told = comparison_to_json(compare(read_run(home / "runs" / a), read_run(home / "runs" / b)))
    for row in told["checks"]:
        name = row["check"]
        row["words"] = {
            "a": number(name, row["a"]),
            "b": number(name, row["b"]),
            "difference": number(name, row["difference"]),
            "between": between(name, row["low"], row["high"]),
        }
    return told


def _line(folder: Path) -> Mapping[str, Any]:
    try:
        run, card = _scored(folder)
    except BylineError as error:
        return {"run": folder.name, "problem": str(error)}
    receipt = run.stamp.get("receipt") or {}
    return {
        "run": run.name,
        "cases": card.cases,
        "missing": card.missing,
        "model": receipt.get("model"),
        "commit": str(run.stamp.get("commit", "")).split("+")[0][:10],
        "rows": _headline(card.means),
    }


def _scored(folder: Path) -> tuple[Run, Scorecard]:
    run = read_run(folder)
    try:
        return run, score(run)
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenError(
            f"The run {run.name} cannot be scored: {type(error).__name__} {error}.", "Run the cases again."
        ) from error


def _headline(means: Mapping[str, Mean]) -> list[Mapping[str, Any]]:
    return [_row(name, means[name]) for name in HEADLINE if name in means]


def _row(name: str, mean: Mean) -> Mapping[str, Any]:
    return {
        "check": name,
        "about": BY_NAME[name].about,
        "kind": BY_NAME[name].kind,
        "value": mean.value,
        "low": mean.low,
        "high": mean.high,
        "n": mean.n,
        "unscored": mean.unscored,
        "words": {
            "value": number(name, mean.value),
            "between": between(name, mean.low, mean.high),
            "share": share(name, mean),
        },
    }


def _case(record: Record) -> Mapping[str, Any]:
    answer = record.answer
    failed = [
        name
        for name, verdict in record.verdicts.items()
        if verdict.value == 0 and name in BY_NAME and BY_NAME[name].kind == "yes/no" and BY_NAME[name].higher_is_better
    ]
    return {
        "case": record.case.id,
        "kind": record.case.kind,
        "question": record.case.question,
        "status": answer and answer["status"],
        "text": answer and answer["text"],
        "error": record.error,
        "right": record.verdicts["right"].value if "right" in record.verdicts else None,
        "failed": failed,
    }


def _without_folder(told: Mapping[str, Any]) -> dict[str, Any]:
    """A path of this machine is nobody's business who reads the page."""
    return {name: value for name, value in told.items() if name != "folder"}
