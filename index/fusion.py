"""Several lists of scored passages into one: by weighted shares of each list's best score, or by ranks alone."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.postings import Floats


def shares(scores: Floats) -> Floats:
    """Each row of scores as shares of its best: 1 for the best, 0 for what was not found."""
    best = scores.max(axis=-1, keepdims=True, initial=0.0)
    of_best: Floats = np.divide(scores, best, out=np.zeros_like(scores), where=best > 0)
    return of_best


def shares_above_last(found: Sequence[tuple[str, float]]) -> dict[str, float]:
    """A list of (passage, similarity), best first, as shares: 1 for the first, next to nothing for the last.

    Cosines lie close together wherever they lie; what tells is how far one stands out among the nearest.
    """
    if not found:
        return {}
    best, last = found[0][1], found[-1][1]
    if best <= last:
        return {name: 1.0 for name, _ in found}
    return {name: max((score - last) / (best - last), 1e-3) for name, score in found}


def reciprocal_ranks(lists: Sequence[Sequence[str]], weights: Sequence[float] = (), k: int = 60) -> dict[str, float]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the sum of weight / (k + rank)."""
    scores: dict[str, float] = {}
    for weight, names in zip(weights or [1.0] * len(lists), lists, strict=True):
        for rank, name in enumerate(names, 1):
            scores[name] = scores.get(name, 0.0) + weight / (k + rank)
    return scores


def best_first(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Names by score, ties by name."""
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def top(scores: Floats, k: int) -> list[int]:
    """The numbers of the k highest scores above 0, best first, ties by number; on a tie at the end, all of it."""
    held = int(np.count_nonzero(scores > 0))
    k = min(k, held)
    if k < 1:
        return []
    least = np.partition(scores, -k)[-k]
    found = np.flatnonzero(scores >= max(least, np.finfo(np.float32).tiny))
    order = np.lexsort((found, -scores[found]))
    return [int(each) for each in found[order]]
