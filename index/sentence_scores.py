"""The best sentence of each passage: BM25 of single sentences, so that words said together count for more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.postings import Floats
from index.terms import terms
from index.types import Passage

_K1 = 1.2
_B = 0.3
_MEAN_LENGTH = 21.0


@dataclass(frozen=True, slots=True)
class Said:
    """What passages say of a question.

    `best` (questions, passages) is the highest score of any sentence for each list of terms, `held` (passages, terms)
    is 1 where a passage has a term and else 0, `worth` (terms) is what each term weighs; the weights of all add up to 1.
    """

    best: Floats
    held: Floats
    worth: Floats


def sentence_scores(
    passages: Sequence[Passage], questions: Sequence[Sequence[str]], weights: Mapping[str, float]
) -> Said:
    """What each passage says of each list of terms, sentence by sentence."""
    wanted = {term: number for number, term in enumerate(dict.fromkeys(each for part in questions for each in part))}
    if not passages or not wanted:
        nothing = np.zeros((len(passages), len(wanted)), np.float32)
        return Said(np.zeros((len(questions), len(passages)), np.float32), nothing, nothing.sum(axis=0))
    counts, lengths, starts = _counted(passages, wanted)
    pull = _K1 * (1 - _B + _B * lengths / _MEAN_LENGTH)
    weight = np.asarray([weights.get(term, 0.0) for term in wanted], np.float32)
    gained = weight * counts * (_K1 + 1) / (counts + pull[:, None])
    asking = np.asarray([[term in part for term in wanted] for part in map(frozenset, questions)], np.float32)
    best: Floats = np.maximum.reduceat(gained @ asking.T, starts, axis=0).T.astype(np.float32)
    held: Floats = np.maximum.reduceat(np.minimum(counts, 1), starts, axis=0)
    return Said(best, held, weight / max(float(weight.sum()), 1e-9))


def _counted(passages: Sequence[Passage], wanted: Mapping[str, int]) -> tuple[Floats, Floats, list[int]]:
    """Counts of the wanted terms a sentence, its length in words, and where each passage's sentences start."""
    rows: list[int] = []
    columns: list[int] = []
    lengths: list[int] = []
    starts: list[int] = []
    for passage in passages:
        starts.append(len(lengths))
        for span in passage.sentences:
            said = terms(passage.text[span.start - passage.start : span.end - passage.start])
            here = [wanted[each] for each in said if each in wanted]
            rows += [len(lengths)] * len(here)
            columns += here
            lengths.append(len(said))
    counts = np.zeros((len(lengths), len(wanted)), np.float32)
    np.add.at(counts, (rows, columns), 1.0)
    return counts, np.asarray(lengths, np.float32), starts
