"""Means that can be believed: each with its n, its unscored, and a 95 % bootstrap interval over groups of cases."""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit  # type: ignore[import-untyped]

from eval.types import Case, Mean, Verdict

DRAWS = 4000
LEVEL = 0.95
ENOUGH_CLUSTERS = 5
Values = NDArray[np.float64]
_NORMAL = NormalDist()


def clusters_of(cases: Sequence[Case]) -> dict[str, int]:
    """The group of each case id: cases that share an article or a group, directly or through others, are one."""
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while group.setdefault(name, name) != name:
            group[name] = name = group[group[name]]
        return name

    for case in cases:
        shared = [f"article {article}" for article in case.articles] + [f"group {case.group}"] * bool(case.group)
        for name in shared:
            group[root(name)] = root("case " + case.id)
    roots = {case.id: root("case " + case.id) for case in cases}
    numbers = {name: number for number, name in enumerate(dict.fromkeys(roots.values()))}
    return {case_id: numbers[name] for case_id, name in roots.items()}


def mean_of(
    verdicts: Mapping[str, Sequence[Verdict]], clusters: Mapping[str, int], bounded: bool = False
) -> Mean | None:
    """The mean over cases, each the mean of its repeats; None where no case has a value.

    A case with no scored verdict counts as unscored and is in neither the sum nor the n.
    """
    scored: dict[str, float] = {}
    for case_id, each in verdicts.items():
        values = [verdict.value for verdict in each if verdict.value is not None]
        if values:
            scored[case_id] = sum(values) / len(values)
    if not scored:
        return None
    ids = sorted(scored)
    values_of = np.array([scored[case_id] for case_id in ids])
    groups = np.array([clusters[case_id] for case_id in ids])
    low, high, drawn = interval(values_of, groups, bounded)
    return Mean(float(values_of.mean()), len(ids), len(verdicts) - len(ids), low, high, drawn)


def interval(values: Values, groups: NDArray[np.int_], bounded: bool = False) -> tuple[float | None, float | None, int]:
    """(low, high, clusters drawn) of the mean at 95 %.

    BCa bootstrap (Efron 1987) that draws whole groups, or single cases where there are effectively fewer than five groups.
    Where all values are alike a bootstrap sees no spread: all 0 or all 1, of values `bounded` by these, then get the exact
    (Clopper–Pearson) interval of the number drawn, which holds for scores too, because P(all are 1) <= mean ** n.
    """
    together = effective(np.unique(groups, return_counts=True)[1]) >= ENOUGH_CLUSTERS
    sums, counts = _by_group(values, groups) if together else (values, np.ones(len(values)))
    drawn = len(sums) if together else 0
    if len(sums) < 2:
        return None, None, drawn
    if np.ptp(values) == 0:
        return *(_exact(float(values[0]), len(sums)) if bounded and values[0] in (0.0, 1.0) else (None, None)), drawn
    low, high = bca(sums, counts)
    return low, high, drawn


def effective(sizes: Sequence[int] | NDArray[np.int_]) -> float:
    """How many groups of one size would weigh as much: the squared sum of the sizes over the sum of their squares (Kish 1965)."""
    counts = np.asarray(sizes, dtype=np.float64)
    return float(counts.sum() ** 2 / (counts**2).sum())


def bca(sums: Values, counts: Values, seed: int = 0) -> tuple[float, float]:
    """Bias-corrected and accelerated interval of a ratio of sums, drawing the pairs (sum, count) with replacement.

    The tails are those of Student's t, widened by sqrt(n / (n - 1)) (Hesterberg 2015, expanded percentile): without it few
    groups give intervals that are too narrow.
    """
    n = len(sums)
    estimate = sums.sum() / counts.sum()
    picks = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    means = np.sort((picks @ sums) / (picks @ counts))
    below = float(np.sum(means < estimate) + 0.5 * np.sum(means == estimate)) / DRAWS
    bias = _NORMAL.inv_cdf(min(max(below, 1 / DRAWS), 1 - 1 / DRAWS))
    left_out = (sums.sum() - sums) / (counts.sum() - counts)
    pulls = left_out.mean() - left_out
    spread = float(np.sum(pulls**2)) ** 1.5
    acceleration = float(np.sum(pulls**3)) / (6 * spread) if spread else 0.0
    wide = math.sqrt(n / (n - 1)) * student(n - 1)
    at = [_NORMAL.cdf(bias + tail / (1 - acceleration * tail)) for tail in (bias - wide, bias + wide)]
    low, high = np.quantile(means, at)
    return float(low), float(high)


def student(freedom: int) -> float:
    """How many standard errors each way make 95 % by Student's t."""
    return float(stdtrit(freedom, (1 + LEVEL) / 2))


def _by_group(values: Values, groups: NDArray[np.int_]) -> tuple[Values, Values]:
    _, numbers = np.unique(groups, return_inverse=True)
    return np.bincount(numbers, weights=values).astype(np.float64), np.bincount(numbers).astype(np.float64)


def _exact(value: float, n: int) -> tuple[float, float]:
    tail = float(((1 - LEVEL) / 2) ** (1 / n))
    return (tail, 1.0) if value == 1.0 else (0.0, 1.0 - tail)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share by the score method (Wilson 1927); (0, 1) of nothing.

    It holds at shares of 0 and 1 and at small n, where one of the mean's spread does not.
    """
    if not n:
        return 0.0, 1.0
    z = _NORMAL.inv_cdf((1 + LEVEL) / 2)
    share, spread = successes / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    # At the ends rounding would leave a share outside its own interval.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))
