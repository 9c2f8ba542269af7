"""What the numbers are: shares with intervals, the curve of a judge, Platt scaling and the threshold from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

Values = NDArray[np.float64]
DRAWS = 2000
TRUSTED = 0.5
"""The share of true claims in use that the calibration is for; the pairs have fewer."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling of a gap, and the probability from which a claim counts as stated."""

    slope: float
    offset: float
    threshold: float


def share(values: Sequence[bool], groups: Sequence[str]) -> tuple[float, float, float]:
    """A mean, with its 95 % interval by drawing whole documents."""
    return interval(np.asarray(values, dtype=float), np.ones(len(values)), groups)


def interval(values: Values, weights: Values, groups: Sequence[str]) -> tuple[float, float, float]:
    """A weighted mean and its percentile interval over groups drawn with replacement."""
    _, at = np.unique(np.asarray(groups), return_inverse=True)
    sums, counts = np.bincount(at, values * weights), np.bincount(at, weights)
    picks = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=DRAWS)
    drawn = (picks @ sums) / np.maximum(picks @ counts, 1e-9)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float((values @ weights) / weights.sum()), float(low), float(high)


def roc_auc(gaps: Values, true: Values, groups: Sequence[str]) -> tuple[float, float, float]:
    """The chance that a true claim gets the larger gap, with its interval over documents."""
    names, at = np.unique(np.asarray(groups), return_inverse=True)
    random = np.random.default_rng(0)
    members = [np.flatnonzero(at == each) for each in range(len(names))]
    drawn: list[float] = []
    for _ in range(DRAWS // 4):
        rows = np.concatenate([members[each] for each in random.integers(0, len(names), len(names))])
        if 0 < true[rows].mean() < 1:
            drawn.append(float(roc_auc_score(true[rows], gaps[rows])))
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(roc_auc_score(true, gaps)), float(low), float(high)


def fit(gaps: Values, true: Values, kinds: Sequence[str]) -> Calibration:
    """Platt scaling and the threshold with the least balanced error; every kind of edit weighs the same."""
    weights = balanced(true, kinds)
    model = LogisticRegression(C=1e6, max_iter=1000).fit(gaps.reshape(-1, 1), true, sample_weight=weights)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    probabilities = 1 / (1 + np.exp(-(slope * gaps + offset)))
    steps = np.round(np.arange(0.02, 0.99, 0.01), 2)
    errors = [error(probabilities, true, weights, step) for step in steps]
    least = np.flatnonzero(np.isclose(errors, min(errors)))
    return Calibration(round(slope, 3), round(offset, 3), float(steps[least[len(least) // 2]]))


def balanced(true: Values, kinds: Sequence[str]) -> Values:
    """Weights by which the true ones are `TRUSTED` of all, and each kind of the others has an equal part of the rest."""
    names, at, counts = np.unique(np.asarray(kinds), return_inverse=True, return_counts=True)
    false = max(1, sum(name != "true" for name in names))
    total = np.asarray([TRUSTED if name == "true" else (1 - TRUSTED) / false for name in names])
    return np.asarray((total / counts)[at] * len(true), dtype=np.float64)


def error(probabilities: Values, true: Values, weights: Values, threshold: float) -> float:
    """The weighted share on the wrong side of a threshold."""
    return float(((probabilities >= threshold) != true.astype(bool)) @ weights / weights.sum())
