"""Records in, scorecard out. Denominators are cases: what failed or has no verdict is counted and named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eval.checks.registry import BY_NAME, CHECKS
from eval.records import Run, by_case
from eval.risk import risk_coverage
from eval.sums import clusters_of, mean_of
from eval.types import Mean, Record, Scorecard, Verdict


def score(run: Run) -> Scorecard:
    """The scorecard of a run."""
    grouped = by_case(run.records)
    cases = [records[0].case for records in grouped.values()]
    clusters = clusters_of(cases)
    kinds = sorted({case.kind for case in cases})
    return Scorecard(
        cases=len(cases),
        errors=sum(any(record.answer is None for record in records) for records in grouped.values()),
        missing=run.planned - len(run.records),
        means=means(grouped, clusters),
        by_kind={
            kind: means({key: each for key, each in grouped.items() if each[0].case.kind == kind}, clusters)
            for kind in kinds
        },
        reasons=_reasons(run.records),
        broken=tuple(sorted(key for key, each in grouped.items() if any(breaks(record) for record in each))),
        changed=tuple(sorted(key for key, each in grouped.items() if _differ(each))),
        risk_coverage=risk_coverage(grouped, clusters),
        judge=_judge(run.judge) if run.judge else "",
    )


def _judge(judge: Mapping[str, Any]) -> str:
    told = judge["agreement"]
    beyond = "" if told["kappa"] is None else f" (kappa {told['kappa']:.2f})"
    return (
        f"model judge {judge['model']} {judge['model_digest'][:12]}: agrees with {told['agreed']} of {told['n']} hand labels"
        f"{beyond}, {told['unread']} replies unreadable"
    )


def means(grouped: Mapping[str, Sequence[Record]], clusters: Mapping[str, int]) -> dict[str, Mean]:
    """The mean of each check over the cases that it applies to."""
    found: dict[str, Mean] = {}
    for check in CHECKS:
        mean = mean_of(verdicts_of(grouped, check.name), clusters, check.kind != "cost")
        if mean is not None:
            found[check.name] = mean
    return found


def verdicts_of(grouped: Mapping[str, Sequence[Record]], check: str) -> dict[str, list[Verdict]]:
    """The verdicts of one check by case, where there are any."""
    verdicts = {
        key: [each.verdicts[check] for each in records if check in each.verdicts] for key, records in grouped.items()
    }
    return {key: each for key, each in verdicts.items() if each}


def breaks(record: Record) -> bool:
    """Does the record fail an invariant."""
    return any(
        BY_NAME[name].invariant and verdict.value == 0 for name, verdict in record.verdicts.items() if name in BY_NAME
    )


def seconds_each(run: Run) -> float | None:
    """Mean seconds of a question, failures included."""
    return sum(record.seconds for record in run.records) / len(run.records) if run.records else None


def _reasons(records: Sequence[Record]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for record in records:
        for name, verdict in record.verdicts.items():
            if verdict.value is None:
                counts.setdefault(name, Counter())[verdict.reason] += 1
    return {name: dict(each) for name, each in counts.items()}


def _differ(records: Sequence[Record]) -> bool:
    said = {
        (
            record.answer["text"],
            tuple((each["article_id"], each["start"], each["end"]) for each in record.answer["citations"]),
        )
        for record in records
        if record.answer is not None
    }
    return len(said) > 1
