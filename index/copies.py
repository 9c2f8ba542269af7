"""Near-copies of one story: found by MinHash (Broder 1997), proven sentence by sentence, grouped around the earliest."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, sha256
from itertools import pairwise

from index.sentences import sentences
from index.types import Cluster

BANDS = 2
"""The way in which bands are made; keys made in different ways never meet."""

# 50 bands of 2: a pair with 3 of 10 shingles in common is a candidate 99 times of 100, one with 3 of 100 4 times.
_BANDS, _ROWS = 50, 2
# Of the words of both texts, and of two sentences. Copies with a third of their words replaced have more in common;
# two articles about one event had .38 at most (docs/log.md).
_ALIKE = 0.5
_FEWEST = 30
_FAR_TOO_FEW = 8
_IN_A_SENTENCE = 3
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"[^\W_]*\d\w*(?:[.,]\d\w*)*")
_DIGIT = re.compile(r"\d")


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
    telling = list(_telling(words))
    shingles = {f"{one} {other}" for one, other in pairwise(telling)} or set(words)
    sketch.update_batch([each.encode("utf-8", "surrogatepass") for each in sorted(shingles)])
    values = sketch.hashvalues
    return [_number(values[at : at + _ROWS].tobytes()) for at in range(0, _BANDS * _ROWS, _ROWS)]


def alike(one: str, other: str) -> bool:
    """Whether two texts tell one story in much the same sentences and with the same figures.

    A sentence that both have with another figure makes it another story, or a correction of it: not a copy.
    """
    words = [_WORD.findall(text.casefold()) for text in (one, other)]
    if min(map(len, words)) < _FEWEST:
        return words[0] == words[1]
    if _in_common(*(Counter(_telling(each)) for each in words)) < _ALIKE:
        return False
    here, there = (_told(text) for text in sorted((one, other)))
    shared = 0
    for mine, yours in _closest(here, there):
        if mine.contradicts(yours):
            return False
        both = (mine.words & yours.words).total()
        if both >= _IN_A_SENTENCE and 2 * both >= _ALIKE * (mine.length + yours.length):
            shared += both
    return 2 * shared >= _ALIKE * sum(each.length for each in (*here, *there))


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


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: Counter[str]
    figures: Counter[str]
    length: int

    def contradicts(self, other: "_Sentence") -> bool:
        """Whether the two say one thing, each with a figure that the other has not."""
        if not (self.figures - other.figures and other.figures - self.figures):
            return False
        plain, yours = (
            Counter({word: count for word, count in each.words.items() if not _DIGIT.search(word)})
            for each in (self, other)
        )
        return (plain & yours).total() > 1 and _in_common(plain, yours) >= _ALIKE


def _told(text: str) -> list[_Sentence]:
    told: list[_Sentence] = []
    for each in sentences(text):
        sentence = text[each.start : each.end]
        words = Counter(_telling(_WORD.findall(sentence.casefold())))
        if words:
            told.append(_Sentence(words, Counter(_FIGURE.findall(sentence)), words.total()))
    return told


def _closest(here: Sequence[_Sentence], there: Sequence[_Sentence]) -> Iterator[tuple[_Sentence, _Sentence]]:
    """The pairs of sentences that have more of their words in common than either has with any other; ties by place."""
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for yours, sentence in enumerate(there):
        for word in sentence.words:
            holding[word].append(yours)
    best: dict[int, tuple[float, int]] = {}
    best_there: dict[int, tuple[float, int]] = {}
    for mine, sentence in enumerate(here):
        shared: Counter[int] = Counter()
        for word, count in sentence.words.items():
            for yours in holding.get(word, ()):
                shared[yours] += min(count, there[yours].words[word])
        for yours, both in shared.items():
            share = 2 * both / (sentence.length + there[yours].length)
            best[mine] = max(best.get(mine, (0.0, 0)), (share, -yours))
            best_there[yours] = max(best_there.get(yours, (0.0, 0)), (share, -mine))
    for mine, (_, yours) in best.items():
        if best_there[-yours][1] == -mine:
            yield here[mine], there[-yours]


def _telling(words: Sequence[str]) -> Iterator[str]:
    """Words of four letters or more, and figures: short ones are in every text."""
    return (each for each in words if len(each) > 3 or _DIGIT.search(each))


def _in_common(one: Counter[str], other: Counter[str]) -> float:
    """The share of the words of both that they have in common (Dice 1945)."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _number(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
