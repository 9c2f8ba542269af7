"""How often the suite's 95 % intervals hold the truth, in worlds where the truth is known.

python -m eval.benches.coverage [DRAWS]      2,000 by default; the standard error of a coverage of .95 is then .005
"""

import sys
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from eval.powered import labelled_alone, powered
from eval.sums import Values, interval

Found = tuple[float | None, float | None]
World = Callable[[np.random.Generator], tuple[Found, float]]
"""One draw: the interval of a sample, and the truth that it should hold."""


def shares(n: int, truth: float) -> World:
    """n answers that are right or wrong."""
    return lambda rng: (_of((rng.random(n) < truth).astype(np.float64), np.arange(n), bounded=True), truth)


def scores(n: int) -> World:
    """n scores between 0 and 1, more of them high."""
    return lambda rng: (_of(np.asarray(rng.beta(2.8, 1.2, n), dtype=np.float64), np.arange(n)), 0.7)


def grouped(groups: int) -> World:
    """Questions right or wrong, one to five about an article, whose articles are easy or hard."""

    def draw(rng: np.random.Generator) -> tuple[Found, float]:
        sizes = rng.integers(1, 6, groups)
        values = (rng.random(sizes.sum()) < np.repeat(rng.beta(1.6, 0.4, groups), sizes)).astype(np.float64)
        return _of(values, np.repeat(np.arange(groups), sizes), bounded=True), 0.8

    return draw


def alone_despite_groups(groups: int) -> World:
    """The same, with the interval that a suite would give that knows nothing of articles."""

    def draw(rng: np.random.Generator) -> tuple[Found, float]:
        sizes = rng.integers(1, 6, groups)
        values = (rng.random(sizes.sum()) < np.repeat(rng.beta(1.6, 0.4, groups), sizes)).astype(np.float64)
        return _of(values, np.arange(len(values)), bounded=True), 0.8

    return draw


def by_prediction(labels: int, others: int, skill: float) -> World:
    """A rate by few labels and a predictor that is a tenth too sure and knows as much as `skill`."""

    def draw(rng: np.random.Generator) -> tuple[Found, float]:
        right, said = traffic(rng, labels, skill)
        rate = powered(right, said, traffic(rng, others, skill)[1]) if others else labelled_alone(right)
        return (rate.low, rate.high), skill * 2 / 3 + (1 - skill) * 0.6

    return draw


def traffic(rng: np.random.Generator, n: int, skill: float) -> tuple[Values, Values]:
    """(right or wrong, what the predictor says) of n answers; the mean is skill * 2/3 + (1 - skill) * .6."""
    sure = rng.beta(3, 1.5, n)
    right = (rng.random(n) < skill * sure + (1 - skill) * 0.6).astype(np.float64)
    return right, np.asarray(np.clip(sure + 0.1, 0, 1), dtype=np.float64)


WORLDS: Mapping[str, World] = {
    "right or wrong, n 191, truth .85": shares(191, 0.85),
    "right or wrong, n 40, truth .85": shares(40, 0.85),
    "right or wrong, n 22, truth .9": shares(22, 0.9),
    "scores, n 22": scores(22),
    "30 articles of 1 to 5 questions": grouped(30),
    "12 articles of 1 to 5 questions": grouped(12),
    "8 articles of 1 to 5 questions": grouped(8),
    "30 articles, drawn as if questions stood alone": alone_despite_groups(30),
    "40 labels alone": by_prediction(40, 0, 1.0),
    "40 labels, 600 predicted, a good predictor": by_prediction(40, 600, 1.0),
    "40 labels, 600 predicted, a useless one": by_prediction(40, 600, 0.0),
}


def coverage(world: World, draws: int, seed: int = 11) -> tuple[float, float]:
    """(share of draws whose interval holds the truth, mean width)."""
    held, widths = 0, []
    for (low, high), truth in _drawn(world, draws, np.random.default_rng(seed)):
        if low is None or high is None:
            held += 1
            continue
        held += low <= truth <= high
        widths.append(high - low)
    return held / draws, float(np.mean(widths))


def _drawn(world: World, draws: int, rng: np.random.Generator) -> Iterator[tuple[Found, float]]:
    return (world(rng) for _ in range(draws))


def _of(values: Values, groups: np.ndarray, bounded: bool = False) -> Found:
    low, high, _ = interval(values, groups, bounded)
    return low, high


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(f"| world | coverage of 95 %, {wanted:,} draws | mean width |\n|---|---|---|")
    for name, each in WORLDS.items():
        share, width = coverage(each, wanted)
        print(f"| {name} | {share:.3f} | {width:.3f} |", flush=True)
