"""How candidates stand: the rows of the searches, their weighted sum, and the votes that explain it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.postings import Floats
from index.types import Passage, Vote


@dataclass(frozen=True, slots=True)
class Row:
    """One search for one part of the question over all candidates: raw scores, and shares of the best.

    `part` 0 is the whole question; only the best of the other parts counts for a candidate.
    `all_scores` are those of everything that the search found, to tell ranks.
    """

    search: str
    part: int
    scores: Floats
    shares: Floats
    weight: float
    all_scores: Floats


@dataclass(frozen=True, slots=True)
class Standing:
    """Candidates with their rows; `questions` are the whole question and its parts."""

    passages: tuple[Passage, ...]
    questions: tuple[str, ...]
    rows: tuple[Row, ...]

    def best_part(self) -> tuple[Floats, "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
        """For each candidate the most that any part gives it, and which."""
        sums = np.zeros((len(self.questions), len(self.passages)), np.float32)
        for row in self.rows:
            if row.part:
                sums[row.part] += row.weight * row.shares
        return sums.max(axis=0), sums.argmax(axis=0)

    def totals(self) -> Floats:
        """What each candidate has in all."""
        whole = [row.weight * row.shares for row in self.rows if not row.part]
        totals: Floats = np.sum([self.best_part()[0], *whole], axis=0, dtype=np.float32)
        return totals

    def order(self, k: int) -> list[int]:
        """The k best candidates, ties by passage id."""
        totals = self.totals()
        best = sorted(range(len(self.passages)), key=lambda each: (-totals[each], self.passages[each].id))
        return best[:k]

    def found_by(self, candidate: int) -> tuple[str, ...]:
        """The searches that found a candidate, those of words and of meaning first."""
        searches = dict.fromkeys(row.search for row in self.rows if row.scores[candidate] > 0)
        return tuple(searches)

    def votes(self, candidates: Sequence[int]) -> tuple[tuple[Vote, ...], ...]:
        """The votes that count for each of some candidates."""
        chosen = self.best_part()[1]
        return tuple(
            tuple(
                _vote(row, self.questions[row.part], candidate)
                for row in self.rows
                if row.part in {0, chosen[candidate]} and row.scores[candidate] > 0
            )
            for candidate in candidates
        )


def _vote(row: Row, question: str, candidate: int) -> Vote:
    score = row.scores[candidate]
    rank = int((row.all_scores > score).sum()) + 1
    return Vote(row.search, question, rank, float(score), float(row.weight * row.shares[candidate]))
