"""Which sentences answer: each is read on its own, and the model's yes and no compared (pointwise relevance).

See Qin et al., "Large Language Models are Effective Text Rankers", NAACL 2024 findings, for the family of methods. A small
model that is shown ten sentences takes one that is about the question; asked of one sentence alone whether it answers, it
can tell. Sentences are read a few at a time, the best by score first, and no more once one answers well.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from rag.asked import Asked, gives_what_is_asked
from rag.evidence import under_byline
from rag.judging import Judge
from rag.types import EvidenceSentence, Progress

FEW = 4
MOST = 8
WELL = 2.5
"""With a gap above this a sentence answers so clearly that no other is read."""
OTHER_KIND = 1.5
"""What a sentence loses that does not hold the sort of thing asked for: who, when, how many."""
SCORE = 2.0
"""Nats that a point of a sentence's score is worth beside its gap."""
BESIDE = 1.0
"""What is within so many nats of the best may say a part of the answer, or another one."""
KEPT = 3


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence and the gap, in nats, between yes and no on whether it answers; `fits` unless it lacks what is asked for."""

    sentence: EvidenceSentence
    gap: float
    fits: bool = True

    @property
    def worth(self) -> float:
        """What a sentence is ranked by."""
        return self.gap + SCORE * self.sentence.score - (0.0 if self.fits else OTHER_KIND)


def read_apart(
    judge: Judge, asked: Asked, evidence: Sequence[EvidenceSentence]
) -> Generator[Progress, None, list[Read]]:
    """The sentences that were read, best first, ties by number."""
    waiting = sorted(evidence, key=lambda each: (-each.score, each.number))[:MOST]
    found: list[Read] = []
    while waiting and not any(each.gap > WELL and each.fits for each in found):
        together, waiting = waiting[:FEW], waiting[FEW:]
        yield Progress(f"reading {len(found) + len(together)} sentences")
        gaps = judge.relevance_each([under_byline(each.article, each.text) for each in together], asked.question)
        found += [
            Read(each, gap, gives_what_is_asked(asked, each.text) is not False)
            for each, gap in zip(together, gaps, strict=True)
        ]
    return sorted(found, key=lambda each: (-each.worth, each.sentence.number))


def kept(read: Sequence[Read]) -> list[EvidenceSentence]:
    """Of sentences that were read, best first, those that an answer is written from, in reading order."""
    near = [each.sentence for each in read[:KEPT] if each.worth >= read[0].worth - BESIDE]
    return sorted(near, key=lambda each: each.number)
