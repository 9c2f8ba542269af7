"""A rate over much that has few labels, by a predictor that is not trusted: prediction-powered inference.

PPI++ for a mean (Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453): the predictor's mean over everything, corrected by
how far it is off on what is labelled, with the weight of the predictor tuned so that a useless one costs nothing.
"""

import math
from dataclasses import dataclass

import numpy as np

from eval.sums import Values, interval, student


@dataclass(frozen=True, slots=True)
class Rate:
    """A mean with its 95 % interval over `n` labelled and `unlabelled` others; `weight` is the predictor's, 0 to 1."""

    value: float
    low: float | None
    high: float | None
    n: int
    unlabelled: int
    weight: float


def labelled_alone(labels: Values) -> Rate:
    """The ordinary mean and interval of what is labelled."""
    low, high, _ = interval(labels, np.arange(len(labels)), bounded=True)
    return Rate(float(labels.mean()), low, high, len(labels), 0, 0.0)


def powered(labels: Values, predicted: Values, others: Values) -> Rate:
    """The mean of the labels over everything; `predicted` goes with the labels, `others` are predictions of the rest.

    Labels must be a random sample. Values lie from 0 to 1. With fewer than ten labels, or labels that are all alike, or
    none but labelled, it is the ordinary mean.
    """
    n, rest = len(labels), len(others)
    spread = float(np.var(np.concatenate([predicted, others]), ddof=1)) if n + rest > 1 else 0.0
    if n < 10 or not rest or np.ptp(labels) == 0 or spread == 0:
        return labelled_alone(labels)
    together = float(np.cov(labels, predicted)[0, 1])
    weight = min(1.0, max(0.0, together / ((1 + n / rest) * spread)))
    value = float((labels - weight * predicted).mean() + weight * others.mean())
    error = math.sqrt(np.var(labels - weight * predicted, ddof=1) / n + weight**2 * np.var(others, ddof=1) / rest)
    wide = student(n - 1) * error
    return Rate(min(1.0, max(0.0, value)), max(0.0, value - wide), min(1.0, value + wide), n, rest, weight)
