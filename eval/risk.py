"""Risk and coverage: how wrong the answers are when only the surest are given (El-Yaniv and Wiener 2010)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.sums import ENOUGH_CLUSTERS, effective
from eval.types import Mean, Record

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Point:
    """The share of cases answered when the surest are answered first, and the share of those that is wrong."""

    coverage: float
    risk: float


def confidence(record: Record) -> float | None:
    """The lowest support score of an answer's sentences; None where it was declined, failed, or has no sentences."""
    if record.answer is None or record.answer["status"] == "declined" or not record.answer["sentences"]:
        return None
    return float(min(each["support"]["score"] for each in record.answer["sentences"]))


def sure_and_wrong(grouped: Mapping[str, Sequence[Record]]) -> dict[str, tuple[float, float]]:
    """(confidence, 1 where wrong) of each answered case, by its first repeat."""
    found: dict[str, tuple[float, float]] = {}
    for case_id, records in grouped.items():
        sure, right = confidence(records[0]), records[0].verdicts.get("right")
        if sure is not None and right is not None and right.value is not None:
            found[case_id] = (sure, 1 - right.value)
    return found


def curve(pairs: Sequence[tuple[float, float]], cases: int) -> list[Point]:
    """Risk at each coverage, surest first; answers that are equally sure are taken together."""
    points: list[Point] = []
    taken = wrong = 0.0
    for sure in sorted({sure for sure, _ in pairs}, reverse=True):
        level = [error for each, error in pairs if each == sure]
        taken, wrong = taken + len(level), wrong + sum(level)
        points.append(Point(taken / cases, wrong / taken))
    return points


def area(pairs: Sequence[tuple[float, float]]) -> float:
    """Mean risk over the answered, each at its own coverage; within a tie errors are spread evenly."""
    risks: list[float] = []
    taken = wrong = 0.0
    for sure in sorted({sure for sure, _ in pairs}, reverse=True):
        level = [error for each, error in pairs if each == sure]
        share = sum(level) / len(level)
        risks += [(wrong + share * step) / (taken + step) for step in range(1, len(level) + 1)]
        taken, wrong = taken + len(level), wrong + sum(level)
    return sum(risks) / len(risks)


def risk_coverage(grouped: Mapping[str, Sequence[Record]], clusters: Mapping[str, int]) -> Mean | None:
    """The area under the risk–coverage curve of the answered cases, lower is better, with a percentile bootstrap interval."""
    pairs = sure_and_wrong(grouped)
    if not pairs:
        return None
    groups: dict[int, list[tuple[float, float]]] = {}
    for case_id in sorted(pairs):
        groups.setdefault(clusters[case_id], []).append(pairs[case_id])
    together = effective([len(each) for each in groups.values()]) >= ENOUGH_CLUSTERS
    blocks = list(groups.values()) if together else [[pairs[case_id]] for case_id in sorted(pairs)]
    low = high = None
    if len(blocks) > 1:
        picks = np.random.default_rng(0).integers(0, len(blocks), (DRAWS, len(blocks)))
        areas = [area([pair for at in pick for pair in blocks[at]]) for pick in picks]
        low, high = (float(each) for each in np.quantile(areas, [0.025, 0.975]))
    unscored = sum(key not in pairs and not _declined(records[0]) for key, records in grouped.items())
    return Mean(area(list(pairs.values())), len(pairs), unscored, low, high, len(blocks) if together else 0)


def _declined(record: Record) -> bool:
    return record.answer is not None and record.answer["status"] == "declined"


def calibration(pairs: Sequence[tuple[float, float]], bins: int = 5) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, n) of each bin of confidence that has answers."""
    found = []
    for number in range(bins):
        inside = [(s, e) for s, e in pairs if number == min(int(s * bins), bins - 1)]
        if inside:
            n = len(inside)
            found.append((sum(s for s, _ in inside) / n, 1 - sum(e for _, e in inside) / n, n))
    return found
