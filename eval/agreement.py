"""How far two who label the same things agree, beyond chance."""

from collections import Counter
from collections.abc import Hashable, Sequence


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa (Cohen 1960): (agreed - expected) / (1 - expected); None without pairs, or where chance alone would agree."""
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(one == other for one, other in pairs) / n
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(count * others[label] for label, count in ones.items()) / n**2
    return None if expected == 1 else (agreed - expected) / (1 - expected)
