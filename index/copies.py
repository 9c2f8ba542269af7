"""Near-copies of one story: found by MinHash (Broder 1997), proven word by word, grouped around the earliest."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b, sha256

from index.types import Cluster

# 25 bands of 5: a pair with 7 of 10 shingles in common is a candidate 99 times of 100, one with 3 of 10 6 times.
_BANDS, _ROWS = 25, 5
_SHINGLE = 4
_ALIKE = 0.7
_FEWEST = 30
_FAR_TOO_FEW = 8
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"[^\W_]*\d\w*(?:[.,]\d\w*)*")


def bands(text: str) -> list[int]:
    """Keys of a text, one a band; two near-copies share at least one. A short text has the one key of its words,
    and one of hardly any words has none: that two say the same proves nothing.
    """
    words = _WORD.findall(text.casefold())
    if len(words) < _FAR_TOO_FEW:
        return []
    if len(words) < _FEWEST:
        return [_number(" ".join(words).encode("utf-8", "surrogatepass"))]
    from datasketch import MinHash

    sketch = MinHash(num_perm=_BANDS * _ROWS, seed=1)
    sketch.update_batch([each.encode("utf-8", "surrogatepass") for each in sorted(_shingles(words))])
    values = sketch.hashvalues
    return [_number(values[at : at + _ROWS].tobytes()) for at in range(0, _BANDS * _ROWS, _ROWS)]


def alike(one: str, other: str) -> bool:
    """Whether two texts tell one story in the same words and with the same figures.

    A figure of the shorter that the longer lacks makes it another story, or a correction of it: not a copy.
    """
    words = [_WORD.findall(text.casefold()) for text in (one, other)]
    if min(map(len, words)) < _FEWEST:
        return words[0] == words[1]
    shorter, longer = sorted((one, other), key=len)
    if not Counter(_FIGURE.findall(shorter)) <= Counter(_FIGURE.findall(longer)):
        return False
    here, there = map(_shingles, words)
    return len(here & there) >= _ALIKE * len(here | there)


def group(dates: Mapping[str, datetime | str | None], pairs: Collection[tuple[str, str]]) -> list[Cluster]:
    """Clusters in which every member is a copy of the lead itself; the earliest leads, unknown dates last, ties by id."""
    near: dict[str, set[str]] = {each: set() for each in dates}
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    free = sorted(dates, key=lambda each: (dates[each] is None, str(dates[each] or ""), each))
    clusters: list[Cluster] = []
    taken: set[str] = set()
    for lead in free:
        members = {lead, *(near[lead] - taken)}
        if lead in taken or len(members) < 2:
            continue
        taken |= members
        name = sha256(lead.encode()).hexdigest()[:16]
        clusters.append(Cluster(f"clu_{name}", tuple(sorted(members)), lead))
    return clusters


def _shingles(words: Sequence[str]) -> set[str]:
    return {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}


def _number(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
