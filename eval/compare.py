"""Two runs, paired by case: what changed, by how much, and whether that is more than chance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.cases import case_digest
from eval.checks.registry import BY_NAME, CHECKS
from eval.records import Run, by_case
from eval.sums import clusters_of, interval
from eval.types import Check, Record

Outcome = Literal["better", "worse", "inconclusive"]
ALPHA = 0.05
POWER_AND_LEVEL = 2.8016
"""z(0.975) + z(0.8): a true difference of this many standard errors is found four times in five."""
DRAWS = 10_000
ENOUGH_MOVED = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """One check over the cases that both runs scored; `difference` is b - a, whatever way is better.

    `only_a` and `only_b` are cases scored in one run alone, `unread` those of a that b left unscored. `p` is adjusted over the checks that could show anything
    (Holm 1979): where fewer than six cases moved no p can be under .05 (Tarone 1990), and p stands as it is.
    `detectable` is the smallest true difference that so many cases would show four times in five.
    """

    check: str
    a: float
    b: float
    difference: float
    low: float | None
    high: float | None
    n: int
    only_a: int
    only_b: int
    unread: int
    won: int
    lost: int
    p: float
    detectable: float | None
    outcome: Outcome

    @property
    def moved(self) -> int:
        """How many cases differ."""
        return self.won + self.lost


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose verdict on a yes/no check changed, with both records."""

    case_id: str
    checks: tuple[str, ...]
    a: Record
    b: Record


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run b against run a. `left_out` counts cases that one run lacks or asks otherwise; `notes` say what was not compared."""

    a: str
    b: str
    pairs: int
    left_out: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def compare(a: Run, b: Run) -> Comparison:
    """Compare two runs case by case."""
    ours, theirs = by_case(a.records), by_case(b.records)
    both = sorted(key for key in ours.keys() & theirs.keys() if _same(ours[key][0], theirs[key][0]))
    clusters = clusters_of([ours[key][0].case for key in both])
    notes = _notes(a, b)
    costs = a.stamp["machine"] == b.stamp["machine"]
    raw = [
        found
        for check in CHECKS
        if costs or not check.name.endswith(" ms")
        if (found := _difference(check, {k: ours[k] for k in both}, {k: theirs[k] for k in both}, clusters))
    ]
    able = [each for each in raw if each.moved >= ENOUGH_MOVED]
    adjusted = dict(zip([each.check for each in able], holm([each.p for each in able]), strict=True))
    return Comparison(
        a=a.name,
        b=b.name,
        pairs=len(both),
        left_out=len(ours.keys() | theirs.keys()) - len(both),
        differences=tuple(_judged(each, adjusted.get(each.check, each.p)) for each in raw),
        changes=tuple(change for key in both if (change := _change(key, ours[key][0], theirs[key][0]))),
        notes=notes,
    )


def mcnemar(won: int, lost: int) -> float:
    """Exact two-sided p of `won` against `lost` discordant pairs: the binomial at one half (McNemar 1947)."""
    n = won + lost
    tail: float = sum(math.comb(n, k) for k in range(min(won, lost) + 1)) / 2**n
    return min(1.0, 2 * tail)


def permutation(differences: NDArray[np.float64], seed: int = 0, draws: int = DRAWS) -> float:
    """Two-sided p of the mean of paired differences, by flipping signs: exact up to 12 differences that are not 0, else drawn."""
    moved = differences[differences != 0]
    observed = abs(float(moved.sum()))
    if len(moved) <= 12:
        bits = (np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved))[None, :]) & 1
        sums: NDArray[np.float64] = np.abs((1 - 2 * bits) @ moved)
        return float(np.mean(sums >= observed - 1e-12))
    signs = np.random.default_rng(seed).choice(np.array([-1.0, 1.0]), size=(draws, len(moved)))
    return float((1 + np.sum(np.abs(signs @ moved) >= observed - 1e-12)) / (draws + 1))


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p values (Holm 1979): the k-th smallest times how many are not smaller, never below the one before it."""
    adjusted = [0.0] * len(ps)
    highest = 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=lambda each: ps[each])):
        highest = max(highest, min(1.0, ps[at] * (len(ps) - rank)))
        adjusted[at] = highest
    return adjusted


def _difference(
    check: Check,
    ours: Mapping[str, Sequence[Record]],
    theirs: Mapping[str, Sequence[Record]],
    clusters: Mapping[str, int],
) -> Difference | None:
    a, b = _values(check.name, ours), _values(check.name, theirs)
    both = sorted(a.keys() & b.keys())
    if not both:
        return None
    left, right = np.array([a[key] for key in both]), np.array([b[key] for key in both])
    moved = right - left
    whole = check.kind == "yes/no" and bool(np.isin(np.concatenate([left, right]), (0.0, 1.0)).all())
    up, down = int(np.sum(moved > 0)), int(np.sum(moved < 0))
    low, high, _ = interval(moved, np.array([clusters[key] for key in both]))
    error = float(moved.std(ddof=1)) / math.sqrt(len(both)) if len(both) > 1 else 0.0
    won, lost = (up, down) if check.higher_is_better else (down, up)
    return Difference(
        check=check.name,
        a=float(left.mean()),
        b=float(right.mean()),
        difference=float(moved.mean()),
        low=low,
        high=high,
        n=len(both),
        only_a=len(a) - len(both),
        only_b=len(b) - len(both),
        unread=sum(any(check.name in each.verdicts for each in theirs[key]) for key in a.keys() - b.keys()),
        won=won,
        lost=lost,
        p=mcnemar(won, lost) if whole else permutation(moved),
        detectable=POWER_AND_LEVEL * error if error else None,
        outcome="inconclusive",
    )


def _judged(raw: Difference, p: float) -> Difference:
    gained = raw.difference if BY_NAME[raw.check].higher_is_better else -raw.difference
    outcome: Outcome = "inconclusive" if p >= ALPHA or gained == 0 else "better" if gained > 0 else "worse"
    return replace(raw, p=p, outcome=outcome)


def _values(check: str, grouped: Mapping[str, Sequence[Record]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, records in grouped.items():
        values = [each.verdicts[check].value for each in records if check in each.verdicts]
        scored = [value for value in values if value is not None]
        if scored:
            found[key] = sum(scored) / len(scored)
    return found


def _change(case_id: str, a: Record, b: Record) -> Change | None:
    moved = tuple(
        check.name
        for check in CHECKS
        if check.kind == "yes/no" and check.name in a.verdicts and check.name in b.verdicts
        if a.verdicts[check.name].value != b.verdicts[check.name].value
    )
    return Change(case_id, moved, a, b) if moved else None


def _same(a: Record, b: Record) -> bool:
    return case_digest(a.case) == case_digest(b.case)


def _notes(a: Run, b: Run) -> tuple[str, ...]:
    notes = []
    if a.stamp["machine"] != b.stamp["machine"]:
        notes.append("the runs are from different machines: times are not compared")
    if a.stamp["judge"] != b.stamp["judge"]:
        notes.append(f"the judges differ ({a.stamp['judge']}, {b.stamp['judge']}): what they judge is not comparable")
    unfinished = [run for run in (a, b) if len(run.records) < run.planned]
    notes += [f"{run.name} is unfinished: {len(run.records)} of {run.planned} records" for run in unfinished]
    return tuple(notes)
